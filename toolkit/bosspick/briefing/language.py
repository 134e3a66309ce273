"""The language a briefing is written in: its words, and how it writes figures, money and dates."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from bosspick.briefing import wording
from bosspick.catalogue import LANGUAGES, catalogue, recognised
from bosspick.errors import BosspickError, InputError

__all__ = ["ENGLISH", "Language", "marked"]

_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
}
_UNKNOWN = {"en": wording.UNKNOWN, "zh": "未知"}
#: What joins the parts of a list, and the parts of a sentence.
_COMMA = {"en": ", ", "zh": "、"}
_SEMICOLON = {"en": "; ", "zh": "；"}
_COLON = {"en": ": ", "zh": "："}
_STOP = {"en": ". ", "zh": "。"}
_CLAUSE = {"en": ", ", "zh": "，"}
_SPACE = {"en": " ", "zh": ""}
#: Names as Python writes them in a message, and a list of such names.
_QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"")
_QUOTED_LIST = re.compile(r"(?:'[^']+'|\"[^\"]+\")(?:(?:, | and )(?:'[^']+'|\"[^\"]+\"))*")


def marked(message: str) -> str:
    """A message as it stands, marked for the catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language by its code, ``en`` or ``zh``.

    Money that is said on air or keyed into a calculator is exact in every language; totals and large counts are written
    by ten thousands (万) in Chinese.
    """

    code: str

    @classmethod
    def of(cls, code: str) -> Language:
        """The language of a code.

        Raises
        ------
        InputError
            There are no words in it.
        """
        if code not in LANGUAGES:
            raise InputError(f"there are no words in {code!r}", hint="en or zh")
        return cls(code=code)

    @property
    def tag(self) -> str:
        """Tag for ``<html lang>``."""
        return LANGUAGES[self.code]

    @property
    def unknown(self) -> str:
        """What stands where a figure is missing."""
        return _UNKNOWN[self.code]

    @property
    def translations(self) -> gettext.NullTranslations:
        """The catalogue, for templates."""
        return catalogue(self.code)

    def gettext(self, message: str, /, **values: Any) -> str:
        """A message in this language, its ``%(name)s`` filled in; a percent sign is written twice.

        Examples
        --------
        >>> Language.of("zh").gettext("%(share)s below", share="28%")
        '低28%'
        """
        return catalogue(self.code).gettext(message) % values

    def ngettext(self, one: str, many: str, number: int, /, **values: Any) -> str:
        """A message that depends on a number, filled in like :meth:`gettext`."""
        return catalogue(self.code).ngettext(one, many, number) % values

    def told(self, text: object) -> str:
        """A text other rooms composed in English, in this language; one the catalogue does not know stays as it is.

        Examples
        --------
        >>> Language.of("zh").told("its own shop showed it at ¥12.30 in the days before")
        '其自营店近日标价¥12.30'
        """
        words = str(text)
        if self.code == "en" or not words:
            return words
        found = catalogue(self.code).gettext(words)
        return found if found != words else _composed(self.code, words)

    def phrases(self, messages: Mapping[str, str]) -> dict[str, str]:
        """Messages by name in this language, their places still to be filled, for what runs in a browser."""
        return {name: catalogue(self.code).gettext(message) for name, message in messages.items()}

    def error(self, error: BosspickError) -> str:
        """What an error says: where, what is wrong, and what to do."""
        text = self.told(error.message)
        text = f"{self.told(error.where)}{self.colon}{text}" if error.where else text
        return f"{text}\n  → {self.told(error.hint)}" if error.hint else text

    @property
    def comma(self) -> str:
        """What stands between the names of a list."""
        return _COMMA[self.code]

    @property
    def clause(self) -> str:
        """What stands between two clauses."""
        return _CLAUSE[self.code]

    @property
    def space(self) -> str:
        """What stands between two sentences."""
        return _SPACE[self.code]

    @property
    def semicolon(self) -> str:
        """What stands between the parts of a sentence."""
        return _SEMICOLON[self.code]

    @property
    def colon(self) -> str:
        """What stands before an explanation."""
        return _COLON[self.code]

    @property
    def stop(self) -> str:
        """What ends a sentence."""
        return _STOP[self.code]

    def listed(self, parts: Any) -> str:
        """Names as a list."""
        return _COMMA[self.code].join(str(part) for part in parts)

    def joined(self, parts: Any) -> str:
        """Parts of a sentence, the empty ones left out."""
        return _SEMICOLON[self.code].join(str(part) for part in parts if part)

    def with_reason(self, what: str, why: str) -> str:
        """A statement and what explains it."""
        return f"{what}{_COLON[self.code]}{why}" if why else what

    def yuan(self, fen: Any, *, whole: bool = False) -> str:
        """Exact money; see :func:`bosspick.briefing.wording.yuan`."""
        return self.unknown if fen is None or pd.isna(fen) else wording.yuan(fen, whole=whole)

    def total(self, fen: Any) -> str:
        """Money of many units together, never a price.

        Examples
        --------
        >>> Language.of("en").total(21_284_710_0), Language.of("zh").total(21_284_710_0), Language.of("zh").total(12_30)
        ('¥2,128,471', '¥212.85万', '¥12')
        """
        if self.code == "en" or fen is None or pd.isna(fen) or abs(int(fen)) < 1_000_000:
            return self.yuan(fen, whole=True)
        sign = "−" if int(fen) < 0 else ""
        return f"{sign}¥{_by_ten_thousands(abs(int(fen)) / 100)}"

    def count(self, number: Any) -> str:
        """A count, large ones by ten thousands in Chinese.

        Examples
        --------
        >>> Language.of("zh").count(125000), Language.of("zh").count(9999), Language.of("en").count(125000)
        ('12.5万', '9,999', '125,000')
        """
        if self.code == "en" or number is None or pd.isna(number) or abs(float(number)) < 10_000:
            return self.exact(number)
        return ("−" if float(number) < 0 else "") + _by_ten_thousands(abs(float(number)))

    def exact(self, number: Any) -> str:
        """A count with every digit, as the control desk needs it."""
        return self.unknown if number is None or pd.isna(number) else wording.count(number)

    def percent(self, share: Any, digits: int = 0) -> str:
        """A share as percent."""
        return self.unknown if share is None or pd.isna(share) else wording.percent(share, digits)

    def clock(self, at: datetime) -> str:
        """Time of day."""
        return wording.clock(at)

    def short_day(self, at: date) -> str:
        """Day and month."""
        return f"{at.month}月{at.day}日" if self.code == "zh" else wording.short_day(at)

    def day(self, at: Any) -> str:
        """A whole date."""
        if at is None or pd.isna(at):
            return self.unknown
        return f"{at.year}年{at.month}月{at.day}日" if self.code == "zh" else wording.day(at)

    def moment(self, at: Any) -> str:
        """Day and time."""
        if at is None or pd.isna(at):
            return self.unknown
        return f"{self.short_day(at)}{self.clock(at)}" if self.code == "zh" else wording.moment(at)

    def weekday(self, at: date) -> str:
        """Name of the day."""
        return _WEEKDAYS[self.code][at.weekday()]


#: The language of the code itself.
ENGLISH = Language(code="en")


def _by_ten_thousands(amount: float) -> str:
    for size, word in ((1e8, "亿"), (1e4, "万")):
        # 99,999,999 must become one 亿 and not ten thousand 万.
        if round(amount / size, 2) >= 1:
            return f"{amount / size:.2f}".rstrip("0").rstrip(".") + word
    return f"{amount:,.0f}"


def _composed(code: str, words: str) -> str:
    """A text by its form, its parts one by one, or without the quotes around it; as it is where none is known."""
    from bosspick.briefing.vocabulary import FORMS

    language = Language(code=code)
    found = recognised(code, words, FORMS, language.told)
    if found is not None:
        return found
    if _QUOTED_LIST.fullmatch(words):
        return language.listed(f"“{language.told(one or other)}”" for one, other in _QUOTED.findall(words))
    parts = words.split("; ")
    told = [language.told(part) for part in parts] if len(parts) > 1 else parts
    return words if told == parts else language.joined(told)
