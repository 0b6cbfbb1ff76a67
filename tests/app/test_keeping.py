"""Checking the database file, and copying it."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest

from claims.errors import BadFile
from tests.support.dump import dump
from tests.support.newsroom import another_writer, change, furnish
from tracker.app import open_tracker
from tracker.cli.main import cli
from tracker.errors import AuditBroken, Locked, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker

pytestmark = pytest.mark.sqlite_only  # it is about files


@pytest.fixture
def newsroom(begun: Callable[..., Tracker], tmp_path: Path) -> Tracker:
    """A newsroom with a document in its archive."""
    tracker = begun("furnished", lambda told, _clock: furnish(told))
    article = tmp_path / "article.txt"
    article.write_text("He is well.", "utf-8")
    tracker.log("mayor-killed", source="rebels", stance="denies", file=article, quote="He is well.")
    return tracker


class TestACheck:
    def test_finds_a_sound_tracker_sound(self, newsroom: Tracker) -> None:
        found = newsroom.check_database()
        assert (found.entries, found.file, found.record, found.exit_status) == (10, (), (), 0)

    @pytest.mark.parametrize(
        ("damage", "words", "status"),
        [
            ("DROP TABLE statuses", "the table statuses is missing", 6),
            ("DROP TABLE journal", "the table journal is missing", 6),
            ("UPDATE evidence SET source = 'nobody'", "refers to a sources that is not there", 6),
            ("DELETE FROM journal WHERE seq = 4", "has 9 entries, from 1 to 10: some are not there", 5),
            ("DELETE FROM journal WHERE seq = 1", "has 9 entries, from 2 to 10: some are not there", 5),
            ("UPDATE journal_head SET size = 3", "its head is of 3 entries", 5),
            ("UPDATE journal_head SET peaks = '[]'", "does not fit together", 5),
            ("UPDATE journal_head SET root = ''", "does not fit together", 5),
            ("DELETE FROM journal_head", "its head is of 0 entries", 5),
        ],
    )
    def test_finds_what_was_done_to_it(
        self, newsroom: Tracker, tmp_path: Path, damage: str, words: str, status: int
    ) -> None:
        change(tmp_path / "newsroom.db", "PRAGMA foreign_keys = OFF", damage)
        found = newsroom.check_database()
        assert any(words in problem for problem in found.file + found.record)
        assert found.exit_status == status
        assert any(words in what for how, what in newsroom.doctor() if how == "problem")


class TestABackup:
    def test_is_the_same_tracker(self, newsroom: Tracker, tmp_path: Path) -> None:
        made = newsroom.backup(tmp_path / "copy.db")
        assert (made.entries, made.documents) == (10, 1)
        with open_tracker(str(tmp_path / "copy.db")) as copy:
            assert dump(copy) == dump(newsroom)
            assert copy.audit().problems == ()
        left = {path.name for path in tmp_path.glob("copy*")}
        assert left <= {"copy.db", "copy.db.archive", "copy.db-wal", "copy.db-shm"}

    @pytest.mark.parametrize("there", ["copy.db", "copy.db.archive"])
    def test_overwrites_nothing(self, newsroom: Tracker, tmp_path: Path, there: str) -> None:
        (tmp_path / there).write_text("mine", "utf-8")
        with pytest.raises(BadFile, match="is there already"):
            newsroom.backup(tmp_path / "copy.db")
        assert (tmp_path / there).read_text("utf-8") == "mine"

    @pytest.mark.parametrize("linking", [True, False])
    def test_overwrites_nothing_that_comes_meanwhile(
        self, newsroom: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, linking: bool
    ) -> None:
        target, copying = tmp_path / "copy.db", newsroom._copy

        def meanwhile(partial: Path) -> Any:
            made = copying(partial)
            target.write_text("mine", "utf-8")
            return made

        def no_links(*_: Path) -> None:
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(newsroom, "_copy", meanwhile)
        if not linking:
            monkeypatch.setattr(os, "link", no_links)
        with pytest.raises(BadFile, match="is there already"):
            newsroom.backup(target)
        assert target.read_text("utf-8") == "mine"
        assert list(tmp_path.glob("copy*")) == [target]

    def test_is_made_where_there_are_no_links(
        self, newsroom: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "link", Mock(side_effect=OSError(errno.EPERM, "Operation not permitted")))
        assert newsroom.backup(tmp_path / "copy.db").documents == 1
        assert {path.name for path in tmp_path.glob("copy*")} >= {"copy.db", "copy.db.archive"}

    def test_puts_nothing_in_the_place_of_a_link_to_nowhere(self, newsroom: Tracker, tmp_path: Path) -> None:
        (tmp_path / "copy.db").symlink_to(tmp_path / "nowhere")
        with pytest.raises(BadFile, match="is there already"):
            newsroom.backup(tmp_path / "copy.db")
        assert not (tmp_path / "nowhere").exists()

    @pytest.mark.parametrize("name", ["-", "", "long" * 100])
    def test_needs_a_name(
        self, newsroom: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        before = sorted(tmp_path.iterdir())
        with pytest.raises((BadFile, StoreError)) as refused:
            newsroom.backup(name)
        assert refused.value.hint
        assert sorted(tmp_path.iterdir()) == before

    def test_of_what_does_not_verify_is_not_kept(self, newsroom: Tracker, tmp_path: Path) -> None:
        change(tmp_path / "newsroom.db", "UPDATE journal SET author = 'nobody' WHERE seq = 3")
        with pytest.raises(AuditBroken, match="the copy does not verify, and was removed"):
            newsroom.backup(tmp_path / "copy.db")
        assert list(tmp_path.glob("copy*")) == []

    def test_needs_a_folder(self, newsroom: Tracker, tmp_path: Path) -> None:
        with pytest.raises(Exception, match=r"cannot be (opened|written)") as caught:
            newsroom.backup(tmp_path / "nowhere" / "copy.db")
        assert caught.value.hint

    def test_is_one_state_while_others_write(self, newsroom: Tracker, tmp_path: Path) -> None:
        stop = threading.Event()

        def write() -> None:
            with open_tracker(str(tmp_path / "newsroom.db"), author="other") as other:
                number = 0
                while not stop.is_set():
                    other.add_source(f"Source {number}")
                    number += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            made = [newsroom.backup(tmp_path / f"copy-{number}.db").entries for number in range(3)]
        finally:
            stop.set()
            writer.join()
        assert made == sorted(made)


KILLED = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tracker.app import open_tracker

tracker = open_tracker(sys.argv[1], author="desk")
steps, count = int(sys.argv[2]), 0

def step():
    global count
    count += 1
    if count == steps:
        os.kill(os.getpid(), signal.SIGKILL)

@event.listens_for(tracker.database.engine, "checkout")
def _(connection, *_):
    connection.set_progress_handler(step, 100)

tracker.vacuum()
print(count)
"""
"""Dies in the middle: SQLite tells how it gets on."""


