"""JSON of a file, read strictly and within limits, for the formats that are made of it."""

from __future__ import annotations

from typing import Any, BinaryIO

from claims.errors import BadFile
from tracker.formats import packed
from tracker.journal.strict import read_json

MAX_BYTES = 200_000_000
"""Of a file that is read as one value: it takes some ten times as much memory."""


def read_value(file: BinaryIO, name: str, most: int = MAX_BYTES) -> Any:
    """The one JSON value that an open file holds, in UTF-8 with or without a byte order mark.

    Raises :class:`BadFile` for what is larger than ``most`` bytes, is no JSON, has a key twice, ``NaN``,
    infinities, numbers too large, halves of characters, or nesting past what can be read.
    """
    data = file.read(most + 1)
    if len(data) > most:
        raise packed.larger(name, most)
    return value_of(data.removeprefix(b"\xef\xbb\xbf"), name)


def value_of(data: bytes, name: str) -> Any:
    """The JSON value in some bytes, read just as strictly."""
    try:
        return read_json(data)
    except ValueError as error:
        raise BadFile(
            f"{name} is no JSON that can be read ({error})", "check it with another program"
        ) from error
