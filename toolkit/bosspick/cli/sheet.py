"""``bosspick sheet``: the workbooks for the talks, out and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bosspick.cli.shared import as_json, open_stage, room_arguments, session_of, writable_folder
from bosspick.cli.sheet_said import preview_document, say_recorded, show_previews
from bosspick.errors import FindingError, InputError, NoPlanError, SheetError

if TYPE_CHECKING:
    from bosspick.bargaining.sheet_back import ReturnedBook
    from bosspick.bargaining.sheet_preview import Preview
    from bosspick.briefing.stage import Stage
    from bosspick.ledger import Ledger

_LANGUAGE = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language inside.")


@click.group()
def sheet() -> None:
    """Workbooks for the talks: out to the negotiators and the brands, and back."""


@sheet.command()
@room_arguments
@click.option("--out", "-o", type=click.Path(file_okay=False), default="targets", show_default=True)
@_LANGUAGE
@click.option("--brands", is_flag=True, help="Write the workbooks for the brands instead: nothing confidential in them.")
@click.option("--json", "json_output", is_flag=True, help="Print the files as JSON.")
def export(
    room: str, session: str | None, as_of: str | None, folder: str | None, out: str, lang: str, brands: bool, json_output: bool
) -> None:
    """Write one workbook a negotiator, own brands only. Confidential, unless for the brands.

    \b
    Examples:
      bosspick sheet export seeds --session 2026-W48 --out targets
      bosspick sheet export seeds --session 2026-W48 --lang zh --brands --out brand
    """
    from bosspick.bargaining.brand_books import write_brand_books
    from bosspick.bargaining.sheets import write_sheets

    writable_folder(Path(out), "--out")
    stage = open_stage(room, session, as_of, folder)
    write = write_brand_books if brands else write_sheets
    written = write(stage.week, stage.plan, stage.targets, Path(out), lang=lang, screening=stage.screening)
    if json_output:
        as_json([str(path) for path in written])
        return
    for path in written:
        click.echo(str(path))


@sheet.command("import")
@room_arguments
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--who", required=True, metavar="NAME", help="Who enters the answers; the ledger keeps it.")
@click.option("--dry-run", is_flag=True, help="Show what would be recorded, and record nothing.")
@click.option("--yes", is_flag=True, help="Record without asking.")
@click.option("--allow-above", is_flag=True, help="Take prices above the walk-away where the note says why.")
@click.option("--prefer", metavar="FILE", help="Where two workbooks differ, the one whose answers count.")
@click.option("--json", "json_output", is_flag=True, help="Print the result as JSON; needs --yes or --dry-run.")
def import_sheets(
    room: str,
    session: str | None,
    as_of: str | None,
    folder: str | None,
    files: tuple[Path, ...],
    json_output: bool,
    **how: Any,
) -> None:
    """Read workbooks that came back, show what they would change, and record it once confirmed.

    Good rows are recorded beside refused ones. Exit code 2 when anything was refused. An empty row changes nothing.

    \b
    Examples:
      bosspick sheet import seeds targets/*.xlsx --session 2026-W48 --who 小林 --dry-run
      bosspick sheet import seeds targets/*.xlsx --session 2026-W48 --who 小林 --yes
    """
    from bosspick.bargaining import price_targets
    from bosspick.bargaining.sheet_preview import preview_return, without_conflicts
    from bosspick.ledger import Ledger

    if json_output and not (how["yes"] or how["dry_run"]):
        raise InputError("--json cannot ask", where="sheet import", hint="add --yes or --dry-run")
    books = _books(files)
    prefer = _preferred(how["prefer"], files)
    session = session or _only_session(books)
    if not (how["allow_above"] or prefer) and (known := _recorded(room, folder, session, books)):
        _already(known, json_output=json_output)
        return
    stage = _planned(lambda: open_stage(room, session, as_of, folder), books)
    ledger = Ledger.of_room(stage.week.room)
    talks = ledger.talks(stage.week.session_id)
    # What may be paid does not hang on whom the talk plan would talk to: an import need not wait for that.
    targets = price_targets(stage.week, stage.screening, stage.plan, demand=stage.demand, limits=stage.limits)
    previews = without_conflicts(
        [preview_return(book, stage.week, stage.plan, targets, talks, allow_above=how["allow_above"]) for book in books],
        prefer=prefer,
    )
    if not json_output:
        show_previews(previews)
    wanted = any(preview.to_record for preview in previews) and not how["dry_run"]
    recorded: list[str] = []
    if wanted and (how["yes"] or click.confirm("Record these answers?")):
        if not ledger.talks(stage.week.session_id).equals(talks):
            raise FindingError(
                "somebody recorded talks since this preview", where="ledger", hint="import again: nothing was done"
            )
        recorded = _record(previews, ledger, stage.week.room, how["who"], again=how["allow_above"] or prefer is not None)
    then = f"bosspick plan {room} --session {stage.week.session_id}"
    if json_output:
        as_json(preview_document(previews, recorded, then))
    else:
        say_recorded(previews, recorded, then, dry_run=how["dry_run"])
    raise SystemExit(2 if any(preview.refused for preview in previews) else 0)


def _planned(opened: Callable[[], Stage], books: Sequence[ReturnedBook]) -> Stage:
    """The week with its plan; where recorded prices leave none, without those of the offers the workbooks answer.

    Else a price typed wrong, once recorded, would keep out the very workbook that mends it.
    """
    stage = opened()
    try:
        stage.plan  # noqa: B018 - made here, so that its failure is met here
    except NoPlanError:
        answered = {row.offer_id for book in books for row in book.rows if row.touched}
        kept = {offer: price for offer, price in stage.standing.settled.items() if offer not in answered}
        again = sorted(set(stage.standing.settled) - set(kept))
        if not again:
            raise
        told = f"no lineup holds with the prices recorded for {', '.join(again)}: the answers are held against one without them"
        click.echo(told, err=True)
        known = replace(stage.standing, settled=kept)
        stage = opened()
        stage.standing = known
        stage.plan  # noqa: B018 - as above
    return stage


def _books(files: Sequence[Path]) -> list[ReturnedBook]:
    """Read every file before anything is done; all that cannot be read are named at once."""
    from bosspick.bargaining.sheet_back import read_sheet

    books: dict[str, ReturnedBook] = {}
    wrong = []
    for path in files:
        try:
            book = read_sheet(path)
        except SheetError as error:
            wrong.append(error)
        else:
            books.setdefault(book.sha256, book)
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        raise SheetError("\n".join(["these files cannot be imported, and nothing was recorded:", *map(str, wrong)]))
    return list(books.values())


def _preferred(prefer: str | None, files: Sequence[Path]) -> str | None:
    """Name of the preferred workbook, as the previews have it."""
    if prefer is None:
        return None
    names = [path.name for path in files]
    if Path(prefer).name not in names:
        raise InputError(f"{prefer} is none of the files", where="--prefer", hint=f"one of {', '.join(names)}")
    if names.count(Path(prefer).name) > 1:
        raise InputError("several files have that name", where="--prefer", hint="rename one of them")
    return Path(prefer).name


def _only_session(books: Sequence[ReturnedBook]) -> str | None:
    """The session all workbooks are of, so that it need not be typed; None when they differ."""
    sessions = {book.session_id for book in books}
    return sessions.pop() if len(sessions) == 1 else None


def _recorded(room: str, folder: str | None, session: str | None, books: Sequence[ReturnedBook]) -> list[ReturnedBook]:
    """The workbooks, if every one of them was imported before: then there is no need to plan."""
    from bosspick.intake import open_room
    from bosspick.ledger import Ledger

    opened = open_room(room, folder=folder)
    known = Ledger.of_room(opened.folder).sheets(session_of(opened, session))
    return list(books) if all(book.sha256 in known for book in books) else []


def _already(books: Sequence[ReturnedBook], *, json_output: bool) -> None:
    if json_output:
        files = [{"file": book.file, "sha256": book.sha256, "state": "imported before"} for book in books]
        as_json({"files": files, "recorded": 0, "next": None})
        return
    for book in books:
        click.echo(f"{book.file}: imported before, nothing changes")
    click.echo("Rows refused then, if any, stay refused: mend them in the workbook, save it, and import it again.")


def _record(previews: Sequence[Preview], ledger: Ledger, room: Path, who: str, *, again: bool) -> list[str]:
    """Keep the originals, then record, one workbook at a time; returns the hashes of those recorded.

    Rows of a workbook imported before come in only ``again``: where --allow-above or --prefer let more of them through.
    """
    from bosspick.bargaining.sheet_archive import keep_original
    from bosspick.ledger import Sheet, Talk

    taken = [preview for preview in previews if preview.to_record]
    known = ledger.sheets(taken[0].book.session_id) if again else frozenset()
    for preview in taken:
        keep_original(preview.book, room)
    recorded = []
    for preview in taken:
        book = preview.book
        source = f"{book.file} {book.sha256[:16]}"
        talks = [
            Talk(
                session_id=book.session_id, offer_id=entry.offer_id, note=entry.note, source=source,
                outcome="reopened" if entry.outcome == "open" else entry.outcome, brand_price_fen=entry.price_fen,
            )
            for entry in preview.to_record
        ]  # fmt: skip
        sheet = None if book.sha256 in known else Sheet(
            session_id=book.session_id, sha256=book.sha256, name=book.file, negotiator=book.negotiator,
            plan_version=book.version,
        )  # fmt: skip
        if ledger.record_talks(talks, who=who, sheet=sheet):
            recorded.append(book.sha256)
    return recorded
