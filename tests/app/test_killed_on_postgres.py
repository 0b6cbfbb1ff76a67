"""Sudden death on PostgreSQL: of the program, of its connection's process, of the whole server.

Afterwards the database opens and verifies, holds every entry that was acknowledged, and no half of an act.
Here the server writes through to its disk.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.conftest import Clock
from tests.support.dump import dump
from tests.support.pgserver import Server
from tests.support.postgres import reach, text_of
from tracker.app import create_tracker, open_tracker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.on_postgres, pytest.mark.slow]

BOOK = "casebook: 1\nsources: {harbour-office: {name: Harbour office}}\nclaims:\n" + "".join(
    f"""  ship-{number}:
    text: Ship number {number} has sunk
    evidence: [{{source: harbour-office, stance: supports, published: 2 May 2025}}]
"""
    for number in range(20)
)
"""A casebook of 41 records."""

ROWS = 10_000


def long_book(records: int) -> str:
    """A casebook of so many records, of the kind that takes the least time."""
    return "casebook: 1\nsources:\n" + "".join(f"  boat-{n}: {{name: Skipper {n}}}\n" for n in range(records))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that may be killed."""
    made = Server(())
    yield made
    made.close()


_numbers = count(1)


def empty(server: Server) -> str:
    """An empty tracker on it."""
    name = f"tracker_{next(_numbers)}"
    with reach(server.url()) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    made = text_of(server.url(name))
    create_tracker(made, author="desk").close()
    return made


@pytest.fixture
def url(server: Server) -> str:
    return empty(server)


def test_the_server_keeps_what_it_says_it_keeps(server: Server) -> None:
    with reach(server.url()) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            assert connection.execute(f"SHOW {setting}".encode()).fetchone() == ("on",)


# --- programs that are killed ---------------------------------------------------------------------

KILLER = """
import os, signal, sys
from sqlalchemy import event
from tracker.app import open_tracker

url, book = sys.argv[1], open(sys.argv[2], encoding="utf-8").read()
for line in sys.stdin:
    point = int(line)
    child = os.fork()
    if child == 0:
        tracker = open_tracker(url, author="desk")
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
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        print("died", flush=True)
"""

WRITER = """
import sys
from tracker.app import open_tracker
from tracker.errors import StoreError

url, name = sys.argv[1:]
number = 0
try:
    with open_tracker(url, author=name) as tracker:
        while True:
            tracker.add_source(f"{name} {number}")
            entry = tracker.outcome.entries[-1]
            print(f"{entry.seq} {entry.leaf.hex()}", flush=True)  # in one piece, wherever it is killed
            number += 1
except StoreError as error:
    print(error.message, error.hint, file=sys.stderr)
    sys.exit(error.exit_status)
"""

IMPORTER = """
import sys
from tracker.app import open_tracker
from tracker.errors import StoreError

url, book = sys.argv[1], open(sys.argv[2], encoding="utf-8").read()
try:
    with open_tracker(url, author="desk") as tracker:
        print("begun", flush=True)
        tracker.import_casebook(book)
        print("done", flush=True)
except StoreError as error:
    print(error.message, error.hint, file=sys.stderr)
    sys.exit(error.exit_status)
"""

Process = subprocess.Popen[str]


def begin(code: str, *words: object, **options: Any) -> Process:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        **options,
    )


