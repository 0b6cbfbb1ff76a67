"""JSON Lines as a table: each line an object, its fields by their names; what lies within another field
has the names on the way to it, with dots between them.

Numbers stay as they are written: 1.10 is not 1.1.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile
from tracker.formats.csvtable import RowReader
from tracker.journal.strict import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import BufferedReader

    from tracker.formats.csvtable import NumberedRow

LONGEST_LINE = 4_000_000
"""Bytes of a line."""

LOOKED_AT = 1_000
"""Lines that are looked at to find the names of fields."""

DEEPEST = 8
"""Fields within fields that are followed."""


def stream(file: BufferedReader[Any], name: str, columns: Sequence[str] = ()) -> RowReader:
    """The rows of a file, with these columns; without any, those that the first lines have. A field that a
    line does not have is empty.

    Raises :class:`BadFile`, also on the way, for a line that has no end, and where no line of the first
    thousand has any of the columns.
    """
    lines = _objects(file, name)
    first = list(islice(lines, LOOKED_AT))
    there = list(dict.fromkeys(key for _, found, _ in first for key in found))
    headings = list(columns) or there
    if there and not set(headings).intersection(there):
        raise BadFile(
            f"{name} has none of the fields that the map looks for: {', '.join(headings)[:300]}",
            f"its fields are: {', '.join(there)[:300]}",
        )
    return RowReader(_rows(headings, first, lines), name)


def _rows(headings: list[str], first: list[Any], lines: Iterator[Any]) -> Iterator[NumberedRow]:
    yield 0, headings, ""
    for part in (first, lines):
        for number, found, problem in part:
            yield number, [found.get(heading, "") for heading in headings], problem


def _objects(file: BufferedReader[Any], name: str) -> Iterator[tuple[int, dict[str, str], str]]:
    """Each line that is not empty: its number, its fields as texts, and what is wrong with it."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise BadFile(
                f"{name}, line {number}: it has more than {LONGEST_LINE:,} bytes", "is it JSON Lines?"
            )
        plain = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not plain.strip():
            continue
        try:
            read_json(plain)  # strictly, for what is wrong with it; then again, with numbers as texts
            value = json.loads(plain, parse_int=str, parse_float=str)
        except ValueError as error:
            yield number, {}, f"it is no JSON that can be read ({error})"
            continue
        if not isinstance(value, dict):
            yield number, {}, "it is no object: a line is {…}"
            continue
        yield number, dict(_texts(value, "", 0)), ""


def _texts(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """All that a value holds as texts, by the names on the way to them."""
    if isinstance(value, dict | list) and depth < DEEPEST:
        inner = value.items() if isinstance(value, dict) else enumerate(value, 1)
        for key, each in inner:
            yield from _texts(each, f"{path}.{key}" if path else str(key), depth + 1)
    elif value is None:
        yield path, ""
    elif isinstance(value, bool):
        yield path, "true" if value else "false"
    else:
        yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
