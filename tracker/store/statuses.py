"""Statuses as stored: the present one of each claim, and every change with the entry that caused it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.store import rows
from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.driving import driver_records, question_of_records
from tracker.store.loading import load_columns, load_together

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import RowMapping
    from sqlalchemy.engine import Connection

    from claims.resolve import Resolution
    from tracker.store.driving import Question

_COMPARED = (
    "status",
    "confidence",
    "supporting_lines",
    "opposing_lines",
    "evidence",
    "stale",
    "policy",
    "changes_on",
)
_SAME_LIKELIHOOD = 1e-9


def columns(resolution: Resolution) -> dict[str, Any]:
    """The columns of a resolution, but for what only history can say."""
    return {
        "claim": resolution.claim,
        "status": str(resolution.status),
        "likelihood": resolution.likelihood,
        "confidence": str(resolution.confidence),
        "supporting_lines": resolution.supporting_lines,
        "opposing_lines": resolution.opposing_lines,
        "evidence": resolution.evidence,
        "stale": resolution.stale,
        "policy": resolution.policy,
        "as_of": resolution.as_of,
        "changes_on": resolution.changes_on,
    }


def same(stored: Mapping[str, Any], resolution: Resolution) -> bool:
    """Whether a stored status says what a resolution says, whatever the day it was made."""
    return alike(stored, columns(resolution))


def alike(stored: Mapping[str, Any], fresh: Mapping[str, Any]) -> bool:
    """Whether a stored status says what the columns of another say, whatever the day it was made."""
    return (
        all(stored[name] == fresh[name] for name in _COMPARED)
        and abs(stored["likelihood"] - fresh["likelihood"]) < _SAME_LIKELIHOOD
    )


def read(connection: Connection, claims: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
    """The stored statuses of some claims, or of all, by key."""
    found = {}
    for held in driver_records(connection, t.statuses, _CLAIM, claims):
        held["status"] = rows.status_of(held["status"])
        found[held["claim"]] = held
    return found


_CLAIM = t.statuses.c.claim


def question_on(connection: Connection, claim: str) -> Question:
    """What is asked for the stored status of a claim."""
    return question_of_records(connection, t.statuses, _CLAIM, [claim])


def write(
    connection: Connection,
    fresh: Sequence[dict[str, Any]],
    stored: Mapping[str, Mapping[str, Any]],
    gone: Mapping[str, int],
    recorded_at: str,
) -> None:
    """Replace the statuses that changed, note each change, and drop those of withdrawn claims, noting
    the entries that withdrew them."""
    if len(fresh) == 1 and not gone:
        _write_one(connection, fresh[0], stored, recorded_at)
        return
    outdated = [row["claim"] for row in fresh if row["claim"] in stored] + list(gone)
    for chunk in chunks(outdated):
        connection.execute(sa.delete(t.statuses).where(t.statuses.c.claim.in_(chunk)))
    if gone:
        ends = [{"claim": claim, "seq": seq} for claim, seq in sorted(gone.items())]
        connection.execute(sa.insert(t.status_ends), ends)
    if not fresh:
        return
    load_columns(connection, t.statuses, fresh)
    load_columns(connection, t.status_changes, changes_of(fresh, stored, recorded_at))


def _write_one(
    connection: Connection,
    fresh: dict[str, Any],
    stored: Mapping[str, Mapping[str, Any]],
    recorded_at: str,
) -> None:
    """The same of the only claim of an act. Of what is stored only that is written over which is another
    now: most often no index has to be touched."""
    (change,) = changes_of([fresh], stored, recorded_at)
    before = stored.get(fresh["claim"])
    if before is None:
        load_together(connection, [(t.statuses, fresh), (t.status_changes, change)])
    else:
        load_together(connection, [(t.status_changes, change)], over=(t.statuses, before, fresh))


def changes_of(
    fresh: Sequence[dict[str, Any]], stored: Mapping[str, Mapping[str, Any]], recorded_at: str
) -> list[dict[str, Any]]:
    """The rows of changes that go with rows of statuses, given what is stored."""
    changes = []
    for row in fresh:
        before = stored.get(row["claim"])
        was = None if before is None else str(before["status"])
        changes.append({**row, "recorded_at": recorded_at, "was": was})
    return changes


def read_changes(
    connection: Connection, *, claim: str, first: int = 0, last: int | None = None
) -> list[dict[str, Any]]:
    """The recorded changes of a claim in order, by the entries from one to another."""
    table = t.status_changes
    query = sa.select(table).where(table.c.claim == claim, table.c.seq >= first).order_by(table.c.seq)
    return _changes(connection, query if last is None else query.where(table.c.seq <= last))


def read_changes_of(
    connection: Connection, claims: Collection[str], last: int | None = None
) -> list[dict[str, Any]]:
    """The recorded changes of some claims in order, up to an entry."""
    table = t.status_changes
    found: list[dict[str, Any]] = []
    for chunk in chunks(claims):
        query = sa.select(table).where(table.c.claim.in_(chunk)).order_by(table.c.seq, table.c.claim)
        found += _changes(connection, query if last is None else query.where(table.c.seq <= last))
    return found


def read_moves(
    connection: Connection, after: tuple[int, str], last: int | None = None, most: int | None = None
) -> list[dict[str, Any]]:
    """The changes by which claims came to have another status, in order: those after an entry and a
    claim, up to an entry, and of these the first so many."""
    table = t.status_changes
    moved = (table.c.was != table.c.status) | table.c.was.is_(None)
    query = sa.select(table).where(moved, table.c.seq >= after[0])
    query = query.where((table.c.seq > after[0]) | (table.c.claim > after[1]))
    if last is not None:
        query = query.where(table.c.seq <= last)
    return _changes(connection, query.order_by(table.c.seq, table.c.claim).limit(most))


def newest_moves(
    connection: Connection, last: int | None, most: int, claims: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """The same, but the newest first, up to an entry; of some claims, where they are named."""
    table = t.status_changes
    moved = (table.c.was != table.c.status) | table.c.was.is_(None)
    query = sa.select(table).where(moved).order_by(table.c.seq.desc(), table.c.claim.desc()).limit(most)
    if claims is not None:
        query = query.where(table.c.claim.in_(claims))
    return _changes(connection, query if last is None else query.where(table.c.seq <= last))


def as_read(change: Mapping[str, Any] | RowMapping) -> dict[str, Any]:
    """A row of a change with its statuses as terms."""
    was = None if change["was"] is None else rows.status_of(change["was"])
    return {**change, "status": rows.status_of(change["status"]), "was": was}


def _changes(connection: Connection, query: sa.Select[Any]) -> list[dict[str, Any]]:
    # Read to the end first: a row that cannot be taken must not leave a question open.
    return [as_read(row) for row in connection.execute(query).mappings().all()]
