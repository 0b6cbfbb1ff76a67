"""PostgreSQL for the tests: one server for a whole run, and for each test a database of its own.

Workers of one run meet in a folder. The first that needs a server has a keeper start it, a process that
stops it when the last worker has gone, however it went: it waits for a lock that each worker shares
while it lives, and that the system takes from the dead.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import sqlalchemy as sa

from tests.support.pgserver import PATIENCE, NoServer, Server
from tracker.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
GIVEN = "TRACKER_TEST_POSTGRES"
"""Names the URL of a server on which tests may make databases and drop them."""

_numbers = count(1)


def text_of(url: sa.URL) -> str:
    """The URL, password and all, as the program takes it."""
    return url.render_as_string(hide_password=False)


def reach(url: sa.URL | str, *, autocommit: bool = True) -> psycopg.Connection[tuple[object, ...]]:
    """A plain connection of the driver, past the program."""
    plain = sa.make_url(url).set(drivername="postgresql")
    return psycopg.connect(text_of(plain), autocommit=autocommit)


class Databases:
    """Makes databases on a server, from templates, and drops them."""

    def __init__(self, server: sa.URL, meeting: Path) -> None:
        self.server = server
        self._meeting = meeting
        self._emptied: list[str] = []
        # Several runs may share a server that was given, but no two have a process of one number at once.
        self._tag = f"tracker_test_{os.getpid()}"

    def _do(self, statement: str) -> None:
        with reach(self.server) as connection:
            connection.execute(statement.encode())

    def make(self, template: str | None = None) -> str:
        """The URL of a new database: with the rows of a template, or with nothing in it."""
        name = f"{self._tag}_{next(_numbers)}"
        if template:
            self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        else:
            self._make_fresh(name)
        return text_of(self.server.set(database=name))

    def _make_fresh(self, name: str) -> None:
        """A database with nothing in it: in the language of a country where the server knows one, so
        that what goes by its order and not by bytes shows."""
        words = f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"
        try:
            self._do(f"{words} LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
        except (psycopg.errors.FeatureNotSupported, psycopg.errors.SyntaxError):
            self._do(words)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        self._do(f"DROP DATABASE IF EXISTS {sa.make_url(url).database} WITH (FORCE)")

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """The name of a database to make others from, filled by the first worker that asks for it."""
        database = f"tracker_test_{name}_{self._meeting.name.replace('-', '_')}"
        with locked(self._meeting / f"{name}.lock"):
            done = self._meeting / f"{name}.filled"
            if not done.exists():
                self._make_fresh(database)
                fill(text_of(self.server.set(database=database)))
                done.touch()
        return database

    def borrow(self, template: str) -> str:
        """An empty tracker: one that was given back, or a new one."""
        return self._emptied.pop() if self._emptied else self.make(template)

    def give_back(self, url: str) -> None:
        """Empty a tracker for the next test, which takes a tenth of the time that a new one takes; one
        that is not as it was made is dropped."""
        with reach(url) as connection:
            connection.execute(b"SET lock_timeout = '1s'")
            try:
                names = ", ".join(f'"{name}"' for name in metadata.tables)
                connection.execute(f"TRUNCATE {names}".encode())
            except psycopg.Error:
                self.drop(url)
                return
        self._emptied.append(url)

    def close(self) -> None:
        """Drop what is left of this worker's."""
        for url in self._emptied:
            self.drop(url)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """While this lasts, no other process is in here."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def shared(meeting: Path) -> Iterator[Databases]:
    """The run's server; raises :class:`NoServer` where there can be none."""
    meeting.mkdir(exist_ok=True)
    if given := os.environ.get(GIVEN):
        url = sa.make_url(given).set(drivername="postgresql+psycopg")
        databases = Databases(url, meeting)
        yield databases
        databases.close()
        return
    with (meeting / "users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with locked(meeting / "start.lock"):
            found = _started(meeting)
        yield Databases(sa.make_url(found), meeting)


def _started(meeting: Path) -> str:
    """The URL of the server, which the first to come has started."""
    url, failed = meeting / "url", meeting / "failed"
    if not url.exists() and not failed.exists():
        keeper = [sys.executable, "-m", "tests.support.postgres", str(meeting)]
        subprocess.run(keeper, cwd=ROOT, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    deadline = time.monotonic() + 2 * PATIENCE
    while not url.exists():
        if failed.exists():
            raise NoServer(failed.read_text("utf-8"))
        if time.monotonic() > deadline:
            raise NoServer("the PostgreSQL server for the tests does not start")
        time.sleep(0.02)
    return url.read_text("utf-8")


def _keep(meeting: Path) -> None:
    """Start the server, and stop it when nobody uses it any more."""
    try:
        server = Server()
    except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must hear of it
        _tell(meeting / "failed", str(error))
        return
    try:
        _tell(meeting / "url", text_of(server.url()))
        with (meeting / "users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
    finally:
        server.close()


def _tell(path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(text, "utf-8")
    partial.rename(path)


if __name__ == "__main__":
    if os.fork() == 0:
        # Nobody waits for it, and Ctrl-C is not for it.
        os.setsid()
        with Path(os.devnull).open("w", encoding="utf-8") as nothing:
            for stream in (sys.stdout, sys.stderr):
                os.dup2(nothing.fileno(), stream.fileno())
        _keep(Path(sys.argv[1]))
