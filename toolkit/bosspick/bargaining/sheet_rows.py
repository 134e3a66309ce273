"""The talks page as data: what each cell holds, computed once for the file, its cached figures and the way back."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from bosspick.bargaining.sheet_words import words_of
from bosspick.bargaining.targets import Targets
from bosspick.frames import records, rows_of
from bosspick.intake import Week
from bosspick.intake.raw import cell_text
from bosspick.lineup.plan import LineupPlan
from bosspick.lineup.pots import plannable_fen
from bosspick.tables import UNITS

__all__ = [
    "IN_TEN",
    "LOCKED",
    "SHEET_FORMAT",
    "STEADY",
    "Book",
    "TalkRow",
    "books_of",
    "changed_names",
    "fingerprint",
    "per_unit",
    "yuan",
]

#: Raised whenever a returned workbook of the earlier layout could be misread.
SHEET_FORMAT = 3
IN_TEN = "●"
#: Columns that hold what was sent out and must come back unchanged; figures by formula are not among them.
LOCKED = ("offer", "brand", "title", "in_ten", "turn", "per_hour", "hours", "opening", "first_ask", "target", "walk_away",
          "web_lowest", "subsidy", "units", "zone")  # fmt: skip
#: Those of them that do not hang on whom the talk plan would talk to.
STEADY = ("offer", "brand", "title", "in_ten", "hours", "opening", "web_lowest")
#: Letters of a cell's stamp: one change in a thousand could go unseen.
_STAMP = 2
#: Of each base unit: how much of it a price is given for, and how that is written.
_PER = {"ml": (100, "100ml"), "g": (100, "100g"), "m": (1, "m"), "piece": (1, "pc")}


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRow:
    """One offer of a negotiator's workbook.

    Attributes
    ----------
    offer_id
        The offer.
    target
        Its row of :attr:`bosspick.bargaining.Targets.frame`.
    brand_name
        Name of the brand; its id where the name is not known.
    locked
        Content of each of the ``LOCKED`` columns: text, a number (money in yuan), or None for an empty cell.
    content
        How many of ``per`` one unit holds, and ``per`` such as "100ml"; None where the spec is not stated.
    """

    offer_id: str
    target: Mapping[str, Any]
    brand_name: str
    locked: Mapping[str, str | float | None]
    content: tuple[float, str] | None

    @property
    def viewer_fen(self) -> int:
        """What a viewer pays at the target."""
        return int(self.target["target_fen"]) - int(self.target["target_subsidy_fen"])

    @property
    def subsidy_fen(self) -> int:
        """Platform subsidy of the planned units; counted while the offer is in the ten."""
        if not self.target["in_plan"]:
            return 0
        return int(self.target["expected_units"]) * int(self.target["target_subsidy_fen"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One negotiator's rows, the talk plan's first in their order, then by worth an hour; and the share of the platform's pot.

    ``share_fen`` is None without a pot.
    """

    negotiator: str
    rows: tuple[TalkRow, ...]
    share_fen: int | None


