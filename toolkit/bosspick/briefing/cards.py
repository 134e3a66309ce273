"""The cards of the hosts, of the brands' representatives and of the control desk: paper for the set.

They are made from :class:`bosspick.briefing.items.Item`, which holds no floor, target, walk-away or chance. The price
on air and the subsidy never stand on the same card: together they would tell what the brand is paid. A representative's
sheet holds neither.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bosspick.briefing.card_lines import (
    answers_of,
    ask_of,
    bench_notes_of,
    may_name_list_price,
    steps_of,
    sums_of,
    terms_of,
    weak_points_of,
)
from bosspick.briefing.items import BENCH, Item, bench_items_of
from bosspick.briefing.language import marked
from bosspick.briefing.render import render
from bosspick.briefing.sections import pots_of
from bosspick.briefing.wording import language as language_of
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
    for name, title in CARDS.items():
        page = render(
            f"cards/{name}.html", language, card=language.gettext(title), brand_facing=name == _BRAND_FACING, **values
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
