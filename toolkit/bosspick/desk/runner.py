"""Solves and questions beside the kernel's event loop, told to whoever shows the desk."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakSet

from bosspick.desk.asked import Question, Request
from bosspick.desk.planner import Planned, told_of
from bosspick.desk.settings import Settings
from bosspick.desk.state import DeskState
from bosspick.desk.why import why_words
from bosspick.desk.worker import LatestWorker, ticking
from bosspick.errors import BosspickError
from bosspick.lineup import Progress

__all__ = ["DeskRunner"]

#: Seconds in which several turns of a slider are one change.
_DEBOUNCE_S = 0.15
#: Seconds of quiet after which the bench is chosen: it is dear, and the next change makes it worthless.
_QUIET_S = 1.0
#: Seconds between two looks at the clock while a solve runs.
_TICK_S = 0.25


class DeskRunner:
    """Does what the desk asks on threads; the newest request wins, an older answer that comes late is dropped.

    Parameters
    ----------
    state
        The desk's state.
    told
        Called, on any thread, after the state has changed.
    debounce_s, quiet_s
        Seconds to wait for another change before a solve, and before the bench is chosen.
    """

    def __init__(
        self, state: DeskState, *, told: Callable[[], None], debounce_s: float = _DEBOUNCE_S, quiet_s: float = _QUIET_S
    ) -> None:
        self.state = state
        self._told = told
        self._debounce_s = debounce_s
        self._quiet_s = quiet_s
        self._plans = LatestWorker("bosspick-desk-plan")
        self._answers = LatestWorker("bosspick-desk-why")
        self._benches = LatestWorker("bosspick-desk-bench")
        self._ordered: WeakSet[Planned] = WeakSet()

    def solve(self, settings: Settings, *, at_once: bool = False) -> None:
        """Plan with new settings in the background."""
        request = self.state.request(settings)
        self._plans.submit(lambda: self._plan(request), after_s=0.0 if at_once else self._debounce_s)
        self._told()

    def ask(self, offer_id: str) -> None:
        """Ask why an offer is not in, in the background."""
        question = self.state.ask(offer_id)
        self._answers.submit(lambda: self._answer(question))
        self._told()

    def choose_bench(self) -> None:
        """Choose the bench of the plan shown, and order its show, once it is quiet and as far as they are not known."""
        with self.state.lock:
            planned = self.state.present
            if planned is None or (self.state.bench is not None and planned in self._ordered):
                return
        self._benches.submit(lambda: self._bench(planned), after_s=self._quiet_s)

    def wait(self) -> None:
        """Wait until nothing is under way; raises what went wrong on a thread since the last wait."""
        self._plans.wait()
        self._answers.wait()
        self._benches.wait()

    def _plan(self, request: Request) -> None:
        try:
            if request.stop():
                self.state.fail(request, self.state.language.gettext("It had not begun."))
                return
            with ticking(self._told, _TICK_S):
                planned = self.state.planner.plan(request.settings, told=self._heard(request), stop=request.stop)
        except BosspickError as error:
            self.state.fail(request, *told_of(error, self.state.language))
        except Exception as error:
            self.state.fail(request, repr(error))
            raise
        else:
            self.state.settle(request, planned)
        finally:
            self.choose_bench()
            self._told()

    def _heard(self, request: Request) -> Callable[[Progress], None]:
        def heard(progress: Progress) -> None:
            # The clock tells of it: a solver that finds much must not flood the browser.
            self.state.progressed(request, progress)

        return heard

    def _answer(self, question: Question) -> None:
        try:
            titles, language = self.state.planner.titles, self.state.language
            answer = why_words(question.planned.plan, question.offer_id, titles, language)
        except BosspickError as error:
            self.state.answered(question, self.state.language.error(error), failed=True)
        except Exception as error:
            self.state.answered(question, repr(error), failed=True)
            raise
        else:
            self.state.answered(question, answer)
        finally:
            self._told()

    def _bench(self, planned: Planned) -> None:
        def stop() -> bool:
            return self.state.running is not None or planned is not self.state.present

        if stop():
            return
        shown = False
        try:
            if planned not in self._ordered:
                order = self.state.planner.order(planned)
                self._ordered.add(planned)
                if order is not None and self.state.ordered(planned, order):
                    self._told()
            if self.state.bench is None:
                bench = self.state.planner.bench(planned, stop=stop)
                shown = bench is not None and self.state.benched(planned, bench)
        except Exception as error:
            why = self.state.language.error(error) if isinstance(error, BosspickError) else repr(error)
            self.state.complain(self.state.language.gettext("The bench or the order could not be made: %(why)s", why=why))
            self._told()
            raise
        if shown:
            self._told()
