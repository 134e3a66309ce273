"""The catalogues of translations: English is what stands in the code, the other languages are looked up here."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

__all__ = ["LANGUAGES", "LOCALE", "catalogue", "recognised"]

#: Languages there are words in, and the tag of their pages.
LANGUAGES = {"en": "en", "zh": "zh-CN"}
#: Where the catalogues are.
LOCALE = Path(__file__).with_name("locale")
_PLACE = re.compile(r"%\((\w+)\)s")


@cache
def catalogue(code: str) -> gettext.NullTranslations:
    """The catalogue of a language; that of English is empty.

    Examples
    --------
    >>> catalogue("zh").gettext("walk-away"), catalogue("en").gettext("walk-away")
    ('底线价', 'walk-away')
    """
    if code == "en":
        return gettext.NullTranslations()
    return gettext.translation("bosspick", LOCALE, languages=[code])


def recognised(code: str, words: str, forms: tuple[str, ...], told: Callable[[str], str]) -> str | None:
    """A sentence composed in English, in another language; None where it has none of the forms.

    Parameters
    ----------
    code, words
        The language, and the sentence.
    forms
        Messages of the catalogue with places such as ``%(offer)s``.
    told
        Translates what fills a place.
    """
    for pattern, translation in _patterns(code, forms):
        found = pattern.fullmatch(words)
        if found:
            return translation % {name: told(value) for name, value in found.groupdict().items()}
    return None


@cache
def _patterns(code: str, forms: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What recognises each form, the most literal first, and its translation."""
    ordered = sorted(forms, key=lambda form: (-len(_PLACE.sub("", form)), form))
    return tuple((_pattern(form), catalogue(code).gettext(form)) for form in ordered)


def _pattern(form: str) -> re.Pattern[str]:
    pieces = _PLACE.split(form)
    # Pieces alternate between literal text and the name of a place.
    return re.compile("".join(f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces)))
