"""Replay: the tables as they follow from the journal, all of it or up to a moment."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING

from tracker.app.policies import load_policy
from tracker.app.resolving import Cause, record_statuses
from tracker.store import copies, journal
from tracker.store.project import project

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.journal.entry import Entry
    from tracker.store.database import Connection


@contextmanager
def replayed(source: Connection, recorded_by: str) -> Iterator[Connection]:
    """A connection to tables in memory, holding what was recorded by a moment (journal form);
    statuses are not among them."""
    with copies.in_memory() as connection:
        for entry in journal.read_entries(source, recorded_by=recorded_by):
            project(connection, entry)
        yield connection


def project_all(connection: Connection, entries: Iterable[Entry]) -> int:
    """Apply a whole journal to empty tables, resolving after each act just as it was done at the
    time, by the policy then in force; returns the number of entries."""
    count = 0
    policy = None
    for _, batch in groupby(entries, key=lambda entry: entry.batch):
        cause, last = Cause(), None
        for entry in batch:
            cause.add(entry.seq, project(connection, entry))
            if entry.act == "policy.adopted":
                policy = load_policy(entry.subject)
            last = entry
            count += 1
        if last is not None:
            chosen = policy or load_policy()
            record_statuses(connection, cause, chosen, last.recorded_at, last.seq)
    return count
