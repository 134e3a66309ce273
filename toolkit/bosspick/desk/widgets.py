"""The desk's widgets: what a producer turns, how the solve goes, the plan, the offers and the scenarios."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bosspick.desk.board import board_cards
from bosspick.desk.controls import Controls
from bosspick.desk.guard import Guard
from bosspick.desk.office import Office
from bosspick.desk.publish_bar import PublishBar
from bosspick.desk.repair_bar import RepairBar
from bosspick.desk.rows import offer_marks, offer_rows
from bosspick.desk.runner import DeskRunner
from bosspick.desk.scenarios import NAME_LENGTH
from bosspick.desk.settings import Settings
from bosspick.desk.state import DeskState
from bosspick.desk.words import complaint_html, plan_html, scenarios_html, status_html, style_html
from bosspick.errors import InputError

if TYPE_CHECKING:
    import ipywidgets as widgets
    import pandas as pd

    from bosspick.lineup import Mend

__all__ = ["LineupDesk"]


class LineupDesk:
    """The desk of one week.

    The widgets show what the state holds and hand on what a producer does. What is shown only is written from any thread;
    what a producer turns is written by handlers alone, so that a late answer never moves a slider under somebody's hand.

    Parameters
    ----------
    state
        Settings, plans and scenarios, without widgets.
    office
        Keeps decisions and publishes; without one nothing outlives the kernel.
    debounce_s, quiet_s
        As for :class:`~bosspick.desk.runner.DeskRunner`.

    Attributes
    ----------
    state
        As given.
    runner
        What solves in the background.
    box
        The widget to display.
    """

    def __init__(
        self,
        state: DeskState,
        *,
        office: Office | None = None,
        debounce_s: float | None = None,
        quiet_s: float | None = None,
    ) -> None:
        import ipywidgets as widgets

        from bosspick.desk.board import Board
        from bosspick.desk.offer_grid import OfferGrid

        self.state = state
        waits = {"debounce_s": debounce_s, "quiet_s": quiet_s}
        self.runner = DeskRunner(state, told=self._show, **{name: s for name, s in waits.items() if s is not None})
        self.guard = Guard(self._complain, state.lock, state.language)
        # What goes wrong with a scenario is said beside it: the status is a screen further up.
        self.kept_guard = Guard(self._complain_below, state.lock, state.language)
        self._titles, self._brands = dict(state.planner.titles), dict(state.planner.brands)
        self._writing = False
        self._options: pd.DataFrame | None = None
        self._shown: tuple[object, object] = (None, None)
        t, screens = state.language.gettext, state.planner.screens
        self.controls = Controls(state.planner.start, screens=screens, language=state.language)
        self.solve_button = _button(t("Solve now"), "refresh", t("Solve with the settings as they stand"), style="primary")
        self.cancel_button = _button(t("Cancel"), "stop", t("End the solve and keep the best so far, not proven"))
        self.undo_button = _button(t("Undo"), "undo", t("Take back the last change"))
        self.redo_button = _button(t("Redo"), "repeat", t("Do again what was undone"))
        self.status, self.result, self.notice, self.table = (widgets.HTML() for _ in range(4))
        self.repairs = RepairBar(self.guard(self._mended), state.language)
        self.grid = OfferGrid(self.guard(self._asked), state.language)
        self.board = Board(self.guard(self._moved_card), state.language)
        self.publishing = PublishBar(state, office)
        self.name = widgets.Text(placeholder=t("name, at most %(most)s characters", most=NAME_LENGTH), description=t("name"))
        self.keep_button = _button(t("Keep as…"), "bookmark", t("Keep the present settings and plan under this name"))
        self.kept = widgets.Dropdown(options=[], description=t("scenario"), layout=widgets.Layout(width="320px"))
        self.take_button = _button(t("Take up"), "reply", t("Show this scenario's settings and plan again; Undo goes back"))
        self.drop_button = _button(t("Drop"), "trash", t("Forget this scenario"))
        self._listen()
        self.box = self._arrange()
        self._write(state.wanted)
        self._show()
        self.runner.choose_bench()

    def wait(self) -> None:
        """Wait until nothing is under way; raises what went wrong in a handler or on a thread since the last wait."""
        self.runner.wait()
        for guard in (self.guard, self.kept_guard, self.publishing.guard):
            guard.reraise()

    def _listen(self) -> None:
        for name, control in self.controls.by_setting.items():
            control.observe(self.guard(self._turned(name)), names="value")
        buttons = {
            self.solve_button: lambda: self.runner.solve(self.state.wanted, at_once=True), self.cancel_button: self._cancel,
            self.undo_button: self._undo, self.redo_button: self._redo,
        }  # fmt: skip
        for button, action in buttons.items():
            button.on_click(self.guard(lambda _, action=action: action()))
        for button, action in {
            self.keep_button: self._keep, self.take_button: self._take_up, self.drop_button: self._drop
        }.items():  # fmt: skip
            button.on_click(self.kept_guard(lambda _, action=action: action()))

    def _turned(self, name: str) -> Callable[[Any], None]:
        def handler(change: Any) -> None:
            if self._writing:
                return
            new = tuple(change["new"]) if isinstance(change["new"], list | tuple) else change["new"]
            new = self._offers(new) if name in ("locked", "banned") else new
            changed: dict[str, Any] = {name: round(new, 2) if isinstance(new, float) else new}
            wanted = replace(self.state.wanted, **changed)
            if isinstance(new, tuple) and list(new) != list(change["new"]):
                self._write(wanted)  # an id as it is written
            if wanted != self.state.wanted:
                self.runner.solve(wanted)

        return handler

    def _offers(self, typed: tuple[str, ...]) -> tuple[str, ...]:
        """The offers that were typed, in whatever case; what is there stays where one is none."""
        known = {offer.casefold(): offer for offer in self._titles}
        unknown = [each for each in typed if each.strip().casefold() not in known]
        if unknown:
            self._write(self.state.wanted)
            t = self.state.language.gettext
            raise InputError(t("there is no offer %(offer)s", offer=unknown[0]), hint=t("type an id as the grid shows it"))
        return tuple(known[each.strip().casefold()] for each in typed)

    def _asked(self, what: str, offer_id: str) -> None:
        if what == "why":
            self.runner.ask(offer_id)
            return
        wanted = self.state.wanted
        wanted = wanted.toggled_lock(offer_id) if what == "lock" else wanted.toggled_ban(offer_id)
        self._write(wanted)
        self.runner.solve(wanted)

    def _moved_card(self, what: str, offer_id: str, other: str) -> None:
        if what == "swap":
            wanted = self.state.wanted.swapped(offer_id, other)
            self._write(wanted)
            self.runner.solve(wanted)
        else:
            self._asked(what, offer_id)

    def _mended(self, mend: Mend) -> None:
        wanted = self.state.wanted.mended(mend)
        self._write(wanted)
        self.runner.solve(wanted, at_once=True)

    def _cancel(self) -> None:
        self.state.cancel()
        self._show()

    def _undo(self) -> None:
        self.state.undo()
        self._moved()
        self._keep_focus(self.undo_button, self.redo_button)

    def _redo(self) -> None:
        self.state.redo()
        self._moved()
        self._keep_focus(self.redo_button, self.undo_button)

    def _keep_focus(self, pressed: widgets.Button, other: widgets.Button) -> None:
        """A button that is of no more use loses the focus to nobody: the next one takes it."""
        if pressed.disabled:
            (self.solve_button if other.disabled else other).focus()

    def _take_up(self) -> None:
        self.notice.value = ""
        self.state.take_up(self.kept.value)
        self._moved()

    def _drop(self) -> None:
        self.notice.value = ""
        self.state.drop(self.kept.value)
        self._show()

    def _keep(self) -> None:
        self.notice.value = ""
        scenario = self.state.keep(self.name.value)
        self.name.value = ""
        self._show()
        self.kept.value = scenario.name

    def _moved(self) -> None:
        self._write(self.state.wanted)
        self._show()
        self.runner.choose_bench()

    def _complain(self, why: str) -> None:
        self.state.complain(why)
        self._show()

    def _complain_below(self, why: str) -> None:
        self.notice.value = complaint_html(why, self.state.language)

    def _write(self, settings: Settings) -> None:
        with self.state.lock:
            self._writing = True
            try:
                self.controls.write(settings)
            finally:
                self._writing = False

    def _show(self) -> None:
        """Show what the state holds; called on any thread."""
        state = self.state
        with state.lock:
            running, plan = state.running, state.plan
            self.status.value = status_html(state)
            self.repairs.show(state.repairs)
            self.cancel_button.disabled = running is None or running.cancelled
            self.cancel_button.button_style = "" if self.cancel_button.disabled else "warning"
            self.undo_button.disabled = not state.can_undo
            self.redo_button.disabled = not state.history.future
            self._show_answer()
            if plan is not None and plan.options is not self._options:
                self._options = plan.options
                self.grid.rows = offer_rows(plan.options, self._brands)
            self.grid.marks = offer_marks(state)
            self.board.cards = board_cards(state, self._titles)
            if self._shown[0] is not state.history or self._shown[1] is not state.scenarios:
                # Only then: the clock of a solve under way comes by four times a second.
                self._shown = (state.history, state.scenarios)
                self.result.value = plan_html(state, self._titles)
                self._show_scenarios()
            self.publishing.keep_draft()

    def _show_scenarios(self) -> None:
        names = [scenario.name for scenario in self.state.scenarios]
        if list(self.kept.options) != names:
            self.kept.options = names
        self.keep_button.disabled = self.state.plan is None
        self.take_button.disabled = self.drop_button.disabled = self.kept.disabled = not names
        self.table.value = scenarios_html(self.state.compared(), self.state.language, any_kept=bool(names))

    def _show_answer(self) -> None:
        question = self.state.question
        if question is None:
            self.grid.answer = {}
        elif question.answer:
            self.grid.answer = {"text": question.answer, "state": "error" if question.failed else ""}
        else:
            offer = f"{question.offer_id} {self._titles.get(question.offer_id, '')}".strip()
            words = self.state.language.gettext("Asking why %(offer)s is not in…", offer=offer)
            self.grid.answer = {"text": words, "state": "busy"}

    def _arrange(self) -> widgets.Widget:
        import ipywidgets as widgets

        def heading(text: str) -> widgets.Widget:
            return widgets.HTML(f"<div class='bp-desk'><h4>{text}</h4></div>")

        t = self.state.language.gettext
        buttons = widgets.HBox([self.solve_button, self.cancel_button, self.undo_button, self.redo_button])
        keep = widgets.HBox([self.name, self.keep_button, self.kept, self.take_button, self.drop_button])
        keep.layout.flex_flow = "row wrap"
        return widgets.VBox(
            [widgets.HTML(style_html()), self.controls.box, buttons, self.status, self.repairs.box,
             heading(t("The ten and the bench")), self.board, self.publishing.box, heading(t("Offers that may air")), self.grid,
             self.result, heading(t("Scenarios")), keep, self.notice, self.table]
        )  # fmt: skip


def _button(words: str, icon: str, tooltip: str, *, style: str = "") -> widgets.Button:
    import ipywidgets as widgets

    layout = widgets.Layout(width="auto", min_width="92px")
    return widgets.Button(description=words, icon=icon, tooltip=tooltip, button_style=style, layout=layout)
