"""``tracker publish``, ``tracker publications`` and ``tracker review``: what was published, and what of it
must be corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import claim_keys
from tracker.cli.options import clocks, reads, recorded_by_option, writes
from tracker.cli.output import emit_object, emit_rows, say
from tracker.cli.signing import checkpoint_after, checkpoints_option, signer
from tracker.cli.tables import draw, show_lines, window_width
from tracker.cli.values import DATE
from tracker.cli.writing import done

if TYPE_CHECKING:
    from tracker.app import Tracker


@click.command()
@click.argument("key", shell_complete=claim_keys)
@click.option("--where", required=True, metavar="PLACE", help='A URL, or words such as "print, page 3".')
@click.option("--on", type=DATE, metavar="DATE", help="The day of publication (default: today).")
@click.option("--note", metavar="WORDS", help="Anything to remember.")
@checkpoints_option
@writes
def publish(
    tracker: Tracker, key: str, where: str, checkpoints: str | None, format_: str, **fields: Any
) -> None:
    """Record that a claim's status was published.

    What is recorded is the status as this tracker shows it now; for an earlier day, as it showed it
    then. Publishing again at the same place, as with a printed correction, supersedes the earlier.
    Recorded by mistake? tracker undo ENTRY. Where the tracker has a key, a signed checkpoint of the
    journal is kept afterwards.

    \b
    Example:  tracker publish mayor-killed --where https://example.org/mayor
              tracker publish mayor-killed --where "print, page 3" --on "14 May 2012"
    """
    from tracker.report.publications import published_words

    by = signer(tracker, checkpoints)
    entry = tracker.publish(key, where=where, **fields)
    record = {"claim": entry.subject, "entry": entry.seq, **entry.payload}
    done(tracker, published_words(entry.subject, entry.payload), record, format_)
    checkpoint_after(tracker, by, aside=format_ != "table")


@click.command()
@click.argument("key", required=False, shell_complete=claim_keys)
@click.option("--all", "all_", is_flag=True, help="Also what was taken back as recorded by mistake.")
@recorded_by_option
@reads
def publications(
    tracker: Tracker, key: str | None, all_: bool, recorded_by: str | None, format_: str
) -> None:
    """List what was published where and when.

    \b
    Example:  tracker publications mayor-killed
    """
    from tracker.report import jsonable
    from tracker.report import publications as report

    found = tracker.publications(key, withdrawn=all_, recorded_by=recorded_by)
    if format_ != "table":
        emit_rows([jsonable.publication(each) for each in found], format_)
    elif found:
        draw(report.publications_table(found))
    else:
        show_lines(["Nothing was published."])


@click.command()
@clocks
@click.option("--check", is_flag=True, help="Leave with status 1 where a correction is needed.")
@reads
@click.pass_context
def review(
    ctx: click.Context,
    tracker: Tracker,
    as_of: str | None,
    recorded_by: str | None,
    check: bool,
    format_: str,
) -> None:
    """List what waits for a second person, or must be corrected.

    The first are assessments that somebody proposed. The second are publications whose claim has another
    status than was published, says something else, was withdrawn, or turned out to be about another:
    what was said and what holds now, since when, and because of which entries. As md each of these is a
    paragraph that can be printed. Once it is printed, record that with tracker publish, at the same
    place.

    \b
    Example:  tracker review
              tracker review --format md
    """
    from tracker.report import publications as report
    from tracker.report.tables import assessments
    from tracker.report.words import wrapped

    found = tracker.review(as_of=as_of, recorded_by=recorded_by)
    if format_ == "json":
        emit_object(report.review(found), format_)
    elif format_ == "md":
        for number, each in enumerate(found.corrections):
            if number:
                say()
            say(report.paragraph(each))
    elif format_ != "table":
        emit_rows([report.correction(each) for each in found.corrections], format_)
    else:
        if found.waiting:
            show_lines(["Waiting for a second person (tracker approve KEY, tracker reject KEY):"])
            draw(assessments(found.waiting))
            show_lines([""])
        if found.corrections:
            show_lines(["Corrections to print:"])
            draw(report.corrections_table(found.corrections))
            show_lines([""])
        show_lines(wrapped(report.summary(found), window_width()))
    if check and found.corrections:
        ctx.exit(1)
