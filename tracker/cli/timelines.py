"""``tracker history``, ``diff``, ``changes`` and ``search``: what changed, when, and where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import claim_keys
from tracker.cli.options import clocks, reads_in, recorded_by_option
from tracker.cli.output import emit_object, emit_rows
from tracker.cli.paging import emit_page, paged, say_more
from tracker.cli.tables import draw, show_chart, show_lines, window_width
from tracker.cli.values import DATE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tracker.app import Tracker
    from tracker.cli.paging import Page
    from tracker.report.models import Difference, Step

MOST_FOUND = 1000
"""What a search shows at most."""

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
@reads_in("timelines:Timelines")
def history(tracker: Tracker, key: str, format_: str, **asked: Any) -> None:
    """Show how a claim changed, and because of what.

    By the clock of publication: what could be known on each day. By the clock of recording: what
    this tracker said, and which entry of its journal made it say so. A line of blocks shows the
    likelihood from the first day to the last: the higher the likelier, dashed where time is left out.

    Where thousands of claims are tied together, not every day of publication is looked at. Then it says so;
    in formats for programs, on standard error.

    \b
    Example:  tracker history kouffa-killed-2018
              tracker history kouffa-killed-2018 --clock recorded
    """
    from tracker.report import jsonable

    steps = tracker.history(key, **asked)
    skipped = _skipped(tracker, key, **asked)
    if format_ == "table":
        _tell(tracker, key, steps, skipped, asked)
        return
    emit_rows([jsonable.step(step) for step in steps], format_)
    if skipped:
        click.echo(f"note: {skipped}", err=True)


def _skipped(tracker: Tracker, key: str, *, clock: str, **asked: Any) -> str:
    """That days were left out, in words; what was recorded is told in full."""
    from tracker.report import words

    return words.skipped_days(tracker.looked_at(key, **asked)) if clock == "published" else ""


def _tell(tracker: Tracker, key: str, steps: Sequence[Step], skipped: str, asked: Mapping[str, Any]) -> None:
    from tracker.report import words

    width, recorded_by = window_width(), asked["recorded_by"]
    standing = tracker.status(key, recorded_by=recorded_by)
    claim = standing.claim
    until = standing.as_of
    if asked["clock"] == "published" and asked["as_of"] is not None:
        until = tracker.read_day(asked["as_of"])
    causes = {cause for step in steps for cause in step.because}
    pieces = tracker.pieces(causes, recorded_by=recorded_by)
    show_lines(words.wrapped(f"{claim.key}: {claim.text}", width, rest="  "))
    show_chart(steps, until)
    lines = [""]
    for step in steps:
        lines.extend(words.step_lines(step, pieces, _entry(tracker, step), claim.key, width))
    if not steps:
        lines.append("No evidence has moved it yet.")
    if skipped:
        lines.extend(["", *words.wrapped(skipped, width)])
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
@click.argument("words", nargs=-1, required=True, metavar="[KEY] WHEN WHEN", shell_complete=claim_keys)
@_clock_option("published")
@paged("claims")
@clocks
@reads_in("comparing:Comparing")
def diff(tracker: Tracker, words: tuple[str, ...], page: Page, format_: str, **asked: Any) -> None:
    """Compare a claim, or all claims, on two days.

    By the clock of publication: by what had been published on each day, with the evidence in between,
    and the entries that recorded it. By the clock of recording: by what had been recorded here at each
    of two moments, with all that was done in between. WHEN is a day; by the clock of recording also a
    time, the number of an entry (entry:12), or now.

    Without a KEY, the claims are listed that do not stand as they did. As csv or md a claim is two
    rows, one for each day.

    \b
    Example:  tracker diff kouffa-killed-2018 2018-12-31 2019-06-30
              tracker diff kouffa-killed-2018 2026-10-21 now --clock recorded
              tracker diff yesterday now --clock recorded
    """
    if len(words) not in (2, 3):
        raise click.UsageError("two days are compared: tracker diff [KEY] WHEN WHEN")
    *key, first, second = words
    if not key:
        found, more = page.cut(tracker.differences(first, second, **page.asked, **asked))
        _print_differences(found, format_, page, more=more)
        return
    if page.chosen or page.after is not None:
        raise click.UsageError("one claim is compared whole: leave out --limit and --after")
    _print_difference(tracker.diff(key[0], first, second, **asked), format_)


def _print_difference(it: Difference, format_: str) -> None:
    from tracker.report import jsonable

    if format_ in ("json", "jsonl"):
        emit_object(jsonable.difference(it), format_)
    elif format_ != "table":
        emit_rows(_two_rows([it]), format_)
    else:
        _draw_difference(it)


def _two_rows(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """For each claim how it stood both times, of those at which it was there."""
    from tracker.report import jsonable

    both = (standing for each in found for standing in (each.before, each.after))
    return [jsonable.standing(each) for each in both if each is not None]


def _draw_difference(it: Difference) -> None:
    from tracker.report import tables, words

    width = window_width()
    lines = [*words.wrapped(f"{it.key}: {it.claim.text}", width, rest="  "), ""]
    for sentence in words.difference_lines(it):
        lines.extend(words.wrapped(sentence, width))
    show_lines(lines)
    if it.before is not None and it.after is not None and not it.same:
        show_lines([""])
        draw(tables.difference(it))
    for heading, keys in (("Came out in between:", it.appeared), ("Taken back in between:", it.withdrawn)):
        if keys:
            show_lines(["", heading, *(f"  {key}" for key in keys)])
    if it.deeds:
        heading = "Recorded by:" if it.clock == "published" else "Recorded in between:"
        show_lines(["", heading])
        for deed in it.deeds:
            show_lines(words.wrapped(words.deed_line(deed), width, "  ", "    "))


def _print_differences(found: Sequence[Difference], format_: str, page: Page, *, more: bool) -> None:
    from tracker.report import jsonable, tables, words

    last = found[-1].key if more else None
    if format_ in ("json", "jsonl"):
        emit_page([jsonable.difference(each) for each in found], format_, last)
        return
    if format_ != "table":
        emit_page(_two_rows(found), format_, last)
        return
    if not found:
        show_lines([page.nothing("Every claim stood the same both times.")])
        return
    draw(tables.differences(found))
    since, until = (words.moment_words(at) for at in (found[0].since, found[0].until))
    span = f"between {since} and {until}, by what was {found[0].clock}"
    show_lines(["", *words.wrapped(f"{words.count(len(found), 'difference')} {span}.", window_width())])
    if last is not None:
        say_more(last)


@click.command()
@click.option("--since", type=DATE, metavar="DATE", required=True, help="The first day to look at.")
@_clock_option("recorded")
@paged("changes", "PLACE")
@clocks
@reads_in("comparing:Comparing")
def changes(tracker: Tracker, since: str, clock: str, page: Page, format_: str, **asked: Any) -> None:
    """List status changes across claims.

    The oldest come first. A page ends at a place such as 12/mayor-killed: an entry, or a day of
    publication, and a claim.

    \b
    Example:  tracker changes --since yesterday
              tracker changes --since 2018 --clock published
    """
    from tracker.report import jsonable, tables, words

    steps, more = page.cut(tracker.changes(since, clock=clock, **page.asked, **asked))
    if format_ != "table":
        emit_page([jsonable.step(step) for step in steps], format_, steps[-1].place if more else None)
    elif not steps:
        show_lines([page.nothing(f"No status has changed since {since}.")])
    else:
        draw(tables.changes(steps))
        show_lines(["", f"{words.count(len(steps), 'change')}, by the days on which evidence was {clock}."])
        if more:
            say_more(steps[-1].place)


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@click.option(
    "--limit",
    type=click.IntRange(1, MOST_FOUND),
    default=20,
    show_default=True,
    metavar="N",
    help="How many to show at most.",
)
@recorded_by_option
@reads_in("finding:Finder")
def search(
    tracker: Tracker, words: tuple[str, ...], limit: int, format_: str, recorded_by: str | None
) -> int:
    """Find claims by words, and names across spellings.

    First come persons, groups and places with a name like the words, then claims about them and
    claims that hold all the words: whole, or, from three letters on, the beginning of a longer word;
    where too few do, another spelling, or the word that may have been meant. The best come first,
    then they go by key.

    The exit status is 1 where nothing is found.

    \b
    Example:  tracker search Koufa
    """
    from tracker.report import jsonable, tables

    wanted = " ".join(words)
    found = tracker.search(wanted, limit=limit + 1, recorded_by=recorded_by)
    more, found = found[limit:], found[:limit]
    if format_ != "table":
        emit_rows([jsonable.hit(hit) for hit in found], format_)
    elif not found:
        show_lines([f'Nothing holds "{wanted}", and no name is like it. Fewer words find more.'])
    else:
        draw(tables.hits(found))
        if more:
            show_lines(["", _how_to_see_more(limit)])
    return 0 if found else NO


def _how_to_see_more(limit: int) -> str:
    """What to do where a search found more than was to be shown."""
    if limit == MOST_FOUND:
        return "There is more than a search shows: give another word."
    return f"There is more: ask for it with --limit {min(2 * limit, MOST_FOUND)}, or give another word."
