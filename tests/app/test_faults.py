"""When the world fails under the tracker: all of an act is kept, or nothing of it.

Locks, full disks, missing rights, damaged files, sudden death, and a fault at every single step.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from claims.errors import BadValue
from tests.conftest import Clock
from tests.support.dump import dump
from tests.support.newsroom import another_writer, furnish
from tracker.app import create_tracker, open_tracker
from tracker.app.casebooks import shipped_casebook
from tracker.errors import AuditBroken, Corrupt, DiskFull, Locked, StoreError
from tracker.store.dialects import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.app import Tracker

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]  # it harms files in many ways

BOOK = "casebook: 1\nsources: {harbour-office: {name: Harbour office}}\nclaims:\n" + "".join(
    f"""  ship-{number}:
    text: Ship number {number} has sunk
    note: {"It lay low in the water. " * 150}
    evidence: [{{source: harbour-office, stance: supports, published: 2 May 2025}}]
"""
    for number in range(20)
)
"""A casebook of 41 records that takes some room."""


@pytest.fixture
def newsroom(tracker: Tracker, tmp_path: Path) -> Path:
    """The file of a tracker that holds a few records."""
    furnish(tracker)
    tracker.close()
    return tmp_path / "newsroom.db"


@contextmanager
def unchanged(path: Path) -> Iterator[None]:
    """Whatever happens within: all tables are the same afterwards, and the journal verifies."""
    with open_tracker(str(path)) as tracker:
        before = dump(tracker)
    yield
    with open_tracker(str(path)) as tracker:
        assert dump(tracker) == before
        assert tracker.audit().problems == ()


def deny(path: Path | str, **options: Any) -> None:
    """Log one piece of evidence."""
    with open_tracker(str(path), author="desk", clock=Clock(), **options) as tracker:
        tracker.log("mayor-killed", source="rebels", stance="denies")


def run(*words: str, before: tuple[str, ...] = (), **options: Any) -> subprocess.CompletedProcess[str]:
    """The real command, in a process of its own."""
    environment = {"TRACKER_AUTHOR": "desk", "PATH": os.environ["PATH"], **options.pop("env", {})}
    return subprocess.run(
        [*before, sys.executable, "-m", "tracker", *words],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        **options,
    )


# --- locks ----------------------------------------------------------------------------------------


class TestALockedDatabase:
    def test_a_writer_waits_as_long_as_the_url_says_and_then_gives_up(self, newsroom: Path) -> None:
        with unchanged(newsroom), another_writer(newsroom):
            begun = time.monotonic()
            with pytest.raises(Locked, match="another program is writing"):
                deny(f"sqlite:///{newsroom}?timeout=0.4")
            assert 0.35 < time.monotonic() - begun < 3

    def test_or_as_the_environment_says(self, newsroom: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRACKER_BUSY_TIMEOUT", "0.1")
        with unchanged(newsroom), another_writer(newsroom), pytest.raises(Locked):
            deny(newsroom)

    def test_or_not_at_all(self, newsroom: Path) -> None:
        with another_writer(newsroom), pytest.raises(Locked):
            deny(f"sqlite:///{newsroom}?timeout=0")

    def test_or_half_a_minute(self) -> None:
        assert PATIENCE == 30

    @pytest.mark.parametrize("nonsense", ["soon", "-1", "nan", "inf", "1e99", "1&timeout=2"])
    def test_what_is_no_time_is_refused(self, newsroom: Path, nonsense: str) -> None:
        with pytest.raises(BadValue, match="not a time to wait"):
            open_tracker(f"sqlite:///{newsroom}?timeout={nonsense}")

    def test_a_writer_who_is_let_in_while_waiting_writes(self, newsroom: Path) -> None:
        with another_writer(newsroom):
            waiting = threading.Thread(target=deny, args=[newsroom])
            waiting.start()
            time.sleep(0.4)
            assert waiting.is_alive()
        waiting.join(timeout=10)
        with open_tracker(str(newsroom)) as tracker:
            assert tracker.status("mayor-killed").opposing_lines == 1

    def test_readers_do_not_wait(self, newsroom: Path) -> None:
        with another_writer(newsroom), open_tracker(str(newsroom)) as tracker:
            assert tracker.status("mayor-killed").evidence == 1

    def test_ctrl_c_is_heard_while_waiting(self, newsroom: Path) -> None:
        words = ("log", "mayor-killed", "--source", "rebels", "--stance", "denies", "--db", str(newsroom))
        with unchanged(newsroom), another_writer(newsroom):
            waiting = subprocess.Popen(
                [sys.executable, "-m", "tracker", *words], stderr=subprocess.PIPE, encoding="utf-8"
            )
            time.sleep(1.2)
            waiting.send_signal(signal.SIGINT)
            begun = time.monotonic()
            _, said = waiting.communicate(timeout=20)
            assert time.monotonic() - begun < 5
        assert waiting.returncode == 130
        assert said.endswith("error[interrupted]: stopped; nothing of this command was recorded\n")


# --- room -----------------------------------------------------------------------------------------


@contextmanager
def no_growth(tracker: Tracker, pages: int) -> Iterator[None]:
    """The database file may grow by so many pages and no more."""

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        size = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {size + pages}")

    tracker.database.close()
    event.listen(tracker.database.engine, "connect", limit)
    yield
    event.remove(tracker.database.engine, "connect", limit)
    tracker.database.close()


class TestAFullDisk:
    @pytest.mark.parametrize("pages", [0, 1, 7, 40])
    def test_an_import_that_finds_no_room_leaves_nothing(self, newsroom: Path, pages: int) -> None:
        with (
            unchanged(newsroom),
            open_tracker(str(newsroom)) as tracker,
            no_growth(tracker, pages),
            pytest.raises(DiskFull, match="no room is left"),
        ):
            tracker.import_casebook(BOOK)

    def test_and_goes_through_once_there_is_room(self, newsroom: Path) -> None:
        with open_tracker(str(newsroom)) as tracker:
            with no_growth(tracker, 3), pytest.raises(DiskFull):
                tracker.import_casebook(BOOK)
            assert tracker.import_casebook(BOOK).recorded == 41
            assert tracker.audit().ok

    def test_a_file_that_may_not_grow(self, newsroom: Path, tmp_path: Path) -> None:
        book = tmp_path / "book.yaml"
        book.write_text(BOOK, "utf-8")
        limit = 100_000  # also for what is written ahead

        with unchanged(newsroom):
            done = run(
                *("import", "casebook", str(book), "--db", str(newsroom)),
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
            )
        assert done.returncode == 6
        assert done.stderr.startswith("error[store]: the disk failed")
        assert "hint: check the disk" in done.stderr

    @pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can mount a small disk")
    def test_a_real_disk(self, newsroom: Path, tmp_path: Path) -> None:
        disk = tmp_path / "disk"
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", str(disk)], capture_output=True, check=False
        )
        if mounted.returncode:
            pytest.skip("nothing can be mounted here")
        try:
            path = disk / "newsroom.db"
            shutil.copy(newsroom, path)
            with unchanged(path), open_tracker(str(path)) as tracker, pytest.raises(DiskFull):
                tracker.import_casebook(BOOK)
            article = tmp_path / "article.txt"
            article.write_bytes(b"a" * 400_000)
            with unchanged(path), open_tracker(str(path)) as tracker, pytest.raises(DiskFull):
                tracker.log("mayor-killed", source="rebels", stance="denies", file=article)
            assert [each for each in disk.glob("*.archive/**/*") if each.is_file()] == []
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=True)


# --- rights ---------------------------------------------------------------------------------------


def run_without_privilege(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command as a user whom the file system can refuse something, which root is not."""
    if os.geteuid() != 0:
        return run(*words, cwd=cwd)
    caps = "-dac_override,-dac_read_search"
    try:
        return run(*words, cwd=cwd, before=("setpriv", f"--bounding-set={caps}", "--inh-caps=-all"))
    except FileNotFoundError:
        pytest.skip("root cannot give up its privileges here")


