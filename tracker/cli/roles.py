"""``tracker db roles``: who may read, log, review and own a tracker on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.options import author_option, db_option, opened
from tracker.cli.output import say, tell

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command("roles")
@click.option("--apply", "apply_", is_flag=True, help="Do it, instead of printing how.")
@click.option(
    "--to",
    "given",
    nargs=2,
    multiple=True,
    metavar="ROLE USER",
    help="Give a role to a database user, who loses another that they had (may be repeated).",
)
@click.option("--prefix", metavar="NAME", help="What the roles' names begin with (default: the database's).")
@click.option(
    "--any-author/--own-name",
    "any_author",
    default=None,
    help="Whether people may sign with other names than that of their database user (default: they may not).",
)
@db_option
@author_option
def roles(
    db: str | None,
    author: str | None,
    apply_: bool,
    given: Sequence[tuple[str, str]],
    prefix: str | None,
    any_author: bool | None,
) -> None:
    """Print or apply the rights of readers, loggers, reviewers and owners.

    On PostgreSQL alone. A reader reads; a logger also logs, and can change or delete no entry; a
    reviewer also assesses, approves, grades and publishes; an owner also redacts and upgrades. ROLE is
    one of the four, or none. To be run again after an upgrade, it changes only what has changed.

    \b
    Example:  tracker db roles --apply --to logger amina --to reviewer ben
    """
    with opened(db, author=author) as tracker:
        if not apply_:
            made = tracker.role_statements(prefix=prefix, any_author=any_author, given=given)
            for line in "\n".join(f"{statement};" for statement in ("BEGIN", *made, "COMMIT")).split("\n"):
                say(line)
            return
        done = tracker.apply_roles(prefix=prefix, any_author=any_author, given=given)
    for role, users in done.users.items():
        tell(f"{role:<9} {', '.join(users) or '(nobody)'}")
