"""``tracker schema``: the JSON Schemas of the casebook, and of what commands print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from tracker.cli.files import write_out
from tracker.cli.options import format_option
from tracker.cli.output import emit_json, emit_rows, say
from tracker.cli.tables import draw

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _names(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from tracker.app.schemas import schema_names

    return [CompletionItem(each.name) for each in schema_names() if each.name.startswith(incomplete)]


@click.command()
@click.argument("name", metavar="[NAME]", required=False, shell_complete=_names)
@click.option("-o", "--output", metavar="FILE", default="-", help="Where to (default: standard output).")
@format_option
def schema(name: str | None, output: str, format_: str) -> None:
    """Print a JSON Schema, or list those that there are.

    Schemas are of draft 2020-12. That of the casebook lets an editor complete and check one as it is
    written. The others are of what commands print with --format json.

    \b
    Example:  tracker schema casebook -o casebook.schema.json
    """
    from tracker.app.schemas import schema as schema_of
    from tracker.app.schemas import schema_names
    from tracker.report.tables import Column, Row, Table

    if name is None:
        if output != "-":
            raise click.UsageError("name the schema that is to be written; tracker schema lists them")
        found = schema_names()
        if format_ == "table":
            rows = tuple(Row((each.name, each.of), (("", each.holds),)) for each in found)
            draw(Table((Column("Schema"), Column("Of")), rows))
        else:
            emit_rows([{"schema": each.name, "of": each.of, "holds": each.holds} for each in found], format_)
        return
    asked = schema_of(name)
    if output == "-":
        emit_json(asked)
        return
    write_out(output, iter([f"{json.dumps(asked, indent=2, ensure_ascii=False)}\n".encode()]))
    say(f"wrote {output}")