class TestADatabaseThatIsNotOurs:
    LOG = ("log", "mayor-killed", "--source", "rebels", "--stance", "denies", "--db", "newsroom.db")

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Iterator[Path]:
        folder = tmp_path / "theirs"
        folder.mkdir()
        yield folder
        folder.chmod(0o755)

    @pytest.fixture
    def theirs(self, newsroom: Path, folder: Path) -> Path:
        return Path(shutil.copy(newsroom, folder / "newsroom.db"))

    def test_a_file_that_may_not_be_written(self, theirs: Path) -> None:
        with unchanged(theirs):
            theirs.chmod(0o444)
            done = run_without_privilege(*self.LOG, cwd=theirs.parent)
        assert done.returncode == 6
        assert done.stderr.startswith("error[read-only]: newsroom.db cannot be written")
        assert "hint: check who owns the file" in done.stderr

    @pytest.mark.parametrize("words", [LOG, ("status", "--db", "newsroom.db")], ids=["log", "status"])
    def test_a_folder_that_may_not_be_written(self, theirs: Path, words: tuple[str, ...]) -> None:
        with unchanged(theirs):
            theirs.parent.chmod(0o555)
            done = run_without_privilege(*words, cwd=theirs.parent)
            theirs.parent.chmod(0o755)
        assert done.returncode == 6
        assert done.stderr.startswith("error[read-only]: the folder of newsroom.db")
        assert "hint: check who owns the folder" in done.stderr

    def test_a_file_that_may_not_be_read(self, theirs: Path) -> None:
        theirs.chmod(0o000)
        done = run_without_privilege("status", "--db", "newsroom.db", cwd=theirs.parent)
        assert done.returncode == 6
        assert done.stderr.startswith("error[store]: newsroom.db cannot be opened")

    @pytest.mark.parametrize("place", ["new.db", "deeper/new.db"])
    def test_a_folder_in_which_no_tracker_can_be_made(self, folder: Path, place: str) -> None:
        folder.chmod(0o555)
        done = run_without_privilege("init", "--db", place, cwd=folder)
        assert done.returncode == 6
        assert done.stderr.startswith("error[read-only]: the folder")
        assert list(folder.iterdir()) == []

    def test_a_folder_that_may_not_be_entered(self, theirs: Path, tmp_path: Path) -> None:
        theirs.parent.chmod(0o000)
        done = run_without_privilege("status", "--db", "theirs/newsroom.db", cwd=tmp_path)
        theirs.parent.chmod(0o755)
        assert done.returncode == 6
        assert "error[store]: theirs/newsroom.db cannot be looked at (Permission denied)" in done.stderr


