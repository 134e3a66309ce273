"""What a title says about content and packs: the patterns, and a reader of single titles.

The patterns keep to the syntax RE2, Java and Python share and hold no backslash, so that the same text serves
DuckDB, Spark and this module. They read a title folded by :data:`FOLD_FROM` and :data:`FOLD_TO`, with a blank at
either end and what is :data:`NOISE` replaced by a bar. Capital G and M stay capital: 128G is storage and 16M is
not sixteen metres.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bosspick.tables import UNITS

__all__ = ["BLOCK", "CONTENT", "CORE", "DIGITS", "FOLD_FROM", "FOLD_TO", "GIFT", "GIVEN", "LONGEST", "MENTION", "NOISE",
           "NUMERALS", "OTHER", "PACKS", "TIMES", "TOTAL", "TitleSpec", "fold_title", "mentions", "read_title",
           "spec_of"]  # fmt: skip

#: Characters of a title that are looked at.
LONGEST = 2000

_UPPER = "ABCDEFHIJKLNOPQRSTUVWXYZ"
#: Without quotes and the backslash, which engines write differently inside their texts.
_ASCII = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "'\"`\\")
_FOLD = {
    **{letter: letter.lower() for letter in _UPPER},
    **{chr(ord(sign) + 0xFEE0): sign.lower() if sign in _UPPER else sign for sign in _ASCII},
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u3000", " "),
    **dict.fromkeys("×✕✖╳", "*"),
    **dict.fromkeys("〜～", "~"),
    **dict.fromkeys("－–—‐−", "-"),
    "赠": "送",
}
#: One character becomes one character, so that what was read can be shown as it was written.
FOLD_FROM, FOLD_TO = "".join(_FOLD), "".join(_FOLD.values())

_HAN = "一-龥"
_NUMERAL = "一二两三四五六七八九十"
#: Numerals and their digits; 十 is ten.
NUMERALS, DIGITS = "一二两双三四五六七八九", "12223456789"
_NUMBER = "(?:0[.][0-9]{1,4}|[1-9][0-9]{0,5}(?:[.][0-9]{1,4})?)"
_COUNT = "[1-9][0-9]{0,3}"
_SPELLED = {"ml": "[mM]l", "g": "[gG]", "kg": "k[gG]", "cm": "c[mM]"}


def _any_of(units: list[str]) -> str:
    # The longest first, because the engines take the first that fits.
    return "(?:" + "|".join(_SPELLED.get(unit, unit) for unit in sorted(units, key=lambda unit: (-len(unit), unit))) + ")"


_UNIT = _any_of(list(UNITS))
_MEASURE = _any_of([unit for unit, (base, _) in UNITS.items() if base != "piece"])
_NO_LENGTH = _any_of([unit for unit, (base, _) in UNITS.items() if base != "m"])
_VOLUME_OR_WEIGHT = _any_of([unit for unit, (base, _) in UNITS.items() if base in ("ml", "g")])
_CONTAINER = "[瓶罐袋包盒支箱提桶听]"
_OUTER = "[瓶罐袋包盒支箱提桶听件套组只卷条片粒枚个双台床块张副口份]"
#: Lone counts: of these content, of the next packs, but only with 装.
_CONTENT = "[片抽粒枚台双条个]"
_IN_A_PACK = "[个条双件只组台卷]装"
#: A pair of them; 双桶 alone is a kind of washing machine.
_PAIR = "双(?:[瓶罐袋盒支]装|[瓶罐])"
_PACK_WORD = "(?:multi-?packs?|packs?|packets?|bottles?|cans?|tins?|jars?|tubes?|sachets?|cartons?|pk)"
_PACK_OF = f"(?:multi-?pack|pack|packet|case|carton)[ ]of[ ]{_COUNT}"

#: Words around a number that is neither content nor packs.
NOISE = (
    f"第[ ]*[0-9{_NUMERAL}]+[ ]*[{_HAN}]"
    f"|[0-9{_NUMERAL}]+件[ ]*[0-9.]+[ ]*折"
    f"|满[ ]*[0-9.{_NUMERAL}]+[ ]*[元件瓶盒袋包份支套个罐箱]?"
    f"|[0-9{_NUMERAL}]+合[0-9{_NUMERAL}]"
    f"|[0-9.]+[ ]*[折%]|[0-9{_NUMERAL}]+个月"
    # 5G is a network; 5g is one beside what has a network, else a small sachet.
    "|[^0-9a-zGM.:*][2-6]G[^0-9a-zGM.*/]|[^0-9a-zGM.:*][2-6]g[ ]*(?:手机|全网|网络|网|智能|数据|路由|通信|版)"
    "|[^0-9a-zGM.](?:2[.]4|5[.]8|8|16|32|64|128|256|512|1024)G[^a-z]"
    "|升级|升降|升温|米线|米粉|米饭|米其林|克拉|克力"
)
#: Where one of these stands the title offers a choice, a range or a bundle: nothing is read.
BLOCK = (
    "买[ ]*[0-9]{2}[0-9]*[ ]*送|任选|任意|可选|多规格|随机|[0-9],[0-9]|[+][ ]*[0-9]"
    f"|[0-9][ ]*{_UNIT}[ ]*[+]|[0-9][ ]*{_UNIT}?[ ]*(?:至|到|~)[ ]*[0-9]"
)

_BEFORE = "[^0-9a-zGM.+~_/#*x%$¥第买送赠减加抢领返至到-]"
_BEFORE_NUMERAL = f"[^0-9a-zGM.+~_/#*x%第买送赠减加抢领返至到满任选百千零{_NUMERAL}-]"
_CLEAR = f"[^0-9a-zGM.*+%{_HAN}-]"
# 1斤半 is not 1斤.
_AFTER_MEASURE = "(?:[^0-9a-zGM*+%²³.半-]|[-.][^0-9])"
_TIMES = f"{_NUMBER}[ ]*%s(?:/{_OUTER})?[ ]*[*x][ ]*{_COUNT}"


_MANDARIN = "".join(sorted({unit[0] for unit in UNITS if unit > "z"}))
#: What a mention looks like, and what must follow it.
_FORMS = (
    # 24 x 300 ml, but 50x30cm is a size
    (f"{_COUNT}{_CONTAINER}?[ ]*[*x][ ]*{_NUMBER}[ ]*{_VOLUME_OR_WEIGHT}", _AFTER_MEASURE),
    # 500g*3袋
    (f"{_TIMES % _UNIT}[ ]?{_OUTER}装?", f"(?:/{_OUTER})?[^0-9a-z*+%]"),
    # 50ml*2, but 30cm*20 is a size
    (_TIMES % _NO_LENGTH, _CLEAR),
    # 1kg2袋
    (
        f"{_NUMBER}[ ]*(?:{_MEASURE}|{_CONTENT})(?:/{_OUTER})?[ ,]*(?:{_COUNT}|[{_NUMERAL}])[ ]?{_CONTAINER}装?",
        f"(?:/{_OUTER})?{_CLEAR}",
    ),
    # 500ml
    (f"{_NUMBER}[ ]*{_MEASURE}", _AFTER_MEASURE),
    # 6瓶装, 10片装
    (f"{_COUNT}(?:[片抽粒枚]装|{_IN_A_PACK}|{_CONTAINER}装)", "[^0-9a-z*+%]"),
    # 10片, 12罐
    (f"{_COUNT}(?:{_CONTENT}|{_CONTAINER})", _CLEAR),
    # 6 bottles, 6-pack
    (f"{_COUNT}[ -]?{_PACK_WORD}", "[^0-9a-zGM*+%-]"),
    # pack of 6
    (_PACK_OF, "[^0-9a-zGM.*+%-]"),
    # 12罐啤酒, but not 2包邮
    (f"{_COUNT}[瓶罐听片粒枚抽]", "[^0-9a-zGM*+%屉奖头区装]"),
)
_NUMERAL_FORMS = (
    # 两支装
    (f"[{_NUMERAL}](?:{_CONTAINER}装|{_IN_A_PACK})", "[^0-9a-z*+%]"),
    # 三盒
    (f"[{_NUMERAL}]{_CONTAINER}", _CLEAR),
    # 双瓶装
    (_PAIR, "[^0-9a-z*+%]"),
    # 买一送一, 拍一发三
    (f"(?:买[1-9{_NUMERAL}]送|[买拍][1-9{_NUMERAL}][得发])[1-9{_NUMERAL}]", f"[^0-9a-zGM.{_MANDARIN}]"),
)


def _either(forms: tuple[tuple[str, str], ...]) -> str:
    return "(?:" + "|".join(form + after for form, after in forms) + ")"


#: A mention of content, packs or both, between the character before it and what follows.
MENTION = f"(?:{_BEFORE}{_either(_FORMS)}|{_BEFORE_NUMERAL}{_either(_NUMERAL_FORMS)})"
#: The mention itself at the start of a text.
CORE = "^(?:" + "|".join(form for form, _ in (*_FORMS, *_NUMERAL_FORMS)) + ")"
#: Anything that could be one more mention: with it nothing is read.
OTHER = (
    f"[^0-9a-zGM.]{_NUMBER}[ ]*{_MEASURE}[^a-zGM0-9]|[0-9](?:{_OUTER}|{_CONTAINER}|{_CONTENT})"
    f"|[*x][ ]*[0-9]|[0-9][ -]?{_PACK_WORD}[^a-z]|{_PACK_OF}|{_BEFORE_NUMERAL}{_either(_NUMERAL_FORMS)}"
)
#: Parts of a mention without blanks.
GIFT = f"^买([0-9{_NUMERAL}])送([0-9{_NUMERAL}])$"
TOTAL = f"^[买拍][0-9{_NUMERAL}][得发]([0-9{_NUMERAL}])$"
PACKS = f"^(?:[a-z-]+of)?({_COUNT}|[双{_NUMERAL}])(?:{_CONTAINER}装?|{_IN_A_PACK}|-?{_PACK_WORD})?$"
#: Where one of these stands, packs named apart from a content may be of something else.
GIVEN = "[送加附配搭随换]|free|bonus|plus|with"
TIMES = f"^({_COUNT}){_CONTAINER}?[*x]({_NUMBER})({_VOLUME_OR_WEIGHT})$"
CONTENT = f"^({_NUMBER})({_UNIT})(?:/{_OUTER})?[ ,]*[*x]?({_COUNT}|[{_NUMERAL}])?(?:{_OUTER}|{_CONTAINER})?装?$"


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleSpec:
    """What a title says: content of one pack in a base unit (ml, g, m or piece), packs, and the words it was read from."""

    amount: float | None
    unit: str | None
    packs: int | None
    read_from: str


def fold_title(title: str) -> str:
    """The part of a title that is looked at, folded character by character, with a blank at either end."""
    return f" {title[:LONGEST].translate(_TABLE)} "


def read_title(title: str) -> TitleSpec | None:
    """Read content and packs from one title.

    Parameters
    ----------
    title
        A listing's title; only its first 2,000 characters are looked at.

    Returns
    -------
    TitleSpec or None
        None where nothing is said or it could mean several things. Amount and unit are None where only packs are
        named, packs where only the content is.

    Examples
    --------
    >>> read_title("【包邮】酱油 1.5L×2瓶")
    TitleSpec(amount=1500.0, unit='ml', packs=2, read_from='1.5L×2瓶')
    >>> read_title("面膜 25-30ml") is None
    True
    """
    return spec_of(title, mentions(fold_title(title)))


def spec_of(title: str, found: list[str]) -> TitleSpec | None:
    """What the mentions of a title say; see :func:`read_title`."""
    if not found:
        return None
    folded = fold_title(title)
    aside = [core for core in found if core.startswith(("买", "拍"))]
    if not aside and len(found) > 1 and not _HAS_GIVEN.search(folded):
        # 500ml 家庭装 2瓶装
        aside = [core for core in found if re.match(PACKS, core.replace(" ", ""))]
    others = [core for core in found if core not in aside]
    if len(aside) > 1 or len(others) > 1:
        return None
    amount, unit, packs = _parts(others[0]) if others else (None, None, None)
    if aside:
        if packs is not None:
            return None
        plain = aside[0].replace(" ", "")
        counted = re.match(GIFT, plain) or re.match(TOTAL, plain) or re.match(PACKS, plain)
        assert counted is not None
        packs = sum(map(_count, counted.groups()))
    shown = [title[:LONGEST][folded.index(core) - 1 :][: len(core)] for core in found]
    return TitleSpec(amount=amount, unit=unit, packs=packs, read_from=" ".join(shown))


def mentions(folded: str) -> list[str]:
    """The one or two mentions a folded title makes; none where it says nothing or leaves a choice."""
    if not _HAS_NUMBER.search(folded) or not _HAS_MENTION.search(folded) or _HAS_BLOCK.search(folded):
        return []
    quiet = _IS_NOISE.sub("|", folded)
    found: list[str] = []
    for _ in range(2):
        place = _HAS_MENTION.search(quiet)
        if place is None:
            break
        core = _AT_CORE.match(place[0][1:])
        assert core is not None
        if core[0] not in found:
            found.append(core[0])
        # What stands on either side may be part of another mention.
        quiet = quiet.replace(place[0], f"{place[0][0]}|{place[0][-1]}")
    return [] if _HAS_OTHER.search(quiet) else found


def _parts(core: str) -> tuple[float | None, str | None, int | None]:
    plain = core.replace(" ", "")
    if only := re.match(PACKS, plain):
        return None, None, _count(only[1])
    if times := re.match(TIMES, plain):
        return *_content(times[2], times[3]), _count(times[1])
    content = re.match(CONTENT, plain)
    assert content is not None
    return *_content(content[1], content[2]), _count(content[3]) if content[3] else None


def _content(number: str, unit: str) -> tuple[float, str]:
    base, factor = UNITS[unit.lower()]
    return round(float(number) * factor, 6), base


def _count(digits: str) -> int:
    return int(digits.translate(_DIGITS)) if digits != "十" else 10


_DIGITS = str.maketrans(NUMERALS, DIGITS)
_TABLE = str.maketrans(FOLD_FROM, FOLD_TO)
_HAS_NUMBER = re.compile(f"[0-9双{_NUMERAL}]")
_HAS_GIVEN = re.compile(GIVEN)
_HAS_MENTION, _HAS_BLOCK, _IS_NOISE, _HAS_OTHER, _AT_CORE = map(re.compile, (MENTION, BLOCK, NOISE, OTHER, CORE))
