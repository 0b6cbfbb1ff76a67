"""``tracker link`` and ``tracker assess``: people's judgements on claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.completing import claim_keys
from tracker.cli.options import needed_reason_option, writes
from tracker.cli.writing import done

if TYPE_CHECKING:
    from tracker.app import Tracker


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="A RELATION B | resolve LINK")
@needed_reason_option
@writes
def link(tracker: Tracker, words: tuple[str, ...], reason: str, format_: str) -> None:
    """Link two claims, or resolve a link.

    RELATION is contradicts, supports, depends-on, refines, duplicates or supersedes.

    \b
    Example:  tracker link group-dissolved depends-on leader-killed --reason "said to follow from it"
              tracker link resolve group-dissolved:depends-on:leader-killed --reason "it outlived him"
    """
    from tracker.report.jsonable import link as as_json

    if words[0] == "resolve" and len(words) == 2:
        made = tracker.resolve_link(words[1], reason=reason)
        done(tracker, f"resolved the link {made.key}", as_json(made), format_)
        return
    if len(words) != 3:
        raise click.UsageError("a link is: claim, relation, claim; or: resolve, link")
    made = tracker.link(words[0], words[1], words[2], reason=reason)
    done(tracker, f"linked: {made.claim} {made.relation} {made.other}", as_json(made), format_)


@click.command()
@click.argument("key", shell_complete=claim_keys)
@click.argument("status")
@click.option("--likelihood", metavar="P", help="How likely, in the person's own view: 0.8 or 80%.")
@needed_reason_option
@writes
def assess(
    tracker: Tracker, key: str, status: str, likelihood: str | None, reason: str, format_: str
) -> None:
    """Record a person's own verdict on a claim.

    It stands beside the computed status, and never enters it.

    \b
    Example:  tracker assess mayor-killed confirmed --reason "saw the death certificate"
    """
    from tracker.report.jsonable import assessment as as_json

    made = tracker.assess(key, status, likelihood=likelihood, reason=reason)
    computed = tracker.status(made.claim).status
    beside = "as computed" if computed == made.status else f"while {computed} is computed"
    done(tracker, f"{made.author} assesses {made.claim}: {made.status}, {beside}", as_json(made), format_)
