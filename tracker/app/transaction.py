"""One act under way: entries are numbered, projected and resolved inside a single transaction."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tracker.app import catching_up
from tracker.app.limits import check_texts
from tracker.app.outcome import Outcome
from tracker.app.plainly import Work, expect_records
from tracker.app.recorded import (
    ADOPTED,
    NAMED,
    is_as_recorded,
    payload_of_policy,
    recorded_in,
    recorded_policies,
    registered,
)
from tracker.app.requests import refuse_repeated
from tracker.app.resolving import Cause, StatusChange, reach, resolve_reached, terms_of
from tracker.errors import AuditBroken
from tracker.journal.entry import Entry, timestamp
from tracker.store import ahead, journal, pending, spellings
from tracker.store.database import savepoint
from tracker.store.project import project
from tracker.store.read import Reader
from tracker.store.remembering import CHANGING_NOTHING, changed, remember

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime
    from pathlib import Path

    from claims.policy import Policy
    from tracker.app.memory import Known
    from tracker.app.requests import Request
    from tracker.app.resolving import StatusChange
    from tracker.store.database import Connection
    from tracker.store.project import Touched


SKEW = timedelta(minutes=5)
"""By how much the clocks of two machines may differ unremarked; Kerberos allows as much (RFC 4120)."""


def is_ahead(last: str, now: datetime) -> bool:
    """Whether the newest entry was recorded at a moment that is yet to come, by more than clocks differ."""
    return bool(last) and last > timestamp(now + SKEW)


class Transaction:
    """Collects the entries of one act over a connection that alone may write.

    Each entry is projected at once, so that the next step of the act sees it; hashing and
    resolving happen once, at the end. An act writes by :func:`project` and in no other way: what it
    reaches may have to be resolved first as it stood before, and then all that the act has written is
    undone and projected again. What else is to be written is for :attr:`afterwards`.
    """

    def __init__(
        self,
        connection: Connection,
        author: str,
        now: datetime,
        policy: Policy,
        naming: Callable[[int], Request],
    ) -> None:
        self.connection = connection
        self.reader = Reader(connection)
        self._author = author
        self._policy = policy
        self._tree, size, last, self._may_wait = journal.read_end(connection)
        if size != self._tree.size:
            raise AuditBroken(
                f"the journal ends with entry {size}, but its head is of {self._tree.size} entries",
                journal.BROKEN_HINT,
            )
        self.head = (size, self._tree.root().hex())
        """The journal before the act, by its size and root (hex)."""
        self.request = naming(size + 1)
        if not self.request.made_up:
            refuse_repeated(connection, self.request)
        # A clock that was set back must not make the record run backwards.
        self.recorded_at = max(timestamp(now), last)
        self._ahead = is_ahead(last, now)
        self.sent = False
        """Whether the database has been told to keep the act: from then on it alone knows."""
        self._first = size + 1
        self.recorded = 0
        """How many entries the act has added so far."""
        self._touched: list[Touched] = []
        self._before = connection.begin_nested() if self._may_wait else None  # nobody else adds any meanwhile
        """The state before the act, which claims that wait for an earlier one are resolved in."""
        self._forget: Callable[[], None] = lambda: None
        self.known: Known | None = None
        """What earlier acts have left that is still so; None where nothing is to be remembered after this."""
        self.at_once: int | None = None
        """How many claims to resolve at once; None: all, however many."""
        self.entries: list[Entry] = []
        self.files: list[Path] = []
        """Files that the act has made: they go again if it fails."""
        self.afterwards: list[Callable[[], list[StatusChange]]] = []
        """What is to be done once the entries are in the journal, and nothing will be undone any more but
        the whole act; gives the statuses that moved."""

    def append(
        self,
        act: str,
        subject: str,
        payload: dict[str, Any],
        reason: str = "",
        *,
        author: str | None = None,
        received: dict[str, Any] | None = None,
    ) -> Entry:
        """Record one thing that was done. The first act under another policy records that too, with its
        numbers, and so does an act by which a case chooses one.
        ``author`` and ``received`` are of an entry that came out of another journal."""
        if not self.recorded:
            self._keep_policies()
        chosen = payload.get("set", payload).get("policy") if act.startswith("case.") else None
        if chosen is not None and not self._is_kept(chosen):
            self._append(NAMED, chosen, payload_of_policy(chosen), "")
        return self._append(act, subject, payload, reason, author, received)

    def adopt_policies(self) -> None:
        """Record the policies that are gone by, where they are not recorded yet: as any act does first."""
        if not self.entries:
            self._keep_policies()

    def _keep_policies(self) -> None:
        """Record the policy that is worked by, where it is another than before, and the numbers of those
        that cases go by, where other ones are registered now."""
        own = self._policy.label
        if self.known is not None and self.known.has_policies(own):
            return
        if self.reader.policy_in_force() != own or not self._is_kept(own):
            self._append(ADOPTED, own, payload_of_policy(own), "")
        labels = sorted(set(self.reader.case_labels()) - {own})
        for label in labels:
            if not self._is_kept(label):
                self._append(NAMED, label, payload_of_policy(label), "")
        if self.known is not None and not self.entries:
            self.known.policies = registered([own, *labels])

    def _is_kept(self, label: str) -> bool:
        """Whether the record has a policy as it is registered now."""
        recorded = recorded_policies(self.connection, [label]) | recorded_in(self.entries)
        return is_as_recorded(label, recorded)

    def _append(
        self,
        act: str,
        subject: str,
        payload: dict[str, Any],
        reason: str,
        author: str | None = None,
        received: dict[str, Any] | None = None,
    ) -> Entry:
        check_texts(payload, reason, author or self._author)
        entry = self._next(act, subject, payload, reason, author, received)
        _ = entry.body  # refuses what has no canonical form, before the tables see it
        if act == "evidence.logged" and not self.recorded and self._before is None:
            ahead.to_be_resolved(self.connection, payload["claim"])
        self._touched.append(project(self.connection, entry))
        if act not in CHANGING_NOTHING:
            changed(self.connection)
        self.entries.append(entry)
        self.recorded += 1
        return entry

    def _next(
        self,
        act: str,
        subject: str,
        payload: dict[str, Any],
        reason: str,
        author: str | None = None,
        received: dict[str, Any] | None = None,
    ) -> Entry:
        """The entry that follows those which the act has so far."""
        return Entry(
            seq=self._first + self.recorded,
            batch=self._first,
            recorded_at=self.recorded_at,
            author=author or self._author,
            act=act,
            subject=subject,
            reason=reason,
            payload=payload,
            received=received,
            request=None if self.recorded else self.request.fields,
        )

    @contextmanager
    def step(self) -> Iterator[None]:
        """A part of the act that is done whole or not at all, whatever becomes of the rest."""
        done, kept, recorded = len(self.entries), len(self.files), self.recorded
        try:
            with savepoint(self.connection):
                yield
        except BaseException:
            self._forget()
            self.remove_files(kept)
            del self.entries[done:], self._touched[done:]
            self.recorded = recorded
            raise

    def remove_files(self, since: int = 0) -> None:
        """Take away the files that the act made, or only the newest of them."""
        for path in self.files[since:]:
            path.unlink(missing_ok=True)
        del self.files[since:]

    def finish(self) -> Outcome:
        """Write the journal, resolve what was touched, and record the statuses that changed; where very
        much was touched, only note what is to be resolved."""
        if not self.entries:
            return Outcome()
        terms = terms_of(self._policy, self.recorded_at, self.entries[-1].seq)
        if self._before is not None or self.afterwards:
            self.known = None
            self._forget()
        work = Work(known=self.known)
        reached = reach(self.connection, self._all_touched(), terms, work)
        if self._before is not None and self._resolved_first(reached.tied):
            work = Work()
            reached = reach(self.connection, self._all_touched(), terms, work)
        expect_records(self.connection, work)
        journal.append(self.connection, self.entries, self._tree)
        changes: list[StatusChange] = []
        postponed = 0
        if self.at_once is None or len(reached.tied) <= self.at_once:
            changes = resolve_reached(self.connection, reached, terms, work)
        else:
            postponed, self.known = len(reached.tied), None
            catching_up.postpone(self.connection, reached, terms)
        for step in self.afterwards:
            self._may_wait = True
            changes = changes + step()
        return Outcome(
            self.entries,
            changes,
            anew=len(changes),
            moved=sum(change.has_moved for change in changes),
            ahead=self._ahead,
            recorded=len(self.entries),
            waiting=bool(postponed or self._may_wait) and pending.is_any(self.connection),
            postponed=postponed,
        )

    @property
    def head_after(self) -> tuple[int, str]:
        """The journal after the act, by its size and root (hex)."""
        return self._tree.size, self._tree.root().hex()

    def close(self) -> None:
        """Let go of what the act has changed of the connection, whether it is kept or not."""
        self._forget()

    def remember(self, known: Known) -> None:
        """Go by what earlier acts have left, which is still so."""
        self.known = known
        self._forget = remember(self.connection, known.tables)

    def _all_touched(self) -> Cause:
        cause = Cause()
        for entry, touched in zip(self.entries, self._touched, strict=True):
            cause.add(entry.seq, touched)
        return cause

    def _resolved_first(self, claims: Collection[str]) -> bool:
        """Whether some of the claims were still to be resolved for an earlier act. They are now, as they
        stood before this one, which is then done over."""
        assert self._before is not None
        waiting = pending.keys(self.connection, claims)
        if not waiting:
            self._before.commit()
            return False
        self._before.rollback()
        spellings.forget(self.connection)  # that some are written is no longer so
        self._forget()
        catching_up.resolve_waiting(self.connection, waiting)
        self._touched = [project(self.connection, entry) for entry in self.entries]
        return True
