"""Printing: one set of rows in any of the formats, for people or for programs."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.failing import plain
from tracker.cli.screen import cell_len, columns

if TYPE_CHECKING:
    from collections.abc import Sequence


def emit_json(value: Any) -> None:
    """One JSON document."""
    click.echo(_json(value, indent=2))


CONTROLS = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that JSON may hold as they are, and no terminal should be sent: they steer it, or turn the
direction of a line."""


def _json(value: Any, indent: int | None = None) -> str:
    """A value as JSON that no terminal stumbles over: in its own letters, if there are such."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def emit_rows(rows: Sequence[dict[str, Any]], format_: str) -> None:
    """Rows as json, jsonl, csv or md; what some lack stays empty in a table."""
    if format_ == "json":
        emit_json(list(rows))
    elif format_ == "jsonl":
        for row in rows:
            click.echo(_json(row))
    elif format_ == "csv":
        _emit_csv(rows)
    elif format_ == "md":
        _emit_markdown(rows)
    else:
        raise AssertionError(format_)


def emit_object(written: dict[str, Any], format_: str) -> None:
    """Print one object as json, or on one line as jsonl."""
    if format_ == "json":
        emit_json(written)
    else:
        emit_rows([written], "jsonl")


def columns_of(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The names of all fields that any of some rows has, as they come: not every entry has every one."""
    return list(dict.fromkeys(name for row in rows for name in row))


def _emit_csv(rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    names = columns_of(rows)
    writer.writerow([_harmless(name) for name in names])
    for row in rows:
        writer.writerow([_harmless(_cell(row.get(name))) for name in names])
    click.echo(file.getvalue(), nl=False)


FORMULA_STARTS = (*"=+-@\t\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for the beginning of a formula, full-width forms too."""


def _harmless(text: str) -> str:
    """A cell that a spreadsheet will not take for a formula, and a terminal not for a command: the
    first gets an apostrophe. Lines stay lines."""
    lines = re.sub("\r\n?", "\n", text).split("\n")
    text = "\n".join("\t".join(plain(part) for part in line.split("\t")) for line in lines)
    risky = text[:1] in FORMULA_STARTS
    if risky and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _emit_markdown(rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    names = columns_of(rows)
    click.echo("| " + " | ".join(map(_marked_down, names)) + " |")
    click.echo("|" + " --- |" * len(names))
    for row in rows:
        cells = (_marked_down(_cell(row.get(name))) for name in names)
        click.echo("| " + " | ".join(cells) + " |")


def _marked_down(text: str) -> str:
    """A cell that stays one: no end of it, no markup of HTML, no character that steers a terminal."""
    return re.sub(r"([\\|<])", r"\\\1", plain(text))


WHOLE = re.compile(r"(?<=: )tracker .*|\broot [0-9a-f]{64}\b|^wrote [^:]*:")
"""What somebody may copy, and no line may break: a command that ends a text, the root of a journal, and the
file that was written."""


def tell(text: str) -> None:
    """A sentence for people, in several lines where the window is too narrow for it. Words are never
    broken, nor commands and roots; lines after the first are indented further than it is."""
    text, width = plain(text), columns()
    if width is None or cell_len(text) <= width:
        click.echo(text)
        return
    from tracker.report.words import wrapped

    further = " " * (len(text) - len(text.lstrip()) + 4)
    joined = WHOLE.sub(lambda found: found[0].replace(" ", "\0"), text)  # plain text has no such sign
    for line in wrapped(joined, width, rest=further):
        click.echo(line.replace("\0", " "))


def say(text: str = "", *, to_errors: bool = False) -> None:
    """A line for people, with control characters made visible."""
    click.echo(plain(text), err=to_errors)
