"""Labels of figures: others' text made safe for them, and broken into lines where words end."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

__all__ = ["axis_label", "plain"]

#: What a line should not break within: words apart by spaces. And what it may not: a word of letters and figures, or a
#: single character of a script without spaces.
_SPACED = re.compile(r"\S+\s*")
_WORDS = re.compile(r"[\w.,;:'’%·-]+\s*|.\s*", re.ASCII | re.DOTALL)


def axis_label(text: str, *, width: int = 18) -> str:
    """A label of at most two lines of so many half-widths, so that it leaves a phone room for the chart.

    Examples
    --------
    >>> axis_label("too few channels with evidence", width=17), axis_label("面霜 <b>", width=5)
    ('too few channels<br>with evidence', '面霜<br>‹b›')
    >>> axis_label("与最低公开价持平", width=8), axis_label("与最低公开价持平，并未更低", width=8)
    ('与最低公<br>开价持平', '与最低公<br>开价持…')
    """
    words = plain(text)
    for pieces in (_SPACED, _WORDS):
        lines = _filled(pieces.findall(words), width)
        if len(lines) <= 2 and all(_half_widths(line) <= width for line in lines):
            return "<br>".join(lines)
    return _cut(words, width)


def plain(text: object, most: int = 200) -> str:
    """Others' text without what a figure would read as tags, cut to so many half-widths.

    Examples
    --------
    >>> plain("<i>Cream</i>", 6), plain("面霜")
    ('‹i›Cr…', '面霜')
    """
    kept, width = "", 0
    for char in str(text).replace("<", "‹").replace(">", "›").replace("&", "＆"):
        width += _half_widths(char)
        if width > most:
            return kept[:-1] + "…"
        kept += char
    return kept


def _filled(pieces: list[str], width: int) -> list[str]:
    """Lines of as many pieces as fit each."""
    lines = [""]
    for piece in pieces:
        if lines[-1] and _half_widths(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _cut(text: str, width: int) -> str:
    """Two full lines of a text that does not fit them by its words, and how it goes on left out."""
    lines, room = [""], width
    for char in text:
        if _half_widths(char) > room:
            if len(lines) == 2:
                return "<br>".join([lines[0].strip(), lines[1][:-1] + "…"])
            lines, room = [*lines, ""], width
        lines[-1], room = lines[-1] + char, room - _half_widths(char)
    return "<br>".join(line.strip() for line in lines)


def _half_widths(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
