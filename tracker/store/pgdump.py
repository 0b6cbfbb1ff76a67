"""A PostgreSQL database copied to a file by PostgreSQL's own programs, and the file read back.

The file is an archive of ``pg_dump`` in its custom format, which ``pg_restore`` reads. No password is on
a command line, where everybody who may list processes sees it: it goes into the program's environment.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from claims.errors import BadValue
from tracker.errors import AuditBroken, DiskFull, StoreError, Unreachable
from tracker.journal.merkle import leaf_hash, root_of
from tracker.store.postgres import is_secret
from tracker.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

INSTALLED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
"""Where PostgreSQL's programs are kept by version and not on PATH: Debian, Red Hat, Homebrew."""

NOT_HERE = "(?i)could not (translate|connect)|connection to server|server closed|terminating connection"


@dataclass(frozen=True, slots=True)
class Programs:
    """``pg_dump`` and ``pg_restore`` of one version."""

    folder: Path
    version: int

    @property
    def dump(self) -> str:
        """The program that writes an archive."""
        return str(self.folder / "pg_dump")

    @property
    def restore(self) -> str:
        """The program that reads one."""
        return str(self.folder / "pg_restore")


def programs_for(server: int) -> Programs:
    """Programs that can copy from a server of a major version: the first on PATH, else the newest that
    is installed. Raises :class:`StoreError` where there are none, or only older ones."""
    found = [programs for folder in _folders() if (programs := _look(folder)) is not None]
    for programs in found:
        if programs.version >= server:
            return programs
    install = (
        f"install PostgreSQL's client programs of version {server} or later, "
        f"such as Debian's postgresql-client-{server}"
    )
    if found:
        newest = max(found, key=lambda programs: programs.version)
        raise StoreError(
            f"{newest.dump} is of version {newest.version}, too old for a server of version {server}",
            install,
        )
    raise StoreError("there is no pg_dump here, which copies PostgreSQL databases", install)


def _folders() -> Iterator[Path]:
    on_path = shutil.which("pg_dump")
    if on_path is not None:
        yield Path(on_path).parent
    for pattern in INSTALLED:
        yield from sorted(Path("/").glob(pattern[1:]), reverse=True)


def _look(folder: Path) -> Programs | None:
    """The programs in a folder, if both are there and can be run."""
    if not all(os.access(folder / name, os.X_OK) for name in ("pg_dump", "pg_restore")):
        return None
    try:
        said = subprocess.run(
            [folder / "pg_dump", "--version"], capture_output=True, encoding="utf-8", check=False
        ).stdout
    except OSError:
        return None
    version = re.search(r"\)\s(\d+)", said)
    return None if version is None else Programs(folder, int(version[1]))


# --- writing --------------------------------------------------------------------------------------


def write(connection: Connection, file: Path, patience: float) -> Programs:
    """Copy the database to a file, as it stands for a connection that has begun to read, and have the
    file on the disk; gives the programs that did it.

    Raises :class:`StoreError` where they are missing, too old, or fail; then there may be a part of a file.
    """
    version = connection.dialect.server_version_info or (0,)
    programs = programs_for(int(version[0]))
    # The state is handed on while this transaction holds it, however long the other takes to begin.
    connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    state = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
    said = _given(connection)
    with _environment(said) as (name, environment):
        words = [programs.dump, "--format=custom", f"--file={file}", f"--snapshot={state}", "--no-password"]
        words += [f"--lock-wait-timeout={max(1, int(1000 * patience))}", f"--dbname={name}"]
        done = subprocess.run(
            words, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False
        )
    if done.returncode:
        raise _failed("pg_dump", done.returncode, done.stderr, said)
    with file.open("rb") as written:
        os.fsync(written.fileno())
    return programs


def _given(connection: Connection) -> dict[str, str]:
    """What the server's library was told to connect with, by its names: the URL's parts, all of them."""
    from psycopg.pq import Conninfo

    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    _, told = connection.dialect.create_connect_args(connection.engine.url)
    return {name: str(value) for name, value in told.items() if name in known}


