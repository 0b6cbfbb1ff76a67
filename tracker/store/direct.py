"""Straight to the driver: questions as it takes them, past SQLAlchemy, which takes far longer."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tracker.store import beside, postgres, prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import Connection


def ask(connection: Connection, words: str, values: Sequence[Any] = ()) -> Any:
    """Ask the driver itself, with ``?`` where a value goes, such as the driver takes it: a cursor. The way
    through SQLAlchemy is much longer; it is gone where somebody listens to what is asked."""
    on_postgres = connection.dialect.name == "postgresql"
    if connection.dispatch.before_cursor_execute:
        return _ask_aloud(connection, words, values)
    if on_postgres:
        return postgres.ask_prepared(connection, words, values)
    driver: Any = connection.connection.dbapi_connection
    return driver.execute(words, values)


def ask_first(connection: Connection, words: str) -> Any:
    """Ask what every writing transaction asks first: a server is asked it along with the beginning of each
    later one. It must be in these very words, and rest on nothing that the transaction does."""
    if is_far(connection):
        prepared.ahead(connection.info).first = words
    return ask(connection, words)


def expect(connection: Connection, questions: Iterable[tuple[str, Sequence[Any]]]) -> None:
    """Have a server asked some questions, in the words and by the values in which they will be, along with
    what it is asked or told next: each is a way there and back, in which all others wait for their turn.
    Whatever the transaction changes after that takes their answers away."""
    if is_far(connection):
        prepared.ahead(connection.info).expect([*questions])


def changing(connection: Connection) -> None:
    """Something is going to be changed past :func:`ask`: what was answered ahead is worth nothing."""
    if connection.dialect.name == "postgresql":
        prepared.ahead(connection.info).forget()


def is_far(connection: Connection) -> bool:
    """Whether what is asked goes to a server, and nobody listens to it."""
    return connection.dialect.name == "postgresql" and not connection.dispatch.before_cursor_execute


def tell(connection: Connection, words: str, values: Sequence[Any]) -> None:
    """Tell the database to change something, in its turn behind what is being written beside, where anything
    is: nobody waits for it."""
    changing(connection)
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
