"""Published plans, talks, choices and the air: an append-only record in SQL."""

from bosspick.ledger.moves import moves, published_document
from bosspick.ledger.published import published_plan
from bosspick.ledger.standing import Standing
from bosspick.ledger.store import Ledger, Sheet, Talk
from bosspick.ledger.story import story

__all__ = ["Ledger", "Sheet", "Standing", "Talk", "moves", "published_document", "published_plan", "story"]
