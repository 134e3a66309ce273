"""The lineup desk in a notebook: opened at the stage's week, with what was left on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bosspick.desk.office import Office
from bosspick.desk.planner import WeekPlanner
from bosspick.desk.state import DeskState
from bosspick.desk.widgets import LineupDesk
from bosspick.desk.words import notice_html

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["lineup_desk"]


def lineup_desk(stage: Stage) -> None:
    """Show the desk of a notebook's week; in a briefing run there is nobody to sit at it, and nothing is shown.

    Parameters
    ----------
    stage
        The notebook's stage.
    """
    if stage.config.folder is not None:
        return
    from IPython.display import display

    from bosspick.briefing.wording_check import unsigned_of
    from bosspick.ledger import Ledger

    planner = WeekPlanner(week=stage.week, decisions=stage.decisions, standing=stage.standing)
    planner.known(stage.screening, stage.plan.options)
    state = DeskState.of_planner(planner, plan=stage.plan, screening=stage.screening, language=stage.language)
    office = Office(
        ledger=Ledger.of_room(stage.week.room), session_id=stage.week.session_id, language=stage.language,
        unsigned=lambda planned: unsigned_of(stage.week, planned.screening or stage.screening, planned.plan),
    )  # fmt: skip
    words = office.take_up(state)
    desk = LineupDesk(state, office=office)
    if words:
        desk.notice.value = notice_html(words)
    display(desk.box)
