"""The show's clock: the real time on the evening, and any time at any speed in a rehearsal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

__all__ = ["ShowClock"]


def _real() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowClock:
    """A clock told by one moment, what it showed then, and how fast it runs.

    The ledger stamps entries with the real time; so the same clock also tells what it showed at each of them.

    Attributes
    ----------
    real
        A real moment, with offset.
    shown
        What the clock showed then, with offset.
    speed
        Seconds of the show in a real second; 1 on the evening.
    read
        Reads the real time.

    Examples
    --------
    >>> began = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    >>> show = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    >>> clock = ShowClock(real=began, shown=show, speed=10, read=lambda: datetime(2026, 11, 25, 10, 1, tzinfo=UTC))
    >>> clock().isoformat()
    '2026-11-28T12:10:00+00:00'
    """

    real: datetime
    shown: datetime
    speed: float = 1.0
    read: Callable[[], datetime] = field(default=_real, repr=False)

    @classmethod
    def on_time(cls, zone: tzinfo) -> ShowClock:
        """The real time in a time zone."""
        now = _real()
        return cls(real=now, shown=now.astimezone(zone))

    @classmethod
    def rehearsal(cls, starts_at: datetime, *, speed: float = 1.0) -> ShowClock:
        """A clock that shows the start of the show now."""
        return cls(real=_real(), shown=starts_at, speed=speed)

    def __call__(self) -> datetime:
        """What it shows now."""
        return self.at(self.read())

    def at(self, real: datetime) -> datetime:
        """What it shows at a real moment."""
        return self.shown + (real - self.real) * self.speed
