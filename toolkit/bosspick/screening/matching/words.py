"""A title taken apart: words, model numbers, size, and what is left when sellers' phrases are gone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bosspick.screening.title_patterns import fold_title, mentions, spec_of

__all__ = ["TitleWords", "fold", "is_model", "take_apart"]

#: What sellers put around a title that says nothing about the product.
_PHRASES = (
    "官方直发", "官方正品", "官方旗舰店", "官方旗舰", "旗舰店", "正品保证", "正品", "包邮", "现货速发", "现货", "特价", "特惠",
    "新品上市", "新品", "新款", "热卖", "爆款", "直播专享", "直播间", "专享", "限时", "秒杀", "顺丰", "假一赔十", "官方",
    "直发", "直营", "自营", "买一送一", "净含量", "free shipping", "brand new", "official", "genuine",
)  # fmt: skip
_IS_PHRASE = re.compile("|".join(sorted(map(re.escape, _PHRASES), key=lambda phrase: (-len(phrase), phrase))))
_WORD = re.compile(r"[一-龥]+|[^\W_一-龥]+(?:[-./'][^\W_一-龥]+)*")
_HAS_DIGIT = re.compile(r"\d")
_HAS_LETTER = re.compile(r"[^\W\d]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleWords:
    """One title taken apart.

    Attributes
    ----------
    plain
        The title's words in order without size, packs and sellers' phrases.
    tokens
        Words, and pairs of neighbouring Chinese characters.
    orders
        The words joined as they stand and in alphabetical order: titles that share one have the same words.
    codes
        Tokens with a digit: model numbers, generations, capacities.
    models
        Those long enough to name a model by themselves.
    amount, unit
        Content of one pack in a base unit, where the title says it plainly.
    """

    plain: str
    tokens: frozenset[str]
    orders: frozenset[str]
    codes: frozenset[str]
    models: frozenset[str]
    amount: float | None
    unit: str | None


def fold(title: str) -> str:
    """A title with case, width and blanks folded: what a decision is remembered by.

    Examples
    --------
    >>> fold("  ＳＯＮＹ  WH-1000 ")
    'sony wh-1000'
    """
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())


def take_apart(title: str) -> TitleWords:
    """Take one title apart.

    Examples
    --------
    >>> parts = take_apart("【包邮】Sony WH-1000XM4 耳机 50ml×2")
    >>> parts.plain, sorted(parts.codes), parts.amount
    ('sony wh1000xm4 耳机', ['wh1000xm4'], 50.0)
    """
    text = fold_title(title)
    found = mentions(text)
    spec = spec_of(title, found)
    if spec is not None:
        for mention in found:
            text = text.replace(mention, " ", 1)
    text = _IS_PHRASE.sub(" ", fold(text))
    words: list[str] = []
    tokens: set[str] = set()
    for word in _WORD.findall(text):
        if "一" <= word[0] <= "龥":
            words.append(word)
            tokens.update(word[place : place + 2] for place in range(max(1, len(word) - 1)))
        elif _HAS_DIGIT.search(word):
            joined = re.sub(r"[-./']", "", word)
            words.append(joined)
            tokens.add(joined)
        else:
            parts = re.split(r"[-./']", word)
            words += parts
            tokens.update(parts)
    codes = frozenset(token for token in tokens if _HAS_DIGIT.search(token))
    amount, unit = (spec.amount, spec.unit) if spec is not None else (None, None)
    return TitleWords(
        plain=" ".join(words),
        tokens=frozenset(tokens),
        orders=frozenset(("".join(words), " ".join(sorted(words)))) - {""},
        codes=codes,
        models=frozenset(filter(is_model, codes)),
        amount=amount,
        unit=unit,
    )


def is_model(code: str) -> bool:
    """Whether a token with a digit is long enough to name a model by itself.

    Examples
    --------
    >>> is_model("wh1000xm4"), is_model("12"), is_model("1080p")
    (True, False, False)
    """
    return len(code) >= 5 and (bool(_HAS_LETTER.search(code[:-1])) or len(code) >= 6)
