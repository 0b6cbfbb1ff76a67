"""Files in and out by any format of the registry that reads or writes acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from claims.errors import BadFile, BadValue, ClaimsError, Finding, NotFound
from claims.names import did_you_mean
from tracker.app.extracting import Extracting
from tracker.app.spreadsheets import SpreadsheetActs
from tracker.app.taking import ActImports
from tracker.formats.registry import find_format

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from pathlib import Path
    from typing import BinaryIO

    from tracker.app.spreadsheets import ImportedRows
    from tracker.app.taking import ImportedActs
    from tracker.formats.csvmap import Map
    from tracker.formats.registry import Format


def _silent(_what: str, _done: int, _of: int) -> None:
    """Nobody looks on."""


class FileActs(SpreadsheetActs, ActImports, Extracting):
    """Importing and exporting files."""

    def import_file(
        self,
        source: bytes | Path | BinaryIO,
        format_name: str,
        *,
        name: str = "file",
        options: Mapping[str, str] | None = None,
        case: str | None = None,
        stop_on_error: bool = False,
        progress: Callable[[str, int, int], None] = _silent,
        stopped: Callable[[], bool] = lambda: False,
    ) -> ImportedActs:
        """Record what a file says and the tracker does not know yet, in one act. The file is given as its
        bytes, its path, or open; it may be compressed by gzip or zstd. ``name`` is what messages and the
        journal call it; for the rest see :meth:`ActImports.import_acts`.

        Raises :class:`NotFound` for a format that there is not, :class:`BadValue` for an option that it does
        not know, :class:`BadFile` for what cannot be read, and :class:`Stopped`.
        """
        from tracker.app.tablefiles import opened_table
        from tracker.formats import packed
        from tracker.formats.csvtable import LARGEST_STREAM

        chosen = find_format(format_name)
        if chosen.read is None:
            raise NotFound(f"files of the format {chosen.name} are not read", "see: tracker formats")
        given = _checked(chosen, options)
        with opened_table(source, name) as file:
            plain = packed.opened(cast("BinaryIO", file), name, LARGEST_STREAM)
            found = self.import_acts(
                _guarded(chosen, chosen.read(cast("BinaryIO", plain), name, given)),
                name=name,
                digest=file.digest,
                case=case,
                stop_on_error=stop_on_error,
                progress=lambda: progress("read", file.read_so_far, file.size),
                stopped=stopped,
            )
            file.check(name)
        return found

    def import_table(
        self,
        source: bytes | Path | BinaryIO,
        form: str,
        *,
        map_name: str | None = None,
        name: str = "table",
        sheet: str | None = None,
        case: str | None = None,
        stop_on_error: bool = False,
        progress: Callable[[str, int, int], None] = _silent,
        stopped: Callable[[], bool] = lambda: False,
        guessed: Callable[[Map], None] = lambda _map: None,
        rejects: Callable[[Iterator[bytes]], None] | None = None,
        rejects_as: str = "csv",
    ) -> ImportedRows | ImportedActs:
        """Record what a table says and the tracker does not know yet.

        Its ``form`` is csv, tsv, xlsx or jsonl. Where each row is an act, as :meth:`export_file` writes them,
        all of them are taken. Otherwise a row is read by a map (``map_name``: the name or the file of one);
        without one, the columns are guessed from their headings, and ``guessed`` is told how. Rows that
        cannot be taken are given to ``rejects``, as the parts of a file that can be mended and imported in
        the same way: of text, or, with ``rejects_as`` xlsx, a spreadsheet. For the rest see
        :meth:`SpreadsheetActs.import_csv`.
        """
        from tracker.app.maps import load_map
        from tracker.app.rejects import check_form, rejected_rows
        from tracker.app.tablefiles import opened_table
        from tracker.formats import guessing, tables
        from tracker.formats.looking import look

        chosen = load_map(map_name) if map_name is not None else None
        if rejects is not None:
            check_form(rejects_as, form, chosen, sheet)
        with opened_table(source, name) as file:
            opened = cast("BinaryIO", file)
            if chosen is None:
                looked = look(opened, name, form, sheet)
                file.seek(0)
                if not looked.holds_acts:
                    chosen = guessing.guess(looked, name, sheet=form != tables.JSONL)
                    guessed(chosen)
            found: ImportedRows | ImportedActs
            if chosen is None:
                found = self.import_acts(
                    tables.acts(opened, name, form, sheet),
                    name=name,
                    digest=file.digest,
                    case=case,
                    stop_on_error=stop_on_error,
                    progress=lambda: progress("read", file.read_so_far, file.size),
                    stopped=stopped,
                )
            else:
                found = self.import_rows(
                    file,
                    chosen if case is None else chosen.in_case(case),
                    name=name,
                    sheet=sheet,
                    form=form,
                    stop_on_error=stop_on_error,
                    progress=progress,
                    stopped=stopped,
                )
            if found.rejected and rejects is not None:
                wrong = rejected_rows(
                    *(file, found.rejected, chosen, name), sheet=sheet, form=form, written_as=rejects_as
                )
                rejects(wrong)
        return found

    def export_file(
        self,
        format_name: str,
        case: str | None = None,
        *,
        options: Mapping[str, str] | None = None,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
        left_out: Callable[[Finding], None] | None = None,
    ) -> Iterator[bytes]:
        """The claims of a case, or of the whole tracker, in a format, part by part; the clocks are those of
        :meth:`Extracting.extract`. ``left_out`` is told of what the format has no place for.

        Raises :class:`NotFound` for a format or case that there is not, and :class:`BadValue` for an option
        that the format does not know.
        """
        chosen = find_format(format_name)
        if chosen.write is None:
            raise NotFound(f"nothing is written in the format {chosen.name}", "see: tracker formats")
        given = _checked(chosen, options)
        with self.extract(case, as_of=as_of, recorded_by=recorded_by) as extract:
            for part in _guarded(chosen, chosen.write(extract, given)):
                if isinstance(part, Finding):
                    if left_out is not None:
                        left_out(part)
                else:
                    yield part.encode() if isinstance(part, str) else part


def _checked(chosen: Format, options: Mapping[str, str] | None) -> dict[str, str]:
    """The options, where the format knows them all."""
    given = dict(options or {})
    for option in given:
        if option not in chosen.options:
            near = did_you_mean(option, chosen.options)
            meant = f"did you mean {' or '.join(near)}? " if near else ""
            known = ", ".join(chosen.options) or "none"
            raise BadValue(
                f"the format {chosen.name} has no option {option!r}", f"{meant}its options are: {known}"
            )
    return given


def _guarded(chosen: Format, parts: Iterator[Any]) -> Iterator[Any]:
    """What a format gives; the failure of one of another package is told as such."""
    if not chosen.origin:
        yield from parts
        return
    try:
        yield from parts
    except ClaimsError:
        raise
    except Exception as error:
        raise BadFile(
            f"the format {chosen.name} of {chosen.origin} failed ({type(error).__name__}: {error})",
            f"tell the authors of {chosen.origin}",
        ) from error
