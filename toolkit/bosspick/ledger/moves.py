"""What a new lineup moves against the published one, each move with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bosspick.ledger.standing import Standing

if TYPE_CHECKING:
    import pandas as pd

    from bosspick.lineup.plan import LineupPlan

__all__ = ["MOVE_COLUMNS", "moves", "published_document"]

MOVE_COLUMNS = ("move", "offer_id", "title", "before_fen", "now_fen", "why")


def published_document(plan: LineupPlan) -> dict[str, Any]:
    """What of a plan is kept when it is published: money in fen.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    dict
        ``lineup``: a mapping an item with offer_id, option_id, brand_price, subsidy, viewer_price and value;
        ``bench``: offer ids in order; ``steps_in``: by offer of the ten who replaces it.
    """
    from bosspick.frames import records

    lineup = [
        {"offer_id": row["offer_id"], "option_id": row["option_id"], "brand_price": int(row["brand_price_fen"]),
         "subsidy": int(row["subsidy_step_fen"]), "viewer_price": int(row["viewer_price_fen"]), "value": float(row["value"])}
        for row in records(plan.chosen)
    ]  # fmt: skip
    bench = records(plan.bench)
    return {
        "lineup": lineup,
        "bench": [row["offer_id"] for row in bench],
        "steps_in": {out: row["offer_id"] for row in bench for out in row.get("option_by_offer", {})},
    }


def moves(
    before: Mapping[str, Any], plan: LineupPlan, standing: Standing, *, blocking: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """List what a new plan moves, and why.

    Parameters
    ----------
    before
        The published document; see :func:`published_document`.
    plan
        The new plan.
    standing
        What was agreed, failed and chosen meanwhile.
    blocking
        Reason codes of offers the screen keeps off the air, by offer.

    Returns
    -------
    DataFrame
        Columns ``MOVE_COLUMNS``: move (``out``, ``in`` or ``price``), prices to the brand in fen, and the reason in
        words; those out first.
    """
    import pandas as pd

    from bosspick.frames import records

    then = {row["offer_id"]: row for row in before.get("lineup", [])}
    now = {row["offer_id"]: row for row in records(plan.chosen)}
    titles = plan.options.drop_duplicates("offer_id").set_index("offer_id")["title"].to_dict()
    for_whom = {into: out for out, into in before.get("steps_in", {}).items() if out in then and out not in now}
    rows = []
    for offer in sorted(then.keys() - now.keys()):
        why = _why_out(offer, plan, standing, blocking or {})
        rows.append({"move": "out", "offer_id": offer, "before_fen": then[offer]["brand_price"], "now_fen": None, "why": why})
    for offer in sorted(now.keys() - then.keys()):
        why = _why_in(offer, before, standing, for_whom)
        price = int(now[offer]["brand_price_fen"])
        rows.append({"move": "in", "offer_id": offer, "before_fen": None, "now_fen": price, "why": why})
    for offer in sorted(then.keys() & now.keys()):
        old, new = then[offer]["brand_price"], int(now[offer]["brand_price_fen"])
        if old != new:
            why = _why_price(offer, old, new, standing)
            rows.append({"move": "price", "offer_id": offer, "before_fen": old, "now_fen": new, "why": why})
    frame = pd.DataFrame([row | {"title": titles.get(row["offer_id"], "")} for row in rows], columns=list(MOVE_COLUMNS))
    return frame.astype({"before_fen": "Int64", "now_fen": "Int64"})


def _why_out(offer: str, plan: LineupPlan, standing: Standing, blocking: Mapping[str, str]) -> str:
    airable = bool((plan.options["offer_id"] == offer).any())
    if standing.choices.get(offer) == "ban":
        return "banned by the producer"
    if blocking.get(offer) and not airable:
        return f"the screen keeps it off the air: {blocking[offer]}"
    if offer in standing.failed:
        end = "others are worth more" if airable else "the screen does not pass it"
        return f"its talk failed, and at its opening price {end}"
    if offer in standing.settled:
        price = f"agreed at ¥{standing.settled[offer] / 100:,.2f}"
        return f"{price}: others are worth more" if airable else f"{price}: too high for the screen at any subsidy"
    return "others are worth more now" if airable else "it has no price left at which it may air"


def _why_in(offer: str, before: Mapping[str, Any], standing: Standing, for_whom: Mapping[str, str]) -> str:
    if standing.choices.get(offer) == "lock":
        return "locked by the producer"
    parts = []
    if offer in standing.settled:
        parts.append(f"agreed at ¥{standing.settled[offer] / 100:,.2f}")
    if offer in for_whom:
        parts.append(f"from the bench for {for_whom[offer]}")
    elif offer in before.get("bench", []):
        parts.append(f"from the bench, place {before['bench'].index(offer) + 1}")
    return ", ".join(parts) or "worth more than what left"


def _why_price(offer: str, old: int, new: int, standing: Standing) -> str:
    if offer in standing.settled:
        way = "above" if new > old else "below"
        return f"agreed, ¥{abs(new - old) / 100:,.2f} {way} what was aimed at"
    if offer in standing.failed:
        return "its talk failed: the opening price holds"
    return "another aim is worth more now"
