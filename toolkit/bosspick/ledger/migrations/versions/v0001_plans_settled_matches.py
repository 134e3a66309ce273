"""Published plans, settled prices and decisions about titles: what the first ledgers hold, made where it is missing."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NOW = sa.func.current_timestamp()


def upgrade() -> None:
    """Create the tables a ledger begun without a version lacks."""
    there = set(sa.inspect(op.get_bind()).get_table_names())
    if "plans" not in there:
        op.create_table(
            "plans",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("session_id", sa.String(16), nullable=False, index=True),
            sa.Column("version", sa.String(32), nullable=False),
            sa.Column("at", sa.DateTime, server_default=_NOW, nullable=False),
            sa.Column("who", sa.String(100), nullable=False),
            sa.Column("offer_ids", sa.Text, nullable=False),
        )
    if "settled" not in there:
        op.create_table(
            "settled",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("session_id", sa.String(16), nullable=False),
            sa.Column("offer_id", sa.String(100), nullable=False),
            sa.Column("brand_price_fen", sa.Integer, nullable=False),
            sa.Column("at", sa.DateTime, server_default=_NOW, nullable=False),
            sa.Column("who", sa.String(100), nullable=False),
        )
    if "matches" not in there:
        op.create_table(
            "matches",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("offer_title", sa.Text, nullable=False),
            sa.Column("quote_title", sa.Text, nullable=False),
            sa.Column("decision", sa.String(16), nullable=False),
            sa.Column("at", sa.DateTime, server_default=_NOW, nullable=False),
            sa.Column("who", sa.String(100), nullable=False),
            sa.CheckConstraint("decision in ('same', 'other', 'undecided')"),
        )
