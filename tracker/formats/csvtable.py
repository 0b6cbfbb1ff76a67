"""Tables of text (CSV, also compressed) as they really come: read row by row, nothing guessed, and
whatever is wrong with a row said of that row, beside the good ones.

Rows are numbered as a spreadsheet shows them: the headings are row 1.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from claims.errors import BadFile
from tracker.formats import packed
from tracker.formats.zipsafe import MAGIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

NumberedRow = tuple[int, list[str], str]
"""A row by its number: its cells, and what is wrong with it ("" if nothing is)."""

MAX_BYTES = 100_000_000
"""Of a file that is held in memory, and of what a compressed one unpacks to."""

LARGEST_STREAM = 20_000_000_000
"""Bytes of a file that is streamed, and of what a compressed one unpacks to: some have no end."""

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
"""What the usual spreadsheet programs have room for."""

LONGEST_CELL = 131_072
"""Characters of a cell; the limit of Python's own reader of CSV."""

LONGEST_LINE = 4_000_000
"""Characters of a line that are looked at together."""

ENCODINGS = (
    *("utf-8", "utf-16", *(f"windows-{page}" for page in range(1250, 1259))),
    *(f"iso-8859-{part}" for part in (*range(1, 12), *range(13, 17))),
    *("macintosh", "koi8-r", "koi8-u", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr"),
)
"""What a file may be said to be in, by the names that are registered with IANA."""

MOST_BROKEN = 1_000
"""Rows with broken quotes before the rest of a file is given up."""

PROBLEM = "problem"
"""The column that says what is wrong with a row which was left out; nobody reads it back."""

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_FIRST_ESCAPED, _LAST_ESCAPED = "\udc80", "\udcff"


@dataclass(frozen=True, slots=True)
class RowFinding:
    """What is wrong with one row of a file, or of one of its sheets; ``column`` is the heading of the
    column that it is about, where it is about one."""

    row: int
    message: str
    sheet: str = ""
    column: str = ""

    @property
    def where(self) -> str:
        """The place of the row, for people."""
        return f"sheet {self.sheet}, row {self.row}" if self.sheet else f"row {self.row}"

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(slots=True)
class Table:
    """A table as text: its headings, its rows by number with a cell for each heading, and what was
    wrong with the rows that are not there."""

    name: str
    headings: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    findings: list[RowFinding] = field(default_factory=list)


class RowReader:
    """The rows of a table one by one, as (number, cells, what is wrong with it or ""), without those whose
    cells are all empty; ``headings`` are known once they have been read. They stand in the first row that is
    not empty, or in those of the numbers ``heads``: what is above is passed over, and of several rows an
    upper heading counts as far as the next one. With ``pads``, a row that ends early has empty cells there,
    and cells under no heading are passed over.

    Raises :class:`BadFile` on the way where there is no table, or it has more rows than ``most``.
    """

    def __init__(
        self,
        rows: Iterable[NumberedRow],
        name: str,
        most: int | None = None,
        *,
        heads: Sequence[int] = (),
        sheet: str = "",
        pads: bool = False,
        encoding: str = "",
    ) -> None:
        self.name = name
        self._encoding = encoding
        self.sheet = sheet
        self.headings: tuple[str, ...] = ()
        self._rows = rows
        self._most = most
        self._heads = heads
        self._pads = pads
        self._above: list[list[str]] = []

    def raw(self) -> Iterator[NumberedRow]:
        """All rows that are not empty as they are, that of the headings too, instead of the others."""
        return (row for row in self._rows if row[2] or any(map(str.strip, row[1])))

    def __iter__(self) -> Iterator[NumberedRow]:
        for number, cells, problem in self._rows:
            if not problem and not any(map(str.strip, cells)):
                continue
            if self._most is not None and number > self._most:
                raise BadFile(f"{self.name} has more than {self._most:,} rows", "split it into several files")
            if not (self.headings or problem):
                self._read_heading(number, cells)
            elif not self._heads or number > self._heads[-1]:
                if self._pads:
                    cells.extend([""] * (len(self.headings) - len(cells)))
                    del cells[len(self.headings) :]
                yield number, cells, problem or _unfit(cells, self.headings, self._encoding)
        if not self.headings:
            raise BadFile(f"{self.name} has no headings", "the first row of a table names its columns")

    def _read_heading(self, number: int, cells: list[str]) -> None:
        if not self._heads:
            self.headings = _headings(cells, self.name)
            return
        if number in self._heads:
            self._above.append(cells)
        if number >= self._heads[-1]:
            self.headings = _headings(_joined(self._above), self.name) if self._above else ()
            if number > self._heads[-1]:
                raise BadFile(f"{self.name} has no row {self._heads[-1]}", "check the headings of the map")


def _joined(rows: list[list[str]]) -> list[str]:
    """Headings that stand in several rows as one: a cell above counts until the next one in its row."""
    width = max(map(len, rows))
    filled = []
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row] + [""] * (width - len(row))
        if number < len(rows):
            for place in range(1, width):
                cells[place] = cells[place] or cells[place - 1]
        filled.append(cells)
    return [" ".join(dict.fromkeys(filter(None, parts))) for parts in zip(*filled, strict=True)]


