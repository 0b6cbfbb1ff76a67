"""``tracker audit``: verify the record, and read the journal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.completing import claim_keys
from tracker.cli.grouping import Group
from tracker.cli.options import reads, reads_in, recorded_by_option
from tracker.cli.output import emit_json, tell
from tracker.cli.paging import MANY, earlier_lines, emit_page, more_lines, paged
from tracker.cli.proofs import check, checkpoint, consistency, key, prove
from tracker.cli.tables import print_table, show_lines

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.cli.paging import Page
    from tracker.journal.entry import Entry

BROKEN = 5


@click.group(cls=Group)
def audit() -> None:
    """Verify, prove and read the journal."""


for _command in (key, checkpoint, prove, check, consistency):
    audit.add_command(_command)


@audit.command("verify")
@click.option("--since", metavar="FILE", multiple=True, help="A checkpoint that you kept; may be repeated.")
@click.option("--key", "keys", metavar="VKEY", multiple=True, help="Every checkpoint must be signed by it.")
@reads
@click.pass_context
def verify(
    ctx: click.Context, tracker: Tracker, since: tuple[str, ...], keys: tuple[str, ...], format_: str
) -> None:
    """Verify every entry, the tree over all of them, the tables, and the archived documents.

    Leaves with status 5 when anything is wrong, naming the first bad entry first. A journal that was
    rewritten as a whole, or cut short together with its head, shows only against a checkpoint that
    was kept elsewhere, and only up to that: give yours with --since. Those kept beside the
    database are compared too.
    """
    from tracker.journal.notes import read_verifier_key
    from tracker.report.jsonable import audit as as_json
    from tracker.report.proving import audit_lines

    known = tuple(read_verifier_key(each) for each in keys)
    found = tracker.audit([Path(each) for each in since], known)
    if format_ != "table":
        emit_json(as_json(found))
    else:
        for line in audit_lines(found):
            tell(line)
    if not found.ok:
        ctx.exit(BROKEN)


@audit.command("log")
@click.argument("subject", metavar="[KEY]", required=False, shell_complete=claim_keys)
@click.option("-n", "--newest", type=click.IntRange(min=1), help="Only the newest so many entries.")
@click.option("--full", is_flag=True, help="With what each entry records.")
@paged("entries", "NUMBER")
@recorded_by_option
@reads_in("upkeep:UpkeepActs")
def log(
    tracker: Tracker,
    subject: str | None,
    newest: int | None,
    full: bool,
    page: Page,
    recorded_by: str | None,
    format_: str,
) -> None:
    """Read the journal: who did what, when and why; of everything, or of one key.

    A table has the newest entries, unless it is to come after one: --after 0 begins with the first.

    \b
    Example:  tracker audit log kouffa-killed-2018 --full
    """
    from tracker.report.entries import entry as as_json
    from tracker.report.entries import payload_words

    if newest is not None and (page.after is not None or page.chosen):
        raise click.UsageError("the newest entries are no page: leave out --newest, or the rest")
    if newest is None and page.after is None and format_ == "table":
        entries, more = _end_of_log(tracker, subject, page, recorded_by)
    else:
        entries, more = _page_of_log(tracker, subject, newest, page, recorded_by)
    if format_ != "table":
        last = str(entries[-1].seq) if entries and more else None
        emit_page([as_json(entry) for entry in entries], format_, last)
        return
    rows = []
    for entry in entries:
        moment = entry.recorded_at[:19].replace("T", " ")
        words = entry.subject + (f": {entry.reason}" if entry.reason else "")
        if entry.redacted is not None:
            words += f" [redacted by entry {entry.redacted.by}]"
        if full:
            words += "\n" + payload_words(entry.payload)
        author = entry.author + (f" (from {entry.received['origin']})" if entry.received else "")
        rows.append((str(entry.seq), moment, author, entry.act, words))
    if rows or not more:
        print_table(("no.", "recorded (UTC)", "by", "act", "on"), rows)
    if more:
        show_lines(more)


def _page_of_log(
    tracker: Tracker, subject: str | None, newest: int | None, page: Page, recorded_by: str | None
) -> tuple[list[Entry], list[str]]:
    """Entries to be shown, and what to say of those that are not."""
    if newest is not None:
        return tracker.entries(subject, newest=min(newest, MANY), recorded_by=recorded_by), []
    after = 0 if page.after is None else _number(page.after)
    limit = page.asked["limit"]
    found, more = page.cut(tracker.entries(subject, after=after, limit=limit, recorded_by=recorded_by))
    if not found and page.after is not None:
        return [], [page.nothing("")]
    return found, more_lines(str(found[-1].seq)) if more else []


def _end_of_log(
    tracker: Tracker, subject: str | None, page: Page, recorded_by: str | None
) -> tuple[list[Entry], list[str]]:
    """The newest entries, as many as a page has, and what to say where there are others."""
    newest = page.asked["limit"]
    found = tracker.entries(subject, newest=newest, recorded_by=recorded_by)
    if newest is None or len(found) < newest:
        return found, []
    return found[1:], earlier_lines(f"{newest - 1} newest entries", "--after 0")


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise click.UsageError(f"--after takes the number of an entry, not {text!r}")
    return int(text)
