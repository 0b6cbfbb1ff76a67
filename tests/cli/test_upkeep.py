"""``tracker db``: how it leaves, for programs that ask it every night, and what it says."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadFile
from tests.support.commands import CommandLine
from tests.support.newsroom import change, furnish
from tracker.cli.upkeep import size_words
from tracker.store.schema import HEAD

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


def test_a_backup_says_where_it_is_and_what_it_holds(shell: CommandLine, tmp_path: Path) -> None:
    place = tmp_path / "copy.db"

    made = shell.text("db", "backup", str(place))

    verified, root = made.splitlines()
    assert verified == f"copied 7 entries and 0 documents to {place}, and verified the copy"
    assert root.removeprefix("root ") in CommandLine(place).text("audit", "verify")
    assert CommandLine(place).json("status") == shell.json("status")


def test_a_backup_overwrites_nothing_and_says_so(shell: CommandLine, tmp_path: Path) -> None:
    place = tmp_path / "copy.db"
    place.write_text("of yesterday", "utf-8")

    done = shell.run("db", "backup", str(place))

    assert (done.returncode, done.stdout) == (BadFile.exit_status, "")
    assert "is there already" in done.stderr
    assert place.read_text("utf-8") == "of yesterday"


def test_a_rebuild_says_of_how_many_entries(shell: CommandLine) -> None:
    assert shell.text("db", "rebuild") == "rebuilt all tables from 7 journal entries\n"


def test_what_needs_no_upgrade_is_left_alone_and_so_it_is_said(shell: CommandLine) -> None:
    assert shell.text("db", "upgrade") == f"the database has the schema of this program already ({HEAD})\n"


def test_where_no_claims_wait_it_is_said(shell: CommandLine) -> None:
    assert shell.text("db", "resolve") == "no claims are waiting to be resolved\n"


def test_a_scrub_says_whether_anybody_was_in_its_way(shell: CommandLine, tmp_path: Path) -> None:
    assert "nothing is left of what was deleted" in shell.text("db", "scrub")

    with closing(sqlite3.connect(tmp_path / "newsroom.db")) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM journal").fetchone()
        done = shell.run("db", "scrub")
    assert done.returncode == 1
    assert "another program still reads the database" in done.stdout


def test_a_vacuum_says_what_it_came_to(shell: CommandLine) -> None:
    said = shell.text("db", "vacuum")
    assert re.fullmatch(r"vacuumed \S+newsroom\.db: [\d,]+ kB before, [\d,]+ kB now\n", said)
    done = shell.json("db", "vacuum")
    assert done["complete"] is True
    assert 0 < done["after"] <= done["before"]


@pytest.mark.parametrize(
    ("size", "words"),
    [(999, "1 kB"), (999_499, "999 kB"), (1_000_000, "1.0 MB"), (12_345_678_901, "12,345.7 MB")],
)
def test_sizes_are_said_as_people_read_them(size: int, words: str) -> None:
    assert size_words(size) == words


def test_a_doctor_who_finds_a_problem_leaves_with_one(shell: CommandLine, tmp_path: Path) -> None:
    assert "problem" not in shell.text("doctor")
    change(tmp_path / "newsroom.db", "PRAGMA foreign_keys = OFF", "UPDATE evidence SET source = 'nobody'")

    done = shell.run("doctor", "--format", "json")

    assert done.returncode == 1
    assert any(
        each["level"] == "problem" and "refers to a sources" in each["message"]
        for each in json.loads(done.stdout)
    )
