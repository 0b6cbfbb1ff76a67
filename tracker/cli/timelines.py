"""``tracker history``, ``diff``, ``changes`` and ``search``: what changed, when, and where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import claim_keys
from tracker.cli.options import clocks, reads, recorded_by_option
from tracker.cli.output import emit_object, emit_rows
from tracker.cli.tables import draw, show_lines, window_width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tracker.app import Tracker
    from tracker.report.models import Difference, Step

NO = 1
"""The exit status that says: the answer is no."""


def _clock_option(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--clock",
        type=click.Choice(("published", "recorded")),
        default=default,
        show_default=True,
        help="When evidence was published, or when it was recorded here.",
    )


@click.command()
@click.argument("key", shell_complete=claim_keys)
@_clock_option("published")
@clocks
@reads
def history(tracker: Tracker, key: str, format_: str, **asked: Any) -> None:
    """Show how a claim changed, and because of what.

    By the clock of publication: what could be known on each day. By the clock of recording: what
    this tracker said, and which entry of its journal made it say so.

    \b
    Example:  tracker history kouffa-killed-2018
              tracker history kouffa-killed-2018 --clock recorded
    """
    from tracker.report import jsonable

    steps = tracker.history(key, **asked)
    if format_ != "table":
        emit_rows([jsonable.step(step) for step in steps], format_)
    else:
        _tell(tracker, key, steps, asked["recorded_by"])


def _tell(tracker: Tracker, key: str, steps: Sequence[Step], recorded_by: str | None) -> None:
    from tracker.report import words

    width = window_width()
    claim = tracker.status(key, recorded_by=recorded_by).claim
    causes = {cause for step in steps for cause in step.because}
    pieces = tracker.pieces(causes, recorded_by=recorded_by)
    lines = [*words.wrapped(f"{claim.key}: {claim.text}", width, rest="  "), ""]
    for step in steps:
        lines.extend(words.step_lines(step, pieces, _entry(tracker, step), claim.key, width))
    if not steps:
        lines.append("No evidence has moved it yet.")
    show_lines(lines)


def _entry(tracker: Tracker, step: Step) -> str:
    """What the journal has of a change, if it was told by the journal's clock."""
    if step.entry is None:
        return ""
    found = [entry for entry in tracker.entries(step.because[0]) if entry.seq == step.entry]
    told = [
        f"entry {it.seq} by {it.author}: {it.act} {it.subject}{f', {it.reason}' if it.reason else ''}"
        for it in found
    ]
    return "; ".join(told)


@click.command()
@click.argument("key", shell_complete=claim_keys)
@click.argument("first", metavar="DAY")
@click.argument("second", metavar="DAY")
@recorded_by_option
@reads
def diff(tracker: Tracker, key: str, first: str, second: str, format_: str, recorded_by: str | None) -> None:
    """Compare a claim on two days.

    By what had been published on each. As csv or md it is two rows, one for each day.

    \b
    Example:  tracker diff kouffa-killed-2018 2018-12-31 2019-06-30
    """
    from tracker.report import jsonable

    found = tracker.diff(key, first, second, recorded_by=recorded_by)
    if format_ in ("json", "jsonl"):
        emit_object(jsonable.difference(found), format_)
    elif format_ != "table":
        emit_rows([jsonable.standing(each) for each in (found.before, found.after)], format_)
    else:
        _print_difference(found)


def _print_difference(it: Difference) -> None:
    from tracker.report import tables, words

    width = window_width()
    claim = it.after.claim
    lines = [*words.wrapped(f"{claim.key}: {claim.text}", width, rest="  "), ""]
    for sentence in words.difference_lines(it):
        lines.extend(words.wrapped(sentence, width))
    show_lines(lines)
    if words.same(it):
        return
    show_lines([""])
    draw(tables.difference(it))
    for heading, keys in (("Came out in between:", it.appeared), ("Taken back in between:", it.withdrawn)):
        if keys:
            show_lines(["", heading, *(f"  {key}" for key in keys)])


@click.command()
@click.option("--since", metavar="DATE", required=True, help="The first day to look at.")
@_clock_option("recorded")
@reads
def changes(tracker: Tracker, since: str, clock: str, format_: str) -> None:
    """List status changes across claims.

    \b
    Example:  tracker changes --since yesterday
              tracker changes --since 2018 --clock published
    """
    from tracker.report import jsonable, tables, words

    steps = tracker.changes(since, clock=clock)
    if format_ != "table":
        emit_rows([jsonable.step(step) for step in steps], format_)
    elif not steps:
        show_lines([f"No status has changed since {since}."])
    else:
        draw(tables.changes(steps))
        show_lines(["", f"{words.count(len(steps), 'change')}, by the days on which evidence was {clock}."])


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@reads
def search(tracker: Tracker, words: tuple[str, ...], format_: str) -> int:
    """Find claims by words, and names across spellings.

    The exit status is 1 where nothing is found.

    \b
    Example:  tracker search Koufa
    """
    from tracker.report import jsonable, tables

    wanted = " ".join(words)
    found = tracker.search(wanted)
    if format_ != "table":
        emit_rows([jsonable.hit(hit) for hit in found], format_)
    elif not found:
        show_lines([f'Nothing holds "{wanted}", and no name is like it. Fewer words find more.'])
    else:
        draw(tables.hits(found))
    return 0 if found else NO