@contextmanager
def killer(url: str, book: object) -> Iterator[Callable[[int], str]]:
    """Imports a casebook and dies at a step, as often as it is asked to; says what came of it."""
    process = begin(KILLER, url, book, stdin=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None

    def kill_at(point: int) -> str:
        process.stdin.write(f"{point}\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    with process:
        yield kill_at
        process.stdin.close()


def backends(url: str) -> list[int]:
    """The server's processes that work for the program, on this database."""
    with suppress(psycopg.Error), reach(url) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE application_name = 'tracker' AND datname = current_database()"
        )
        return [int(str(row[0])) for row in found]
    return []


def kill_backend(_: Server, url: str, __: Process) -> None:
    """The process of the connection dies, whereupon the server cuts off everybody and recovers."""
    for pid in backends(url):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def kill_server(server: Server, _: str, __: Process) -> None:
    """The server stops at once, and comes up again."""
    server.stop(signal.SIGQUIT)
    server.start()


def kill_client(_: Server, __: str, process: Process) -> None:
    process.kill()


def last_words(process: Process, seconds: float = 20) -> tuple[str, str]:
    """What a program still says. One that was cut off while its act was being kept asks the server
    whether it was, and may go on: it is killed after so many ``seconds``."""
    try:
        return process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()


KILLS = {"client": kill_client, "backend": kill_backend, "server": kill_server}


def entries(url: str) -> dict[int, str]:
    """The journal after recovery, which must verify in every respect: leaf by number."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with open_tracker(url, clock=Clock()) as tracker:
                assert tracker.audit().problems in ((), ("the tree head is missing",))
                return {entry.seq: entry.leaf.hex() for entry in tracker.entries()}
        except Exception:
            # Whoever was cut off by a recovery that began a moment ago asks again.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


# --- what is left ---------------------------------------------------------------------------------


def test_a_program_killed_at_any_step_of_an_import_leaves_nothing(
    server: Server, url: str, tmp_path: Path
) -> None:
    book = tmp_path / "book.yaml"
    book.write_text(BOOK, "utf-8")
    with open_tracker(url, author="desk") as tracker:
        before = dump(tracker)
    with killer(empty(server), book) as kill_at:
        steps = int(kill_at(10**9).removeprefix("steps "))
    # Evenly over the whole import, and around its end.
    points = sorted({1 + steps * i // 40 for i in range(40)} | {steps - 1, steps})
    with killer(url, book) as kill_at:
        for point in points:
            assert kill_at(point) == "died", point
            with open_tracker(url) as tracker:
                assert dump(tracker) == before, point
    with open_tracker(url, author="desk") as tracker:
        assert tracker.import_casebook(BOOK).recorded == 41
        assert tracker.audit().problems == ()


@pytest.mark.parametrize(("victim", "times"), [("client", 20), ("backend", 20), ("server", 20)])
def test_single_writes_keep_every_acknowledged_entry_and_no_half_of_one(
    server: Server, url: str, victim: str, times: int
) -> None:
    chance = random.Random(victim)
    acknowledged: dict[int, str] = {}
    for turn in range(times):
        with begin(WRITER, url, f"writer-{turn}") as process:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            time.sleep(chance.uniform(0.01, 0.2))
            KILLS[victim](server, url, process)
            said, wrong = last_words(process, 2)
        lines += said.splitlines()
        acknowledged |= {int(seq): leaf for seq, leaf in (line.split() for line in lines if " " in line)}
        assert process.returncode in (6, -signal.SIGKILL), wrong
        assert process.returncode != 6 or "does not answer" in wrong or "is not known" in wrong
        assert "Traceback" not in wrong

        kept = entries(url)

        assert sorted(kept) == list(range(1, len(kept) + 1)), "a gap, or an entry twice"
        assert {seq: kept.get(seq) for seq in acknowledged} == acknowledged
        # Of each writer, at most one entry was kept whose acknowledgement never came; the very first act
        # also adopts a policy.
        assert len(kept) - len(acknowledged) <= turn + 2


@pytest.mark.parametrize(("victim", "times"), [("backend", 5), ("server", 5)])
def test_an_import_cut_off_at_any_time_leaves_all_or_nothing(
    server: Server, url: str, tmp_path: Path, victim: str, times: int
) -> None:
    book = tmp_path / "book.yaml"
    book.write_text(long_book(300), "utf-8")
    chance = random.Random(victim)
    for _ in range(times):
        with begin(IMPORTER, url, book) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            time.sleep(chance.uniform(0.05, 0.6))
            KILLS[victim](server, url, process)
            said, wrong = last_words(process)
        assert "Traceback" not in wrong
        kept = len(entries(url))
        assert kept == (301 if "done" in said else 0) or (process.returncode == 6 and kept in (0, 301))
        if kept:
            break
    with open_tracker(url, author="desk") as tracker:
        tracker.import_casebook(long_book(300))
        assert len(tracker.sources()) == 300


def test_an_import_of_ten_thousand_rows_cut_off_leaves_nothing_and_then_goes_through(
    server: Server, url: str, tmp_path: Path
) -> None:
    book = tmp_path / "book.yaml"
    book.write_text(long_book(ROWS), "utf-8")
    for victim, rows in (("client", 500), ("backend", 2000), ("server", 4000)):
        with begin(IMPORTER, url, book) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            wait_for_rows(url, rows)
            KILLS[victim](server, url, process)
            last_words(process)
        assert process.returncode in (6, -signal.SIGKILL)
        assert entries(url) == {}
    with open_tracker(url, author="desk") as tracker:
        assert tracker.import_casebook(book.read_text("utf-8")).recorded == ROWS
        assert tracker.audit().problems == ()


def wait_for_rows(url: str, rows: int) -> None:
    """Until an import under way has written about so many: nobody else sees its rows, but the table's
    file grows (a page holds some sixty)."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with reach(url) as connection:
            found = connection.execute("SELECT pg_relation_size('sources') / 8192 * 60").fetchone()
        if found is not None and int(str(found[0])) >= rows:
            return
        time.sleep(0.1)
    pytest.fail("the import does not get on")


# --- once more ------------------------------------------------------------------------------------

LOGGER = """
import os, signal, sys
import psycopg
from tracker.app import open_tracker
from tracker.errors import AlreadyRecorded, StoreError

url, server, moment = sys.argv[1], int(sys.argv[2]), sys.argv[3]
tracker = open_tracker(url, author="desk", request="7f3a", asked="log the denial")
keep = tracker.database.engine.dialect.do_commit
def lost(connection):
    if moment == "after it was kept":
        keep(connection)
    os.kill(server, signal.SIGQUIT)
    raise psycopg.OperationalError("server closed the connection unexpectedly")
if server:
    tracker.database.engine.dialect.do_commit = lost
try:
    tracker.log("bridge", source="ministry", stance="denies")
except AlreadyRecorded as before:
    print("already", before.first)
except StoreError as error:
    print(error.code, error.hint)
else:
    print("recorded", tracker.outcome.entries[-1].seq)
"""


@pytest.mark.parametrize("moment", ["before it was kept", "after it was kept"])
def test_what_is_logged_again_after_the_server_was_lost_is_recorded_once(
    server: Server, url: str, moment: str
) -> None:
    with open_tracker(url, author="desk") as tracker:
        tracker.add_source("Ministry", key="ministry")
        tracker.add_claim("The bridge fell", key="bridge")
        before = len(tracker.entries())
    with begin(LOGGER, url, server.pid, moment) as process:
        said, wrong = process.communicate(timeout=60)
    assert said.startswith("uncertain run it again with --request 7f3a"), wrong
    server.stop()
    server.start()

    with begin(LOGGER, url, 0, moment) as process:
        again, wrong = process.communicate(timeout=60)

    said_so = "already" if moment == "after it was kept" else "recorded"
    assert again.split() == [said_so, str(before + 1)], wrong
    with open_tracker(url, clock=Clock()) as tracker:
        assert [entry.act for entry in tracker.entries()[before:]] == ["evidence.logged"]
        assert tracker.audit().problems == ()
