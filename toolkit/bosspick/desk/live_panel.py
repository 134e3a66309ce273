"""The live desk's screen: a widget in plain JavaScript that counts the clock itself and takes every action by key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from bosspick.briefing.language import Language, marked

__all__ = ["ASKS", "LivePanel"]

_HERE = Path(__file__).parent
#: What a key or a button can ask for.
ASKS = ("next", "off", "release", "price", "units", "correct", "drop", "bench", "undo", "replan", "clock")
_WORDS = {
    "desk": marked("Live desk. N next, E end, R release, P price, U units, C correction, D drop, 1 to 9 bench, Z take back."),
    "key_next": marked("next item on air"),
    "key_off": marked("end: off air"),
    "key_release": marked("release stock"),
    "key_price": marked("price settled"),
    "key_units": marked("units sold"),
    "key_correct": marked("correction"),
    "key_choose": marked("choose an item"),
    "key_drop": marked("drop it"),
    "key_bench": marked("bench item in for it"),
    "key_undo": marked("take back"),
    "key_replan": marked("plan again"),
    "key_money": marked("money, hidden"),
    "keys": marked("Keys"),
    "next": marked("Next on air (N)"),
    "off": marked("Off air (E)"),
    "release": marked("Release stock (R)"),
    "drop": marked("Drop (D)"),
    "undo": marked("Take back (Z)"),
    "replan": marked("Plan again (T)"),
    "price": marked("price, ¥ (P)"),
    "price_hint": marked("as settled: 98.5"),
    "units": marked("units sold so far (U)"),
    "units_hint": marked("1200 or 1.2万"),
    "correct": marked("correction said on air (C)"),
    "correct_hint": marked("in the words that were said"),
    "brand_pays": marked("the brand bears the cut"),
    "on_air": marked("On air"),
    "to_come": marked("To come"),
    "list": marked("On air and to come"),
    "bench": marked("Bench"),
    "side": marked("Corrections and entries"),
    "corrections": marked("Corrections on air"),
    "log": marked("Last entries"),
    "unheard": marked("Not recorded: the kernel does not answer. Run this cell again; what was entered before is kept."),
    "no_bench_item": marked("There is no bench item %(key)s."),
    "gone": marked("%(gone)s of %(minutes)s min · until %(end)s"),
    "in_time": marked("in time"),
    "soon": marked("ends within a minute"),
    "over": marked("over time"),
    "released": marked("released"),
    "due": marked("due now: press R"),
    "later": marked("at %(clock)s"),
    "press_next": marked("press N for the next item"),
    "none_left": marked("no item is left"),
    "nothing": marked("nothing on air"),
    "nothing_title": marked("Nothing on air"),
    "ends": marked("To come · ends %(end)s"),
    "late": marked("To come · ends %(end)s, %(over)s min over: T plans again"),
    "too_late": marked("To come · ends %(end)s, %(over)s min over: drop one"),
    "role": marked("%(offer)s · %(role)s: %(words)s"),
    "settled": marked("%(price)s settled"),
    "planned": marked("%(price)s planned"),
    "no_sales": marked("no count of sales yet"),
    "sold": marked("%(units)s sold"),
    "left": marked("%(left)s left now · %(sold)s · %(unreleased)s not released yet"),
    "part": marked("%(number)s: %(units)s units, %(left)s after it"),
    "no_count": marked("no count"),
    "aired": marked("aired"),
    "now": marked("on air now"),
    "minutes": marked("%(minutes)s min"),
    "was_slot": marked("was slot %(slot)s"),
    "from_bench": marked("from the bench"),
    "allows": marked("the pot allows %(price)s"),
    "asks": marked("the pot asks for %(price)s"),
    "vacant": marked("Bench · %(places)s place vacant"),
    "vacancies": marked("Bench · %(places)s places vacant"),
    "in_for": marked("Bench · in for %(title)s"),
    "in_for_none": marked("Bench · in for nobody"),
    "best": marked("best to step in"),
    "money": marked(
        "Platform subsidy: %(spent)s spent, %(ahead)s expected ahead, %(left)s free, %(reserve)s kept for the air. M hides it."
    ),
    "money_hidden": marked("Platform subsidy: hidden from the camera. M shows it."),
    "plan": marked("%(session)s · plan %(version)s"),
    "entry": marked("%(clock)s %(title)s: %(words)s"),
    "none": marked("none"),
    "nothing_yet": marked("nothing yet"),
}


class LivePanel(anywidget.AnyWidget):
    """The screen; it knows nothing but what it is given.

    Parameters
    ----------
    asked
        Called with one of :data:`ASKS` and the rest of what was said.
    language
        What it speaks.

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
    words
        What it says itself, by name.
    """

    _esm = _HERE / "live_panel.js"
    _css = _HERE / "live_panel.css"
    view = traitlets.Dict().tag(sync=True)
    clock = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    rehearsal = traitlets.Unicode().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, asked: Callable[[str, dict[str, Any]], None], language: Language) -> None:
        super().__init__(words=language.phrases(_WORDS) | {"lang": language.tag})
        self._asked = asked
        self.on_msg(self._heard)

    def _heard(self, widget: Any, content: Any, buffers: Any) -> None:
        del widget, buffers
        if isinstance(content, dict) and content.get("ask") in ASKS:
            self._asked(content["ask"], content)
