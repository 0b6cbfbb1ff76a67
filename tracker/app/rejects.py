"""The rows of a table that could not be taken, as a file that can be mended and imported again."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, BinaryIO, cast

from tracker.formats import packed, tables
from tracker.formats.csvmap import FLIGHTS
from tracker.formats.csvtable import LARGEST_STREAM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.app.tablefiles import TableFile
    from tracker.formats.csvmap import Map
    from tracker.formats.csvtable import RowFinding

PROBLEM = "problem"
"""The column that says what is wrong with a row; nobody reads it back."""


def rejected_rows(
    file: TableFile,
    rejected: Iterable[RowFinding],
    chosen: Map,
    name: str,
    sheet: str | None = None,
    form: str = tables.CSV,
) -> Iterator[bytes]:
    """The rows with something wrong, as they stand in the file that is read once more, with what that is:
    those of a table as CSV, of JSON Lines and of flights each line as it is. A row that could not even be
    parted into cells stands in the first one, as it is."""
    wrong = {(each.sheet, each.row): each.message for each in rejected}
    file.seek(0)
    if form == tables.JSONL or chosen.holds == FLIGHTS:
        yield from _lines(file, {row for _, row in wrong}, name)
        return
    headings: tuple[str, ...] = ()
    delimiter = "\t" if form == tables.TSV else chosen.delimiter
    for rows in tables.readers(cast("BinaryIO", file), name, form, chosen, sheet):
        for number, cells, _ in rows:
            if (rows.sheet, number) not in wrong:
                continue
            if rows.headings != headings:
                headings = rows.headings
                yield _row([*headings, PROBLEM], delimiter)
            filled = [*cells, *[""] * (len(headings) - len(cells))]
            yield _row([*filled, wrong[rows.sheet, number]], delimiter)


def _row(cells: list[str], delimiter: str) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerow(cells)
    # A byte that is no UTF-8 stays what it is.
    return written.getvalue().encode("utf-8", "surrogateescape")


def _lines(file: TableFile, wanted: set[int], name: str) -> Iterator[bytes]:
    plain = packed.opened(cast("BinaryIO", file), name, LARGEST_STREAM)
    for number, line in enumerate(plain, 1):
        if number in wanted:
            yield line if line.endswith(b"\n") else line + b"\n"
