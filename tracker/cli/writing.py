"""What writing commands say when they are done: the record, and the statuses that moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.vocabulary import likelihood_words
from tracker.cli.failing import warn
from tracker.cli.output import emit_json, emit_rows, say, tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.app import Tracker
    from tracker.app.outcome import Outcome
    from tracker.app.resolving import StatusChange
    from tracker.errors import AlreadyRecorded

MOST_MOVED = 20
"""Claims that stand otherwise, of which each is said."""

MOST_TWINS = 20
"""Names that look like others, of which each is said."""


def done(
    tracker: Tracker, what: str, record: dict[str, Any], format_: str, besides: Sequence[str] = ()
) -> None:
    """Say what was recorded, what ``besides``, and what it changed; with a format other than a table,
    as one record."""
    outcome = tracker.outcome
    warn_of_twins(tracker)
    if format_ == "table":
        tell(what if outcome.entries else "nothing to change: it is recorded so already")
        for line in besides:
            tell("  " + line)
        for line in moves(outcome):
            tell(line)
        if tracker.dry_run:
            say("(a dry run: nothing of this was recorded)")
        return
    row = {**record, **outcome.as_json(dry_run=tracker.dry_run)}
    if format_ == "json":
        emit_json(row)
    else:
        emit_rows([row], format_)


def warn_of_twins(tracker: Tracker) -> None:
    """Say, on standard error, which names of the last act look like other names."""
    for what, found in tracker.twins().items():
        for twin in found[:MOST_TWINS]:
            shown = twin.name if twin.key == twin.name else f"{twin.name} ({twin.key})"
            if twin.mixed:
                warn(f"the {what} {shown} mixes {' and '.join(twin.mixed)} letters in one word")
            if twin.others:
                others = ", ".join(_named(each) for each in twin.others[:3])
                warn(f"the {what} {shown} looks like {others}, which is another")
        if len(found) > MOST_TWINS:
            warn(f"and {len(found) - MOST_TWINS} more names that look like others")


def _named(other: tuple[str, str]) -> str:
    key, name = other
    return name if key == name else f"{name} ({key})"


def made_besides(tracker: Tracker) -> list[str]:
    """The cases and questions that the last act made on its way, because nothing had their keys."""
    words = {"case.recorded": "opened the case", "question.recorded": "posed the question"}
    return [f"{words[e.act]} {e.subject}, new here" for e in tracker.outcome.entries if e.act in words]


def say_recorded(before: AlreadyRecorded, format_: str) -> None:
    """Say that a request was carried out before, and was not done again."""
    if format_ == "table":
        say(before.message)
        return
    row = {
        "already_recorded": True,
        "request": before.request,
        "entries": list(range(before.first, before.last + 1)),
    }
    if format_ == "json":
        emit_json(row)
    else:
        emit_rows([row], format_)


def moves(outcome: Outcome, *, only_moved: bool = False) -> Iterator[str]:
    """The claims that stand otherwise after an act, in a line each; or only those that were there before
    and have another status now. Of very many the first, and how many they are."""
    told = [change for change in outcome.changes if not only_moved or change.has_moved]
    for change in told[:MOST_MOVED]:
        yield "  " + moved(change)
    more = (outcome.moved if only_moved else outcome.anew) - len(told[:MOST_MOVED])
    if more:
        yield f"  and {more} claims more; {outcome.moved} in all have another status now"


def moved(change: StatusChange) -> str:
    """One status that moved, in words."""
    was = "now " if change.was is None else f"{change.was} → "
    if change.was == change.status:
        was = "still "
    words = likelihood_words(change.likelihood)
    return f"{change.claim}: {was}{change.status} ({words})"
