"""Zip files opened within limits, so that a small file cannot grow into one that fills the memory.

Everything is checked before a byte is unpacked: the directory of a zip file says where each member
lies and how large it is; what is then unpacked is counted, for the directory may lie. Members that
overlap are how 42 kB become petabytes (Fifield, "A better zip bomb", 2019).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from claims.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Mapping

MAGIC = b"PK\x03\x04"
"""How a zip file with anything in it begins."""

MAX_MEMBERS = 10_000
MAX_BYTES = 200_000_000
"""Of all members together, unpacked."""

MAX_RATIO = 200
"""How many times larger than packed a member may be. Sheets are 5 to 30 times larger; a
member of one repeated byte is 1,000 times larger."""

SMALL = 1_000_000
"""Members smaller than this may have any ratio: an empty sheet compresses very well."""

_LOCAL_HEADER = 30
_STORED, _DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


def members(data: bytes, name: str) -> Mapping[str, bytes]:
    """The unpacked members of a zip file by name; ``name`` is what messages call the file.

    Raises :class:`BadFile` for what is no zip file, is damaged or encrypted, has members that are too many,
    too large, packed too well, overlapping, of the same name, or with a name that leads out of a folder.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive.infolist(), len(data), name)
            return {info.filename: _unpacked(archive, info, name) for info in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise BadFile(f"{name} cannot be unpacked ({error})", "save it again") from error
    except RuntimeError as error:  # what the library says of members with a password
        raise BadFile(f"{name} is encrypted", "save it without a password") from error


def _check(infos: list[zipfile.ZipInfo], size: int, name: str) -> None:
    """Refuse what the directory of a file shows to be no honest zip file."""
    if len(infos) > MAX_MEMBERS:
        raise _refused(name, f"has {len(infos):,} members, more than {MAX_MEMBERS:,}")
    if sum(info.file_size for info in infos) > MAX_BYTES:
        raise _refused(name, f"unpacks to more than {MAX_BYTES // 1_000_000} MB")
    seen: set[str] = set()
    for info in infos:
        shown = f"{info.filename[:60]!a}"
        if _leads_out(info.filename):
            raise _refused(name, f"has a member with the name {shown}, which leads out of it")
        if info.filename in seen:
            raise _refused(name, f"has two members with the name {shown}")
        seen.add(info.filename)
        if info.compress_type not in (_STORED, _DEFLATED):
            raise _refused(name, f"has a member {shown} packed in a way that is not read here")
        if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
            raise _refused(name, f"has a member {shown} that is more than {MAX_RATIO} times larger unpacked")
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise _refused(name, f"has members that overlap, {info.filename[:60]!a} among them")
        end = info.header_offset + _LOCAL_HEADER + len(info.orig_filename) + info.compress_size
    if end > size:
        raise _refused(name, "is cut short")


def _refused(name: str, why: str) -> BadFile:
    return BadFile(f"{name} {why}", "it was not made by a spreadsheet program as it is; save it again")


def _leads_out(member: str) -> bool:
    """Whether a member's name is absolute, or goes up."""
    parts = member.replace("\\", "/").split("/")
    return not member or parts[0] == "" or ".." in parts or ":" in parts[0] or not member.isprintable()


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    with archive.open(info) as member:
        data = member.read(info.file_size + 1)
    if len(data) != info.file_size:
        raise _refused(name, f"has a member {info.filename[:60]!a} of another size than its directory says")
    return data
