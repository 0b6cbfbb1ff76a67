"""Prints what resolving from the database costs: ``python -m benchmarks.resolving``.

A tracker of made-up claims with five pieces of evidence each (``benchmarks/crowd.py``) is read and
resolved portion by portion: how stances fared on settled claims, then what every claim is and since
when. Beside it, in the same run, all columns that this rests on are read and nothing is made of them.
Then one piece of evidence is logged, again and again, beside a bare commit of one row with the same
settings; those that reach other claims, through the records of sources, are told apart. ``--large``
makes a million claims too; with ``--written`` all claims are resolved and written, also those that
go the ordinary way, as after a change of policy.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.crowd import PIECES, make
from tracker.app import open_tracker
from tracker.app.plainly import Work, plain_facts, plain_outcomes, plain_rows
from tracker.app.resolving import terms_of
from tracker.journal.entry import timestamp
from tracker.store import outcomes, pending
from tracker.store.read import Reader

if TYPE_CHECKING:
    from tracker.app import Tracker

SIZES = (10_000, 100_000)
LARGE = 1_000_000
PORTION = 20_000
BARE = """SELECT claim, key, source, stance, published_latest, recorded_on, credibility, basis, side, quote,
 document, relays, withdrawn FROM evidence ORDER BY claim, key"""


def main() -> None:
    """Print all of it, each size in a process of its own, so that its peak of memory is its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resolving", description=__doc__)
    parser.add_argument("--large", action="store_true", help="a million claims too")
    parser.add_argument("--claims", type=int, help="so many claims only")
    parser.add_argument("--written", action="store_true", help="and write all of it: takes long")
    parser.add_argument("--line", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.line:
        line(given.line, written=given.written)
        return
    sizes = (given.claims,) if given.claims else (*SIZES, LARGE) if given.large else SIZES
    words = ["--written"] if given.written else []
    for size in sizes:
        command = [sys.executable, "-m", "benchmarks.resolving", "--line", str(size), *words]
        subprocess.run(command, check=True)


def line(claims: int, *, written: bool) -> None:
    """All that is measured of one size."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crowd.db"
        make(path, claims)
        print(f"{claims} claims, {claims * PIECES} pieces of evidence", flush=True)
        bare = reading(path)
        with open_tracker(str(path), author="desk") as tracker:
            from_database(tracker, claims, bare)
            if written:
                in_earnest(tracker)


def reading(path: Path) -> float:
    """Seconds for reading the columns, and making nothing of them."""
    with closing(sqlite3.connect(path)) as connection:
        begun = time.perf_counter()
        cursor = connection.execute(BARE)
        count = 0
        while rows := cursor.fetchmany(PORTION * PIECES):
            count += len(rows)
        seconds = time.perf_counter() - begun
    print(f"  reading the columns    {seconds:8.2f} s  {count / seconds:10.0f} rows/s")
    return seconds


def from_database(tracker: Tracker, claims: int, bare: float) -> None:
    """Outcomes, and then statuses, of all plain claims, in portions by key."""
    steps = dict.fromkeys(("read", "outcomes", "read again", "statuses"), 0.0)
    terms = terms_of(tracker.policy, timestamp(tracker.now), 1)
    plain = 0
    with tracker.database.writing() as connection:
        keys = sorted(Reader(connection).claim_keys())
        portions = [keys[at : at + PORTION] for at in range(0, len(keys), PORTION)]
        for portion in portions:
            work = Work()
            begun = time.perf_counter()
            facts = plain_facts(connection, portion, tracker.policy, work)
            assert facts is not None
            steps["read"] += time.perf_counter() - begun
            begun = time.perf_counter()
            found = plain_outcomes(facts, tracker.policy, terms.today)
            steps["outcomes"] += time.perf_counter() - begun
            outcomes.replace(connection, portion, found)
            plain += len(facts.claims)
        work = Work()
        for portion in portions:
            begun = time.perf_counter()
            facts = plain_facts(connection, portion, tracker.policy, work)
            assert facts is not None
            steps["read again"] += time.perf_counter() - begun
            begun = time.perf_counter()
            rows = sum(1 for _ in plain_rows(connection, facts, {}, {}, terms, work))
            steps["statuses"] += time.perf_counter() - begun
            assert rows == len(facts.claims)
    for name, seconds in steps.items():
        print(f"  {name:<22} {seconds:8.2f} s  {claims * PIECES / seconds:10.0f} rows/s")
    total = sum(steps.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  in all                 {total:8.2f} s  {total / bare:.1f} × the reading, {peak:.0f} MB")
    print(f"  {plain} claims are plain; the others go the ordinary way")


def in_earnest(tracker: Tracker) -> None:
    """Every claim resolved and written, as after a change of policy."""
    with tracker.database.writing() as connection:
        pending.note(connection, sorted(Reader(connection).claim_keys()), {}, 1)
    begun = time.perf_counter()
    found = tracker.resolve_pending()
    seconds = time.perf_counter() - begun
    print(f"  resolved and written   {seconds:8.2f} s  {found.claims / seconds:10.0f} claims/s")


if __name__ == "__main__":
    main()
