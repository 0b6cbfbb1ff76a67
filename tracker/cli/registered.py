"""``tracker policy list`` and ``tracker policy show``: which policies there are, and their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.failing import plain
from tracker.cli.options import db_option, format_option, opened, recorded_by_option
from tracker.cli.output import emit_json, emit_rows
from tracker.cli.tables import draw, show_lines, window_width

if TYPE_CHECKING:
    from tracker.report.policies import PolicyRecord


@click.command("list")
@recorded_by_option
@db_option
@format_option
def list_(db: str | None, format_: str, recorded_by: str | None) -> None:
    """List the policies that can be named.

    Those of this program and those that other packages bring; whether each is in force in your
    tracker, where you have one, and how many of its cases go by it.

    \b
    Example:  tracker policy list
    """
    from tracker.app.policies import policy_findings
    from tracker.report import policies, words

    found = _registered(db, recorded_by)
    if format_ == "table":
        draw(policies.table(found))
    else:
        emit_rows([policies.as_json(each) for each in found], format_)
    for finding in policy_findings():
        for line in words.wrapped(f"left out: {finding}; {finding.hint}", window_width()):
            click.echo(plain(line), err=True)


@click.command("show")
@click.argument("name")
@format_option
def show(name: str, format_: str) -> None:
    """Show all numbers of a policy, with units and meanings.

    NAME is a name, a name@version, or a .json file. As json it is the policy's file; as csv or md
    there is one row for each number.

    \b
    Example:  tracker policy show majority
    """
    from tracker.app.registered import describe_policy
    from tracker.report import policies, words

    found = describe_policy(name)
    if format_ == "json":
        emit_json(dict(found.data))
    elif format_ != "table":
        emit_rows([policies.number_json(each) for each in policies.numbers_of(found.data)], format_)
    else:
        width = window_width()
        for paragraph in policies.head_lines(found):
            show_lines(words.wrapped(paragraph, width))
        for heading, table in policies.section_tables(found.data):
            show_lines(["", *words.wrapped(heading, width)])
            draw(table)


def _registered(db: str | None, recorded_by: str | None) -> list[PolicyRecord]:
    """The policies as the tracker uses them, or, where there is none, as they are."""
    from tracker.app.registered import registered_policies
    from tracker.errors import NoTracker

    try:
        with opened(db) as tracker:
            return tracker.policies(recorded_by=recorded_by)
    except NoTracker:
        if db is not None or recorded_by is not None:
            raise
        return registered_policies()