def read(data: bytes, name: str = "file", delimiter: str = ",", encoding: str = "") -> Table:
    """The table in the bytes of a file: UTF-8 or UTF-16, with or without a byte order mark, or what is said
    to be its encoding; perhaps compressed by gzip or zstd. Empty lines are passed over.

    Raises :class:`BadFile` where there is no table at all: no headings, not gzip after all, larger than can
    be read.
    """
    _refuse_zip(data[: len(MAGIC)], name)
    plain = io.BufferedReader(io.BytesIO(unpacked(data, name)))
    return of_rows(_records(_lines(plain, encoding), delimiter), name)


def stream(file: BinaryIO, name: str = "file", delimiter: str = ",", heads: Sequence[int] = ()) -> RowReader:
    """The rows of such a table from an open file, as it is read: it may be far larger than what fits in
    memory, or on a sheet. A file that is compressed may unpack to :data:`LARGEST_STREAM` bytes.

    Raises :class:`BadFile`, also on the way.
    """
    return plain_rows(packed.opened(file, name, LARGEST_STREAM), name, delimiter, heads)


def plain_rows(
    file: io.BufferedReader[Any],
    name: str,
    delimiter: str = ",",
    heads: Sequence[int] = (),
    encoding: str = "",
) -> RowReader:
    """The same from a file that is unpacked already, in what is said to be its encoding."""
    _refuse_zip(file.peek(len(MAGIC))[: len(MAGIC)], name)
    rows = _records(_lines(file, encoding), delimiter)
    return RowReader(rows, name, heads=heads, encoding=encoding)


def of_rows(rows: Iterable[NumberedRow], name: str, *, pads: bool = False) -> Table:
    """A table of rows: the number of each, its cells, and what is wrong with it ("" if nothing is).

    Raises :class:`BadFile` where there is no table, or it is larger than a spreadsheet can be.
    """
    table = Table(name)
    reader = RowReader(rows, name, MOST_ROWS, pads=pads)
    for number, cells, problem in reader:
        if problem:
            table.findings.append(RowFinding(number, problem))
        else:
            table.rows.append((number, dict(zip(reader.headings, cells, strict=False))))
    table.headings = reader.headings
    return table


def _refuse_zip(begins: bytes, name: str) -> None:
    if begins == MAGIC:
        raise BadFile(f"{name} is a zip file, or a spreadsheet", "save the sheet as CSV")


# --- bytes into text --------------------------------------------------------------------------


def unpacked(data: bytes, name: str) -> bytes:
    """The bytes of a file, out of their gzip or zstd if they are in one. Raises :class:`BadFile`."""
    return packed.unpacked(data, name, MAX_BYTES)


