"""``tracker undo``, ``tracker db`` and ``tracker doctor``: upkeep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.grouping import Group
from tracker.cli.options import (
    database_url,
    db_option,
    needed_reason_option,
    opened,
    reads,
    writes,
)
from tracker.cli.output import emit_json, say
from tracker.cli.writing import done

if TYPE_CHECKING:
    from tracker.app import Tracker


@click.command()
@click.argument("entry", type=int, required=False)
@needed_reason_option
@writes
def undo(tracker: Tracker, entry: int | None, reason: str, format_: str) -> None:
    """Take an act back, by recording its reverse.

    ENTRY is the number of a journal entry; without it, the newest act is taken back as a whole.

    \b
    Example:  tracker undo --reason "logged on the wrong claim"
    """
    entries = tracker.undo(entry, reason=reason)
    undone = [each.payload["undoes"] for each in entries]
    words = f"took back entry {', '.join(str(seq) for seq in sorted(undone))}"
    done(tracker, words, {"undone": sorted(undone)}, format_)


@click.group(cls=Group)
def db() -> None:
    """Upgrade or rebuild the database."""


@db.command("upgrade")
@db_option
def upgrade(db: str | None) -> None:
    """Bring a database made by an earlier version of the program up to this one."""
    from tracker.app.tracker import upgrade_tracker

    before, after = upgrade_tracker(database_url(db))
    if before == after:
        say(f"the database has the schema of this program already ({after})")
    else:
        say(f"upgraded the database from schema {before} to {after}")


@db.command("rebuild")
@db_option
def rebuild(db: str | None) -> None:
    """Make all tables anew from the journal."""
    with opened(db) as tracker:
        say(f"rebuilt all tables from {tracker.rebuild()} journal entries")


@click.command()
@reads
@click.pass_context
def doctor(ctx: click.Context, tracker: Tracker, format_: str) -> None:
    """Check the installation and the database.

    Leaves with status 1 when it finds a problem.
    """
    found = tracker.doctor()
    if format_ == "table":
        for how, what in found:
            say(f"{how:<8} {what}")
    else:
        emit_json([{"level": how, "message": what} for how, what in found])
    if any(how == "problem" for how, _ in found):
        ctx.exit(1)
