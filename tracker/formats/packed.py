"""Compressed files (gzip, zstd) opened as they are: unpacked as they are read, and within limits.

A few kilobytes can unpack to any length. What is unpacked is counted on the way, against what the reader
has room for, and against what was read of the file: honest data never become a thousand times larger.
"""

from __future__ import annotations

import gzip
import io
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

from claims.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
"""How a file of either kind begins (RFC 1952, RFC 8878)."""

BUFFER = 1 << 18

SMALL = 100_000_000
"""Bytes up to which any ratio is allowed: they have room in memory."""

MAX_RATIO = 1_000
"""How many times larger than packed a file may be. Tables are 5 to 50 times larger; a file of one
repeated byte is 1,030 times larger in gzip, and tens of thousands of times in zstd."""

SLICE = 1 << 10
"""Packed bytes that zstd unpacks at a time: they become 32 MB at the very most."""


def is_packed(begins: bytes) -> bool:
    """Whether the first bytes of a file are those of a compressed one."""
    return begins.startswith((GZIP, ZSTD))


def opened(file: BinaryIO, name: str, most: int) -> io.BufferedReader[Any]:
    """An open file, unpacked as it is read if it is compressed; ``name`` is what messages call it, ``most``
    how many bytes it may unpack to.

    Raises :class:`BadFile`, also on the way: for what is damaged or cut short, unpacks to more than it may,
    or is zstd where nothing here reads that.
    """
    counted = _Counted(file)
    plain: io.BufferedReader[Any] = io.BufferedReader(counted, BUFFER)
    begins = plain.peek(len(ZSTD))[: len(ZSTD)]
    if begins.startswith(GZIP):
        packed = gzip.GzipFile(fileobj=plain)
        return io.BufferedReader(_Unpacking(packed.readinto, counted, name, "gzip", most), BUFFER)
    if begins.startswith(ZSTD):
        frames = _Frames(plain, _zstandard(name))
        return io.BufferedReader(_Unpacking(frames.readinto, counted, name, "zstd", most), BUFFER)
    return plain


def unpacked(data: bytes, name: str, most: int) -> bytes:
    """The bytes of a file that is held in memory, out of their gzip or zstd if they are in one.

    Raises :class:`BadFile` as :func:`opened` does.
    """
    if is_packed(data):
        data = opened(io.BytesIO(data), name, most).read()
    if len(data) > most:
        raise larger(name, most)
    return data


def packed_as(name: str, parts: Iterable[bytes]) -> Iterator[bytes]:
    """What is to be in a file of this name: compressed if it ends in .gz or .zst, else as it is. Of the
    same parts the same bytes come each time: no moment is written into them.

    Raises :class:`BadFile` for .zst where nothing here writes that.
    """
    if name.endswith(".gz"):
        packing: Any = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    elif name.endswith(".zst"):
        packing = _zstandard(name).ZstdCompressor().compressobj()
    else:
        yield from parts
        return
    for part in parts:
        yield packing.compress(part)
    yield packing.flush()


def larger(name: str, most: int) -> BadFile:
    """What to say of a file that is larger than there is room for."""
    size = f"{most // 1_000_000_000} GB" if most >= 1_000_000_000 else f"{most // 1_000_000} MB"
    return BadFile(f"{name} is larger than {size}", "split it into several files")


def _zstandard(name: str) -> Any:
    try:
        import zstandard
    except ImportError:
        raise BadFile(
            f"{name} is compressed by zstd, and zstandard, which does that, is not installed",
            "pip install 'claims-verification-tracker[zstd]'; or use gzip (.gz), or the program zstd",
        ) from None
    return zstandard


class _Counted(io.RawIOBase):
    """A file of which it is known how much has been read, and that stays open when its readers go."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.read_so_far = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count: int = self._file.readinto(buffer)
        self.read_so_far += count
        return count


class _Frames:
    """What zstd has packed into one frame after another, a slice at a time."""

    def __init__(self, file: io.BufferedReader[Any], zstandard: Any) -> None:
        self._file = file
        self._zstandard = zstandard
        self._parts = self._unpacked()
        self._left = memoryview(b"")

    def _unpacked(self) -> Iterator[bytes]:
        frame = None
        packed = self._file.read(SLICE)
        while packed:
            if frame is None:
                frame = self._zstandard.ZstdDecompressor().decompressobj()
            try:
                yield frame.decompress(packed)
            except self._zstandard.ZstdError as error:
                raise OSError(str(error)) from error
            packed = b""
            if frame.eof:
                packed, frame = frame.unused_data, None
            packed = packed or self._file.read(SLICE)
        if frame is not None:
            raise EOFError("it ends in the middle of a frame")

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._left = memoryview(part)
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


class _Unpacking(io.RawIOBase):
    """A compressed file, unpacked as it is read."""

    def __init__(
        self, readinto: Callable[[Any], int], packed: _Counted, name: str, how: str, most: int
    ) -> None:
        self._readinto = readinto
        self._packed = packed
        self._name = name
        self._how = how
        self._most = most
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            count = self._readinto(buffer)
        except (OSError, EOFError, zlib.error) as error:
            raise BadFile(
                f"{self._name} cannot be unpacked ({error})", f"compress it again with {self._how}"
            ) from error
        self._read += count
        if self._read > self._most:
            raise larger(self._name, self._most)
        if self._read > max(SMALL, MAX_RATIO * self._packed.read_so_far):
            raise BadFile(
                f"{self._name} unpacks to more than {MAX_RATIO:,} times its size",
                "no honest file does; unpack it by hand, if it is one",
            )
        return count
