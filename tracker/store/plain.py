"""Reading what plain claims rest on: rows as the driver gives them, without a record for each."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from claims.resolve.lines import name_of_origin
from claims.resolve.plain import PlainClaim, PlainDocument, PlainFacts, PlainPiece, PlainSource, not_plain
from claims.resolve.slots import Facts, groups_of
from claims.resolve.track import Case
from claims.vocabulary import EntityType, Kind
from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.neighbours import final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy.engine import Connection

    from claims.policy import Policy


class Days(dict[Any, int]):
    """The ordinals of days as the driver gives them: as text, or as dates."""

    def __missing__(self, day: Any) -> int:
        ordinal = (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
        self[day] = ordinal
        return ordinal


_C, _E = t.claims.c, t.evidence.c


def read_plain(connection: Connection, claims: Collection[str], policy: Policy) -> PlainFacts:
    """The plain claims among some whole tied groups, and what they rest on under a policy, which must be
    the one that claims go by whose case names none."""
    rows = {row.key: row for row in _rows(connection, _claims(), _C.key, claims)}
    tied = _tied(connection, rows)
    own_policy = set(connection.scalars(sa.select(t.cases.c.key).where(t.cases.c.policy.is_not(None))))
    linked = _among(connection, t.links.c.claim, claims) | _among(connection, t.links.c.other, claims)
    apart = tied | linked | _among(connection, t.assessments.c.claim, claims)
    plain = {
        key
        for key, row in rows.items()
        if not row.withdrawn and row.question is None and row.case_key not in own_policy and key not in apart
    }
    pieces, odd = _pieces(connection, sorted(plain))
    plain -= odd
    facts = PlainFacts(
        claims=[PlainClaim(key, rows[key].kind, rows[key].ongoing) for key in sorted(plain)],
        pieces=[piece for piece in pieces if piece.claim in plain],
        sources=_sources(connection, {piece.source for piece in pieces}),
        documents=_documents(connection, {piece.document for piece in pieces if piece.document}),
    )
    odd = not_plain(facts, policy)
    return PlainFacts(
        claims=[claim for claim in facts.claims if claim.key not in odd],
        pieces=[piece for piece in facts.pieces if piece.claim not in odd],
        sources=facts.sources,
        documents=facts.documents,
    )


def _claims() -> sa.Select[Any]:
    slots = (_C.text, _C.subject, _C.value_entity, _C.question)
    return sa.select(_C.key, _C.kind, _C.ongoing, _C.case_key, _C.withdrawn, *slots)


def _rows(
    connection: Connection, query: sa.Select[Any], column: sa.Column[Any], keys: Collection[str]
) -> Iterator[Any]:
    for chunk in chunks(keys):
        yield from connection.execute(query.where(column.in_(chunk))).all()


def _among(connection: Connection, column: sa.Column[Any], keys: Collection[str]) -> set[str]:
    """Which of some keys a column holds."""
    return {row[0] for row in _rows(connection, sa.select(column).distinct(), column, keys)}


def _tied(connection: Connection, rows: dict[str, Any]) -> set[str]:
    """The claims of these that share a slot with another of them."""
    facts = {
        key: Facts(Kind(row.kind), row.text, row.subject, row.value_entity, row.question)
        for key, row in rows.items()
        if row.subject is not None or row.value_entity is not None or row.question is not None
    }
    if not facts:
        return set()
    merges = sa.select(t.entities.c.key, t.entities.c.merged_into)
    found = connection.execute(merges.where(t.entities.c.merged_into.is_not(None)))
    merged = {row.key: row.merged_into for row in found}
    subjects = {final(each.subject, merged) for each in facts.values() if each.subject}
    of_incidents = sa.select(t.entities.c.key).where(t.entities.c.type == EntityType.INCIDENT.value)
    incidents = {row[0] for row in _rows(connection, of_incidents, t.entities.c.key, subjects)}
    groups = groups_of(facts, lambda key: final(key, merged), incidents.__contains__)
    return {key for group in groups if len(group) > 1 for key in group}


def _pieces(connection: Connection, claims: Collection[str]) -> tuple[list[PlainPiece], set[str]]:
    """The evidence on some claims, claim by claim; and the claims with a piece that relays something or
    was withdrawn, of which not all may be there."""
    days = Days()
    dated = (_text(_E.published_latest), _text(_E.recorded_on))
    known = (_E.credibility, _E.basis, _E.side, _E.quote, _E.document)
    query = sa.select(_E.claim, _E.key, _E.source, _E.stance, *dated, *known, _E.relays, _E.withdrawn)
    found, odd = [], set()
    for row in _rows(connection, query.order_by(_E.claim, _E.key), _E.claim, claims):
        claim, key, source, stance, latest, recorded, *rest, relays, withdrawn = row
        if relays is not None or withdrawn is not None:
            odd.add(claim)
            continue
        day = days[recorded] if latest is None else min(days[latest], days[recorded])
        found.append(PlainPiece(claim, key, source, stance, day, *rest))
    return found, odd


def _text(column: sa.Column[Any]) -> Any:
    """A day as the driver has it, which no type turns into another form first."""
    return sa.type_coerce(column, sa.types.NullType())


def _sources(connection: Connection, keys: Collection[str]) -> dict[str, PlainSource]:
    sides: dict[str, list[str]] = defaultdict(list)
    of_sides = sa.select(t.source_sides.c.source, t.source_sides.c.side)
    of_sides = of_sides.order_by(t.source_sides.c.source, t.source_sides.c.position)
    for source, side in _rows(connection, of_sides, t.source_sides.c.source, keys):
        sides[source].append(side)
    query = sa.select(t.sources.c.key, t.sources.c.owner, t.sources.c.reliability)
    return {
        key: PlainSource(name_of_origin(key, owner, sides[key]), grade)
        for key, owner, grade in _rows(connection, query, t.sources.c.key, keys)
    }


def _documents(connection: Connection, keys: Collection[str]) -> dict[str, PlainDocument]:
    d = t.documents.c
    query = sa.select(d.key, d.title, d.url, d.publisher)
    return {
        key: PlainDocument(title if title != url else None, publisher)
        for key, title, url, publisher in _rows(connection, query, d.key, keys)
    }


def read_cases(connection: Connection, sources: Iterable[str] | None = None) -> Iterator[Case]:
    """How the stances of some sources, or of all, fared on settled claims."""
    o, days = t.outcomes.c, Days()
    query = sa.select(o.source, o.claim, o.kind, o.sign, o.right, _text(o.since), _text(o.until))
    queries = [query] if sources is None else [query.where(o.source.in_(each)) for each in chunks(sources)]
    for each in queries:
        for source, claim, kind, sign, right, since, until in connection.execute(each):
            ended = None if until is None else days[until]
            yield Case(source, claim, kind, sign, bool(right), days[since], ended)
