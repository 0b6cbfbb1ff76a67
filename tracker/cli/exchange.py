"""``tracker journal``: send the whole record to another desk, and take theirs in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.files import read_bytes, write_out
from tracker.cli.grouping import Group
from tracker.cli.options import db_option, opened, writes
from tracker.cli.output import emit_json, say, tell
from tracker.cli.signing import checkpoint_after, checkpoints_option, signer
from tracker.cli.writing import moves

if TYPE_CHECKING:
    from tracker.app import Tracker

MOST_SHOWN = 40
"""Conflicts of which each is printed."""


@click.group(cls=Group)
def journal() -> None:
    """Exchange whole journals with another desk."""


@journal.command("export")
@click.option("-o", "--output", metavar="FILE", default="-", help="Where to (default: standard output).")
@click.option("--origin", metavar="NAME", help="What to call this journal (default: by its first entry).")
@checkpoints_option
@db_option
def export(db: str | None, output: str, origin: str | None, checkpoints: str | None) -> None:
    """Write the whole journal as a file that verifies on its own.

    It is JSON Lines: what the tree over all entries comes to, then the entries, each as it is stored
    and hashed. Whoever gets it can check it with any program, and import it. A FILE that ends in .gz or
    .zst is compressed. Where the tracker has a key, a signed checkpoint goes with it, is kept here as well,
    and gives the journal its name.

    \b
    Example:  tracker journal export -o desk-a.jsonl
    """
    with opened(db) as tracker:
        tracker.refuse_own(output)
        by = signer(tracker, checkpoints)
        kept = tracker.checkpoint_after(by)
        lines = tracker.export_journal(
            origin=origin or (by.key.name if by else None),
            checkpoint=None if kept is None else kept.read_text("utf-8"),
        )
        write_out(output, (line.encode() for line in lines))
    if output == "-":
        return
    say(f"wrote {output}")
    if kept is not None:
        say(f"checkpoint: {kept}")


@journal.command("import")
@click.argument("file", metavar="FILE")
@click.option(
    "--rename",
    "renames",
    metavar="KEY=NEW-KEY",
    multiple=True,
    help="Take in what has a key that is taken here under another.",
)
@click.option("--key", metavar="VKEY", help="The key that must have signed the file's checkpoint.")
@checkpoints_option
@writes
@click.pass_context
def import_(
    ctx: click.Context,
    tracker: Tracker,
    file: str,
    renames: tuple[str, ...],
    key: str | None,
    checkpoints: str | None,
    format_: str,
) -> None:
    """Take in another desk's journal, a file made by tracker journal export.

    The file, which may be compressed (.gz, .zst), is verified whole first. What is new is recorded, in its
    order and under the names of those who recorded it there; what both desks have is recognised; where they
    differ, this desk's stays, the conflict is listed with all that hangs on it, and the exit status is 1. A
    second import records nothing. After both desks have taken in each other's journal, both have the same
    claims.

    That a file is whole does not say who sent it: with --key, nothing is taken in that the other desk's
    key has not signed.

    \b
    Example:  tracker journal import desk-b.jsonl
    """
    from tracker.formats.packed import unpacked
    from tracker.journal.exchange import MAX_BYTES
    from tracker.journal.notes import read_verifier_key

    renamed = {}
    for pair in renames:
        old, sign, new = pair.partition("=")
        if not sign:
            raise click.UsageError(f"--rename {pair}: write KEY=NEW-KEY")
        renamed[old] = new
    tracker.refuse_own(file)
    by = signer(tracker, checkpoints)
    data, name = read_bytes(file, MAX_BYTES + 1)
    data = unpacked(data, name, MAX_BYTES)
    asked = None if key is None else read_verifier_key(key)
    found = tracker.import_journal(data, name=name, renamed=renamed, key=asked)
    conflicts = [{"entry": c.seq, "subject": c.subject, "error": c.message} for c in found.conflicts]
    if format_ != "table":
        emit_json(
            {
                "origin": found.origin,
                "root": found.root,
                "read": found.read,
                "recorded": found.recorded,
                "known": found.known,
                "conflicts": conflicts,
            }
        )
    else:
        verb = "would record" if tracker.dry_run else "recorded"
        tail = f", conflicts {len(conflicts)}" if conflicts else ""
        # Policies, publications and redactions are each desk's own.
        if own := found.read - found.recorded - found.known - len(conflicts):
            tail += f", of that desk alone {own}"
        tell(f"{found.origin}: read {found.read}, {verb} {found.recorded}, known {found.known}{tail}")
        for each in conflicts[:MOST_SHOWN]:
            tell(f"  entry {each['entry']}, {each['subject']}: {each['error']}")
        if len(conflicts) > MOST_SHOWN:
            say(f"  and {len(conflicts) - MOST_SHOWN} more; all of them: --format json")
        for line in moves(tracker.outcome, only_moved=True):
            tell(line)
    checkpoint_after(tracker, by, aside=format_ != "table")
    if conflicts:
        ctx.exit(1)
