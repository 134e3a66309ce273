"""The ledger's tables: rows are only ever added, and the database itself refuses anything else."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

__all__ = ["AIR", "CHOICES", "DRAFTS", "HEAD", "MATCHES", "PLANS", "SHEETS", "TABLES", "TALKS", "append_only"]

#: Newest revision of the schema; the last file of ``migrations/versions``.
HEAD = "0002"
_META = sa.MetaData()


def _table(name: str, *columns: sa.Column[Any] | sa.CheckConstraint) -> sa.Table:
    """A table whose every row says when it was written (UTC, without offset) and by whom."""
    return sa.Table(
        name,
        _META,
        sa.Column("id", sa.Integer, primary_key=True),
        *columns,
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("who", sa.String(100), nullable=False),
    )


def _session() -> sa.Column[str]:
    return sa.Column("session_id", sa.String(16), nullable=False, index=True)


def _offer() -> sa.Column[str]:
    return sa.Column("offer_id", sa.String(100), nullable=False)


def _note(name: str = "note") -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


#: Published lineups; ``document`` is the JSON of what was published, ``restores`` the row a restored one repeats.
PLANS = _table(
    "plans",
    _session(),
    sa.Column("version", sa.String(32), nullable=False),
    sa.Column("offer_ids", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False, server_default="{}"),
    _note(),
    sa.Column("restores", sa.Integer),
)
#: How each talk ended; the last row of an offer counts.
TALKS = _table(
    "talks",
    _session(),
    _offer(),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("brand_price_fen", sa.Integer),
    _note(),
    _note("source"),
    sa.CheckConstraint("outcome in ('agreed', 'failed', 'reopened')", name="talk_outcome"),
    sa.CheckConstraint("(outcome = 'agreed') = (brand_price_fen is not null)", name="talk_price"),
    sa.CheckConstraint("brand_price_fen > 0", name="talk_price_above_zero"),
)
#: Workbooks that came back.
SHEETS = _table(
    "sheets",
    _session(),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("negotiator", sa.String(100), nullable=False),
    sa.Column("plan_version", sa.String(32), nullable=False),
)
#: A producer's locks and bans; the last row of an offer counts.
CHOICES = _table(
    "choices",
    _session(),
    _offer(),
    sa.Column("choice", sa.String(16), nullable=False),
    _note("why"),
    sa.CheckConstraint("choice in ('lock', 'ban', 'free')", name="choice_word"),
)
#: What stood on a desk that was not published yet; the last row of a session counts.
DRAFTS = _table("drafts", _session(), sa.Column("state", sa.Text, nullable=False))
#: What happened on air, in order.
AIR = _table(
    "air",
    _session(),
    _offer(),
    sa.Column("event", sa.String(16), nullable=False),
    sa.Column("amount", sa.Integer),
    _note(),
    sa.CheckConstraint(
        "event in ('on', 'off', 'release', 'price', 'units', 'correction', 'taken back', 'swapped in', 'dropped')",
        name="air_event",
    ),
)
#: Decisions about titles; see :func:`bosspick.screening.matching.match_titles`.
MATCHES = _table(
    "matches",
    sa.Column("offer_title", sa.Text, nullable=False),
    sa.Column("quote_title", sa.Text, nullable=False),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.CheckConstraint("decision in ('same', 'other', 'undecided')", name="match_decision"),
)
TABLES = (PLANS, TALKS, SHEETS, CHOICES, DRAFTS, AIR, MATCHES)


def append_only(table: str, dialect: str) -> list[str]:
    """Statements that make the database refuse to change or remove a row of a table.

    Parameters
    ----------
    table
        Name of the table.
    dialect
        ``sqlite`` or ``postgresql``; other databases get none.
    """
    if dialect == "sqlite":
        return [
            f"create trigger if not exists {table}_no_{verb} before {verb} on {table} "
            f"begin select raise(abort, 'the ledger only grows: {table}'); end"
            for verb in ("update", "delete")
        ]
    if dialect == "postgresql":
        return [
            "create or replace function bosspick_only_grows() returns trigger language plpgsql as "
            "$$ begin raise exception 'the ledger only grows: %', tg_table_name; end $$",
            f"drop trigger if exists {table}_only_grows on {table}",
            f"create trigger {table}_only_grows before update or delete or truncate on {table} "
            "for each statement execute function bosspick_only_grows()",
        ]
    return []
