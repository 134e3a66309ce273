"""Files that are no workbook, are damaged, locked, dangerous or too large: a clear message, and nothing half done."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bosspick.bargaining import sheet_file
from bosspick.bargaining.sheet_archive import keep_original
from bosspick.bargaining.sheet_back import read_sheet
from bosspick.bargaining.sheets import write_sheets
from bosspick.errors import OutputError, SheetError
from tests.sheets import planned_week

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
BITS = bytes(48 + (each & 1) for each in os.urandom(2**18))
ENTITY = '<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook as it was sent out."""
    planned = planned_week(tmp_path_factory.mktemp("good") / "room")
    return write_sheets(*planned, tmp_path_factory.mktemp("sent"))[0]


def repacked(source: Path, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The workbook with some of its parts changed."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_part(name: str, content: bytes) -> Callable[[Path], bytes]:
    """Add or replace one part."""
    return lambda source: repacked(source, lambda parts: parts.update({name: content}))


def without_part(name: str) -> Callable[[Path], bytes]:
    """Remove one part."""
    return lambda source: repacked(source, lambda parts: parts.pop(name) and None)


def macro_typed(source: Path) -> bytes:
    """The type a workbook with macros declares, without any."""

    def change(parts: dict[str, bytes]) -> None:
        old, new = b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml"
        assert old in parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(old, new)

    return repacked(source, change)


def understated(source: Path) -> bytes:
    """A part of 1 MB that says it is of 10 bytes."""
    size = 2**20 - 12345
    content = with_part("xl/media/image1.png", b"\0" * size)(source)
    real, lie = size.to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert content.count(real) == 2
    return content.replace(real, lie)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.xlsx", lambda _: b"", "is empty"),
        ("list.xlsx", lambda _: "编号,价格\nO1,81\n".encode("gb18030"), "is no Excel workbook, whatever its name says"),
        ("page.xlsx", lambda _: b"<html><table></table></html>", "is no Excel workbook, whatever its name says"),
        ("~$list.xlsx", lambda _: b"\x06\xe6\x9e\x97", "is Excel's own lock file"),
        ("old.xlsx", lambda _: OLE, r"is a workbook of the old kind \(\.xls\)"),
        ("locked.xlsx", lambda _: OLE + "EncryptedPackage".encode("utf-16-le"), "is locked with a password"),
        ("macro.xlsm", lambda source: source.read_bytes(), "may hold macros"),
        ("macro.xlsx", with_part("xl/vbaProject.bin", b"Sub"), "holds macros"),
        ("typed.xlsx", macro_typed, "holds macros"),
        ("cut.xlsx", lambda source: source.read_bytes()[:-400], "is damaged or cut short"),
        ("half.xlsx", lambda source: source.read_bytes()[: source.stat().st_size // 2], "is damaged or cut short"),
        ("other.xlsx", without_part("xl/workbook.xml"), "is a packed file, but no Excel workbook"),
        ("broken.xlsx", with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"), "cannot be read as a workbook"),
        ("lost.xlsx", without_part("xl/worksheets/sheet1.xml"), "has no page of talks"),
        ("entity.xlsx", with_part("xl/worksheets/sheet1.xml", ENTITY.encode()), "declares entities"),
        ("wide.xlsx", with_part("xl/wide.xml", ENTITY.encode("utf-16")), "declares entities"),
        ("bomb.xlsx", with_part("xl/media/image1.png", b"\0" * 2**25), "unpacks to far more"),
        ("huge.xlsx", with_part("xl/media/image1.png", os.urandom(2**20) * 90), "unpacks to far more|is larger than 20 MB"),
        ("text.xlsx", with_part("xl/extra.xml", BITS * 140), "unpacks to far more"),
        ("liar.xlsx", understated, "is damaged or cut short"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_says_why(
    good: Path, tmp_path: Path, name: str, content: Callable[[Path], bytes], message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content(good))
    with pytest.raises(SheetError, match=message) as told:
        read_sheet(path)
    assert told.value.where is not None
    assert name in told.value.where
    assert told.value.hint


def test_a_file_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with path.open("wb") as stream:
        stream.truncate(2**34)
    with pytest.raises(SheetError, match="is larger than 20 MB"):
        read_sheet(path)


def test_missing_folder_and_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    for name, message in (("none.xlsx", "no such file"), (".", "is a folder"), ("pipe.xlsx", "is no ordinary file")):
        with pytest.raises(SheetError, match=message):
            read_sheet(tmp_path / name)


def test_a_file_that_may_not_be_read(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shut.xlsx"
    path.write_bytes(good.read_bytes())
    path.chmod(0)
    if os.access(path, os.R_OK):
        # Nothing is shut to root: let the system refuse instead.
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SheetError, match="cannot be read: Permission denied"):
        read_sheet(path)


def test_the_limits_leave_room_for_an_honest_workbook(good: Path) -> None:
    with zipfile.ZipFile(good) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    assert good.stat().st_size * 50 < sheet_file.MOST_BYTES
    assert unpacked * 50 < sheet_file.MOST_XML
    assert read_sheet(good).rows


def test_the_original_is_kept_as_it_came(good: Path, tmp_path: Path) -> None:
    book = read_sheet(good)
    kept = keep_original(book, tmp_path)
    assert kept.relative_to(tmp_path).as_posix() == f"returned/2026-W48/{book.sha256[:16]}-{good.stem}.xlsx"
    assert kept.read_bytes() == good.read_bytes()
    before = kept.stat().st_mtime_ns
    assert keep_original(book, tmp_path) == kept
    assert kept.stat().st_mtime_ns == before
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_a_copy_that_was_cut_short_is_replaced(good: Path, tmp_path: Path) -> None:
    book = read_sheet(good)
    kept = keep_original(book, tmp_path)
    kept.write_bytes(b"half")
    assert keep_original(book, tmp_path).read_bytes() == good.read_bytes()


def test_where_nothing_can_be_written_nothing_is_kept(good: Path, tmp_path: Path) -> None:
    (tmp_path / "returned").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be kept"):
        keep_original(read_sheet(good), tmp_path)
