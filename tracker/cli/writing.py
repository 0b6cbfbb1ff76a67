"""What writing commands say when they are done: the record, and the statuses that moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.vocabulary import likelihood_words
from tracker.cli.output import emit_json, emit_rows, say

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.app.resolving import StatusChange


def done(tracker: Tracker, what: str, record: dict[str, Any], format_: str) -> None:
    """Say what was recorded, and what it changed; with a format other than a table, as one record."""
    outcome = tracker.outcome
    if format_ == "table":
        say(what if outcome.entries else "nothing to change: it is recorded so already")
        for change in outcome.changes:
            say("  " + moved(change))
        if tracker.dry_run:
            say("(a dry run: nothing of this was recorded)")
        return
    row = {
        **record,
        "entries": [entry.seq for entry in outcome.entries],
        "dry_run": tracker.dry_run,
        "changes": [
            {
                "claim": change.claim,
                "was": change.was,
                "status": change.status,
                "likelihood": round(change.likelihood, 6),
            }
            for change in outcome.changes
        ],
    }
    if format_ == "json":
        emit_json(row)
    else:
        emit_rows([row], format_)


def moved(change: StatusChange) -> str:
    """One status that moved, in words."""
    was = "now " if change.was is None else f"{change.was} → "
    if change.was == change.status:
        was = "still "
    words = likelihood_words(change.likelihood)
    return f"{change.claim}: {was}{change.status} ({words})"
