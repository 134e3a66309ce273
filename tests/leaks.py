"""Finds confidential figures in files that brands or the camera may see, however they are written and wherever they hide."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

__all__ = ["Leak", "Secret", "leaks", "secrets_of", "shown_numbers", "words_found"]

#: A number as it is written anywhere, with the money sign before or after it.
_NUMBER = re.compile(
    r"(?P<sign>¥\s*)?(?<![\d.])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\d|[.,]\d|\s*%)(?P<unit>\s*[元块])?"
)
#: Parts of a workbook's XML that hold places and sizes, never content.
_LAYOUT = frozenset(("colOff", "rowOff", "col", "row", "x", "y"))
_CONTENT_ATTRIBUTES = frozenset(("val", "name", "descr", "title", "prompt", "error", "tooltip"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A confidential figure of one offer, in fen."""

    offer_id: str
    name: str
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A confidential figure found: in which file, in which part of it, and as it was written there."""

    file: str
    part: str
    shown: str
    secret: Secret

    def __str__(self) -> str:
        return f"{self.file} {self.part}: {self.shown!r} is the {self.secret.name} of {self.secret.offer_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """One number as it stands in a file; ``cell`` when it is the value of a cell or a whole text of its own."""

    part: str
    text: str
    value: Decimal
    money: bool
    cell: bool


def secrets_of(targets: pd.DataFrame, offers: pd.DataFrame, ladders: Mapping[str, Iterable[int]]) -> list[Secret]:
    """The confidential figures of a week: what the brand may accept, what we aim at, and where we stop.

    Parameters
    ----------
    targets
        ``Targets.frame``.
    offers
        The week's offers, with the floors.
    ladders
        Prices of the concession steps by offer.
    """
    names = {"reservation_low_fen": "reservation", "reservation_high_fen": "reservation", "walk_away_fen": "walk-away",
             "target_fen": "target"}  # fmt: skip
    floors = {"floor_low_fen": "floor", "floor_high_fen": "floor"}
    found = [
        Secret(offer_id=str(row["offer_id"]), name=word, fen=int(row[column]))
        for frame, columns in ((targets, names), (offers, floors))
        for row in frame.to_dict("records")
        for column, word in columns.items()
        if not pd.isna(row[column])
    ]
    steps = [Secret(offer_id=offer, name="ladder", fen=fen) for offer, prices in ladders.items() for fen in prices]
    return list(dict.fromkeys([*found, *steps]))


def leaks(path: Path, secrets: Iterable[Secret], public: Iterable[Decimal]) -> list[Leak]:
    """Confidential figures in one file.

    Parameters
    ----------
    path
        The file: .xlsx, .html, .pdf or text.
    secrets
        What must not be there.
    public
        Figures that may: those in yuan and counts alike, such as the opening price, which a floor may happen to equal.

    Returns
    -------
    list of Leak
        Found as yuan (102.5, 102.50, ¥1,299.00), as fen (10250), or rounded to yuan beside a money sign (¥103).
    """
    excused = set(public)
    by_value: dict[Decimal, list[Secret]] = {}
    rounded: dict[Decimal, list[Secret]] = {}
    in_fen: dict[Decimal, list[Secret]] = {}
    for secret in secrets:
        yuan = Decimal(secret.fen) / 100
        by_value.setdefault(yuan, []).append(secret)
        in_fen.setdefault(Decimal(secret.fen), []).append(secret)
        rounded.setdefault(yuan.quantize(Decimal(1), ROUND_HALF_UP), []).append(secret)
    found = []
    for shown in shown_numbers(path):
        if shown.value in excused:
            continue
        whole = shown.value == shown.value.to_integral_value() and "." not in shown.text
        hits: list[Secret] = []
        # A bare whole number in running text counts something more often than not; with a sign it is money.
        if not whole or shown.money or shown.cell:
            hits += by_value.get(shown.value, [])
        if whole and shown.money:
            hits += rounded.get(shown.value, [])
        if whole and not shown.money:
            hits += in_fen.get(shown.value, [])
        found += [Leak(file=path.name, part=shown.part, shown=shown.text, secret=secret) for secret in dict.fromkeys(hits)]
    return found


def words_found(path: Path, words: Iterable[str]) -> list[tuple[str, str]]:
    """Words that must not be in a file, with the part each was found in; case and width do not count."""
    wanted = [_plain(word) for word in words]
    return [(part, word) for part, text, _ in _texts(path) for word in wanted if word in _plain(text)]


def shown_numbers(path: Path) -> Iterator[_Shown]:
    """Every number of a file, as it is written."""
    for part, text, cell in _texts(path):
        plain = unicodedata.normalize("NFKC", text).replace("￥", "¥")
        for match in _NUMBER.finditer(plain):
            alone = match.group().strip() == plain.strip()
            # A whole number behind a Latin letter is part of an id, a colour or a stamp.
            before = plain[match.start() - 1] if match.start() else ""
            if before.isascii() and before.isalpha() and "." not in match["digits"]:
                continue
            yield _Shown(
                part=part,
                text=match.group().strip(),
                value=Decimal(match["digits"].replace(",", "")),
                money=bool(match["sign"] or match["unit"]),
                cell=cell or (alone and path.suffix == ".xlsx"),
            )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _texts(path: Path) -> Iterator[tuple[str, str, bool]]:
    """Part, text, and whether the text is the value of a cell."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            if archive.comment:
                yield "zip comment", archive.comment.decode("utf-8", "replace"), False
            for name in archive.namelist():
                yield "name of a part", name, False
                yield from _part(name, archive.read(name))
    elif path.suffix == ".html":
        page = _Page()
        page.feed(path.read_text("utf-8"))
        yield from (("page", text, False) for text in page.texts)
    elif path.suffix == ".pdf":
        tool = shutil.which("pdftotext")
        assert tool is not None, "pdftotext is not installed"
        done = subprocess.run([tool, "-layout", str(path), "-"], capture_output=True, text=True, check=True)
        yield "page", done.stdout, False
    else:
        yield "text", path.read_text("utf-8-sig"), False


