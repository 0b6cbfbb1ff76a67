"""Tables of text (CSV, also compressed) as they really come: read row by row, nothing guessed, and
whatever is wrong with a row said of that row, beside the good ones.

Rows are numbered as a spreadsheet shows them: the headings are row 1.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.errors import BadFile
from tracker.formats.zipsafe import MAGIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_BYTES = 100_000_000
"""Of a file, and of what a compressed file unpacks to."""

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
"""What the usual spreadsheet programs have room for."""

LONGEST_CELL = 131_072
"""Characters of a cell; the limit of Python's own reader of CSV."""

MOST_BROKEN = 1_000
"""Rows with broken quotes before the rest of a file is given up."""

_GZIP = b"\x1f\x8b"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_FIRST_ESCAPED, _LAST_ESCAPED = "\udc80", "\udcff"


@dataclass(frozen=True, slots=True)
class RowFinding:
    """What is wrong with one row of a file."""

    row: int
    message: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.message}"


@dataclass(slots=True)
class Table:
    """A table as text: its headings, its rows by number with a cell for each heading, and what was
    wrong with the rows that are not there."""

    name: str
    headings: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    findings: list[RowFinding] = field(default_factory=list)


def read(data: bytes, name: str = "file", delimiter: str = ",") -> Table:
    """The table in the bytes of a file: UTF-8 or UTF-16, with or without a byte order mark, perhaps
    compressed by gzip. Empty lines are passed over.

    Raises :class:`BadFile` where there is no table at all: no headings, one of them twice, not gzip
    after all, larger than can be read.
    """
    if data.startswith(MAGIC):
        raise BadFile(f"{name} is a zip file, or a spreadsheet", "save the sheet as CSV")
    return of_rows(_records(_text(unpacked(data, name)), delimiter), name)


def of_rows(rows: Iterable[tuple[int, list[str], str]], name: str) -> Table:
    """A table of rows: the number of each, its cells, and what is wrong with it ("" if nothing is).

    Raises :class:`BadFile` where there is no table, or it is larger than a spreadsheet can be.
    """
    table = Table(name)
    for number, cells, problem in rows:
        if not (cells or problem):
            continue
        if number > MOST_ROWS:
            raise BadFile(f"{name} has more than {MOST_ROWS:,} rows", "split it into several files")
        if not (table.headings or problem):
            table.headings = _headings(cells, name)
        elif problem := problem or _unfit(cells, table.headings):
            table.findings.append(RowFinding(number, problem))
        else:
            table.rows.append((number, dict(zip(table.headings, cells, strict=False))))
    if not table.headings:
        raise BadFile(f"{name} has no headings", "the first row of a table names its columns")
    return table


# --- bytes into text --------------------------------------------------------------------------


def unpacked(data: bytes, name: str) -> bytes:
    """The bytes of a file, out of their gzip if they are in one. Raises :class:`BadFile`."""
    if data.startswith(_GZIP):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                data = packed.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise BadFile(f"{name} cannot be unpacked ({error})", "compress it again with gzip") from error
    if len(data) > MAX_BYTES:
        raise BadFile(f"{name} is larger than {MAX_BYTES // 1_000_000} MB", "split it into several files")
    return data


def _text(data: bytes) -> str:
    """The text of a file. A byte that is not UTF-8 stays in it, escaped, for its row to be refused."""
    found = [(mark, encoding) for mark, encoding in _BOMS if data.startswith(mark)]
    if found:
        mark, encoding = found[0]
        data = data[len(mark) :]
    elif b"\x00" in data[:2]:  # a heading begins with a letter, and ASCII letters have an empty half
        encoding = "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"
    else:
        encoding = "utf-8"
    return data.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")


# --- text into rows ---------------------------------------------------------------------------


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Each row: its number, its cells, and what is wrong with it ("" if nothing is).

    After a row whose quotes are broken, reading goes on with the next line: one quote that is
    opened and never closed must not swallow the file.
    """
    lines = list(io.StringIO(text, newline=""))
    number, at, broken = 0, 0, 0
    while at < len(lines):
        began = at
        reader = csv.reader((lines[n] for n in range(began, len(lines))), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                number += 1
                at = began + reader.line_num
                yield number, cells, ""
        except csv.Error as error:
            number += 1
            at += 1
            broken += 1
            if broken == MOST_BROKEN:
                yield number, [], f"{MOST_BROKEN:,} rows cannot be read; the rest was left unread"
                return
            yield number, [], _in_words(error)


def _in_words(error: csv.Error) -> str:
    said = str(error)
    if "unexpected end" in said:
        return "a quote is opened and never closed"
    if "field larger" in said:
        return f"a cell has more than {LONGEST_CELL:,} characters; is a quote never closed?"
    if "expected after" in said:
        return "something follows a closing quote; a quote inside a quoted cell is written twice"
    return f"this is no row of a table ({said})"


def _headings(cells: list[str], name: str) -> tuple[str, ...]:
    headings = tuple(cell.strip() for cell in cells)
    if len(headings) > MOST_COLUMNS:
        raise BadFile(f"{name} has more than {MOST_COLUMNS:,} columns", "is it a table, with this delimiter?")
    for heading, times in Counter(headings).items():
        if heading and times > 1:
            raise BadFile(f"{name} has two columns {heading!r}", "give each column a heading of its own")
    return headings


def _unfit(cells: list[str], headings: tuple[str, ...]) -> str:
    """What keeps a row from being read; empty cells too many do no harm."""
    if len(cells) < len(headings) or any(cell.strip() for cell in cells[len(headings) :]):
        return f"it has {len(cells)} cells, and there are {len(headings)} headings"
    for heading, cell in zip(headings, cells, strict=False):
        if "\x00" in cell:
            return f"the column {heading!r} holds a NUL character"
        if not cell.isascii() and (bad := _not_text(cell)):
            return f"the column {heading!r} holds {bad}"
    return ""


def _not_text(cell: str) -> str:
    for sign in cell:
        if _FIRST_ESCAPED <= sign <= _LAST_ESCAPED:
            return f"the byte 0x{ord(sign) - 0xDC00:02X}, which is not UTF-8"
        if "\ud800" <= sign <= "\udfff":
            return "half of a character (a lone surrogate)"
    return ""
