"""The catalogues: every message of briefing, desk, templates and notebooks, brought up to date and compiled.

Run as ``python -m bosspick.briefing.messages`` in a checkout, it takes new messages into ``locale/zh/LC_MESSAGES/bosspick.po``,
drops those no longer used, and compiles the file; new ones are left empty for a translator. With ``--check`` it changes
nothing and says whether anything would change.
"""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bosspick.briefing.notebook_text import paragraphs
from bosspick.catalogue import LOCALE
from bosspick.share import share_path

if TYPE_CHECKING:
    from babel.messages import Catalog

__all__ = ["PO", "compiled", "fresh", "main", "messages"]

PO = LOCALE / "zh" / "LC_MESSAGES" / "bosspick.po"
#: Functions that take a message, and which of their arguments are messages.
_KEYWORDS: dict[str, Any] = {
    "t": None, "tn": (1, 2), "marked": None, "gettext": None, "ngettext": (1, 2), "_": None,
}  # fmt: skip
#: A clock here would change the file though no message did.
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)


def messages() -> Iterator[tuple[str, Any]]:
    """Where each message stands and the message; a pair where it has a plural."""
    from babel.messages.extract import extract_from_dir

    from bosspick.briefing.vocabulary import vocabulary

    places: tuple[tuple[Path, list[tuple[str, str]]], ...] = (
        (Path(__file__).parent, [("**.py", "python")]),
        (Path(__file__).parents[1] / "desk", [("**.py", "python")]),
        (share_path("templates"), [("**.html", "jinja2"), ("**.css", "jinja2")]),
    )
    for folder, methods in places:
        options = {pattern: {"trimmed": "true", "silent": "false"} for pattern, _ in methods}
        for file, _, message, _, _ in extract_from_dir(folder, methods, options, keywords=_KEYWORDS):
            yield f"{folder.name}/{file}", message
    for notebook in sorted(share_path("notebooks").glob("*.ipynb")):
        for text in paragraphs(notebook):
            yield f"notebooks/{notebook.name}", text
    for text in vocabulary():
        yield "briefing/vocabulary.py", text


def fresh() -> Catalog:
    """The Chinese catalogue with exactly the messages there are now."""
    from babel.messages import Catalog
    from babel.messages.pofile import read_po

    found = Catalog(locale="zh", domain="bosspick", project="bosspick", version="0", creation_date=_NEVER, revision_date=_NEVER,
                    header_comment="# Chinese (simplified) words of the briefing.", fuzzy=False)  # fmt: skip
    known = read_po(io.BytesIO(PO.read_bytes()), locale="zh", domain="bosspick") if PO.is_file() else Catalog(locale="zh")
    for place, message in messages():
        before = known.get(message if isinstance(message, str) else message[0])
        found.add(message, before.string if before is not None else None, locations=[(place, 0)])
    return found


def compiled(catalog: Catalog) -> tuple[bytes, bytes]:
    """A catalogue as text for translators and as the file that is read at run time."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import write_po

    text, machine = io.BytesIO(), io.BytesIO()
    write_po(text, catalog, width=120, sort_output=True, include_lineno=False)
    write_mo(machine, catalog)
    return text.getvalue(), machine.getvalue()


def main(arguments: list[str]) -> int:
    """Update and compile, or with ``--check`` only compare; returns the exit code."""
    log = logging.getLogger("bosspick.messages")
    log.addHandler(logging.StreamHandler())
    log.setLevel(logging.INFO)
    catalog = fresh()
    text, machine = compiled(catalog)
    old = PO.read_bytes() if PO.is_file() else b""
    empty = [message for message in catalog if message.id and not (message.string and all(_strings(message.string)))]
    if "--check" in arguments:
        stale = text != old or PO.with_suffix(".mo").read_bytes() != machine
        log.info("%d messages, %d without translation, %s", len(catalog), len(empty), "stale" if stale else "up to date")
        return 1 if stale or empty else 0
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(text)
    PO.with_suffix(".mo").write_bytes(machine)
    log.info("%d messages, %d without translation: %s", len(catalog), len(empty), PO)
    return 0


def _strings(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
