"""What a card says about one item: sums, the steps a viewer may see, weak points, answers, and what is asked of the brand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

import pandas as pd

from bosspick.briefing.checks import Check
from bosspick.briefing.items import BENCH, Item
from bosspick.briefing.language import Language
from bosspick.briefing.rows import by_offer
from bosspick.policy import Policy

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = [
    "Ask",
    "BenchNote",
    "Step",
    "Sum",
    "Terms",
    "answers_of",
    "ask_of",
    "bench_notes_of",
    "columns",
    "may_name_list_price",
    "ranges",
    "steps_of",
    "sums_of",
    "terms_of",
    "weak_points_of",
]

_ROUND_UNITS = (1, 100)
#: What one step further down would be, fen; more than the whole price of a cheap item.
_YUAN_FEN = 100
#: Below this a price per content is not worth saying, fen.
_LEAST_UNIT_FEN = 100
#: Weak points that fit on a card.
_WEAK_SHOWN = 4
#: Wishes that have a line of their own on a card, the most wanted first.
_WISHES_SHOWN = 3
#: Days over which a price is shared out on the calculator.
_DAYS = (30, 365)
#: Below this a price a day is not worth saying, fen: nobody pays with less than a jiao, and soon it is ¥0.00.
_LEAST_DAY_FEN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """One line for the calculator: what is keyed in, what it is, and the result in fen; None where it is unknown."""

    keys: str
    words: str
    fen: int | None
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One public price, from the highest to the one on air, fen; ``on_air`` marks the last."""

    label: str
    fen: int | None
    note: str = ""
    on_air: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When a planned subsidy is paid and when it ends; money in fen.

    ``spare_fen`` is what the platform's money kept for the air would allow on top a unit, for all units released.
    """

    starts: str
    stops: str
    limit_fen: int
    approver: str
    spare_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a representative is asked to do: be there by and until when, and what to bring."""

    arrive: datetime | None
    leave: datetime | None
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchNote:
    """What a bench item is for: slots it stands in for, slots it fits as the show stands, and what is in its way elsewhere.

    Slots are written as ranges; empty where there are none.
    """

    replaces: str
    fits: str
    in_the_way: str


def sums_of(item: Item, language: Language) -> list[Sum]:
    """The calculator: saving for one, for round numbers, for all expected and released; per content; per day."""
    t, yuan = language.gettext, language.yuan
    saving, lowest = item.saving_fen, item.evidence.lowest_fen
    share = "" if item.saving_share is None else t("%(share)s below", share=language.percent(item.saving_share, 1))
    found = [Sum(keys=f"{yuan(lowest)} − {yuan(item.viewer_fen)}", words=share, fen=saving)]
    units = [(number, "") for number in _ROUND_UNITS if 1 < number < item.units]
    units += [(item.units, t("expected")), (item.planned_units, t("all released"))]
    if saving is not None:
        found += [
            Sum(keys=f"{yuan(saving)} × {language.exact(number)}", words=words, fen=saving * number, whole=True)
            for number, words in dict.fromkeys(units)
        ]
    if item.viewer_fen > _YUAN_FEN:
        keys = t("¥1 more off × %(units)s", units=language.exact(item.units))
        found.append(Sum(keys=keys, words=t("expected"), fen=_YUAN_FEN * item.units, whole=True))
    # Less than a yuan for 100 ml tells nothing: a backpack of 25 litres is not sold by the litre.
    said = [(per, fen) for per, fen in item.unit_prices if fen >= _LEAST_UNIT_FEN]
    found += [Sum(keys=t("per %(content)s", content=t(per)), words="", fen=round(fen)) for per, fen in said]
    found += [
        Sum(keys=t("%(price)s ÷ %(days)s days", price=yuan(item.viewer_fen), days=days), words=t("a day, if it lasts"),
            fen=round(item.viewer_fen / days))
        for days in _DAYS
        if item.viewer_fen >= _LEAST_DAY_FEN * days
    ]  # fmt: skip
    return found


def steps_of(item: Item, language: Language) -> list[Step]:
    """The prices that may be shown on air, each with its own name; nothing of the talk behind them."""
    t, evidence = language.gettext, item.evidence
    number = len(evidence.channels)
    checked = language.ngettext("%(n)s channel", "%(n)s channels", number, n=number)
    steps = [
        Step(label=t("The brand opens at"), fen=item.opening_fen),
        Step(label=t("Web-lowest"), fen=evidence.lowest_fen, note=checked if evidence.channels else ""),
        Step(label=t("Price on air"), fen=item.viewer_fen, on_air=True),
    ]
    if may_name_list_price(item):
        steps.insert(0, Step(label=t("“Was” price"), fen=item.facts["list_fen"], note=t("proven")))
    return steps


def may_name_list_price(item: Item) -> bool:
    """Whether the list price is proven as a price things were sold at."""
    return any(check.rule == "reference_price" and check.verdict == "PASS" for check in item.checks)


