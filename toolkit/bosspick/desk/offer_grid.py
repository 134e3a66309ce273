"""All offers that may air as one filterable grid: a widget in plain JavaScript that draws only the rows in sight."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from bosspick.briefing.language import Language, marked

__all__ = ["OfferGrid"]

_HERE = Path(__file__).parent
#: What a row can ask for.
_ASKS = ("lock", "ban", "why")
_WORDS = {
    "filter_hint": marked("filter: any words, such as a brand, “bench” or “locked”"),
    "filter": marked("Filter offers"),
    "keys": marked("↑ ↓ row · L lock · B ban · W why not · / filter"),
    "id": marked("offer"),
    "title": marked("title"),
    "category": marked("category"),
    "brand": marked("brand"),
    "price": marked("on air ¥"),
    "worth": marked("worth"),
    "state": marked("state"),
    "sort": marked("Sort by %(column)s"),
    "actions": marked("actions"),
    "grid": marked("Offers that may air. L locks, B bans, W asks why not."),
    "count": marked("%(shown)s of %(all)s offers"),
    "none": marked("No offer has these words."),
    "not_yet": marked("They come with the first plan."),
    "in_ten": marked("in the ten"),
    "on_bench": marked("bench %(rank)s"),
    "out": marked("out"),
    "locked": marked("locked"),
    "banned": marked("banned"),
    "lock": marked("lock"),
    "unlock": marked("unlock"),
    "ban": marked("ban"),
    "allow": marked("allow"),
    "why": marked("why?"),
}


class OfferGrid(anywidget.AnyWidget):
    """The grid; it knows nothing but what it is given, and asks by offer id.

    Parameters
    ----------
    asked
        Called with ``lock``, ``ban`` or ``why`` and the offer id of a row.
    language
        What it speaks.

    Attributes
    ----------
    rows
        See :func:`bosspick.desk.rows.offer_rows`.
    marks
        See :func:`bosspick.desk.rows.offer_marks`.
    answer
        What is said under the grid: ``text``, and ``state`` (``busy``, ``error`` or empty).
    words
        What it says itself, by name.
    """

    _esm = _HERE / "offer_grid.js"
    _css = _HERE / "offer_grid.css"
    rows = traitlets.Dict().tag(sync=True)
    marks = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, asked: Callable[[str, str], None], language: Language) -> None:
        super().__init__(words=language.phrases(_WORDS) | {"lang": language.tag})
        self._asked = asked
        self.on_msg(self._heard)

    def _heard(self, widget: Any, content: Any, buffers: Any) -> None:
        del widget, buffers
        if isinstance(content, dict) and content.get("ask") in _ASKS and isinstance(content.get("offer_id"), str):
            self._asked(content["ask"], content["offer_id"])
