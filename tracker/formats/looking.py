"""The first look at a table that nobody has explained: where its headings stand, on which sheet, and what
is between its cells."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from claims.errors import BadFile
from tracker.formats import csvtable, jsonrows, packed, xlsxtable
from tracker.formats.acts import ACTS
from tracker.formats.csvtable import LARGEST_STREAM, MAX_BYTES, RowFinding
from tracker.formats.guessing import fields_of
from tracker.formats.zipsafe import MAGIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.formats.csvtable import NumberedRow

ROWS = 50
"""Rows that are looked at of each table that it may be."""

BYTES = 1 << 18
"""Of a text, unpacked: what of it is looked at."""

HEADING_WITHIN = 10
"""Rows among which the headings are looked for."""

DELIMITERS = {"csv": (",", ";", "\t", "|"), "tsv": ("\t", ",", ";", "|")}
"""What may be between the cells, by the format; the first unless another makes more of the headings."""

ACT = "act"
"""The column of a table of acts."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A table as it looks: its ``headings``, the ``row`` that they stand in, some ``rows`` after it, the
    ``delimiter`` between cells, and the ``sheet`` where it is not on the first one. ``others`` are
    the sheets that there are."""

    headings: tuple[str, ...]
    row: int
    rows: list[list[str]]
    delimiter: str = ","
    sheet: str | None = None
    others: tuple[str, ...] = ()

    @property
    def holds_acts(self) -> bool:
        """Whether each row is an act, as ``tracker export`` writes them."""
        if ACT not in self.headings:
            return False
        place = self.headings.index(ACT)
        return not self.rows or any(row[place] in ACTS for row in self.rows if place < len(row))

    @property
    def known(self) -> int:
        """How many of its headings mean a field; 0 where none is called like a claim."""
        found = fields_of(self.headings)
        return len(found) if "claim" in found else 0


def look(file: BinaryIO, name: str, form: str, sheet: str | None = None) -> Looked:
    """The first rows of an open table. The headings are the row, of the first ones, that means most; where
    none means anything, the first that is about as wide as those after it.

    Raises :class:`BadFile` where there is no table, and :class:`NotFound` for a sheet that there is not.
    """
    plain = packed.opened(file, name, LARGEST_STREAM)
    if plain.peek(len(MAGIC))[: len(MAGIC)] == MAGIC:
        found = list(_on_sheets(plain.read(MAX_BYTES + 1), name, sheet))
    elif form == "xlsx" or sheet is not None:
        raise BadFile(f"{name} is no spreadsheet (.xlsx)", "choose another format: csv, tsv or jsonl")
    elif form == "jsonl":
        found = [_table(jsonrows.stream(plain, name).raw())]
    else:
        found = list(_parted(plain.read(BYTES), name, form))
    tables = [each for each in found if isinstance(each, Looked)]
    if not tables:
        wrong = next((each for each in found if isinstance(each, RowFinding)), None)
        said = f"{name}, {wrong}" if wrong is not None else f"{name} has no headings"
        raise BadFile(said, "the first row of a table names its columns, a line of JSON Lines its fields")
    if tables[0].holds_acts:
        return tables[0]
    return max(tables, key=lambda each: each.known)


def _parted(text: bytes, name: str, form: str) -> Iterator[Looked | RowFinding | None]:
    """The beginning of a text as a table, with one sign or another between its cells."""
    usual, *_ = DELIMITERS[form]
    for delimiter in DELIMITERS[form]:
        rows = csvtable.plain_rows(io.BufferedReader(io.BytesIO(text)), name, delimiter).raw()
        yield _table(rows, delimiter="," if delimiter == usual else delimiter)


def _on_sheets(data: bytes, name: str, sheet: str | None) -> Iterator[Looked | RowFinding | None]:
    """Each sheet of a spreadsheet, or the one that is named."""
    named = sheet if sheet != "*" else None
    every = xlsxtable.sheets(data, name, named)
    titles = tuple(title for title, _ in every)
    for at, (title, rows) in enumerate(every):
        yield _table(rows, sheet=title if at and sheet is None else None, others=titles)


def _table(
    raw: Iterator[NumberedRow],
    delimiter: str = ",",
    sheet: str | None = None,
    others: tuple[str, ...] = (),
) -> Looked | RowFinding | None:
    """What a table looks like whose headings are among its first rows; what is wrong with the first of them
    where no row can be read, and None where there is none."""
    first = list(islice(raw, ROWS))
    sound = [(number, [cell.strip() for cell in cells]) for number, cells, problem in first if not problem]
    if not sound:
        return RowFinding(first[0][0], first[0][2]) if first else None
    tables = [
        Looked(tuple(cells), number, [later for _, later in sound[at + 1 :]], delimiter, sheet, others)
        for at, (number, cells) in enumerate(sound[:HEADING_WITHIN])
    ]
    best = max(tables, key=lambda each: each.known)
    if best.known or tables[0].holds_acts:
        return tables[0] if tables[0].holds_acts else best
    widths = [sum(map(bool, cells)) for _, cells in sound]
    widest = max(widths[: HEADING_WITHIN * 2])
    wide = (at for at, width in enumerate(widths[:HEADING_WITHIN]) if width >= max(2, widest * 0.6))
    return tables[next(wide, 0)]
