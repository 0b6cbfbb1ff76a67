"""How many entries a second eight programs record on PostgreSQL, one a transaction, each in its turn.

Three ways, one after the other on the same server: the floor, that is the lock and one row; an entry
added to the journal, its tree and its head; and whole acts, checked, projected and resolved. The longest
wait is that of one transaction from its beginning to its end, waiting for the turn included.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty
from secrets import token_hex
from typing import TYPE_CHECKING

import psycopg
import sqlalchemy as sa

from benchmarks.figures import note
from tests.support.pgserver import QUICK, Server
from tests.support.postgres import reach, text_of
from tracker.app import create_tracker, open_tracker
from tracker.journal.entry import Entry, timestamp
from tracker.store import journal
from tracker.store.database import Database
from tracker.store.postgres import LOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.context import SpawnProcess
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier

WORDS = {"text": "Ship number 12345 has sunk off the harbour", "kind": "event", "note": "as the office says"}
"""What an entry of usual length says."""
AT = "2026-11-22T12:00:00.000000Z"


@dataclass(frozen=True)
class Turns:
    """What one writer got: how long each of its transactions took, in seconds."""

    writer: int
    waits: tuple[float, ...]


def bare(url: str, _: int) -> Iterator[None]:
    """The floor: the lock, and one row of the same length in a table with the same indexes."""
    plain = text_of(sa.make_url(url).set(drivername="postgresql"))
    number = time.time_ns()
    with closing(psycopg.connect(plain)) as connection:
        while True:
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
                row = (number, number, AT, "desk", "ship.sunk", f"ship-{number}", 4 * str(WORDS), 64 * "0")
                connection.execute("INSERT INTO floor VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", row)
            number += 1
            yield


def appended(url: str, writer: int) -> Iterator[None]:
    """One entry, added to the journal in its turn: the tree is read, grown, and written."""
    database = Database(url)
    while True:
        with database.writing() as connection:
            tree, _, last, _ = journal.read_end(connection)
            number = tree.size + 1
            at = max(last, timestamp(datetime.now(UTC)))
            entry = Entry(*(number, number, at, f"writer-{writer}", "ship.sunk", f"ship-{number}", "", WORDS))
            journal.append(connection, [entry], tree)
        yield


def logged(url: str, writer: int) -> Iterator[None]:
    """One piece of evidence, with all that an act does."""
    with open_tracker(url, author=f"writer-{writer}") as tracker:
        number, key = 0, ""
        while True:
            if number % 5 == 0:
                key = f"ship-{writer}-{token_hex(4)}"
                tracker.add_claim(f"Ship {key} has sunk", key=key)
            else:
                tracker.log(key, source=f"source-{number % 5}", stance="supports")
            number += 1
            yield


WAYS: dict[str, Callable[[str, int], Iterator[None]]] = {
    "lock and one row": bare,
    "journal entry": appended,
    "whole act": logged,
}


def take_turns(
    url: str, way: str, writer: int, seconds: float, begin: Barrier, turns: Queue[Turns | str]
) -> None:
    """Write until the time is up."""
    try:
        writing = WAYS[way](url, writer)
        next(writing)
        begin.wait()
        waits = []
        end = time.monotonic() + seconds
        while (begun := time.monotonic()) < end:
            next(writing)
            waits.append(time.monotonic() - begun)
        turns.put(Turns(writer, tuple(waits)))
    except Exception as error:
        turns.put(f"{type(error).__name__}: {error}")
        begin.abort()
        raise


def measure(url: str, way: str, writers: int, seconds: float) -> list[Turns]:
    """Let so many processes write at once; returns what each got."""
    context = multiprocessing.get_context("spawn")
    begin, turns = context.Barrier(writers), context.Queue()
    processes = [
        context.Process(target=take_turns, args=(url, way, n, seconds, begin, turns)) for n in range(writers)
    ]
    for process in processes:
        process.start()
    got = [_next(turns, processes) for _ in processes]
    for process in processes:
        process.join()
    return got


def _next(turns: Queue[Turns | str], processes: list[SpawnProcess]) -> Turns:
    while True:
        try:
            got = turns.get(timeout=1)
        except Empty:
            if any(process.exitcode for process in processes):
                raise RuntimeError("a writer died; see above") from None
        else:
            if isinstance(got, Turns):
                return got
            raise RuntimeError(got)


def prepare(server: Server) -> str:
    """A tracker with four sources, and the table of the floor; returns its URL."""
    with reach(server.url()) as connection:
        connection.execute("CREATE DATABASE newsroom ENCODING 'UTF8' TEMPLATE template0")
    url = text_of(server.url("newsroom"))
    with create_tracker(url, author="desk") as tracker:
        for number in range(1, 5):
            tracker.add_source(f"Source {number}", key=f"source-{number}")
    with reach(url) as connection:
        connection.execute("CREATE TABLE floor (LIKE journal INCLUDING INDEXES)")
    return url


def journal_is(url: str) -> str:
    """Whether the journal is free of gaps and verifies; without the tables, of which plain entries
    have nothing."""
    with closing(Database(url)) as database, database.reading() as connection:
        report = journal.check(connection)
        size, _ = journal.last_entry(connection)
        count = connection.scalar(sa.text("SELECT count(*) FROM journal"))
    return "gap-free, verifies" if report.ok and size == count else f"BROKEN: {report.problems[:1]}"


def measure_all(writers: int, seconds: float, rounds: int, *, durable: bool = True) -> None:
    """Measure each way, in rounds so that a machine that is busy is so for all, and print a table."""
    server = Server(() if durable else QUICK)
    try:
        print(f"{writers} writers on PostgreSQL, {rounds} times {seconds:g} s each, ", end="")
        print(f"the server {'writing through to its disk' if durable else 'with fsync=off'}")
        print(f"{'':<18}{'entries/s':>10}{'of floor':>9}{'fewest':>8}{'most':>7}", end="")
        print(f"{'median ms':>11}{'longest ms':>12}  journal")
        url = prepare(server)
        got: dict[str, list[Turns]] = {way: [] for way in WAYS}
        for _ in range(rounds):
            for way in WAYS:
                got[way] += measure(url, way, writers, seconds)
                print(".", end="", file=sys.stderr, flush=True)
        floor = sum(len(turns.waits) for turns in got["lock and one row"])
        for way, all_turns in got.items():
            counts = [
                sum(len(turns.waits) for turns in all_turns if turns.writer == writer)
                for writer in range(writers)
            ]
            waits = [wait for turns in all_turns for wait in turns.waits]
            if way == "journal entry":
                share = f"{sum(counts) / floor:.2f}, longest wait {max(waits):.1f} s"
                note(f"{writers} writers on PostgreSQL, share of the bare lock", share, bound=".5, 1 s")
            print(
                f"{way:<18}{sum(counts) / seconds / rounds:>10.0f}{sum(counts) / floor:>9.2f}{min(counts):>8}"
                f"{max(counts):>7}{1000 * statistics.median(waits):>11.1f}{1000 * max(waits):>12.0f}"
                f"  {journal_is(url) if way != 'lock and one row' else ''}"
            )
    finally:
        server.close()
