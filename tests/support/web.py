"""A server to try: within this process for the many, in one of its own on loopback for the few."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from starlette.testclient import TestClient

from tests.conftest import TODAY
from tests.support.commands import CLOCK
from tracker.app.requests import numbered_request
from tracker.web.app import create_app
from tracker.web.settings import Limits, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = "http://127.0.0.1:8765"


@contextmanager
def client(database: str, **options: Any) -> Iterator[TestClient]:
    """A client of a server within this process, on the day of the tests."""
    given = {"author": "desk", "clock": lambda: TODAY, "new_request": numbered_request, **options}
    app = create_app(Settings(database=database, **given))
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as made:
        yield made


def bearer(token: str) -> dict[str, str]:
    """The header by which one comes in."""
    return {"Authorization": f"Bearer {token}"}


class Running:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address
        self.port = int(address.rstrip("/").rpartition(":")[2])

    def stop(self) -> tuple[int, str]:
        """Stop it as Ctrl-C does; its exit status, and what it printed last."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out + err


@contextmanager
def running(database: object, *words: str, **environment: str) -> Iterator[Running]:
    """``tracker serve`` on a port that is free."""
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": os.getcwd(), "HOME": os.devnull}  # noqa: PTH109
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "serve", "--port", "0", "--db", str(database), *words],
        env=kept | {"TRACKER_CLOCK": CLOCK, "TRACKER_AUTHOR": "desk"} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.match(r"serving at (\S+)", said)
        if found is None:
            process.kill()
            raise AssertionError(said + "".join(process.communicate()))
        yield Running(process, found[1])
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


__all__ = ["HERE", "Limits", "Running", "bearer", "client", "running"]
