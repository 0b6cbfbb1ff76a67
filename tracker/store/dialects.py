"""What differs between databases, and nothing else: how to connect, begin a write, and read a fault.

The URL alone decides the database. Any SQL that only one of them understands belongs here.
"""

from __future__ import annotations

import errno
import math
import os
import re
import shlex
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.pool import StaticPool

from claims.errors import BadValue, ClaimsError
from tracker.errors import Corrupt, DiskFull, Locked, NoTracker, ReadOnly, StoreError
from tracker.store import fulltext, postgres
from tracker.store.locking import locked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.engine import URL, Connection, Engine

PATIENCE = 30.0
"""Seconds that a writer waits for another, unless ``?timeout=`` in the URL or
``TRACKER_BUSY_TIMEOUT`` says otherwise. The driver's own 5 s are too few where many write without a
pause."""

PORTION = 0.25
"""Seconds of one wait inside SQLite, where nothing interrupts it."""

SAFE_SQLITE = "; 3.51.3 or later does not"

WRITE = {"tracker_write": True}
"""Execution options of a connection that is going to write."""

CHUNK = 500
"""Keys per query: databases limit the parameters of one statement (SQLite's oldest limit is 999)."""


def chunks(keys: Iterable[object]) -> Iterator[list[str]]:
    """Keys, each once and in order, in portions that one statement can take. What is no text, as in a
    journal from elsewhere, is no key: one database finds nothing by it, and another fails."""
    ordered = sorted({key for key in keys if isinstance(key, str)})
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def engine_for(url: str, *, must_exist: bool) -> Engine:
    """An engine for a database URL, or the plain path of a SQLite file.

    Raises :class:`NoTracker` where a SQLite file must exist and does not, :class:`BadValue` for a
    URL that cannot be read, and :class:`StoreError` where the database's driver is missing.
    """
    parsed = read_url(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            path = sqlite_path(parsed)
            if path is not None and must_exist and not _exists(path):
                raise NoTracker(
                    f"there is no tracker at {path}",
                    f"make one with: tracker init --db {shlex.quote(str(path))}",
                )
            return _sqlite_engine(parsed, path, patience(parsed))
        if parsed.get_backend_name() == "postgresql":
            return postgres.engine(parsed, patience(parsed))
        return sa.create_engine(parsed)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"no driver for {parsed.get_backend_name()} databases is installed ({error})",
            "for PostgreSQL: pip install 'claims-verification-tracker[postgres]', "
            "and a URL that begins with postgresql+psycopg://",
        ) from error
    except (sa.exc.ArgumentError, ValueError, TypeError) as error:
        raise BadValue(f"the database URL cannot be used ({error})", URL_HINT) from error


URL_HINT = "for example sqlite:///newsroom.db, or just a path"


_SERVER_HINT = "on a server: postgresql+psycopg://USER@HOST/NAME, with :// and no password; a file: its path"

_MEANT_FOR_A_SERVER = re.compile(
    r"(?i)^postgres\w*(\+\w+)?:|^\w+(\+\w+)?//|^[^/\\]*:[^/\\]*@"
    r"|^\s*(host|hostaddr|port|dbname|user|service)\s*=|\bpass(word|wd|phrase)?\s*="
)
"""URLs that lack a sign, and what PostgreSQL's own programs take instead of a URL."""

_SIGNS_HINT = (
    "leave the password out, and keep it in PGPASSWORD or ~/.pgpass; "
    "or write @ in it as %40, / as %2F, : as %3A and % as %25"
)


def read_url(url: str) -> URL:
    """The URL that a person gave; a plain path means a SQLite file there, whatever is in its name."""
    if "://" in url and url.partition("?")[0].count("@") > 1:
        # What stands behind the first would be taken for the server's name, and shown.
        raise BadValue("the database URL has more than one @ before its options", _SIGNS_HINT)
    if "://" not in url and _MEANT_FOR_A_SERVER.search(url):
        # Taken for a path, it would be shown with its password, and made as a file.
        raise BadValue("the database is named neither by a URL nor by a path", _SERVER_HINT)
    try:
        if "://" in url:
            return _with_plain_host(sa.make_url(url))
        return sa.URL.create("sqlite", database=str(Path(url).expanduser()))
    except (sa.exc.ArgumentError, ValueError) as error:
        raise BadValue("the database URL cannot be read", URL_HINT) from error
    except RuntimeError as error:  # "~name" of a user that is not there
        raise BadValue(f"{url} is in the folder of an unknown user", "write the path out") from error


def _with_plain_host(url: URL) -> URL:
    """A URL, if its host can be one. What stands behind an unescaped sign of a password would be taken for
    the server's name, and shown."""
    if "@" in (url.host or "") or any("@" in part for part in url.query):
        raise BadValue("the database URL has an @ where no @ can be", _SIGNS_HINT)
    return url


