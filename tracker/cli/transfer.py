"""``tracker import`` and ``tracker export``: records in, records out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from claims.errors import BadFile
from tracker.cli.files import read_bytes, table_at, write_out
from tracker.cli.formats import format_argument
from tracker.cli.options import clocks, dayfirst_option, db_option, opened, writes
from tracker.cli.output import emit_json, say
from tracker.cli.progress import Bars
from tracker.cli.signing import checkpoint_after, checkpoints_option, signer
from tracker.cli.writing import moves, warn_of_twins

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.app.casebooks import Imported
    from tracker.app.spreadsheets import ImportedRows
    from tracker.app.taking import ImportedActs

SHOWN = 40
"""Characters of a changed field that an import prints."""

MOST_REJECTED = 20
"""Rows that could not be taken, of which each is printed."""

MOST_CHANGED = 5_000
"""Changes of what was recorded, and of statuses, of which each is printed."""


def _options(given: tuple[str, ...]) -> dict[str, str]:
    """What was given with --option."""
    found = {}
    for pair in given:
        option, sign, value = pair.partition("=")
        if not sign:
            raise click.UsageError(f"--option {pair}: write NAME=VALUE")
        found[option.strip()] = value
    return found


format_options = click.option(
    "--option",
    "given",
    metavar="NAME=VALUE",
    multiple=True,
    help="Something that the format can be told; tracker formats lists what.",
)


@click.command("import")
@format_argument(reads=True)
@click.argument("file", metavar="FILE")
@click.option("--map", "map_name", metavar="NAME", help="For tables: what the columns mean.")
@click.option("--sheet", metavar="NAME", help="For spreadsheets: the sheet (default: the first).")
@click.option("--case", metavar="KEY", help="The case of claims of which the file names none.")
@click.option(
    "--on-error",
    type=click.Choice(("skip", "list", "stop")),
    help="Leave out what cannot be taken, list it and record the rest (skip, the default), or stop.",
)
@format_options
@checkpoints_option
@writes
@click.pass_context
def import_(
    ctx: click.Context,
    /,
    tracker: Tracker,
    format_name: str,
    file: str,
    checkpoints: str | None,
    format_: str,
    **how: Any,
) -> None:
    """Bring a file's records in.

    FORMAT is one of those that tracker formats lists: casebook, or csv, a table with a piece of evidence in
    each row, whose columns a map explains (emergent and rumoureval ship; others are TOML files). The file may
    be compressed (.gz, .zst), or, for csv, a spreadsheet (.xlsx, which needs openpyxl). CSV may have
    millions of rows: it is read as a stream. A dash for FILE reads standard input. Importing a file again
    records only what has changed.

    Of a casebook all is recorded, or nothing. Of any other file, what cannot be taken is listed, the rest is
    recorded, and the exit status is 1; with --on-error stop nothing is recorded then. Where the tracker has
    a key, a signed checkpoint of the journal is kept afterwards.

    \b
    Example:  tracker import casebook my-case.yaml
              tracker import csv rumours.csv --map emergent
    """
    from tracker.formats.registry import find_format

    tracker.refuse_own(file)
    by = signer(tracker, checkpoints)
    kind = find_format(format_name).kind
    _refuse_unused(kind, how)
    stop = how["on_error"] == "stop"
    refused = 0
    if kind == "rows":
        refused = _import_csv(tracker, file, how["map_name"], how["sheet"], stop, format_).refused
    elif kind == "casebook":
        _import_casebook(tracker, file, format_)
    else:
        refused = _import_acts(tracker, file, format_name, how, format_).refused
    checkpoint_after(tracker, by, aside=format_ != "table")
    if refused:
        ctx.exit(1)


UNUSED = {
    "casebook": ("map_name", "sheet", "on_error", "case", "given"),
    "rows": ("case", "given"),
    "acts": ("map_name", "sheet"),
}
"""Options that mean nothing to formats of each kind."""


def _refuse_unused(kind: str, how: dict[str, Any]) -> None:
    """Refuse options that mean nothing to formats of a kind."""
    for name in UNUSED[kind]:
        if how[name]:
            option = {"map_name": "map", "given": "option"}.get(name, name.replace("_", "-"))
            what = {"casebook": "a casebook", "rows": "a table", "acts": "this format"}[kind]
            raise click.UsageError(f"{what} needs no --{option}")


def _import_acts(
    tracker: Tracker, file: str, format_name: str, how: dict[str, Any], format_: str
) -> ImportedActs:
    from tracker.app.taking import Stopped
    from tracker.formats.csvtable import LARGEST_STREAM

    source, name = table_at(file, LARGEST_STREAM + 1)
    try:
        with Bars() as progress:
            found = tracker.import_file(
                source,
                format_name,
                name=name,
                options=_options(how["given"]),
                case=how["case"],
                stop_on_error=how["on_error"] == "stop",
                progress=progress,
            )
    except Stopped as error:
        if format_ != "table":
            emit_json(
                {"read": error.result.read, "recorded": 0, "unchanged": 0, "rejected": _rejected(error)}
            )
        raise
    rejected = [{"row": each.where, "error": each.message} for each in found.rejected]
    _show_import(tracker, name, found, rejected, format_, found.refused)
    return found


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
        with Bars() as progress:
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
    found: Imported | ImportedRows | ImportedActs,
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
        where = each["row"] if isinstance(each["row"], str) else f"row {each['row']}"
        say(f"  {where}: {each['error']}")
    if refused > MOST_REJECTED:
        rows = "rows more" if isinstance(rejected[0]["row"], int) else "more"
        say(f"  and {refused - MOST_REJECTED} {rows}; all of them: --format json")
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
@format_argument(reads=False)
@click.option("--case", metavar="KEY", help="The case (needed where there are several).")
@click.option("-o", "--output", metavar="FILE", default="-", help="Where to (default: standard output).")
@format_options
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
    given: tuple[str, ...],
    **asked: Any,
) -> None:
    """Write records out in a format.

    FORMAT is one of those that tracker formats lists, such as casebook: a YAML file that can be edited by
    hand and imported again. As of a day it holds what had been published by then, as recorded by a moment
    what had been written here. A FILE that ends in .gz or .zst is compressed. Where the tracker has a key,
    a signed checkpoint of the journal is kept as well.

    \b
    Example:  tracker export casebook --case jnim -o jnim.yaml
    """
    options = _options(given)
    with opened(db, dayfirst=dayfirst) as tracker:
        tracker.refuse_own(output)
        by = signer(tracker, checkpoints)
        if format_name == "casebook":
            if options:
                raise click.UsageError("a casebook needs no --option")
            parts = iter([tracker.export_casebook(case, **asked).encode()])
        else:
            parts = tracker.export_file(format_name, case, options=options, **asked)
        write_out(output, parts)
        if output != "-":
            say(f"wrote {output}")
        checkpoint_after(tracker, by, aside=output == "-")


def _read(file: str) -> tuple[str, str]:
    """The text of a file, or of standard input, and what to call it."""
    # One byte more than is read of a casebook: some files have no end.
    from tracker.formats.packed import unpacked
    from tracker.formats.yamltree import MAX_BYTES

    data, name = read_bytes(file, MAX_BYTES + 1)
    data = unpacked(data, name, MAX_BYTES)
    try:
        return data.decode("utf-8-sig"), name
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadFile(f"{name}, line {line}: this is not UTF-8 text", "save the file as UTF-8") from error
