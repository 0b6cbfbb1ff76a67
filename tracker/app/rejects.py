"""The rows of a table that could not be taken, as a file that can be mended and imported again: by the same
map, and so with its headings in the same place."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, BinaryIO, cast

from claims.errors import BadValue
from tracker.formats import packed, tables
from tracker.formats.csvmap import FLIGHTS
from tracker.formats.csvtable import LARGEST_STREAM, PROBLEM, RowFinding
from tracker.formats.tablewriting import workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claims.errors import Finding
    from tracker.app.tablefiles import TableFile
    from tracker.formats.csvmap import Map

    Rows = Iterator[tuple[str, list[str]]]

BOM = "\ufeff"
"""Says of a text that it is UTF-8, whatever a map says of its encoding."""

_PLACE = re.compile(r"(?:sheet (?P<sheet>.*), )?(?:row|line) (?P<row>\d+)", re.DOTALL)


def check_form(written_as: str, form: str, chosen: Map | None, sheet: str | None) -> None:
    """Refuse a form in which rejected rows could not be imported again, before anything is: CSV for rows of
    several sheets, and a spreadsheet for lines. Raises :class:`BadValue`."""
    holds_lines = form == tables.JSONL or (chosen is not None and chosen.holds == FLIGHTS)
    several = sheet == tables.EVERY_SHEET or (sheet is None and chosen is not None and bool(chosen.sheets))
    if written_as == tables.XLSX and holds_lines:
        raise BadValue("these rows are lines, and are kept as they are", "name a file of text for them")
    if written_as != tables.XLSX and several:
        what = "the rejected rows of several sheets have no room in a file of text"
        raise BadValue(what, "name a spreadsheet for them, which ends in .xlsx")


def rejected_rows(
    file: TableFile,
    rejected: Iterable[RowFinding | Finding],
    chosen: Map | None,
    name: str,
    *,
    sheet: str | None = None,
    form: str = tables.CSV,
    written_as: str = tables.CSV,
) -> Iterator[bytes]:
    """The rows with something wrong, as they stand in the file that is read once more, with what that is:
    those of a table as text, or as a spreadsheet with the sheets that they are on; of JSON Lines and of
    flights each line as it is. A row that could not even be parted into cells stands in the first one, as
    it is. Without a map they are acts."""
    wrong = {place_of(each): each.message for each in rejected}
    file.seek(0)
    if form == tables.JSONL or (chosen is not None and chosen.holds == FLIGHTS):
        yield from _lines(file, {row for _, row in wrong}, name)
        return
    rows = _rows(file, wrong, chosen, name, sheet, form)
    if written_as == tables.XLSX:
        yield from workbook((title or "rejected", row) for title, row in rows)
        return
    delimiter = tables.delimiter_of(form, chosen)
    if chosen is not None and chosen.encoding:
        yield BOM.encode()
    for _, row in rows:
        yield _written(row, delimiter)


def _rows(
    file: TableFile,
    wrong: dict[tuple[str, int], str],
    chosen: Map | None,
    name: str,
    sheet: str | None,
    form: str,
) -> Rows:
    """The rejected rows of each sheet, with the headings in the row where the map looks for them."""
    above = max(chosen.headings, default=1) - 1 if chosen is not None else 0
    for reader in tables.readers(cast("BinaryIO", file), name, form, chosen, sheet):
        begun = False
        for number, cells, _ in reader:
            if (reader.sheet, number) not in wrong:
                continue
            headings = [*reader.headings]
            if headings[-1] == PROBLEM:  # they were rejected before
                del headings[-1], cells[len(headings) :]
            if not begun:
                begun = True
                yield from ((reader.sheet, list[str]()) for _ in range(above))
                yield reader.sheet, [*headings, PROBLEM]
            filled = [*cells, *[""] * (len(headings) - len(cells))]
            yield reader.sheet, [*filled, wrong[reader.sheet, number]]


def place_of(finding: RowFinding | Finding) -> tuple[str, int]:
    """The sheet ("" where there is one) and the row, or line, that a finding is about."""
    if isinstance(finding, RowFinding):
        return finding.sheet, finding.row
    found = _PLACE.fullmatch(finding.where)
    return (found["sheet"] or "", int(found["row"])) if found else ("", 0)


def _written(cells: list[str], delimiter: str) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerow(cells)
    # A byte that is no UTF-8 stays what it is.
    return written.getvalue().encode("utf-8", "surrogateescape")


def _lines(file: TableFile, wanted: set[int], name: str) -> Iterator[bytes]:
    plain = packed.opened(cast("BinaryIO", file), name, LARGEST_STREAM)
    for number, line in enumerate(plain, 1):
        if number in wanted:
            yield line if line.endswith(b"\n") else line + b"\n"
