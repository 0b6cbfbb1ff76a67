"""Finding keys: by their beginning, by name, and by what rests on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.direct import ask
from tracker.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy.engine import Connection

    from tracker.store.driving import Question


def _key(records: str) -> sa.Column[str]:
    """The key column of a table, named as the records are: ``claims``, ``sources`` and so on."""
    column: sa.Column[str] = metadata.tables[records].c.key
    return column


def is_taken(connection: Connection, records: str, key: str) -> bool:
    """Whether a record has this key."""
    return ask(connection, *question_whether_taken(records, key)).fetchone() is not None


def question_whether_taken(records: str, key: str) -> Question:
    """What is asked for that."""
    return f'SELECT 1 FROM "{_key(records).table.name}" WHERE "key" = ?', (key,)  # noqa: S608 - our own names


def keys_beginning(connection: Connection, records: str, prefix: str, limit: int) -> list[str]:
    """The first keys that begin with some ASCII text, in order."""
    if not prefix or not prefix.isascii():
        return []
    column = _key(records)
    beyond = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    query = sa.select(column).where(column >= prefix, column < beyond)
    return list(connection.scalars(query.order_by(column).limit(limit)))


def sources_named(connection: Connection, folded: str, *, standing: bool = True) -> list[str]:
    """Keys of sources of this name, in its folded form: those that stand, or all."""
    query = sa.select(t.sources.c.key).where(t.sources.c.folded == folded)
    if standing:
        query = query.where(~t.sources.c.withdrawn)
    return list(connection.scalars(query.order_by(t.sources.c.key)))


def entities_named(connection: Connection, folded: str, *, standing: bool = True) -> list[str]:
    """Keys of entities that go by this name, in its folded form: those that stand, or all."""
    query = (
        sa.select(t.entity_names.c.entity)
        .join(t.entities, t.entities.c.key == t.entity_names.c.entity)
        .where(t.entity_names.c.folded == folded)
    )
    if standing:
        query = query.where(~t.entities.c.withdrawn)
    return sorted(set(connection.scalars(query)))


def entity_that_stands_for(connection: Connection, key: str) -> str:
    """The entity that one was merged into, directly or through others; itself where it was not."""
    seen = {key}
    while True:
        query = sa.select(t.entities.c.merged_into).where(t.entities.c.key == key)
        target: str | None = connection.scalar(query)
        if target is None or target in seen:
            return key
        seen.add(target)
        key = target


def authors(connection: Connection) -> list[str]:
    """Everybody who has written in the journal."""
    return list(connection.scalars(sa.select(t.journal.c.author).distinct()))


def records_with(connection: Connection, key: str) -> list[str]:
    """The tables in which something has this key."""
    return [table.name for table in _KEYED if is_taken(connection, table.name, key)]


_KEYED = (
    *(t.claims, t.evidence, t.sources, t.entities, t.documents),
    *(t.questions, t.cases, t.assessments, t.links),
)


def user_of(connection: Connection, records: str, key: str) -> str | None:
    """The key of something that rests on a record and still stands, if anything does."""
    standing = sa.select(t.claims.c.key).where(~t.claims.c.withdrawn)
    speaks = t.evidence.c.withdrawn.is_(None) & t.evidence.c.claim.in_(standing)
    stands = ~t.claims.c.withdrawn
    uses: dict[str, list[tuple[sa.Column[str], sa.ColumnElement[bool]]]] = {
        "sources": [(t.evidence.c.source, speaks), (t.documents.c.publisher, ~t.documents.c.withdrawn)],
        "documents": [(t.evidence.c.document, speaks)],
        "entities": [
            *((t.claims.c.subject, stands), (t.claims.c.value_entity, stands)),
            *((t.claims.c.place_entity, stands), (t.entities.c.merged_into, ~t.entities.c.withdrawn)),
        ],
        "cases": [(t.claims.c.case_key, stands)],
        "questions": [(t.claims.c.question, stands)],
    }
    for column, live in uses.get(records, []):
        query = sa.select(column.table.c.key).where(column == key, live).order_by(column.table.c.key).limit(1)
        user: str | None = connection.scalar(query)
        if user is not None:
            return user
    if records != "entities":
        return None
    return next((claim for claim, _ in claims_of_several(connection, [key], stands)), None)


_GROUNDS = {
    "claims": (
        *((t.claims.c.subject, t.entities), (t.claims.c.value_entity, t.entities)),
        *((t.claims.c.place_entity, t.entities), (t.claims.c.question, t.questions)),
        (t.claims.c.case_key, t.cases),
    ),
    "evidence": ((t.evidence.c.source, t.sources), (t.evidence.c.document, t.documents)),
    "documents": ((t.documents.c.publisher, t.sources),),
}


def withdrawn_under(connection: Connection, records: str, key: str) -> str | None:
    """The key of something that a record rests on and that was withdrawn, if anything was."""
    for column, ground in _GROUNDS.get(records, ()):
        query = sa.select(ground.c.key).join(column.table, column == ground.c.key)
        found: str | None = connection.scalar(query.where(_key(records) == key, ground.c.withdrawn))
        if found is not None:
            return found
    return None


def claims_of_several(
    connection: Connection, entities: Collection[str], *conditions: sa.ColumnElement[bool]
) -> Iterator[tuple[str, set[str]]]:
    """Keys of claims that name some of these entities among several who acted together, in order, with
    those that each names. Their keys stand in the words of the value: no column has them."""
    from claims.resolve.rules.actors import OF_A_DEED, several_in

    query = sa.select(t.claims.c.key, t.claims.c.value).where(
        t.claims.c.kind.in_([kind.value for kind in OF_A_DEED]),
        t.names_several,
        *conditions,
    )
    wanted = set(entities)
    for key, value in connection.execute(query.order_by(t.claims.c.key)):
        if named := wanted.intersection(several_in(value)):
            yield key, named


def subjects_about(connection: Connection, claim: str) -> list[str]:
    """A claim's key and the keys of all evidence, links and assessments on it."""
    found = {claim}
    for table in (t.evidence, t.assessments):
        found.update(connection.scalars(sa.select(table.c.key).where(table.c.claim == claim)))
    either = sa.or_(t.links.c.claim == claim, t.links.c.other == claim)
    found.update(connection.scalars(sa.select(t.links.c.key).where(either)))
    return sorted(found)


def claims_behind_subjects(connection: Connection, claims: Collection[str]) -> dict[str, list[str]]:
    """The same for many claims: each key, with those of the claims that it is on."""
    found: dict[str, list[str]] = {key: [key] for key in claims}
    columns = (
        *((t.evidence.c.key, t.evidence.c.claim), (t.assessments.c.key, t.assessments.c.claim)),
        *((t.links.c.key, t.links.c.claim), (t.links.c.key, t.links.c.other)),
    )
    for key, claim in columns:
        for chunk in chunks(claims):
            for subject, on in connection.execute(sa.select(key, claim).where(claim.in_(chunk))):
                about = found.setdefault(subject, [])
                if on not in about:
                    about.append(on)
    return found
