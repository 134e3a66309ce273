"""A past show as it went: forecast against result, and the promises kept."""

from bosspick.reviewing.score import Review, review

__all__ = ["Review", "review"]
