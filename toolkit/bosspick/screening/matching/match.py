"""Matching by title: which quotes speak of an offer, which may, and which someone should look at."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from bosspick.errors import TableError
from bosspick.screening.matching.blocking import Index
from bosspick.screening.matching.decided import latest_decisions
from bosspick.screening.matching.scoring import Comparison, Weights, compare_titles
from bosspick.screening.matching.words import TitleWords, fold, take_apart
from bosspick.tables import UNITS

__all__ = ["ACCEPT_FROM", "MATCH_COLUMNS", "REVIEW_FROM", "WHY", "match_titles"]

MATCH_COLUMNS = ("offer_id", "quote_id", "score", "decision", "why")
#: Scores from which a shared model number is accepted, and from which a pair is worth a look; both chosen on the
#: training and validation pairs of ``benchmarks/matching.py``.
ACCEPT_FROM = 0.85
REVIEW_FROM = 0.4
#: Two offers this close to one quote are as close; one this far behind the accepted one is not worth a look.
_AS_CLOSE, _FAR_BEHIND = 0.02, 0.3
#: Score from which a quote that names another brand than the offer's, or none, is worth a look.
_BRAND_UNSAID_FROM = 0.7

WHY = {
    "SAME_TITLE": "the same words, whatever the order, the packs and the sellers' phrases",
    "CLOSE": "much the same words, or the same model number",
    "MODEL_DIFFERS": "a model number or another number differs",
    "SIZE_DIFFERS": "the content of a pack differs",
    "SIZE_UNKNOWN": "only one of the two says its content",
    "BRAND_UNSAID": "the quote does not name the offer's brand",
    "SEVERAL_OFFERS": "several offers are as close",
    "FAR": "too little in common",
    "DECIDED": "decided by a person",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One distinct title, its sizes, and the brand its offer names."""

    title: str
    brand: str
    words: TitleWords
    #: Contents it states, in its columns and in its title.
    sizes: frozenset[tuple[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    left: int
    score: float
    decision: str
    why: str


def match_titles(left: pd.DataFrame, right: pd.DataFrame, *, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Match quotes to offers by title.

    A pair is accepted when both titles say the same once sellers' phrases, packs and order are set aside, or when
    they share a model number and score high; never when a number or a size differs, never when only one states
    its size. A quote is accepted for one offer at most: where several are as close, all of them are for review.

    Parameters
    ----------
    left
        Offers: offer_id, title, and where there are such columns brand_name, spec_amount and spec_unit (content of
        one pack; a unit of :data:`bosspick.tables.UNITS`). Index and order do not matter.
    right
        Quotes: quote_id, title, and where there are such columns spec_amount and spec_unit.
    decisions
        What people decided before: offer_title, quote_title (compared with case, width and blanks folded), decision
        (``same``, ``other`` or ``undecided``), decided_at, decided_by. The latest of a pair counts and overrides.

    Returns
    -------
    DataFrame
        offer_id, quote_id, score (0 to 1), decision (``accept``, ``review`` or ``reject``) and why (a key of
        ``WHY``), sorted by the two ids; pairs that are rejected are left out unless somebody decided so.

    Raises
    ------
    TableError
        A column is missing or a decision is another word.

    Examples
    --------
    >>> offers = pd.DataFrame({"offer_id": ["O1"], "title": ["霁洲工 零添加酱油 800毫升"]})
    >>> quotes = pd.DataFrame({"quote_id": ["Q1", "Q2"], "title": ["【包邮】霁洲工 零添加酱油 800毫升×2瓶",
    ...                                                            "霁洲工 零添加酱油 500毫升"]})
    >>> match_titles(offers, quotes).to_numpy().tolist()
    [['O1', 'Q1', 1.0, 'accept', 'SAME_TITLE']]
    """
    lefts, left_rows = _distinct(left, "offer_id", "offers")
    rights, right_rows = _distinct(right, "quote_id", "quotes")
    offers_of = Counter(left_rows["entry"].tolist())
    found = [
        (judged.left, place, judged.score, judged.decision, judged.why)
        for place, judged in _judged_all(lefts, rights, offers_of, latest_decisions(decisions))
    ]
    pairs = pd.DataFrame(found, columns=["entry_left", "entry_right", "score", "decision", "why"])
    rows = pairs.merge(left_rows, left_on="entry_left", right_on="entry")
    rows = rows.merge(right_rows, left_on="entry_right", right_on="entry")
    rows = rows[list(MATCH_COLUMNS)].astype({"score": "float64", "decision": "str", "why": "str"})
    return rows.sort_values(["offer_id", "quote_id"], ignore_index=True)


def _distinct(frame: pd.DataFrame, key: str, name: str) -> tuple[list[_Entry], pd.DataFrame]:
    """The distinct titles with their sizes, in an order of their own, and for every row which one is its."""
    missing = [column for column in (key, "title") if column not in frame.columns]
    if missing:
        raise TableError(f"no column {', '.join(missing)}", where=name, hint=f"needed: {key}, title")
    rows = pd.DataFrame({key: frame[key].to_numpy(), "title": frame["title"].fillna("").astype("str").to_numpy()})
    nothing = pd.Series(None, index=range(len(frame)), dtype="object")
    for column in ("spec_amount", "spec_unit", "brand_name"):
        rows[column] = frame[column].to_numpy() if column in frame.columns else nothing
    written = rows["spec_unit"].map(lambda unit: UNITS.get(unit.lower()) if isinstance(unit, str) else None)
    factor = written.map(lambda known: known[1] if known is not None else None).astype("float64")
    rows["amount"] = (rows["spec_amount"].astype("float64") * factor).round(6).fillna(-1.0)
    rows["unit"] = written.map(lambda known: known[0] if known is not None else "")
    rows["brand"] = rows["brand_name"].fillna("").astype("str").map(fold)
    spelled = rows["title"].drop_duplicates()
    rows["folded"] = rows["title"].map(dict(zip(spelled, spelled.map(fold), strict=True)))
    columns = ["folded", "amount", "unit", "brand"]
    entries = rows[columns].drop_duplicates().sort_values(columns, ignore_index=True)
    entries["entry"] = range(len(entries))
    placed = rows.merge(entries, on=columns)[[key, "entry"]]
    return [_entry(*cells) for cells in entries[columns].itertuples(index=False)], placed


def _entry(title: str, amount: float, unit: str, brand: str) -> _Entry:
    words = take_apart(title)
    stated = ((unit, amount) if amount >= 0 else ("", None), (words.unit or "", words.amount))
    sizes = frozenset((unit, round(amount, 6)) for unit, amount in stated if unit and amount is not None)
    return _Entry(title=title, brand=brand, words=words, sizes=sizes)


def _judged_all(
    lefts: list[_Entry], rights: list[_Entry], offers_of: Counter[int], decided: dict[tuple[str, str], str]
) -> Iterator[tuple[int, _Judged]]:
    """Every pair worth a row, by the place of its quote's title."""
    titles = {entry.title: entry.words for entry in (*lefts, *rights)}
    weights = Weights(titles.values())
    index = Index([entry.words for entry in lefts], weights)
    by_title: dict[str, list[int]] = {}
    for place, entry in enumerate(lefts):
        by_title.setdefault(entry.title, []).append(place)
    told: dict[str, list[str]] = {}
    for offer, quote in decided:
        told.setdefault(quote, []).append(offer)
    for place, right in enumerate(rights):
        near = set(index.candidates(right.words).tolist())
        near.update(found for offer in told.get(right.title, ()) for found in by_title.get(offer, ()))
        judged = [_judge(at, lefts[at], right, weights) for at in sorted(near)]
        for one in _one_offer(judged, lefts, right, offers_of, decided):
            if one.decision != "reject" or one.why == "DECIDED":
                yield place, one


def _judge(place: int, left: _Entry, right: _Entry, weights: Weights) -> _Judged:
    compared = compare_titles(left.words, right.words, weights)
    score = compared.score
    close = compared.same_words or (compared.shared_model and score >= ACCEPT_FROM)
    against = _against(left, right, compared)
    # Another brand's goods of the same kind are worded alike, unless the model is the same.
    enough = _BRAND_UNSAID_FROM if against == "BRAND_UNSAID" and not compared.shared_model else REVIEW_FROM
    if compared.models_differ or against == "SIZE_DIFFERS":
        decision = "reject"
    elif score < enough:
        decision, against = "reject", against or "FAR"
    elif against or not close:
        decision = "review"
    else:
        decision = "accept"
    why = against or ("SAME_TITLE" if compared.same_words else "CLOSE")
    return _Judged(left=place, score=score, decision=decision, why=why)


def _against(left: _Entry, right: _Entry, compared: Comparison) -> str:
    """The first reason for which a pair cannot be accepted unseen; empty when there is none."""
    of_left, of_right = left.sizes, right.sizes
    if compared.models_differ or compared.codes_differ:
        return "MODEL_DIFFERS"
    if of_left and of_right and not any(_same_size(one, other) for one in of_left for other in of_right):
        return "SIZE_DIFFERS"
    if left.brand and not _names(right.title, left.brand):
        return "BRAND_UNSAID"
    if bool(of_left) != bool(of_right) or len(of_left | of_right) > 1:
        return "SIZE_UNKNOWN"
    return ""


def _names(title: str, brand: str) -> bool:
    """Whether a title holds the brand or one of its words: 汐川 Xichuan is either."""
    return brand in title or any(part in title for part in brand.split() if len(part) > 1)


def _same_size(one: tuple[str, float], other: tuple[str, float]) -> bool:
    # Another unit says nothing: 50 ml may be one piece.
    return one[0] != other[0] or math.isclose(one[1], other[1], rel_tol=1e-9)


def _one_offer(
    judged: list[_Judged], lefts: list[_Entry], right: _Entry, offers_of: Counter[int], decided: dict[tuple[str, str], str]
) -> list[_Judged]:
    """Decisions applied, and at most one offer accepted of those nobody decided about."""
    marks = [decided.get((lefts[one.left].title, right.title)) for one in judged]
    open_scores = [one.score for one, mark in zip(judged, marks, strict=True) if mark is None and one.decision != "reject"]
    best = max(open_scores, default=0.0)
    rivals = sum(
        offers_of[one.left]
        for one, mark in zip(judged, marks, strict=True)
        if mark is None and one.decision != "reject" and one.score >= best - _AS_CLOSE
    )
    alone = rivals == 1 and "same" not in marks
    out = []
    for one, mark in zip(judged, marks, strict=True):
        if mark is not None:
            out.append(replace(one, decision="accept" if mark == "same" else "reject", why="DECIDED"))
        elif one.decision == "accept" and not (alone and one.score >= best - _AS_CLOSE):
            out.append(replace(one, decision="review", why="SEVERAL_OFFERS"))
        else:
            out.append(one)
    sure = max((1.0 if one.why == "DECIDED" else one.score for one in out if one.decision == "accept"), default=0.0)
    return [one for one in out if one.decision != "review" or one.score > sure - _FAR_BEHIND]
