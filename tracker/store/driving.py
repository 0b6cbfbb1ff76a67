"""Many rows as the driver gives them: no object for each row, and no value turned into another form.

Days come as text from one database and as days from another, truth as 1 or as ``True``.
"""

from __future__ import annotations

from contextlib import closing
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.errors import Corrupt
from tracker.store import rows
from tracker.store.dialects import CHUNK, chunks
from tracker.store.direct import ask, stream
from tracker.store.remembering import once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy.engine import Connection

    Rows = list[tuple[Any, ...]]
    Record = dict[str, Any]
    Columns = tuple[sa.Column[Any], ...]
    Conditions = tuple[sa.ColumnElement[bool], ...]
    Question = tuple[str, Sequence[Any]]

AT_ONCE = 50_000
"""Rows that are held at a time where all of a table are read."""


def as_taken(column: sa.Column[Any]) -> Callable[[Any], Any] | None:
    """What makes of a value of a column, as the driver gives it, what the tracker takes it for; None
    where they are the same."""
    if isinstance(column.type, sa.Date):
        return _day
    return _truth if isinstance(column.type, sa.Boolean) else None


@lru_cache(maxsize=16_384)
def _day(given: Any) -> date | None:
    return date.fromisoformat(given) if isinstance(given, str) else given


def _truth(given: Any) -> bool | None:
    return None if given is None else bool(given)


NO_DAY = 1 << 40
"""The ordinal of a day that is not known: it does not come."""


