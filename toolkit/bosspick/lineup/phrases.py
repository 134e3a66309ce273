"""Numbers as a producer reads them in what is said of rules: counts with their noun, amounts in their unit."""

from __future__ import annotations

import math

__all__ = ["amount", "counted", "rounded_up"]


def counted(number: float, noun: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> counted(1, "item"), counted(2.0, "item")
    ('1 item', '2 items')
    """
    return f"{number:,.10g} {noun}{'' if number == 1 else 's'}"


def amount(column: str, number: float) -> str:
    """An amount of a column: yuan where the column holds fen, rounded up to a fen.

    Examples
    --------
    >>> amount("subsidy_fen", 1234500), amount("talk_hours", 16.5)
    ('¥12,345.00', '16.5')
    """
    return f"¥{math.ceil(round(number, 6)) / 100:,.2f}" if column.endswith("_fen") else f"{number:,.10g}"


def rounded_up(share: float) -> str:
    """A coefficient in three places, never less than it is.

    Examples
    --------
    >>> rounded_up(0.6401), rounded_up(0.5)
    ('0.641', '0.5')
    """
    return f"{math.ceil(round(share * 1000, 6)) / 1000:.10g}"
