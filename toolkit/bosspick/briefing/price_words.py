"""The words of the price figures, English and Chinese, and others' text made safe for them."""

from __future__ import annotations

from unicodedata import east_asian_width

from bosspick.errors import InputError
from bosspick.screening.evidence import SET_ASIDE

__all__ = ["plain", "words_in"]

_EN = {
    "axis": "yuan",
    "ranks": "may rank",
    "aside": "set aside",
    "members": "members, new users and the like",
    "web_lowest": "web-lowest",
    "passes_at": "passes at",
    "opening": "opening",
    "counts": "{} of {} quotes may rank",
    "unpriced": "{} without any price",
    "landed": "what it costs",
    "possible": "what it costs at least",
    "display": "price shown",
    "old": "seen {:.0f} h before",
    "grade": "grade",
    "least": "{} of {} offers, least covered first",
    "key": "number: quotes that may rank · ×number: seen, all set aside · empty: not seen",
    "required": "* required",
    "only_aside": "all set aside",
    "cell": "{} may rank, {} set aside",
    "not_seen": "not seen",
}
_ZH = {
    "axis": "元",
    "ranks": "可参与比价",
    "aside": "不参与比价",
    "members": "会员、新客等条件价",
    "web_lowest": "全网最低",
    "passes_at": "通过价",
    "opening": "报名价",
    "counts": "{}条可参与比价，共{}条报价",
    "unpriced": "{}条没有任何价格",
    "landed": "到手价",
    "possible": "最低可能的到手价",
    "display": "页面价",
    "old": "采集于{:.0f}小时前",
    "grade": "证据等级",
    "least": "{}个报名商品，共{}个，覆盖最少的在前",
    "key": "数字：可参与比价的报价 · ×数字：有报价，但都不参与比价 · 空白：未采集到",
    "required": "* 必查渠道",
    "only_aside": "都不参与比价",
    "cell": "可参与比价{}条，不参与{}条",
    "not_seen": "未采集到",
}
_ZH_ASIDE = {
    "AMBIGUOUS_ID": "同一编号对应多条不同报价",
    "AFTER_AS_OF": "采集时间晚于判断时刻",
    "TOO_OLD": "超出有效时间",
    "GRADE_LOW": "证据等级不够",
    "NOT_NEW": "非全新，或未写明成色",
    "OUT_OF_STOCK": "无货，或未写明",
    "OTHER_REGION": "其他地区的价格，或未写明地区",
    "PACKS_UNKNOWN": "未写明件数",
    "OTHER_SPEC": "规格不同",
    "UNKNOWN_TERMS": "运费或优惠不明",
    "TYPING_ERROR": "与各渠道相差约十倍，疑似录入错误",
    "COUNTERFEIT_BAIT": "资质不明的店铺，远低于各渠道",
}


def words_in(lang: str) -> dict[str, str]:
    """The words of a language, reasons of set-aside quotes included under their codes.

    Raises
    ------
    InputError
        The language is neither English nor Chinese.

    Examples
    --------
    >>> words_in("en")["OTHER_SPEC"], words_in("zh")["OTHER_SPEC"]
    ('another spec', '规格不同')
    """
    if lang == "en":
        return _EN | SET_ASIDE
    if lang == "zh":
        return _ZH | SET_ASIDE | _ZH_ASIDE
    raise InputError(f"there are no words in {lang!r}", hint="en or zh")


def plain(text: object, most: int = 200) -> str:
    """Others' text without what a figure would read as tags, cut to so many half-widths.

    Examples
    --------
    >>> plain("<i>Cream</i>", 6), plain("面霜")
    ('‹i›Cr…', '面霜')
    """
    kept, width = "", 0
    for char in str(text).replace("<", "‹").replace(">", "›").replace("&", "＆"):
        width += 2 if east_asian_width(char) in "WF" else 1
        if width > most:
            return kept[:-1] + "…"
        kept += char
    return kept
