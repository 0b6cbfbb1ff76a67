"""Tables into the tracker: one piece of evidence a row, by a map; importing records nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from claims.errors import BadFile, Conflict, Finding
from tracker.app.claiming import ClaimActs
from tracker.app.judging import JudgementActs
from tracker.app.view import Views

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from tracker.app.importing import Shown
    from tracker.app.tablefiles import TableFile
    from tracker.formats.csvmap import Map
    from tracker.formats.csvtable import RowFinding

Progress = Callable[[str, int, int], None]
"""Told what is being done ("read", "settled" or "resolved"), how much of it is, and of how much."""


def _silent(_what: str, _done: int, _of: int) -> None:
    """Nobody looks on."""


@dataclass(slots=True)
class ImportedRows:
    """What an import came to. ``read``: rows in the file; ``recorded``: those that said something
    new; ``unchanged``: those that said nothing new; ``refused``: how many the others are, and
    ``rejected``: what is wrong with each, or with the first of very many. ``preview`` is what the first
    rows come to; ``stopped_at`` the row before which it was stopped, None where it was not."""

    read: int = 0
    recorded: int = 0
    refused: int = 0
    rejected: list[RowFinding] = field(default_factory=list)
    preview: list[Shown] = field(default_factory=list)
    stopped_at: int | None = None

    @property
    def unchanged(self) -> int:
        """Rows that said nothing new."""
        return self.read - self.recorded - self.refused


class BadRows(BadFile):
    """Rows of a table that cannot be taken, where those were to stop the import. ``findings`` lists
    them, ``result`` says what it would have come to, and ``closing`` what that means."""

    def __init__(self, name: str, result: ImportedRows) -> None:
        hint = "mend these rows; or leave them out, and record the others, with --on-error skip"
        self.result = result
        self.findings = [Finding(f"{name}, {it.where}", it.message) for it in result.rejected]
        self.closing = f"{name}: nothing was recorded; rows that cannot be taken: {result.refused:,}"
        super().__init__(f"{self.findings[0]} (of {result.refused} rows; nothing was recorded)", hint)


class SpreadsheetActs(ClaimActs, JudgementActs, Views):
    """Importing tables."""

    def import_csv(
        self,
        data: bytes | Path | BinaryIO,
        *,
        map_name: str | Map,
        name: str = "table",
        sheet: str | None = None,
        form: str = "csv",
        stop_on_error: bool = False,
        progress: Progress = _silent,
        stopped: Callable[[], bool] = lambda: False,
    ) -> ImportedRows:
        """Record what the rows of a table say and the tracker does not know yet, in one act. The table is
        CSV, or a ``sheet`` of a spreadsheet (.xlsx; without a name, its first one), as its bytes, the path
        of its file, or an open one. CSV is read as a stream, and may be of any size: what is held in
        memory does not grow with it. ``form`` is the format of a table: csv, tsv, xlsx or jsonl; ``map_name``
        the name or file of a map, or one at hand. ``progress`` is told now and then what is being done.
        Once ``stopped`` says so, what was read so far is kept, and the same import again goes on from there.

        A row that cannot be taken is listed, leaves nothing, and does not stop the others; with
        ``stop_on_error`` nothing is recorded where there is any. A second import of the same file
        records nothing.

        Raises :class:`NotFound` for a map or sheet that there is not, :class:`BadFile` for a file that is
        no table, or lacks a column of the map, :class:`BadRows` where rows are to stop it, and
        :class:`Conflict` within another act.
        """
        if self._act is not None:
            raise Conflict("an import of a table is an act of its own", "end the other act first")
        from tracker.app.maps import load_map  # TOML and maps: for those alone who import
        from tracker.app.tablefiles import opened_table

        chosen = load_map(map_name) if isinstance(map_name, str) else map_name
        with opened_table(data, name) as file:
            return self.import_rows(
                file,
                chosen,
                name=name,
                sheet=sheet,
                form=form,
                stop_on_error=stop_on_error,
                progress=progress,
                stopped=stopped,
            )

    def import_rows(
        self,
        file: TableFile,
        chosen: Map,
        *,
        name: str,
        sheet: str | None = None,
        form: str = "csv",
        stop_on_error: bool = False,
        progress: Progress = _silent,
        stopped: Callable[[], bool] = lambda: False,
    ) -> ImportedRows:
        """The same of a file that is open, by a map at hand."""
        from tracker.app.bulk import BulkTransaction
        from tracker.app.importing import Import, collecting_seldom
        from tracker.app.maps import stream_table

        result = ImportedRows()
        with collecting_seldom(), self._dates_of(chosen):
            said = stream_table(cast("BinaryIO", file), chosen, name, sheet, form)
            with self.act(asked={"table": file.digest}, kind=BulkTransaction) as act:
                assert isinstance(act, BulkTransaction)
                act.progress = progress
                importing = Import(
                    *(self, act, result, name),
                    lambda: progress("read", file.read_so_far, file.size),
                    chosen=chosen,
                    stopped=stopped,
                )
                importing.run(said)
                file.check(name)
                result.rejected.sort(key=lambda finding: (finding.sheet, finding.row))
                if stop_on_error and result.refused:
                    raise BadRows(name, result)
        return result

    @contextmanager
    def _dates_of(self, chosen: Map) -> Iterator[None]:
        """In here 03/04/2018 means what it means in a map, where that says so."""
        before = self.dayfirst
        self.dayfirst = before if chosen.dayfirst is None else chosen.dayfirst
        try:
            yield
        finally:
            self.dayfirst = before
