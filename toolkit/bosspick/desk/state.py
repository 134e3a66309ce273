"""What the desk knows, without any widget or thread: settings, requests and their answers, history, scenarios."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pandas as pd

from bosspick.briefing.language import ENGLISH, Language, marked
from bosspick.desk.asked import Question, Request
from bosspick.desk.history import History
from bosspick.desk.planner import Planned, Planner, told_of
from bosspick.desk.scenarios import Scenario, compared, name_of, named
from bosspick.desk.settings import Settings
from bosspick.errors import BosspickError, InputError
from bosspick.lineup import Mend, Progress, diff
from bosspick.lineup.plan import LineupPlan
from bosspick.screening import Screening

__all__ = ["DeskState"]


@dataclass(slots=True, kw_only=True)
class DeskState:
    """The plans made so far and what is under way.

    Every method holds ``lock``, because callbacks of widgets may come on any thread; whoever reads several attributes
    together holds it too.

    Attributes
    ----------
    planner
        Who plans.
    wanted
        The settings the producer asks for now: those of the plan shown, or of a request under way or failed.
    history
        The plans shown so far; ``present`` is the one shown.
    running
        The request under way.
    error
        Why the last request gave no plan, or an action could not be done; the plan before it stays.
    repairs
        What would give the last request a plan.
    changes
        What the plan shown changed against the one shown before; columns of :func:`bosspick.lineup.diff`.
    scenarios
        What was kept, in that order.
    question
        The last "why not".
    language
        What it speaks.
    """

    planner: Planner
    wanted: Settings
    history: History[Planned] = field(default_factory=History[Planned])
    running: Request | None = None
    error: str = ""
    repairs: tuple[Mend, ...] = ()
    changes: pd.DataFrame = field(default_factory=pd.DataFrame)
    scenarios: tuple[Scenario, ...] = ()
    question: Question | None = None
    language: Language = ENGLISH
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _last_id: int = 0
    _benches: dict[tuple[Settings, str], pd.DataFrame] = field(default_factory=dict)
    _orders: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of_planner(
        cls, planner: Planner, *, plan: LineupPlan | None = None, screening: Screening | None = None,
        language: Language = ENGLISH,
    ) -> DeskState:  # fmt: skip
        """A desk that starts with a planner's settings and, if given, their plan."""
        state = cls(planner=planner, wanted=planner.start, language=language)
        if plan is not None:
            state._show(History[Planned]().then(Planned(settings=state.wanted, plan=plan, screening=screening)))
        return state

    @property
    def present(self) -> Planned | None:
        """The plan shown; None before the first."""
        return self.history.present

    @property
    def plan(self) -> LineupPlan | None:
        """The plan shown, without its settings."""
        return None if self.present is None else self.present.plan

    @property
    def settings(self) -> Settings:
        """The settings the plan shown rests on; those wanted before the first plan."""
        return self.wanted if self.present is None else self.present.settings

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self._pending or bool(self.history.past)

    @property
    def _pending(self) -> bool:
        """Whether something is wanted that is not what is shown."""
        return self.present is not None and (self.running is not None or self.wanted != self.settings)

    @property
    def bench(self) -> pd.DataFrame | None:
        """The bench of the plan shown; None while it is not known."""
        if self.present is None:
            return None
        plan = self.present.plan
        return plan.bench if len(plan.bench) else self._benches.get((self.present.settings, plan.version))

    @property
    def order(self) -> dict[str, str] | None:
        """The clock of each item's slot in the plan shown, in the order of the show; None while it is not known."""
        return None if self.present is None else self._orders.get(self.present.plan.version)

    def request(self, settings: Settings) -> Request:
        """Ask for a plan; the request before it is to end, and its answer counts no more."""
        with self.lock:
            self._drop_running()
            self._last_id += 1
            self.wanted, self.error, self.repairs = settings, "", ()
            self.running = Request(id=self._last_id, settings=settings)
            return self.running

    def progressed(self, request: Request, progress: Progress) -> bool:
        """Hear how far a request has come; False when it counts no more."""
        with self.lock:
            if request is not self.running:
                return False
            request.progress = progress
            return True

    def settle(self, request: Request, planned: Planned) -> bool:
        """Show a request's plan; False when the answer came too late and was dropped."""
        with self.lock:
            if request is not self.running:
                return False
            self.running = None
            self._show(self.history.then(planned))
            return True

    def fail(self, request: Request, why: str, repairs: tuple[Mend, ...] = ()) -> bool:
        """Say why a request gave no plan, and what would help; False when the answer came too late and was dropped."""
        with self.lock:
            if request is not self.running:
                return False
            self.running = None
            self.repairs = repairs
            cancelled = self.language.gettext("Cancelled before a lineup was found; the plan before it stays.")
            self.error = f"{cancelled}\n{why}" if request.cancelled else why
            return True

    def cancel(self) -> bool:
        """End the request under way and keep the best so far; True when there was one."""
        with self.lock:
            if self.running is None:
                return False
            self.running.cancelled = True
            self.running.end()
            return True

    def solve(self, settings: Settings) -> bool:
        """Plan with new settings here and now; True when they give a plan.

        Without a plan the last one stays, and ``error`` says what is in the way.
        """
        request = self.request(settings)

        def told(progress: Progress) -> None:
            self.progressed(request, progress)

        try:
            planned = self.planner.plan(settings, told=told, stop=request.stop)
        except BosspickError as error:
            self.fail(request, *told_of(error, self.language))
            return False
        except Exception as error:
            self.fail(request, repr(error))
            raise
        return self.settle(request, planned)

    def undo(self) -> bool:
        """Take back the last change; True when there is one.

        What is wanted and not planned yet, be it under way or failed, is given up first; else the plan before comes back.
        """
        with self.lock:
            if self._pending:
                self._drop_running()
                self.wanted, self.error, self.repairs = self.settings, "", ()
                return True
            return self._step(self.history.undo())

    def redo(self) -> bool:
        """Forward to the plan undone last; True when there is one."""
        with self.lock:
            return self._step(self.history.redo())

    def keep(self, text: str) -> Scenario:
        """Keep the plan shown and its settings under a name.

        Raises
        ------
        InputError
            There is no plan yet, or the name is empty, too long or taken.
        """
        with self.lock:
            if self.present is None:
                raise InputError(marked("there is no plan to keep yet"), where=marked("Keep as"), hint=marked("solve first"))
            name = name_of(text, [scenario.name for scenario in self.scenarios])
            kept = Scenario(name=name, planned=self.present)
            self.scenarios = (*self.scenarios, kept)
            return kept

    def take_up(self, name: str) -> None:
        """Show a scenario's plan with its settings again, as a new step of the history."""
        with self.lock:
            planned = named(self.scenarios, name).planned
            self._drop_running()
            if planned is not self.present:
                self._show(self.history.then(planned))
            else:
                self.wanted, self.error, self.repairs = planned.settings, "", ()

    def drop(self, name: str) -> None:
        """Forget a scenario."""
        with self.lock:
            gone = named(self.scenarios, name)
            self.scenarios = tuple(scenario for scenario in self.scenarios if scenario is not gone)

    def compared(self) -> pd.DataFrame:
        """The present plan and every scenario side by side; see :func:`bosspick.desk.scenarios.compared`."""
        with self.lock:
            scenarios, present = self.scenarios, self.present
        return compared(scenarios, present, self.planner.titles)

    def ask(self, offer_id: str) -> Question:
        """Ask why an offer is not in the plan shown; the question before it counts no more.

        Raises
        ------
        InputError
            There is no plan yet.
        """
        with self.lock:
            if self.present is None:
                raise InputError(marked("there is no plan to ask about yet"), where=offer_id, hint=marked("solve first"))
            self.question = Question(offer_id=offer_id, planned=self.present)
            return self.question

    def answered(self, question: Question, answer: str, *, failed: bool = False) -> bool:
        """Hear the answer; False when another question was asked since, or the plan is another one."""
        with self.lock:
            if self.question is not question:
                return False
            self.question = Question(offer_id=question.offer_id, planned=question.planned, answer=answer, failed=failed)
            return True

    def benched(self, planned: Planned, bench: pd.DataFrame) -> bool:
        """Hear the bench of a plan; True when it is the plan shown."""
        with self.lock:
            self._benches[planned.settings, planned.plan.version] = bench
            return planned is self.present

    def ordered(self, planned: Planned, order: dict[str, str]) -> bool:
        """Hear the order of a plan's items; True when it is the plan shown."""
        with self.lock:
            self._orders[planned.plan.version] = order
            return planned is self.present

    def restore(self, scenario: Scenario) -> None:
        """Put back a scenario that was kept before."""
        with self.lock:
            self.scenarios = (*(each for each in self.scenarios if each.name != scenario.name), scenario)

    def recall(self, past: tuple[Planned, ...], future: tuple[Planned, ...]) -> None:
        """Put the steps before and after the plan shown back; what is shown stays."""
        with self.lock:
            self.history = History(past=past, present=self.present, future=future)

    def complain(self, why: str) -> None:
        """Say that something could not be done; what is shown stays."""
        with self.lock:
            self.error, self.repairs = why, ()

    def _drop_running(self) -> None:
        if self.running is not None:
            self.running.end()
            self.running = None

    def _step(self, history: History[Planned]) -> bool:
        if history is self.history:
            return False
        self._drop_running()
        self._show(history)
        return True

    def _show(self, history: History[Planned]) -> None:
        before, now = self.present, history.present
        if before is not None and now is not None:
            self.changes = diff(before.plan.chosen, now.plan.chosen)
        self.history, self.error, self.repairs, self.question = history, "", (), None
        self.wanted = self.settings
