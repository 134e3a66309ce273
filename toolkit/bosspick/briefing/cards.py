"""The cards of the hosts, of the brands' representatives and of the control desk: paper for the set.

They are made from :class:`bosspick.briefing.items.Item`, which holds no floor, target, walk-away or chance. The price
on air and the subsidy never stand on the same card: together they would tell what the brand is paid. A representative's
sheet holds neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bosspick.briefing.card_lines import (
    answers_of,
    ask_of,
    bench_notes_of,
    columns,
    may_name_list_price,
    steps_of,
    sums_of,
    terms_of,
    weak_points_of,
)
from bosspick.briefing.items import BENCH, Item, bench_items_of
from bosspick.briefing.language import Language, marked
from bosspick.briefing.render import render
from bosspick.briefing.sections import pots_of
from bosspick.briefing.wording import language as language_of
from bosspick.briefing.wording import yuan
from bosspick.briefing.wording_check import PLACES, spoken_phrases, wording_hits
from bosspick.frames import records
from bosspick.lineup.pots import reserve_fen

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["CARDS", "WORDING_FILE", "write_cards"]

#: File name and title of each set; all but the control desk's hold one A5 card an item.
CARDS = {
    "subsidy-host": marked("Subsidy host"),
    "bargain-host": marked("Bargain host"),
    "product-host": marked("Product host"),
    "brand-representative": marked("Brand's representative"),
    "control-desk": marked("Control desk"),
}
#: The set a brand sees: neither what its item is for nor whom a bench item stands in for.
_BRAND_FACING = "brand-representative"
#: The hits of the word list, beside the cards.
WORDING_FILE = "wording.csv"
#: What must not be printed even as a warning: a camera may see the card.
_DESCRIBED = {"unbounded price claim": {"zh": "不带范围、时间的“最低”", "en": "“lowest” without its scope and time"}}
#: Phrases of one kind that fit on a card; the whole list is on paper at the control desk.
_SHOWN = 3
#: Columns of a title, a Chinese character taking two, beyond which its type is one step smaller.
_TITLE_COLUMNS = (28, 54, 100)
#: Widths in points: of a digit in sizes of its type, and of the sizes figures are set in (``card.css``).
_DIGIT, _MID_PT, _BIG_PT, _PAIR_PT = 0.65, 17, 30, 36
#: Points a row of prices, and one of a pair, may take at full size; each step of their type is a tenth smaller.
_ROW_PT, _HALF_PT = tuple(505 / (1 - k / 10) for k in range(4)), tuple(258 / (1 - k / 10) for k in range(4))

#: Pixels of an A5 card left for header and body together, those of a header by the step of its title, and of a bench item's.
_LEFT_PX, _TITLE_PX, _BENCH_PX = 470, (70, 92, 99, 99), 90
#: How much too high a text may be at full size before its type is another step smaller; a step is 7 %.
_BODY_STEPS = (1.0, 1.12, 1.3, 1.45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Steps by which the type of one item's cards is smaller: title, prices in a row, prices of a pair, text by set."""

    title: int
    figures: int
    pair: int
    body: dict[str, int]


