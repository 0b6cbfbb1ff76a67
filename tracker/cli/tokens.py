"""``tracker token``: who may come in over the network, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.grouping import Group
from tracker.cli.options import author_option, db_option, dry_run_option, format_option, opened, reads_in
from tracker.cli.output import emit_json, emit_rows, say
from tracker.cli.tables import print_table, show_lines

if TYPE_CHECKING:
    from typing import Any

    from tracker.app import Tracker
    from tracker.app.tokens import Token

ROLES = ("reader", "logger", "reviewer", "admin")
ROOM = "tokens:TokenActs"


@click.group(cls=Group)
def token() -> None:
    """Make, list and revoke tokens for those who come in by the API.

    A token says who comes in to tracker serve, by the API or by a browser, and what they may do there.
    Of a token only its hash is kept. What is done by it is recorded under its owner's name.
    """


@token.command("add")
@click.argument("name")
@click.option(
    "--role",
    required=True,
    type=click.Choice(ROLES),
    help="What its owner may do: each what the one before may, and more.",
)
@click.option("--expires", metavar="DATE", help='The last day on which it holds, or a span: "30 days".')
@db_option
@author_option
@dry_run_option
@format_option
def add(
    db: str | None,
    author: str | None,
    name: str,
    role: str,
    expires: str | None,
    dry_run: bool,
    format_: str,
) -> None:
    """Make a token for NAME, and print it: it is shown this once.

    A reader reads; a logger also logs, links and revises; a reviewer also assesses, approves, grades and
    publishes; an admin may do all that can be done over the network.

    \b
    Example:  tracker token add amina --role logger --expires "90 days"
    """
    with opened(db, author=author, dry_run=dry_run) as tracker:
        secret, made = tracker.add_token(name, role, expires=expires)
        row = {"token": secret, **_row(tracker, made)}
    if format_ != "table":
        _emit(row, format_)
        return
    until = f", until {_moment(made.expires_at)}" if made.expires_at else ""
    say(f"made the token {made.id} for {made.owner}, {made.role}{until}; keep it, it is not shown again:")
    say(secret)
    if dry_run:
        say("(a dry run: nothing of this was recorded)")


@token.command("list")
@click.option("--live", is_flag=True, help="Only those that hold.")
@reads_in(ROOM)
def list_(tracker: Tracker, live: bool, format_: str) -> None:
    """List tokens: whose they are, their roles, and whether they hold.

    \b
    Example:  tracker token list --live
    """
    rows = [_row(tracker, each) for each in tracker.tokens(live=live)]
    if format_ != "table":
        emit_rows(rows, format_)
    elif rows:
        headings = ("id", "owner", "role", "state", "made", "by", "expires")
        names = ("id", "owner", "role", "state", "made_at", "made_by", "expires_at")
        moments = ("made_at", "expires_at")
        cells = [[_moment(r[n]) if n in moments else str(r[n]) for n in names] for r in rows]
        print_table(headings, cells)
    else:
        show_lines(["There is no token. Make one with: tracker token add NAME --role ROLE"])


@token.command("revoke")
@click.argument("name", metavar="NAME|ID")
@db_option
@author_option
@dry_run_option
@format_option
def revoke(db: str | None, author: str | None, name: str, dry_run: bool, format_: str) -> None:
    """Revoke the tokens of NAME, or the one of an ID: they are refused from now on.

    \b
    Example:  tracker token revoke amina
    """
    with opened(db, author=author, dry_run=dry_run) as tracker:
        revoked = tracker.revoke_token(name)
        rows = [_row(tracker, each) for each in revoked]
    if format_ != "table":
        emit_rows(rows, format_)
        return
    for each in revoked:
        say(f"revoked the token {each.id} of {each.owner}, {each.role}")
    if dry_run:
        say("(a dry run: nothing of this was recorded)")


def _row(tracker: Tracker, it: Token) -> dict[str, Any]:
    from tracker.app.tokens import as_json
    from tracker.journal.entry import timestamp

    return as_json(it, timestamp(tracker.now))


def _emit(row: dict[str, Any], format_: str) -> None:
    if format_ == "json":
        emit_json(row)
    else:
        emit_rows([row], format_)


def _moment(text: str | None) -> str:
    return "" if text is None else text[:16].replace("T", " ") + " UTC"
