"""Quotes without a barcode matched to offers by their titles: block, score, decide."""

from bosspick.screening.matching.match import match_titles
from bosspick.screening.matching.words import fold

__all__ = ["fold", "match_titles"]
