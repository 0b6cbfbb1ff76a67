"""A database of a tracker: opened, checked, read and written in transactions, its faults translated."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from tracker.store import schema, spellings
from tracker.store.dialects import (
    WRITE,
    engine_for,
    patience,
    prepare_new,
    read_url,
    scrub,
    shown,
    size,
    sqlite_path,
    translate,
    vacuum,
)
from tracker.store.locking import lock_path, remembered, turn
from tracker.store.postgres import WRITING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tracker.store.locking import Turn

    Foresight = Callable[[sa.Connection], None]

_VERSION = "SELECT version_num FROM alembic_version"

Connection = sa.Connection
"""A connection to the database, for those who only hand it on."""


class Database:
    """One database, named by its URL or by the path of a SQLite file.

    ``name`` is what messages call it: the path, or the URL without its password. ``patience`` is for how
    many seconds one waits for another.
    """

    def __init__(self, url: str, *, must_exist: bool = True) -> None:
        self.engine = engine_for(url, must_exist=must_exist)
        self._writers = self.engine.execution_options(**WRITE)
        self.path: Path | None = sqlite_path(self.engine.url)
        self._lock = None if self.path is None else lock_path(self.path)
        self.patience = patience(read_url(url))
        self.name = shown(self.engine.url)
        self.user: str | None = None
        """Whom the database has let in, by its own name for them; None before, and of a file."""
        self._taken: Turn | None = None
        self._idle: list[Connection] = []
        self.turns = 0
        """How often somebody has begun to write through this."""
        event.listen(self.engine, "connect", self._let_in)

    def _let_in(self, driver: Any, _record: object) -> None:
        # As the server knows them; a URL need not name anybody.
        self.user = getattr(getattr(driver, "info", None), "user", None)

    @property
    def url(self) -> str:
        """The URL, password and all: for handing on, never for showing."""
        return self.engine.url.render_as_string(hide_password=False)

    def schema_version(self) -> str | None:
        """The revision that the database says it is at; None where there is no tracker."""
        with self.reading() as connection:
            if not connection.dialect.has_table(connection, "alembic_version"):
                return None
            found: str | None = connection.exec_driver_sql(_VERSION).scalar()
            return found

    def check_schema(self) -> None:
        """Refuse a database of another version, saying which side to update."""
        schema.check(self.schema_version())

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database from beginning to end."""
        with self._translated(), self._begun(writing=False) as connection:
            yield connection

    @contextmanager
    def writing(self, foreseeing: Foresight | None = None) -> Iterator[Connection]:
        """A connection that alone may write; all of it is kept at the end, or none. What is ``foreseeing``
        says what is going to be asked first, which a server is then asked along with the beginning."""
        from tracker.store.journal import read_head, take_new_head  # of no use to those who only read

        self.turns += 1
        with self._translated(), self._turn() as turn:
            with self._begun(writing=True, foreseeing=foreseeing) as connection, _kept(connection):
                take_new_head(connection)  # of an act before that failed
                yield connection
                spellings.settle(connection)
                head = take_new_head(connection) or (None if turn is None else read_head(connection))
            if turn is not None:
                turn.remember(head)

    def prepare(self) -> None:
        """Give a new database the settings that it keeps for life."""
        with self._translated(), self._turn() as turn:
            prepare_new(self.engine)
            if turn is not None:
                turn.remember(None)  # another may have been here before

    def renew_rights(self, connection: Connection) -> None:
        """Bring the rights of roles up to date, where there are any: an upgrade may make new tables."""
        if self.path is None and self.engine.dialect.name == "postgresql":
            from tracker.store import roles

            roles.run(connection, roles.renewed(connection))

    def scrub(self) -> bool:
        """Write the database anew without what was deleted; says whether nothing of that is left in
        its files."""
        with self._translated(), self._turn():
            return scrub(self.engine)

    def vacuum(self) -> tuple[int, int, bool]:
        """Give back the room of what is gone; the bytes that it took before and takes now, and whether
        that is all that can be given back: somebody may still be reading an earlier state."""
        with self.reading() as connection:
            before = size(connection, self.path)
        with self._translated(), self._turn():
            done = vacuum(self.engine, self.patience)
        with self.reading() as connection:
            return before, size(connection, self.path), done

    @contextmanager
    def upgrading(self) -> Iterator[Connection]:
        """A connection on which migrations begin and end their own transaction."""
        with (
            self._translated(),
            self._turn(),
            self._writers.connect() as connection,
        ):
            yield connection

    @contextmanager
    def _begun(self, *, writing: bool, foreseeing: Foresight | None = None) -> Iterator[Connection]:
        """A connection on which a transaction has begun. One that was lost while nobody used it, as
        when the server was restarted, is replaced: nothing was asked of it yet."""
        connection = self._connected(writing=writing)
        try:
            try:
                _begin(connection, foreseeing, writing=writing)
            except self.engine.dialect.loaded_dbapi.Error:
                if not connection.invalidated:
                    raise
                _begin(connection, foreseeing, writing=writing)
            spellings.forget(connection)  # what an act before learned that failed
            yield connection
        except BaseException:
            connection.close()
            raise
        self._put_by(connection, writing=writing)

    def _connected(self, *, writing: bool) -> Connection:
        """A connection that nobody uses. One is kept from one act to the next: to take it from its engine
        and to give it back takes time, in which others may be waiting."""
        try:
            return self._idle.pop() if self._keeps(writing=writing) else self._new(writing=writing)
        except IndexError:
            return self._new(writing=writing)

    def _new(self, *, writing: bool) -> Connection:
        on_server = self.engine.dialect.name == "postgresql"
        return (self._writers if writing and not on_server else self.engine).connect()

    def _keeps(self, *, writing: bool) -> bool:
        """Whether a connection is kept: to a server, where it serves whoever comes; to a file, of those who
        write."""
        return writing if self.path is not None else self.engine.dialect.name == "postgresql"

    def _put_by(self, connection: Connection, *, writing: bool) -> None:
        """Have a connection at hand for the next act. What was asked of it is answered, and what was done is
        kept: if it is lost just now, nobody misses it."""
        if self._keeps(writing=writing) and not self._idle and not connection.invalidated:
            try:
                connection.rollback()
            except (DBAPIError, self.engine.dialect.loaded_dbapi.Error):
                pass
            else:
                self._idle.append(connection)
                return
        connection.close()

    @contextmanager
    def _turn(self) -> Iterator[Turn | None]:
        """A turn at writing, for the kind of database that lets writers jump the queue."""
        if self.path is None:
            yield None
            return
        with turn(self.path, self.name, self.patience, self._lock) as taken:
            self._taken = taken
            try:
                yield taken
            finally:
                self._taken = None

    @property
    def lost_hint(self) -> str:
        """What to do where the journal falls short of what is remembered of it."""
        return (
            f"put back the {self.name}-wal that belongs to it, or the newest backup; "
            f"if an older state is meant, delete {self.name}.lock and go on"
        )

    def is_own(self, file: str | Path) -> bool:
        """Whether a file is this database, or one of those that SQLite keeps beside it."""
        if self.path is None:
            return False
        for extra in ("", "-wal", "-shm"):
            try:
                if os.path.samefile(f"{self.path}{extra}", os.path.expanduser(file)):  # noqa: PTH111, PTH121
                    return True
            except (OSError, ValueError):  # one of the two is not there
                continue
        return False

    def remembered(self) -> tuple[int, str] | None:
        """The size and root (hex) that the journal had after the last write, as it is kept beside the
        database; None where nothing is."""
        if self._taken is not None:
            return self._taken.remembered
        return None if self.path is None else remembered(self.path)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise translate(error.orig or error, self.name, self.path) from error
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise translate(error, self.name, self.path) from error

    def close(self) -> None:
        """Let go of the database."""
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()


def _begin(connection: Connection, foreseeing: Foresight | None, *, writing: bool) -> None:
    connection.info[WRITING] = writing  # a connection that takes the place of a lost one knows nothing
    if foreseeing is not None:
        foreseeing(connection)
    connection.begin()


@contextmanager
def _kept(connection: Connection) -> Iterator[None]:
    """Keep what is done within, or nothing of it."""
    transaction = connection.get_transaction()
    assert transaction is not None
    with transaction:
        yield


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """A part of a transaction that is undone by itself when it fails.

    Where the database itself failed, as on a full disk, it has thrown the whole transaction away
    already, and there is no savepoint left to go back to.
    """
    before = spellings.unsettled(connection)
    nested = connection.begin_nested()
    try:
        yield
    except (DBAPIError, connection.dialect.loaded_dbapi.Error):
        raise
    except BaseException:
        nested.rollback()
        if not connection.invalidated:  # Ctrl-C in the midst of a statement costs the connection
            spellings.go_back(connection, before)
        raise
    nested.commit()
