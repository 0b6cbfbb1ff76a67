"""``tracker import`` and ``tracker export``: records in, records out."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claims.errors import BadFile
from tracker.cli.options import db_option, opened, writes
from tracker.cli.output import emit_json, say
from tracker.cli.writing import moved
from tracker.formats.yamltree import MAX_BYTES

if TYPE_CHECKING:
    from tracker.app import Tracker

SHOWN = 40
"""Characters of a changed field that an import prints."""

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
    try:
        found = getattr(tracker, f"import_{format_name}")(text, name=name)
    except BadFile as error:
        if format_ != "table":
            emit_json({"read": 0, "recorded": 0, "unchanged": 0, "rejected": _rejected(error)})
        raise
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
    for entry in tracker.outcome.entries:
        if "was" in entry.payload:  # what was there and now reads otherwise should not go unseen
            say(f"  {entry.act}: {entry.subject} ({_what_changed(entry.payload)})")
    for change in tracker.outcome.changes:
        if change.was not in (None, change.status):
            say("  " + moved(change))


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
    _write(Path(output), text)
    say(f"wrote {output}")


def _write(path: Path, text: str) -> None:
    """Write a file, whole or not at all; a device or a pipe, which is no file, directly."""
    partial = None
    try:
        target = path.resolve()  # a link stays one
        if target.is_file() or not target.exists():
            partial = Path(f"{target}.{os.getpid()}.partial")
            partial.write_text(text, "utf-8")
            partial.replace(target)
        else:
            target.write_text(text, "utf-8")
    except OSError as error:
        if partial is not None:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
        raise BadFile(f"{path} cannot be written ({error.strerror})", "choose another place") from error


def _read(file: str) -> tuple[str, str]:
    """The text of a file, or of standard input, and what to call it."""
    name = "standard input" if file == "-" else Path(file).name
    try:
        # One byte more than is read of a casebook: some files have no end.
        data = _bytes(file, MAX_BYTES + 1)
        return data.decode("utf-8-sig"), name
    except OSError as error:
        raise BadFile(f"{file} cannot be read ({error.strerror})", "check the path") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadFile(f"{name}, line {line}: this is not UTF-8 text", "save the file as UTF-8") from error


def _bytes(file: str, most: int) -> bytes:
    if file != "-":
        with Path(file).open("rb") as opened_file:
            return opened_file.read(most)
    return sys.stdin.buffer.read(most) if sys.stdin is not None else b""
