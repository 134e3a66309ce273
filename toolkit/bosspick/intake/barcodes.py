"""Barcode numbers (GTIN) as people and programs write them, to the plain digits that are compared.

A UPC of 12 digits is an EAN of 13 with a zero before it: leading zeros are kept as written, and left aside where numbers are
compared (:mod:`bosspick.screening.pairing`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

__all__ = ["BARCODE_CUT", "BARCODE_DRESS", "Barcodes", "read_barcodes"]

#: What is taken off: quotes by which a spreadsheet is told that a cell is text, dashes and blanks that part the digits, and the
#: ending of a number that was kept as a fraction. Feeds are read by the same patterns, in every engine.
BARCODE_DRESS = r"[\x27\x60\x09-\x0D\x20\xA0" + "‘’\u2002-\u200b\u2010-\u2015\u202f\u2212\u3000\ufeff" + r"-]|\.0+$"
#: A number shown by its first digits only: the others are lost.
BARCODE_CUT = r"^[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+$"
_LONGEST = 14


@dataclass(frozen=True, slots=True)
class Barcodes:
    """Barcode numbers, and what is to be said of some.

    Attributes
    ----------
    values
        Plain digits; what is no number as it was written; null for none and for one whose last digits are lost.
    notes
        For each thing to be said: the reasons by cell, empty for the others, and what to do.
    """

    values: pd.Series
    notes: tuple[tuple[pd.Series, str], ...]


def read_barcodes(text: pd.Series) -> Barcodes:
    """Read barcode numbers; none is refused, because a title may stand for it.

    Parameters
    ----------
    text
        Half-width text cells without surrounding blanks; the empty string means no value.

    Examples
    --------
    >>> read_barcodes(pd.Series(["690-1234-567892", "6901234567892.0", "6.9E+12"], dtype="str")).values.tolist()
    ['6901234567892', '6901234567892', nan]
    """
    bare = text.str.replace(BARCODE_DRESS, "", regex=True)
    digits = bare.str.fullmatch("[0-9]+")
    values = bare.where(digits, text)
    cut = values.str.contains(BARCODE_CUT, regex=True)
    none = pd.Series("", index=text.index, dtype="str")
    number = values.where(digits, "").str.lstrip("0")
    long = number.str.len() > _LONGEST
    wanted = _check_digits(number.where(digits & ~long, ""))
    wrong = digits & ~long & (number != "") & (wanted != number.str.slice(-1))
    other = (text != "") & ~cut & (long | ~digits)
    lost = none.where(~cut, "lost its last digits to a spreadsheet and counts as none")
    slip = none.where(~wrong, "is mistyped: its check digit would be " + wanted)
    no_number = none.where(~other, "is no barcode number")
    return Barcodes(
        values.where((text != "") & ~cut),
        (
            (lost, "format the column as text and enter it in full; until then only titles are compared"),
            (slip, "copy it from the pack again: as it stands it matches only the same number"),
            (no_number, "give the 8, 12, 13 or 14 digits below the bars: as it stands it matches only the same text"),
        ),
    )


def _check_digits(numbers: pd.Series) -> pd.Series:
    """The digit each number would have to end in: from the right, the others count three times and once in turn."""
    digits = numbers.where(numbers != "", "0").astype("int64")
    total = sum(digits // 10**place % 10 * (3 if place % 2 else 1) for place in range(1, _LONGEST))
    wanted: pd.Series = ((10 - total % 10) % 10).astype("str")
    return wanted