@contextmanager
def _environment(said: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """How to name the database to a program, without what is secret, and the environment that has that.
    What is secret besides the password has no variable, only a place in a file of services."""
    from psycopg.conninfo import make_conninfo

    name = make_conninfo(**{key: value for key, value in said.items() if not is_secret(key)})
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PGAPPNAME": "tracker"}
    if password := said.get("password"):
        environment["PGPASSWORD"] = password
    others = {key: value for key, value in said.items() if is_secret(key) and key != "password"}
    if not others:
        yield name, environment
        return
    if "service" in said or "PGSERVICE" in environment:
        raise BadValue(
            f"pg_dump cannot be told both a service and {', '.join(others)}",
            "put that into the file of services too",
        )
    with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
        services = Path(folder) / "services"
        services.touch(mode=0o600)
        lines = [f"{key}={value}" for key, value in others.items()]
        services.write_text("\n".join(["[tracker]", *lines, ""]), "utf-8")
        yield name, {**environment, "PGSERVICEFILE": str(services), "PGSERVICE": "tracker"}


LIMITED = "SIGXFSZ"
"""The signal that ends whoever writes more to a file than a limit allows. Windows has no such limits."""


def _ended(status: int) -> str:
    """Which signal ended a program, by its exit status; empty where it ended by itself."""
    if status >= 0:
        return ""
    try:
        return signal.Signals(-status).name
    except ValueError:  # those of real time have no names
        return f"signal {-status}"


def _failed(program: str, status: int, complaint: str, said: Mapping[str, str]) -> StoreError:
    """The error that a user can act on, for how a program ended and what it complained of."""
    by = _ended(status)
    if by == LIMITED:
        return StoreError(
            f"{program} was ended by {by}: the copy met a limit on the size of files",
            "raise that limit (see: ulimit -f) and run the command again; nothing was kept of the copy",
        )
    lines = [line.strip() for line in complaint.splitlines() if "error" in line] or complaint.splitlines()
    words = " ".join(lines[:2])[:400] or (f"{by} ended it" if by else "it gave no reason")
    for secret in (value for key, value in said.items() if is_secret(key) and value):
        words = words.replace(secret, "***")
    if "No space left" in complaint:
        return DiskFull(f"no room is left for the copy ({words})", "free some space, or choose another place")
    if re.search(NOT_HERE, complaint):
        return Unreachable(f"the server was lost during the copy ({words})", "run the command again")
    return StoreError(f"{program} failed: {words}", "nothing was kept of the copy")


# --- reading back ---------------------------------------------------------------------------------


def check_tables(programs: Programs, file: Path) -> None:
    """Raises :class:`AuditBroken` where an archive cannot be listed, or lacks the rows of a table."""
    done = subprocess.run(
        [programs.restore, "--list", file.absolute()],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise AuditBroken(f"the copy cannot be read: {done.stderr.strip()[:300]}", _BROKEN_HINT)
    held = set(re.findall(r"TABLE DATA \S+ (\S+)", done.stdout))
    if missing := sorted({*metadata.tables, "alembic_version"} - held):
        raise AuditBroken(f"the copy lacks the rows of {', '.join(missing)}", _BROKEN_HINT)


def read_head(programs: Programs, file: Path) -> tuple[int, str]:
    """The number of entries in an archive, and the root (hex) of the tree over them, each hashed anew.

    All rows of all tables are read on the way: an archive that was cut short is none.

    Raises :class:`AuditBroken` where they cannot be read, one is not what its hash says, or one is missing.
    """
    try:
        return _head_of(_journal(programs, file))
    except (ValueError, KeyError) as error:
        raise AuditBroken(f"the journal in the copy cannot be read: {error}", _BROKEN_HINT) from error


def _head_of(rows: Iterator[dict[bytes, bytes]]) -> tuple[int, str]:
    leaves = bytearray()  # the rows come in no order
    count = 0
    for row in rows:
        seq, leaf = int(row[b"seq"]), bytes.fromhex(row[b"leaf"].decode("ascii"))
        if row[b"body"] and leaf_hash(row[b"body"]) != leaf:
            raise AuditBroken(f"entry {seq} of the copy does not hash to what it must", _BROKEN_HINT)
        place = HASH * (seq - 1)
        leaves.extend(bytes(max(0, place + HASH - len(leaves))))
        leaves[place : place + HASH] = leaf
        count += 1
    if HASH * count != len(leaves):
        raise AuditBroken(f"of {len(leaves) // HASH} entries the copy holds {count}", _BROKEN_HINT)
    root = root_of(bytes(leaves[place : place + HASH]) for place in range(0, len(leaves), HASH))
    return count, root.hex()


HASH = 32
"""Bytes of a hash."""


def _journal(programs: Programs, file: Path) -> Iterator[dict[bytes, bytes]]:
    """The rows of the journal in an archive, by column; the other tables are read and passed over."""
    words = [programs.restore, "--data-only", "--file=-", str(file.absolute())]
    columns: list[bytes] = []
    within = False
    with (
        tempfile.TemporaryFile() as complaint,
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=complaint) as reading,
    ):
        assert reading.stdout is not None
        for line in reading.stdout:
            if not within:
                head = re.fullmatch(rb"COPY \S+\.journal \((.*)\) FROM stdin;\n", line)
                if head is not None and not columns:
                    columns, within = head[1].split(b", "), True
            elif line == b"\\.\n":
                within = False
            else:
                values = map(_plain, line.removesuffix(b"\n").split(b"\t"))
                yield dict(zip(columns, values, strict=True))
        reading.wait()
        complaint.seek(0)
        reason = complaint.read(300).decode("utf-8", "replace").strip()
    if reading.returncode or not columns or within:
        raise AuditBroken(f"the journal in the copy cannot be read: {reason}", _BROKEN_HINT)


_BROKEN_HINT = "check the disk that it was written to, and run the command again"
_LETTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


def _plain(value: bytes) -> bytes:
    """A value as COPY writes it, without its backslashes (PostgreSQL's manual, COPY, text format)."""
    if b"\\" not in value:
        return value
    return re.sub(rb"\\(.)", lambda found: _LETTERS.get(found[1], found[1]), value)
