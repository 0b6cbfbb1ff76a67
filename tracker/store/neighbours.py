"""Neighbours: which other claims a rule could tie to some claims, by the slots that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from claims.resolve.slots import Facts, groups_of
from claims.vocabulary import EntityType, Kind
from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.driving import driver_rows, is_empty, question_by_either, rows_by_either
from tracker.store.read import rows_of_claims
from tracker.store.remembering import FEW, each_once

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from tracker.store.driving import Question

_FACTS = (t.claims.c.kind, t.claims.c.text, t.claims.c.subject, t.claims.c.value_entity, t.claims.c.question)

_WITH_SLOTS = sa.or_(*(column.is_not(None) for column in _FACTS[2:]))
"""Claims that name nobody and answer nothing share a slot with none."""

_ENDS = (t.links.c.claim, t.links.c.other), (t.links.c.other, t.links.c.claim)
_LINKED = (t.links.c.claim, t.links.c.other, t.links.c.rule, t.links.c.state)

_STANDING = ~t.claims.c.withdrawn


class Neighbours:
    """Finds neighbours in one state of the database. ``merged`` leads from each merged entity to
    what it was merged into; ``pairs`` are claims that are linked besides those that links there say."""

    def __init__(
        self, connection: Connection, merged: Mapping[str, str], pairs: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.connection = connection
        self.merged = merged
        self._pairs = pairs
        self._incidents: dict[str, bool] = {}

    def of(self, claims: Collection[str]) -> set[str]:
        """The claims, withdrawn ones apart, that share a slot or a link with one of these; and these."""
        wanted = set(claims)
        return self._sharing(wanted) | self._linked(wanted) | wanted

    def in_company(self, claims: Collection[str]) -> set[str]:
        """Those of some claims that share a slot or a link with any other."""
        wanted = set(claims)
        # Whoever is linked to one of these is linked by the same link to it.
        return wanted & (self._sharing(wanted) | self._linked(self._linked(wanted)))

    def _sharing(self, wanted: set[str]) -> set[str]:
        """The claims in slots that are shared with one of some claims, itself among them."""
        groups = self._groups(wanted)
        return {key for group in groups if len(group) > 1 and not wanted.isdisjoint(group) for key in group}

    def _groups(self, wanted: set[str]) -> Iterable[Collection[str]]:
        """The claims in groups of those that share a slot, which these and their neighbours are in."""
        known = self._facts_of(wanted)
        entities = {key for facts in known.values() for key in (facts.subject, facts.value_entity) if key}
        questions = {facts.question for facts in known.values() if facts.question}
        names = same_entities(entities, self.merged)
        for column, values in (
            (t.claims.c.subject, names),
            (t.claims.c.value_entity, names),
            (t.claims.c.question, questions),
        ):
            known = self._facts(column, values, standing=True) | known
        self._learn(known.values())
        return groups_of(known, self._final, self._is_incident)

    def _facts(self, column: sa.Column[Any], values: Collection[str], *, standing: bool) -> dict[str, Facts]:
        found: dict[str, Facts] = {}
        if not values:
            return found
        columns = (t.claims.c.key, *_FACTS)
        where = (_WITH_SLOTS, _STANDING) if standing else (_WITH_SLOTS,)
        for key, kind, *rest in driver_rows(self.connection, columns, column, values, where):
            found[key] = Facts(Kind(kind), *rest)
        return found

    def _facts_of(self, claims: Collection[str]) -> dict[str, Facts]:
        """The facts of some claims that may share a slot, withdrawn or not."""
        if len(claims) > FEW:
            return self._facts(t.claims.c.key, claims, standing=False)
        return {
            key: Facts(Kind(row["kind"]), *(row[column.name] for column in _FACTS[1:]))
            for key, row in rows_of_claims(self.connection, claims).items()
            if any(row[column.name] is not None for column in _FACTS[2:])
        }

    def _linked(self, claims: set[str]) -> set[str]:
        """The claims at either end of links that have one of some claims at the other, these perhaps too."""
        found = {key for pair in self._pairs if not claims.isdisjoint(pair) for key in pair}
        if is_empty(self.connection, t.links):
            return found
        if len(claims) <= FEW:
            links = links_of(self.connection, claims).values()
            return found | {key for some in links for link in some for key in link[:2]}
        for one, other in _ENDS:
            found.update(key for (key,) in driver_rows(self.connection, (other,), one, claims))
        return found

    # --- entities ---------------------------------------------------------------------------

    def _learn(self, facts: Collection[Facts]) -> None:
        """Find out which of the entities that claims are about are incidents."""
        subjects = {self._final(each.subject) for each in facts if each.subject} - self._incidents.keys()
        self._incidents |= dict.fromkeys(subjects, False)
        for chunk in chunks(subjects):
            query = sa.select(t.entities.c.key).where(
                t.entities.c.key.in_(chunk), t.entities.c.type == EntityType.INCIDENT.value
            )
            self._incidents |= dict.fromkeys(self.connection.scalars(query), True)

    def _is_incident(self, entity: str) -> bool:
        return self._incidents[entity]

    def _final(self, entity: str) -> str:
        return final(entity, self.merged)


Linked = tuple[str, str, str | None, str]
"""The two ends of a link, the rule that found it (None: a person did), and its state."""


def question_on(connection: Connection, claim: str) -> Question:
    """What is asked for the links of a claim."""
    return question_by_either(connection, _LINKED, _LINKED[:2], [claim])


def links_of(connection: Connection, claims: Collection[str]) -> dict[str, list[Linked]]:
    """The links of some claims, by claim."""

    def read(missing: list[str]) -> dict[str, list[Linked]]:
        found: dict[str, list[Linked]] = {key: [] for key in missing}
        for link in rows_by_either(connection, _LINKED, _LINKED[:2], missing):
            for end in {link[0], link[1]} & found.keys():
                found[end].append(link)
        return found

    return each_once(connection, "links", claims, read)


def final(entity: str, merged: Mapping[str, str]) -> str:
    """The entity that one stands for once merges are followed."""
    seen = {entity}
    while (target := merged.get(entity)) is not None and target not in seen:
        seen.add(target)
        entity = target
    return entity


def same_entities(keys: Collection[str], merged: Mapping[str, str]) -> set[str]:
    """These entities, what they were merged into, and all that was merged into the same."""
    ends = {final(key, merged) for key in keys}
    return ends | set(keys) | {key for key in merged if final(key, merged) in ends}