def weak_points_of(item: Item, policy: Policy, language: Language) -> list[str]:
    """What a viewer may hold against the item, to be said before they do."""
    facts, evidence, t = item.facts, item.evidence, language.gettext
    # Each with its short form, for what no longer fits.
    found = [(check.title, language.with_reason(check.title, check.why)) for check in _open_checks(item)]
    if evidence.conditional_fen is not None and evidence.conditional_fen <= item.viewer_fen:
        short = t("members pay %(price)s elsewhere", price=language.yuan(evidence.conditional_fen))
        found.append((short, language.with_reason(short, t("say “public price”"))))
    if facts["return_rate"] is not None and facts["return_rate"] > policy.screening.return_rate_max / 2:
        returns = t("%(share)s of orders come back", share=language.percent(facts["return_rate"], 1))
        found.append((returns, returns))
    if item.units90 >= item.stock:
        found.append((t("may sell out"), language.with_reason(t("may sell out"), t("say the true count"))))
    if facts["daily_capacity"] and item.units > facts["daily_capacity"] and facts["promise_days"]:
        short = t("not every order leaves on the first day")
        found.append((short, language.with_reason(short, t("up to %(days)s days", days=facts["promise_days"]))))
    if not item.rep_on_set:
        short = t("nobody of the brand is on set in this slot")
        found.append((short, language.with_reason(short, t("have the answers ready"))))
    # A card has room for so many sentences; no weak point is left out for that.
    shown = [words for _, words in found]
    if len(found) > _WEAK_SHOWN:
        rest = language.joined(short for short, _ in found[_WEAK_SHOWN - 1 :])
        shown = [*shown[: _WEAK_SHOWN - 1], t("also: %(rest)s", rest=rest)]
    return shown


def _open_checks(item: Item) -> list[Check]:
    return [check for check in item.checks if check.verdict != "PASS" and check.why]


def answers_of(item: Item, language: Language) -> list[tuple[str, str]]:
    """Each wish the item meets with its votes, and the answer the facts carry: what it costs, and when it comes."""
    facts, t = item.facts, language.gettext
    said = [(per, fen) for per, fen in item.unit_prices if fen >= _LEAST_UNIT_FEN]
    per = [t("%(price)s per %(content)s", price=language.yuan(round(fen)), content=t(words)) for words, fen in said]
    ships = t("all orders leave within %(days)s days", days=facts["promise_days"]) if facts["promise_days"] else ""
    answer = language.joined([t("%(price)s on air", price=language.yuan(item.viewer_fen)), *per, ships])
    asked = [
        language.ngettext("%(topic)s (%(n)s vote)", "%(topic)s (%(n)s votes)", votes, topic=topic, n=language.exact(votes))
        for topic, votes in sorted(item.wishes, key=lambda wish: (-wish[1], wish[0]))
    ]
    if len(asked) > _WISHES_SHOWN:
        asked = [*asked[: _WISHES_SHOWN - 1], t("also: %(rest)s", rest=language.joined(asked[_WISHES_SHOWN - 1 :]))]
    return [(words, answer) for words in asked]


def terms_of(item: Item, policy: Policy, reserve_fen: int, language: Language) -> Terms:
    """When the subsidy of an item starts and stops, and who may add to it from the platform's money kept for the air."""
    t = language.gettext
    first = t("with release 1, %(clock)s", clock=f"{item.releases[0].at:%H:%M:%S}") if item.releases else ""
    return Terms(
        starts=first or t("with its first release"),
        stops=t("after %(units)s units, or when the pot is empty", units=language.exact(item.planned_units)),
        limit_fen=item.subsidy_fen * item.planned_units,
        approver=language.told(policy.rundown.approvers.get("platform", "the producer")),
        spare_fen=reserve_fen // item.planned_units if item.planned_units else 0,
    )


def ask_of(stage: Stage, item: Item) -> Ask:
    """What the brand is asked for: to come some time before its slot, never before the time it stated."""
    language, t = stage.language, stage.language.gettext
    slots = by_offer(stage.rundown.slots)
    slot = slots.get(item.offer_id, {"rep_arrives": None, "rep_leaves": None})
    stated: datetime | None = None if pd.isna(slot["rep_arrives"]) else slot["rep_arrives"]
    leave: datetime | None = None if pd.isna(slot["rep_leaves"]) else slot["rep_leaves"]
    if item.role == BENCH:
        arrive: datetime | None = None
    else:
        wanted = item.starts_at - timedelta(minutes=stage.week.policy.rundown.arrive_before)
        arrive = wanted if stated is None else max(wanted, stated)
    facts = item.facts
    documents = (
        t("trademark certificate %(number)s", number=facts["trademark_no"] or t("(number missing)")),
        t("authorisation of the store, on file until %(day)s", day=language.day(facts["authorised_until"])),
        t("quality certificate, on file until %(day)s", day=language.day(facts["certificate_until"])),
        t("proof of %(units)s units in stock", units=language.exact(item.planned_units)),
    )
    return Ask(arrive=arrive, leave=leave, documents=documents)


def bench_notes_of(stage: Stage) -> dict[str, BenchNote]:
    """What each bench item is for, by offer."""
    notes = {}
    for offer_id, rows in stage.rundown.bench.groupby("offer_id", sort=False):
        stuck = sorted({words for cell in rows["in_the_way"] for words in str(cell).split("; ") if words})
        notes[str(offer_id)] = BenchNote(
            replaces=ranges(rows.loc[rows["stands_in"], "slot"]),
            fits=ranges(rows.loc[rows["fits"], "slot"]),
            in_the_way=stage.language.joined(stage.language.told(words) for words in stuck),
        )
    return notes


def columns(text: str) -> int:
    """How wide a text is set, in columns: a Chinese character takes two, an accent none.

    Examples
    --------
    >>> columns("面霜 50ml"), columns("e\\u0301")
    (9, 1)
    """
    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)


def ranges(numbers: Iterable[int]) -> str:
    """Whole numbers as ranges.

    Examples
    --------
    >>> ranges([1, 2, 3, 5, 9, 10]), ranges([])
    ('1–3, 5, 9–10', '')
    """
    runs: list[list[int]] = []
    for number in sorted(int(each) for each in numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
