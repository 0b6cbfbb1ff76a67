"""What the pages on errors show is what the terminal shows: every session is run.

After a change that is meant: UPDATE_GOLDEN=1 pytest tests/cli/test_errors.py, then
python -m docs.generate, and read what git shows of the difference.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.support.dump import dump
from tests.support.newsroom import ARRANGE, furnish
from tests.support.session import Terminal, run_session
from tracker.app import open_tracker
from tracker.app.requests import numbered_request

pytestmark = pytest.mark.slow  # it starts many processes, or many trackers

SESSIONS = sorted((Path(__file__).parents[2] / "docs" / "errors").glob("*.txt"))
WRITES = {"already-recorded", "ambiguous-date", "disk-full", "judged-meanwhile"}
"""Sessions that also show what does succeed."""
UNREADABLE = {"schema-new", "audit-broken"}


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    path = tmp_path_factory.mktemp("newsroom") / "newsroom.db"
    shutil.copy(empty_database, path)
    with open_tracker(str(path), author="desk", clock=Clock(), new_request=numbered_request) as tracker:
        furnish(tracker)
    return path


@pytest.mark.parametrize("session", SESSIONS, ids=lambda path: path.stem)
def test_the_session_goes_as_written(session: Path, newsroom: Path, tmp_path: Path) -> None:
    shutil.copy(newsroom, tmp_path / "newsroom.db")
    text = session.read_text("utf-8")

    shown = run_session(text, Terminal(tmp_path), ARRANGE)

    if os.environ.get("UPDATE_GOLDEN"):
        session.write_text(shown, "utf-8")
        return
    assert shown == text
    assert "Traceback" not in shown
    if session.stem not in UNREADABLE | WRITES:
        with (
            open_tracker(str(tmp_path / "newsroom.db")) as after,
            open_tracker(str(newsroom)) as before,
        ):
            assert dump(after) == dump(before)
            assert after.audit().ok
