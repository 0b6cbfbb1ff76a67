"""How sources' stances fared on settled claims, as stored: kept per claim, read per source."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.store import rows
from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.direct import ask, tell
from tracker.store.driving import Days, driver_rows, question_of
from tracker.store.inserting import write_rows
from tracker.store.loading import takes_text
from tracker.store.writtendays import numbered_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy.engine import Connection, Dialect

    from claims.resolve.accounts import Accounts
    from claims.resolve.records import Fared, Outcome
    from claims.resolve.track import Case
    from tracker.store.driving import Question

COMMA = ","


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
        for source, kind, sign, right, since, until in _rows_of_sorts(connection, chunk):
            began, ended = since.split(COMMA), until.split(COMMA) if until else []
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


def read_cases_on(connection: Connection, claims: Collection[str]) -> list[Case]:
    """All cases on some claims."""
    from claims.resolve.track import Case

    columns, days = (_O.source, _O.claim, _O.kind, _O.sign, _O.right, _O.since, _O.until), Days()
    return [
        Case(source, claim, kind, sign, bool(right), days[since], None if until is None else days[until])
        for source, claim, kind, sign, right, since, until in sorted(
            driver_rows(connection, columns, _O.claim, claims)
        )
    ]


def _rows_of_sorts(connection: Connection, sources: Sequence[str]) -> list[tuple[Any, ...]]:
    """The cases of sources, sort by sort."""
    words, values = question_of_sources(connection, sorts_words(connection.dialect), sources)
    return list(ask(connection, words, values))


AMONG, LISTED = "@among@", "@listed@"
"""In words, what the sources are among, and the sources themselves."""


def question_of_sources(connection: Connection, words: str, sources: Sequence[str]) -> Question:
    """What is asked of some sources, at most as many as one statement takes: they are among the values as
    often as the words speak of them."""
    told = words.count(AMONG) + words.count(LISTED)
    if connection.dialect.name == "postgresql":
        return words.replace(AMONG, "= ANY(?)").replace(LISTED, "?::text[]"), [sources] * told
    within = f"IN ({','.join('?' * len(sources))})"
    listed = ",".join(["(?)"] * len(sources))
    return words.replace(AMONG, within).replace(LISTED, listed), [*sources] * told


@cache
def sorts_words(dialect: Dialect, *, numbered: bool = False) -> str:
    """The query for the cases of sources, sort by sort, put into words once; on PostgreSQL with their days as
    numbers, where these are wanted: to write a day out takes it longer than to find it."""
    sort = (_O.source, _O.kind, _O.sign, _O.right)
    some = sa.text(f"outcomes.source {AMONG}")
    days = (_days(day, dialect.name, numbered=numbered) for day in (_O.since, _O.until))
    query = sa.select(*sort, *days).where(some)
    return str(query.group_by(*sort).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _days(column: sa.Column[Any], dialect: str, *, numbered: bool) -> Any:
    """All days of a column as one text. How PostgreSQL would write a day depends on its settings."""
    day: Any = sa.cast(column, sa.Text)
    if numbered:
        day = sa.literal_column(numbered_day(f"{column.table.name}.{column.name}"))
    elif dialect == "postgresql":
        day = sa.func.to_char(column, sa.literal_column("'YYYY-MM-DD'"))
    return sa.func.aggregate_strings(day, COMMA)


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
    before = set(_kept(connection, _O.claim, claims))
    now = set(fresh)
    changed = before ^ now if before else now
    moved: dict[str, set[str]] = defaultdict(set)
    for outcome in changed:
        moved[outcome[1]].add(outcome[0])
    if moved:
        _forget_whole(connection, moved)
    stale = {outcome[0] for outcome in changed}
    if before:
        for chunk in chunks(stale):
            connection.execute(sa.delete(t.outcomes).where(t.outcomes.c.claim.in_(chunk)))
    days = _Written(as_text=takes_text(connection))
    kept = sorted((each for each in now if each[0] in stale), key=_PRIMARY)
    if kept:
        write_rows(connection, t.outcomes, [_row(each, days) for each in kept])
    return dict(moved)


def _forget_whole(connection: Connection, sources: Collection[str]) -> None:
    """The records of some sources as a whole (:mod:`tracker.store.fares`) are not what they were."""
    for chunk in chunks(sources):
        words = f"DELETE FROM source_records WHERE source {AMONG}"  # noqa: S608
        tell(connection, *question_of_sources(connection, words, chunk))


_PRIMARY = itemgetter(0, 1, 2)
"""What the rows of a table are kept by, and quickest added by."""


_WHOLE = (_O.claim, _O.source, _O.since, _O.until, _O.evidence, _O.kind, _O.sign, _O.right)


def question_on(connection: Connection, claim: str) -> Question:
    """What is asked for the outcomes of a claim that are kept."""
    return question_of(connection, _WHOLE, _O.claim, [claim])


def _kept(connection: Connection, column: sa.Column[str], keys: Collection[str]) -> Iterator[tuple[Any, ...]]:
    days = Days()
    for claim, source, since, until, *rest, right in driver_rows(connection, _WHOLE, column, keys):
        yield (claim, source, days[since], None if until is None else days[until], *rest, bool(right))


def copy_cases(
    connection: Connection, into: Connection, sources: Collection[str], until: date, but: Collection[str]
) -> None:
    """Keep the cases of some sources in other tables too, ``but`` for those on some claims: as they were by
    what was public up to a day."""
    last, cases = until.toordinal(), list[tuple[Any, ...]]()
    for claim, source, since, end, *rest in _kept(connection, _O.source, sources):
        if claim not in but and since <= last:
            cases.append((claim, source, since, None if end is None or end > last else end, *rest))
    days = _Written(as_text=takes_text(into))
    if cases:
        write_rows(into, t.outcomes, [_row(each, days) for each in sorted(cases, key=_PRIMARY)])


class _Written(dict[int | None, Any]):
    """Days as a driver takes them, by their ordinals: there are few, and each comes very often."""

    def __init__(self, *, as_text: bool) -> None:
        super().__init__({None: None})
        self._as_text = as_text

    def __missing__(self, ordinal: int) -> Any:
        day = date.fromordinal(ordinal)
        self[ordinal] = written = day.isoformat() if self._as_text else day
        return written


def _row(outcome: Fared | tuple[Any, ...], days: _Written) -> tuple[Any, ...]:
    claim, source, since, until, *rest = outcome
    return (claim, source, days[since], days[until], *rest)
