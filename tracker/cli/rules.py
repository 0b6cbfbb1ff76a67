"""``tracker rules``: what contradicts what, by which rule, at what price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.options import policy_option, reads_in, recorded_by_option
from tracker.cli.output import emit_rows
from tracker.cli.tables import draw, show_lines

if TYPE_CHECKING:
    from tracker.app import Tracker


@click.command()
@policy_option
@recorded_by_option
@reads_in("asking:Asking")
def rules(tracker: Tracker, policy: str | None, recorded_by: str | None, format_: str) -> None:
    """List the contradiction rules: what each says, and its price.

    The price is what it costs to hold all the same what a rule says cannot hold together, in
    log-odds. A rule is off where the policy does not name it, and in cases that switch it off.

    \b
    Example:  tracker rules
              tracker case revise tandor --rule-off two-places --reason "places overlap here"
    """
    from tracker.report import jsonable, questions

    found = tracker.rules(policy=policy, recorded_by=recorded_by)
    if format_ != "table":
        emit_rows([jsonable.rule(each) for each in found], format_)
        return
    draw(questions.rules(found))
    show_lines(["", f"Strengths are those of the policy {found[0].policy}."])
