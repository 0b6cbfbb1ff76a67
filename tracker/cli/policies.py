"""``tracker policy``: the rules that resolve claims."""

from __future__ import annotations

import click

from tracker.cli.grouping import Group
from tracker.cli.registered import list_, show


@click.group(cls=Group)
def policy() -> None:
    """See, measure and fit the rules that resolve claims."""


policy.add_command(list_)
policy.add_command(show)
