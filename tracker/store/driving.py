"""Many rows as the driver gives them: no object for each row, and no value turned into another form.

Days come as text from one database and as days from another, truth as 1 or as ``True``.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.store.dialects import chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy.engine import Connection

    Rows = list[tuple[Any, ...]]
    Columns = tuple[sa.Column[Any], ...]
    Conditions = tuple[sa.ColumnElement[bool], ...]

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


_AMONG = "@among@"
"""Where the condition on keys is put."""

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
    text = _text_of(connection, tuple(columns), where, among=keys is not None)
    ordered = f" ORDER BY {order}" if order else ""
    if keys is None:
        with connection.exec_driver_sql(text + ordered) as found:
            cursor: Any = found.cursor
            while rows := cursor.fetchmany(AT_ONCE):
                yield rows
        return
    postgres = connection.dialect.name == "postgresql"
    for chunk in chunks(keys):
        within = "= ANY(%s)" if postgres else f"IN ({','.join('?' * len(chunk))})"
        asked = text.replace(_AMONG, f"{column.table.name}.{column.name} {within}") + ordered
        with connection.exec_driver_sql(asked, (chunk,) if postgres else tuple(chunk)) as found:
            cursor = found.cursor
            yield cursor.fetchall()


def is_empty(connection: Connection, table: sa.Table) -> bool:
    """Whether a table has no row."""
    with connection.exec_driver_sql(f'SELECT 1 FROM "{table.name}" LIMIT 1') as found:  # noqa: S608
        cursor: Any = found.cursor
        return cursor.fetchone() is None


_texts: dict[tuple[str, Columns, Conditions, bool], str] = {}


def _text_of(connection: Connection, columns: Columns, where: Conditions, *, among: bool) -> str:
    """A query as the driver takes it. It is put into words once: that takes longer than many a query does."""
    slot = (connection.dialect.name, columns, where, among)
    if slot not in _texts:
        query = sa.select(*columns).where(*where, *([sa.text(_AMONG)] if among else []))
        _texts[slot] = str(query.compile(dialect=connection.dialect))
    return _texts[slot]
