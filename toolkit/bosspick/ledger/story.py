"""The story of an offer or of a session: every entry of the ledger about it, in the order of time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bosspick.ledger.database import Database
from bosspick.ledger.schema import AIR, CHOICES, PLANS, SHEETS, TALKS
from bosspick.ledger.store import Ledger

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STORY_COLUMNS", "story"]

STORY_COLUMNS = ("at", "session_id", "who", "what", "offer_id", "number", "note")
_TALK = {"agreed": "agreed at ¥{:,.2f} to the brand", "failed": "no deal", "reopened": "talk reopened"}
_CHOICE = {"lock": "locked into the ten", "ban": "banned from the ten", "free": "neither locked nor banned any more"}
_AIR = {
    "on": "on air", "off": "off air", "release": "stock release {:,.0f}", "price": "settled on air at ¥{:,.2f} to viewers",
    "units": "{:,.0f} units sold", "correction": "corrected on air", "taken back": "entry {:,.0f} of the show taken back",
    "swapped in": "stepped in on air", "dropped": "dropped on air",
}  # fmt: skip


def story(ledger: Ledger, session_id: str | None = None, offer_id: str | None = None) -> pd.DataFrame:
    """List every entry about an offer, a session, or all of them.

    Parameters
    ----------
    ledger
        The room's ledger.
    session_id, offer_id
        Only entries of this week, of this offer.

    Returns
    -------
    DataFrame
        Columns ``STORY_COLUMNS``: at (UTC), who, what in words, number (of a published lineup, for restoring), note.
    """
    import pandas as pd

    rows = [row for row in _entries(ledger) if session_id is None or row["session_id"] == session_id]
    if offer_id is not None:
        rows = [_of_offer(row, offer_id) for row in rows]
        rows = [row for row in rows if row["offer_id"] == offer_id]
    frame = pd.DataFrame(rows, columns=[*STORY_COLUMNS, "order"]).sort_values(["at", "order"], ignore_index=True)
    return frame[list(STORY_COLUMNS)].astype({"number": "Int64", "at": "datetime64[us]"})


def _entries(ledger: Ledger) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []

    def add(row: sa.RowMapping, what: str, order: tuple[int, int], **more: object) -> None:
        base = {"at": row["at"], "session_id": row["session_id"], "who": row["who"], "what": what, "offer_id": "",
                "number": None, "note": "", "order": order}  # fmt: skip
        found.append(base | more)

    with Database(ledger.url).reading() as connection:
        if connection is None:
            return []
        earlier: dict[str, set[str]] = {}
        for row in connection.execute(sa.select(PLANS).order_by(PLANS.c.id)).mappings():
            ids = set(json.loads(row["offer_ids"]))
            before = earlier.get(row["session_id"])
            earlier[row["session_id"]] = ids
            moved = "" if before is None else f": {len(ids - before)} in, {len(before - ids)} out"
            verb = "restored" if row["restores"] else "published"
            found_in = {"offers_in": ids if before is None else ids - before, "offers_out": (before or set()) - ids}
            add(row, f"{verb} {row['version']}{moved}", (0, row["id"]), number=row["id"], note=row["note"], **found_in)
        for row in connection.execute(sa.select(SHEETS)).mappings():
            add(row, f"sheet {row['name']} of {row['negotiator']} came back ({row['plan_version']})", (1, row["id"]))
        for row in connection.execute(sa.select(TALKS)).mappings():
            words = _TALK[row["outcome"]].format((row["brand_price_fen"] or 0) / 100)
            note = " · ".join(each for each in (row["note"], row["source"]) if each)
            add(row, words, (2, row["id"]), offer_id=row["offer_id"], note=note)
        for row in connection.execute(sa.select(CHOICES)).mappings():
            add(row, _CHOICE[row["choice"]], (3, row["id"]), offer_id=row["offer_id"], note=row["why"])
        for row in connection.execute(sa.select(AIR)).mappings():
            amount = (row["amount"] or 0) / (100 if row["event"] == "price" else 1)
            add(row, _AIR[row["event"]].format(amount), (4, row["id"]), offer_id=row["offer_id"], note=row["note"])
    return found


def _of_offer(row: dict[str, object], offer_id: str) -> dict[str, object]:
    """A published lineup seen from one offer: it came in, or it went out."""
    for name, words in (("offers_in", "into the ten with"), ("offers_out", "out of the ten with")):
        ids = row.get(name)
        if isinstance(ids, set) and offer_id in ids:
            return row | {"offer_id": offer_id, "what": f"{words} {str(row['what']).split()[1].rstrip(':')}"}
    return row
