"""A returned file before anything in it is believed: it must be an honest, whole, small workbook without macros."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from pathlib import Path

from bosspick.errors import SheetError

__all__ = ["MOST_BYTES", "MOST_RATIO", "MOST_UNPACKED", "MOST_XML", "workbook_bytes"]

#: A negotiator's workbook is below 100 kB; these leave room for pictures and remarks, and none for bombs.
MOST_BYTES = 20 * 2**20
MOST_UNPACKED = 80 * 2**20
MOST_XML = 32 * 2**20
MOST_RATIO = 300
_MOST_PARTS = 2000
#: Parts smaller than this may be as repetitive as they like.
_RATIO_FROM = 2**20
_CHUNK = 2**16
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "open it and save it as an Excel workbook (.xlsx)"


def workbook_bytes(path: Path) -> bytes:
    """Read a returned file once, and check it as far as can be done without believing it.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bytes
        Its content: what is hashed, read and archived is the same.

    Raises
    ------
    SheetError
        It is missing, a folder, unreadable, too large, no workbook, locked with a password, cut short, packed to
        overflow, or carries macros.
    """
    content = _content(path)
    where = path.name
    if path.suffix.casefold() in (".xlsm", ".xltm", ".xlam", ".xlsb"):
        raise SheetError("may hold macros", where=where, hint=_SAVE_AS)
    if content.startswith(_OLE):
        _refuse_ole(content, where)
    if not content.startswith(b"PK"):
        kind = "is Excel's own lock file" if where.startswith("~$") else "is no Excel workbook, whatever its name says"
        raise SheetError(kind, where=where, hint=_SAVE_AS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive, where)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise SheetError(f"is damaged or cut short: {error}", where=where, hint="ask for the file again") from error
    return content


def _content(path: Path) -> bytes:
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise SheetError("is a folder, not a workbook", where=str(path), hint="name the files in it")
        if not stat.S_ISREG(found.st_mode):
            raise SheetError("is no ordinary file", where=str(path), hint="name a workbook")
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise SheetError("there is no such file", where=str(path), hint="check the path") from None
    except OSError as error:
        raise SheetError(f"cannot be read: {error.strerror}", where=str(path), hint="check its permissions") from error
    if len(content) > MOST_BYTES:
        size = f"is larger than {MOST_BYTES // 2**20} MB"
        raise SheetError(size, where=path.name, hint="remove pictures and pages that do not belong to it")
    if not content:
        raise SheetError("is empty", where=path.name, hint="ask for the file again")
    return content


def _refuse_ole(content: bytes, where: str) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise SheetError(
            "is locked with a password", where=where,
            hint="open it, then File > Info > Protect Workbook > Encrypt with Password, empty the field, and save",
        )  # fmt: skip
    raise SheetError("is a workbook of the old kind (.xls)", where=where, hint=_SAVE_AS)


def _check_parts(archive: zipfile.ZipFile, where: str) -> None:
    """Read every part once within the limits: a part that lies about its size is caught by what comes out of it."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any("vbaproject" in name.casefold() for name in names):
        raise SheetError("holds macros", where=where, hint=_SAVE_AS)
    if "xl/workbook.xml" not in names:
        raise SheetError("is a packed file, but no Excel workbook", where=where, hint=_SAVE_AS)
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _overflow(where)
    unpacked = xml = 0
    for part in parts:
        is_xml = part.filename.casefold().endswith((".xml", ".rels", ".vml"))
        size, tail = 0, b""
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                size, unpacked = size + len(chunk), unpacked + len(chunk)
                xml += len(chunk) if is_xml else 0
                swollen = size > _RATIO_FROM and size > MOST_RATIO * max(part.compress_size, 1)
                if unpacked > MOST_UNPACKED or xml > MOST_XML or swollen:
                    raise _overflow(where)
                if is_xml and _declares(tail + chunk):
                    raise SheetError("declares entities, which no spreadsheet writes", where=where, hint=_SAVE_AS)
                tail = chunk[-32:]
        if part.filename == "[Content_Types].xml" and b"macroEnabled" in archive.read(part):
            raise SheetError("holds macros", where=where, hint=_SAVE_AS)


def _declares(xml: bytes) -> bool:
    """Whether XML declares entities, which could be made to grow without end, in any encoding a parser takes."""
    plain = xml.replace(b"\0", b"")
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def _overflow(where: str) -> SheetError:
    return SheetError(
        "unpacks to far more than a workbook of talks holds", where=where, hint="copy the answers into a fresh export"
    )
