"""Maps found by name or path, and the tables that are read by them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from claims.errors import BadFile, NotFound
from tracker.formats import csvmap, csvtable, flights, tables, xlsxtable
from tracker.formats.tomltext import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from tracker.formats.csvmap import Map
    from tracker.formats.csvtable import RowFinding
    from tracker.formats.rowsaid import Record, Records


def read_table(
    data: bytes, chosen: Map, name: str, sheet: str | None = None
) -> tuple[int, list[Record], list[RowFinding]]:
    """What the rows of a file say by a map: how many there are, what each says, what is wrong. Of a
    spreadsheet (.xlsx) the first sheet is read, or the one that is named.

    Raises :class:`BadFile` where there is no table, and for a map of tables that hold no evidence.
    """
    _check_kind(chosen)
    if xlsxtable.is_xlsx(data):
        table = xlsxtable.read(data, name, sheet)
    elif sheet is not None:
        raise BadFile(f"{name} has no sheets: it is no spreadsheet (.xlsx)", "leave --sheet out")
    else:
        table = csvtable.read(data, name, chosen.delimiter, chosen.encoding)
    read = len(table.rows) + len(table.findings)
    records, findings = chosen.records(table)
    return read, records, findings


def stream_table(
    file: BinaryIO, chosen: Map, name: str, sheet: str | None = None, form: str = tables.CSV
) -> Iterator[Record | Records | RowFinding]:
    """What the rows of an open file say by a map, or what is wrong with them, as they are read; those of
    a spreadsheet are held in memory.

    Raises as :func:`read_table` does, also on the way.
    """
    if chosen.holds == csvmap.FLIGHTS:
        yield from flights.stream(file, name, chosen.constants)
        return
    _check_kind(chosen)
    for rows in tables.readers(file, name, form, chosen, sheet):
        yield from chosen.stream(rows)


def _check_kind(chosen: Map) -> None:
    if chosen.holds != csvmap.EVIDENCE:
        raise BadFile(
            f"the map {chosen.name} is for tables of {chosen.holds}, and a piece of evidence a row is needed",
            "such tables can be resolved with: tracker policy evaluate FILE --map " + chosen.name,
        )


def load_map(name: str) -> Map:
    """A map by the path of its file, or by the name of one that ships.

    Raises :class:`NotFound`, listing those that ship, and :class:`BadFile`.
    """
    if name in csvmap.shipped_names():
        return csvmap.shipped(name)
    path = Path(name)
    try:
        return csvmap.read_map(read_text(path), path.name)
    except FileNotFoundError:
        known = ", ".join(csvmap.shipped_names())
        raise NotFound(
            f"there is no map {name!r}", f"those that ship: {known}; or give the path of a TOML file"
        ) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadFile(f"the map {name!r} cannot be read ({why})", "check the path") from error
