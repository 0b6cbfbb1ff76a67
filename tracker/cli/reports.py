"""``tracker status``, ``tracker show`` and ``tracker why``: how claims stand, and for what reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import case_keys, claim_keys, entity_keys, source_keys
from tracker.cli.options import clocks, looks_in, policy_option, together
from tracker.cli.output import emit_object, emit_rows
from tracker.cli.paging import emit_page, more_lines, paged
from tracker.cli.tables import draw, show_chart, show_lines, window_width
from tracker.cli.values import DATE, KIND, STATUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.app import Tracker
    from tracker.cli.paging import Page
    from tracker.report.models import Dossiered, Explanation, Step
    from tracker.report.standing import Standing

OF_CLAIMS = together(
    click.option(
        "--kind",
        metavar="KIND",
        type=KIND,
        help="Only claims of a kind, such as death.",
    ),
    click.option(
        "--subject",
        metavar="ENTITY",
        shell_complete=entity_keys,
        help="Only claims about this (key or name).",
    ),
    click.option("--case", metavar="KEY", shell_complete=case_keys, help="Only claims of a case."),
    click.option(
        "--source", metavar="SOURCE", shell_complete=source_keys, help="Only claims that a source spoke of."
    ),
)
"""Which claims a list is of, by what they are."""

NONE = "No claim fits. See what there is with: tracker status"

_OF_STATUSES = together(
    click.option(
        "--status",
        multiple=True,
        metavar="STATUS",
        type=STATUS,
        help="Only claims that stand so (may be repeated).",
    ),
    click.option(
        "--changed-since",
        type=DATE,
        metavar="DATE",
        help="Only claims whose status changed by evidence since.",
    ),
)


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...", shell_complete=claim_keys)
@OF_CLAIMS
@_OF_STATUSES
@paged("claims")
@clocks
@policy_option
@looks_in("reading:Questions")
def status(tracker: Tracker, keys: tuple[str, ...], page: Page, format_: str, **asked: Any) -> None:
    """Report the status of claims.

    All of them, or those that the options leave, by key: a table ends after the first page. Or the
    named ones, all of them, in the order given. Lines are independent origins of evidence: +1 −2 means
    one for the claim and two against it.

    \b
    Example:  tracker status --case jnim --status disputed --status refuted
              tracker status kouffa-killed-2018 --as-of 2018-12-31
    """
    if keys:
        page = _of_named(page)
    found, more = page.cut(tracker.statuses(keys, **page.asked, **asked))
    print_statuses(found, format_, more=more, none=page.nothing(NONE))


def _of_named(page: Page) -> Page:
    """All of the claims that somebody names, who knows how many these are."""
    if page.chosen or page.after is not None:
        raise click.UsageError("claims that are named are shown all: leave out --limit and --after")
    return replace(page, most=None)


def print_statuses(found: Sequence[Standing], format_: str, *, more: bool = False, none: str = NONE) -> None:
    """Print how claims stand, in any format; to people it is said where there are ``more``, or ``none``."""
    if format_ != "table":
        from tracker.report import jsonable

        emit_page([jsonable.standing(each) for each in found], format_, found[-1].key if more else None)
    elif not found:
        show_lines([none])
    else:
        from tracker.report import tables, words

        draw(tables.standings(found))
        lines = [part for line in words.summary(found) for part in words.wrapped(line, window_width())]
        show_lines(["", *lines, *(more_lines(found[-1].key) if more else ())])


@click.command()
@click.argument("key", shell_complete=claim_keys)
@clocks
@looks_in("timelines:Timelines")
def show(tracker: Tracker, key: str, format_: str, as_of: str | None, recorded_by: str | None) -> None:
    """Show everything on one claim.

    Under how it stands a line of blocks shows how its likelihood changed, by what had been published (with
    --recorded-by: by what this tracker said until then), with the first day and the last; it is left out
    where very many claims are tied together, or two clocks are set.

    As csv or md it is one row for each piece of evidence.

    \b
    Example:  tracker show kouffa-killed-2018
    """
    from tracker.report import jsonable

    found = tracker.show(key, as_of=as_of, recorded_by=recorded_by)
    written = jsonable.show(found)
    if format_ in ("json", "jsonl"):
        emit_object(written, format_)
    elif format_ != "table":
        emit_rows([{"claim": written["key"], **piece} for piece in written["evidence"]], format_)
        tracker.note_partly_shown(found.standing.key)
    else:
        _print_dossier(found, tracker.history_in_passing(key, as_of=as_of, recorded_by=recorded_by))


def _print_dossier(it: Dossiered, steps: Sequence[Step]) -> None:
    from tracker.report import tables, words
    from tracker.report.publications import publications_table

    width = window_width()
    for paragraph in words.claim_lines(it):
        show_lines(words.wrapped(paragraph, width))
    show_lines(["", "How it stands:"])
    for sentence in words.standing_lines(it.standing):
        show_lines(words.wrapped(sentence, width, "  "))
    show_chart(steps, it.standing.as_of, indent="  ")
    sections = (
        ("Evidence:", tables.evidence(it)),
        ("Tied by rule to:", tables.bonds(it.bonds)),
        # What rules found and nobody resolved stands above already.
        ("Links:", tables.links([link for link in it.links if not tables.is_found(link)])),
        ("Assessments:", tables.assessments(it.assessments)),
        ("Published:", publications_table(it.publications)),
    )
    for heading, table in sections:
        if table.rows or heading == "Evidence:":
            show_lines(["", heading])
            draw(table)
    closing = f"{words.seen_from(it.standing)} Row by row: tracker why {it.standing.key}"
    show_lines(["", *words.wrapped(closing, width)])


@click.command()
@click.argument("key", shell_complete=claim_keys)
@clocks
@policy_option
@looks_in("reading:Questions")
def why(tracker: Tracker, key: str, format_: str, **asked: Any) -> None:
    """Explain a claim's status row by row, and what would flip it.

    The rows are log-odds: they add up to the likelihood, and can be checked by hand. As csv or md
    there is one row for each.

    \b
    Example:  tracker why kouffa-killed-2018
    """
    from tracker.report import jsonable, words

    found = tracker.why(key, **asked)
    if format_ in ("json", "jsonl"):
        emit_object(jsonable.explanation(found), format_)
    elif format_ != "table":
        emit_rows(_rows(found), format_)
        tracker.note_partly_shown(found.standing.key)
    else:
        show_lines(words.explain(found, window_width()))


def _rows(it: Explanation) -> list[dict[str, Any]]:
    """The sum, with its base and its ties, as rows of the same fields."""
    from tracker.report import jsonable

    written = jsonable.explanation(it)
    rows = [
        {
            "part": "base rate",
            "on": written["key"],
            "weight": written["base_log_odds"],
            "because": "",
            "line": "",
        }
    ]
    for row in written["contributions"]:
        part = f"{row['source']} {row['stance']}"
        rows.append({"part": part, "on": row["evidence"], **_some(row, "weight", "because", "line")})
    for row in written["contradictions"]:
        on = ", ".join(row["claims"])
        rows.append({"part": row["rule"], "on": on, **_some(row, "weight", "because"), "line": ""})
    return rows


def _some(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}
