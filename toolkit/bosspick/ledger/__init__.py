"""Published plans and settled prices, append-only."""

from bosspick.ledger.published import published_plan
from bosspick.ledger.store import Ledger

__all__ = ["Ledger", "published_plan"]
