"""One act under way: entries are numbered, projected and resolved inside a single transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tracker.app.limits import check_lengths
from tracker.app.resolving import Cause, StatusChange, record_statuses
from tracker.errors import AuditBroken
from tracker.journal.entry import Entry, timestamp
from tracker.store import journal
from tracker.store.project import project
from tracker.store.read import Reader

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from claims.policy import Policy


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act came to: the entries it added, and the claims that stand otherwise for them."""

    entries: list[Entry] = field(default_factory=list)
    changes: list[StatusChange] = field(default_factory=list)


class Transaction:
    """Collects the entries of one act over a connection that alone may write.

    Each entry is projected at once, so that the next step of the act sees it; hashing and
    resolving happen once, at the end.
    """

    def __init__(self, connection: Connection, author: str, now: datetime, policy: Policy) -> None:
        self.connection = connection
        self.reader = Reader(connection)
        self._author = author
        self._policy = policy
        self._tree = journal.read_tree(connection)
        size, last = journal.last_entry(connection)
        if size != self._tree.size:
            raise AuditBroken(
                f"the journal ends with entry {size}, but its head is of {self._tree.size} entries",
                journal.BROKEN_HINT,
            )
        # A clock that was set back must not make the record run backwards.
        self.recorded_at = max(timestamp(now), last)
        self._cause = Cause()
        self.entries: list[Entry] = []
        self.files: list[Path] = []
        """Files that the act has made: they go again if it fails."""

    def append(self, act: str, subject: str, payload: dict[str, Any], reason: str = "") -> Entry:
        """Record one thing that was done."""
        entry = Entry(
            seq=self._tree.size + len(self.entries) + 1,
            batch=self._tree.size + 1,
            recorded_at=self.recorded_at,
            author=self._author,
            act=act,
            subject=subject,
            reason=reason,
            payload=payload,
        )
        check_lengths(payload, reason, self._author)
        _ = entry.body  # refuses what has no canonical form, before the tables see it
        self._cause.add(entry.seq, project(self.connection, entry))
        self.entries.append(entry)
        return entry

    def finish(self) -> Outcome:
        """Write the journal, resolve what was touched, and record the statuses that changed."""
        if not self.entries:
            return Outcome()
        journal.append(self.connection, self.entries, self._tree)
        changes = record_statuses(
            self.connection, self._cause, self._policy, self.recorded_at, self.entries[-1].seq
        )
        return Outcome(self.entries, changes)
