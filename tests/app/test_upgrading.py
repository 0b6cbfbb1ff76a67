"""A tracker of any released schema is upgraded to what this program would have made of its journal."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tracker.app import open_tracker
from tracker.app.tracker import upgrade_tracker
from tracker.store import schema

FOLDER = Path(__file__).parents[1] / "data" / "schemas"
OLDER = sorted(path for path in FOLDER.glob("*.sql") if path.stem != schema.HEAD)


@pytest.mark.parametrize("saved", OLDER, ids=lambda path: path.stem)
def test_after_an_upgrade_the_tables_are_what_the_journal_says(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(saved.read_text("utf-8"))
    upgrade_tracker(str(path))
    with open_tracker(str(path), author="desk") as tracker:
        assert tracker.entries()
        assert tracker.audit().problems == ()


@pytest.mark.parametrize("saved", OLDER, ids=lambda path: path.stem)
def test_after_an_upgrade_search_finds(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(saved.read_text("utf-8"))
    upgrade_tracker(str(path))
    with open_tracker(str(path), author="desk") as tracker:
        for words in ("doctors order", "docters", "Kufa", "kouffa-killed"):
            assert [hit for hit in tracker.search(words) if hit.what == "claim"], words