def too_large(name: str) -> BadFile:
    """What to say of a file that is larger than any that is streamed."""
    return packed.larger(name, LARGEST_STREAM)


def _lines(file: io.BufferedReader[Any], said: str = "") -> Iterator[str]:
    """The lines of a file with their ends, whatever those are. A byte that is no character of its encoding
    stays in them, escaped, for its row to be refused; a line that is longer than any row can be comes in
    pieces. A byte order mark counts more than what the encoding is said to be."""
    begins = file.peek(4)[:4]
    found = [(mark, encoding) for mark, encoding in _BOMS if begins.startswith(mark)]
    if found:
        mark, encoding = found[0]
        file.read(len(mark))
    elif b"\x00" in begins[:2]:  # a heading begins with a letter, and ASCII letters have an empty half
        encoding = "utf-16-be" if begins[:1] == b"\x00" else "utf-16-le"
    else:
        encoding = "utf-8" if said in ("", "utf-16") else said
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    text = io.TextIOWrapper(file, encoding, errors, newline="")
    return iter(partial(text.readline, LONGEST_LINE), "")


# --- text into rows ---------------------------------------------------------------------------


def _records(lines: Iterator[str], delimiter: str) -> Iterator[NumberedRow]:
    """Each row: its number, its cells, and what is wrong with it ("" if nothing is).

    After a row whose quotes are broken, reading goes on with the next line: one quote that is
    opened and never closed must not swallow the file.
    """
    number, broken = 0, 0
    again: deque[str] = deque()
    of_row: list[str] = []

    def following() -> Iterator[str]:
        while (line := again.popleft() if again else next(lines, None)) is not None:
            of_row.append(line)
            yield line

    while True:
        of_row.clear()
        try:
            for cells in csv.reader(following(), delimiter=delimiter, strict=True):
                number += 1
                of_row.clear()
                yield number, cells, ""
        except csv.Error as error:
            number += 1
            broken += 1
            if broken == MOST_BROKEN:
                yield number, [], f"{MOST_BROKEN:,} rows cannot be read; the rest was left unread"
                return
            yield number, [of_row[0].rstrip("\r\n")] if of_row else [], _in_words(error)
            again.extendleft(reversed(of_row[1:]))
        else:
            return


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
    return headings


def one_of_each(headings: Sequence[str], wanted: Iterable[str], name: str) -> None:
    """Refuse two columns of one heading among those that are looked into; raises :class:`BadFile`."""
    for heading in wanted:
        if headings.count(heading) > 1:
            raise BadFile(f"{name} has two columns {heading!r}", "give each column a heading of its own")


def _unfit(cells: list[str], headings: tuple[str, ...], encoding: str) -> str:
    """What keeps a row from being read; empty cells too many do no harm."""
    whole = "".join(cells)
    if len(cells) == len(headings) and whole.isascii() and "\x00" not in whole:
        return ""
    if len(cells) < len(headings) or any(cell.strip() for cell in cells[len(headings) :]):
        return f"it has {len(cells)} cells, and there are {len(headings)} headings"
    for heading, cell in zip(headings, cells, strict=False):
        if "\x00" in cell:
            return f"the column {heading!r} holds a NUL character"
        if not cell.isascii() and (bad := _not_text(cell, encoding)):
            return f"the column {heading!r} holds {bad}"
    return ""


def _not_text(cell: str, encoding: str) -> str:
    for sign in cell:
        if _FIRST_ESCAPED <= sign <= _LAST_ESCAPED:
            byte = f"the byte 0x{ord(sign) - 0xDC00:02X}"
            if encoding:
                return f"{byte}, which is no character of {encoding}"
            return f"{byte}, which is not UTF-8: save the file as that, or let a map say what its encoding is"
        if "\ud800" <= sign <= "\udfff":
            return "half of a character (a lone surrogate)"
    return ""
