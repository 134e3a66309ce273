"""What a returned workbook would change, before anything is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from bosspick.bargaining.sheet_back import ReturnedBook, ReturnedRow
from bosspick.bargaining.sheet_cells import Answer, Refusal, answer_of
from bosspick.bargaining.sheet_checks import Place, changed_cells, check_price
from bosspick.bargaining.sheet_findings import SheetFinding
from bosspick.bargaining.sheet_rows import books_of
from bosspick.bargaining.targets import Targets
from bosspick.frames import records
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan

__all__ = ["Entry", "Preview", "preview_return", "without_conflicts"]

#: What an entry would do to the ledger; only new and changed ones are recorded.
Change = Literal["new", "changed", "unchanged", "open", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answered row.

    Attributes
    ----------
    offer_id, title, where
        The offer, and page and cell of its answer.
    outcome
        agreed, failed, or reopened, which takes an earlier answer back; open when there is nothing to record.
    price_fen, note
        As answered.
    change
        See ``Change``.
    before, before_fen
        Outcome and price the ledger holds; empty and None when it holds none.
    target_fen, walk_away_fen
        To read the price against; None where the offer has none.
    """

    offer_id: str
    title: str
    where: str
    outcome: Literal["agreed", "failed", "reopened", "open"]
    price_fen: int | None
    note: str
    change: Change
    before: str = ""
    before_fen: int | None = None
    target_fen: int | None = None
    walk_away_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What one returned workbook would change.

    Attributes
    ----------
    book
        The workbook.
    entries
        The rows somebody filled in, in the order of the workbook.
    findings
        Everything to be said about it.
    untouched
        Number of rows nobody filled in.
    """

    book: ReturnedBook
    entries: tuple[Entry, ...]
    findings: tuple[SheetFinding, ...]
    untouched: int

    @property
    def to_record(self) -> tuple[Entry, ...]:
        """The entries that would be recorded."""
        return tuple(entry for entry in self.entries if entry.change in ("new", "changed"))

    @property
    def refused(self) -> bool:
        """Whether anything of the workbook is not taken."""
        return any(finding.severity == "refused" for finding in self.findings)


def preview_return(
    book: ReturnedBook, week: Week, plan: LineupPlan, targets: Targets, talks: pd.DataFrame, *, allow_above: bool = False
) -> Preview:
    """Say what a returned workbook would change, and what is wrong with it.

    Parameters
    ----------
    book
        As :func:`bosspick.bargaining.sheet_back.read_sheet` gives it.
    week, plan, targets
        As they are now; the workbook may be of an earlier plan.
    talks
        What the ledger holds of this session, one row an offer: offer_id, outcome (agreed, failed or reopened),
        brand_price_fen and note.
    allow_above
        Take a price above the walk-away where the note says why.

    Returns
    -------
    Preview
        Good rows stay good beside refused ones.
    """
    findings = list(book.findings)
    if book.session_id != week.session_id:
        what = f"is of {book.session_id}, this import is for {week.session_id}"
        findings.append(_of_file(book, "session", "refused", what, f"import it with --session {book.session_id}"))
        return Preview(book=book, entries=(), findings=tuple(findings), untouched=0)
    stale = book.version != plan.version
    if stale:
        what = f"was made for plan {book.version}, the plan is now {plan.version}: targets may have moved"
        mend = "prices are held against the walk-aways of today; export again for new targets"
        findings.append(_of_file(book, "version", "warning", what, mend))
    place = Place(
        week=week, targets={row["offer_id"]: row for row in records(targets.frame)},
        offers={row["offer_id"]: row for row in records(week.table("offers"))}, negotiator=book.negotiator,
        allow_above=allow_above, file=book.file, stale=stale,
    )  # fmt: skip
    own = [each for each in books_of(week, plan, targets, lang=book.lang) if each.negotiator == book.negotiator]
    sent = {row.offer_id: row.locked for each in own for row in each.rows}
    held = {row["offer_id"]: row for row in records(talks)}
    entries: list[Entry] = []
    answers: dict[str, Answer] = {}
    untouched = 0
    doubled = _doubled(book, week)
    for row in book.rows:
        findings += changed_cells(row, sent.get(row.offer_id), stale=stale, file=book.file)
        try:
            answer = answer_of(row, book.file, week.zone)
            if answer is None:
                untouched += 1
                continue
            if row.offer_id in doubled:
                raise Refusal(_of_row(book, row, f"{row.offer_id} stands in {doubled[row.offer_id]} with different answers"))
            if answers.get(row.offer_id) == answer:
                findings.append(replace(_of_row(book, row, "says the same as a row above"), severity="note"))
                continue
            answers[row.offer_id] = answer
            entry = _entry(row, answer, place, held.get(row.offer_id))
            if entry.change == "open":
                what = "the talk is open, so there is nothing to record: the note stays in the workbook"
                findings.append(replace(_of_row(book, row, what), severity="note", mend=""))
            elif entry.change != "unchanged":
                findings += check_price(row, answer, place)
        except Refusal as refusal:
            findings.append(refusal.finding)
            entry = _refused(row, place)
        entries.append(entry)
    return Preview(book=book, entries=tuple(entries), findings=tuple(findings), untouched=untouched)


def without_conflicts(previews: Sequence[Preview], *, prefer: str | None = None) -> list[Preview]:
    """Take out the offers that two workbooks answer differently.

    Parameters
    ----------
    previews
        The previews of one import.
    prefer
        Name of the workbook whose answers count where others differ.

    Returns
    -------
    list of Preview
        The same previews; of an offer with different answers none is recorded, or that of the preferred workbook.
    """
    told: dict[str, dict[str, tuple[str, int | None]]] = {}
    for preview in previews:
        for entry in preview.entries:
            if entry.change in ("new", "changed", "unchanged"):
                told.setdefault(entry.offer_id, {})[preview.book.sha256] = (entry.outcome, entry.price_fen)
    split = {offer for offer, answers in told.items() if len(set(answers.values())) > 1}
    return [_resolved(preview, split, told, previews, prefer) for preview in previews]


def _resolved(
    preview: Preview, split: set[str], told: Mapping[str, Mapping[str, Any]], previews: Sequence[Preview], prefer: str | None
) -> Preview:
    entries, findings = [], list(preview.findings)
    for entry in preview.entries:
        if entry.offer_id not in split or entry.change in ("refused", "open") or preview.book.file == prefer:
            entries.append(entry)
            continue
        answers = told[entry.offer_id]
        others = [each.book.file for each in previews if each is not preview and each.book.sha256 in answers]
        kept = prefer is not None and prefer in others
        findings.append(
            SheetFinding(
                severity="warning" if kept else "refused", file=preview.book.file, where=entry.where, offer_id=entry.offer_id,
                what=f"{', '.join(others)} says otherwise of {entry.offer_id}" + (f"; {prefer} is preferred" if kept else ""),
                mend="" if kept else "ask both, or name the one that counts with --prefer",
            )
        )  # fmt: skip
        entries.append(replace(entry, change="refused"))
    return replace(preview, entries=tuple(entries), findings=tuple(findings))


def _entry(row: ReturnedRow, answer: Answer, place: Place, held: Mapping[str, Any] | None) -> Entry:
    before = "" if held is None else str(held["outcome"])
    before_fen = None if held is None or pd.isna(held["brand_price_fen"]) else int(held["brand_price_fen"])
    standing = before in ("agreed", "failed")
    change: Change = "changed" if standing else "new"
    outcome: Literal["agreed", "failed", "reopened", "open"] = answer.outcome
    if answer.outcome == "open":
        outcome, change = ("reopened", "changed") if standing else ("open", "open")
    elif (answer.outcome, answer.price_fen, answer.note) == (before, before_fen, "" if held is None else held["note"]):
        change = "unchanged"
    return Entry(
        offer_id=row.offer_id, title=place.title(row.offer_id), where=row.inputs["agreed_price"].where, outcome=outcome,
        price_fen=answer.price_fen, note=answer.note, change=change, before=before, before_fen=before_fen,
        target_fen=place.fen(row.offer_id, "target_fen"), walk_away_fen=place.fen(row.offer_id, "walk_away_fen"),
    )  # fmt: skip


def _refused(row: ReturnedRow, place: Place) -> Entry:
    return Entry(
        offer_id=row.offer_id, title=place.title(row.offer_id), where=row.inputs["agreed_price"].where, outcome="open",
        price_fen=None, note=row.inputs["note"].text, change="refused",
        target_fen=place.fen(row.offer_id, "target_fen"), walk_away_fen=place.fen(row.offer_id, "walk_away_fen"),
    )  # fmt: skip


def _doubled(book: ReturnedBook, week: Week) -> dict[str, str]:
    """Offers answered differently in two rows, and the cells."""
    seen: dict[str, list[tuple[Answer | None, str]]] = {}
    for row in book.rows:
        if row.touched:
            try:
                answer = answer_of(row, book.file, week.zone)
            except Refusal:
                answer = None
            seen.setdefault(row.offer_id, []).append((answer, row.inputs["agreed_price"].where))
    return {
        offer: " and ".join(where for _, where in found) for offer, found in seen.items() if len({a for a, _ in found}) > 1
    }  # fmt: skip


def _of_file(book: ReturnedBook, name: str, severity: Literal["refused", "warning"], what: str, mend: str) -> SheetFinding:
    return SheetFinding(severity=severity, file=book.file, where=book.about.get(name, ""), what=what, mend=mend)


def _of_row(book: ReturnedBook, row: ReturnedRow, what: str) -> SheetFinding:
    where = row.inputs["agreed_price"].where
    return SheetFinding(severity="refused", file=book.file, where=where, what=what, mend="keep one row", offer_id=row.offer_id)


def findings_of(previews: Iterable[Preview]) -> list[SheetFinding]:
    """All findings of several previews, the refused ones first."""
    order = {"refused": 0, "warning": 1, "note": 2}
    return sorted((f for preview in previews for f in preview.findings), key=lambda finding: order[finding.severity])
