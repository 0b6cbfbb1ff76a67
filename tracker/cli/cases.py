"""``tracker case``: open, revise and list cases, and choose the policy that resolves their claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import case_keys
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
from tracker.cli.writing import done

if TYPE_CHECKING:
    from claims.model import Case
    from tracker.app import Tracker
    from tracker.cli.paging import Page

_FIELDS = together(
    click.option("--title", metavar="WORDS", help="What it is called."),
    click.option("--about", metavar="WORDS", help="What it is about."),
    click.option(
        "--policy",
        metavar="NAME",
        help="The policy that resolves its claims (name, or name@version); none for the tracker's own.",
    ),
    click.option(
        "--rule-off",
        "off",
        multiple=True,
        metavar="RULE",
        help="Switch a contradiction rule off in it (may be repeated; see tracker rules).",
    ),
    click.option(
        "--needs-approval/--no-needs-approval",
        default=None,
        help="Whether what people make of its claims counts only once a second person approves it.",
    ),
)


@click.group(cls=Group)
def case() -> None:
    """Open, revise and list cases."""


@case.command("add")
@click.argument("key")
@_FIELDS
@reason_option
@writes
def add(tracker: Tracker, key: str, reason: str, off: tuple[str, ...], format_: str, **fields: Any) -> None:
    """Open a case, and print its key.

    \b
    Example:  tracker case add market-bombing --title "The market bombing" --policy range
    """
    from tracker.report.jsonable import case as as_json

    given = {name: value for name, value in fields.items() if value is not None}
    opened = tracker.open_case(key, reason=reason, rules_off=off, **given)
    done(tracker, f"opened the case {opened.key}{_switched(opened)}", as_json(opened), format_)


@case.command("revise")
@click.argument("key", shell_complete=case_keys)
@_FIELDS
@click.option(
    "--rule-on", "on", multiple=True, metavar="RULE", help="Switch a rule on again (may be repeated)."
)
@needed_reason_option
@writes
def revise(
    tracker: Tracker,
    key: str,
    reason: str,
    off: tuple[str, ...],
    on: tuple[str, ...],
    format_: str,
    **fields: Any,
) -> None:
    """Change a case; its claims are resolved anew where its policy or its rules changed.

    \b
    Example:  tracker case revise market-bombing --policy majority --reason "no source is graded"
    """
    from tracker.report.jsonable import case as as_json

    given = {name: value for name, value in fields.items() if value is not None}
    revised = tracker.revise_case(key, reason=reason, off=off, on=on, **given)
    done(tracker, f"revised the case {revised.key}{_switched(revised)}", as_json(revised), format_)


def _switched(it: Case) -> str:
    off = f", with rules off: {', '.join(it.rules_off)}" if it.rules_off else ""
    return off + (", where assessments need a second person" if it.needs_approval else "")


@case.command("list")
@paged("cases")
@recorded_by_option
@reads_in("asking:Asking")
def list_(tracker: Tracker, page: Page, format_: str, recorded_by: str | None) -> None:
    """List cases by key, each with its policy."""
    from tracker.report.jsonable import case as as_json

    found, more = page.cut(tracker.cases(**page.asked, recorded_by=recorded_by))
    rows = [as_json(each) for each in found]
    if format_ != "table":
        emit_page(rows, format_, rows[-1]["key"] if more else None)
        return
    cells = [
        (
            *(row["key"], row["title"], row["policy"] or "the tracker's own", ", ".join(row["rules_off"])),
            "needed" if row["needs_approval"] else "",
        )
        for row in rows
    ]
    print_page(page, ("key", "title", "policy", "rules off", "approval"), cells, more)
