"""Tables written as text with commas or tabs, as JSON Lines, or as a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile, BadValue, Finding
from tracker.formats import acttable, flattables
from tracker.formats.acttext import to_fields
from tracker.formats.cells import escaped, exact, harmless
from tracker.formats.csvtable import MOST_ROWS
from tracker.formats.wholly import acts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tracker.report.extract import Extract

    Written = Iterator[str | bytes | Finding]

ACTS, EVIDENCE = "acts", "evidence"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
PORTION = 500
"""Rows that are written together."""

LONGEST = 32_767
"""Characters that a cell of a spreadsheet has room for."""

OPTIONS = {"table": "what a row is: evidence (the default), claims, sources, or acts, which lose nothing"}
OF_LINES = {"table": "what a line is: acts (the default), which lose nothing, evidence, claims, or sources"}


def _which(options: Mapping[str, str], otherwise: str) -> str:
    table = options.get("table", otherwise)
    if table != ACTS and table not in flattables.TABLES:
        known = ", ".join((ACTS, *flattables.TABLES))
        raise BadValue(f"there is no table of {table!r:.40}", f"choose one of: {known}")
    return table


def _cells(extract: Extract, table: str) -> Iterator[list[str] | Finding]:
    """The rows of a table as texts, that of the headings first; and what has no place in it."""
    if table == ACTS:
        yield from acttable.rows_of(extract)
        return
    names, rows_of = flattables.TABLES[table]
    cell = exact if table == EVIDENCE else harmless  # the one that is read again
    yield list(names)
    for row in rows_of(extract):
        yield row if isinstance(row, Finding) else [cell(_text(row.get(name))) for name in names]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _write_text(extract: Extract, options: Mapping[str, str], delimiter: str) -> Written:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    for number, row in enumerate(_cells(extract, _which(options, EVIDENCE)), 1):
        if isinstance(row, Finding):
            yield row
            continue
        writer.writerow(row)
        if number % PORTION == 0:
            yield file.getvalue()
            file.seek(0)
            file.truncate()
    yield file.getvalue()


write_csv: Callable[[Extract, Mapping[str, str]], Written] = partial(_write_text, delimiter=",")
write_tsv: Callable[[Extract, Mapping[str, str]], Written] = partial(_write_text, delimiter="\t")


def write_lines(extract: Extract, options: Mapping[str, str]) -> Written:
    """JSON Lines: an object a row."""
    table = _which(options, ACTS)
    if table == ACTS:
        for act in acts_of(extract):
            yield escaped(json.dumps(to_fields(act), ensure_ascii=False)) + "\n"
        return
    names, rows_of = flattables.TABLES[table]
    for row in rows_of(extract):
        if isinstance(row, Finding):
            yield row
            continue
        said = {name: row[name] for name in names if row.get(name) is not None}
        yield escaped(json.dumps(said, ensure_ascii=False)) + "\n"


def write_xlsx(extract: Extract, options: Mapping[str, str]) -> Written:
    """A spreadsheet of one sheet; all its cells are texts. Raises as :func:`workbook` does."""
    table = _which(options, EVIDENCE)
    left_out: list[Finding] = []

    def rows() -> Iterator[tuple[str, list[str]]]:
        for row in _cells(extract, table):
            if isinstance(row, Finding):
                left_out.append(row)
            else:
                yield table, row

    yield from workbook(rows())
    yield from left_out


def workbook(rows: Iterable[tuple[str, list[str]]]) -> Iterator[bytes]:
    """A spreadsheet of these rows, each with the name of the sheet that it is on; all cells are texts.

    Raises :class:`BadFile` where there are more rows, or longer texts, than a sheet has room for, for what
    has no place in XML, or where openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError:
        raise BadFile(
            "openpyxl, which writes spreadsheets, is not installed",
            "pip install 'claims-verification-tracker[xlsx]', or write CSV",
        ) from None
    book = Workbook(write_only=True)
    sheets: dict[str, Any] = {}
    written: Counter[str] = Counter()
    for title, row in rows:
        sheet = sheets.get(title) or sheets.setdefault(title, book.create_sheet(title))
        written[title] += 1
        if written[title] > MOST_ROWS:
            raise BadFile(f"a sheet has room for {MOST_ROWS:,} rows", "write CSV, or one case")
        cells = []
        for text in row:
            _check_cell(text)
            cell = WriteOnlyCell(sheet, text or None)
            if text:
                cell.data_type = "s"  # never a formula, whatever it begins with
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    yield file.getvalue()


def _check_cell(text: str) -> None:
    if len(text) > LONGEST:
        raise BadFile(
            f"a cell of a spreadsheet has room for {LONGEST:,} characters, and one has {len(text):,}",
            "write CSV",
        )
    if not text.isprintable() and (bad := _NOT_XML.search(text)):
        raise BadFile(f"a spreadsheet has no place for U+{ord(bad[0]):04X}, and a cell has", "write CSV")
