"""The formats that are tables, opened for reading: text with commas or tabs, sheets of a spreadsheet, and
JSON Lines; each compressed or not, and each known by its first bytes where it is another than was said.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from claims.errors import BadFile
from tracker.formats import acttable, csvtable, jsonlines, jsonrows, packed, tablewriting, xlsxtable
from tracker.formats.csvtable import LARGEST_STREAM, MAX_BYTES, MOST_ROWS, RowReader
from tracker.formats.registry import Format
from tracker.formats.zipsafe import MAGIC

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.formats.acts import Reading
    from tracker.formats.csvmap import Map

CSV, TSV, XLSX, JSONL = "csv", "tsv", "xlsx", "jsonl"

EVERY_SHEET = "*"
"""Instead of the name of a sheet: all that have the columns of the map."""


def readers(
    file: BinaryIO,
    name: str,
    form: str = CSV,
    chosen: Map | None = None,
    sheet: str | None = None,
) -> Iterator[RowReader]:
    """The rows of an open file, or of each of its sheets, as they are read; those of a spreadsheet are held
    in memory. Without a map, the columns are those that are there.

    Raises :class:`BadFile` and :class:`NotFound`, also on the way.
    """
    plain = packed.opened(file, name, LARGEST_STREAM)
    heads = chosen.headings if chosen is not None else ()
    wanted = sheet or (chosen.sheet if chosen is not None else None)
    if plain.peek(len(MAGIC))[: len(MAGIC)] == MAGIC:
        return _sheets(plain.read(MAX_BYTES + 1), name, chosen, wanted, heads)
    if form == XLSX:
        raise BadFile(f"{name} is no spreadsheet (.xlsx)", "choose another format: csv, tsv or jsonl")
    if sheet is not None:
        raise BadFile(f"{name} has no sheets: it is no spreadsheet (.xlsx)", "leave --sheet out")
    if form == JSONL:
        columns = chosen.columns_used() if chosen is not None else ()
        return iter([jsonrows.stream(plain, name, columns)])
    encoding = chosen.encoding if chosen is not None else ""
    return iter([csvtable.plain_rows(plain, name, delimiter_of(form, chosen), heads, encoding)])


def delimiter_of(form: str, chosen: Map | None = None) -> str:
    """What is between the cells of a table of text."""
    delimiter = chosen.delimiter if chosen is not None else ","
    return "\t" if form == TSV and delimiter == "," else delimiter


def _sheets(
    data: bytes, name: str, chosen: Map | None, sheet: str | None, heads: Sequence[int]
) -> Iterator[RowReader]:
    if sheet is None and chosen is not None and chosen.sheets:
        yield from _named_sheets(data, name, chosen)
        return
    if sheet != EVERY_SHEET:
        _, rows = xlsxtable.sheets(data, name, sheet)[0]
        yield RowReader(rows, name, MOST_ROWS, heads=heads, pads=True)
        return
    needed = set(chosen.columns_used()) if chosen is not None else set()
    found = 0
    for title, rows in xlsxtable.sheets(data, name):
        first = list(islice(rows, max(heads, default=1)))
        try:
            begun = RowReader(iter(first), name, MOST_ROWS, heads=heads, pads=True)
            list(begun)
        except BadFile:
            continue
        if needed.issubset(begun.headings):
            found += 1
            yield RowReader(_chained(first, rows), name, MOST_ROWS, heads=heads, sheet=title, pads=True)
    if not found:
        columns = ", ".join(sorted(needed))[:300]
        raise BadFile(f"{name} has no sheet with the columns of the map", f"they are: {columns}")


def _named_sheets(data: bytes, name: str, chosen: Map) -> Iterator[RowReader]:
    """The sheets that a map names, in its order."""
    there = dict(xlsxtable.sheets(data, name))
    for title in chosen.sheets:
        rows = there[title] if title in there else xlsxtable.sheets(data, name, title)[0][1]
        yield RowReader(rows, name, MOST_ROWS, heads=chosen.headings, sheet=title, pads=True)


def _chained(first: list[Any], rows: Iterator[Any]) -> Iterator[Any]:
    yield from first
    yield from rows


def acts(file: BinaryIO, name: str, form: str = CSV, sheet: str | None = None) -> Reading:
    """The acts of an open table that holds them, as ``tracker export`` writes them."""
    if form == JSONL:
        return jsonlines.read(packed.opened(file, name, LARGEST_STREAM), name)
    return acttable.read(readers(file, name, form, None, sheet))


_SAID = "a row a piece of evidence, read by a map of its columns; or an act"

FORMATS = (
    Format(
        name=CSV,
        summary=f"a table of text: {_SAID}",
        write=tablewriting.write_csv,
        options=tablewriting.OPTIONS,
        endings=(".csv",),
        page="docs/imports.md",
        kind="rows",
        reads=True,
    ),
    Format(
        name=TSV,
        summary=f"a table of text, with tabs: {_SAID}",
        write=tablewriting.write_tsv,
        options=tablewriting.OPTIONS,
        endings=(".tsv", ".tab"),
        page="docs/imports.md",
        kind="rows",
        reads=True,
    ),
    Format(
        name=XLSX,
        summary=f"a spreadsheet: {_SAID}",
        write=tablewriting.write_xlsx,
        options=tablewriting.OPTIONS,
        endings=(".xlsx",),
        page="docs/imports.md",
        kind="rows",
        extra="xlsx",
        reads=True,
    ),
    Format(
        name=JSONL,
        summary=f"JSON Lines: {_SAID.replace('row', 'line')}",
        write=tablewriting.write_lines,
        options=tablewriting.OF_LINES,
        endings=(".jsonl", ".ndjson"),
        page="docs/imports.md",
        kind="rows",
        reads=True,
    ),
)
