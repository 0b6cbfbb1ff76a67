"""``tracker import`` and ``tracker export``: records in, records out."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claims.errors import BadFile
from tracker.cli.failing import INTERRUPTED, plain, warn
from tracker.cli.failing import say as complain
from tracker.cli.files import older_text, read_bytes, table_at, write_out, write_whole
from tracker.cli.formats import format_argument
from tracker.cli.imported import rejected_in, rejected_of, show_guess, show_import, timed, until_interrupted
from tracker.cli.options import clocks, dayfirst_option, db_option, opened, writes
from tracker.cli.output import emit_json, say
from tracker.cli.progress import Bars
from tracker.cli.signing import checkpoint_after, checkpoints_option, signer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.errors import Finding
    from tracker.app import Tracker
    from tracker.app.spreadsheets import ImportedRows
    from tracker.app.taking import ImportedActs
    from tracker.formats.csvmap import Map

MOST_LEFT_OUT = 100
"""Things that a format has no place for, of which each is printed."""


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
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--map", "map_name", metavar="NAME", help="For tables: what the columns mean.")
@click.option(
    "--sheet", metavar="NAME", help="For spreadsheets: the sheet (default: the first); *: all alike."
)
@click.option("--save-map", metavar="FILE", help="For tables: where to keep the map that was guessed.")
@click.option("--case", metavar="KEY", help="The case of claims of which the file names none.")
@click.option(
    "--on-error",
    type=click.Choice(("skip", "list", "stop")),
    help="Leave out what cannot be taken, list it and record the rest (skip, the default), or stop.",
)
@click.option("--rejected", metavar="FILE", help="For tables: where to write the rows that were left out.")
@format_options
@checkpoints_option
@writes
@click.pass_context
def import_(
    ctx: click.Context,
    /,
    tracker: Tracker,
    format_name: str,
    files: tuple[str, ...],
    checkpoints: str | None,
    format_: str,
    **how: Any,
) -> None:
    """Bring the records of files in.

    FORMAT is one of those that tracker formats lists, such as casebook, or csv: a table with a piece of
    evidence in each row, whose columns a map explains (some ship, such as emergent; others are TOML files).
    Without a map they are guessed from their headings, and the guess is shown. The file may be compressed
    (.gz, .zst); a table may have millions of rows: it is read as a stream. A dash for FILE reads
    standard input. Importing a file again records only what has changed. With --dry-run the first rows are
    shown as they would be recorded. Several files are taken one after another, each as an act of its own.

    Of a casebook all is recorded, or nothing. Of any other file, what cannot be taken is listed, the rest is
    recorded, and the exit status is 1; with --on-error stop nothing is recorded then. Ctrl-C ends an import
    after what is in hand, and the same command goes on from there. Where the tracker has a key,
    a signed checkpoint of the journal is kept afterwards.

    \b
    Example:  tracker import casebook my-case.yaml
              tracker import csv rumours.csv --map emergent
    """
    from tracker.formats.registry import find_format

    for file in files:
        tracker.refuse_own(file)
    by = signer(tracker, checkpoints)
    kind = find_format(format_name).kind
    _refuse_unused(kind, how)
    _refuse_for_several(files, how)
    refused, stopped = 0, None
    for file in files:
        if kind == "rows":
            found = _import_table(tracker, file, format_name, how, format_)
            refused += found.refused
            stopped = getattr(found, "stopped_at", None)
        elif kind == "casebook":
            _import_casebook(tracker, file, format_)
        else:
            told = _import_acts(tracker, file, format_name, how, format_)
            refused, stopped = refused + told.refused, told.stopped_at
        if stopped is not None:
            break
    checkpoint_after(tracker, by, aside=format_ != "table")
    if stopped is not None:
        place = f"row {stopped}" if isinstance(stopped, int) else stopped
        complain("interrupted", f"stopped before {place}; what was read before is recorded", GO_ON)
        ctx.exit(INTERRUPTED)
    if refused:
        ctx.exit(1)


GO_ON = "run it again, and it goes on from there"


UNUSED = {
    "casebook": ("map_name", "save_map", "sheet", "on_error", "rejected", "case", "given"),
    "rows": ("given",),
    "acts": ("map_name", "save_map", "sheet", "rejected"),
}
"""Options that mean nothing to formats of each kind."""


def _refuse_unused(kind: str, how: dict[str, Any]) -> None:
    """Refuse options that mean nothing to formats of a kind."""
    for name in UNUSED[kind]:
        if how[name]:
            option = {"map_name": "map", "given": "option"}.get(name, name.replace("_", "-"))
            what = {"casebook": "a casebook", "rows": "a table", "acts": "this format"}[kind]
            raise click.UsageError(f"{what} needs no --{option}")


def _refuse_for_several(files: tuple[str, ...], how: dict[str, Any]) -> None:
    """Refuse options that name one file where several are imported, and standard input twice."""
    if len(files) == 1:
        return
    for name in ("save_map", "rejected"):
        if how[name]:
            raise click.UsageError(f"--{name.replace('_', '-')} is for one file at a time")
    if files.count("-") > 1:
        raise click.UsageError("standard input can be read once")


def _import_acts(
    tracker: Tracker, file: str, format_name: str, how: dict[str, Any], format_: str
) -> ImportedActs:
    from tracker.app.taking import Stopped
    from tracker.formats.csvtable import LARGEST_STREAM

    stop = how["on_error"] == "stop"
    source, name = table_at(file, LARGEST_STREAM + 1)
    with (
        _stopped_by(Stopped, format_),
        timed() as tell,
        until_interrupted(at_all=not stop) as stopped,
        Bars() as progress,
    ):
        found = tracker.import_file(
            source,
            format_name,
            name=name,
            options=_options(how["given"]),
            case=how["case"],
            stop_on_error=stop,
            progress=progress,
            stopped=stopped,
        )
    tell(found.read)
    show_import(tracker, name, found, format_)
    return found


def _import_casebook(tracker: Tracker, file: str, format_: str) -> None:
    text, name = _read(file)
    with _stopped_by(BadFile, format_):
        found = tracker.import_casebook(text, name=name)
    show_import(tracker, name, found, format_)


def _import_table(
    tracker: Tracker, file: str, form: str, how: dict[str, Any], format_: str
) -> ImportedRows | ImportedActs:
    from tracker.app.spreadsheets import BadRows
    from tracker.app.taking import Stopped
    from tracker.formats.csvtable import LARGEST_STREAM
    from tracker.formats.guessing import map_text

    def guessed(chosen: Map) -> None:
        if how["save_map"]:
            write_whole(Path(how["save_map"]), map_text(chosen, f"Guessed from the headings of {name}."))
        show_guess(chosen, how["save_map"])

    def rejects(parts: Iterator[bytes]) -> None:
        write_out(how["rejected"], parts)

    stop = how["on_error"] == "stop"
    source, name = table_at(file, LARGEST_STREAM + 1)
    with (
        _stopped_by((BadRows, Stopped), format_),
        timed(always=True) as tell,
        until_interrupted(at_all=not stop) as stopped,
        Bars() as progress,
    ):
        found = tracker.import_table(
            source,
            form,
            map_name=how["map_name"],
            name=name,
            sheet=how["sheet"],
            case=how["case"],
            stop_on_error=stop,
            progress=progress,
            stopped=stopped,
            guessed=guessed,
            rejects=rejects if how["rejected"] else None,
            rejects_as=_form_of(how["rejected"] or ""),
        )
    tell(found.read)
    show_import(tracker, name, found, format_)
    if how["rejected"] and found.rejected and format_ == "table":
        say(f"the rejected rows are in {how['rejected']}: mend them, and import that file")
    return found


def _form_of(output: str) -> str:
    """The form in which rejected rows are written to a file of this name."""
    return "xlsx" if output.removesuffix(".gz").removesuffix(".zst").endswith(".xlsx") else "csv"


@contextmanager
def _stopped_by(errors: type[BadFile] | tuple[type[BadFile], ...], format_: str) -> Iterator[None]:
    """Where what cannot be taken stops an import, a program that asked is told of all of it."""
    try:
        yield
    except errors as error:
        if format_ != "table":
            read = getattr(getattr(error, "result", None), "read", 0)
            result = getattr(error, "result", None)
            rejected = rejected_in(error) if result is None else rejected_of(result)
            emit_json({"read": read, "recorded": 0, "unchanged": 0, "rejected": rejected})
        raise


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
    hand and imported again; over a FILE that is one already only what changed is written, and its comments
    and order stay. As of a day it holds what had been published by then, as recorded by a moment what
    had been written here. A FILE that ends in .gz or .zst is compressed. Where the tracker has a key,
    a signed checkpoint of the journal is kept as well.

    \b
    Example:  tracker export casebook --case jnim -o jnim.yaml
    """
    options, why = _options(given), ""
    left_out: list[Finding] = []
    with opened(db, dayfirst=dayfirst) as tracker:
        tracker.refuse_own(output)
        by = signer(tracker, checkpoints)
        if format_name == "casebook":
            if options:
                raise click.UsageError("a casebook needs no --option")
            made = tracker.rewrite_casebook(older_text(output), case, **asked)
            parts = iter([made.text.encode()])
            if made.plain_because:
                why = f"{output} was written anew, without the comments it had: {made.plain_because}"
        else:
            parts = tracker.export_file(format_name, case, options=options, left_out=left_out.append, **asked)
        write_out(output, parts)
        if output != "-":
            say(f"wrote {output}")
        _say_left_out(left_out)
        if why:
            warn(why)
        checkpoint_after(tracker, by, aside=output == "-")


def _say_left_out(findings: list[Finding]) -> None:
    """What the format has no place for, beside what is written: it may stand on standard output."""
    for each in findings[:MOST_LEFT_OUT]:
        click.echo(plain(f"left out: {each}"), err=True)
    if len(findings) > MOST_LEFT_OUT:
        click.echo(f"left out: {len(findings) - MOST_LEFT_OUT} more", err=True)
    for hint in dict.fromkeys(each.hint for each in findings if each.hint):
        click.echo(plain(f"  {hint}"), err=True)


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
