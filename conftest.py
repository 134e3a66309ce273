"""What the doctests of the package leave out."""

from __future__ import annotations

#: Alembic runs these itself, with a context that only it can make.
collect_ignore = ["toolkit/bosspick/ledger/migrations/env.py"]
