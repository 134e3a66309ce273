"""How talks ended, sheets that came back, locks, drafts and the air; settled prices become agreed talks."""

import sqlalchemy as sa
from alembic import op

from bosspick.ledger.schema import AIR, CHOICES, DRAFTS, SHEETS, TABLES, TALKS, append_only

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what is new, carry settled prices over, and let no row be changed from here on."""
    connection = op.get_bind()
    op.add_column("plans", sa.Column("document", sa.Text, nullable=False, server_default="{}"))
    op.add_column("plans", sa.Column("note", sa.Text, nullable=False, server_default=""))
    op.add_column("plans", sa.Column("restores", sa.Integer))
    for table in (TALKS, SHEETS, CHOICES, DRAFTS, AIR):
        table.create(connection)
    op.execute(
        "insert into talks (session_id, offer_id, outcome, brand_price_fen, note, source, at, who) "
        "select session_id, offer_id, 'agreed', brand_price_fen, '', 'settled', at, who from settled "
        "where brand_price_fen > 0 order by id"
    )
    op.drop_table("settled")
    for table in TABLES:
        for statement in append_only(table.name, connection.dialect.name):
            op.execute(statement)
