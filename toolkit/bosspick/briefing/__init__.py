"""The planning notebooks through papermill, and the briefing they publish."""

from bosspick.briefing.runner import Briefing, brief
from bosspick.briefing.stage import Stage

__all__ = ["Briefing", "Stage", "brief"]
