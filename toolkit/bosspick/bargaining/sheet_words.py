"""Every word of the workbooks by its key, in any language of the catalogue, and the words people answer with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from bosspick.catalogue import LANGUAGES, catalogue, recognised
from bosspick.errors import InputError

__all__ = ["OPEN_WORDS", "OUTCOMES", "REASONS", "WORDS", "folded", "headings", "outcome_of", "reason_in", "trade_in",
           "words_of"]  # fmt: skip

#: What a talk can come to, as the ledger names it, and the word of the list in the workbook.
OUTCOMES = {"agreed": "agreed", "failed": "no_deal", "open": "open"}
#: What the workbooks say, as it stands in the catalogue.
WORDS: dict[str, str] = {
    # pages
    "page_talks": "Talks",
    "page_about": "About",
    "page_offer": "Our proposal",
    # columns of the talks page
    "offer": "offer",
    "brand": "brand",
    "title": "title",
    "in_ten": "in the ten",
    "turn": "talk no.",
    "per_hour": "worth an hour",
    "hours": "hours",
    "opening": "opening",
    "first_ask": "first ask",
    "target": "target",
    "walk_away": "walk-away",
    "web_lowest": "web-lowest",
    "subsidy": "subsidy a unit",
    "units": "units",
    "zone": "room to agree",
    "agreed_price": "agreed price",
    "outcome": "outcome",
    "note": "note",
    "above_target": "above target",
    "room_left": "room left",
    "viewer_pays": "viewer pays",
    "viewer_saves": "viewer saves",
    "unit_price": "price per unit",
    "subsidy_total": "subsidy in all",
    "check": "check",
    "piece": "pc",
    # outcomes
    "agreed": "agreed",
    "no_deal": "no deal",
    "open": "open",
    # room to agree
    "zone_likely": "likely",
    "zone_possible": "possible",
    "zone_none": "none",
    "zone_reserve": "if others fail",
    "zone_no place": "no place",
    # the talks page
    "confidential": "Confidential: floors and walk-aways never leave the team.",
    "confidential_short": "Confidential",
    "fill_in": (
        "Fill in the yellow cells: the agreed price to the brand in yuan, the outcome, and a note. Until a price "
        "is agreed, the figures on the right are those of the target."
    ),
    "subsidy_left": "Platform subsidy left for this workbook",
    "subsidy_share": "of its share of the pot",
    "no_pot": "the policy names no pot",
    "price_title": "Agreed price",
    "price_message": "Yuan to the brand, such as 98.50. Red: above the walk-away.",
    "price_error_title": "Not a price",
    "price_error": "Write yuan as a number such as 98.50, or leave the cell empty.",
    "outcome_message": "agreed, no deal or open. Open takes back an earlier answer.",
    "outcome_error": "Choose one of the list, or leave the cell empty.",
    "note_message": "What was promised in return, or why it failed; at most 500 characters.",
    "note_error": "At most 500 characters.",
    # a brand's page in a negotiator's workbook
    "because": "because",
    "chance": "Chance that the brand accepts the target",
    "reservation": "What the brand may go down to",
    "from_prior": "assumed from the policy, nothing is known of this brand",
    "from_estimate": "our estimate",
    "passes_at": "Highest price on air the evidence carries",
    "brings": "%(units)s units, worth %(worth)s to the lineup",
    "counts_on": "the lineup counts on %(price)s",
    "at_subsidy": "with a platform subsidy of %(subsidy)s a unit",
    "as_it_stands": "as the lineup stands %(price)s",
    "as_reserve": "worth it only if other talks fail",
    "held_by_rule": "a rule holds it in the lineup",
    "no_walk_away": "no price earns it a place beside the rules",
    "if_it_fails": "If the talk fails",
    "replaced_by": "%(offer)s steps in; it costs %(worth)s yuan-equivalents",
    "stays_out": "it stays outside the ten; nothing is lost",
    "no_replacement": "nobody on the bench steps in",
    "ladder": "Concessions: never give a step away, each is paired with something in return",
    "step": "step",
    "price": "price",
    "up_by": "up by",
    "in_return": "in return for",
    "our_price": "our price",
    "accepts_from": "accepts from",
    "accepts_to": "accepts to",
    "evidence": "Prices found on the web",
    "channel": "channel",
    "shop": "shop",
    "costs": "costs",
    "seen_at": "seen at",
    "grade": "grade",
    # about
    "about_title": "About this workbook",
    "session": "session",
    "show_at": "show starts at",
    "version": "plan version",
    "judged_at": "evidence judged at",
    "negotiator": "negotiator",
    "format": "sheet format",
    "offers": "offers",
    "about_back": (
        "Send the file back as it is. Rows may be sorted, columns moved or added; what is changed in grey or "
        "white cells is reported and not taken. An empty row changes nothing."
    ),
    "unassigned": "unassigned",
    # the brand's workbook
    "book_title": "%(brand)s and the show of %(session)s",
    "book_intro": "What we would like to ask of you, and what we can talk about, for each item you applied with.",
    "your_price": "Your opening price",
    "our_ask": "What we ask for",
    "ask_open": "to be talked about",
    "found_on_web": "Lowest public price found on the web",
    "checked_at": "checked by %(moment)s",
    "on_air_time": "Time on air",
    "minutes_range": "%(least)s to %(most)s minutes for the item, on %(show)s",
    "on_set": "Your representative on set",
    "on_set_unknown": "please tell us from when to when",
    "delivery": "Promised to viewers",
    "stock": "units ready for the show",
    "daily_capacity": "units shipped a day",
    "promise_days": "days until all orders are shipped",
    "gift": "gift with each unit",
    "protection": "days without a lower price elsewhere",
    "not_stated": "not stated: please tell us",
    "papers": "Papers we still need",
    "no_papers": "None: all papers are there.",
    "paper_trademark": "trademark registration",
    "paper_authorisation": "authorisation of the store by the brand",
    "paper_authorisation_ends": "authorisation of the store: the one we have ends on %(day)s",
    "paper_certificate": "quality certificate",
    "paper_certificate_ends": "quality certificate: the one we have ends on %(day)s",
    "paper_barcode": "barcode of the item",
    "paper_claim": "proof of the claim that the price is the lowest in %(days)s days",
    "trades": "What else we can talk about besides the price",
    "item": "Item",
}
#: Why a first ask can be defended, with places to fill.
REASONS = (
    "its own shop showed it at %(price)s in the days before",
    "members pay %(price)s on the web today",
    "the brand's best of %(talks)s past talks ended at %(share)s of its opening",
    "should-cost: it leaves the brand the cost of goods at a margin of %(share)s",
    "the target itself: nothing lower can be defended",
)
# fmt: off
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
        There are no words in the language.

    Examples
    --------
    >>> words_of("en")["walk_away"], words_of("zh")["walk_away"]
    ('walk-away', '底线价')
    """
    if lang not in LANGUAGES:
        raise InputError(f"there are no words in {lang!r}", where="--lang", hint="en or zh")
    return {key: catalogue(lang).gettext(words) for key, words in WORDS.items()}


def folded(text: str) -> str:
    """A heading or an answer as it is compared: width, case and blanks do not count.

    Examples
    --------
    >>> folded("  Ａgreed   Price ")
    'agreed price'
    """
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def headings(keys: tuple[str, ...] = _COLUMNS) -> dict[str, str]:
    """Key by folded word, in every language, for finding columns and labels.

    Examples
    --------
    >>> headings()["谈定价"], headings()["agreed price"]
    ('agreed_price', 'agreed_price')
    """
    return {folded(words[key]): key for words in map(words_of, LANGUAGES) for key in keys}


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
    return catalogue(lang).gettext(trade)


def reason_in(lang: str, reason: str) -> str:
    """The reason of a first ask in a language; as it is where it has no translation.

    Examples
    --------
    >>> reason_in("zh", "members pay ¥95.00 on the web today")
    '今日网上会员价¥95.00'
    """
    return reason if lang == "en" else recognised(lang, reason, REASONS, str) or reason
