"""The way back and forth: an immutable line of what was, with one place on it that is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["History"]

Step = TypeVar("Step")


# Without slots: a generic dataclass that is frozen and slotted cannot be made on Python 3.11.
@dataclass(frozen=True, kw_only=True)
class History(Generic[Step]):
    """What was done, where one stands, and what was undone.

    Attributes
    ----------
    past
        Earlier steps, the last one last.
    present
        The step one stands at; None before the first.
    future
        Undone steps, the next one first.

    Examples
    --------
    >>> from bosspick.desk.history import History
    >>> History[str]().then("a").then("b").undo().present
    'a'
    """

    past: tuple[Step, ...] = ()
    present: Step | None = None
    future: tuple[Step, ...] = ()

    def then(self, step: Step) -> History[Step]:
        """A new step after the present; what was undone is gone."""
        return History(past=self._behind(), present=step)

    def undo(self) -> History[Step]:
        """One step back; the same where there is none."""
        if not self.past or self.present is None:
            return self
        return History(past=self.past[:-1], present=self.past[-1], future=(self.present, *self.future))

    def redo(self) -> History[Step]:
        """One step forward again; the same where there is none."""
        if not self.future:
            return self
        return History(past=self._behind(), present=self.future[0], future=self.future[1:])

    def _behind(self) -> tuple[Step, ...]:
        return self.past if self.present is None else (*self.past, self.present)
