"""All offers that may air as one filterable grid: a widget in plain JavaScript that draws only the rows in sight."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

__all__ = ["OfferGrid"]

_HERE = Path(__file__).parent
#: What a row can ask for.
_ASKS = ("lock", "ban", "why")


class OfferGrid(anywidget.AnyWidget):
    """The grid; it knows nothing but what it is given, and asks by offer id.

    Parameters
    ----------
    asked
        Called with ``lock``, ``ban`` or ``why`` and the offer id of a row.

    Attributes
    ----------
    rows
        See :func:`bosspick.desk.rows.offer_rows`.
    marks
        See :func:`bosspick.desk.rows.offer_marks`.
    answer
        What is said under the grid: ``text``, and ``state`` (``busy``, ``error`` or empty).
    """

    _esm = _HERE / "offer_grid.js"
    _css = _HERE / "offer_grid.css"
    rows = traitlets.Dict().tag(sync=True)
    marks = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)

    def __init__(self, asked: Callable[[str, str], None]) -> None:
        super().__init__()
        self._asked = asked
        self.on_msg(self._heard)

    def _heard(self, widget: Any, content: Any, buffers: Any) -> None:
        del widget, buffers
        if isinstance(content, dict) and content.get("ask") in _ASKS and isinstance(content.get("offer_id"), str):
            self._asked(content["ask"], content["offer_id"])
