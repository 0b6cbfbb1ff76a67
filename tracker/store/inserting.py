"""Rows added to a table, some or very many, the shortest way that each database has."""

from __future__ import annotations

import sqlite3
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.store import beside
from tracker.store.direct import ask, changing, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy.engine import Connection, Dialect

    Rows = Sequence[tuple[Any, ...]]
    Told = tuple[str, Sequence[Any]]

SIZES = (250, 50, 10)
"""How many rows one statement adds to a SQLite database: of many rows each takes less time than by itself,
and of more than these hardly less. What is left over goes by the smaller ones."""

FEW = 16
"""Statements that go by one message at most."""

_NEW = " ON CONFLICT DO NOTHING"


def insert_rows(connection: Connection, table: sa.Table, rows: Rows) -> None:
    """Add rows, their values in the order of the table's columns and such as the driver takes as they
    are. SQLAlchemy's own way looks at every value."""
    if len(rows) == 1:
        ask(connection, _insert_several(table, 1, ""), rows[0])
    elif connection.dialect.name == "sqlite":
        _insert_by_portions(connection, table, rows)
    elif rows:
        names = [column.name for column in table.columns]
        statement = _insert_by_name(table, connection.dialect)
        connection.exec_driver_sql(statement, [dict(zip(names, row, strict=True)) for row in rows])


def write_rows(connection: Connection, table: sa.Table, rows: Rows) -> None:
    """Add some rows or very many: by COPY on PostgreSQL, and beside what goes on, where that is done."""
    if connection.dialect.name == "postgresql":
        changing(connection)
        if len(rows) == 1:
            tell(connection, _insert_several(table, 1, ""), rows[0])
        elif not beside.write(connection, copy := partial(_copy, table, rows)):
            copy(connection.connection.driver_connection)
    elif not _insert_beside(connection, table, rows):
        insert_rows(connection, table, rows)


def _copy(table: sa.Table, rows: Rows, driver: Any) -> None:
    with driver.cursor() as cursor, cursor.copy(_copying(table)) as copy:
        write: Callable[[tuple[Any, ...]], None] = copy.write_row
        for row in rows:
            write(row)


@lru_cache(maxsize=32)
def _copying(table: sa.Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f'COPY "{table.name}" ({names}) FROM STDIN'


def _insert_beside(connection: Connection, table: sa.Table, rows: Rows, ending: str = "") -> bool:
    """Have rows added to a table of SQLite beside what goes on, where that is done; says whether it is."""
    most = _most_values(connection)

    def insert(driver: Any) -> None:
        for statement, values, several in _portions(table, rows, ending, most):
            (driver.executemany if several else driver.execute)(statement, values)

    return beside.write(connection, insert)


def insertion(table: sa.Table, row: tuple[Any, ...]) -> Told:
    """What adds a row to a table."""
    return _insert_several(table, 1, ""), row


def tell_together(connection: Connection, told: Sequence[Told]) -> None:
    """Tell the database several things, on a server by one message: rows to be added, those first that
    others refer to, and rows to be altered, none of them twice."""
    if connection.dialect.name != "postgresql" or len(told) > FEW:
        for words, values in told:
            ask(connection, words, values)
    elif told:
        several, values = zip(*told, strict=True)
        ask(connection, _together(several), [*chain(*values)])


@lru_cache(maxsize=256)
def _together(several: tuple[str, ...]) -> str:
    """One statement that is all of some, in their order."""
    *first, last = several
    before = ", ".join(f"step{number} AS ({each})" for number, each in enumerate(first))
    return f"WITH {before} {last}" if first else last


def insert_new_rows(connection: Connection, table: sa.Table, rows: Rows) -> None:
    """As :func:`insert_rows`, but rows that are there already stay as they are."""
    if connection.dialect.name == "postgresql":
        if rows:
            columns = tuple(list(column) for column in zip(*rows, strict=True))
            tell(connection, _insert_columns(table) + _NEW, columns)
    elif not _insert_beside(connection, table, rows, _NEW):
        _insert_by_portions(connection, table, rows, _NEW)


def _insert_by_portions(connection: Connection, table: sa.Table, rows: Rows, ending: str = "") -> None:
    for statement, values, _ in _portions(table, rows, ending, _most_values(connection)):
        connection.exec_driver_sql(statement, values)


def _portions(table: sa.Table, rows: Rows, ending: str, most: int) -> Iterator[tuple[str, Any, bool]]:
    """The statements that add rows with their values, and whether these are of several runs of one."""
    start = 0
    for size in SIZES:
        if len(rows) - start < size or len(table.columns) * size > most:
            continue
        statement = _insert_several(table, size, ending)
        while len(rows) - start >= size:
            yield statement, tuple(chain.from_iterable(rows[start : start + size])), False
            start += size
    if start < len(rows):
        yield _insert_several(table, 1, ending), list(rows[start:]), True


def _most_values(connection: Connection) -> int:
    """How many values one statement may hold: 999 before SQLite 3.32, 32,766 since."""
    driver: Any = connection.connection.dbapi_connection
    return int(driver.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))


@lru_cache(maxsize=128)
def _insert_several(table: sa.Table, size: int, ending: str) -> str:
    """The statement that adds so many rows to a table: one row to that of any database, several to one of
    SQLite. Where one of several fails, those before it stay, as with rows one by one: to be able to take them
    back, SQLite would copy each page that the statement changes, which costs a fourth of the whole."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    places = f"({', '.join('?' * len(table.columns))})"
    how = "INSERT OR FAIL" if size > 1 else "INSERT"
    return f'{how} INTO "{table.name}" ({names}) VALUES {", ".join([places] * size)}{ending}'


@lru_cache(maxsize=32)
def _insert_by_name(table: sa.Table, dialect: Dialect) -> str:
    """The statement that adds a row to a table of PostgreSQL, given by name."""
    return str(sa.insert(table).compile(dialect=dialect))


@lru_cache(maxsize=32)
def _insert_columns(table: sa.Table) -> str:
    """The statement that adds rows to a table of PostgreSQL, given column by column: texts and numbers."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    numbers = [isinstance(column.type, sa.Integer) for column in table.columns]
    types = ", ".join("?::bigint[]" if number else "?::text[]" for number in numbers)
    return f'INSERT INTO "{table.name}" ({names}) SELECT * FROM unnest({types})'  # noqa: S608 - names only
