"""Turns at writing: one at a time, in line, never stale, and a memory of how far the journal had come."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.newsroom import furnish
from tracker.app import create_tracker, open_tracker
from tracker.errors import AuditBroken, Locked, ReadOnly, StoreError
from tracker.store.locking import lock_path, remembered, turn

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker

ROOT = "ab" * 32

HOLDER = """
import sys, time
from pathlib import Path
from tracker.store.locking import turn
with turn(Path(sys.argv[1]), "newsroom.db", 5):
    print("mine", flush=True)
    time.sleep(60)
"""


pytestmark = pytest.mark.sqlite_only  # it locks files


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "newsroom.db").touch()
    return tmp_path / "newsroom.db"


@pytest.fixture
def holder(path: Path) -> subprocess.Popen[str]:
    """Another process, whose turn it is."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "mine\n"
    yield other
    other.kill()
    other.communicate()


class TestATurn:
    def test_is_had_by_one_at_a_time(self, path: Path) -> None:
        with turn(path, "newsroom.db", 1):
            with pytest.raises(Locked, match=f"process {os.getpid()}"), turn(path, "newsroom.db", 0.05):
                pass
            with pytest.raises(Locked), turn(path, "newsroom.db", 0):
                pass
        with turn(path, "newsroom.db", 5):  # who gave up may have it for a moment, and passes it on
            pass

    def test_comes_to_who_waits(self, path: Path) -> None:
        came: list[int] = []

        def wait(number: int) -> None:
            with turn(path, "newsroom.db", 20):
                came.append(number)

        with turn(path, "newsroom.db", 1):
            waiting = [threading.Thread(target=wait, args=[number]) for number in range(4)]
            for thread in waiting:
                thread.start()
            assert came == []
        for thread in waiting:
            thread.join()
        assert sorted(came) == [0, 1, 2, 3]

    def test_is_given_up_by_who_has_left(self, path: Path) -> None:
        with turn(path, "newsroom.db", 1):
            for _ in range(3):
                with pytest.raises(Locked), turn(path, "newsroom.db", 0.01):
                    pass
        with turn(path, "newsroom.db", 5):  # those who left pass it on
            pass

    def test_is_the_same_by_every_link(self, path: Path, tmp_path: Path) -> None:
        (tmp_path / "link.db").symlink_to(path)
        with turn(path, "newsroom.db", 1), pytest.raises(Locked), turn(tmp_path / "link.db", "link.db", 0):
            pass

    def test_ends_with_an_error(self, path: Path) -> None:
        with pytest.raises(ZeroDivisionError), turn(path, "newsroom.db", 1):
            raise ZeroDivisionError
        with turn(path, "newsroom.db", 0):
            pass

    @pytest.mark.skipif(os.name != "posix", reason="how other systems end processes is their own")
    def test_ends_with_its_process(self, path: Path, holder: subprocess.Popen[str]) -> None:
        holder.kill()
        holder.wait()
        with turn(path, "newsroom.db", 0):
            pass

    @pytest.mark.skipif(os.name != "posix", reason="other systems stop processes otherwise")
    def test_of_a_process_that_stands_still_is_waited_for_and_then_named(
        self, path: Path, holder: subprocess.Popen[str]
    ) -> None:
        holder.send_signal(signal.SIGSTOP)
        with pytest.raises(Locked, match=f"process {holder.pid}"), turn(path, "newsroom.db", 0.1):
            pass
        holder.send_signal(signal.SIGCONT)

    def test_needs_a_place_for_the_lock(self, tmp_path: Path) -> None:
        (tmp_path / "newsroom.db.lock").mkdir()
        with (
            pytest.raises(StoreError, match="cannot be made"),
            turn(tmp_path / "newsroom.db", "newsroom.db", 0),
        ):
            pass

    @pytest.mark.parametrize(
        ("number", "kind"),
        [(errno.EROFS, ReadOnly), (errno.EACCES, ReadOnly), (errno.ENOSPC, StoreError)],
        ids=["a disk to read only", "a folder of another", "a full disk"],
    )
    def test_is_refused_as_what_cannot_be_written(
        self, path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
    ) -> None:
        def refuse(*_: object) -> int:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "open", refuse)
        with pytest.raises(kind, match=os.strerror(number)) as caught, turn(path, "newsroom.db", 0):
            pass
        assert type(caught.value) is kind

    @pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
    def test_can_be_taken_by_whoever_may_write_the_database(self, path: Path) -> None:
        path.chmod(0o664)
        before = os.umask(0o077)  # of a person who keeps their other files to themselves
        try:
            with turn(path, "newsroom.db", 0):
                pass
        finally:
            os.umask(before)
        assert lock_path(path).stat().st_mode & 0o777 == 0o664

    @pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
    def test_can_be_taken_at_a_lock_that_may_only_be_read(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As one that somebody else made; only what it says cannot be written then."""
        lock_path(path).touch()
        opened = os.open

        def may_read(name: Any, flags: int, *mode: int) -> int:
            if flags & os.O_RDWR:
                raise PermissionError(errno.EACCES, "Permission denied")
            return opened(name, flags, *mode)

        monkeypatch.setattr(os, "open", may_read)
        with turn(path, "newsroom.db", 0), pytest.raises(Locked), turn(path, "newsroom.db", 0):
            pass

    @pytest.mark.skipif(os.name != "posix", reason="other systems lock otherwise")
    def test_is_left_to_sqlite_where_the_disk_knows_no_locks(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_handle: int, _how: int) -> None:
            raise OSError(errno.ENOLCK, "No locks available")

        monkeypatch.setattr("fcntl.flock", refuse)
        with turn(path, "newsroom.db", 0) as mine:
            mine.remember((3, ROOT))
        assert remembered(path) == (3, ROOT)

    def test_is_over_once_it_has_ended(self, path: Path) -> None:
        with turn(path, "newsroom.db", 0):
            assert lock_path(path).read_text("ascii").split()[2] == str(os.getpid())
        assert lock_path(path).read_text("ascii").split()[2] == "0"

    def test_is_interrupted_by_ctrl_c(self, path: Path) -> None:
        with turn(path, "newsroom.db", 1):
            main = threading.main_thread().ident
            assert main is not None
            later = threading.Timer(0.1, signal.pthread_kill, [main, signal.SIGINT])
            later.start()
            begun = time.monotonic()
            with pytest.raises(KeyboardInterrupt), turn(path, "newsroom.db", 30):
                pass
            assert time.monotonic() - begun < 20
        with turn(path, "newsroom.db", 5):
            pass


class TestWhatIsRemembered:
    def test_nothing_at_first(self, path: Path) -> None:
        assert remembered(path) is None
        with turn(path, "newsroom.db", 0):
            pass
        assert remembered(path) is None

    def test_the_last_head(self, path: Path) -> None:
        with turn(path, "newsroom.db", 0) as mine:
            mine.remember((3, ROOT))
        with turn(path, "newsroom.db", 0):
            pass  # nothing was written
        assert remembered(path) == (3, ROOT)

    @pytest.mark.parametrize("text", ["", "nonsense", "3 abc 0\n", "\x00" * 120, "é" * 60])
    def test_nothing_where_it_cannot_be_read(self, path: Path, text: str) -> None:
        lock_path(path).write_text(text, "utf-8")
        assert remembered(path) is None
        with turn(path, "newsroom.db", 0) as mine:
            mine.remember((3, ROOT))
        assert remembered(path) == (3, ROOT)


class TestAJournalThatFallsShort:
    @pytest.fixture
    def older(self, tracker: Tracker) -> Tracker:
        """A newsroom whose file was put back to an older state behind everybody's back."""
        furnish(tracker)
        path = tracker.database.path
        assert path is not None
        tracker.database.close()
        old = path.read_bytes()
        tracker.add_source("Radio Mopti")
        tracker.database.close()
        path.write_bytes(old)
        return tracker

    def test_is_found(self, older: Tracker) -> None:
        lost = "the journal has 7 entries, and had 8: the last ones are lost"
        assert lost in older.audit().problems[0]
        assert any(lost in words for how, words in older.doctor() if how == "problem")
        assert lost in older.check_database().record[0]
        assert older.check_database().exit_status == 5

    def test_is_not_added_to(self, older: Tracker) -> None:
        with pytest.raises(AuditBroken, match="the last ones are lost") as caught:
            older.add_source("Radio Gao")
        assert "newsroom.db.lock" in caught.value.hint
        assert len(older.entries()) == 7

    def test_can_be_gone_on_with_on_purpose(self, older: Tracker) -> None:
        assert older.database.path is not None
        lock_path(older.database.path).unlink()
        older.add_source("Radio Gao")
        assert older.audit().ok

    def test_is_found_by_its_root_too(self, older: Tracker) -> None:
        assert older.database.path is not None
        memory = lock_path(older.database.path)
        older.database.close()
        kept = memory.read_bytes()
        memory.unlink()
        older.add_source("Radio Gao")
        memory.write_bytes(kept)
        assert "not the 8 that were last written" in older.audit().problems[0]

    def test_is_no_matter_for_a_new_tracker_in_its_place(self, older: Tracker) -> None:
        path = older.database.path
        assert path is not None
        older.database.close()
        path.unlink()
        create_tracker(str(path)).close()
        with open_tracker(str(path)) as fresh:
            fresh.add_source("Radio Gao")
            assert fresh.audit().ok


def test_an_empty_journal_verifies(tracker: Tracker) -> None:
    assert tracker.audit().ok
