"""Every word of the workbooks, English and Chinese, and the words people answer with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from bosspick.errors import InputError

__all__ = ["LANGUAGES", "OPEN_WORDS", "OUTCOMES", "folded", "headings", "outcome_of", "reason_in", "trade_in", "words_of"]

LANGUAGES = ("en", "zh")
#: What a talk can come to, as the ledger names it, and the word of the list in the workbook.
OUTCOMES = {"agreed": "agreed", "failed": "no_deal", "open": "open"}

# One word a line, in both languages side by side.
# fmt: off
_WORDS: dict[str, tuple[str, str]] = {
    # pages
    "page_talks": ("Talks", "谈判"),
    "page_about": ("About", "说明"),
    "page_offer": ("Our proposal", "合作方案"),
    # columns of the talks page
    "offer": ("offer", "报名编号"),
    "brand": ("brand", "品牌"),
    "title": ("title", "商品"),
    "in_ten": ("in the ten", "入选"),
    "turn": ("talk no.", "谈判顺序"),
    "per_hour": ("worth an hour", "每小时价值"),
    "hours": ("hours", "工时"),
    "opening": ("opening", "报名价"),
    "first_ask": ("first ask", "首次还价"),
    "target": ("target", "目标价"),
    "walk_away": ("walk-away", "底线价"),
    "web_lowest": ("web-lowest", "全网最低"),
    "subsidy": ("subsidy", "单件补贴"),
    "units": ("units", "预计件数"),
    "zone": ("room to agree", "谈成空间"),
    "agreed_price": ("agreed price", "谈定价"),
    "outcome": ("outcome", "结果"),
    "note": ("note", "备注"),
    "above_target": ("above target", "高于目标"),
    "room_left": ("room left", "距底线"),
    "viewer_pays": ("viewer pays", "直播价"),
    "viewer_saves": ("viewer saves", "比全网省"),
    "unit_price": ("price per unit", "单位价格"),
    "subsidy_total": ("subsidy in all", "补贴合计"),
    "check": ("check", "校验"),
    "piece": ("pc", "件"),
    # outcomes
    "agreed": ("agreed", "已谈定"),
    "no_deal": ("no deal", "未谈成"),
    "open": ("open", "待定"),
    # room to agree
    "zone_likely": ("likely", "大"),
    "zone_possible": ("possible", "有"),
    "zone_none": ("none", "无"),
    "zone_reserve": ("if others fail", "备选"),
    "zone_no place": ("no place", "无坑位"),
    # the talks page
    "confidential": ("Confidential: floors and walk-aways never leave the team.", "机密：底价与底线价不得外传。"),
    "confidential_short": ("Confidential", "机密"),
    "fill_in": (
        "Fill in the yellow cells: the agreed price to the brand in yuan, the outcome, and a note. Until a price is agreed, "
        "the figures on the right are those of the target.",
        "请填写黄色单元格：与品牌谈定的价格（元）、结果、备注。未谈定前，右侧数字按目标价计算。",
    ),
    "subsidy_left": ("Platform subsidy left for this workbook", "本表剩余平台补贴"),
    "subsidy_share": ("of its share of the pot", "本表分得额度"),
    "no_pot": ("the policy names no pot", "政策中没有补贴额度"),
    "price_title": ("Agreed price", "谈定价"),
    "price_message": (
        "Yuan to the brand, such as 98.50. Red: above the walk-away.",
        "付给品牌的价格，单位元，如 98.50。红色表示高于底线价。",
    ),
    "price_error_title": ("Not a price", "不是价格"),
    "price_error": ("Write yuan as a number such as 98.50, or leave the cell empty.", "请填写数字，如 98.50；没有则留空。"),
    "outcome_message": (
        "agreed, no deal or open. Open takes back an earlier answer.",
        "已谈定、未谈成或待定。选待定可撤回之前的结果。",
    ),
    "outcome_error": ("Choose one of the list, or leave the cell empty.", "请从列表中选择；没有则留空。"),
    "note_message": (
        "What was promised in return, or why it failed; at most 500 characters.",
        "写明交换条件或未成原因，最多500字。",
    ),
    "note_error": ("At most 500 characters.", "最多500字。"),
    # a brand's page in a negotiator's workbook
    "because": ("because", "理由"),
    "chance": ("Chance that the brand accepts the target", "品牌接受目标价的概率"),
    "reservation": ("What the brand may go down to", "品牌可能接受的底价"),
    "from_prior": ("assumed from the policy, nothing is known of this brand", "按政策假设，该品牌无已知信息"),
    "from_estimate": ("our estimate", "我方估计"),
    "passes_at": ("Highest price on air the evidence carries", "证据支持的最高直播价"),
    "brings": ("{} units, worth {} to the lineup", "预计{}件，对阵容值{}元当量"),
    "counts_on": ("the lineup counts on ¥{}", "阵容按¥{}计"),
    "at_subsidy": ("with a platform subsidy of {} a unit", "平台每件补贴{}时"),
    "as_it_stands": ("as the lineup stands {}", "按当前阵容{}"),
    "as_reserve": ("worth it only if other talks fail", "其他谈判未成时才值得"),
    "held_by_rule": ("a rule holds it in the lineup", "因规则保留在阵容中"),
    "no_walk_away": ("no price earns it a place beside the rules", "按规则，任何价格都进不了阵容"),
    "if_it_fails": ("If the talk fails", "如未谈成"),
    "replaced_by": ("{} steps in; it costs {} yuan-equivalents", "由{}替补，损失约{}元当量"),
    "stays_out": ("it stays outside the ten; nothing is lost", "不入选，没有损失"),
    "no_replacement": ("nobody on the bench steps in", "没有替补商品"),
    "ladder": (
        "Concessions: never give a step away, each is paired with something in return",
        "让步阶梯：每一步都要换回条件，不可白让",
    ),
    "step": ("step", "步骤"),
    "price": ("price", "价格"),
    "up_by": ("up by", "加价"),
    "in_return": ("in return for", "换取"),
    "our_price": ("our price", "我方报价"),
    "accepts_from": ("accepts from", "可接受下限"),
    "accepts_to": ("accepts to", "可接受上限"),
    "evidence": ("Prices found on the web", "全网价格证据"),
    "channel": ("channel", "渠道"),
    "shop": ("shop", "店铺"),
    "costs": ("costs", "到手价"),
    "seen_at": ("seen at", "采集时间"),
    "grade": ("grade", "等级"),
    # about
    "about_title": ("About this workbook", "关于本表"),
    "session": ("session", "场次"),
    "show_at": ("show starts at", "开播时间"),
    "version": ("plan version", "方案版本"),
    "judged_at": ("evidence judged at", "证据判定时间"),
    "negotiator": ("negotiator", "谈判人"),
    "format": ("sheet format", "表格格式"),
    "offers": ("offers", "商品数"),
    "about_back": (
        "Send the file back as it is. Rows may be sorted, columns moved or added; what is changed in grey or white cells is "
        "reported and not taken. An empty row changes nothing.",
        "填好后原样交回。可以排序、移动或增加列；白色单元格的改动会被列出但不采用。留空的行不产生任何变化。",
    ),
    "unassigned": ("unassigned", "未分配"),
    # the brand's workbook
    "book_title": ("{} and the show of {}", "{} · {}场次合作方案"),
    "book_intro": (
        "What we would like to ask of you, and what we can talk about, for each item you applied with.",
        "以下是针对贵方报名商品，我们希望达成的条件和可以商谈的内容。",
    ),
    "your_price": ("Your opening price", "贵方报名价"),
    "our_ask": ("What we ask for", "我方希望的价格"),
    "ask_open": ("to be talked about", "面议"),
    "found_on_web": ("Lowest public price found on the web", "全网查到的最低公开价"),
    "checked_at": ("checked by {}", "截至{}"),
    "on_air_time": ("Time on air", "直播时长"),
    "minutes_range": ("{} to {} minutes for the item, on {}", "{}至{}分钟，{}"),
    "on_set": ("Your representative on set", "贵方代表到场"),
    "on_set_unknown": ("please tell us from when to when", "请告知起止时间"),
    "delivery": ("Promised to viewers", "对观众的承诺"),
    "stock": ("units ready for the show", "备货件数"),
    "daily_capacity": ("units shipped a day", "日发货件数"),
    "promise_days": ("days until all orders are shipped", "全部发货天数"),
    "gift": ("gift with each unit", "每件赠品"),
    "protection": ("days without a lower price elsewhere", "保价天数"),
    "not_stated": ("not stated: please tell us", "未填写，请补充"),
    "papers": ("Papers we still need", "尚缺资料"),
    "no_papers": ("None: all papers are there.", "资料齐全。"),
    "paper_trademark": ("trademark registration", "商标注册证"),
    "paper_authorisation": ("authorisation of the store by the brand", "品牌对店铺的授权书"),
    "paper_authorisation_ends": ("authorisation of the store: the one we have ends on {}", "店铺授权书：现有的于{}到期"),
    "paper_certificate": ("quality certificate", "质检证书"),
    "paper_certificate_ends": ("quality certificate: the one we have ends on {}", "质检证书：现有的于{}到期"),
    "paper_barcode": ("barcode of the item", "商品条码"),
    "paper_claim": ("proof of the claim that the price is the lowest in {} days", "“{}天最低价”的依据"),
    "trades": ("What else we can talk about besides the price", "除价格外可以商谈的条件"),
    "item": ("Item", "商品"),
}
_TRADES_ZH = {
    "a larger committed stock": "加大保证备货量",
    "an earlier slot in the show": "更靠前的坑位",
    "two more minutes on air": "多两分钟直播时长",
    "replay clips the brand may use for 30 days": "品牌可用30天的直播切片",
    "a place in next month's show": "下月场次的坑位",
    "a mention in the preview video": "预告视频露出",
    "the follow-up post with the item": "播后图文推送",
}
_REASONS_ZH = (
    (r"its own shop showed it at (¥[\d,.]+) in the days before", r"其自营店近日标价\1"),
    (r"members pay (¥[\d,.]+) on the web today", r"今日全网会员价\1"),
    (r"the brand's best of (\d+) past talks ended at (\d+%) of its opening", r"该品牌过去\1次谈判的最好结果为报名价的\2"),
    (
        r"should-cost: it leaves the brand the cost of goods at a margin of (\d+%)",
        r"成本推算：按毛利率\1，仍可覆盖品牌的货品成本",
    ),
    (r"the target itself: nothing lower can be defended", "即目标价：更低的价格没有依据"),
)
#: Answers beside the list's own words.
_ANSWERS = {
    "agreed": ("agreed", "deal", "done", "ok", "yes", "已谈定", "谈定", "谈成", "已谈成", "成交", "同意", "成"),
    "failed": ("no deal", "nodeal", "failed", "no", "未谈成", "没谈成", "谈崩", "不成", "拒绝", "失败"),
    "open": ("open", "待定", "面议", "另议", "谈判中", "未定", "tbd", "to be agreed", "pending"),
}
# fmt: on
#: What people write in a price cell to say that there is no price yet.
OPEN_WORDS = frozenset(_ANSWERS["open"])
_COLUMNS = (
    "offer", "brand", "title", "in_ten", "turn", "per_hour", "hours", "opening", "first_ask", "target", "walk_away",
    "web_lowest", "subsidy", "units", "zone", "agreed_price", "outcome", "note", "above_target", "room_left", "viewer_pays",
    "viewer_saves", "unit_price", "subsidy_total", "check",
)  # fmt: skip


def words_of(lang: str) -> Mapping[str, str]:
    """The words of one language by their key.

    Raises
    ------
    InputError
        The language is neither English nor Chinese.

    Examples
    --------
    >>> words_of("en")["walk_away"], words_of("zh")["walk_away"]
    ('walk-away', '底线价')
    """
    if lang not in LANGUAGES:
        raise InputError(f"there are no words in {lang!r}", where="--lang", hint="en or zh")
    place = LANGUAGES.index(lang)
    return {key: both[place] for key, both in _WORDS.items()}


def folded(text: str) -> str:
    """A heading or an answer as it is compared: width, case and blanks do not count.

    Examples
    --------
    >>> folded("  Ａgreed   Price ")
    'agreed price'
    """
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def headings(keys: tuple[str, ...] = _COLUMNS) -> dict[str, str]:
    """Key by folded word, in both languages, for finding columns and labels.

    Examples
    --------
    >>> headings()["谈定价"], headings()["agreed price"]
    ('agreed_price', 'agreed_price')
    """
    return {folded(word): key for key in keys for word in _WORDS[key]}


def outcome_of(answer: str) -> str | None:
    """What an answer in the outcome column means: agreed, failed or open; None when it is no answer.

    Examples
    --------
    >>> outcome_of("谈崩"), outcome_of("No Deal"), outcome_of("perhaps")
    ('failed', 'failed', None)
    """
    told = folded(answer)
    return next((outcome for outcome, answers in _ANSWERS.items() if told in answers), None)


def trade_in(lang: str, trade: str) -> str:
    """A trade in a language; as it is where it has no translation."""
    return _TRADES_ZH.get(trade, trade) if lang == "zh" else trade


def reason_in(lang: str, reason: str) -> str:
    """The reason of a first ask in a language; as it is where it has no translation.

    Examples
    --------
    >>> reason_in("zh", "members pay ¥95.00 on the web today")
    '今日全网会员价¥95.00'
    """
    if lang == "zh":
        for pattern, chinese in _REASONS_ZH:
            if re.fullmatch(pattern, reason):
                return re.sub(pattern, chinese, reason)
    return reason