# --- damage ---------------------------------------------------------------------------------------


def use(path: Path) -> None:
    """Ask and record a few things."""
    with open_tracker(str(path), author="desk", clock=Clock()) as tracker:
        for _ in tracker.statuses():
            pass
        tracker.why("mayor-killed")
        tracker.history("mayor-killed", clock="recorded")
        tracker.statuses(recorded_by="2026-11-22")
        tracker.search("mayor")
        tracker.export_casebook()
        tracker.log("mayor-killed", source="rebels", stance="denies")
        tracker.audit()
        tracker.rebuild()


class TestADamagedFile:
    @pytest.mark.parametrize("content", [b"Dear diary, today " * 300, b"\x00" * 8192, b"PK\x03\x04" * 5000])
    def test_another_kind_of_file(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "diary.db"
        path.write_bytes(content)
        for act in (open_tracker, create_tracker):
            with pytest.raises(Corrupt, match=r"diary\.db is not a tracker's database"):
                act(str(path))
        assert path.read_bytes() == content

    def test_an_empty_file_holds_no_tracker_and_can_be_made_one(self, tmp_path: Path) -> None:
        path = tmp_path / "empty.db"
        path.touch()
        with pytest.raises(StoreError, match="holds no tracker"):
            open_tracker(str(path))
        create_tracker(str(path)).close()

    @pytest.mark.parametrize("part", [0.02, 0.1, 0.5, 0.9, 0.97])
    def test_a_file_cut_short(self, newsroom: Path, part: float) -> None:
        data = newsroom.read_bytes()
        newsroom.write_bytes(data[: int(len(data) * part)])
        for extra in ("-wal", "-shm"):
            Path(f"{newsroom}{extra}").unlink(missing_ok=True)
        with pytest.raises(Corrupt):
            use(newsroom)

    @pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.slow)])
    @pytest.mark.parametrize("damage", ["zeroed", "flipped", "shifted"])
    def test_any_page_damaged_gives_an_error_or_the_truth(
        self, newsroom: Path, damage: str, every: int
    ) -> None:
        data = newsroom.read_bytes()
        size = int.from_bytes(data[16:18], "big")
        noticed = 0
        for start in range(0, len(data), size * every):
            page = data[start : start + size]
            bad = {
                "zeroed": bytes(size),
                "flipped": bytes(byte ^ 0x55 for byte in page),
                "shifted": page[1:] + page[:1],
            }[damage]
            newsroom.write_bytes(data[:start] + bad + data[start + size :])
            for extra in ("-wal", "-shm"):
                Path(f"{newsroom}{extra}").unlink(missing_ok=True)
            try:
                use(newsroom)
            except (AuditBroken, StoreError) as error:
                assert error.hint
                noticed += 1
        assert noticed > 2


# --- sudden death ---------------------------------------------------------------------------------

