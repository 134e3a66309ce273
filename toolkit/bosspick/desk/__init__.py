"""The desk in JupyterLab: a producer's settings solved again at each change, and the evidence offer by offer."""

from bosspick.desk.prices import price_desk
from bosspick.desk.review import review_desk, review_queue
from bosspick.desk.state import DeskState, Settings
from bosspick.desk.widgets import lineup_desk

__all__ = ["DeskState", "Settings", "lineup_desk", "price_desk", "review_desk", "review_queue"]