def sqlite_path(url: URL) -> Path | None:
    """The file of a SQLite URL, or None for one in memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:  # a folder that may not be entered, a name that is too long
        raise StoreError(
            f"{path} cannot be looked at ({error.strerror or error})", "check the path and its permissions"
        ) from error


def patience(url: URL) -> float:
    """Seconds to wait for another writer. Raises :class:`BadValue` where what is asked is no time."""
    asked = url.query.get("timeout") or os.environ.get("TRACKER_BUSY_TIMEOUT") or PATIENCE
    try:
        seconds = float(asked) if not isinstance(asked, tuple) else math.nan
    except ValueError:
        seconds = math.nan
    # SQLite counts milliseconds in 31 bits.
    if not 0 <= seconds <= 1_000_000:
        raise BadValue(f"{asked!r} is not a time to wait for", "give seconds, such as 5 or 0.5")
    return seconds


def _sqlite_engine(url: URL, path: Path | None, seconds: float) -> Engine:
    options: dict[str, Any] = {} if path is not None else {"poolclass": StaticPool}
    plain = url.difference_update_query(["timeout"])
    engine = sa.create_engine(plain, connect_args={"timeout": seconds}, **options)

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
        raw: Any = connection.connection.dbapi_connection
        if connection.get_execution_options().get("tracker_write"):
            _begin_writing(raw, seconds)
        else:
            raw.execute("BEGIN")

    return engine


def _begin_writing(connection: sqlite3.Connection, seconds: float) -> None:
    """BEGIN IMMEDIATE, waiting for another writer in portions, so that Ctrl-C is heard in between."""
    deadline = time.monotonic() + seconds
    try:
        while True:
            left = deadline - time.monotonic()
            connection.execute(f"PRAGMA busy_timeout={int(1000 * max(0, min(PORTION, left)))}")
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if _code(error) != sqlite3.SQLITE_BUSY or left <= PORTION:
                    raise
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout={int(1000 * seconds)}")


def prepare_new(engine: Engine) -> None:
    """Settings that a new database keeps for life: SQLite writes ahead, so that readers and the
    one writer do not stop each other."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA journal_mode=WAL")
    elif engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            postgres.check_encoding(connection)


def shown(url: URL) -> str:
    """What messages call a database: the path of a file, or the URL without its passwords."""
    path = sqlite_path(url)
    return str(path) if path is not None else postgres.shown(url)


def setting_warnings(connection: Connection) -> list[str]:
    """The settings under which this database may lose what it has said it holds."""
    if connection.dialect.name == "postgresql":
        return postgres.warnings(connection)
    if connection.dialect.name == "sqlite" and has_wal_reset_bug():
        return [f"this SQLite can lose commits when two programs write at once{SAFE_SQLITE}"]
    return []


def allow_dangling(connection: Connection) -> None:
    """From here on, rows of this SQLite connection may refer to rows that are not there. Within a
    transaction SQLite would take no notice."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")


def forget_deleted(connection: Connection) -> None:
    """From here on, what this connection deletes or overwrites is wiped and not only let go of."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def scrub(engine: Engine) -> bool:
    """Write the database anew without what was deleted or overwritten; says whether nothing of that is
    left in its files. Where another program still reads an earlier state, some is, until it ends."""
    raw = engine.raw_connection()
    try:
        driver: Any = raw.dbapi_connection
        if engine.dialect.name == "postgresql":
            return postgres.scrub(driver, PORTION)
        driver.execute("VACUUM")
        return _checkpointed(driver)
    finally:
        raw.invalidate()  # its settings are not those of other connections
        raw.close()


def _checkpointed(driver: Any) -> bool:
    """Move all that SQLite wrote ahead into the file; says whether it could, or somebody reads there."""
    driver.execute(f"PRAGMA busy_timeout={int(1000 * PORTION)}")
    busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


SAMPLE = 1000
"""Rows of an index that SQLite looks at to learn how its values lie (the manual of PRAGMA analysis_limit
recommends 100 to 1000)."""


def vacuum(engine: Engine, seconds: float) -> bool:
    """Give back the room that deleted rows took, and have the database learn anew how its rows lie; says
    whether the files are as small as they will get. ``seconds`` is how long it waits for others."""
    raw = engine.raw_connection()
    try:
        driver: Any = raw.dbapi_connection
        if engine.dialect.name == "postgresql":
            postgres.vacuum(driver, seconds)
            return True
        driver.execute("VACUUM")
        driver.execute(f"PRAGMA analysis_limit={SAMPLE}")
        driver.execute("ANALYZE")
        return _checkpointed(driver)
    finally:
        raw.invalidate()
        raw.close()


