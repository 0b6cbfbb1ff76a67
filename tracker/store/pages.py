"""Pages of lists: the next keys after one, by filters, each found through an index.

No query here reads a table from end to end: a page costs what is on it, whatever the size of the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from claims.vocabulary import LinkState
from tracker.store import pending
from tracker.store import tables as t
from tracker.store.dialects import CHUNK, chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import date

    from sqlalchemy.engine import Connection

    from claims.vocabulary import Kind, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which claims a list is of; what is None or empty does not restrict. ``claims`` are the only ones
    that may be listed; ``status`` and ``changed_since`` say how they stand, all else what they are."""

    kind: Kind | None = None
    case: str | None = None
    source: str | None = None
    claims: frozenset[str] | None = None
    status: tuple[Status, ...] = ()
    changed_since: date | None = None

    @property
    def named(self) -> bool:
        """Whether a few claims are wanted by their keys, whatever else they are."""
        others = (self.kind, self.case, self.source)
        return self.claims is not None and len(self.claims) <= CHUNK and others == (None, None, None)

    @property
    def all_claims(self) -> bool:
        """Whether claims are wanted whatever they are."""
        return (self.kind, self.case, self.source, self.claims) == (None, None, None, None)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of keys in their order: those after one, up to another (None: to the end), and of
    these the first so many (None: all)."""

    after: str = ""
    until: str | None = None
    most: int | None = None

    def of(self, keys: Iterable[str]) -> list[str]:
        """The keys of this stretch among some that are in order."""
        within = (key for key in keys if key > self.after and (self.until is None or key <= self.until))
        return list(islice(within, self.most))


# --- claims by what they are ------------------------------------------------------------------------


def claim_keys(connection: Connection, wanted: Wanted, stretch: Stretch) -> list[str]:
    """The standing claims that are of a kind, of a case, or spoken of by a source, whatever their status."""
    return _found(connection, t.claims.c.key, wanted, stretch, [(~t.claims.c.withdrawn,)])


def claims_ever(connection: Connection, wanted: Wanted, stretch: Stretch) -> list[str]:
    """The same, with those that were withdrawn."""
    return _found(connection, t.claims.c.key, wanted, stretch, [()])


def evidence_keys(connection: Connection, source: str, claims: Collection[str]) -> set[str]:
    """The keys of all that a source said on some claims."""
    said = t.evidence.c
    found: set[str] = set()
    for chunk in chunks(claims):
        query = sa.select(said.key).where(said.source == source, said.claim.in_(chunk))
        found.update(connection.scalars(query))
    return found


# --- claims by how they stand -----------------------------------------------------------------------


FEW = 5_000
"""So many keys are listed and put in order; where there are more, going from key to key meets one soon."""


def status_keys(connection: Connection, wanted: Wanted, stretch: Stretch) -> list[str]:
    """The claims whose stored status is as wanted; of which it may not be the present one: see
    :func:`unsure_keys`."""
    since: tuple[sa.ColumnElement[bool], ...] = ()
    if wanted.changed_since is not None:
        since = (t.statuses.c.changed >= wanted.changed_since,)
        wanted = _among_few(connection, wanted, *since)
    each = [(t.statuses.c.status == status.value, *since) for status in wanted.status]
    return _found(connection, t.statuses.c.claim, wanted, stretch, each or [since])


def unsure_keys(
    connection: Connection,
    wanted: Wanted,
    stretch: Stretch,
    *,
    today: date,
    own: str,
    cases: Callable[[], Mapping[str, Collection[str]]],
) -> list[str]:
    """Of the claims that are what is wanted, those whose stored status is not surely the present one,
    whatever it says: time alone may have changed it by ``today``, an update of the program has brought
    another policy (``own``) since it was stored, or it is still to be resolved. ``cases`` gives those that
    go by a policy of theirs, by its label."""
    aged = (t.statuses.c.changes_on <= today,)
    waiting = pending.is_any(connection)
    if wanted.named and not waiting and not _any_suspect(connection, wanted, today, own):
        return []
    among = _among_few(connection, wanted, *aged)
    found = [_found(connection, t.statuses.c.claim, among, stretch, [aged])]
    if waiting:
        found.append(_found(connection, t.pending.c.claim, wanted, stretch, [()]))
    if connection.scalar(_IN_FORCE) != own:
        outdated, going_by = [], cases()
        for label in policies_of_statuses(connection):
            if label != own:
                theirs = sorted(going_by.get(label, ()))
                apart = t.claims.c.case_key.not_in(theirs) | t.claims.c.case_key.is_(None)
                outdated.append((t.statuses.c.policy == label, *([apart] if theirs else [])))
        found.append(_found(connection, t.statuses.c.claim, wanted, stretch, outdated))
    return stretch.of(dict.fromkeys(merge(*found)))


def _any_suspect(connection: Connection, wanted: Wanted, today: date, own: str) -> bool:
    """Whether any of a few claims has aged, or goes by another policy than the tracker's own: the one
    question that spares nearly everybody all others."""
    aged, other = t.statuses.c.changes_on <= today, t.statuses.c.policy != own
    query = sa.select(t.statuses.c.claim).where(t.statuses.c.claim.in_(wanted.claims or ()), aged | other)
    return connection.scalar(query.limit(1)) is not None


_IN_FORCE = sa.select(t.policies.c.label).order_by(t.policies.c.seq.desc()).limit(1)
_NEXT_POLICY = (
    sa.select(t.statuses.c.policy)
    .where(t.statuses.c.policy > sa.bindparam("label"))
    .order_by(t.statuses.c.policy)
    .limit(1)
)


def policies_of_statuses(connection: Connection) -> list[str]:
    """The labels of the policies that made the stored statuses, one look for each."""
    found: list[str] = []
    label = connection.scalar(_NEXT_POLICY, {"label": ""})
    while label is not None:
        found.append(label)
        label = connection.scalar(_NEXT_POLICY, {"label": label})
    return found


def _among_few(connection: Connection, wanted: Wanted, *conditions: sa.ColumnElement[bool]) -> Wanted:
    """The same, but only among the claims on whose status some conditions hold, where those are few."""
    if wanted.claims is not None and len(wanted.claims) <= FEW:
        return wanted
    query = sa.select(t.statuses.c.claim).where(*conditions).limit(FEW + 1)
    keys = connection.scalars(query).all()
    if len(keys) > FEW:
        return wanted
    few = frozenset(keys)
    return replace(wanted, claims=few if wanted.claims is None else few & wanted.claims)


def _found(
    connection: Connection,
    key: sa.Column[str],
    wanted: Wanted,
    stretch: Stretch,
    alternatives: Iterable[tuple[sa.ColumnElement[bool], ...]],
) -> list[str]:
    """The keys of which one of some alternatives holds, by a query for each: so each goes along its
    own index, in the order of the keys, and stops when the page is full."""
    queries = [_query(key, wanted, stretch, conditions) for conditions in alternatives]
    if wanted.claims is None:
        found = [connection.scalars(query).all() for query in queries]
    else:
        listed = replace(stretch, most=None).of(sorted(wanted.claims))
        found = [_among(connection, query, key, listed, stretch.most) for query in queries]
    return stretch.of(dict.fromkeys(merge(*found)))


def _among(
    connection: Connection, query: sa.Select[Any], key: sa.Column[str], listed: list[str], most: int | None
) -> list[str]:
    """The first so many keys that a query finds among some, which are asked for portion by portion."""
    found: list[str] = []
    for chunk in chunks(listed):
        found += connection.scalars(query.where(key.in_(chunk))).all()
        if most is not None and len(found) >= most:
            break
    return found


def _query(
    key: sa.Column[str], wanted: Wanted, stretch: Stretch, conditions: Iterable[sa.ColumnElement[bool]]
) -> sa.Select[Any]:
    """One query for keys: along the evidence of a source where one is wanted, along the claims of a
    kind or a case, else along ``key`` itself."""
    given = list(conditions)
    of_claims = [t.claims.c.kind == wanted.kind.value] if wanted.kind is not None else []
    if wanted.case is not None:
        of_claims.append(t.claims.c.case_key == wanted.case)
    along = t.claims.c.key if of_claims else key
    query = sa.select(along)
    if wanted.source is not None:
        along = t.evidence.c.claim
        query = sa.select(along).distinct().where(t.evidence.c.source == wanted.source)
        query = query.join(key.table, key == along)
    elif along is not key:
        query = query.join(key.table, key == along)
    used = {column.table for each in (*of_claims, *given) for column in _columns(each)}
    if t.claims in used and t.claims not in (key.table, along.table):
        query = query.join(t.claims, t.claims.c.key == key)
    query = query.where(*of_claims, *given, along > stretch.after)
    if stretch.until is not None:
        query = query.where(along <= stretch.until)
    return query.order_by(along).limit(stretch.most)


def _columns(condition: sa.ColumnElement[bool]) -> Iterable[sa.Column[Any]]:
    return (each for each in sa.sql.visitors.iterate(condition) if isinstance(each, sa.Column))


# --- statuses of the past ---------------------------------------------------------------------------


def past_statuses(connection: Connection, last: int, stretch: Stretch) -> list[dict[str, Any]]:
    """The last change of the status of each claim up to an entry, in the order of the claims' keys;
    of a claim that was taken back by then, the last before that, which ``past_ends`` says."""
    changes = t.status_changes
    newest = sa.select(changes.c.claim, sa.func.max(changes.c.seq).label("seq")).where(
        changes.c.claim > stretch.after, changes.c.seq <= last
    )
    if stretch.until is not None:
        newest = newest.where(changes.c.claim <= stretch.until)
    newest = newest.group_by(changes.c.claim).order_by(changes.c.claim).limit(stretch.most)
    return _rows_of(connection, newest)


def past_keys(
    connection: Connection, last: int, stretch: Stretch, stood: Iterable[Status], day: date
) -> list[str]:
    """The claims that ever stood in some way up to an entry, and those that time alone may have changed
    by a day: all that may have stood so when the entry was the last."""
    changes = t.status_changes.c
    ways = [changes.status == status.value for status in stood]
    found = []
    for way in (*ways, changes.changes_on <= day):
        query = (
            sa.select(changes.claim).distinct().where(way, changes.claim > stretch.after, changes.seq <= last)
        )
        if stretch.until is not None:
            query = query.where(changes.claim <= stretch.until)
        found.append(connection.scalars(query.order_by(changes.claim).limit(stretch.most)).all())
    return stretch.of(dict.fromkeys(merge(*found)))


def past_statuses_of(connection: Connection, last: int, claims: Collection[str]) -> list[dict[str, Any]]:
    """The same of some claims."""
    changes = t.status_changes
    found: list[dict[str, Any]] = []
    for chunk in chunks(claims):
        newest = sa.select(changes.c.claim, sa.func.max(changes.c.seq).label("seq"))
        newest = newest.where(changes.c.claim.in_(chunk), changes.c.seq <= last).group_by(changes.c.claim)
        found += _rows_of(connection, newest)
    return found


def _rows_of(connection: Connection, newest: sa.Select[Any]) -> list[dict[str, Any]]:
    which = newest.subquery("newest")
    changes = t.status_changes
    same = (changes.c.seq == which.c.seq) & (changes.c.claim == which.c.claim)
    query = sa.select(changes).select_from(which.join(changes, same)).order_by(which.c.claim)
    return [dict(row) for row in connection.execute(query).mappings()]


def waiting_keys(
    connection: Connection, last: int, stretch: Stretch, claims: frozenset[str] | None = None
) -> list[str]:
    """The claims, or those of some, that are still to be resolved for an act up to an entry: their changes
    are not all kept yet."""
    if not pending.is_any(connection):
        return []
    among = Wanted(claims=claims)
    return _found(connection, t.pending.c.claim, among, stretch, [(t.pending.c.act <= last,)])


def past_ends(connection: Connection, last: int, claims: Collection[str]) -> dict[str, int]:
    """The last entry up to one by which each of some claims was taken back, for those that were."""
    ends = t.status_ends
    found: dict[str, int] = {}
    for chunk in chunks(claims):
        query = sa.select(ends.c.claim, sa.func.max(ends.c.seq)).where(
            ends.c.claim.in_(chunk), ends.c.seq <= last
        )
        found.update((claim, seq) for claim, seq in connection.execute(query.group_by(ends.c.claim)))
    return found


def keys_between(
    connection: Connection, first: int, last: int, stretch: Stretch, aged: date | None
) -> list[str]:
    """The claims that may stand otherwise after the ``last`` entry than before the ``first``: those of
    which something changed meanwhile, or that are still to be resolved for an act up to the last; where
    days have passed too, those that time alone may have changed by a day up to which they have ``aged``."""
    changes, entries, made = t.status_changes.c, t.journal.c, t.assessments.c
    withdrawn = sa.and_(entries.act == "claim.withdrawn", t.is_rare)  # as the index over rare acts has it
    queries = [
        sa.select(changes.claim).where(changes.seq.between(first, last)),
        sa.select(entries.subject).where(withdrawn, entries.seq.between(first, last)),
        sa.select(made.claim)
        .join(t.journal, entries.subject == made.key)
        .where(entries.seq.between(first, last)),
    ]
    if aged is not None:
        queries.append(sa.select(changes.claim).where(changes.changes_on <= aged, changes.seq <= last))
    found: list[Iterable[str]] = [waiting_keys(connection, last, stretch)]
    for query in queries:
        claim = query.selected_columns[0]
        following = query.distinct().where(claim > stretch.after).order_by(claim).limit(stretch.most)
        found.append(connection.scalars(following).all())
    return stretch.of(dict.fromkeys(merge(*found)))


# --- other records ----------------------------------------------------------------------------------


def record_keys(
    connection: Connection, records: str, stretch: Stretch, *, standing: bool = True
) -> list[str]:
    """The keys of ``standing`` records, or of all, named as their table is: ``sources``, ``entities``,
    ``documents``, ``cases``, ``questions``."""
    table = t.metadata.tables[records]
    query = sa.select(table.c.key).where(table.c.key > stretch.after)
    if standing:
        query = query.where(~table.c.withdrawn)
    return list(connection.scalars(query.order_by(table.c.key).limit(stretch.most)))


def link_keys(
    connection: Connection, stretch: Stretch, *, state: LinkState | None, rule: str | None
) -> list[str]:
    """The keys of the links in a state (None: in any but withdrawn) that a rule found (None: or a person
    made)."""
    links = t.links.c
    wanted = links.state != LinkState.WITHDRAWN.value if state is None else links.state == state.value
    query = sa.select(links.key).where(links.key > stretch.after, wanted)
    if rule is not None:
        query = query.where(links.rule == rule)
    return list(connection.scalars(query.order_by(links.key).limit(stretch.most)))
