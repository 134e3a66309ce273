"""What the notebooks stand on: each product of the plan, computed once and handed on to the next step."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bosspick.briefing.config import RunConfig, read_config
from bosspick.errors import StepFailedError

if TYPE_CHECKING:
    import pandas as pd

    from bosspick.bargaining import TalkPlan, Targets
    from bosspick.bargaining.subsidy import Subsidy
    from bosspick.briefing.language import Language
    from bosspick.demand import Demand
    from bosspick.intake import Week
    from bosspick.ledger import Standing
    from bosspick.lineup.plan import LineupPlan
    from bosspick.rundown import Rundown
    from bosspick.screening import Screening

__all__ = ["Stage", "store"]

T = TypeVar("T")
_POLL_S = 0.05
#: Seconds for the talk plan, several times what it takes: where a limit ends it, equal weeks may get unequal plans.
_TALKS_S = 120.0


class Stage:
    """The products of one week's plan, for a notebook or for the command line.

    Run by hand, every product is computed when first asked for. In a briefing run the steps share a folder: each
    makes its own products, and asking for those of an earlier step waits until they are there.

    Parameters
    ----------
    config
        What to plan.
    told
        Called with the name of the product under way whenever that changes, and with nothing when none is.
    """

    def __init__(self, config: RunConfig, *, told: Callable[[str], None] | None = None) -> None:
        self.config = config
        self._told = told
        self._under_way: list[str] = []
        self._begun, self._waited = time.monotonic(), 0.0

    @classmethod
    def open(cls, path: str = "") -> Stage:
        """Open the stage of a notebook; ``path`` is its one parameter, empty for the demo room."""
        return cls(read_config(path))

    @property
    def language(self) -> Language:
        """The language of what is written for people."""
        from bosspick.briefing.language import Language

        return Language.of(self.config.lang)

    @cached_property
    def week(self) -> Week:
        """The validated week."""

        def read() -> Week:
            from bosspick.intake import open_room

            room = open_room(self.config.url or self.config.room, folder=self.config.room if self.config.url else None)
            return room.week(self.config.session, as_of=self.config.as_of)

        return self._product("week", None, read)

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """What was decided of quotes' titles before; see :meth:`bosspick.ledger.Ledger.match_decisions`."""
        from bosspick.ledger import Ledger

        return self._product("decisions", "01_screening", Ledger.of_room(self.week.room).match_decisions)

    @cached_property
    def screening(self) -> Screening:
        """What the screen found."""

        def make() -> Screening:
            from bosspick.screening import screen

            return screen(self.week, decisions=self.decisions, bearing=True)

        return self._product("screening", "01_screening", make)

    @cached_property
    def demand(self) -> Demand:
        """The demand estimate."""

        def make() -> Demand:
            from bosspick.demand import estimate_demand

            return estimate_demand(self.week)

        return self._product("demand", "02_lineup", make)

    @cached_property
    def standing(self) -> Standing:
        """What was agreed, published and chosen so far."""

        def read() -> Standing:
            from bosspick.ledger import Ledger, Standing

            return Standing.of_week(Ledger.of_room(self.week.room), self.week.session_id)

        return self._product("standing", "02_lineup", read)

    @cached_property
    def plan(self) -> LineupPlan:
        """The proven lineup that has an order, with bench and rule prices."""

        def make() -> LineupPlan:
            from bosspick.demand import price_options
            from bosspick.lineup.plan import plan_lineup
            from bosspick.rundown import orderable_plan

            known = self.standing
            options = price_options(self.week, self.screening, demand=self.demand, settled=known.settled, failed=known.failed)
            rules = known.rules(set(options["offer_id"]))
            best = plan_lineup(self.week, self.screening, options=options, published=known.published, extra_rules=rules)
            return orderable_plan(self.week, best)

        return self._product("plan", "02_lineup", make)

    @cached_property
    def targets(self) -> Targets:
        """Ask, target and walk-away of every offer that may air."""

        def make() -> Targets:
            from bosspick.bargaining import price_targets

            # In this order: the page waits for who pays as well, and the talks may still be planned beside the walk-aways.
            _, limits, talks = self.subsidy, self.limits, self.talks.talks
            return price_targets(self.week, self.screening, self.plan, demand=self.demand, limits=limits, talks=talks)

        return self._product("targets", "03_bargaining", make)

    @cached_property
    def limits(self) -> pd.DataFrame:
        """The walk-away of every offer that may air."""

        def make() -> pd.DataFrame:
            from bosspick.bargaining.limits import walk_away_limits

            return walk_away_limits(self.week, self.screening, self.plan, self.demand)

        return self._product("limits", "03_bargaining", make)

    @cached_property
    def talks(self) -> TalkPlan:
        """With whom to talk and what to aim at, within the hours that are left."""

        def make() -> TalkPlan:
            from bosspick.bargaining import talk_plan

            hours = self.week.policy.bargaining.default_talk_hours
            spent = self.standing.hours_spent(self.week.table("offers"), default=hours)
            return talk_plan(self.week, self.plan, spent=spent, time_limit_s=_TALKS_S)

        return self._product("talks", "talks", make)

    @cached_property
    def subsidy(self) -> Subsidy:
        """Who pays for the prices."""

        def make() -> Subsidy:
            from bosspick.bargaining.subsidy import subsidy_by_payer

            return subsidy_by_payer(self.week, self.plan)

        return self._product("subsidy", "03_bargaining", make)

    @cached_property
    def rundown(self) -> Rundown:
        """Order, minutes and tranches."""

        def make() -> Rundown:
            from bosspick.rundown import plan_rundown

            return plan_rundown(self.week, self.plan, demand=self.demand)

        return self._product("rundown", "04_rundown", make)

    def done(self, step: str) -> None:
        """Hand a step's products on: write its files, then the sentinel that says it came to its end.

        Nothing is written when a notebook is run by hand.
        """
        if self.config.folder is None:
            return
        from bosspick.briefing.files import write_step

        write_step(self, step, self.config.folder / "files")
        self.end(step)

    def wait_for(self, step: str) -> None:
        """Wait until another step of the run came to its end."""
        assert self.config.folder is not None
        done = self.config.folder / f"{step}.done"
        self._wait(done, step, done)

    def end(self, step: str) -> None:
        """Leave the sentinel of a step, with the seconds it worked: those in which it waited for others are not its own."""
        assert self.config.folder is not None
        seconds = round(time.monotonic() - self._begun - self._waited, 2)
        store(self.config.folder / f"{step}.done", json.dumps({"step": step, "seconds": seconds}).encode())

    def _product(self, name: str, maker: str | None, make: Callable[[], T]) -> T:
        folder = self.config.folder
        if folder is None:
            return self._made(name, make)
        path = folder / f"{name}.pickle"
        if maker is not None and maker == self.config.step:
            made = make()
            store(path, pickle.dumps(made))
            return made
        self._wait(path, maker or name, folder / f"{maker}.done")
        loaded: T = pickle.loads(path.read_bytes())  # noqa: S301 - written by this run's own steps
        return loaded

    def _made(self, name: str, make: Callable[[], T]) -> T:
        self._under_way.append(name)
        self._tell()
        try:
            return make()
        finally:
            self._under_way.pop()
            self._tell()

    def _tell(self) -> None:
        if self._told is not None:
            self._told(self._under_way[-1] if self._under_way else "")

    def _wait(self, path: Path, what: str, done: Path) -> None:
        """Wait for a product, not for the end of its step: that may still draw and write what it has planned."""
        begun = time.monotonic()
        deadline = begun + self.config.wait_s
        while not path.is_file():
            if done.is_file() and not path.is_file():
                raise StepFailedError(f"{what} ended without {path.stem}", hint="run the briefing again")
            if time.monotonic() > deadline:
                raise StepFailedError(f"waited {self.config.wait_s:.0f} s for {what}", hint="run the briefing again")
            time.sleep(_POLL_S)
        self._waited += time.monotonic() - begun


def store(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever reads half of it."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)