def size(connection: Connection, path: Path | None) -> int:
    """The bytes that a tracker takes up in its database, without archived documents."""
    if connection.dialect.name == "postgresql":
        return postgres.size(connection)
    files = [Path(f"{path}{extra}") for extra in ("", "-wal")]
    return sum(file.stat().st_size for file in files if file.exists())


def integrity_problems(connection: Connection) -> list[str]:
    """What the database itself finds wrong with its file."""
    if connection.dialect.name != "sqlite":
        return []
    if lacking := fulltext.sqlite_problem(connection):
        return ["; ".join(lacking)]
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    problems = [] if found == ["ok"] else found
    return problems + [f"{row[0]} row {row[1]} refers to a {row[2]} that is not there" for row in dangling]


def copy_into(connection: Connection, target: Path) -> None:
    """Copy a SQLite database, as it stands for this connection, to a new file. SQLite does it: whoever
    opens and closes the file itself drops the locks that this process holds on it."""
    raw: Any = connection.connection.dbapi_connection
    try:
        with closing(sqlite3.connect(target)) as copy:
            raw.backup(copy)
    except sqlite3.Error as error:
        fault = translate(error, str(target), target)
        raise (error if isinstance(fault, Corrupt) else fault) from error


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


_BY_CODE: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_BUSY: Locked,
    sqlite3.SQLITE_LOCKED: Locked,
    sqlite3.SQLITE_READONLY: ReadOnly,
    sqlite3.SQLITE_PERM: ReadOnly,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_CORRUPT: Corrupt,
    sqlite3.SQLITE_NOTADB: Corrupt,
}
_BY_WORDS: tuple[tuple[str, type[StoreError]], ...] = (
    ("lock timeout", Locked),
    ("read-only", ReadOnly),
    ("permission denied", ReadOnly),
    ("no space left", DiskFull),
    ("could not decode to utf-8", Corrupt),
)
"""What other databases say, and the Python driver of SQLite by itself."""


def translate(fault: BaseException, name: str, path: Path | None) -> ClaimsError:
    """The error that a user can act on, for one that the driver gave.

    ``name`` is what messages call the database, ``path`` its file if it is one.
    """
    if hasattr(fault, "sqlstate"):
        from tracker.store import pgfaults  # only where something went wrong

        return pgfaults.translate(fault, name)
    text = str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
    if "no such module: fts5" in text:
        return StoreError(*fulltext.NO_FTS5)
    kind = _BY_CODE.get(_code(fault)) or next(
        (kind for words, kind in _BY_WORDS if words in text.lower()), StoreError
    )
    if path is not None and (kind is ReadOnly or _code(fault) == sqlite3.SQLITE_CANTOPEN):
        return _shut(name, path, text)
    if kind is Locked:
        return locked(name)
    if kind is ReadOnly:
        return ReadOnly(
            f"{name} cannot be written ({text})",
            "check who owns the file and its folder, and whether the disk is mounted read-only",
        )
    if kind is DiskFull or getattr(fault, "errno", None) == errno.ENOSPC:
        return DiskFull(
            f"no room is left to write {name}; nothing of this act was kept",
            "free some space and run the command again",
        )
    if kind is Corrupt:
        return Corrupt(
            f"{name} is not a tracker's database, or it is damaged ({text})",
            "restore a backup; tracker audit verify says what can still be trusted",
        )
    if _code(fault) == sqlite3.SQLITE_IOERR:
        return StoreError(
            f"the disk failed while {name} was read or written ({text}); nothing of this act was kept",
            "check the disk, and how much you may store on it",
        )
    return StoreError(f"the database at {name} refused: {text}", "run: tracker doctor")


def _shut(name: str, path: Path, text: str) -> StoreError:
    """Why a file cannot be opened or written: SQLite itself does not say much."""
    if os.path.isdir(path):  # noqa: PTH112 - which never fails, unlike path.is_dir()
        return StoreError(f"{name} is a folder", "name a file in it")
    # Even to read, SQLite needs two more files beside its own (-wal and -shm).
    if os.access(path.parent, os.F_OK) and not os.access(path.parent, os.W_OK):
        return ReadOnly(
            f"the folder of {name} cannot be written, which even reading needs",
            "check who owns the folder, or copy the file to one of your own",
        )
    if os.access(path, os.R_OK):
        return ReadOnly(
            f"{name} cannot be written ({text})",
            "check who owns the file and its folder, and whether the disk is mounted read-only",
        )
    return StoreError(f"{name} cannot be opened", "check the path and its permissions")


def _code(fault: BaseException) -> int:
    """SQLite's primary code for a fault; -1 where there is none."""
    code = getattr(fault, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else -1
