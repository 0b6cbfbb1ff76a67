"""What may have borne on some claims at any moment since an entry: neighbours by all that changed claims and
entities were meanwhile. A superset will do; nothing may be missing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from claims.resolve.slots import Facts
from claims.vocabulary import EntityType, Kind
from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.neighbours import Neighbours, final, same_entities
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy.engine import Connection

    from tracker.journal.entry import Entry

APART = "\x00"
"""What stands between the key of a claim and the number of one of its states; no key holds it."""


class EverNeighbours(Neighbours):
    """Neighbours by the tables of today for what has not changed, and by every state of what has: ``entries``
    are all those on it, in order. Entities that were ever merged are one, an entity that was ever an incident
    is one, and claims that were ever linked are."""

    def __init__(self, now: Connection, entries: Iterable[Entry]) -> None:
        entries = list(entries)
        one = list(Reader(now).merged().items())
        one += [(each.subject, each.payload["into"]) for each in entries if each.act == "entity.merged"]
        links = [
            (each.payload["claim"], each.payload["other"])
            for each in entries
            if each.act.startswith("link.") and "claim" in each.payload
        ]
        super().__init__(now, _as_one(one), links)
        self._states = _states_of(entries)
        self._ever = {self._final(key) for key in _incidents(now, self.merged, entries)}

    @property
    def named(self) -> set[str]:
        """All that changed claims were about, and the questions that they answered."""
        found: set[str] = set()
        for states in self._states.values():
            for facts in states:
                found.update(key for key in (facts.subject, facts.value_entity, facts.question) if key)
        return same_entities(found, self.merged)

    def _groups(self, wanted: set[str]) -> Iterator[Collection[str]]:
        for group in super()._groups(wanted):
            yield {state.partition(APART)[0] for state in group}

    def _facts(self, column: sa.Column[Any], values: Collection[str], *, standing: bool) -> dict[str, Facts]:
        found = super()._facts(column, values, standing=False)
        of_keys = column is t.claims.c.key
        for key, states in self._states.items():
            for number, facts in enumerate(states):
                if (key if of_keys else getattr(facts, column.name)) in values:
                    found[f"{key}{APART}{number}"] = facts
        return found

    def _facts_of(self, claims: Collection[str]) -> dict[str, Facts]:
        return self._facts(t.claims.c.key, claims, standing=False)

    def _learn(self, facts: Collection[Facts]) -> None:
        super()._learn(facts)
        self._incidents |= dict.fromkeys(self._ever, True)


def _states_of(entries: Iterable[Entry]) -> dict[str, list[Facts]]:
    """What decided the slots of claims after each of the entries on them."""
    said: dict[str, Mapping[str, Any]] = {}
    found: dict[str, list[Facts]] = defaultdict(list)
    for entry in entries:
        if entry.act == "claim.recorded":
            now = entry.payload
        elif entry.act == "claim.revised":
            now = {**said.get(entry.subject, {}), **entry.payload["set"]}
        else:
            continue
        said[entry.subject] = now
        rest = (now.get(name) for name in ("subject", "value_entity", "question"))
        found[entry.subject].append(Facts(Kind(now["kind"]), now.get("text") or "", *rest))
    return found


def _as_one(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Leads from entities that are one by some pairs to one of them."""
    merged: dict[str, str] = {}
    for one, other in pairs:
        ends = final(one, merged), final(other, merged)
        if ends[0] != ends[1]:
            merged[ends[0]] = ends[1]
    return merged


def _incidents(now: Connection, merged: Mapping[str, str], entries: Iterable[Entry]) -> set[str]:
    """Those of the entities that were ever merged or changed that ever were incidents."""
    incident = EntityType.INCIDENT.value
    found = {
        entry.subject
        for entry in entries
        if entry.act.startswith("entity.")
        for said in (entry.payload, entry.payload.get("set"), entry.payload.get("was"))
        if isinstance(said, dict) and said.get("type") == incident
    }
    for chunk in chunks({*merged, *merged.values()}):
        query = sa.select(t.entities.c.key).where(t.entities.c.key.in_(chunk), t.entities.c.type == incident)
        found.update(now.scalars(query))
    return found
