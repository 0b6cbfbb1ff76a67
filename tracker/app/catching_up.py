"""Claims that an act left to be resolved: noted, and resolved in portions, each a transaction of its own.

The tables follow from the journal whatever is done when: a claim waits for one act at a time, and
whatever a later act touches is resolved first as it stood before that act.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, Any

from claims.past import Pasts
from tracker.app.plainly import Work
from tracker.app.recorded import policy_of, recorded_policies
from tracker.app.resolving import Reach, Terms, portions, resolve_reached, rows_anew, terms_of
from tracker.errors import AuditBroken
from tracker.helper import Helper
from tracker.store import journal, pending, statuses
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from tracker.app.resolving import StatusChange
    from tracker.store.database import Connection, Database

    Progress: TypeAlias = "Callable[[int, int], None]"

AT_ONCE = 500
"""So many claims an act resolves itself, tied ones included, so that nobody waits long for it; more are
noted, and resolved when its entries are kept."""

PORTION = 500
"""How many waiting claims are resolved in the first transaction, with those that are tied to them."""

TURN = 2.0
"""About so many seconds one transaction is to take, so that others who want to write wait for no more; as
many claims as that has room for, at most :data:`MOST`, are resolved in the next."""

LEAST, MOST = 20, 20_000

OTHERS = 20
"""How many claims that wait for earlier acts are resolved after an act: whoever records something does not
wait long for what others have left, and yet all of it is resolved some time."""

KEPT = 1_000
"""Of so many changes each is told; of more, how many there were."""


@dataclass(slots=True)
class Resolved:
    """What resolving claims came to: how many were looked at, how many stand ``anew`` in any way, how
    many of these ``moved`` to another status, and the first of the changes. What entries before
    ``since`` caused is counted among the claims only."""

    since: int = 0
    claims: int = 0
    anew: int = 0
    moved: int = 0
    changes: list[StatusChange] = field(default_factory=list)

    def add(self, claims: int, changes: Iterable[StatusChange]) -> None:
        """So many claims more, with their changes."""
        caused = [change for change in changes if change.seq >= self.since]
        self.claims += claims
        self.anew += len(caused)
        self.moved += sum(change.has_moved for change in caused)
        self.changes += caused[: KEPT - len(self.changes)]

    def copy(self) -> Resolved:
        """The same, to be added to by what may yet fail."""
        return replace(self, changes=[*self.changes])

    def become(self, other: Resolved) -> None:
        """What was tried on a copy is kept."""
        self.claims, self.changes = other.claims, other.changes
        self.anew, self.moved = other.anew, other.moved


def postpone(connection: Connection, reached: Reach, terms: Terms) -> None:
    """Note all that an act reaches as still to be resolved. None of it may be noted already."""
    pending.note(connection, sorted(reached.tied), reached.touched, terms.last)


def resolve_waiting(
    connection: Connection,
    claims: Collection[str],
    found: Resolved | None = None,
    work: Work | None = None,
) -> Resolved:
    """Resolve the claims among some that are still to be resolved, and all that is tied to them, each
    as of the day and by the policy of the act that it waits for. It is added to what was ``found``;
    ``work`` is what is known of the records of sources."""
    reader = Reader(connection)
    found = Resolved() if found is None else found
    waiting = pending.read(connection, claims)
    for act in sorted({each.act for each in waiting.values()}):
        tied = reader.tied([key for key, each in waiting.items() if each.act == act])
        noted = pending.read(connection, tied)
        touched = {key: each.seq for key, each in noted.items() if each.seq is not None}
        terms = _terms_of_act(connection, act)
        changes = resolve_reached(connection, Reach(touched, tied), terms, work)
        if work is not None:
            work.pasts = Pasts()  # of no use to other groups, and there is no end of them
        pending.take_off(connection, tied)
        found.add(len(noted), changes)
    return found


def resolve_all(connection: Connection) -> Resolved:
    """Resolve every claim that is still to be resolved, in the transaction of the connection."""
    found = Resolved()
    with Helper() as helper:
        work = Work(helper=helper)
        while chosen := pending.first(connection, MOST):
            resolve_waiting(connection, chosen, found, work)
    return found


def resolve_pending(
    database: Database,
    *,
    portion: int | None = None,
    since: int = 0,
    progress: Progress | None = None,
    found: Resolved | None = None,
    act: int | None = None,
) -> Resolved:
    """Resolve every claim that is still to be resolved, or only those for one ``act`` (by its last
    entry), portion by portion, each in a transaction of its own; whoever is stopped in between has lost
    one portion at most, and anybody can carry on.

    ``progress`` is told how many claims are done, and of how many, at the beginning and after each portion;
    each portion is added to what was ``found`` when it is kept.
    """
    with database.reading() as connection:
        total = pending.count(connection, act)
    found = found or Resolved(since)
    told = progress or _untold
    size = portion or PORTION
    last, chosen = "", [""] if total else []
    with Helper() as helper:
        work = Work(helper=helper)
        while chosen:
            told(found.claims, max(total, found.claims))
            begun = monotonic()
            with database.writing() as connection:
                _check_nothing_lost(database, connection, work)
                chosen = _next(connection, size, last, act)
                tried = resolve_waiting(connection, chosen, found.copy(), work)
            found.become(tried)
            last = chosen[-1] if chosen else last
            if portion is None:
                size = _fitting(size, monotonic() - begun)
    if total:
        told(found.claims, found.claims)
    return found


def carry_on(database: Database, act: int, found: Resolved, progress: Progress | None = None) -> None:
    """Resolve what an act, by its last entry, has left to be resolved; then a few claims that wait for
    others: nobody is to wait long for those. All of it is added to what was ``found`` as it is kept."""
    resolve_pending(database, found=found, act=act, progress=progress)
    with database.reading() as connection:
        if not pending.is_any(connection):
            return
    with database.writing() as connection:
        _check_nothing_lost(database, connection, Work())
        tried = resolve_waiting(connection, pending.first(connection, OTHERS), found.copy())
    found.become(tried)


def _fitting(size: int, seconds: float) -> int:
    """How many claims the next transaction has room for, given how long one with so many took."""
    return int(min(max(size * min(TURN / max(seconds, 1e-3), 4), LEAST), MOST))


def recorded_changes(
    connection: Connection, *, claim: str, first: int = 0, last: int | None = None
) -> list[dict[str, Any]]:
    """The recorded changes of a claim in order, by the entries from one to another, with those to come
    where it is still to be resolved, as they will be recorded."""
    rows = statuses.read_changes(connection, claim=claim, first=first, last=last)
    if pending.is_any(connection):
        rows += [
            row
            for row in _changes_to_come(connection, [claim])
            if row["claim"] == claim and row["seq"] >= first and (last is None or row["seq"] <= last)
        ]
    return sorted(rows, key=_place)


def recorded_changes_of(
    connection: Connection, claims: Collection[str], last: int | None = None
) -> list[dict[str, Any]]:
    """The same of some claims at once, up to an entry."""
    rows = statuses.read_changes_of(connection, claims, last)
    if pending.is_any(connection):
        wanted = set(claims)
        rows += [
            row
            for row in _changes_to_come(connection, claims)
            if row["claim"] in wanted and (last is None or row["seq"] <= last)
        ]
    return sorted(rows, key=_place)


def recorded_moves(
    connection: Connection, after: tuple[int, str], last: int | None = None, most: int | None = None
) -> list[dict[str, Any]]:
    """The recorded changes by which claims came to have another status, as
    :func:`tracker.store.statuses.read_moves` reads them, with those to come of claims that are still to
    be resolved."""
    rows = statuses.read_moves(connection, after, last, most)
    if pending.is_any(connection):
        rows += [
            row
            for row in _changes_to_come(connection, None)
            if row["was"] != row["status"] and _place(row) > after and (last is None or row["seq"] <= last)
        ]
    return sorted(rows, key=_place)[:most]


def _place(row: Mapping[str, Any]) -> tuple[int, str]:
    """Where a change stands among all: by its entry, then by its claim."""
    return row["seq"], row["claim"]


def _changes_to_come(connection: Connection, claims: Collection[str] | None) -> Iterator[dict[str, Any]]:
    reader = Reader(connection)
    waiting = pending.read(connection, claims)
    for act in sorted({each.act for each in waiting.values()}):
        terms = _terms_of_act(connection, act)
        tied = reader.tied([key for key, each in waiting.items() if each.act == act])
        noted = pending.read(connection, tied)
        touched = {key: each.seq for key, each in noted.items() if each.seq is not None}
        for portion in portions(reader, tied):
            stored = statuses.read(connection, portion)
            fresh, _ = rows_anew(reader, Reach(touched, portion), stored, terms, Work())
            yield from map(statuses.as_read, statuses.changes_of(fresh, stored, terms.recorded_at))


def _untold(done: int, total: int) -> None:
    """Nobody wants to know."""


def _next(connection: Connection, portion: int, last: str, act: int | None) -> list[str]:
    """The next claims to resolve: those beyond the last portion, then what others have left since."""
    found = pending.first(connection, portion, last, act)
    return found or (pending.first(connection, portion) if act is None else [])


def _terms_of_act(connection: Connection, act: int) -> Terms:
    """The terms of an act, by its last entry: whatever changes the policy in force touches every claim,
    and so the one that is in force is that of the act still."""
    reader = Reader(connection)
    label = reader.policy_in_force()
    assert label is not None  # an act has touched claims
    recorded = recorded_policies(connection, {label, *reader.case_labels()}, act)
    recorded_at = journal.recorded_at(connection, act)
    return terms_of(policy_of(label, recorded), recorded_at, act, recorded=recorded)


def _check_nothing_lost(database: Database, connection: Connection, work: Work) -> None:
    """Refuse to go on where the journal has lost entries: what it says now is not what was recorded.
    Where it has grown, what is known of the records of sources may be so no more."""
    head = journal.read_head(connection)
    if (size := head[0] if head else 0) != work.size:
        work.forget()
        work.size = size
    if problem := journal.lost_entries(database.remembered(), head):
        raise AuditBroken(f"{database.name}: {problem}", database.lost_hint)
