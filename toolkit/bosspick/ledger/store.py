"""The ledger: what was published, agreed and decided, by whom and when; rows are only ever added."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from bosspick.errors import InputError
from bosspick.ledger.database import Database
from bosspick.ledger.schema import AIR, CHOICES, DRAFTS, MATCHES, PLANS, SHEETS, TALKS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LEDGER_VARIABLE", "Ledger", "Sheet", "Talk"]

#: Environment variable with the URL of a team's ledger, such as a PostgreSQL database.
LEDGER_VARIABLE = "BOSSPICK_LEDGER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """How a talk ended: agreed at a brand price in fen, failed, or reopened, which takes back what was said before."""

    session_id: str
    offer_id: str
    outcome: Literal["agreed", "failed", "reopened"]
    brand_price_fen: int | None = None
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A workbook that came back."""

    session_id: str
    sha256: str
    name: str
    negotiator: str
    plan_version: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """One room's ledger.

    Parameters
    ----------
    url
        Database URL; see :meth:`of_room` for the usual one.
    """

    url: str

    @classmethod
    def of_room(cls, folder: Path) -> Ledger:
        """The ledger of a room: ``$BOSSPICK_LEDGER`` if set, else a SQLite file in its folder.

        Nothing is created before something is written.
        """
        return cls(os.environ.get(LEDGER_VARIABLE) or f"sqlite:///{folder / 'ledger.sqlite'}")

    def publish(
        self,
        session_id: str,
        version: str,
        offer_ids: Sequence[str],
        *,
        who: str,
        document: Mapping[str, Any] | None = None,
        note: str = "",
    ) -> int:
        """Record a published lineup.

        Parameters
        ----------
        session_id, version
            Week and stamp of the plan.
        offer_ids
            The ten.
        who, note
            Who published, and why.
        document
            What was published, as JSON can hold it; see :func:`bosspick.ledger.published_document`.

        Returns
        -------
        int
            Number of the entry, for :meth:`restore`.
        """
        row = {"session_id": session_id, "version": version, "offer_ids": json.dumps(list(offer_ids)),
               "document": json.dumps(dict(document or {}), ensure_ascii=False), "note": note}  # fmt: skip
        return self._add(PLANS, [row], who)[0]

    def restore(self, session_id: str, number: int, *, who: str) -> str:
        """Publish an earlier lineup again, as a new entry; returns its version.

        Raises
        ------
        InputError
            The session has no such entry.
        """
        rows = self._rows(sa.select(PLANS).where(PLANS.c.session_id == session_id, PLANS.c.id == number))
        if not rows:
            known = [str(row["id"]) for row in self._rows(sa.select(PLANS.c.id).where(PLANS.c.session_id == session_id))]
            raise InputError(
                f"{session_id} has no published lineup number {number}", where=Database(self.url).shown,
                hint=f"it has {', '.join(known)}" if known else "nothing was published for it yet",
            )  # fmt: skip
        kept = {name: rows[0][name] for name in ("session_id", "version", "offer_ids", "document")}
        self._add(PLANS, [kept | {"note": f"number {number} again", "restores": number}], who)
        return str(kept["version"])

    def published(self, session_id: str) -> tuple[str, ...]:
        """Offers of the last lineup published for a session; empty when there is none."""
        query = sa.select(PLANS.c.offer_ids).where(PLANS.c.session_id == session_id).order_by(PLANS.c.id.desc()).limit(1)
        rows = self._rows(query)
        return tuple(json.loads(rows[0]["offer_ids"])) if rows else ()

    def published_before(self, session_id: str) -> tuple[str, ...]:
        """Earlier sessions a lineup was published for, in order."""
        query = sa.select(PLANS.c.session_id).where(PLANS.c.session_id < session_id).distinct().order_by(PLANS.c.session_id)
        return tuple(str(row["session_id"]) for row in self._rows(query))

    def versions(self, session_id: str) -> pd.DataFrame:
        """Every published lineup of a session in order.

        Columns: number, version, offer_ids (tuple), document (dict), note, restores (Int64), at (UTC), who.
        """
        import pandas as pd

        query = sa.select(PLANS).where(PLANS.c.session_id == session_id).order_by(PLANS.c.id)
        rows = [
            {"number": row["id"], "version": row["version"], "offer_ids": tuple(json.loads(row["offer_ids"])),
             "document": json.loads(row["document"]), "note": row["note"], "restores": row["restores"], "at": row["at"],
             "who": row["who"]}
            for row in self._rows(query)
        ]  # fmt: skip
        columns = ["number", "version", "offer_ids", "document", "note", "restores", "at", "who"]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype({"number": "int64", "restores": "Int64", "at": "datetime64[us]"})

    def record_talks(self, talks: Sequence[Talk], *, who: str, sheet: Sheet | None = None) -> bool:
        """Record how talks ended, all of them or none.

        Parameters
        ----------
        talks
            The entries, in order.
        who
            Who enters them.
        sheet
            The workbook they come from.

        Returns
        -------
        bool
            False when that workbook was recorded before; nothing is written then.
        """
        rows, who = [asdict(talk) for talk in talks], _somebody(who)
        with Database(self.url).writing() as connection:
            now = _now()
            if sheet is not None:
                known = connection.execute(sa.select(SHEETS.c.id).where(SHEETS.c.sha256 == sheet.sha256)).first()
                if known is not None:
                    return False
                connection.execute(SHEETS.insert().values(**asdict(sheet), at=now, who=who))
            if rows:
                connection.execute(TALKS.insert(), [row | {"at": now, "who": who} for row in rows])
        return True

    def settle(self, session_id: str, offer_id: str, brand_price_fen: int, *, who: str) -> None:
        """Record an agreed brand price in fen; a later one replaces it without erasing it."""
        talk = Talk(session_id=session_id, offer_id=offer_id, outcome="agreed", brand_price_fen=brand_price_fen)
        self.record_talks([talk], who=who)

    def talks(self, session_id: str) -> pd.DataFrame:
        """How the talk of each offer stands: its last entry.

        Columns: offer_id, outcome, brand_price_fen (Int64), note, source, at (UTC), who.
        """
        import pandas as pd

        columns = ["offer_id", "outcome", "brand_price_fen", "note", "source", "at", "who"]
        query = sa.select(*(TALKS.c[name] for name in columns)).where(TALKS.c.session_id == session_id).order_by(TALKS.c.id)
        frame = pd.DataFrame([dict(row) for row in self._rows(query)], columns=columns)
        frame = frame.astype({"brand_price_fen": "Int64", "at": "datetime64[us]"})
        return frame.drop_duplicates("offer_id", keep="last").sort_values("offer_id", ignore_index=True)

    def settled(self, session_id: str) -> dict[str, int]:
        """Agreed brand prices of a session, fen by offer."""
        return agreed_prices(self.talks(session_id))

    def failed(self, session_id: str) -> tuple[str, ...]:
        """Offers whose talk failed: their opening price is all there is."""
        return failed_talks(self.talks(session_id))

    def sheets(self, session_id: str) -> frozenset[str]:
        """SHA-256 of every workbook that came back for a session."""
        return frozenset(
            str(row["sha256"]) for row in self._rows(sa.select(SHEETS.c.sha256).where(SHEETS.c.session_id == session_id))
        )

    def choose(self, session_id: str, choices: Mapping[str, str], *, who: str, why: str = "") -> None:
        """Record a producer's choices: ``lock``, ``ban`` or ``free`` by offer."""
        rows = [{"session_id": session_id, "offer_id": offer, "choice": word, "why": why} for offer, word in choices.items()]
        if rows:
            self._add(CHOICES, rows, who)

    def choices(self, session_id: str) -> dict[str, str]:
        """``lock`` or ``ban`` by offer, as it stands."""
        query = sa.select(CHOICES.c.offer_id, CHOICES.c.choice).where(CHOICES.c.session_id == session_id)
        last = {row["offer_id"]: row["choice"] for row in self._rows(query.order_by(CHOICES.c.id))}
        return {offer: choice for offer, choice in last.items() if choice != "free"}

    def save_draft(self, session_id: str, state: Mapping[str, Any], *, who: str) -> None:
        """Keep what stands on a desk, so that a restarted kernel loses nothing."""
        self._add(DRAFTS, [{"session_id": session_id, "state": json.dumps(dict(state), ensure_ascii=False)}], who)

    def draft(self, session_id: str) -> dict[str, Any] | None:
        """What stood last on a session's desk; None when nothing was kept."""
        query = sa.select(DRAFTS.c.state).where(DRAFTS.c.session_id == session_id).order_by(DRAFTS.c.id.desc()).limit(1)
        rows = self._rows(query)
        return dict(json.loads(rows[0]["state"])) if rows else None

    def record_air(
        self, session_id: str, offer_id: str, event: str, *, who: str, amount: int | None = None, note: str = ""
    ) -> None:
        """Record what happened on air.

        The event is ``on``, ``off``, ``release``, ``price`` (amount in fen), ``units``, ``correction``, ``taken back`` (amount:
        which entry of the session), ``swapped in`` or ``dropped``.
        """
        row = {"session_id": session_id, "offer_id": offer_id, "event": event, "amount": amount, "note": note}
        self._add(AIR, [row], who)

    def air(self, session_id: str) -> pd.DataFrame:
        """Everything that happened on air, in order: offer_id, event, amount (Int64), note, at (UTC), who."""
        import pandas as pd

        columns = ["offer_id", "event", "amount", "note", "at", "who"]
        query = sa.select(*(AIR.c[name] for name in columns)).where(AIR.c.session_id == session_id).order_by(AIR.c.id)
        frame = pd.DataFrame([dict(row) for row in self._rows(query)], columns=columns)
        return frame.astype({"amount": "Int64", "at": "datetime64[us]"})

    def record_match(self, offer_title: str, quote_title: str, decision: str, *, who: str) -> None:
        """Record whether two titles name the same product: ``same``, ``other``, or ``undecided`` to take it back."""
        self._add(MATCHES, [{"offer_title": offer_title, "quote_title": quote_title, "decision": decision}], who)

    def match_decisions(self) -> pd.DataFrame:
        """All decisions about titles in the order they were made; empty when there is none.

        Columns offer_title, quote_title, decision (``same``, ``other`` or ``undecided``), decided_at (UTC, without
        offset) and decided_by: what :func:`bosspick.screening.matching.match_titles` takes.
        """
        import pandas as pd

        columns = {"offer_title": "offer_title", "quote_title": "quote_title", "decision": "decision", "at": "decided_at",
                   "who": "decided_by"}  # fmt: skip
        query = sa.select(*(MATCHES.c[name].label(label) for name, label in columns.items())).order_by(MATCHES.c.id)
        frame = pd.DataFrame([dict(row) for row in self._rows(query)], columns=list(columns.values()))
        texts = dict.fromkeys(("offer_title", "quote_title", "decision", "decided_by"), "str")
        return frame.astype({**texts, "decided_at": "datetime64[us]"})

    def _rows(self, query: sa.Select[Any]) -> list[sa.RowMapping]:
        with Database(self.url).reading() as connection:
            return [] if connection is None else list(connection.execute(query).mappings())

    def _add(self, table: sa.Table, rows: Sequence[Mapping[str, Any]], who: str) -> list[int]:
        who = _somebody(who)
        with Database(self.url).writing() as connection:
            now = _now()
            added = [connection.execute(table.insert().values(**row, at=now, who=who)) for row in rows]
            return [int(result.inserted_primary_key[0]) for result in added if result.inserted_primary_key]


def agreed_prices(talks: pd.DataFrame) -> dict[str, int]:
    """Agreed brand prices, fen by offer, of how talks stand; see :meth:`Ledger.talks`."""
    agreed = talks[talks["outcome"] == "agreed"]
    return {str(offer): int(price) for offer, price in zip(agreed["offer_id"], agreed["brand_price_fen"], strict=True)}


def failed_talks(talks: pd.DataFrame) -> tuple[str, ...]:
    """Offers whose talk failed, of how talks stand."""
    return tuple(talks.loc[talks["outcome"] == "failed", "offer_id"].astype(str))


def _somebody(who: str) -> str:
    """The name under which something is entered, which nobody can mend afterwards."""
    if not who.strip():
        raise InputError("nobody is named", where="who", hint="say who enters it: the ledger keeps it for good")
    return who.strip()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
