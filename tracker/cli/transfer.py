"""``tracker import`` and ``tracker export``: records in, records out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claims.errors import BadFile
from tracker.cli.bars import bars
from tracker.cli.files import read_bytes, table_at, write_whole
from tracker.cli.options import clocks, dayfirst_option, db_option, opened, writes
from tracker.cli.output import emit_json, say
from tracker.cli.signing import checkpoint_after, checkpoints_option, signer
from tracker.cli.writing import moves, warn_of_twins

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.app.casebooks import Imported
    from tracker.app.spreadsheets import ImportedRows

SHOWN = 40
"""Characters of a changed field that an import prints."""

MOST_REJECTED = 20
"""Rows that could not be taken, of which each is printed."""

MOST_CHANGED = 5_000
"""Changes of what was recorded, and of statuses, of which each is printed."""

CASEBOOK = click.Choice(("casebook",))


@click.command("import")
@click.argument("format_name", metavar="FORMAT", type=click.Choice(("casebook", "csv")))
@click.argument("file", metavar="FILE")
@click.option("--map", "map_name", metavar="NAME", help="For csv: what its columns mean.")
@click.option("--sheet", metavar="NAME", help="For csv: the sheet of a spreadsheet (default: the first).")
@click.option(
    "--on-error",
    type=click.Choice(("list", "stop")),
    help="For csv: list rows that cannot be taken and record the others (default), or stop.",
)
@checkpoints_option
@writes
@click.pass_context
def import_(
    ctx: click.Context,
    tracker: Tracker,
    format_name: str,
    file: str,
    map_name: str | None,
    sheet: str | None,
    on_error: str | None,
    checkpoints: str | None,
    format_: str,
) -> None:
    """Bring a file's records in.

    FORMAT is casebook, or csv: a table with a piece of evidence in each row, whose columns a map
    explains (emergent and rumoureval ship; others are TOML files). It may be compressed (.gz), or a
    spreadsheet (.xlsx, which needs openpyxl). CSV may have millions of rows: it is read as a stream. A
    dash for FILE reads standard input. Importing a file again records only what has changed.

    Of a casebook all is recorded, or nothing. Rows of a table that cannot be taken are listed, the
    others are recorded, and the exit status is 1; with --on-error stop nothing is recorded then. Where
    the tracker has a key, a signed checkpoint of the journal is kept afterwards.

    \b
    Example:  tracker import casebook my-case.yaml
              tracker import csv rumours.csv --map emergent
    """
    tracker.refuse_own(file)
    by = signer(tracker, checkpoints)
    rejected = False
    if format_name == "csv":
        found = _import_csv(tracker, file, map_name, sheet, on_error == "stop", format_)
        rejected = bool(found.rejected)
    elif unwanted := [
        name
        for name, value in (("--map", map_name), ("--sheet", sheet), ("--on-error", on_error))
        if value is not None
    ]:
        raise click.UsageError(f"a casebook needs no {unwanted[0]}")
    else:
        _import_casebook(tracker, file, format_)
    checkpoint_after(tracker, by, aside=format_ != "table")
    if rejected:
        ctx.exit(1)


def _import_casebook(tracker: Tracker, file: str, format_: str) -> None:
    text, name = _read(file)
    try:
        found = tracker.import_casebook(text, name=name)
    except BadFile as error:
        if format_ != "table":
            emit_json({"read": 0, "recorded": 0, "unchanged": 0, "rejected": _rejected(error)})
        raise
    _show_import(tracker, name, found, [], format_)


def _import_csv(
    tracker: Tracker, file: str, map_name: str | None, sheet: str | None, stop: bool, format_: str
) -> ImportedRows:
    from tracker.app.spreadsheets import BadRows
    from tracker.formats.csvtable import LARGEST_STREAM

    if map_name is None:
        raise click.UsageError("a table needs a map of its columns: --map NAME or FILE.toml")
    source, name = table_at(file, LARGEST_STREAM + 1)
    try:
        with bars() as progress:
            found = tracker.import_csv(
                source,
                map_name=map_name,
                name=name,
                sheet=sheet,
                stop_on_error=stop,
                progress=progress,
            )
    except BadRows as error:
        if format_ != "table":
            read = error.result.read
            rejected = _rows(error.result)
            emit_json({"read": read, "recorded": 0, "unchanged": 0, "rejected": rejected})
        raise
    _show_import(tracker, name, found, _rows(found), format_, found.refused)
    return found


def _rows(found: ImportedRows) -> list[dict[str, Any]]:
    return [{"row": each.row, "error": each.message} for each in found.rejected]


def _show_import(
    tracker: Tracker,
    name: str,
    found: Imported | ImportedRows,
    rejected: list[dict[str, Any]],
    format_: str,
    refused: int = 0,
) -> None:
    """Say what an import came to; what was there and now reads otherwise should not go unseen."""
    warn_of_twins(tracker)
    if format_ != "table":
        emit_json(
            {
                "read": found.read,
                "recorded": found.recorded,
                "unchanged": found.unchanged,
                "rejected": rejected,
            }
        )
        return
    verb = "would record" if tracker.dry_run else "recorded"
    tail = f", rejected {refused}" if refused else ""
    say(f"{name}: read {found.read}, {verb} {found.recorded}, unchanged {found.unchanged}{tail}")
    for each in rejected[:MOST_REJECTED]:
        say(f"  row {each['row']}: {each['error']}")
    if refused > MOST_REJECTED:
        say(f"  and {refused - MOST_REJECTED} rows more; all of them: --format json")
    otherwise = [entry for entry in tracker.outcome.entries if "was" in entry.payload]
    for entry in otherwise[:MOST_CHANGED]:
        say(f"  {entry.act}: {entry.subject} ({_what_changed(entry.payload)})")
    if len(otherwise) > MOST_CHANGED:
        say("  and more that reads otherwise now; all of it: tracker audit log")
    for line in moves(tracker.outcome, only_moved=True):
        say(line)


def _what_changed(payload: dict[str, Any]) -> str:
    """The fields that an entry changed, each with what it was."""
    was, now = payload["was"], payload.get("set")
    if not isinstance(now, dict):
        now, was = {"grade": payload.get("grade")}, {"grade": was}
    return "; ".join(f"{name}: {_short(was[name])} → {_short(now[name])}" for name in now)


def _short(value: Any) -> str:
    text = "none" if value is None else str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _rejected(error: BadFile) -> list[dict[str, str]]:
    """What could not be taken, each with its place in the file."""
    findings = getattr(error, "findings", None)
    if not findings:
        return [{"row": "", "error": error.message}]
    return [{"row": finding.where, "error": finding.message} for finding in findings]


@click.command()
@click.argument("format_name", metavar="FORMAT", type=CASEBOOK)
@click.option("--case", metavar="KEY", help="The case (needed where there are several).")
@click.option("-o", "--output", metavar="FILE", default="-", help="Where to (default: standard output).")
@clocks
@checkpoints_option
@db_option
@dayfirst_option
def export(
    db: str | None,
    dayfirst: bool | None,
    format_name: str,
    case: str | None,
    output: str,
    checkpoints: str | None,
    **asked: Any,
) -> None:
    """Write records out in a format.

    FORMAT is casebook: a YAML file that can be edited by hand and imported again. As of a day it holds
    what had been published by then, as recorded by a moment what had been written here. Where the
    tracker has a key, a signed checkpoint of the journal is kept as well.

    \b
    Example:  tracker export casebook --case jnim -o jnim.yaml
    """
    with opened(db, dayfirst=dayfirst) as tracker:
        tracker.refuse_own(output)
        by = signer(tracker, checkpoints)
        text: str = getattr(tracker, f"export_{format_name}")(case, **asked)
        if output == "-":
            click.echo(text, nl=False)
        else:
            write_whole(Path(output), text)
            say(f"wrote {output}")
        checkpoint_after(tracker, by, aside=output == "-")


def _read(file: str) -> tuple[str, str]:
    """The text of a file, or of standard input, and what to call it."""
    # One byte more than is read of a casebook: some files have no end.
    from tracker.formats.yamltree import MAX_BYTES

    data, name = read_bytes(file, MAX_BYTES + 1)
    try:
        return data.decode("utf-8-sig"), name
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadFile(f"{name}, line {line}: this is not UTF-8 text", "save the file as UTF-8") from error