def _part(name: str, content: bytes) -> Iterator[tuple[str, str, bool]]:
    if not name.endswith((".xml", ".rels", ".vml")):
        yield name, content.decode("utf-8", "replace"), False
        return
    sheet, looks = name.startswith("xl/worksheets/"), name.startswith(("xl/theme/", "xl/styles"))
    for node in ElementTree.fromstring(content).iter():
        tag = str(node.tag).rpartition("}")[2]
        # The value of a cell with text is its place among the shared texts, which are read as their own part.
        text_cell = tag == "c" and node.get("t") in ("s", "b")
        for child in node if tag == "c" else ():
            if str(child.tag).endswith("}v") and child.text and not text_cell:
                yield f"{name} {node.get('r')}", child.text, True
        if node.text and node.text.strip() and tag not in _LAYOUT and not (sheet and tag == "v"):
            yield f"{name} <{tag}>", node.text, False
        if node.tail and node.tail.strip():
            yield f"{name} <{tag}>", node.tail, False
        for attribute, value in node.attrib.items():
            key = attribute.rpartition("}")[2]
            # A number alone in an attribute is a width, a height or an index, except where content may stand;
            # hexadecimal digits among the looks are a colour.
            nothing = r"[\d.,\-]+|[\dA-Fa-f]{6}(?:[\dA-Fa-f]{2})?" if looks else r"[\d.,\-]+"
            if (key in _CONTENT_ATTRIBUTES and not looks) or not re.fullmatch(nothing, value):
                yield f"{name} <{tag} {key}>", value, False


class _Page(HTMLParser):
    """Texts of a page: what is shown, what is hidden, remarks, and every attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        skipped = ("style", "class", "viewbox", "width", "height")
        self.texts += [value for name, value in attrs if value and name not in skipped]

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._style = False

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._style:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.texts.append(data)
