"""Copies of the tables: made in memory, emptied, and compared row by row."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.store import fulltext, spellings
from tracker.store.dialects import allow_dangling, engine_for
from tracker.store.tables import PROJECTED, journal, journal_head, metadata, source_records, tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy.engine import Connection

RECORD = {journal.name, journal_head.name}
"""The tables that nothing else says what was in."""

ALIKE = 1e-9
"""Other machines may add numbers up in another order."""


@contextmanager
def in_memory(*, whole: bool = True) -> Iterator[Connection]:
    """A connection to empty tables in memory, gone at the end. Unless they will hold the ``whole`` record,
    rows may refer to what is not there."""
    engine = engine_for("sqlite://", must_exist=False)
    try:
        with engine.connect() as connection:
            if not whole:
                allow_dangling(connection)
            metadata.create_all(connection)
            yield connection
    finally:
        engine.dispose()


def missing(connection: Connection) -> list[str]:
    """The names of tables that are not there."""
    there = set(sa.inspect(connection).get_table_names())
    return sorted(set(metadata.tables) - there)


def told_missing(names: Iterable[str]) -> list[str]:
    """What is to be told of tables that are not there: all but the journal and its head follow from it."""
    told = []
    for name in names:
        mending = "restore a backup" if name in RECORD else "make it anew with: tracker db rebuild"
        told.append(f"the table {name} is missing; {mending}")
    return told


def empty(connection: Connection) -> None:
    """Drop all rows that were made from the journal; a table that is missing is made."""
    metadata.create_all(connection, tables=[*PROJECTED, source_records, tokens])
    fulltext.drop(connection)
    for table in (source_records, *PROJECTED):
        connection.execute(sa.delete(table))
    fulltext.prepare(connection)
    spellings.forget(connection)


def differences(held: Connection, fresh: Connection, but: Collection[str] = ()) -> list[str]:
    """The rows in which the tables of a database, ``but`` for some, differ from those rebuilt in another."""
    compared = [table for table in PROJECTED if table.name not in but]
    return [problem for table in compared for problem in _differences(table, held, fresh)]


def _differences(table: sa.Table, held: Connection, fresh: Connection) -> list[str]:
    mine, theirs = _rows(table, held), _rows(table, fresh)
    problems = []
    for key in sorted(mine.keys() | theirs.keys(), key=str):
        name = f"table {table.name}, row {'/'.join(str(part) for part in key)}"
        if key not in theirs:
            problems.append(f"{name}: it follows from no entry of the journal")
        elif key not in mine:
            problems.append(f"{name}: missing, though the journal records it")
        elif differing := [c for c in mine[key] if not _alike(mine[key][c], theirs[key][c])]:
            problems.append(f"{name}: {', '.join(differing)} is not what the journal says")
    return problems


def _rows(table: sa.Table, connection: Connection) -> dict[tuple[Any, ...], dict[str, Any]]:
    keys = [column.name for column in table.primary_key.columns]
    days = [column.name for column in table.columns if isinstance(column.type, sa.Date)]
    # SQLite takes any text for a day, and one that is none is found here, not refused.
    columns = [
        sa.type_coerce(column, sa.String).label(column.name) if column.name in days else column
        for column in table.columns
    ]
    query = sa.select(*columns).order_by(*table.primary_key.columns)
    found = {}
    for row in map(dict, connection.execute(query).mappings()):
        for name in days:
            row[name] = _day(row[name])
        found[tuple(row[key] for key in keys)] = row
    return found


@lru_cache(maxsize=16_384)
def _day(given: Any) -> Any:
    """A day as one database has it; of text that is none, the text."""
    try:
        return date.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        return given


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < ALIKE
    return bool(one == other)
