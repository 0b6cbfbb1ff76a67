"""``tracker db`` and ``tracker doctor``: upkeep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.grouping import Group
from tracker.cli.options import (
    database_url,
    db_option,
    opened,
    reads,
)
from tracker.cli.output import emit_json, say, tell
from tracker.cli.roles import roles
from tracker.cli.signing import key_file

if TYPE_CHECKING:
    from tracker.app import Tracker


@click.group(cls=Group)
def db() -> None:
    """Check, copy, upgrade, resolve, rebuild, vacuum or scrub the database."""


@db.command("check")
@reads
@click.pass_context
def check(ctx: click.Context, tracker: Tracker, format_: str) -> None:
    """Check the database file, and that the journal is all there.

    Much quicker than "tracker audit verify", which also reads every entry. Leaves with status 6
    when something is wrong with the file, and 5 when it is with the journal.
    """
    found = tracker.check_database()
    if format_ != "table":
        emit_json({"entries": found.entries, "file": list(found.file), "journal": list(found.record)})
    else:
        for problem in (*found.file, *found.record):
            tell(f"problem  {problem}")
        if not found.exit_status:
            say(f"{tracker.database.name} is whole, and has {found.entries} entries")
    ctx.exit(found.exit_status)


@db.command("backup")
@click.argument("file", metavar="FILE")
@db_option
def backup(db: str | None, file: str) -> None:
    """Copy the database to a new FILE, and verify the copy.

    Documents that were archived are copied to a folder beside it. Others may write meanwhile; a
    database that is in use must never be copied as a file. Nothing is overwritten. Until it is
    whole the copy is called FILE.NUMBER.partial: what is left under such a name by one that was
    killed can be deleted. A PostgreSQL database is copied by pg_dump, into an archive for pg_restore.

    \b
    Examples:  tracker db backup newsroom-2026-11-22.db
               tracker db backup newsroom-2026-11-22.dump
    """
    with opened(db) as tracker:
        made = tracker.backup(file)
    say(f"copied {made.entries} entries and {made.documents} documents to {made.path}, and verified the copy")
    say(f"root {made.root}")


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


@db.command("resolve")
@db_option
def resolve(db: str | None) -> None:
    """Resolve the claims that an act has left to be resolved.

    An act that touches very many claims, as a new grade of a source does, is recorded first and
    resolves them then, portion by portion. Where it was stopped this carries on; each later act
    resolves only a few of them. What is shown meanwhile is never out of date.
    """
    with opened(db) as tracker:
        found = tracker.resolve_pending()
        if found.claims:
            say(f"resolved {found.claims} claims: {found.moved} have another status now")
        else:
            say("no claims are waiting to be resolved")


@db.command("vacuum")
@reads
def vacuum(tracker: Tracker, format_: str) -> None:
    """Give back unused room, and let the database learn anew how its rows lie.

    After many changes, or a large import. Others may work meanwhile; on SQLite they wait for it to
    write. Nothing of the record changes.
    """
    done = tracker.vacuum()
    if format_ != "table":
        emit_json({"before": done.before, "after": done.after, "complete": done.complete})
        return
    say(f"vacuumed {tracker.database.name}: {size_words(done.before)} before, {size_words(done.after)} now")
    if not done.complete:
        say("another program still reads an earlier state: its room is given back after that")


@db.command("scrub")
@db_option
@click.pass_context
def scrub(ctx: click.Context, db: str | None) -> None:
    """Write the database anew without what was deleted or redacted.

    A redaction does so by itself; this is for when another program was reading then. Leaves with
    status 1 where one still is.
    """
    with opened(db) as tracker:
        if tracker.scrub():
            say("wrote the database anew: nothing is left of what was deleted or redacted")
        else:
            say("another program still reads the database: try again when it has ended")
            ctx.exit(1)


db.add_command(roles)


def size_words(size: int) -> str:
    """Bytes, as a person reads them."""
    return f"{size / 1_000_000:,.1f} MB" if size >= 1_000_000 else f"{size / 1000:,.0f} kB"


@click.command()
@reads
@click.pass_context
def doctor(ctx: click.Context, tracker: Tracker, format_: str) -> None:
    """Check the installation and the database.

    Leaves with status 1 when it finds a problem.
    """
    found = tracker.doctor(key_file=key_file(tracker))
    if format_ == "table":
        for how, what in found:
            tell(f"{how:<8} {what}")
    else:
        emit_json([{"level": how, "message": what} for how, what in found])
    if any(how == "problem" for how, _ in found):
        ctx.exit(1)
