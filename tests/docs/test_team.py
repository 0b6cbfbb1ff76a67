"""The page on teams is what happens: its commands are run in order, on a server, by its database users."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.pgserver import Server, binaries
from tests.support.postgres import reach, text_of
from tests.support.session import Terminal, run_markdown_sessions
from tracker.app import open_tracker

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.on_postgres, pytest.mark.slow]

PAGE = Path(__file__).parents[2] / "docs" / "team.md"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def test_the_page_goes_as_written(server: Server, tmp_path: Path) -> None:
    with reach(server.url()) as connection:
        connection.execute(b"CREATE ROLE olga LOGIN CREATEDB CREATEROLE")
    terminal = Terminal(tmp_path)
    programs = binaries()
    del terminal.environment["TRACKER_AUTHOR"]
    terminal.environment |= {
        "TRACKER_DB": "postgresql+psycopg:///newsroom",
        "PGHOST": str(server.folder),
        "PGUSER": "olga",
        "PATH": f"{tmp_path / '.bin'}{os.pathsep}{programs}{os.pathsep}{os.environ['PATH']}",
    }
    ask_for_no_password(tmp_path / ".bin" / "createuser", programs / "createuser")

    shown = run_markdown_sessions(PAGE, terminal)

    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(shown, "utf-8")
    assert shown == PAGE.read_text("utf-8")
    with (
        open_tracker(text_of(server.url("newsroom"))) as one,
        open_tracker(text_of(server.url("restored"))) as other,
    ):
        assert other.entries() == one.entries()
        assert other.audit().problems == ()


def ask_for_no_password(path: Path, program: Path) -> None:
    """Nobody is there to type one, and the server asks for none."""
    path.write_text(f'#!/bin/sh\n[ "$1" = --pwprompt ] && shift\nexec "{program}" "$@"\n', "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
