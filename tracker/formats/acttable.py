"""Acts as a table: a row an act, a column each of the fields that any act has. Nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.errors import ClaimsError, Finding
from tracker.formats.acts import Group
from tracker.formats.acttext import all_names, from_fields, to_cells
from tracker.formats.cells import exact, text_of
from tracker.formats.csvtable import PROBLEM, RowFinding, one_of_each
from tracker.formats.wholly import acts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.formats.acts import Reading
    from tracker.formats.csvtable import RowReader
    from tracker.report.extract import Extract


def read(tables: Iterable[RowReader]) -> Reading:
    """The acts of the rows of tables."""
    for rows in tables:
        met = False
        for number, cells, problem in rows:
            if not met:
                met = True
                one_of_each(rows.headings, filter(None, rows.headings), rows.name)
            where = RowFinding(number, "", rows.sheet).where
            if problem:
                yield Finding(where, problem, "mend the row")
                continue
            try:
                pairs = zip(rows.headings, cells, strict=False)
                given = {heading: text_of(cell) for heading, cell in pairs if heading and cell}
                given.pop(PROBLEM, None)
                yield Group(where, (from_fields(given),))
            except ClaimsError as error:
                yield Finding(where, error.message, error.hint)


def rows_of(extract: Extract) -> Iterator[list[str]]:
    """The rows of a table of all acts, that of the headings first."""
    names = all_names()
    yield list(names)
    for act in acts_of(extract):
        cells = to_cells(act)
        yield [exact(cells[name]) if name in cells else "" for name in names]
