"""``tracker link`` and ``tracker assess``: people's judgements on claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from claims.vocabulary import AssessmentState
from tracker.cli.completing import claim_keys, link_keys
from tracker.cli.grouping import Group
from tracker.cli.options import clocks, needed_reason_option, reads_in, seen_option, writes
from tracker.cli.paging import emit_page, paged, say_more
from tracker.cli.tables import draw, show_lines
from tracker.cli.values import RELATION, STATE, STATUS
from tracker.cli.writing import done

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.cli.paging import Page


class _Links(Group):
    """A group in which a plain link needs no command: ``tracker link A RELATION B``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take whatever is no command of the group for a link to be made."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["add", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Links, subcommand_metavar="A RELATION B | COMMAND [ARGS]...")
def link() -> None:
    """Link two claims; list, resolve and reopen links.

    RELATION is contradicts, supports, depends-on, refines, duplicates or supersedes.
    Contradictions that rules find are links too, and can be resolved like any other.

    \b
    Example:  tracker link group-dissolved depends-on leader-killed --reason "said to follow from it"
              tracker link resolve group-dissolved:depends-on:leader-killed --reason "it outlived him"
    """


@link.command("add")
@click.argument("a", shell_complete=claim_keys)
@click.argument("relation", shell_complete=RELATION.shell_complete)  # checked once all three are there
@click.argument("b", shell_complete=claim_keys)
@needed_reason_option
@writes
def add(tracker: Tracker, a: str, relation: str, b: str, reason: str, format_: str) -> None:
    """Link two claims; the word add may be left out.

    \b
    Example:  tracker link add group-dissolved depends-on leader-killed --reason "said to follow"
    """
    from tracker.report.jsonable import link as as_json

    made = tracker.link(a, relation, b, reason=reason)
    done(tracker, f"linked: {made.claim} {made.relation} {made.other}", as_json(made), format_)


@link.command("resolve")
@click.argument("key", shell_complete=link_keys)
@needed_reason_option
@writes
def resolve(tracker: Tracker, key: str, reason: str, format_: str) -> None:
    """Say that a link no longer holds, or that what a rule found is no contradiction.

    \b
    Example:  tracker link resolve killed-2018:life-after-death:seen-2019 --reason "two men of one name"
    """
    from tracker.report.jsonable import link as as_json

    made = tracker.resolve_link(key, reason=reason)
    done(tracker, f"resolved the link {made.key}", as_json(made), format_)


@link.command("reopen")
@click.argument("key")
@needed_reason_option
@writes
def reopen(tracker: Tracker, key: str, reason: str, format_: str) -> None:
    """Say that a link holds after all.

    \b
    Example:  tracker link reopen killed-2018:life-after-death:seen-2019 --reason "one man, after all"
    """
    from tracker.report.jsonable import link as as_json

    made = tracker.reopen_link(key, reason=reason)
    done(tracker, f"reopened the link {made.key}", as_json(made), format_)


@link.command("list")
@click.argument("claim", required=False, shell_complete=claim_keys)
@click.option(
    "--state",
    metavar="STATE",
    type=STATE,
    help="Only links in a state: open or resolved.",
)
@click.option("--rule", metavar="RULE", help="Only what a rule found (see tracker rules).")
@paged("links")
@clocks
@reads_in("asking:Asking")
def list_(tracker: Tracker, claim: str | None, page: Page, format_: str, **asked: Any) -> None:
    """List links between claims by key: all, or those of one claim.

    \b
    Example:  tracker link list --state open --rule two-deaths
    """
    from tracker.report import jsonable, tables

    found, more = page.cut(tracker.links(claim, **page.asked, **asked))
    if format_ != "table":
        emit_page([jsonable.link(each) for each in found], format_, found[-1].key if more else None)
    elif found:
        draw(tables.links(found))
        if more:
            say_more(found[-1].key)
    else:
        show_lines([page.nothing("No link fits.")])


@click.command()
@click.argument("key", shell_complete=claim_keys)
@click.argument("status", type=STATUS)
@click.option("--likelihood", metavar="P", help="How likely, in the person's own view: 0.8 or 80%.")
@needed_reason_option
@seen_option
@writes
def assess(
    tracker: Tracker,
    key: str,
    status: str,
    likelihood: str | None,
    reason: str,
    seen: str | None,
    format_: str,
) -> None:
    """Record a person's own verdict on a claim.

    It stands beside the computed status, and never enters it. In a case that needs approval it counts
    once a second person approves it. Where somebody else judged the claim after you looked at it
    (tracker show, why, status KEY), you are told of that instead, and how to go on knowingly.

    \b
    Example:  tracker assess mayor-killed confirmed --reason "saw the death certificate"
    """
    from tracker.cli.seen import recall
    from tracker.report.verdicts import assessment as as_json

    recall(tracker)
    made = tracker.assess(key, status, likelihood=likelihood, reason=reason, seen=seen)
    computed = tracker.status(made.claim).status
    beside = "as computed" if computed == made.status else f"while {computed} is computed"
    waits = made.state is AssessmentState.PROPOSED
    does = "proposes for" if waits else "assesses"
    besides = [f"it waits for a second person: tracker approve {made.key}"] if waits else []
    what = f"{made.author} {does} {made.claim}: {made.status}, {beside}"
    done(tracker, what, as_json(made), format_, besides)
