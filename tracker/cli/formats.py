"""``tracker formats``: which formats files come in and go out by; and their names as arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from claims.errors import NotFound
from tracker.cli.failing import plain
from tracker.cli.options import format_option
from tracker.cli.output import emit_rows
from tracker.cli.tables import draw, window_width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from click.shell_completion import CompletionItem

    from tracker.formats.registry import Format
    from tracker.report.tables import Table


def format_argument(*, reads: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An argument that is the name of a format which is read, or written."""

    def check(_ctx: click.Context, _parameter: click.Parameter, name: str) -> str:
        from tracker.formats.registry import find_format

        try:
            found = find_format(name)
        except NotFound as error:
            raise click.BadParameter(f"{error.message}; {error.hint}") from error
        if not (found.can_read if reads else found.can_write):
            done = "read" if reads else "written"
            raise click.BadParameter(f"the format {name} is not {done}; see what is: tracker formats")
        return name

    return click.argument("format_name", metavar="FORMAT", callback=check, shell_complete=_names)


def _names(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from tracker.formats.registry import SHIPPED

    return [CompletionItem(name) for name in SHIPPED if name.startswith(incomplete)]


@click.command()
@format_option
def formats(format_: str) -> None:
    """List the formats that files come in and go out by.

    Those of this program and those that other packages bring: whether each is read by tracker import and
    written by tracker export, and the options that it takes.

    \b
    Example:  tracker formats
    """
    from tracker.formats.registry import load_all
    from tracker.report import words

    found = load_all()
    every = found.formats.values()
    if format_ == "table":
        draw(_table(every))
    else:
        emit_rows([_as_json(each) for each in every], format_)
    for finding in found.findings:
        for line in words.wrapped(f"left out: {finding}; {finding.hint}", window_width()):
            click.echo(plain(line), err=True)


def _table(every: Iterable[Format]) -> Table:
    """The formats, one a row, with what each is and its options under it."""
    from tracker.report.tables import Column, Row, Table

    rows = [
        Row(
            (
                it.name,
                _mark(yes=it.can_read),
                _mark(yes=it.can_write),
                " ".join(it.endings),
                it.origin or "tracker",
            ),
            (("", it.summary), *((f"--option {name}=…:", what) for name, what in it.options.items())),
        )
        for it in every
    ]
    headings = ("Format", "Read", "Written", "Files", "From")
    return Table(tuple(Column(heading) for heading in headings), tuple(rows))


def _mark(*, yes: bool) -> str:
    return "yes" if yes else "no"


def _as_json(it: Format) -> dict[str, Any]:
    return {
        "format": it.name,
        "summary": it.summary,
        "read": it.can_read,
        "written": it.can_write,
        "endings": list(it.endings),
        "options": dict(it.options),
        "extra": it.extra or None,
        "page": it.page or None,
        "origin": it.origin or None,
    }
