"""Landed price, matching, evidence: a verdict per offer and rule."""

from bosspick.screening.screen import Screening, screen

__all__ = ["Screening", "screen"]