def write_cards(stage: Stage, items: list[Item], folder: Path) -> None:
    """Write one file a set, one card a page, and the hits of the word list.

    Parameters
    ----------
    stage
        The run.
    items
        The planned items in the order of the show; the bench follows them.
    folder
        Where the files go; made if missing.

    Raises
    ------
    TableError
        The room's ``wording.csv`` or ``wording_signed.csv`` is malformed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    week, policy, language = stage.week, stage.week.policy, stage.language
    bench, hits = bench_items_of(stage), wording_hits(stage)
    everyone = [*items, *bench]
    # What is said on air is said in the title's language, except on Chinese cards, whose readers speak Chinese.
    spoken = {item.offer_id: "zh" if language.code == "zh" else language_of(item.title) for item in everyone}
    reserve = reserve_fen(week, "platform")
    values: dict[str, Any] = {
        "room": policy.room,
        "policy": policy,
        "session": week.session_id,
        "version": stage.plan.version,
        "starts_at": week.starts_at,
        "items": items,
        "bench": bench,
        "BENCH": BENCH,
        "notes": bench_notes_of(stage),
        "pots": pots_of(stage),
        "breaches": [language.told(breach) for breach in stage.rundown.breaches],
        "changes": [language.told(change) for change in stage.rundown.changes],
        "releases": _releases(stage),
        "hits": [row | {"place": language.gettext(PLACES[row["place"]])} for row in records(hits)],
        "spoken": spoken,
        "never": {tag: _never(stage, tag) for tag in sorted(set(spoken.values()))},
        "sums": {item.offer_id: sums_of(item, language) for item in everyone},
        "steps": {item.offer_id: steps_of(item, language) for item in everyone},
        "may_name": {item.offer_id: may_name_list_price(item) for item in everyone},
        "weak": {item.offer_id: weak_points_of(item, policy, language) for item in everyone},
        "answers": {item.offer_id: answers_of(item, language) for item in everyone},
        "terms": {item.offer_id: terms_of(item, policy, reserve, language) for item in everyone},
        "asks": {item.offer_id: ask_of(stage, item) for item in everyone},
        "score_min": policy.screening.store_score_min,
    }
    values["fits"] = {item.offer_id: _fit(values, item, language) for item in everyone}
    for name, title in CARDS.items():
        page = render(
            f"cards/{name}.html",
            language,
            name=name,
            card=language.gettext(title),
            brand_facing=name == _BRAND_FACING,
            **values,
        )
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    (folder / WORDING_FILE).write_text(hits.to_csv(index=False, lineterminator="\n"), encoding="utf-8-sig")


def _never(stage: Stage, tag: str) -> list[tuple[str, list[str]]]:
    """Kinds of phrases with the first few of each; claims about the whole web are described, never printed."""
    found = spoken_phrases(stage, tag)
    return [
        (kind, [_DESCRIBED[kind][tag]] if kind in _DESCRIBED else [entry.phrase for entry in entries[:_SHOWN]])
        for kind, entries in found.items()
    ]


def _releases(stage: Stage) -> dict[tuple[str, int], dict[str, Any]]:
    """What the control desk needs of each release, by offer and number."""
    return {(row["offer_id"], row["tranche"]): row for row in records(stage.rundown.tranches)}


def _fit(values: dict[str, Any], item: Item, language: Language) -> Fit:
    """How large the type of an item's cards may be: sizes are chosen here, a page knows no script."""
    steps = [yuan(step.fen) for step in values["steps"][item.offer_id]]
    # Of the prices beside each other the one on air is set larger.
    row = sum(_MID_PT * len(price) for price in steps[:-1]) + _BIG_PT * len(steps[-1])
    pair = max(len(yuan(item.subsidy_fen)), len(yuan(values["terms"][item.offer_id].spare_fen)))
    title = _step(columns(item.title), _TITLE_COLUMNS)
    left = _LEFT_PX - max(_TITLE_PX[title], _BENCH_PX if item.role == BENCH else 0)
    heights = {
        "bargain-host": _bargain_px(values, item, language),
        "product-host": _product_px(values, item, language),
        "brand-representative": _representative_px(values, item, language),
    }
    return Fit(
        title=title,
        figures=_step(_DIGIT * row, _ROW_PT),
        pair=_step(_DIGIT * _PAIR_PT * pair, _HALF_PT),
        body={name: _step(height / left, _BODY_STEPS) for name, height in heights.items()},
    )


def _bargain_px(values: dict[str, Any], item: Item, language: Language) -> float:
    """About how high the text under the prices of the bargain host's card is at full size."""
    tongue = values["spoken"][item.offer_id]
    sums = 24.5 * (1 + _lines((f"{each.keys} {each.words}" for each in values["sums"][item.offer_id]), 46))
    never = 62 + 20 * _lines((", ".join(phrases) for _, phrases in values["never"][tongue]), 32, most=2)
    sentence = item.sentence.chinese if tongue == "zh" else item.sentence.english
    return 76 + max(sums, never) + 24.5 * _lines([sentence], 72 if tongue == "zh" else 84) + 23


def _product_px(values: dict[str, Any], item: Item, language: Language) -> float:
    """The same of the product host's card, whose type is larger in Chinese."""
    size, facts = 1.125 if language.code == "zh" else 1, item.facts
    # After each name a remark in small type, an owner's name in it cut short.
    rows = [(item.brand, 54 + min(columns(facts["trademark_owner"] or ""), 34)), (facts["store"] or "", 52)]
    rows += [(facts["gift"], 44)] if facts["gift"] else []
    extra = sum(-(-(min(columns(name), 64) + remark) // int(72 / size)) - 1 for name, remark in rows)
    weak = 20 * _lines(values["weak"][item.offer_id], int(42 / size), most=3)
    asked = 20 * sum(_lines([topic], int(40 / size), most=2) + _lines([answer], int(48 / size))
                     for topic, answer in values["answers"][item.offer_id])  # fmt: skip
    return size * (27 * 6 + 21 * extra + 24 + max(weak, asked, 20)) + (23 if language.code == "zh" else 42) + 23


def _representative_px(values: dict[str, Any], item: Item, language: Language) -> float:
    """The same of the representative's card."""
    documents = 19.5 * _lines(values["asks"][item.offer_id].documents, 42, most=2)
    never = 20 * _lines((", ".join(phrases[:2]) for _, phrases in values["never"][values["spoken"][item.offer_id]]), 40, most=2)
    return 92 + 22 + max(documents, never) + (21 if language.code == "zh" else 42) + 23


def _lines(texts: Iterable[str], width: int, *, most: int = 99) -> int:
    """How many lines texts take, each beginning its own, at so many columns a line."""
    return sum(min(max(-(-columns(text) // width), 1), most) for text in texts)


def _step(size: float, limits: Sequence[float]) -> int:
    """How many of the limits a size goes beyond."""
    return sum(size > limit for limit in limits)
