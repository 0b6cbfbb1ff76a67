"""How sources' stances fared on settled claims, as stored: kept per claim, read per source."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.store import rows
from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.driving import Days, driver_rows
from tracker.store.loading import load_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy.engine import Connection

    from claims.resolve.accounts import Accounts
    from claims.resolve.records import Outcome
    from claims.standing import Fared

_COMMA = ","


def read(connection: Connection, column: sa.Column[str], keys: Collection[str]) -> list[Outcome]:
    """The outcomes whose ``column`` (claim or source) is one of some keys, in a fixed order."""
    found: list[Outcome] = []
    order = (t.outcomes.c.source, t.outcomes.c.claim, t.outcomes.c.since)
    for chunk in chunks(keys):
        query = sa.select(t.outcomes).where(column.in_(chunk)).order_by(*order)
        found.extend(rows.outcome_of(row) for row in connection.execute(query).mappings())
    return found


def read_accounts(connection: Connection, sources: Collection[str], claims: Collection[str]) -> Accounts:
    """How the stances of some sources fared, added up day by day, those on some claims named. The days of
    very many cases come as one text for each sort of case, which the index over them gives."""
    from claims.resolve.accounts import Account, Accounts, Course, Sort, course_of

    courses: dict[str, dict[Sort, Course]] = {}
    changes: dict[str, Counter[str]] = {}
    counts: Counter[str] = Counter()
    for chunk in chunks(sources):
        rows_of_sorts = connection.execute(_sorts(connection.dialect.name).where(_O.source.in_(chunk)))
        for source, kind, sign, right, since, until in rows_of_sorts:
            began, ended = since.split(_COMMA), until.split(_COMMA) if until else []
            courses.setdefault(source, {})[Sort(kind, sign, bool(right))] = course_of(began, ended)
            changed = changes.setdefault(source, Counter())
            changed.update(began)
            changed.update(ended)
            counts[source] += len(began)
    named = _named(connection, courses.keys(), claims)
    return Accounts(
        (source, Account(courses[source], changes[source], counts[source], named.get(source, {})))
        for source in sorted(courses)
    )


_O = t.outcomes.c


def _sorts(dialect: str) -> sa.Select[Any]:
    """The cases of sources, sort by sort."""
    sort = (_O.source, _O.kind, _O.sign, _O.right)
    return sa.select(*sort, _days(_O.since, dialect), _days(_O.until, dialect)).group_by(*sort)


def _days(column: sa.Column[Any], dialect: str) -> Any:
    """All days of a column as one text. How PostgreSQL would write a day depends on its settings."""
    day: Any = sa.cast(column, sa.Text)
    if dialect == "postgresql":
        day = sa.func.to_char(column, sa.literal_column("'YYYY-MM-DD'"))
    return sa.func.aggregate_strings(day, _COMMA)


def _named(
    connection: Connection, sources: Collection[str], claims: Collection[str]
) -> dict[str, dict[str, list[Outcome]]]:
    """The cases of some sources on some claims, by source and claim."""
    named: dict[str, dict[str, list[Outcome]]] = {}
    for case in read(connection, _O.claim, claims):
        if case.source in sources:
            named.setdefault(case.source, {}).setdefault(case.claim, []).append(case)
    return named


def replace(connection: Connection, claims: Collection[str], fresh: Iterable[Fared]) -> dict[str, set[str]]:
    """Keep these outcomes of some claims, and no others of them.

    Returns the sources whose records changed by it, each with the claims that changed them.
    """
    before = set(_kept(connection, claims))
    now = set(fresh)
    moved: dict[str, set[str]] = {}
    for outcome in before ^ now:
        moved.setdefault(outcome[1], set()).add(outcome[0])
    stale = {outcome[0] for outcome in before ^ now}
    if before:
        for chunk in chunks(stale):
            connection.execute(sa.delete(t.outcomes).where(t.outcomes.c.claim.in_(chunk)))
    kept = sorted((each for each in now if each[0] in stale), key=lambda each: each[:3])
    load_rows(connection, t.outcomes, [_row(each) for each in kept])
    return moved


def _kept(connection: Connection, claims: Collection[str]) -> Iterator[tuple[Any, ...]]:
    o, days = t.outcomes.c, Days()
    columns = (o.claim, o.source, o.since, o.until, o.evidence, o.kind, o.sign, o.right)
    for claim, source, since, until, *rest, right in driver_rows(connection, columns, o.claim, claims):
        yield (claim, source, days[since], None if until is None else days[until], *rest, bool(right))


def _row(outcome: Fared) -> tuple[Any, ...]:
    until = outcome.until
    return (
        *(outcome.claim, outcome.source, date.fromordinal(outcome.since)),
        *(None if until is None else date.fromordinal(until), *outcome[4:]),
    )
