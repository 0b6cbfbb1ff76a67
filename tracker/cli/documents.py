"""``tracker document``: record, revise and list what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import document_keys
from tracker.cli.grouping import Group
from tracker.cli.options import needed_reason_option, reads_in, recorded_by_option, together, writes
from tracker.cli.paging import emit_page, paged, print_page
from tracker.cli.values import DATE
from tracker.cli.writing import done

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.cli.paging import Page

_FIELDS = together(
    click.option("--publisher", metavar="SOURCE", help="The source that published it (key or name)."),
    click.option("--author", "writer", metavar="NAME", help="Who wrote it."),
    click.option("--url", metavar="URL", help="Where it is."),
    click.option("--published", type=DATE, metavar="DATE", help="When it came out."),
    click.option("--note", metavar="WORDS", help="Anything to remember."),
)


@click.group(cls=Group)
def document() -> None:
    """Record, revise and list documents.

    One recorded by mistake is taken back with tracker withdraw; its archived bytes can be redacted.
    """


@document.command("add")
@click.argument("title")
@_FIELDS
@click.option("--file", metavar="FILE", help="A copy of it, to keep in the archive.")
@click.option("--key", metavar="KEY", help="Its key (default: made from its title).")
@writes
def add(tracker: Tracker, title: str, writer: str | None, format_: str, **fields: Any) -> None:
    """Record a document, and print its key.

    \b
    Example:  tracker document add "Statement of 14 May" --publisher ministry --file statement.pdf
    """
    from tracker.report.jsonable import document as as_json

    added = tracker.add_document(title, author=writer, **fields)
    done(tracker, f"recorded the document {added.key}", as_json(added), format_)


@document.command("revise")
@click.argument("key", shell_complete=document_keys)
@click.option("--title", metavar="WORDS", help="Its title, or what it is.")
@_FIELDS
@click.option("--clear", multiple=True, metavar="FIELD", help="Take a field out (may be repeated).")
@needed_reason_option
@writes
def revise(
    tracker: Tracker,
    key: str,
    writer: str | None,
    clear: tuple[str, ...],
    reason: str,
    format_: str,
    **fields: Any,
) -> None:
    """Change what is known of a document; the record keeps how it was.

    \b
    Example:  tracker document revise statement --published "14 May 2012" --reason "its imprint says so"
    """
    from tracker.report.jsonable import document as as_json

    given = {name: value for name, value in {**fields, "author": writer}.items() if value is not None}
    given.update(dict.fromkeys(name.replace("-", "_") for name in clear))
    revised = tracker.revise_document(key, reason=reason, **given)
    done(tracker, f"revised the document {revised.key}", as_json(revised), format_)


@document.command("list")
@paged("documents")
@recorded_by_option
@reads_in("finding:Finder")
def list_(tracker: Tracker, page: Page, format_: str, recorded_by: str | None) -> None:
    """List documents by key."""
    from tracker.report.jsonable import document as as_json

    found, more = page.cut(tracker.documents(**page.asked, recorded_by=recorded_by))
    rows = [as_json(each) for each in found]
    if format_ != "table":
        emit_page(rows, format_, rows[-1]["key"] if more else None)
        return
    cells = [(r["key"], r["title"], r["published"] or "-", "archived" if r["sha256"] else "") for r in rows]
    print_page(page, ("key", "title", "published", "bytes"), cells, more)
