"""Very many rows at once: by hundreds a statement on SQLite, by COPY on PostgreSQL, behind one function."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.store import prepared
from tracker.store.adding import rows_of
from tracker.store.beside import Beside
from tracker.store.commonrows import CommonRows
from tracker.store.direct import stream
from tracker.store.inserting import insertion, tell_together, write_rows
from tracker.store.spellings import learn
from tracker.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from tracker.journal.entry import Entry
    from tracker.store.adding import Columns
    from tracker.store.inserting import Told

    Values = tuple[Any, ...]

PAGES = 256 * 1024
"""KiB of a SQLite database that are held in memory while much is written. Keys come in no order: with the
usual 2 MB nearly every row would read pages of the indexes again, and write them out once more."""


GROWING = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off"
"""What PostgreSQL is told for a transaction in which tables grow from nothing: of such it knows too little to
look anything up by an index, reads all of what has grown each time, and goes on doing so."""


def load_rows(connection: Connection, table: sa.Table, rows: Sequence[Values]) -> None:
    """Add many rows to a table, their values in the order of its columns, days as days."""
    if rows:
        write_rows(connection, table, _with_days_as_text(table, rows) if takes_text(connection) else rows)


def takes_text(connection: Connection) -> bool:
    """Whether the driver has no days, and takes them as text."""
    return connection.dialect.name == "sqlite"


def load_columns(connection: Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add many rows to a table, each as its columns by name; a column that is not named is empty."""
    names = _names(table)
    load_rows(connection, table, [tuple(map(row.get, names)) for row in rows])


def load_together(
    connection: Connection,
    rows: Iterable[tuple[sa.Table, Mapping[str, Any]]],
    over: tuple[sa.Table, Mapping[str, Any], Mapping[str, Any]] | None = None,
) -> None:
    """The same of a few rows of several tables, those first that others refer to. ``over`` is another row of
    a table, as it is there and as it is to be: it is put in the place of the one with its key."""
    told = [] if over is None else _written_over(connection, *over)
    for table, row in rows:
        values = [tuple(map(row.get, _names(table)))]
        (made,) = _with_days_as_text(table, values) if takes_text(connection) else values
        told.append(insertion(table, made))
    tell_together(connection, told)


def _written_over(
    connection: Connection, table: sa.Table, before: Mapping[str, Any], row: Mapping[str, Any]
) -> list[Told]:
    """What alters a row where it is another than before; nothing where it is the same."""
    other = tuple(name for name in _names(table) if row.get(name) != before[name])
    if not other:
        return []
    (key,) = table.primary_key.columns
    values = [row.get(name) for name in (*other, key.name)]
    if takes_text(connection):
        values = [each.isoformat() if isinstance(each, date) else each for each in values]
    return [(_write_over(table, other, key.name), values)]


@lru_cache(maxsize=256)
def _write_over(table: sa.Table, names: tuple[str, ...], key: str) -> str:
    told = ", ".join(f'"{name}" = ?' for name in names)
    return f'UPDATE "{table.name}" SET {told} WHERE "{key}" = ?'  # noqa: S608 - names only


def load_entries(connection: Connection, entries: Iterable[Entry]) -> None:
    """Add the rows of entries that only add, those first that others refer to. Raises ``KeyError`` for
    an act that does more."""
    common = CommonRows(days_as_text=takes_text(connection))
    named: dict[sa.Table, list[Columns]] = {}
    for entry in entries:
        if not common.take(entry):
            for table, columns in rows_of(entry):
                named.setdefault(table, []).append(columns)
    # First what is asked of the connection, since whoever asks waits until what was given is written.
    for table, found_by in (*named.items(), *common.learned()):
        learn(connection, table, found_by)
    for table in metadata.sorted_tables:
        if rows := common.rows.get(table):
            write_rows(connection, table, rows)
        if table in named:
            load_columns(connection, table, named[table])


@lru_cache(maxsize=32)
def _names(table: sa.Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


@lru_cache(maxsize=32)
def _days(table: sa.Table) -> tuple[int, ...]:
    return tuple(n for n, column in enumerate(table.columns) if isinstance(column.type, sa.Date))


def _with_days_as_text(table: sa.Table, rows: Sequence[Values]) -> Sequence[Values]:
    """Rows as SQLite's driver takes them: it has no days, and the tables hold them as text."""
    places = _days(table)
    if not places:
        return rows
    written = []
    for row in rows:
        values = list(row)
        for place in places:
            if isinstance(values[place], date):
                values[place] = values[place].isoformat()
        written.append(tuple(values))
    return written


def begin_loading(connection: Connection) -> Callable[[], None]:
    """Get ready to write very much in this transaction; what is returned ends it, also after the
    transaction has failed."""
    if connection.dialect.name == "postgresql":
        stream(connection, GROWING)  # it ends with the transaction
        prepared.forget(connection.info)
        return Beside(connection).close
    driver: Any = connection.connection.dbapi_connection
    (before,) = driver.execute("PRAGMA cache_size").fetchone()
    driver.execute(f"PRAGMA cache_size=-{PAGES}")
    written = Beside(connection)

    def end() -> None:
        written.close()
        # Ctrl-C in the midst of a statement has closed it.
        with suppress(connection.dialect.loaded_dbapi.ProgrammingError):
            driver.execute(f"PRAGMA cache_size={before}")

    return end
