"""A show as it went: forecast against result, and the promises kept."""

from bosspick.reviewing.score import Review, review
from bosspick.reviewing.watch import WatchReport, watch

__all__ = ["Review", "WatchReport", "review", "watch"]
