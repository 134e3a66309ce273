"""The live desk's screen: a widget in plain JavaScript that counts the clock itself and takes every action by key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

__all__ = ["ASKS", "LivePanel"]

_HERE = Path(__file__).parent
#: What a key or a button can ask for.
ASKS = ("next", "off", "release", "price", "units", "correct", "drop", "bench", "undo", "replan", "clock")


class LivePanel(anywidget.AnyWidget):
    """The screen; it knows nothing but what it is given.

    Parameters
    ----------
    asked
        Called with one of :data:`ASKS` and the rest of what was said.

    Attributes
    ----------
    view
        See :func:`bosspick.desk.live_view.view_of`.
    clock
        See :func:`bosspick.desk.live_view.clock_of`.
    answer
        What is said about the last action: ``text``, ``remarks``, ``state`` (``error`` or empty) and ``id``, that of the
        action it answers. An action without an answer was not heard, and the screen says so.
    rehearsal
        Words that say this is no show; empty on the evening.
    """

    _esm = _HERE / "live_panel.js"
    _css = _HERE / "live_panel.css"
    view = traitlets.Dict().tag(sync=True)
    clock = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    rehearsal = traitlets.Unicode().tag(sync=True)

    def __init__(self, asked: Callable[[str, dict[str, Any]], None]) -> None:
        super().__init__()
        self._asked = asked
        self.on_msg(self._heard)

    def _heard(self, widget: Any, content: Any, buffers: Any) -> None:
        del widget, buffers
        if isinstance(content, dict) and content.get("ask") in ASKS:
            self._asked(content["ask"], content)
