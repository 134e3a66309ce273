"""What was asked and not answered yet: a request for a plan, a question why an offer is not in."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from bosspick.desk.planner import Planned
from bosspick.desk.settings import Settings
from bosspick.lineup import Progress

__all__ = ["Question", "Request"]


@dataclass(slots=True, kw_only=True, eq=False)
class Request:
    """One question for a plan; a newer one, or Cancel, asks it to end.

    Attributes
    ----------
    id
        Its number; only the newest request's answer counts.
    settings
        What is asked.
    cancelled
        Whether the producer ended it; what was best until then is the answer.
    progress
        The last that was heard of it.
    """

    id: int
    settings: Settings
    begun: float = field(default_factory=time.monotonic)
    cancelled: bool = False
    progress: Progress | None = None
    _end: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> bool:
        """Whether the solve is to end."""
        return self._end.is_set()

    def end(self) -> None:
        """Ask the solve to end."""
        self._end.set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One "why not": asked of a plan about an offer; ``answer`` is empty until it is known."""

    offer_id: str
    planned: Planned
    answer: str = ""
    failed: bool = False
