"""A second PostgreSQL server that follows the first, as newsrooms keep one: real streaming replication."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.pgserver import PATIENCE, QUICK, SMALL, NoServer, Server, _open_to_all
from tests.support.postgres import reach

if TYPE_CHECKING:
    from sqlalchemy import URL


class Standby(Server):
    """Copied from a running server by ``pg_basebackup``, and fed by it from then on."""

    def __init__(self, primary: Server) -> None:
        self._user = primary._user
        self._settings = (*SMALL, *QUICK)
        self._programs = primary._programs
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-pg-", dir=_open_to_all(self._user)))
        try:
            self._give(self.folder)
            self._as_user(
                *(self._programs / "pg_basebackup", "-D", self.folder / "data", "-h", primary.folder),
                *("-U", "tracker", "--checkpoint=fast", "--write-recovery-conf", "--no-sync"),
            )
            self._process = self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def promote(self) -> None:
        """Have it take the first one's place."""
        with reach(self.url()) as connection:
            connection.execute("SELECT pg_promote(true, 60)")

    def both(self, primary: Server, database: str) -> URL:
        """The URL that names both, of which the one is meant that can be written."""
        hosts = f"{primary.folder},{self.folder}"
        return self.url(database, host=hosts, target_session_attrs="read-write")


def follow(primary: Server) -> Standby:
    """A standby without which the first server acknowledges nothing: what it said it holds, both do."""
    standby = Standby(primary)
    deadline = time.monotonic() + PATIENCE
    with reach(primary.url()) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        connection.execute("ALTER SYSTEM SET synchronous_commit = 'remote_apply'")
        connection.execute("SELECT pg_reload_conf()")
        while not connection.execute(
            "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
        ).fetchone():
            if time.monotonic() > deadline:
                raise NoServer("the standby does not follow")
            time.sleep(0.05)
    return standby
