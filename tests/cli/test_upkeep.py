"""``tracker db check``: how it leaves, for programs that ask it every night."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.commands import CommandLine
from tests.support.newsroom import change, furnish

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker

pytestmark = pytest.mark.sqlite_only  # it is about files


@pytest.fixture
def shell(tracker: Tracker, tmp_path: Path) -> CommandLine:
    furnish(tracker)
    tracker.close()
    return CommandLine(tmp_path / "newsroom.db")


@pytest.mark.parametrize(
    ("damage", "status", "words"),
    [
        (None, 0, "is whole, and has 7 entries"),
        ("UPDATE journal_head SET size = 3", 5, "problem  "),
        ("UPDATE evidence SET source = 'nobody'", 6, "problem  "),
    ],
    ids=["whole", "journal", "file"],
)
def test_it_says_what_is_wrong_and_leaves_so(
    shell: CommandLine, tmp_path: Path, damage: str | None, status: int, words: str
) -> None:
    if damage is not None:
        change(tmp_path / "newsroom.db", "PRAGMA foreign_keys = OFF", damage)
    for more in ([], ["--format", "json"]):
        done = shell.run("db", "check", *more)
        assert done.returncode == status
        assert more or words in done.stdout
