"""PostgreSQL alone: how its connections begin, and what its settings promise.

One writer at a time holds an advisory lock, which PostgreSQL hands on in the order in which it was asked
for and lets go of at the end of the transaction, whatever that end is. The transaction runs in READ
COMMITTED, so that what is read after the lock was got holds all that earlier writers did.
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from tracker.errors import ReadOnly, StoreError
from tracker.store import beside, prepared
from tracker.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import URL, Connection, Engine

LOCK = 7_266_801
"""The number of the lock that whoever writes to a tracker holds."""

WRITING = "tracker_writing"
"""What a connection is told before it begins to write."""

_CURSOR = "tracker_cursor"


def is_secret(name: str) -> bool:
    """Whether a part of a URL's query is something that nobody may see, also where its name is misspelt
    (libpq's are password, sslpassword, oauth_client_secret, scram_client_key, scram_server_key)."""
    return re.search("(?i)pas+w|pwd|secret|scram", name) is not None


CONNECTING = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "fallback_application_name": "tracker",
    "client_encoding": "utf8",
}
"""What the driver is told, unless the URL says otherwise: seconds, but for the last of the times, which is
in milliseconds. Left to itself it waits for ever for a machine that takes a connection and then says
nothing, and two hours for one that has vanished."""


def engine(url: URL, patience: float) -> Engine:
    """An engine for a URL; ``patience`` is how many seconds one waits for another writer."""
    plain = url.difference_update_query(["timeout"])
    if plain.drivername == "postgresql":
        plain = plain.set(drivername="postgresql+psycopg")
    given = {name: value for name, value in CONNECTING.items() if name not in plain.query}
    made = sa.create_engine(plain, connect_args=given, use_native_hstore=False)
    # 0 would mean to wait for ever.
    wait = f"SET LOCAL lock_timeout = {max(1, int(1000 * patience))}"
    read = f"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {wait}"
    # One message: while a writer waits for an answer, all others wait for their turn.
    several = ("BEGIN ISOLATION LEVEL READ COMMITTED", wait, f"SELECT pg_advisory_xact_lock({LOCK})")
    write = "; ".join(several)

    @event.listens_for(made, "do_connect")
    def _connect(dialect: sa.Dialect, _record: object, words: Any, options: Any) -> Any:
        return _connected(dialect, words, options, patience)

    @event.listens_for(made, "connect")
    def _explicit(connection: Any, record: Any) -> None:
        # The driver's own BEGIN is one more message to wait for, in which others wait for the turn.
        connection.autocommit = True
        prepared.begin(connection, record.info)

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.info.get(WRITING) or connection.get_execution_options().get("tracker_write")
        prepared.ahead(connection.info).forget()
        if not (writing and _begun(connection, several)):
            ask_quickly(connection, write if writing else read)

    @event.listens_for(made, "after_cursor_execute")
    def _told(connection: Connection, *_: object) -> None:
        prepared.ahead(connection.info).forget()  # it may have changed anything

    return made


def _begun(connection: Connection, statements: Sequence[str]) -> bool:
    """Begin to write, and learn what is asked first: see :func:`tracker.store.prepared.begin_writing`."""
    driver: Any = connection.connection.driver_connection
    with _invalid_once_closed(connection, driver):
        return prepared.begin_writing(driver, statements, connection.info)


@contextmanager
def _invalid_once_closed(connection: Connection, driver: Any) -> Iterator[None]:
    try:
        yield
    except BaseException as fault:
        if driver.closed:
            connection.invalidate(fault)
        raise


def ask(connection: Connection, words: str, values: Sequence[Any] = ()) -> Any:
    """Ask the driver itself: a cursor. The way through SQLAlchemy is longer, and all other writers wait
    meanwhile."""
    beside.wait(connection)
    prepared.ahead(connection.info).forget()
    driver: Any = connection.connection.driver_connection
    with _invalid_once_closed(connection, driver):
        return driver.execute(words.encode(), values or None)


