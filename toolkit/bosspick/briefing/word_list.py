"""The word list: phrases that may not go on air as they are, what to say instead, and the rule that says so."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bosspick.errors import TableError
from bosspick.share import share_path

__all__ = ["Found", "Phrase", "find_phrases", "plain_text", "read_rows", "read_word_list"]

_COLUMNS = ("phrase", "language", "kind", "suggestion", "source")
#: What writers put between characters so that a filter does not see the word.
_FILLER = r"[\s\u200b\u200c\u200d\ufeff·.*_~|/-]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One entry of the list; ``language`` is ``zh`` or ``en``."""

    phrase: str
    language: str
    kind: str
    suggestion: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entry found in a text, and the words it was found in."""

    entry: Phrase
    words: str


def read_word_list(room: Path) -> list[Phrase]:
    """The list that comes with the package and the room's own ``wording.csv``, whose entries replace those of the same phrase.

    Parameters
    ----------
    room
        Folder of the room; the file may be missing.

    Raises
    ------
    TableError
        A column is missing, a cell is empty, or a language is neither ``zh`` nor ``en``; the message names the row.
    """
    entries: dict[str, Phrase] = {}
    for path in (share_path("seeds") / "wording.csv", room / "wording.csv"):
        for number, row in read_rows(path, _COLUMNS):
            if row["language"] not in ("zh", "en"):
                raise TableError(f"row {number}: language {row['language']!r}", where=str(path), hint="write zh or en")
            entries[plain_text(row["phrase"])] = Phrase(**row)
    return list(entries.values())


def find_phrases(text: str, entries: Sequence[Phrase]) -> list[Found]:
    """Find the entries in a text, in the order they stand there.

    Width, case and what is slipped between characters do not hide a phrase; English ones are whole words. A phrase that
    lies within a longer one is not said beside it.

    Examples
    --------
    >>> listed = [Phrase(phrase=p, language="zh", kind="", suggestion="", source="") for p in ("最低价", "全网最低价")]
    >>> [found.words for found in find_phrases("今晚全网 最 低价！", listed)]
    ['全网 最 低价']
    """
    plain = plain_text(text)
    spans = [(match.start(), match.end(), entry) for entry in entries for match in _pattern(entry).finditer(plain)]
    kept = [
        (start, end, entry)
        for start, end, entry in spans
        if not any(other[0] <= start and end <= other[1] and (start, end) != other[:2] for other in spans)
    ]
    return [Found(entry=entry, words=plain[start:end]) for start, end, entry in sorted(kept, key=lambda span: span[:2])]


def plain_text(text: str) -> str:
    """Text as the list compares it: full-width letters as plain ones, in lower case, with straight apostrophes."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'").strip()


def read_rows(path: Path, columns: Iterable[str]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a small CSV file with their numbers as a spreadsheet shows them; none where there is no file.

    Raises
    ------
    TableError
        The file is not UTF-8, a column is missing, or a cell is empty.
    """
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            read = list(reader)
    except UnicodeDecodeError as error:
        raise TableError(f"cannot be read: {error}", where=str(path), hint="save it as CSV in UTF-8") from error
    lacking = [name for name in columns if name not in (reader.fieldnames or ())]
    if lacking:
        raise TableError(f"has no column {lacking[0]!r}", where=str(path), hint=f"it needs {', '.join(columns)}")
    rows = [(number, {name: (row[name] or "").strip() for name in columns}) for number, row in enumerate(read, start=2)]
    for number, row in rows:
        empty = [name for name, cell in row.items() if not cell]
        if empty:
            raise TableError(f"row {number}: {empty[0]} is empty", where=str(path), hint="fill it in, or delete the row")
    return rows


def _pattern(entry: Phrase) -> re.Pattern[str]:
    words = plain_text(entry.phrase)
    if entry.language == "en":
        return re.compile(r"\b" + r"\s+".join(re.escape(word) for word in words.split()) + r"\b")
    return re.compile(_FILLER.join(re.escape(char) for char in words if not char.isspace()))
