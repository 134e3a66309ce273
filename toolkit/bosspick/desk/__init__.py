"""The desk in JupyterLab: a producer's settings solved again at each change, and the evidence offer by offer."""

from bosspick.desk.lineup_desk import lineup_desk
from bosspick.desk.live_desk import LiveDesk, live_desk
from bosspick.desk.live_export import save_airings
from bosspick.desk.planner import GivenPlanner, Planner, WeekPlanner
from bosspick.desk.prices import price_desk
from bosspick.desk.review import review_desk, review_queue
from bosspick.desk.settings import Settings
from bosspick.desk.state import DeskState
from bosspick.desk.talk_form import TalkForm, TalkRecord, talk_form
from bosspick.desk.widgets import LineupDesk

__all__ = [
    "DeskState",
    "GivenPlanner",
    "LineupDesk",
    "LiveDesk",
    "Planner",
    "Settings",
    "TalkForm",
    "TalkRecord",
    "WeekPlanner",
    "lineup_desk",
    "live_desk",
    "price_desk",
    "review_desk",
    "review_queue",
    "save_airings",
    "talk_form",
]
