"""``tracker link`` and ``tracker assess``: people's judgements on claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker.cli.completing import claim_keys, link_keys, words_of
from tracker.cli.grouping import Group
from tracker.cli.options import clocks, needed_reason_option, reads, writes
from tracker.cli.output import emit_rows
from tracker.cli.tables import draw, show_lines
from tracker.cli.writing import done

if TYPE_CHECKING:
    from tracker.app import Tracker


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
@click.argument("relation", shell_complete=words_of("Relation"))
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
    shell_complete=words_of("LinkState"),
    help="Only links in a state: open or resolved.",
)
@click.option("--rule", metavar="RULE", help="Only what a rule found (see tracker rules).")
@clocks
@reads
def list_(tracker: Tracker, claim: str | None, format_: str, **asked: Any) -> None:
    """List links between claims: all, or those of one claim.

    \b
    Example:  tracker link list --state open --rule two-deaths
    """
    from tracker.report import jsonable, tables

    found = tracker.links(claim, **asked)
    if format_ != "table":
        emit_rows([jsonable.link(each) for each in found], format_)
    elif found:
        draw(tables.links(found))
    else:
        show_lines(["No link fits."])


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
