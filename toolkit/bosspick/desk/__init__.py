"""The desk in JupyterLab: a producer's settings solved again at each change, and the evidence offer by offer."""

from bosspick.desk.planner import GivenPlanner, Planner, WeekPlanner
from bosspick.desk.prices import price_desk
from bosspick.desk.review import review_desk, review_queue
from bosspick.desk.settings import Settings
from bosspick.desk.state import DeskState
from bosspick.desk.talk_form import TalkForm, TalkRecord, talk_form
from bosspick.desk.widgets import LineupDesk, lineup_desk

__all__ = [
    "DeskState",
    "GivenPlanner",
    "LineupDesk",
    "Planner",
    "Settings",
    "TalkForm",
    "TalkRecord",
    "WeekPlanner",
    "lineup_desk",
    "price_desk",
    "review_desk",
    "review_queue",
    "talk_form",
]
