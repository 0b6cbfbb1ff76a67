"""An act in bulk: entries by the million in one transaction, written in portions, resolved once at the end.

What it holds in memory does not grow with the number of its entries.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.app import catching_up
from tracker.app.freshkeys import FreshKeys
from tracker.app.limits import check_of_entry, check_payload
from tracker.app.outcome import Outcome
from tracker.app.resolving import Cause
from tracker.app.touched import resolve_touched
from tracker.app.transaction import Transaction
from tracker.store import journal
from tracker.store.adding import claims_touched
from tracker.store.loading import begin_loading, load_entries, load_rows
from tracker.store.passing import TouchedClaims

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tracker.app.memory import Known
    from tracker.app.resolving import StatusChange
    from tracker.journal.entry import Entry

LISTED = 10_000
"""Entries, and changes, of which an outcome in bulk tells each; of more it gives the number."""

NAMING = frozenset({"source.registered", "source.revised", "entity.registered", "entity.revised"})
MOST_NAMING = 50_000
"""Entries that give a name, of which each is told: names that look like others must be seen."""


class Draft(NamedTuple):
    """An entry to be: what was done, to what, what is recorded of it, and why. Of evidence and
    assessments the subject is the stem of a key; they are numbered when they are written."""

    act: str
    subject: str
    payload: dict[str, Any]
    reason: str


_NUMBERED = {"evidence.logged": "evidence", "assessment.made": "assessments"}


class BulkTransaction(Transaction):
    """One act of very many entries.

    Drafts of new records are collected with :meth:`add` and written by :meth:`flush`; whoever reads the
    tables flushes before. Any other entry is appended within a :meth:`step`, which flushes first: until
    then the drafts have no numbers.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if self._before is not None:  # it could not be done over: what waits is resolved first
            self._before.commit()
            catching_up.resolve_all(self.connection)
        self.keys = FreshKeys(self.reader)
        self.progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None
        """Told now and then what is being done, how much of it is, and of how much."""
        self._drafts: list[Draft] = []
        self._checked: str | None = None
        self._changed: list[Entry] = []
        self._listed: list[Entry] = []
        self._named: list[Entry] = []
        self._cause = Cause()
        self._claims = TouchedClaims(self.connection)
        self._end_loading = begin_loading(self.connection)

    def add(self, drafts: Iterable[Draft]) -> None:
        """Record new things that were done together, one after another: of all of them the texts are
        checked first, so that one that is refused leaves nothing. Raises :class:`BadValue`."""
        drafts = list(drafts)
        for draft in drafts:
            if draft.reason != self._checked:  # nearly always that of the one before
                check_of_entry(draft.reason, self._author)
                self._checked = draft.reason
            check_payload(draft.payload)
        if drafts and not self.recorded and not self._drafts:
            self._keep_policies()
        self._drafts += drafts

    def flush(self) -> list[Entry]:
        """Write all that was added: the entries, and the rows that they add. Returns the entries that
        were added since the last time."""
        alone, self.entries = self.entries, []
        for entry, touched in zip(alone, self._touched, strict=True):
            self._cause.add(entry.seq, touched)
            if kind := _NUMBERED.get(entry.act):
                self.keys.take(kind, entry.subject)
        self._touched = []
        added = self._numbered()
        touched_now, self._cause.claims = self._cause.claims, {}
        for entry in added:
            for claim in claims_touched(entry):
                touched_now[claim] = entry.seq
        load_entries(self.connection, added)
        journal.append(self.connection, [*alone, *added], self._tree, load=load_rows)
        self._claims.note(touched_now)
        self._list(alone, added)
        return added

    def _numbered(self) -> list[Entry]:
        """The entries that the drafts are, in order, each with its number and its key."""
        drafts, self._drafts = self._drafts, []
        for act, records in _NUMBERED.items():
            if stems := {draft.subject for draft in drafts if draft.act == act}:
                self.keys.expect(records, stems)
        entries = []
        for act, subject, payload, reason in drafts:
            if kind := _NUMBERED.get(act):
                subject = self.keys.fresh(kind, subject)  # noqa: PLW2901
                self.keys.take(kind, subject)
            entries.append(self._next(act, subject, payload, reason))
            self.recorded += 1
        return entries

    def _list(self, alone: list[Entry], added: list[Entry]) -> None:
        """Keep what is told of these entries at the end: those that changed what was recorded above all."""
        left = _fill(self._changed, alone) + _fill(self._listed, added)
        named = [entry for entry in left if entry.act in NAMING]
        self._named += named[: MOST_NAMING - len(self._named)]

    @contextmanager
    def step(self) -> Iterator[None]:
        """As of any act; what was added before it stays."""
        self.flush()
        with super().step():
            yield

    def finish(self) -> Outcome:
        """Write what is left, resolve what was touched, and record the statuses that changed."""
        self.known = None
        self.flush()
        changes: list[StatusChange] = []
        anew = moved = 0
        if self.recorded:
            everything, self._cause.everything = self._cause.everything, None
            self._claims.note(self._cause.all_claims(self.reader))
            found = resolve_touched(
                *(self.connection, self._claims, self._policy, self.recorded_at),
                *(self._first + self.recorded - 1, everything, self.progress),
            )
            changes, anew, moved = found.listed, found.anew, found.moved
        self._claims.close()
        entries = sorted([*self._changed, *self._listed, *self._named], key=lambda entry: entry.seq)
        return Outcome(
            entries,
            changes,
            anew=anew,
            moved=moved,
            ahead=self._ahead,
            recorded=self.recorded,
        )

    def remember(self, known: Known) -> None:
        """As of any act, but for what tables hold: what is added goes past those who would tell of it."""
        self.known = known

    def close(self) -> None:
        """Give back the memory that writing very much takes."""
        self._end_loading()


def _fill(listed: list[Entry], entries: list[Entry]) -> list[Entry]:
    """List so many of the entries as there is room for; returns the others."""
    room = LISTED - len(listed)
    listed += entries[:room]
    return entries[room:]
