"""The newsroom that the pages on errors tell of, and what can befall its database."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager, nullcontext
from typing import TYPE_CHECKING

from tests.support.postgres import reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.support.session import Arrange, Terminal
    from tracker.app import Tracker


def furnish(tracker: Tracker) -> None:
    """Two sources, a mayor, and two claims about him."""
    tracker.add_source("Ministry of the Interior", key="ministry", type="government")
    tracker.add_source("The rebels", key="rebels", type="armed-group")
    tracker.add_entity("The mayor", key="mayor", type="person")
    tracker.add_claim(
        "The mayor was killed", key="mayor-killed", kind="death", subject="mayor", when="12 May 2012"
    )
    tracker.add_claim("The mayor has fled", key="mayor-fled", kind="event", when="May 2012")
    tracker.log("mayor-killed", source="ministry", stance="supports", published="13 May 2012")


@contextmanager
def another_writer(path: Path) -> Iterator[None]:
    """While this lasts, nobody else can write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def change(place: Path | str, *statements: str) -> None:
    """Change a database, a file or a URL, behind the tracker's back: in SQL that both kinds understand, and
    without looking at what rows refer to."""
    kind, mark, rest = str(place).partition("://")
    if mark and kind.startswith("postgresql"):
        with reach(str(place)) as server:
            server.execute("SET session_replication_role = replica")
            for statement in statements:
                if not statement.startswith("PRAGMA"):
                    zeros = re.sub(r"zeroblob\((\d+)\)", r"decode(repeat('00', \1), 'hex')", statement)
                    server.execute(zeros.encode())
        return
    path = rest.removeprefix("/") if mark else place
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


ON_EVERY_CONNECTION = """
import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine import Engine

@event.listens_for(Engine, "connect")
def _(connection, _record):
    connection.execute({statement!r})
"""
FULL = ON_EVERY_CONNECTION.format(statement="PRAGMA max_page_count = 1")
"""No database can grow: SQLite takes 1 to mean the size that it has."""
READ_ONLY = ON_EVERY_CONNECTION.format(statement="PRAGMA query_only = ON")
LATER_PROGRAM = """
from tracker.store import schema
schema.KNOWN, schema.HEAD = (*schema.KNOWN, "9999"), "9999"
"""
FAILING = """
from tracker.app import Tracker
def fail(self, *words, **fields):
    1 / 0
Tracker.add_claim = fail
"""
STOPPED = """
import os, signal
from tracker.app.transaction import Transaction
append = Transaction.append
def stopped(self, *words, **fields):
    append(self, *words, **fields)
    os.kill(os.getpid(), signal.SIGINT)
Transaction.append = stopped
"""


DENIED = """
from psycopg.errors import InsufficientPrivilege
from tracker.app import Tracker
from tracker.store.pgfaults import translate
denied = InsufficientPrivilege("permission denied for table evidence")
def act(self, **named):
    raise translate(denied, "postgresql+psycopg://rita@db.example.org/newsroom")
Tracker.act = act
"""
LOST = """
from tracker.app.transaction import Transaction
from tracker.errors import StoreError
from tracker.store.database import Database
finish, writing = Transaction.finish, Database.writing
def lost(self, *_):
    raise StoreError("the database does not answer")
def finish_and_lose(self):
    Database.writing = lost
    return finish(self)
def broken(self, *given):
    with writing(self, *given) as connection:
        yield connection
        connection.connection.dbapi_connection.close()
from contextlib import contextmanager
Transaction.finish, Database.writing = finish_and_lose, contextmanager(broken)
"""


def _fault(code: str) -> Callable[[Terminal], AbstractContextManager[None]]:
    return lambda terminal: nullcontext(terminal.fault(code))


def _changed(*statements: str) -> Callable[[Terminal], AbstractContextManager[None]]:
    return lambda terminal: nullcontext(change(terminal.folder / "newsroom.db", *statements))


def _another_writer(terminal: Terminal) -> AbstractContextManager[None]:
    return another_writer(terminal.folder / "newsroom.db")


ARRANGE: Arrange = {
    "another program that is writing to newsroom.db": _another_writer,
    "a disk with no room left": _fault(FULL),
    "a database that may only be read": _fault(READ_ONLY),
    "a program that is newer than newsroom.db": _fault(LATER_PROGRAM),
    "a newsroom.db that a newer program has upgraded": _changed(
        "UPDATE alembic_version SET version_num = '9999'"
    ),
    "somebody who edited entry 5 of the journal in the file": _changed(
        "UPDATE journal SET body = replace(body, 'killed', 'wounded') WHERE seq = 5"
    ),
    "a database that is lost in the very moment of keeping an act": _fault(LOST),
    "a server on which the user only reads": _fault(DENIED),
    "a fault in the program": _fault(FAILING),
    "somebody who presses Ctrl-C while the claim is being recorded": _fault(STOPPED),
}