class Days(dict[Any, int]):
    """The ordinals of days as the driver gives them: as text, or as dates; of none, :data:`NO_DAY`."""

    def __missing__(self, day: Any) -> int:
        if day is None:
            ordinal = NO_DAY
        else:
            ordinal = (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
        self[day] = ordinal
        return ordinal


class Numbers(dict[Any, int]):
    """A number for each key, in the order in which they come."""

    def __missing__(self, key: Any) -> int:
        self[key] = number = len(self)
        return number


def driver_rows(
    connection: Connection,
    columns: Columns,
    column: sa.Column[Any],
    keys: Iterable[object] | None,
    where: Conditions = (),
) -> Iterator[tuple[Any, ...]]:
    """Some columns of the rows whose ``column`` is one of some keys, or of all; of those alone that fulfil
    conditions, which have no values in them and are the same objects in every call, as columns are."""
    return chain.from_iterable(driver_lists(connection, columns, column, keys, where))


def driver_lists(
    connection: Connection,
    columns: Columns,
    column: sa.Column[Any],
    keys: Iterable[object] | None,
    where: Conditions = (),
    order: str = "",
) -> Iterator[Rows]:
    """The same in lists, one for each portion of the keys in their order; within a list the rows come in
    the ``order`` of some columns, by name."""
    if keys is None:
        with closing(stream(connection, _text_of(connection, columns, None, where, order, 0))) as cursor:
            while rows := cursor.fetchmany(AT_ONCE):
                yield rows
        return
    for chunk in chunks(keys):
        yield ask(connection, *question_of(connection, columns, column, chunk, where, order)).fetchall()


def question_of(
    connection: Connection,
    columns: Columns,
    column: sa.Column[Any],
    keys: Sequence[Any],
    where: Conditions = (),
    order: str = "",
) -> Question:
    """What is asked for the same of a portion of keys: the words, and the values."""
    words = _text_of(connection, columns, column, where, order, len(keys))
    return words, (keys,) if connection.dialect.name == "postgresql" else keys


def question_by_either(
    connection: Connection, columns: Columns, ends: Columns, keys: Sequence[Any]
) -> Question:
    """What is asked for the rows of which one of some columns is one of a portion of keys."""
    asked = [question_of(connection, columns, end, keys) for end in ends]
    words, values = zip(*asked, strict=True)
    return " UNION ALL ".join(words), [*chain.from_iterable(values)]


def rows_by_either(
    connection: Connection, columns: Columns, ends: Columns, keys: Iterable[object]
) -> set[tuple[Any, ...]]:
    """Some columns of the rows of which one of two others is one of some keys, each row once."""
    found: set[tuple[Any, ...]] = set()
    for chunk in chunks(keys):
        for part in filter(None, (chunk[: CHUNK // 2], chunk[CHUNK // 2 :])):  # the keys are told twice
            found.update(ask(connection, *question_by_either(connection, columns, ends, part)))
    return found


def driver_records(
    connection: Connection, table: sa.Table, column: sa.Column[Any], keys: Iterable[object] | None
) -> list[Record]:
    """The rows of a table whose ``column`` is one of some keys, or all, by the names of its columns and as
    the tracker takes their values; those of one portion of the keys in the order of the primary key.

    Raises :class:`Corrupt` for a day that is none.
    """
    columns, names, taken, order = _shape(table)
    found = []
    for portion in driver_lists(connection, columns, column, keys, order=order):
        for row in portion:
            record = dict(zip(names, row, strict=True))
            try:
                for name, take in taken:
                    record[name] = take(record[name])
            except (ValueError, TypeError) as error:
                raise Corrupt(f"a row of {table.name} cannot be read ({error})", rows.MENDING) from error
            found.append(record)
    return found


def question_of_records(
    connection: Connection, table: sa.Table, column: sa.Column[Any], keys: Sequence[Any]
) -> Question:
    """What is asked for the records of a portion of keys."""
    columns, _, _, order = _shape(table)
    return question_of(connection, columns, column, keys, order=order)


@lru_cache(maxsize=64)
def _shape(
    table: sa.Table,
) -> tuple[Columns, tuple[str, ...], list[tuple[str, Callable[[Any], Any]]], str]:
    """The columns, their names, those whose values are turned into another form, and the primary key."""
    columns = tuple(table.columns)
    names = tuple(column.name for column in columns)
    taken = [(column.name, take) for column in table.columns if (take := as_taken(column)) is not None]
    return columns, names, taken, ", ".join(map(_named, table.primary_key.columns))


def _named(column: sa.Column[Any]) -> str:
    return f'{column.table.name}."{column.name}"'


def is_empty(connection: Connection, table: sa.Table) -> bool:
    """Whether a table has no row."""
    return once(connection, table, lambda: _is_empty(connection, table))


def _is_empty(connection: Connection, table: sa.Table) -> bool:
    return ask(connection, f'SELECT 1 FROM "{table.name}" LIMIT 1').fetchone() is None  # noqa: S608


_texts: dict[tuple[str, Columns, sa.Column[Any] | None, Conditions, str, int], str] = {}


def _text_of(
    connection: Connection,
    columns: Columns,
    column: sa.Column[Any] | None,
    where: Conditions,
    order: str,
    keys: int,
) -> str:
    """A query as the driver takes it. It is put into words once: that takes longer than many a query does.
    On PostgreSQL all of the keys are one value. Of a column that most rows leave empty, SQLite takes it that
    many rows have each key, as many have none, and goes through all; so it is told that few have."""
    postgres = connection.dialect.name == "postgresql"
    slot = (connection.dialect.name, columns, column, where, order, 1 if postgres else keys)
    found = _texts.get(slot)
    if found is None:
        conditions = [f"({each.compile(dialect=connection.dialect)})" for each in where]
        if column is not None:
            among = "= ANY(?)" if postgres else f"IN ({','.join('?' * keys)})"
            asked = f"{_named(column)} {among}"
            conditions.append(f"unlikely({asked})" if column.nullable and not postgres else asked)
        found = f"SELECT {', '.join(map(_named, columns))} FROM {columns[0].table.name}"  # noqa: S608
        if conditions:
            found += f" WHERE {' AND '.join(conditions)}"
        if order:
            found += f" ORDER BY {order}"
        _texts[slot] = found
    return found
