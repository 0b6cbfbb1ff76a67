"""Runs migrations: on the connection that the tracker hands over, or on the URL of alembic.ini.

On SQLite the whole upgrade is one explicit transaction. Left to itself the driver opens none for
CREATE and ALTER, and a migration that fails half-way leaves its tables behind.
"""

from __future__ import annotations

from contextlib import contextmanager
from logging.config import fileConfig
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import context

from tracker.store import (
    indexes,  # noqa: F401 - adds those over a part of the rows to the tables
    views,
)
from tracker.store import migrate as migrating
from tracker.store.postgres import order_by_bytes
from tracker.store.schema import HEAD
from tracker.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

SHADOW_SUFFIXES = ("config", "content", "data", "docsize", "idx")


VECTORS = "ix_claims_words"
"""PostgreSQL's index over the words of claims, which the models do not hold either."""


def search_tables(connection: sa.Connection) -> set[str]:
    """The virtual tables of SQLite's full-text search and the shadow tables that they keep.

    The models do not hold them, so a comparison would propose to drop them.
    """
    if connection.dialect.name != "sqlite":
        return set()
    rows = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'"
    )
    virtual = [str(row[0]) for row in rows]
    return {*virtual, *(f"{name}_{suffix}" for name in virtual for suffix in SHADOW_SUFFIXES)}


@contextmanager
def one_transaction(connection: sa.Connection) -> Iterator[None]:
    """All of it or nothing, on any database; a transaction that the caller has open stays the caller's."""
    if connection.in_transaction():
        # The caller commits. Its own BEGIN may not have reached SQLite yet.
        begin_on_sqlite(connection)
        yield
        return
    if connection.dialect.name != "sqlite":
        with connection.begin():
            yield
        return
    # ALTER on SQLite often means: copy the table, drop it, rename the copy. With foreign keys on,
    # the drop would delete the rows that point to it. The setting can only change outside a
    # transaction, so it goes straight to the driver, which has none open yet.
    driver = connection.connection.driver_connection
    assert driver is not None
    enforced = driver.execute("PRAGMA foreign_keys").fetchone()[0]
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():
            begin_on_sqlite(connection)
            yield
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                tables = ", ".join(sorted({str(row[0]) for row in broken}))
                raise RuntimeError(f"the migration leaves rows that point to nothing, in: {tables}")
    finally:
        driver.execute(f"PRAGMA foreign_keys = {enforced}")


def begin_on_sqlite(connection: sa.Connection) -> None:
    """Take the write lock now, unless an event hook of the engine has already done so."""
    if connection.dialect.name != "sqlite":
        return
    driver = connection.connection.driver_connection
    if driver is not None and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def migrate(connection: sa.Connection) -> None:
    """Run what is asked for on this connection."""

    def include_name(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and name in hidden) and not (kind == "index" and name == VECTORS)

    with one_transaction(connection):
        hidden = search_tables(connection)
        views.drop(connection)
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_name=include_name,
            render_as_batch=connection.dialect.name == "sqlite",
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "postgresql":
            order_by_bytes(connection, metadata)
        if migrating.current(connection) == HEAD:
            views.make(connection)
        if after := context.config.attributes.get("after"):
            after(connection)


def url() -> str:
    """The database that was asked for with "-x url=…", or else the one in the settings."""
    asked: dict[str, str] = context.get_x_argument(as_dictionary=True)
    found = asked.get("url") or context.config.get_main_option("sqlalchemy.url")
    assert found is not None
    return found


def online() -> None:
    """Migrate the database itself."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    # Only a run of the alembic command itself logs; a program that calls it has its own ways.
    if context.config.config_file_name is not None:
        fileConfig(context.config.config_file_name, disable_existing_loggers=False)
    engine = sa.create_engine(url(), poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            migrate(connection)
    finally:
        engine.dispose()


def offline() -> None:
    """Print the SQL instead, for whoever may not let a program change the schema."""
    context.configure(url=url(), target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    online()
