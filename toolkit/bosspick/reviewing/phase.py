"""Where a moment lies in the life of a show: before it, live, under price protection, or past that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bosspick.intake import Week

__all__ = ["Phase", "PhaseName", "phase_at"]

PhaseName = Literal["before", "live", "protection", "over"]
_HOUR = timedelta(hours=1)
#: The last look before the show; a little early still counts as it.
_LAST_LOOK, _EARLY = 2 * _HOUR, timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A phase and how it is called.

    Attributes
    ----------
    name
        Which.
    words
        Such as ``before the show (26.5 h)`` or ``protection day 12 of 60``.
    """

    name: PhaseName
    words: str

    @property
    def is_after(self) -> bool:
        """Whether the show has been on air."""
        return self.name in ("protection", "over")


def phase_at(week: Week, at: datetime) -> Phase:
    """The phase of a week's show at a moment with offset.

    The show lasts as long as the policy says. Protection runs for the policy's days of 24 hours from the show's start.

    Examples
    --------
    >>> from bosspick import open_room
    >>> from bosspick.share import share_path
    >>> week = open_room(share_path("seeds")).week("2026-W48")
    >>> moments = ("2026-11-27T17:30+08:00", "2026-11-28T18:00+08:00", "2026-11-28T20:00+08:00", "2026-12-10T09:00+08:00")
    >>> [phase_at(week, datetime.fromisoformat(text)).words for text in moments]
    ['before the show (26.5 h)', 'two hours before', 'live', 'protection day 12 of 60']
    """
    left = week.starts_at - at
    if left > timedelta(0):
        if left > _LAST_LOOK + _EARLY:
            return Phase(name="before", words=f"before the show ({left / _HOUR:.1f} h)")
        about = left >= _LAST_LOOK - _EARLY
        return Phase(name="before", words="two hours before" if about else f"before the show ({left / _HOUR * 60:.0f} min)")
    if -left < timedelta(minutes=week.policy.show.minutes):
        return Phase(name="live", words="live")
    days = week.policy.screening.protection_days
    day = -left // timedelta(days=1) + 1
    if day > days:
        return Phase(name="over", words="protection window over")
    return Phase(name="protection", words=f"protection day {day} of {days}")