def books_of(week: Week, plan: LineupPlan, targets: Targets, *, lang: str = "en") -> list[Book]:
    """Split the targets by negotiator.

    Parameters
    ----------
    week, plan, targets
        The week, its lineup, and what to ask for.
    lang
        Language of the words in the cells.

    Returns
    -------
    list of Book
        Sorted by name; offers without a negotiator come under "unassigned". The platform's pot is shared in
        proportion to what the plan spends on each book's offers, equally where it spends nothing.
    """
    del plan
    words = words_of(lang)
    brands = week.table("brands").set_index("brand_id")["name"].to_dict()
    offers = rows_of(week.table("offers").set_index("offer_id"))
    # The same word in every language: the name is how a returned workbook finds its owner.
    frame = targets.frame.assign(_book=targets.frame["negotiator"].fillna("unassigned"))
    frame = frame.sort_values(["turn", "worth_per_hour", "in_plan", "offer_id"], ascending=[True, False, False, True])
    rows: dict[str, list[TalkRow]] = {}
    for target in records(frame):
        offer = offers[target["offer_id"]]
        brand = str(brands.get(target["brand_id"], target["brand_id"]))
        locked = _locked(target, brand, words)
        row = TalkRow(offer_id=target["offer_id"], target=target, brand_name=brand, locked=locked, content=per_unit(offer))
        rows.setdefault(str(target["_book"]), []).append(row)
    spent = {name: sum(row.subsidy_fen for row in book) for name, book in rows.items()}
    pot, total = plannable_fen(week, "platform"), sum(spent.values())
    shares = {name: int(pot * (Fraction(mine, total) if total else Fraction(1, len(spent)))) for name, mine in spent.items()}
    return [
        Book(negotiator=name, rows=tuple(rows[name]), share_fen=shares[name] if pot else None) for name in sorted(rows)
    ]  # fmt: skip


def _locked(target: Mapping[str, Any], brand: str, words: Mapping[str, str]) -> dict[str, str | float | None]:
    return {
        "offer": target["offer_id"],
        "brand": brand,
        "title": target["title"],
        "in_ten": IN_TEN if target["in_plan"] else None,
        "turn": None if pd.isna(target["turn"]) else float(target["turn"]),
        "per_hour": round(float(target["worth_per_hour"]), 2),
        "hours": float(target["talk_hours"]),
        "opening": yuan(target["opening_fen"]),
        "first_ask": yuan(target["anchor_fen"]),
        "target": yuan(target["target_fen"]),
        "walk_away": yuan(target["stop_fen"]),
        "web_lowest": yuan(target["web_lowest_fen"]),
        "subsidy": yuan(target["target_subsidy_fen"]),
        "units": float(target["expected_units"]),
        "zone": words[f"zone_{target['agreement_zone']}"],
    }


def fingerprint(cells: Mapping[str, Any]) -> str:
    """Stamp of a row's locked cells, as they are shown, a few letters a cell: one changed afterwards no longer fits its own.

    Examples
    --------
    >>> fingerprint({"offer": "O1", "target": 98.5}) == fingerprint({"offer": "O1", "target": 98.50, "zone": None})
    True
    """
    stamps = [hashlib.sha256(f"{name} {cell_text(cells.get(name))}".encode()).digest() for name in LOCKED]
    return "".join(base64.b32encode(stamp).decode()[:_STAMP].lower() for stamp in stamps)


def changed_names(check: str, cells: Mapping[str, Any]) -> list[str]:
    """Which locked cells no longer fit a row's stamp.

    Examples
    --------
    >>> changed_names(fingerprint({"offer": "O1", "target": 98.5}), {"offer": "O1", "target": 95})
    ['target']
    """
    now = fingerprint(cells)
    return [
        name for at, name in enumerate(LOCKED) if now[_STAMP * at : _STAMP * (at + 1)] != check[_STAMP * at : _STAMP * (at + 1)]
    ]


def per_unit(offer: Mapping[str, Any]) -> tuple[float, str] | None:
    """How many 100 g, 100 ml, metres or pieces one unit of an offer holds, and which; None where that is not stated.

    Examples
    --------
    >>> per_unit({"spec_amount": 0.5, "spec_unit": "l", "pack_count": 2})
    (10.0, '100ml')
    """
    if pd.isna(offer["spec_amount"]) or pd.isna(offer["spec_unit"]):
        return None
    base, factor = UNITS[str(offer["spec_unit"])]
    packs = 1 if pd.isna(offer["pack_count"]) else int(offer["pack_count"])
    amount, name = _PER[base]
    return float(offer["spec_amount"]) * factor * packs / amount, name


def yuan(fen: Any) -> float | None:
    """Fen as yuan for a cell; None where unknown."""
    return None if fen is None or pd.isna(fen) else int(fen) / 100
