"""Handlers whose exceptions reach the user: Jupyter drops them in silence, here they are shown, kept, and go on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from bosspick.briefing.language import ENGLISH, Language
from bosspick.errors import BosspickError

__all__ = ["Guard"]

_KEPT = 10


class Guard:
    """Wraps handlers of widgets.

    Parameters
    ----------
    complain
        Called with what went wrong, to show it.
    lock
        Held while a handler runs: Jupyter may call two of them on two threads.
    language
        In which it is said.
    """

    def __init__(self, complain: Callable[[str], None], lock: threading.RLock, language: Language = ENGLISH) -> None:
        self._complain = complain
        self._language = language
        self._lock = lock
        self._raised: list[Exception] = []

    def __call__(self, action: Callable[..., None]) -> Callable[..., None]:
        """The handler: what a user did wrong is said and done with, anything else is raised again as well."""

        def handler(*said: Any) -> None:
            with self._lock:
                try:
                    action(*said)
                except BosspickError as error:
                    self._complain(self._language.error(error))
                except Exception as error:
                    self._raised = [*self._raised[1 - _KEPT :], error]
                    self._complain(repr(error))
                    raise

        return handler

    def reraise(self) -> None:
        """Raise what a handler raised since the last call: the front end's own calls swallow it."""
        raised, self._raised = self._raised, []
        if raised:
            raise raised[0]
