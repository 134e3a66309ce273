"""The lineup desk: a producer's settings, solved again at each change, in JupyterLab."""

from bosspick.desk.state import DeskState, Settings
from bosspick.desk.widgets import lineup_desk

__all__ = ["DeskState", "Settings", "lineup_desk"]
