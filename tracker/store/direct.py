"""Straight to the driver: questions as it takes them, past SQLAlchemy, which takes far longer."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tracker.store import beside, postgres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection


def ask(connection: Connection, words: str, values: Sequence[Any] = ()) -> Any:
    """Ask the driver itself, with ``?`` where a value goes, such as the driver takes it: a cursor. The way
    through SQLAlchemy takes ten times as long; it is gone where somebody listens to what is asked."""
    on_postgres = connection.dialect.name == "postgresql"
    if connection.dispatch.before_cursor_execute:
        return _ask_aloud(connection, words, values)
    if on_postgres:
        return postgres.ask_prepared(connection, words, values)
    driver: Any = connection.connection.dbapi_connection
    return driver.execute(words, values)


def tell(connection: Connection, words: str, values: Sequence[Any]) -> None:
    """Tell the database to change something, in its turn behind what is being written beside, where anything
    is: nobody waits for it."""
    spoken = _as_psycopg_has_it(words) if connection.dialect.name == "postgresql" else words
    if not beside.write(connection, lambda driver: driver.execute(spoken, values)):
        ask(connection, words, values)


def stream(connection: Connection, words: str) -> Any:
    """The same for very many rows: a cursor that gives them by portions."""
    if connection.dispatch.before_cursor_execute or connection.dialect.name != "postgresql":
        return ask(connection, words)
    return postgres.ask(connection, words)


def _ask_aloud(connection: Connection, words: str, values: Sequence[Any]) -> Any:
    if connection.dialect.name == "postgresql":
        words = _as_psycopg_has_it(words)
    return connection.exec_driver_sql(words, tuple(values)).cursor


@lru_cache(maxsize=512)
def _as_psycopg_has_it(words: str) -> str:
    return words.replace("?", "%s")


def appended_at_once(
    connection: Connection,
    entries: Sequence[tuple[Any, ...]],
    nodes: Sequence[tuple[Any, ...]],
    head: tuple[Any, ...],
) -> bool:
    """Add rows to the journal and its tree and set its head, where the database can do that in one
    statement; says whether it did. The columns are in the order of the tables'."""
    if connection.dialect.name != "postgresql" or len(entries) > postgres.AT_ONCE:
        return False
    postgres.append(connection, entries, nodes, head)
    return True