KILLER = """
import os, shutil, signal, sys
from sqlalchemy import event
from tracker.app import open_tracker

path, book, points = sys.argv[1], sys.stdin.read(), [int(point) for point in sys.argv[2:]]
for point in points:
    shutil.copy(path, f"{path}.{point}")
    child = os.fork()
    if child == 0:
        tracker = open_tracker(f"{path}.{point}", author="desk")
        count = 0
        def step(*_):
            global count
            count += 1
            if count == point:
                os.kill(os.getpid(), signal.SIGKILL)
        event.listen(tracker.database.engine, "before_cursor_execute", step)
        event.listen(tracker.database.engine, "commit", step)
        tracker.import_casebook(book)
        print("steps", count, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


def kill_at(points: list[int], newsroom: Path) -> str:
    """Import a casebook, and die at a step: once for each, on a copy of its own."""
    return subprocess.run(
        [sys.executable, "-c", KILLER, str(newsroom), *map(str, points)],
        input=BOOK,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=300,
    ).stdout


class TestKilledInTheMiddleOfAnImport:
    @pytest.mark.parametrize("count", [12, pytest.param(120, marks=pytest.mark.slow)])
    def test_the_database_has_all_of_it_or_nothing(self, newsroom: Path, count: int) -> None:
        told = kill_at([10**9], newsroom)
        steps = int(told.removeprefix("steps "))
        # Evenly over the whole import, and around its end.
        points = sorted({1 + steps * i // count for i in range(count)} | {steps - 1, steps})
        with open_tracker(str(newsroom)) as tracker:
            before = dump(tracker)

        assert kill_at(points, newsroom) == ""

        for point in points:
            with open_tracker(f"{newsroom}.{point}", clock=Clock()) as tracker:
                assert tracker.audit().problems == (), point
                assert dump(tracker) == before, point
        with open_tracker(f"{newsroom}.{points[-1]}") as tracker:
            assert tracker.import_casebook(BOOK).recorded == 41

    @pytest.mark.slow
    @pytest.mark.parametrize("delay", [0.3 + 0.05 * i for i in range(24)])
    def test_at_any_time(self, newsroom: Path, tmp_path: Path, delay: float) -> None:
        book = tmp_path / "jnim.yaml"
        book.write_text(shipped_casebook("jnim"), "utf-8")
        words = ("import", "casebook", str(book), "--db", str(newsroom))
        importing = subprocess.Popen([sys.executable, "-m", "tracker", *words], stdout=subprocess.DEVNULL)
        time.sleep(delay)
        importing.kill()
        importing.wait()
        with open_tracker(str(newsroom)) as tracker:
            assert tracker.audit().problems == ()
            assert len(tracker.claims()) in {2, 2 + 79}


# --- a fault at every step ------------------------------------------------------------------------


class Fault(Exception):
    """Something that nobody foresaw."""


@contextmanager
def fault_at(tracker: Tracker, point: int, fault: BaseException) -> Iterator[list[int]]:
    """Fail at a step of what is done within; the list counts the steps."""
    count = [0]

    def step(*_: object) -> None:
        count[0] += 1
        if count[0] == point:
            raise fault

    engine = tracker.database.engine
    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)
    try:
        yield count
    finally:
        event.remove(engine, "before_cursor_execute", step)
        event.remove(engine, "commit", step)


ACTS: dict[str, Callable[[Tracker, Path], object]] = {
    "log with a document": lambda t, article: t.log(
        "mayor-killed", source="rebels", stance="denies", file=article, quote="He is well."
    ),
    "revise": lambda t, _: t.revise_claim("mayor-killed", when="13 May 2012", reason="corrected"),
    "withdraw": lambda t, _: t.withdraw("mayor-killed.ministry", mistake=True, reason="ours"),
    "undo": lambda t, _: t.undo(reason="wrong"),
    "link": lambda t, _: t.link("mayor-killed", "contradicts", "mayor-fled", reason="one or the other"),
    "rebuild": lambda t, _: t.rebuild(),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "fault", [Fault(), KeyboardInterrupt(), sqlite3.OperationalError("disk I/O error")], ids=repr
)
def test_an_act_that_fails_at_any_step_leaves_nothing(
    newsroom: Path, tmp_path: Path, act: str, fault: BaseException
) -> None:
    article = tmp_path / "article.txt"
    article.write_text("He is well.", "utf-8")
    with open_tracker(str(newsroom), author="desk", clock=Clock()) as tracker:
        before = dump(tracker)
        for point in range(1, 500):
            with fault_at(tracker, point, fault) as count, suppress(Fault, KeyboardInterrupt, StoreError):
                ACTS[act](tracker, article)
                break
            assert dump(tracker) == before, point
            assert not [path for path in tmp_path.glob("*.archive/**/*") if path.is_file()], point
        assert 3 < count[0] < point
        assert tracker.audit().problems == ()


def test_a_store_that_fails_in_an_import_is_no_fault_of_the_file(tracker: Tracker) -> None:
    with fault_at(tracker, 30, sqlite3.OperationalError("disk I/O error")), pytest.raises(StoreError):
        tracker.import_demo()
    assert tracker.entries() == []
