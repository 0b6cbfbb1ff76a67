"""``tracker claim``: record, revise and list claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import claim_keys
from tracker.cli.grouping import Group
from tracker.cli.options import (
    needed_reason_option,
    reads_in,
    reason_option,
    recorded_by_option,
    together,
    writes,
)
from tracker.cli.paging import emit_page, paged, print_page
from tracker.cli.reports import OF_CLAIMS
from tracker.cli.values import DATE, KIND
from tracker.cli.writing import done, made_besides

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.cli.paging import Page

_FIELDS = together(
    click.option(
        "--kind", type=KIND, metavar="KIND", help="death, attribution, count, event, … (default: other)."
    ),
    click.option("--subject", metavar="ENTITY", help="Whom or what it is about (key or name)."),
    click.option("--value", metavar="WORDS", help="The answer: a group, a number, a range."),
    click.option("--when", type=DATE, metavar="DATE", help='When it happened: "late 2018", "23 Nov 2018".'),
    click.option("--where", metavar="PLACE", help="Where it happened."),
    click.option("--question", metavar="KEY", help="The question that it answers (key, or its words)."),
    click.option("--case", metavar="KEY", help="The case that it belongs to."),
    click.option(
        "--ongoing/--not-ongoing",
        default=None,
        help="Whether it is a state that goes on, and can go stale (default: by its kind).",
    ),
    click.option("--lang", metavar="TAG", help="The language of its words (a BCP 47 tag)."),
    click.option("--external-id", metavar="ID", help="Its id elsewhere."),
    click.option("--note", metavar="WORDS", help="Anything to remember."),
)


@click.group(cls=Group)
def claim() -> None:
    """Record, revise and list claims.

    One recorded by mistake is taken back with tracker withdraw.
    """


@claim.command("add")
@click.argument("text")
@_FIELDS
@click.option("--key", metavar="KEY", help="Its key (default: made from its words).")
@reason_option
@writes
def add(tracker: Tracker, text: str, format_: str, **fields: Any) -> None:
    """Record a claim, and print its key.

    \b
    Example:  tracker claim add "The mayor was killed" --kind death --subject "The mayor" --when "May 2012"
    """
    from tracker.report.jsonable import claim as as_json

    kind = fields.pop("kind") or "other"
    recorded = tracker.add_claim(text, kind=kind, **fields)
    when = f" ({recorded.when.describe()})" if recorded.when else ""
    words = f"recorded the claim {recorded.key}{when}"
    done(tracker, words, as_json(recorded), format_, made_besides(tracker))


@claim.command("revise")
@click.argument("key", shell_complete=claim_keys)
@click.option("--text", metavar="WORDS", help="What is claimed.")
@_FIELDS
@click.option("--clear", multiple=True, metavar="FIELD", help="Take a field out (may be repeated).")
@needed_reason_option
@writes
def revise(
    tracker: Tracker, key: str, reason: str, clear: tuple[str, ...], format_: str, **fields: Any
) -> None:
    """Change what a claim says; the record keeps how it was.

    \b
    Example:  tracker claim revise mayor-killed --when "12 May 2012" --reason "the day is known now"
    """
    from tracker.report.jsonable import claim as as_json

    given = {name: value for name, value in fields.items() if value is not None}
    given.update(dict.fromkeys(name.replace("-", "_") for name in clear))
    revised = tracker.revise_claim(key, reason=reason, **given)
    words = f"revised the claim {revised.key}"
    done(tracker, words, as_json(revised), format_, made_besides(tracker))


@claim.command("list")
@OF_CLAIMS
@paged("claims")
@recorded_by_option
@reads_in("finding:Finder")
def list_(tracker: Tracker, page: Page, format_: str, **asked: Any) -> None:
    """List claims by key: all of them, or those that the options leave."""
    from tracker.report.jsonable import claim as as_json

    found, more = page.cut(tracker.claims(**page.asked, **asked))
    rows = [as_json(each) for each in found]
    if format_ != "table":
        emit_page(rows, format_, rows[-1]["key"] if more else None)
        return
    cells = [(r["key"], r["kind"], r["text"]) for r in rows]
    print_page(page, ("key", "kind", "claim"), cells, more)
