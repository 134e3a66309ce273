"""The archive a pack is kept in: members with a hash each, and a seal over every byte.

The seal is the SHA-256 of everything before it, kept as the archive's comment: the last bytes of the file. Member names,
dates and padding are under it too, so that no byte can change unseen. Whoever changes the file on purpose can renew
hashes and seal; what the rows say is proved by recomputing, not by the seal.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from bosspick.errors import PackError

__all__ = ["HASHES", "Archive", "sealed", "unsealed"]

#: Member that holds the SHA-256 of each other one.
HASHES = "hashes.json"
_SEAL = b"sha256:"
_LENGTH = len(_SEAL) + 64
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: More than any week's evidence; an archive that claims to unfold to more is refused before it does.
_MOST_BYTES = 4 * 2**30
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, OverflowError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What was read.

    Attributes
    ----------
    members
        Content by name, the hashes left out.
    damage
        What is not as it was written, in words; empty when nothing is.
    """

    members: dict[str, bytes]
    damage: tuple[str, ...]


def sealed(members: Mapping[str, bytes]) -> bytes:
    """The bytes of an archive of these members; the same members give the same bytes."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(members.items())}
    held = {**members, HASHES: json.dumps(hashes, indent=1).encode()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(held.items()):
            # A fixed date: the same evidence gives the same bytes.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        archive.comment = b" " * _LENGTH
    before = stream.getvalue()[:-_LENGTH]
    return before + _seal(before)


def unsealed(content: bytes, *, where: str) -> Archive:
    """Read an archive and say what of it is not as it was written.

    Parameters
    ----------
    content
        The file's bytes.
    where
        Its name, for messages.

    Raises
    ------
    PackError
        It is no zip archive, is cut short, or a member cannot be read.
    """
    damage = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            if sum(each.file_size for each in listed) > _MOST_BYTES:
                raise PackError("claims to unfold to more than 4 GiB", where=where, hint=_HINT)
            if any(each.compress_type not in _METHODS for each in listed):
                raise PackError("holds a member packed in another way", where=where, hint=_HINT)
            names = [each.filename for each in listed]
            twice = sorted({name for name in names if names.count(name) > 1})
            damage += [f"{name} stands in it twice" for name in twice]
            members = {each.filename: archive.read(each) for each in listed}
    except _FAULTS as error:
        raise PackError(f"is no readable zip archive: {error}", where=where, hint=_HINT) from None
    if content[-_LENGTH:] != _seal(content[:-_LENGTH]):
        damage.append("the archive's bytes are not those that were sealed")
    stated = _hashes(members.pop(HASHES, None), where)
    damage += [f"{name} is not the file that was hashed" for name, each in sorted(members.items())
               if name in stated and stated[name] != hashlib.sha256(each).hexdigest()]  # fmt: skip
    damage += [f"{name} was added" for name in sorted(members.keys() - stated.keys())]
    damage += [f"{name} is gone" for name in sorted(stated.keys() - members.keys())]
    return Archive(members=members, damage=tuple(damage))


_HINT = "take an untouched copy of evidence.zip, or run `bosspick brief` again"


def _seal(before: bytes) -> bytes:
    return _SEAL + hashlib.sha256(before).hexdigest().encode()


def _hashes(content: bytes | None, where: str) -> dict[str, str]:
    if content is None:
        raise PackError(f"holds no {HASHES}", where=where, hint=_HINT)
    try:
        found = json.loads(content)
    except ValueError as error:
        raise PackError(f"{HASHES} is no JSON: {error}", where=where, hint=_HINT) from None
    if not isinstance(found, dict):
        raise PackError(f"{HASHES} holds no hashes by name", where=where, hint=_HINT)
    return {str(name): str(digest) for name, digest in found.items()}
