"""``tracker source``: register, grade and list sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import source_keys
from tracker.cli.grouping import Group
from tracker.cli.options import (
    cleared,
    clocks,
    needed_reason_option,
    reads,
    reads_in,
    reason_option,
    recorded_by_option,
    together,
    writes,
)
from tracker.cli.output import emit_json, emit_rows, say, tell
from tracker.cli.paging import emit_page, paged, print_page
from tracker.cli.tables import print_table
from tracker.cli.values import RELIABILITY, SOURCE_TYPE
from tracker.cli.writing import done

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.cli.paging import Page

_FIELDS = together(
    click.option(
        "--type", type=SOURCE_TYPE, metavar="TYPE", help="government, armed-group, outlet, witness, …"
    ),
    click.option(
        "--side", "sides", multiple=True, metavar="SIDE", help="A camp it belongs to, closest first."
    ),
    click.option("--owner", metavar="NAME", help="Who owns or directs it."),
    click.option("--url", metavar="URL", help="Where it publishes."),
    click.option("--note", metavar="WORDS", help="Anything to remember."),
)


@click.group(cls=Group)
def source() -> None:
    """Register, grade and list sources.

    One registered by mistake is taken back with tracker withdraw.
    """


@source.command("add")
@click.argument("name")
@_FIELDS
@click.option("--key", metavar="KEY", help="Its key (default: made from its name).")
@click.option(
    "--reliability", type=RELIABILITY, metavar="GRADE", help="Admiralty grade A to F (F: cannot be judged)."
)
@reason_option
@writes
def add(tracker: Tracker, name: str, format_: str, **fields: Any) -> None:
    """Register a source, and print its key.

    \b
    Example:  tracker source add "Ministry of Defence" --type government --side government
    """
    from tracker.report.jsonable import source as as_json

    fields["type"] = fields["type"] or "other"
    like = tracker.named_alike(name)
    added = tracker.add_source(name, **fields)
    done(tracker, f"registered the source {added.key} ({added.name})", as_json(added), format_)
    if like and format_ == "table":
        tell(f"  known already, and named alike: {', '.join(f'{name} ({key})' for key, name in like)}")
        say(f"  if they are one: tracker undo {tracker.outcome.entries[-1].seq} --reason …")


@source.command("revise")
@click.argument("key", shell_complete=source_keys)
@click.option("--name", metavar="NAME", help="What it is called.")
@_FIELDS
@click.option("--clear", multiple=True, metavar="FIELD", help="Take a field out (may be repeated).")
@needed_reason_option
@writes
def revise(
    tracker: Tracker, key: str, clear: tuple[str, ...], reason: str, format_: str, **fields: Any
) -> None:
    """Change what is known of a source; the record keeps how it was.

    \b
    Example:  tracker source revise daily-echo --owner "Echo Group" --reason "its imprint says so"
    """
    from tracker.report.jsonable import source as as_json

    given = {name: value for name, value in fields.items() if value not in (None, ())}
    given.update(dict.fromkeys(cleared("sides", "side", clear)))
    revised = tracker.revise_source(key, reason=reason, **given)
    done(tracker, f"revised the source {revised.key}", as_json(revised), format_)


@source.command("grade")
@click.argument("key", shell_complete=source_keys)
@click.argument("grade", type=RELIABILITY)
@needed_reason_option
@writes
def grade(tracker: Tracker, key: str, grade: str, reason: str, format_: str) -> None:
    """Give a source an Admiralty grade, A to F; a dash takes it away.

    \b
    Example:  tracker source grade ministry-defence D --reason "three retractions this year"
    """
    from tracker.report.jsonable import source as as_json

    graded = tracker.grade_source(key, grade, reason=reason)
    what = graded.reliability or "not assessed"
    done(tracker, f"graded {graded.key}: {what}", as_json(graded), format_)


@source.command("list")
@paged("sources")
@recorded_by_option
@reads_in("finding:Finder")
def list_(tracker: Tracker, page: Page, format_: str, recorded_by: str | None) -> None:
    """List sources by key."""
    from tracker.report.jsonable import source as as_json

    found, more = page.cut(tracker.sources(**page.asked, recorded_by=recorded_by))
    rows = [as_json(each) for each in found]
    if format_ != "table":
        emit_page(rows, format_, rows[-1]["key"] if more else None)
        return
    cells = [(r["key"], r["name"], r["type"], ", ".join(r["sides"]), r["reliability"] or "-") for r in rows]
    print_page(page, ("key", "name", "type", "sides", "grade"), cells, more)


@source.command("show")
@click.argument("key", shell_complete=source_keys)
@clocks
@reads_in("finding:Finder")
def show(tracker: Tracker, key: str, as_of: str | None, recorded_by: str | None, format_: str) -> None:
    """Show a source, the grades it was given, what it said, and how that fared.

    Its track record is how often it was right, when it supported and when it denied, on claims that
    were settled later: by a person, or by evidence alone. The grade suggested is for you to give.
    """
    from tracker.report.jsonable import source_record

    record = source_record(tracker.source(key, as_of=as_of, recorded_by=recorded_by))
    if format_ != "table":
        emit_json(record)
        return
    tell(f"{record['name']} ({record['key']}), {record['type']}")
    tell(f"sides: {', '.join(record['sides']) or 'none'}; grade: {record['reliability'] or 'not assessed'}")
    if record["grades"]:
        say()
        cells = [
            (g["recorded_at"][:10], g["grade"] or "-", g["author"], g["reason"]) for g in record["grades"]
        ]
        print_table(("day", "grade", "by", "reason"), cells)
    say()
    said = [
        (e["claim"], e["stance"], e["published"] or "undated", e["withdrawn"] or "")
        for e in record["evidence"]
    ]
    print_table(("claim", "stance", "published", "withdrawn"), said, keys="claim")
    _print_record(record)


def _print_record(record: dict[str, Any]) -> None:
    say()
    if not record["cases"]:
        say(f"track record: none of its claims was settled by {record['as_of']}")
        return
    say(f"track record, on claims settled by {record['as_of']}:")
    rates = [(r["kind"], r["stance"], f"{r['right']} of {r['of']}") for r in record["record"]]
    print_table(("kind", "stance", "right"), rates)
    say()
    cases = [
        (c["claim"], c["stance"], c["settled"], c["since"], "right" if c["right"] else "wrong")
        for c in record["cases"]
    ]
    print_table(("claim", "it", "settled as", "since", "it was"), cases, keys="claim")
    say()
    tell(f"suggested grade: {record['suggested_grade'] or 'none'} ({record['suggested_because']})")


@source.command("suspects")
@clocks
@reads
def suspects(tracker: Tracker, as_of: str | None, recorded_by: str | None, format_: str) -> None:
    """Find sources that may be copying one another.

    Sources that agree far more than their agreement with others explains, most of all where others say
    something else. That is a suspicion for a person to confirm: outlets fed by one good source look
    the same. It changes no status. Declare a common origin, and the sources count once.

    \b
    Example:  tracker source suspects
              tracker source revise daily-echo --owner "Echo Group" --reason "its imprint says so"
    """
    from tracker.report import suspicions

    found = tracker.suspects(as_of=as_of, recorded_by=recorded_by)
    if format_ != "table":
        emit_rows([suspicions.suspected(each) for each in found.found], format_)
        return
    from tracker.cli.tables import show_lines, window_width
    from tracker.report.words import wrapped

    for paragraph in suspicions.report(found):
        show_lines(wrapped(paragraph, window_width(), rest="  "))
