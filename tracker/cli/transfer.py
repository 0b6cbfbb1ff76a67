"""``tracker import`` and ``tracker export``: records in, records out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.errors import BadFile
from tracker.cli.options import db_option, opened, writes
from tracker.cli.output import emit_json, say
from tracker.cli.writing import moved

if TYPE_CHECKING:
    from tracker.app import Tracker

CASEBOOK = click.Choice(("casebook",))


@click.command("import")
@click.argument("format_name", metavar="FORMAT", type=CASEBOOK)
@click.argument("file", metavar="FILE")
@writes
def import_(tracker: Tracker, format_name: str, file: str, format_: str) -> None:
    """Bring a file's records in.

    FORMAT is casebook. A dash for FILE reads standard input. All of the file is recorded, or
    nothing; importing it again records only what has changed.

    \b
    Example:  tracker import casebook my-case.yaml
    """
    text, name = _read(file)
    found = getattr(tracker, f"import_{format_name}")(text, name=name)
    if format_ != "table":
        emit_json(
            {
                "read": found.read,
                "recorded": found.recorded,
                "unchanged": found.unchanged,
                "rejected": [],
            }
        )
        return
    verb = "would record" if tracker.dry_run else "recorded"
    say(f"{name}: read {found.read}, {verb} {found.recorded}, unchanged {found.unchanged}")
    for change in tracker.outcome.changes:
        if change.was not in (None, change.status):
            say("  " + moved(change))


@click.command()
@click.argument("format_name", metavar="FORMAT", type=CASEBOOK)
@click.option("--case", metavar="KEY", help="The case (needed where there are several).")
@click.option("-o", "--output", metavar="FILE", default="-", help="Where to (default: standard output).")
@db_option
def export(db: str | None, format_name: str, case: str | None, output: str) -> None:
    """Write records out in a format.

    FORMAT is casebook: a YAML file that can be edited by hand and imported again.

    \b
    Example:  tracker export casebook --case jnim -o jnim.yaml
    """
    with opened(db) as tracker:
        text: str = getattr(tracker, f"export_{format_name}")(case)
    if output == "-":
        click.echo(text, nl=False)
        return
    path = Path(output)
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_text(text, "utf-8")
        partial.replace(path)
    except OSError as error:
        raise BadFile(f"{path} cannot be written ({error.strerror})", "choose another place") from error
    say(f"wrote {path}")


def _read(file: str) -> tuple[str, str]:
    """The text of a file, or of standard input, and what to call it."""
    name = "standard input" if file == "-" else Path(file).name
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig"), name
    except OSError as error:
        raise BadFile(f"{file} cannot be read ({error.strerror})", "check the path") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"{name} is not UTF-8 text (byte {error.start})", "save it as UTF-8") from error
