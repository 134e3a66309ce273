"""What the plan moves against the lineup that was published last: in the open what viewers see, the rest confidential."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.language import marked
from bosspick.briefing.rows import by_offer, whole
from bosspick.frames import records

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["Against", "Move", "against_published"]

#: Why an item goes that nobody offers any more: no rule and no price has to do with it.
_WITHDRAWN = marked("no longer among this week’s offers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One item that came, went, or changed its price; money in fen, None where the item was or is not in the ten.

    ``withdrawn`` says that it is no longer among the week's offers; its title is empty where nothing has kept it.
    ``brand_before_fen``, ``brand_now_fen`` and ``why`` are confidential.
    """

    move: str
    offer_id: str
    title: str
    withdrawn: bool
    air_before_fen: int | None
    air_now_fen: int | None
    brand_before_fen: int | None
    brand_now_fen: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """The lineup published last and what the plan moves against it; ``number`` counts the session's versions."""

    number: int
    version: str
    at: datetime
    who: str
    moves: tuple[Move, ...]
    kept: int


def against_published(stage: Stage) -> Against | None:
    """Compare with the last published lineup; None where none was published."""
    from bosspick.ledger import Ledger
    from bosspick.ledger.moves import moves

    week, plan = stage.week, stage.plan
    if not stage.standing.published:
        return None
    versions = Ledger.of_room(week.room).versions(week.session_id)
    if versions.empty:
        return None
    last = records(versions)[-1]
    document: dict[str, Any] = last["document"]
    then = {str(row["offer_id"]): row for row in document.get("lineup", [])}
    now = by_offer(plan.chosen)
    titles = {offer: str(row["title"]) for offer, row in by_offer(week.table("offers")).items()}
    screened = by_offer(stage.screening.offers)
    blocking = {offer: str(row["blocking"]) for offer, row in screened.items() if row["blocking"]}
    found = [
        Move(
            move=str(row["move"]),
            offer_id=offer,
            title=titles.get(offer) or str(then.get(offer, {}).get("title") or ""),
            withdrawn=offer not in titles,
            air_before_fen=whole(then.get(offer, {}).get("viewer_price")),
            air_now_fen=whole(now.get(offer, {}).get("viewer_price_fen")),
            brand_before_fen=whole(row["before_fen"]),
            brand_now_fen=whole(row["now_fen"]),
            why=stage.language.told(row["why"]) if offer in titles else stage.language.gettext(_WITHDRAWN),
        )
        for row in records(moves(document, plan, stage.standing, blocking=blocking))
        for offer in [str(row["offer_id"])]
    ]
    at = pd.Timestamp(last["at"]).tz_localize("UTC").tz_convert(week.policy.room.timezone).to_pydatetime()
    return Against(number=len(versions), version=str(last["version"]), at=at, who=str(last["who"]), moves=tuple(found),
                   kept=len(then.keys() & now.keys()))  # fmt: skip
