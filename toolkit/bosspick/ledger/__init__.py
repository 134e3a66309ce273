"""Published plans and settled prices, append-only."""

from bosspick.ledger.store import Ledger

__all__ = ["Ledger"]
