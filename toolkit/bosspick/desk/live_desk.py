"""The live desk in a notebook: the screen of a show under way, and a rehearsal of it on any day before."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bosspick.briefing.language import marked
from bosspick.desk.guard import Guard
from bosspick.desk.live_book import LiveBook
from bosspick.desk.live_clock import ShowClock
from bosspick.desk.live_state import LiveState, Said
from bosspick.desk.live_view import clock_of, view_of
from bosspick.ledger import Ledger

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["LiveDesk", "live_desk", "open_show"]

#: So long before its start and after its end a show counts as on; at any other time the desk opens as a rehearsal.
_EVENING = timedelta(hours=3)
_REHEARSAL = marked("REHEARSAL: nothing of this is in the room's ledger")


class LiveDesk:
    """The screen of one show.

    Parameters
    ----------
    state
        The show, without widgets.
    now
        The show's clock; that of the state if None. For a rehearsal one that starts anywhere and runs faster.
    rehearsal
        Words that say this is no show.

    Attributes
    ----------
    state
        As given, with this clock.
    panel
        The widget to display.
    """

    def __init__(self, state: LiveState, *, now: ShowClock | None = None, rehearsal: str = "") -> None:
        from bosspick.desk.live_panel import LivePanel

        if now is not None:
            state.clock = now
            state.refresh()
        self.state = state
        self.guard = Guard(self._complain, state.lock, state.language)
        self._asked_id = self._field = ""
        self.panel = LivePanel(self._asked, state.language)
        self.panel.rehearsal = rehearsal
        self._show()

    def _asked(self, what: str, said: dict[str, Any]) -> None:
        self._asked_id = str(said.get("id", ""))
        self._field = what if what in ("price", "units", "correct") else ""
        self.guard(self._do)(what, said)

    def _do(self, what: str, said: dict[str, Any]) -> None:
        if what == "clock":
            self.panel.clock = clock_of(self.state)
            return
        answer = self._actions(said)[what]()
        # One message to the browser: nobody sees the new state and acts on it before its answer is there.
        with self.panel.hold_sync():
            self._show()
            self._answer(answer.text, list(answer.remarks), "")

    def _actions(self, said: dict[str, Any]) -> dict[str, Callable[[], Said]]:
        state, text = self.state, str(said.get("text", ""))
        offer = said.get("offer_id") or None
        return {
            "next": lambda: state.go_on(offer),
            "off": state.go_off,
            "release": state.release,
            "price": lambda: state.settle_price(text, brand_pays=bool(said.get("brand_pays"))),
            "units": lambda: state.sold(text),
            "correct": lambda: state.correct(text),
            "drop": lambda: state.drop(str(offer or "")),
            "bench": lambda: state.swap_in(str(offer or ""), instead_of=said.get("instead_of") or None),
            "undo": state.undo,
            "replan": self._replan,
        }

    def _replan(self) -> Said:
        self.state.refresh()
        return Said(text=self.state.language.gettext("Planned again"))

    def _complain(self, why: str) -> None:
        self._answer(why, [], "error")

    def _answer(self, text: str, remarks: list[str], state: str) -> None:
        self.panel.answer = {"text": text, "remarks": remarks, "state": state, "id": self._asked_id, "entered": self._field,
                             "at": time.monotonic()}  # fmt: skip

    def _show(self) -> None:
        self.panel.clock = clock_of(self.state)
        self.panel.view = view_of(self.state)


def open_show(
    stage: Stage, folder: Path, *, rehearse: bool | None = None, speed: float = 1.0, name: str = "rehearsal",
    real: Callable[[], datetime] | None = None,
) -> tuple[LiveState, str]:  # fmt: skip
    """Open a week's show, or go on with it where a kernel ended before.

    What the show is planned to be is kept in a file beside the notebook once it has begun, so that a restart takes no time
    and nothing that is agreed meanwhile changes a show on air.

    Parameters
    ----------
    stage
        The week's stage.
    folder
        Where the file goes, and a rehearsal's ledger.
    rehearse
        Whether to rehearse; if None, unless the evening of the show has come. A rehearsal has a ledger of its own, and a
        clock that shows the start of the show when it is first opened.
    speed
        Seconds of the show in a real second, in a rehearsal.
    name
        Of the rehearsal; another name begins anew.
    real
        Reads the real time; for tests.

    Returns
    -------
    tuple
        The show, and words that say it is a rehearsal.
    """
    week = stage.week
    clock = ShowClock.on_time(week.zone) if real is None else ShowClock(real=real(), shown=real(), read=real)
    ends = week.starts_at + timedelta(minutes=week.policy.show.minutes)
    if rehearse is None:
        rehearse = not week.starts_at - _EVENING <= clock() <= ends + _EVENING
    if not rehearse:
        ledger = Ledger.of_room(week.room)
        book = _kept_book(stage, ledger, folder / f"live-{week.session_id}.pickle")
        return LiveState(book=book, ledger=ledger, clock=clock, language=stage.language), ""
    ledger = Ledger(f"sqlite:///{folder / f'{name}-{week.session_id}.sqlite'}")
    book = _kept_book(stage, ledger, folder / f"{name}-{week.session_id}.pickle")
    state = LiveState(book=book, ledger=ledger, clock=_kept_clock(ledger, book, speed, clock), language=stage.language)
    return state, stage.language.gettext(_REHEARSAL)


def _kept_book(stage: Stage, ledger: Ledger, path: Path) -> LiveBook:
    from bosspick.briefing.stage import store

    if path.is_file() and len(ledger.air(stage.week.session_id)):
        kept = pickle.loads(path.read_bytes())  # noqa: S301 - written by this desk beside its own notebook
        if isinstance(kept, LiveBook):
            return kept
    book = LiveBook.of_stage(stage)
    store(path, pickle.dumps(book))
    return book


def _kept_clock(ledger: Ledger, book: LiveBook, speed: float, real: ShowClock) -> ShowClock:
    """The clock of a rehearsal begun before, else a new one; kept in the rehearsal's own ledger."""
    kept = ledger.draft(book.session_id)
    if kept is None:
        began = real.read()
        ledger.save_draft(book.session_id, {"began": began.isoformat(), "speed": speed}, who="live desk")
    else:
        began, speed = datetime.fromisoformat(kept["began"]), float(kept["speed"])
    return replace(real, real=began, shown=book.starts_at, speed=speed)


def live_desk(stage: Stage, *, rehearse: bool | None = None, speed: float = 1.0, who: str = "control desk") -> None:
    """Show the live desk of a notebook's week; in a briefing run there is no show, and nothing is shown.

    Parameters
    ----------
    stage
        The notebook's stage.
    rehearse, speed
        As for :func:`open_show`.
    who
        Who enters; every entry says so.
    """
    if stage.config.folder is not None:
        return
    from IPython.display import display

    state, words = open_show(stage, Path.cwd(), rehearse=rehearse, speed=speed)
    state.who = who
    display(LiveDesk(state, rehearsal=words).panel)
