"""What differs between databases, and nothing else: how to connect, begin a write, and read a fault.

The URL alone decides the database. Any SQL that only one of them understands belongs here.
"""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import StaticPool

from claims.errors import BadValue
from tracker.errors import Corrupt, DiskFull, Locked, NoTracker, ReadOnly, StoreError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Connection, Engine

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another. With eight writers 1 s gave 113 failures in 20 s, the
driver's 5 s gave 9, and 30 s none."""

WRITE = {"tracker_write": True}
"""Execution options of a connection that is going to write."""


def engine_for(url: str, *, must_exist: bool, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engine:
    """An engine for a database URL, or the plain path of a SQLite file.

    Raises :class:`NoTracker` where a SQLite file must exist and does not, :class:`BadValue` for a
    URL that cannot be read, and :class:`StoreError` where the database's driver is missing.
    """
    parsed = read_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = sqlite_path(parsed)
        if path is not None and must_exist and not path.exists():
            raise NoTracker(f"there is no tracker at {path}", "make one with: tracker init")
        return _sqlite_engine(parsed, path, busy_timeout_ms)
    try:
        return sa.create_engine(parsed)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"no driver for {parsed.get_backend_name()} databases is installed ({error})",
            "for PostgreSQL: pip install psycopg, and a URL that begins with postgresql+psycopg://",
        ) from error


def read_url(url: str) -> URL:
    """The URL that a person gave; a plain path means a SQLite file there."""
    text = url if "://" in url else f"sqlite:///{Path(url).expanduser()}"
    try:
        return sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise BadValue(
            "the database URL cannot be read", "for example sqlite:///newsroom.db, or just a path"
        ) from error


def sqlite_path(url: URL) -> Path | None:
    """The file of a SQLite URL, or None for one in memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def _sqlite_engine(url: URL, path: Path | None, busy_timeout_ms: int) -> Engine:
    options: dict[str, Any] = {} if path is not None else {"poolclass": StaticPool}
    engine = sa.create_engine(url, connect_args={"timeout": busy_timeout_ms / 1000}, **options)

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own BEGIN comes late and never before SELECT or DDL; ours is explicit.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        # Without this, INSERT OR REPLACE would slip past a trigger on DELETE.
        connection.execute("PRAGMA recursive_triggers=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("tracker_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def prepare_new(engine: Engine) -> None:
    """Settings that a new database keeps for life: SQLite writes ahead, so that readers and the
    one writer do not stop each other."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA journal_mode=WAL")


def lock_for_writing(connection: Connection) -> None:
    """Let one writer at a time past; SQLite's BEGIN IMMEDIATE has done so already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7266801)")


def integrity_problems(connection: Connection) -> list[str]:
    """What the database itself finds wrong with its file."""
    if connection.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    problems = [] if found == ["ok"] else found
    return problems + [f"{row[0]} row {row[1]} refers to a {row[2]} that is not there" for row in dangling]


def version_text(connection: Connection) -> str:
    """The database's own name and version."""
    if connection.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    version = connection.dialect.server_version_info or ()
    return f"{connection.dialect.name} {'.'.join(str(part) for part in version)}"


def has_wal_reset_bug(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite can lose commits when two processes reset its write-ahead log
    (3.7.0 to 3.51.2, but for the backports 3.44.6 and 3.50.7; sqlite.org/wal.html)."""
    fixed_lines = {(3, 44): 6, (3, 50): 7}
    major, minor, patch = version[:3]
    if (major, minor) in fixed_lines:
        return patch < fixed_lines[major, minor]
    return (3, 7, 0) <= (major, minor, patch) < (3, 51, 3)


def translate(error: DBAPIError, where: str) -> StoreError:
    """The error that a user can act on, for one that the database gave."""
    cause = error.orig
    text = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    low = text.lower()
    if "locked" in low or "busy" in low:
        return Locked(
            f"another program is writing to {where} and did not finish in time",
            "try again; if it lasts, find the program that keeps the file open",
        )
    if "readonly" in low or "read-only" in low or "permission denied" in low:
        return ReadOnly(
            f"{where} cannot be written ({text})",
            "check who owns the file and its folder, and whether the disk is mounted read-only",
        )
    if "full" in low or _out_of_space(cause):
        return DiskFull(
            f"no room is left to write {where}; nothing of this act was kept",
            "free some space and run the command again",
        )
    if "malformed" in low or "not a database" in low or "corrupt" in low:
        return Corrupt(
            f"{where} is not a tracker's database, or it is damaged ({text})",
            "restore a backup; tracker audit verify says what can still be trusted",
        )
    if "unable to open" in low:
        return StoreError(f"{where} cannot be opened", "check the path and its permissions")
    if "disk i/o" in low:
        return StoreError(
            f"the disk failed while {where} was read or written ({text})",
            "check the disk; nothing of this act was kept",
        )
    if isinstance(error, OperationalError):
        return StoreError(f"the database at {where} did not answer: {text}")
    return StoreError(f"the database at {where} refused: {text}", "run: tracker doctor")


def _out_of_space(cause: BaseException | None) -> bool:
    code = getattr(cause, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_FULL or getattr(cause, "errno", None) == errno.ENOSPC
