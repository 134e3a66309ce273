"""The ledger's schema from version to version, for Alembic."""