class TestVacuum:
    def grown(self, path: Path) -> None:
        change(
            path,
            "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)"
            " INSERT INTO sources (key, name, folded, type, withdrawn)"
            " SELECT 's' || i, 'Somebody', 'somebody', 'other', 0 FROM n",
            "DELETE FROM sources WHERE name = 'Somebody'",
        )

    def test_gives_back_room_and_changes_nothing_that_anybody_reads(
        self, newsroom: Tracker, tmp_path: Path
    ) -> None:
        before = dump(newsroom)
        self.grown(tmp_path / "newsroom.db")
        done = newsroom.vacuum()
        assert done.complete
        assert done.after < done.before / 2
        assert dump(newsroom) == before
        assert newsroom.audit().problems == ()
        newsroom.add_source("Somebody else")

    def test_gives_back_the_rest_when_nobody_reads_an_earlier_state(
        self, newsroom: Tracker, tmp_path: Path
    ) -> None:
        self.grown(tmp_path / "newsroom.db")
        with open_tracker(str(tmp_path / "newsroom.db")) as other, other.reading() as reader:
            reader.sources()
            assert not newsroom.vacuum().complete
            assert len(reader.sources()) == 2
        assert newsroom.vacuum().complete

    def test_waits_its_turn_and_then_gives_up(self, newsroom: Tracker, tmp_path: Path) -> None:
        hasty = f"sqlite:///{tmp_path}/newsroom.db?timeout=0.1"
        with another_writer(tmp_path / "newsroom.db"), open_tracker(hasty) as other, pytest.raises(Locked):
            other.vacuum()
        assert newsroom.audit().problems == ()

    @pytest.mark.slow
    def test_killed_on_the_way_leaves_the_record_as_it_was(self, newsroom: Tracker, tmp_path: Path) -> None:
        path = tmp_path / "newsroom.db"
        self.grown(path)
        before = dump(newsroom)
        newsroom.close()
        shutil.copy(path, tmp_path / "once.db")
        words = [sys.executable, "-c", KILLED]
        steps = int(
            subprocess.run([*words, tmp_path / "once.db", "0"], check=True, capture_output=True).stdout
        )
        for part in range(1, 5):
            done = subprocess.run([*words, path, str(1 + steps * part // 5)], check=False)
            assert done.returncode == -signal.SIGKILL
            with open_tracker(str(path)) as tracker:
                assert dump(tracker) == before
                assert tracker.check_database().exit_status == 0

    @pytest.mark.slow
    def test_a_full_disk_leaves_the_record_as_it_was(self, newsroom: Tracker, tmp_path: Path) -> None:
        path = tmp_path / "newsroom.db"
        newsroom.import_demo()
        before = dump(newsroom)
        newsroom.close()
        # The file may grow by a little only, and so may the one that SQLite writes ahead.
        words = f"ulimit -f 100; exec {sys.executable} -m tracker db vacuum --db {path}"
        done = subprocess.run(["sh", "-c", words], check=False, capture_output=True, encoding="utf-8")
        assert (done.returncode, done.stdout) == (6, "")
        assert done.stderr.startswith("error[")
        with open_tracker(str(path)) as tracker:
            assert dump(tracker) == before
            assert tracker.audit().problems == ()
            assert tracker.vacuum().complete


class TestTheDatabaseIsNoOrdinaryFile:
    """Whoever opens and closes it himself drops the locks that SQLite holds on it."""

    @pytest.mark.parametrize("extra", ["", "-wal", "-shm"])
    def test_it_is_not_archived(self, newsroom: Tracker, tmp_path: Path, extra: str) -> None:
        before = newsroom.entries()
        with pytest.raises(BadFile, match="this tracker's own database"):
            newsroom.add_document("Ourselves", file=tmp_path / f"newsroom.db{extra}")
        assert newsroom.entries() == before

    def test_nor_by_another_name(self, newsroom: Tracker, tmp_path: Path) -> None:
        (tmp_path / "link").hardlink_to(tmp_path / "newsroom.db")
        with pytest.raises(BadFile, match="this tracker's own database"):
            newsroom.add_document("Ourselves", file=tmp_path / "link")

    @pytest.mark.parametrize(
        "words",
        [
            ["import", "casebook", "newsroom.db"],
            ["journal", "import", "newsroom.db"],
            ["export", "casebook", "-o", "newsroom.db"],
            ["journal", "export", "-o", "newsroom.db"],
        ],
        ids=" ".join,
    )
    def test_nor_read_or_written_by_a_command(
        self, newsroom: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("TRACKER_DB", "newsroom.db")
        with pytest.raises(BadFile, match="this tracker's own database"):
            cli.main(words, standalone_mode=False)
        assert newsroom.audit().problems == ()
