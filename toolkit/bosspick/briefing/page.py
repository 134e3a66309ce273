"""The briefing page and the host cards of one planned week, as files that open anywhere and load nothing."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bosspick.briefing import figures
from bosspick.briefing.against import against_published
from bosspick.briefing.cards import write_cards
from bosspick.briefing.confidential import money_of, talk_board_of
from bosspick.briefing.coverage import coverage_of
from bosspick.briefing.items import Item, items_of
from bosspick.briefing.render import plain_json, render
from bosspick.briefing.risks import Risk, headline_of, list_risks
from bosspick.briefing.rows import by_offer
from bosspick.briefing.rundown_figure import rundown_picture
from bosspick.briefing.sections import (
    OUTCOMES,
    bench_of,
    funnel_of,
    group_risks,
    pots_of,
    rules_of,
    talks_of,
    totals_of,
)

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["page_values", "write_pages"]


def write_pages(stage: Stage, folder: Path) -> None:
    """Write ``briefing.html`` and ``cards/*.html``.

    The same plan gives the same bytes: nothing on a page comes from a clock or a random number.

    Parameters
    ----------
    stage
        The run, with its plan, targets and rundown.
    folder
        Where the files go; made if missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    items = items_of(stage)
    (folder / "briefing.html").write_text(
        render("briefing/page.html", stage.language, **page_values(stage, items)), encoding="utf-8"
    )
    write_cards(stage, items, folder / "cards")


def page_values(stage: Stage, items: list[Item]) -> dict[str, Any]:
    """Everything the page's template shows, by name.

    Parameters
    ----------
    stage
        The run.
    items
        The planned items; see :func:`bosspick.briefing.items.items_of`.
    """
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    week, plan = stage.week, stage.plan
    risks, talks = list_risks(stage), talks_of(stage)
    return {
        "room": week.policy.room,
        "policy": week.policy,
        "session": week.session_id,
        "version": plan.version,
        "starts_at": week.starts_at,
        "as_of": week.as_of,
        "headline": headline_of(stage),
        "result": plan.result,
        "outcome": stage.language.gettext(OUTCOMES[plan.result.outcome.value]),
        "items": items,
        "talks": talks,
        "totals": totals_of(items),
        "funnel": funnel_of(stage),
        "pots": pots_of(stage),
        "bench": bench_of(stage, items),
        "coverage": coverage_of(stage, items),
        "against": against_published(stage),
        "board": talk_board_of(stage),
        "money": money_of(stage),
        "shared_bench": _shared_bench(items),
        "rules": rules_of(stage),
        "open_risks": group_risks([risk for risk in risks if not risk.confidential]),
        "closed_risks": group_risks([risk for risk in risks if risk.confidential]),
        "risks_by_offer": _by_offer(risks),
        "slots": {item.offer_id: item for item in items},
        "breaches": [stage.language.told(breach) for breach in stage.rundown.breaches],
        "changes": [stage.language.told(change) for change in stage.rundown.changes],
        "values": _values(stage, items),
        "figures": _figures(stage),
        "priors": sum(talk.floor_is_prior for talk in talks.values()),
        "rests_on_prior": [item.slot for item in items if item.basis.startswith("prior")],
        "reference_days": week.policy.reference_rule_in_force().days,
        # The library's own text, once: the only script of the page that this project did not write.
        "plotly": Markup(get_plotlyjs()),  # noqa: S704
        "plotly_config": Markup(plain_json(json.dumps(figures.CONFIG))),  # noqa: S704
    }


def _figures(stage: Stage) -> dict[str, Any]:
    from markupsafe import Markup

    opening = stage.week.table("offers").set_index("offer_id")["opening_price_fen"]
    order = {str(offer): int(slot) for offer, slot in stage.rundown.slots[["offer_id", "slot"]].itertuples(index=False)}
    language = stage.language
    drawn = {
        "price": figures.price_picture(stage.plan, opening, order=order, language=language),
        "value": figures.value_parts(stage.plan, order=order, language=language),
        "rundown": rundown_picture(stage.rundown, language=language),
    }
    # Escaped for a script element by plain_json, which is what Markup asserts.
    return {name: Markup(plain_json(figure.to_json())) for name, figure in drawn.items()}  # noqa: S704


def _values(stage: Stage, items: list[Item]) -> list[dict[str, Any]]:
    """The rows behind the value figure, in the order of the show; yuan-equivalents."""
    rows = by_offer(stage.plan.chosen)
    shown = [(name, label) for name, (label, _) in figures.PARTS.items() if stage.plan.chosen[name].abs().sum() > 0]
    return [
        {
            "item": item,
            "parts": [(stage.language.gettext(label), float(rows[item.offer_id][name])) for name, label in shown],
            "agreed": float(rows[item.offer_id]["agreed_value"]),
            "expected": float(rows[item.offer_id]["value"]),
        }
        for item in items
    ]


def _by_offer(risks: list[Risk]) -> dict[str, list[Risk]]:
    found: dict[str, list[Risk]] = {}
    for risk in risks:
        found.setdefault(risk.offer_id, []).append(risk)
    return found


def _shared_bench(items: list[Item]) -> dict[str, int]:
    """How many of the ten each bench item stands in for, where it is more than one."""
    counts = Counter(item.stand_in.offer_id for item in items if item.stand_in)
    return {offer: number for offer, number in sorted(counts.items()) if number > 1}
