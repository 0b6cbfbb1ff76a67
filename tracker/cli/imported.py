"""What an import came to, as it is said; and Ctrl-C, which ends one without losing what was read."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tracker.cli.failing import warn
from tracker.cli.output import emit_json, say, tell
from tracker.cli.writing import moves, warn_of_twins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from claims.errors import BadFile, Finding
    from tracker.app import Tracker
    from tracker.app.casebookimport import Imported
    from tracker.app.spreadsheets import ImportedRows
    from tracker.app.taking import ImportedActs
    from tracker.formats.csvmap import Map

SHOWN = 40
"""Characters of a changed field that an import prints."""

MOST_REJECTED = 20
"""Rows that could not be taken, of which each is printed."""

MOST_REMARKS = 50
"""What was taken, but not understood as a whole, of which each is printed."""

MOST_CHANGED = 5_000
"""Changes of what was recorded, and of statuses, of which each is printed."""

LONGEST_SHOWN = 240
"""Characters of what a preview shows of one entry."""


def show_import(
    tracker: Tracker, name: str, found: Imported | ImportedRows | ImportedActs, format_: str
) -> None:
    """Say what an import came to; what was there and now reads otherwise should not go unseen."""
    warn_of_twins(tracker)
    rejected = rejected_of(found)
    preview = getattr(found, "preview", []) if tracker.dry_run else []
    if format_ != "table":
        _emit(found, rejected, preview if tracker.dry_run else None)
        return
    refused = getattr(found, "refused", 0)
    verb = "would record" if tracker.dry_run else "recorded"
    tail = f", rejected {refused}" if refused else ""
    tell(f"{name}: read {found.read}, {verb} {found.recorded}, unchanged {found.unchanged}{tail}")
    for each in rejected[:MOST_REJECTED]:
        tell(f"  {_place(each)}: {each['error']}")
    if refused > MOST_REJECTED:
        rows = "rows more" if isinstance(rejected[0]["row"], int) else "more"
        say(f"  and {refused - MOST_REJECTED} {rows}; all of them: --format json")
    _show_remarks(getattr(found, "remarks", ()), getattr(found, "remarked", 0))
    for shown in preview:
        _show(shown.where, shown.entries)
    otherwise = [entry for entry in tracker.outcome.entries if "was" in entry.payload]
    for entry in otherwise[:MOST_CHANGED]:
        tell(f"  {entry.act}: {entry.subject} ({_what_changed(entry.payload)})")
    if len(otherwise) > MOST_CHANGED:
        say("  and more that reads otherwise now; all of it: tracker audit log")
    for line in moves(tracker.outcome, only_moved=True):
        tell(line)


def _emit(found: Any, rejected: list[dict[str, Any]], preview: list[Any] | None) -> None:
    row = {
        "read": found.read,
        "recorded": found.recorded,
        "unchanged": found.unchanged,
        "rejected": rejected,
    }
    if preview is not None and hasattr(found, "preview"):
        row["preview"] = [
            {"row": each.where, "entries": [[it.act, it.subject, it.payload] for it in each.entries]}
            for each in preview
        ]
    if remarks := getattr(found, "remarks", ()):
        row["remarks"] = [{"row": each.where, "remark": each.message} for each in remarks]
    emit_json(row)


def _show_remarks(remarks: Sequence[Finding], count: int) -> None:
    """Say what was taken, but not understood as a whole."""
    if remarks:
        say("taken all the same:")
    for each in remarks[:MOST_REMARKS]:
        tell(f"  {each.where}: {each.message}")
    if count > MOST_REMARKS:
        say(f"  and {count - MOST_REMARKS} more; all of them: --format json")


def _place(rejected: dict[str, Any]) -> str:
    """Where something is that could not be taken: the row, and the column if the message does not say."""
    row, column = rejected["row"], rejected.get("column")
    place = row if isinstance(row, str) else f"row {row}"
    told = column is None or repr(column) in rejected["error"]
    return place if told else f"{place}, column {column!r}"


def _show(where: str, entries: Any) -> None:
    """What is recorded of one place of a file, entry by entry."""
    from tracker.report.entries import payload_words

    say(f"  {where}:" if entries else f"  {where}: nothing new")
    for entry in entries:
        words = payload_words(entry.payload)
        words = words if len(words) <= LONGEST_SHOWN else words[:LONGEST_SHOWN] + "…"
        tell(f"    {entry.act} {entry.subject} {words}")


def _what_changed(payload: dict[str, Any]) -> str:
    """The fields that an entry changed, each with what it was."""
    was, now = payload["was"], payload.get("set")
    if not isinstance(now, dict):
        now, was = {"grade": payload.get("grade")}, {"grade": was}
    return "; ".join(f"{name}: {_short(was[name])} → {_short(now[name])}" for name in now)


def _short(value: Any) -> str:
    text = "none" if value is None else str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def rejected_of(found: Any) -> list[dict[str, Any]]:
    """What of a file could not be taken, each with its place, and its column where it is about one."""
    rejected = []
    for each in getattr(found, "rejected", ()):
        row = getattr(each, "row", None)
        place = each.where if row is None or each.sheet else row
        told: dict[str, Any] = {"row": place, "error": each.message}
        if row is not None and each.column:
            told["column"] = each.column
        rejected.append(told)
    return rejected


def rejected_in(error: BadFile) -> list[dict[str, str]]:
    """What could not be taken where that stopped an import, each with its place in the file."""
    findings = getattr(error, "findings", None)
    if not findings:
        return [{"row": "", "error": error.message}]
    return [{"row": finding.where, "error": finding.message} for finding in findings]


TOLD_AFTER = 5.0
"""Seconds after which it is told how fast an import was that is no table."""


@contextmanager
def timed(*, always: bool = False) -> Iterator[Callable[[int], None]]:
    """A function that is told at the end how many rows were read; it says on standard error how fast that
    was: always, or where it took longer than a person waits without asking."""
    begun = time.monotonic()

    def tell(rows: int) -> None:
        took = time.monotonic() - begun
        if always or took >= TOLD_AFTER:
            what = (" row" if rows == 1 else " rows") if always else ""
            say(f"{rows:,}{what} in {took:,.1f} s: {rows / max(took, 0.001):,.0f} a second", to_errors=True)

    yield tell


def show_guess(chosen: Map, saved: str | None) -> None:
    """Say, on standard error, how the columns of a table were understood where nobody said."""
    part = chosen.parts[0]
    say("columns were guessed from their headings:", to_errors=True)
    for field, column in part.columns.items():
        say(f"  {field}: the column {column!r}", to_errors=True)
    for field, value in part.constants.items():
        say(f"  {field}: {value!r} for all rows", to_errors=True)
    for what, said in _how_it_stands(chosen):
        say(f"  {what}: {said}", to_errors=True)
    if saved is None:
        say("to save that as a map, and mend it: --save-map FILE", to_errors=True)
    else:
        say(f"saved as {saved}; to use it: --map {saved}", to_errors=True)


def _how_it_stands(chosen: Map) -> Iterator[tuple[str, str]]:
    """What else was guessed of a table."""
    if chosen.dates:
        yield "dates", chosen.dates
    if chosen.headings:
        yield "headings", f"row {chosen.headings[0]}"
    if chosen.sheet:
        yield "sheet", repr(chosen.sheet)
    if chosen.delimiter != ",":
        yield "delimiter", repr(chosen.delimiter)
    if chosen.cells:
        yield "cells", "as tracker export writes them"


@contextmanager
def until_interrupted(*, at_all: bool) -> Iterator[Callable[[], bool]]:
    """A function that says whether Ctrl-C was pressed, once; pressed again, it interrupts as ever."""
    if not at_all or threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    asked = False

    def note(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        warn("it stops after the rows in hand, and keeps what was read; Ctrl-C again keeps nothing")

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)
