"""What bore on some claims when an entry was the last: neighbours as they were then, and the keys of
the records whose entries say so. A superset will do; nothing may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from claims.vocabulary import EntityType
from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.neighbours import Neighbours
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy.engine import Connection

    from claims.resolve.slots import Facts


class PastNeighbours(Neighbours):
    """Neighbours as they were: by the tables of today for what has not changed since, and by tables that
    were replayed up to then for the claims and the entities that have. ``links`` are pairs of claims
    that were linked, besides those that are linked today.

    Claims that have been withdrawn by now count as well, and those that came later: too many is
    no harm.
    """

    def __init__(
        self,
        now: Connection,
        then: Connection,
        claims: Collection[str],
        entities: Collection[str],
        links: Iterable[tuple[str, str]],
    ) -> None:
        merged = {key: into for key, into in Reader(now).merged().items() if key not in entities}
        super().__init__(now, merged | Reader(then).merged(), list(links))
        self._then = then
        self._changed = set(claims)
        self._changed_entities = set(entities)

    def _facts(self, column: sa.Column[Any], values: Collection[str], *, standing: bool) -> dict[str, Facts]:
        found = super()._facts(column, values, standing=False)
        as_it_is = {key: facts for key, facts in found.items() if key not in self._changed}
        now, self.connection = self.connection, self._then
        try:
            as_it_was = super()._facts(column, values, standing=False)
        finally:
            self.connection = now
        return as_it_is | {key: facts for key, facts in as_it_was.items() if key in self._changed}

    def _facts_of(self, claims: Collection[str]) -> dict[str, Facts]:
        return self._facts(t.claims.c.key, claims, standing=False)

    def _learn(self, facts: Collection[Facts]) -> None:
        super()._learn(facts)
        subjects = self._incidents.keys() & self._changed_entities
        if subjects:
            types = sa.select(t.entities.c.key, t.entities.c.type)
            for chunk in chunks(subjects):
                for key, type_ in self._then.execute(types.where(t.entities.c.key.in_(chunk))):
                    self._incidents[key] = type_ == EntityType.INCIDENT.value


def said_of(connection: Connection, claims: Collection[str]) -> set[str]:
    """The keys of all evidence, links and assessments on some claims, whatever became of them."""
    reader = Reader(connection)
    found: set[str] = set()
    for column in (t.evidence.c.claim, t.links.c.claim, t.links.c.other, t.assessments.c.claim):
        found |= reader.keys(column.table, column, claims, "key")
    return found


def named_by(connection: Connection) -> set[str]:
    """The keys of all records that the claims and the evidence in some small tables, and their documents,
    rest on."""
    columns = (
        *(t.claims.c.subject, t.claims.c.value_entity, t.claims.c.place_entity, t.claims.c.question),
        *(t.claims.c.case_key, t.evidence.c.source, t.evidence.c.relays, t.evidence.c.document),
        *(t.documents.c.publisher, t.entities.c.merged_into),
    )
    return {key for column in columns for key in _distinct(connection, column)}


def _distinct(connection: Connection, column: sa.Column[Any]) -> Iterator[str]:
    yield from connection.scalars(sa.select(column).where(column.is_not(None)).distinct())
