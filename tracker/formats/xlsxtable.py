"""One sheet of a spreadsheet (.xlsx) as a table of text, through openpyxl, which the extra ``xlsx`` brings.

Cells become what a person would type: days as 2018-11-23, whole numbers without a point, formulas as
the values that were last worked out; of one that never was, and of an error, what that is called stands
there, for whoever looks into that cell. The file is a zip file of XML, and so it is opened within limits
(``zipsafe``), and without document types, which is where XML hides its bombs.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import warnings
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile, NotFound
from claims.names import did_you_mean
from tracker.formats import csvtable, zipsafe
from tracker.formats.cells import NOT_WORKED_OUT
from tracker.formats.mergedcells import Merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.formats.csvtable import NumberedRow, Table

MOST_CELLS = 20_000_000
"""Of a sheet, empty ones between others too: a few bytes can say that a row is 16,384 cells wide."""

_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")


def is_xlsx(data: bytes) -> bool:
    """Whether the bytes of a file begin as those of a spreadsheet do."""
    return data.startswith(zipsafe.MAGIC)


def read(data: bytes, name: str = "file", sheet: str | None = None) -> Table:
    """The table on a sheet: the first one, or the one that is named. Rows without any text are passed over.

    Raises :class:`BadFile` where there is no such table, or openpyxl is not installed, and :class:`NotFound`
    for a sheet that there is not.
    """
    (_, rows), *_ = sheets(data, name, sheet)
    return csvtable.of_rows(rows, name, pads=True)


def sheets(
    data: bytes, name: str = "file", sheet: str | None = None
) -> list[tuple[str, Iterator[NumberedRow]]]:
    """The sheets of a spreadsheet in their order, each by its name with its rows; or the one that is named.

    Raises as :func:`read` does, the rows also on the way.
    """
    if len(data) > csvtable.MAX_BYTES:
        raise BadFile(f"{name} is larger than {csvtable.MAX_BYTES // 1_000_000} MB", "split it into several")
    try:
        import openpyxl
    except ImportError:
        raise BadFile(
            f"{name} is a spreadsheet, and openpyxl, which reads those, is not installed",
            "pip install 'claims-verification-tracker[xlsx]', or save the sheet as CSV",
        ) from None
    members = zipsafe.members(data, name)
    _check_xml(members, name)
    with _damaged(name), warnings.catch_warnings(action="ignore"):  # of features that change no cell
        values, formulas = (
            openpyxl.load_workbook(_packed(members), read_only=True, data_only=only, keep_links=False)
            for only in (True, False)
        )
        names = [each.title for each in values.worksheets]
        if not names:
            raise BadFile(f"{name} has no sheet with cells", "save the sheet again as .xlsx")
        if sheet is not None and sheet not in names:
            near = did_you_mean(sheet, names)
            meant = f"did you mean {' or '.join(near)}? " if near else ""
            raise NotFound(
                f"{name} has no sheet {sheet!r}", f"{meant}its sheets are: {', '.join(names)[:300]}"
            )
        wanted = [sheet] if sheet is not None else names
        return [(each, _told(_rows(values[each], formulas[each], members, name), name)) for each in wanted]


def _told(rows: Iterator[NumberedRow], name: str) -> Iterator[NumberedRow]:
    """Rows as they are read; a damaged file is told as such."""
    with _damaged(name), warnings.catch_warnings(action="ignore"):
        yield from rows


@contextmanager
def _damaged(name: str) -> Iterator[None]:
    """Whatever breaks in here is the file's fault: a damaged one breaks openpyxl in a hundred ways."""
    try:
        yield
    except (BadFile, NotFound):
        raise
    except Exception as error:
        raise BadFile(
            f"{name} is no spreadsheet that can be read ({type(error).__name__})", "save it again as .xlsx"
        ) from error


def _check_xml(members: Mapping[str, bytes], name: str) -> None:
    """Refuse XML with a document type, and XML in an encoding in which none would be seen."""
    for member, content in members.items():
        if not member.lower().endswith((".xml", ".rels", ".vml")):
            continue
        declared = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
        if b"\x00" in content[:4] or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
            raise BadFile(f"{name} holds XML that is not UTF-8, in {member[:60]!a}", "save it again as .xlsx")
        if _DOCTYPE.search(content):
            raise BadFile(f"{name} holds a document type, in {member[:60]!a}", "save it again as .xlsx")


def _packed(members: Mapping[str, bytes]) -> io.BytesIO:
    """The members as a zip file again, of which it is known that it is harmless."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for member, content in members.items():
            archive.writestr(zipfile.ZipInfo(member), content)
    return packed


def _rows(
    values: Any, formulas: Any, members: Mapping[str, bytes], name: str
) -> Iterator[tuple[int, list[str], str]]:
    """Each row that has text: its number, its cells, and what is wrong with it ("" if nothing is). Each of
    the cells that were merged has the value that is shown in them."""
    for each in (values, formulas):
        each.reset_dimensions()  # what the file says of them need not be so
    read = 0
    merged = Merged(members.get(getattr(values, "_worksheet_path", "").lstrip("/"), b""))
    both = zip(values.iter_rows(values_only=True), formulas.iter_rows(values_only=True), strict=True)
    for number, (said, written) in enumerate(both, start=1):
        row = merged.filled(number, said) if merged else said
        read += len(row) + 1
        if number > csvtable.MOST_ROWS or read > MOST_CELLS:
            raise BadFile(
                f"{name} has more than {csvtable.MOST_ROWS:,} rows or {MOST_CELLS:,} cells",
                "split it into several files",
            )
        cells = [_text(value) for value in row]
        for at, formula in enumerate(written):
            if formula is not None and row[at] is None:
                cells[at] = NOT_WORKED_OUT
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells, _problem(row)


def _text(value: Any) -> str:
    """What a person would type for the value of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, dt.datetime):
        day = value.time() == dt.time()
        return value.date().isoformat() if day else value.isoformat(timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _problem(row: tuple[Any, ...]) -> str:
    """What keeps the cells of a row from being taken."""
    for at, value in enumerate(row, start=1):
        if isinstance(value, float) and not math.isfinite(value):
            return f"cell {at} holds a number that is too large"
        if isinstance(value, str) and len(value) > csvtable.LONGEST_CELL:
            return f"cell {at} has more than {csvtable.LONGEST_CELL:,} characters"
    return ""