def ask_quickly(connection: Connection, words: str, values: Sequence[Any] = ()) -> Any:
    """The same with a cursor that is kept, to spare the time that it takes to make one: what it has found is
    to be taken from it before anything else is asked so."""
    beside.wait(connection)
    cursor = connection.info.get(_CURSOR)
    if cursor is None:
        driver: Any = connection.connection.driver_connection
        cursor = connection.info[_CURSOR] = driver.cursor()
    with _invalid_once_closed(connection, cursor.connection):
        return cursor.execute(words.encode(), values or None)


def ask_prepared(
    connection: Connection, words: str, values: Sequence[Any] = (), *, heard: bool = False
) -> Any:
    """Ask what is asked again and again, with ``?`` where a value goes; what gives its rows. See
    :func:`tracker.store.prepared.ask`."""
    beside.wait(connection)
    driver: Any = connection.connection.driver_connection
    with _invalid_once_closed(connection, driver):
        return prepared.ask(driver, words, values, connection.info, heard=heard)


_SOON = ("starting up", "recovery mode", "not yet accepting connections")
"""What a server says that will answer in a few seconds."""


def _connected(dialect: sa.Dialect, words: Any, options: Any, patience: float) -> Any:
    """A connection of the driver, waiting for a server that is just coming up."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return dialect.connect(*words, **options)
        except dialect.loaded_dbapi.OperationalError as error:
            if not any(soon in str(error) for soon in _SOON) or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def shown(url: URL) -> str:
    """The URL without its passwords."""
    told = ((name, value if isinstance(value, str) else ",".join(value)) for name, value in url.query.items())
    hidden = {name: "***" for name, value in told if is_secret(name) or is_secret(value) or "://" in value}
    return url.update_query_dict(hidden).render_as_string(hide_password=True).replace("%2A%2A%2A", "***")


# --- the journal ----------------------------------------------------------------------------------

AT_ONCE = 16
"""Entries that one statement adds at most; for many, the time that each takes counts, not the way there
and back."""


_SET_HEAD = "UPDATE journal_head SET size = ?, root = ?, peaks = ? WHERE id = 1"


@lru_cache(maxsize=200)
def _append(entries: int, nodes: int) -> str:
    """The statement that adds so many rows to the journal and its tree, and sets its head."""
    rows = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?)"] * entries)
    words = "INSERT INTO journal (seq, batch, recorded_at, author, act, subject, body, leaf) VALUES"
    added = f"WITH entries AS ({words} {rows})"
    if nodes:
        rows = ", ".join(["(?, ?, ?)"] * nodes)
        words = "INSERT INTO journal_nodes (level, position, hash) VALUES"
        added += f", nodes AS ({words} {rows})"
    return f"{added} {_SET_HEAD}"


def append(
    connection: Connection,
    entries: Sequence[tuple[Any, ...]],
    nodes: Sequence[tuple[Any, ...]],
    head: tuple[Any, ...],
) -> None:
    """Add rows to the journal and its tree, and set its head, in one statement: each statement is a way
    there and back, in which all others wait for their turn."""
    values = (*chain.from_iterable(entries), *chain.from_iterable(nodes), *head)
    ask_prepared(connection, _append(len(entries), len(nodes)), values, heard=True)


# --- tables ---------------------------------------------------------------------------------------


def check_encoding(connection: Connection) -> None:
    """Refuse a database that cannot hold every letter."""
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        raise StoreError(
            f"the database is of the encoding {encoding}, which does not hold every letter",
            "make another with: createdb --encoding=UTF8 --template=template0 NAME",
        )


def order_by_bytes(connection: Connection, tables: sa.MetaData) -> None:
    """Give every column of text the order of its bytes and no length, as SQLite has it.

    Otherwise the locale of the database would decide which keys come first, and which begin alike.
    """
    found = connection.execute(
        sa.text(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND data_type IN ('character varying', 'text')"
            " AND (collation_name IS DISTINCT FROM 'C' OR data_type <> 'text')"
            " ORDER BY table_name, ordinal_position"
        )
    )
    changes: dict[str, list[str]] = {}
    quote = connection.dialect.identifier_preparer.quote
    for table, column in found:
        if table in tables.tables:
            change = f'ALTER COLUMN {quote(column)} TYPE text COLLATE "C"'
            changes.setdefault(table, []).append(change)
    for table, columns in changes.items():
        connection.exec_driver_sql(f"ALTER TABLE {quote(table)} {', '.join(columns)}")


AGAIN = 2.0
"""Seconds in which rows that somebody may still see are taken out again and again."""


def scrub(driver: Any, seconds: float) -> bool:
    """Write every table anew without the rows that are gone; says whether nothing of them is left.

    Whoever reads a table keeps it from being written anew, and would keep all others waiting behind that:
    so it is given up after so many ``seconds``. Who reads another one may still see rows that are gone,
    which are kept for him; the server counts them in what it tells. So they are for a moment when somebody
    merely connects: what was kept is written once more, for at most :data:`AGAIN` seconds.

    Raises :class:`ReadOnly` where the tables belong to somebody else: the server only warns of that.
    """
    kept: list[int] = []
    refused: list[str] = []

    def hear(notice: Any) -> None:
        if notice.severity_nonlocalized == "WARNING":
            refused.append(notice.message_primary or "")
        counted = re.match(r"\d+", notice.message_detail or "")
        if counted is not None:
            kept.append(int(counted[0]))

    driver.autocommit = True
    driver.add_notice_handler(hear)
    driver.execute(f"SET lock_timeout = {max(1, int(1000 * seconds))}")
    names = [table.name for table in metadata.sorted_tables]
    deadline = time.monotonic() + AGAIN
    while names:
        left = []
        for name in names:
            kept.clear()
            try:
                driver.execute(f'VACUUM (FULL, VERBOSE) "{name}"')
            except driver.OperationalError as fault:
                if fault.sqlstate != "55P03":
                    raise
                return False
            if refused:
                words = f"the database was not written anew ({refused[0]})"
                raise ReadOnly(words, "ask the owner of its tables to do it")
            if any(kept):
                left.append(name)
        names = left
        if names and time.monotonic() > deadline:
            return False
        time.sleep(0.05 if names else 0)
    return True


def vacuum(driver: Any, seconds: float) -> None:
    """Give back the room of rows that are gone, and learn anew how the others lie, table by table: each
    waits for whoever changes that table's form, and nobody who reads or writes waits for it.

    Raises :class:`ReadOnly` where the tables belong to somebody else: the server only warns of that.
    """
    refused: list[str] = []
    driver.autocommit = True
    driver.add_notice_handler(lambda notice: refused.append(notice.message_primary or ""))
    driver.execute(f"SET lock_timeout = {max(1, int(1000 * seconds))}")
    for table in metadata.sorted_tables:
        driver.execute(f'VACUUM (ANALYZE) "{table.name}"')
        if refused:
            raise ReadOnly(
                f"the database was not vacuumed ({refused[0]})", "ask the owner of its tables to do it"
            )


def size(connection: Connection) -> int:
    """The bytes that the tables take up, with their indexes."""
    sizes = "SELECT sum(pg_total_relation_size(format('%%I', tablename)::regclass)) FROM pg_tables"
    names = [table.name for table in metadata.sorted_tables]
    words = f"{sizes} WHERE schemaname = current_schema() AND tablename = ANY(%s)"
    return int(ask(connection, words, [names]).fetchone()[0] or 0)


# --- what to say ----------------------------------------------------------------------------------


def warnings(connection: Connection) -> list[str]:
    """The settings of the server under which it may lose what it has said it holds."""
    off = {
        "synchronous_commit": "the last acts that were recorded are lost when it dies",
        "fsync": "the database may be damaged when its machine dies",
        "full_page_writes": "the database may be damaged when its machine dies",
    }
    found = []
    for name, danger in off.items():
        if connection.exec_driver_sql(f"SHOW {name}").scalar() == "off":
            found.append(f"the server runs with {name} = off: {danger}; set it to on")
    if connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar():
        found.append("the server is a standby: it can be read, and not written")
    return found
