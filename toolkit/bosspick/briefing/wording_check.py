"""What may not be said as it stands: every text that goes on air against the word list, with sign-offs."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.items import evidence_of
from bosspick.briefing.language import marked
from bosspick.briefing.rows import by_offer, text
from bosspick.briefing.word_list import Phrase, find_phrases, plain_text, read_rows, read_word_list
from bosspick.briefing.wording import on_air
from bosspick.demand import wish_topics
from bosspick.errors import FindingError
from bosspick.frames import records

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage
    from bosspick.intake import Week
    from bosspick.lineup.plan import LineupPlan
    from bosspick.screening import Screening

__all__ = [
    "HIT_COLUMNS", "PLACES", "refuse_unsigned", "spoken_phrases", "unsigned_lines", "unsigned_of", "wording_hits",
]  # fmt: skip

HIT_COLUMNS = ["offer_id", "place", "phrase", "kind", "suggestion", "source", "signed", "signed_by", "why"]
#: Where a phrase was found, and the word for it.
PLACES = {
    "title": marked("title"), "gift": marked("gift"), "brand": marked("brand"), "wish": marked("wish it meets"),
    "sentence": marked("sentence"),
}  # fmt: skip
_SIGNED = ("offer_id", "phrase", "who", "why")


def wording_hits(stage: Stage) -> pd.DataFrame:
    """Check the texts of the ten and of the bench.

    Titles, gift and brand names, the wishes an item meets and the sentences of its cards are checked against the list
    that comes with the package and the room's own ``wording.csv``. A hit is cleared by a row of the room's
    ``wording_signed.csv`` (offer_id, phrase, who, why), kept beside ``policy.toml`` or in the week's folder.

    Parameters
    ----------
    stage
        The run.

    Returns
    -------
    DataFrame
        One row a hit, in the order of the show, then the bench: offer_id, place (title, gift, brand, wish, sentence),
        phrase (as it stands in the list), kind, suggestion, source, signed, signed_by, why (both empty if unsigned).

    Raises
    ------
    TableError
        One of the two files is malformed.
    """
    shown = [str(offer) for offer in stage.rundown.slots["offer_id"]]
    return _hits(stage.week, _texts(stage.week, stage.screening, stage.plan, shown))


def unsigned_of(week: Week, screening: Screening, plan: LineupPlan) -> list[str]:
    """One line for each hit of :func:`wording_hits` nobody signed in the texts of a plan: it keeps it from being published."""
    hits = _hits(week, _texts(week, screening, plan, [str(offer) for offer in plan.chosen["offer_id"]]))
    return [_line(row) for row in records(hits[~hits["signed"]])]


def refuse_unsigned(lines: Sequence[str]) -> None:
    """Keep what may not be said as it stands from being published.

    Raises
    ------
    FindingError
        There is a line.
    """
    if lines:
        raise FindingError(
            f"{len(lines)} texts may not go on air as they are: {'; '.join(lines)}", where="publish",
            hint="change the text, or sign it in wording_signed.csv (offer_id, phrase, who, why); see `bosspick wording`",
        )  # fmt: skip


def _hits(week: Week, texts: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    room = week.room
    entries = read_word_list(room)
    signed = {
        (row["offer_id"], plain_text(row["phrase"])): row
        for folder in (room, room / week.session_id)
        for _, row in read_rows(Path(folder) / "wording_signed.csv", _SIGNED)
    }
    rows = []
    for offer_id, place, words in texts:
        for phrase in dict.fromkeys(found.entry for found in find_phrases(words, entries)):
            row = signed.get((offer_id, plain_text(phrase.phrase)))
            rows.append(
                {
                    "offer_id": offer_id,
                    "place": place,
                    "phrase": phrase.phrase,
                    "kind": phrase.kind,
                    "suggestion": phrase.suggestion,
                    "source": phrase.source,
                    "signed": row is not None,
                    "signed_by": row["who"] if row else "",
                    "why": row["why"] if row else "",
                }
            )
    return pd.DataFrame(rows, columns=HIT_COLUMNS).astype({"signed": "bool"})


def spoken_phrases(stage: Stage, language: str) -> dict[str, list[Phrase]]:
    """The list's entries of one language by kind, for the cards' "never say"."""
    found: dict[str, list[Phrase]] = {}
    for entry in read_word_list(stage.week.room):
        if entry.language == language:
            found.setdefault(entry.kind, []).append(entry)
    return found


def unsigned_lines(path: Path) -> list[str]:
    """One line for each hit nobody signed in a file that :func:`wording_hits` was written to."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [_line(row) for row in csv.DictReader(stream) if row["signed"] != "True"]


def _line(row: Mapping[str, Any]) -> str:
    return f"{row['offer_id']}, {row['place']}: {row['phrase']} — {row['suggestion']} ({row['source']})"


def _texts(week: Week, screening: Screening, plan: LineupPlan, shown: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Offer, place and words of everything read aloud or shown: of the items on air, then of the bench."""
    chosen = by_offer(plan.chosen)
    offers = list(dict.fromkeys([*shown, *(str(offer) for offer in plan.bench["offer_id"])]))
    written = {offer: list(texts) for offer, texts in itertools.groupby(_written(week, offers), key=lambda text: text[0])}
    for offer_id in offers:
        yield from written[offer_id]
        if offer_id in chosen:
            sentence = on_air(evidence_of(week, screening, offer_id), int(chosen[offer_id]["viewer_price_fen"]))
            yield offer_id, "sentence", sentence.english
            yield offer_id, "sentence", sentence.chinese


def _written(week: Week, offer_ids: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Offer, place and words of what the week's tables say of offers."""
    offers = by_offer(week.table("offers"))
    brands = dict(zip(week.table("brands")["brand_id"], week.table("brands")["name"], strict=True))
    topics = wish_topics(week.table("wishes"), week.table("offers")).to_dict("records")
    for offer_id in offer_ids:
        offer = offers[offer_id]
        yield offer_id, "title", str(offer["title"])
        for place, words in (("gift", text(offer["gift_name"])), ("brand", text(brands.get(offer["brand_id"])))):
            if words is not None:
                yield offer_id, place, words
        for topic in topics:
            if offer_id in topic["offer_ids"]:
                yield offer_id, "wish", str(topic["topic"])
