"""The host cards and the control desk's sheet: paper for the set, with nothing confidential on it.

They are made from :class:`bosspick.briefing.items.Item`, which holds no floor, target, walk-away or chance. The price
on air and the subsidy never stand on the same card: together they would tell what the brand is paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bosspick.briefing.items import Item
from bosspick.briefing.render import render
from bosspick.briefing.sections import pots_of

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["CARDS", "Sum", "sums_of", "write_cards"]

#: File name and template of each card.
CARDS = {
    "subsidy-host": "Subsidy host",
    "bargain-host": "Bargain host",
    "product-host": "Product host",
    "control-desk": "Control desk",
}
_ROUND_UNITS = (1, 100, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """One line for the calculator: units and what viewers save together, fen."""

    units: int
    words: str
    saving_fen: int


def write_cards(stage: Stage, items: list[Item], folder: Path) -> None:
    """Write one file a host, one card a page, and the control desk's table.

    Parameters
    ----------
    stage
        The run.
    items
        The planned items in the order of the show.
    folder
        Where the files go; made if missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    week = stage.week
    values: dict[str, Any] = {
        "room": week.policy.room,
        "session": week.session_id,
        "version": stage.plan.version,
        "starts_at": week.starts_at,
        "items": items,
        "pots": pots_of(stage),
        "breaches": stage.rundown.breaches,
        "sums": {item.offer_id: sums_of(item) for item in items},
        "score_min": week.policy.screening.store_score_min,
    }
    for name, title in CARDS.items():
        (folder / f"{name}.html").write_text(render(f"cards/{name}.html", card=title, **values), encoding="utf-8")


def sums_of(item: Item) -> list[Sum]:
    """What viewers save together for round numbers of units, the expected units and all units released.

    Empty where the web-lowest is not known.
    """
    saving = item.saving_fen
    if saving is None:
        return []
    rows = [(units, "") for units in _ROUND_UNITS if units < item.units]
    rows += [(item.units, "expected"), (item.planned_units, "all released")]
    return [Sum(units=units, words=words, saving_fen=units * saving) for units, words in rows]
