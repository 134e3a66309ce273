"""What ``bosspick sheet import`` says of workbooks that came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bosspick.cli.shared import show_table

if TYPE_CHECKING:
    from bosspick.bargaining.sheet_preview import Entry, Preview

__all__ = ["preview_document", "say_recorded", "show_previews"]


def show_previews(previews: Sequence[Preview]) -> None:
    """The preview, and everything to be said, the refused first."""
    import pandas as pd

    from bosspick.bargaining.sheet_preview import findings_of

    for preview in previews:
        book = preview.book
        title = f"{book.file}: {book.negotiator}, {book.session_id}, plan {book.version} (confidential)"
        rows = [_row(entry) for entry in preview.entries]
        if rows:
            show_table(pd.DataFrame(rows), list(rows[0]), title=title)
        else:
            click.echo(f"{title}: nothing filled in")
        if preview.untouched and rows:
            click.echo(f"{preview.untouched} rows were left empty and change nothing")
    for finding in findings_of(previews):
        click.echo(str(finding), err=finding.severity == "refused")


def _row(entry: Entry) -> dict[str, str]:
    before = "" if not entry.before else f"{entry.before} {_yuan(entry.before_fen)}".strip()
    return {
        "offer": entry.offer_id, "title": entry.title, "": entry.change,
        "outcome": "" if entry.change == "refused" else entry.outcome,
        "price": _yuan(entry.price_fen), "before": before, "target": _yuan(entry.target_fen),
        "walk-away": _yuan(entry.walk_away_fen), "note": entry.note, "cell": entry.where,
    }  # fmt: skip


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"¥{fen / 100:,.2f}"


def say_recorded(previews: Sequence[Preview], recorded: Sequence[str], then: str, *, dry_run: bool) -> None:
    """Print what became of each workbook; ``recorded`` has the hashes of those recorded, ``then`` what to do next."""
    count = 0
    for preview in previews:
        new, name = len(preview.to_record), preview.book.file
        if preview.book.sha256 in recorded:
            click.echo(f"{name}: {new} recorded")
            count += new
        elif dry_run and new:
            click.echo(f"{name}: {new} would be recorded")
        elif new:
            click.echo(f"{name}: nothing recorded")
        else:
            click.echo(f"{name}: nothing changes")
    if count:
        click.echo(f"Plan again with what was agreed:\n  {then}")


def preview_document(previews: Sequence[Preview], recorded: Sequence[str], then: str) -> dict[str, Any]:
    """The same for another program: every entry and finding of every workbook, money in fen."""
    return {
        "files": [
            {"file": preview.book.file, "sha256": preview.book.sha256, "session": preview.book.session_id,
             "version": preview.book.version, "negotiator": preview.book.negotiator,
             "state": "recorded" if preview.book.sha256 in recorded else "not recorded",
             "entries": [asdict(entry) for entry in preview.entries], "untouched": preview.untouched,
             "findings": [asdict(finding) for finding in preview.findings]}
            for preview in previews
        ],
        "recorded": sum(len(preview.to_record) for preview in previews if preview.book.sha256 in recorded),
        "next": then if recorded else None,
    }  # fmt: skip
