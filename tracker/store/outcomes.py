"""How sources' stances fared on settled claims, as stored: kept per claim, read per source."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from functools import cache
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.store import rows
from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.direct import ask
from tracker.store.driving import Days, driver_rows, question_of
from tracker.store.inserting import write_rows
from tracker.store.loading import takes_text
from tracker.store.writtendays import (
    NUMBER_WIDTH,
    OFFSET,
    WIDTH,
    numbered_day,
    ordinals_of,
    ordinals_of_numbers,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy.engine import Connection, Dialect

    from claims.resolve.accounts import Accounts
    from claims.resolve.courses import Fares, Ordinals
    from claims.resolve.records import Fared, Outcome
    from claims.resolve.track import Case
    from tracker.store.driving import Question

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
        for source, kind, sign, right, since, until in _rows_of_sorts(connection, chunk):
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


def read_fares(connection: Connection, sources: Collection[str]) -> dict[str, Fares]:
    """How some sources fared, those that have cases, as columns."""
    from claims.resolve.courses import Fares
    from claims.resolve.plain import KINDS

    codes = {str(kind): number for number, kind in enumerate(KINDS)}
    sorts: dict[str, list[tuple[int, int, Sequence[int], Sequence[int]]]] = {}
    for chunk in chunks(sources):
        numbered = connection.dialect.name == "postgresql"
        rows = _rows_of_sorts(connection, chunk, numbered=numbered)
        texts = [text or "" for row in rows for text in row[4:]]
        days = _numbers_in(texts) if numbered else _ordinals_in(texts)
        for (source, kind, sign, right, *_), began, ended in zip(rows, days[::2], days[1::2], strict=True):
            sorts.setdefault(source, []).append((codes[kind], 2 * (sign > 0) + right, began, ended))
    return {source: Fares(some) for source, some in sorts.items()}


FEW = 60
"""So few days are looked up one by one."""

_WIDTH = 11
"""A day in ISO 8601, and a comma."""


def _ordinals_in(texts: Sequence[str]) -> list[Sequence[int]]:
    """The ordinals of the days in texts, in each as many as there are with commas between; where these are
    very many they are all read at once, and those of a text that has many are an array."""
    whole = _COMMA.join(filter(None, texts)) + _COMMA
    if len(whole) <= FEW * _WIDTH or len(whole) % _WIDTH:
        ordinal = _ordinals().__getitem__
        return [list(map(ordinal, text.split(_COMMA))) if text else [] for text in texts]
    import numpy as np  # loaded by now where so many are read

    found = ordinals_of(np.frombuffer(whole.encode("ascii"), f"S{_WIDTH}").astype(f"S{WIDTH}"))
    return _parted(found, [(len(text) + 1) // _WIDTH for text in texts])


def _numbers_in(texts: Sequence[str]) -> list[Sequence[int]]:
    """The same of days that are written as numbers."""
    whole, width = _COMMA.join(filter(None, texts)) + _COMMA, NUMBER_WIDTH + 1
    if len(whole) <= FEW * width:
        return [[int(day) - OFFSET for day in text.split(_COMMA)] if text else [] for text in texts]
    import numpy as np  # loaded by now where so many are read

    digits = np.frombuffer(whole.encode("ascii"), np.uint8).reshape(-1, width)[:, :NUMBER_WIDTH]
    return _parted(ordinals_of_numbers(digits), [(len(text) + 1) // width for text in texts])


def _parted(found: Any, counts: Sequence[int]) -> list[Sequence[int]]:
    """Parts of an array of so many numbers each, those of few as lists."""
    ends = list(accumulate(counts))
    parts: list[Any] = [found[low:high] for low, high in zip([0, *ends], ends, strict=False)]
    return [part if len(part) > FEW else part.tolist() for part in parts]


@cache
def _ordinals() -> Ordinals:
    """The ordinals of all days that came so far: there are not many, and each comes very often."""
    from claims.resolve.courses import Ordinals

    return Ordinals()


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


def _rows_of_sorts(
    connection: Connection, sources: Sequence[str], *, numbered: bool = False
) -> list[tuple[Any, ...]]:
    """The cases of sources, sort by sort; on PostgreSQL their days as numbers, where these are wanted: to
    write a day out takes it longer than to find it."""
    return list(ask(connection, *_question(connection, sources, numbered=numbered)))


def _question(connection: Connection, sources: Sequence[str], *, numbered: bool) -> Question:
    words = _sorts(connection.dialect, numbered=numbered)
    postgres = connection.dialect.name == "postgresql"
    within = "= ANY(?)" if postgres else f"IN ({','.join('?' * len(sources))})"
    return words.replace(_AMONG, within), (sources,) if postgres else sources


def question_of_fares(connection: Connection, sources: Collection[str]) -> Question:
    """What a server is asked for how a few sources fared."""
    return _question(connection, sorted(sources), numbered=True)


_AMONG = "@among@"


@cache
def _sorts(dialect: Dialect, *, numbered: bool = False) -> str:
    """The query for the cases of sources, put into words once."""
    sort = (_O.source, _O.kind, _O.sign, _O.right)
    among = sa.text(f"outcomes.source {_AMONG}")
    days = (_days(day, dialect.name, numbered=numbered) for day in (_O.since, _O.until))
    query = sa.select(*sort, *days).where(among)
    return str(query.group_by(*sort).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _days(column: sa.Column[Any], dialect: str, *, numbered: bool) -> Any:
    """All days of a column as one text. How PostgreSQL would write a day depends on its settings."""
    day: Any = sa.cast(column, sa.Text)
    if numbered:
        day = sa.literal_column(numbered_day(f"{column.table.name}.{column.name}"))
    elif dialect == "postgresql":
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
    changed = before ^ now if before else now
    moved: dict[str, set[str]] = defaultdict(set)
    for outcome in changed:
        moved[outcome[1]].add(outcome[0])
    stale = {outcome[0] for outcome in changed}
    if before:
        for chunk in chunks(stale):
            connection.execute(sa.delete(t.outcomes).where(t.outcomes.c.claim.in_(chunk)))
    days = _Written(as_text=takes_text(connection))
    kept = sorted((each for each in now if each[0] in stale), key=_PRIMARY)
    if kept:
        write_rows(connection, t.outcomes, [_row(each, days) for each in kept])
    return dict(moved)


_PRIMARY = itemgetter(0, 1, 2)
"""What the rows of a table are kept by, and quickest added by."""


_WHOLE = (_O.claim, _O.source, _O.since, _O.until, _O.evidence, _O.kind, _O.sign, _O.right)


def question_on(connection: Connection, claim: str) -> Question:
    """What is asked for the outcomes of a claim that are kept."""
    return question_of(connection, _WHOLE, _O.claim, [claim])


def _kept(connection: Connection, claims: Collection[str]) -> Iterator[tuple[Any, ...]]:
    days = Days()
    for claim, source, since, until, *rest, right in driver_rows(connection, _WHOLE, _O.claim, claims):
        yield (claim, source, days[since], None if until is None else days[until], *rest, bool(right))


class _Written(dict[int | None, Any]):
    """Days as a driver takes them, by their ordinals: there are few, and each comes very often."""

    def __init__(self, *, as_text: bool) -> None:
        super().__init__({None: None})
        self._as_text = as_text

    def __missing__(self, ordinal: int) -> Any:
        day = date.fromordinal(ordinal)
        self[ordinal] = written = day.isoformat() if self._as_text else day
        return written


def _row(outcome: Fared, days: _Written) -> tuple[Any, ...]:
    claim, source, since, until, *rest = outcome
    return (claim, source, days[since], days[until], *rest)
