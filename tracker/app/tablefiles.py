"""Files of tables that are read as a stream: their digest first, and how far they have been read."""

from __future__ import annotations

import io
import tempfile
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from claims.errors import BadFile
from tracker.formats import csvtable

if TYPE_CHECKING:
    from collections.abc import Iterator

PORTION = 1 << 20
"""Bytes that are read at a time."""


class TableFile(io.RawIOBase):
    """An open file from where it was when it was given, which counts as its beginning: its ``size`` in
    bytes, their SHA-256 (hex) as ``digest``, and ``read_so_far``."""

    def __init__(self, file: BinaryIO, size: int, digest: str) -> None:
        self._file = file
        self._start = file.tell()
        self.size = size
        self.digest = digest
        self.read_so_far = 0

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def seekable(self) -> bool:
        """It can be read again from its beginning."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read more of it."""
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self.read_so_far += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Read from elsewhere on."""
        place = self._file.seek(offset + self._start if whence == io.SEEK_SET else offset, whence)
        self.read_so_far = place - self._start
        return self.read_so_far

    def check(self, name: str) -> None:
        """Refuse a file that has been written to since its digest was made; raises :class:`BadFile`."""
        self._file.seek(self._start)
        if _digest(self._file, name) != (self.size, self.digest):
            raise BadFile(f"{name} was changed while it was read", "import it again when it is whole")


@contextmanager
def opened_table(source: bytes | Path | BinaryIO, name: str) -> Iterator[TableFile]:
    """A table given as its bytes, as the path of a file, or as an open file, which may be a pipe, and is
    read from where it is; what can be read only once is kept in a file without a name meanwhile.

    Raises :class:`BadFile` where it cannot be read.
    """
    with _opened(source) as file, tempfile.TemporaryFile() as kept:
        try:
            once = not file.seekable()
            size, digest = _digest(file, name, kept if once else None)
        except OSError as error:
            raise _unreadable(source, name, error) from error
        kept.seek(0)
        yield TableFile(cast("BinaryIO", kept) if once else file, size, digest)


@contextmanager
def _opened(source: bytes | Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
        return
    if not isinstance(source, Path):
        yield source
        return
    try:
        file = source.open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(source, str(source), error) from error
    with file:
        yield file


def _unreadable(source: object, name: str, error: Exception) -> BadFile:
    why = getattr(error, "strerror", None) or error
    return BadFile(f"{source if isinstance(source, Path) else name} cannot be read ({why})", "check the path")


def _digest(file: BinaryIO, name: str, copy: Any = None) -> tuple[int, str]:
    """The size and the SHA-256 (hex) of what an open file holds from here on; it is copied where asked
    to, or else read again from there afterwards."""
    size, hashed = 0, sha256()
    start = file.tell() if copy is None else 0
    while data := file.read(PORTION):
        size += len(data)
        if size > csvtable.LARGEST_STREAM:
            raise csvtable.too_large(name)
        hashed.update(data)
        if copy is not None:
            copy.write(data)
    if copy is None:
        file.seek(start)
    return size, hashed.hexdigest()
