"""``tracker policy``: the rules that resolve claims."""

from __future__ import annotations

import click

from tracker.cli.grouping import Group
from tracker.cli.measured import evaluate, fit
from tracker.cli.registered import list_, show


@click.group(cls=Group)
def policy() -> None:
    """See, measure and fit the rules that resolve claims."""


for _command in (list_, show, evaluate, fit):
    policy.add_command(_command)
