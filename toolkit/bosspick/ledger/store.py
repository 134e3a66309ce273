"""The ledger: what was published, agreed and decided, in an SQL database, rows only ever added."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bosspick.errors import RoomError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Ledger"]

_META = sa.MetaData()
_PLANS = sa.Table(
    "plans",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("session_id", sa.String(16), nullable=False, index=True),
    sa.Column("version", sa.String(32), nullable=False),
    sa.Column("at", sa.DateTime, server_default=sa.func.current_timestamp(), nullable=False),
    sa.Column("who", sa.String(100), nullable=False),
    sa.Column("offer_ids", sa.Text, nullable=False),
)
_SETTLED = sa.Table(
    "settled",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("session_id", sa.String(16), nullable=False, index=True),
    sa.Column("offer_id", sa.String(100), nullable=False),
    sa.Column("brand_price_fen", sa.Integer, nullable=False),
    sa.Column("at", sa.DateTime, server_default=sa.func.current_timestamp(), nullable=False),
    sa.Column("who", sa.String(100), nullable=False),
    sa.CheckConstraint("brand_price_fen >= 0"),
)
_MATCHES = sa.Table(
    "matches",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("offer_title", sa.Text, nullable=False),
    sa.Column("quote_title", sa.Text, nullable=False),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("at", sa.DateTime, server_default=sa.func.current_timestamp(), nullable=False),
    sa.Column("who", sa.String(100), nullable=False),
    sa.CheckConstraint("decision in ('same', 'other', 'undecided')"),
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """One room's ledger.

    Parameters
    ----------
    url
        Database URL; see :meth:`of_room` for the usual SQLite file.
    """

    url: str

    @classmethod
    def of_room(cls, folder: Path) -> Ledger:
        """The SQLite ledger in a room's folder; nothing is created before something is written."""
        return cls(f"sqlite:///{folder / 'ledger.sqlite'}")

    def publish(self, session_id: str, version: str, offer_ids: list[str], *, who: str) -> None:
        """Record a published lineup."""
        row = {"session_id": session_id, "version": version, "who": who, "offer_ids": json.dumps(offer_ids)}
        self._add(_PLANS, row)

    def settle(self, session_id: str, offer_id: str, brand_price_fen: int, *, who: str) -> None:
        """Record an agreed brand price in fen; a later one replaces it without erasing it."""
        self._add(_SETTLED, {"session_id": session_id, "offer_id": offer_id, "brand_price_fen": brand_price_fen, "who": who})

    def published(self, session_id: str) -> tuple[str, ...]:
        """Offers of the last lineup published for a session; empty when there is none."""
        query = sa.select(_PLANS.c.offer_ids).where(_PLANS.c.session_id == session_id).order_by(_PLANS.c.id.desc()).limit(1)
        rows = self._rows(query)
        return tuple(json.loads(rows[0]["offer_ids"])) if rows else ()

    def settled(self, session_id: str) -> dict[str, int]:
        """Agreed brand prices of a session, fen by offer, the last entry of each."""
        query = sa.select(_SETTLED.c.offer_id, _SETTLED.c.brand_price_fen)
        query = query.where(_SETTLED.c.session_id == session_id).order_by(_SETTLED.c.id)
        return {row["offer_id"]: row["brand_price_fen"] for row in self._rows(query)}

    def record_match(self, offer_title: str, quote_title: str, decision: str, *, who: str) -> None:
        """Record whether two titles name the same product: ``same``, ``other``, or ``undecided`` to take it back."""
        self._add(_MATCHES, {"offer_title": offer_title, "quote_title": quote_title, "decision": decision, "who": who})

    def match_decisions(self) -> pd.DataFrame:
        """All decisions about titles in the order they were made; empty when there is none.

        Columns offer_title, quote_title, decision (``same``, ``other`` or ``undecided``), decided_at (UTC, without
        offset) and decided_by: what :func:`bosspick.screening.matching.match_titles` takes.
        """
        import pandas as pd

        query = sa.select(
            _MATCHES.c.offer_title, _MATCHES.c.quote_title, _MATCHES.c.decision,
            _MATCHES.c.at.label("decided_at"), _MATCHES.c.who.label("decided_by"),
        )  # fmt: skip
        rows = [tuple(row.values()) for row in self._rows(query.order_by(_MATCHES.c.id), _MATCHES)]
        frame = pd.DataFrame(rows, columns=["offer_title", "quote_title", "decision", "decided_at", "decided_by"])
        texts = dict.fromkeys(("offer_title", "quote_title", "decision", "decided_by"), "str")
        return frame.astype({**texts, "decided_at": "datetime64[us]"})

    def _exists(self) -> bool:
        database = sa.make_url(self.url).database
        return not self.url.startswith("sqlite") or (database is not None and Path(database).is_file())

    def _rows(self, query: sa.Select[Any], table: sa.Table | None = None) -> list[Any]:
        if not self._exists():
            return []
        engine = sa.create_engine(self.url)
        try:
            # A ledger begun by an earlier version has no such table until something is written to it.
            if table is not None and not sa.inspect(engine).has_table(table.name):
                return []
            with engine.connect() as connection:
                return list(connection.execute(query).mappings())
        except sa.exc.SQLAlchemyError as error:
            raise RoomError(f"the ledger cannot be read: {error.__cause__ or error}", where=self._shown()) from error
        finally:
            engine.dispose()

    def _add(self, table: sa.Table, row: dict[str, Any]) -> None:
        engine = sa.create_engine(self.url)
        try:
            _META.create_all(engine)
            with engine.begin() as connection:
                connection.execute(table.insert().values(**row))
        except sa.exc.SQLAlchemyError as error:
            raise RoomError(
                f"the ledger cannot be written: {error.__cause__ or error}",
                where=self._shown(),
                hint="check that the room folder is writable and nobody else holds the file",
            ) from error
        finally:
            engine.dispose()

    def _shown(self) -> str:
        return sa.make_url(self.url).render_as_string(hide_password=True)
