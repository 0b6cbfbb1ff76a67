"""Prints what resolving from the database costs: ``python -m benchmarks.resolving``.

A tracker of made-up claims with five pieces of evidence each (``benchmarks/crowd.py``) is read and
resolved portion by portion: which claims hang together, how stances fared on settled ones, which is kept;
then, of what was held, what every claim is and since when. Beside it, in the same run, all columns that
this rests on are read once and nothing is made of them. Where there is a second processor, a second
process does half of the statuses: what it takes of processor and memory is counted too. Claims that are
not plain go the ordinary way, of which a few hundred are resolved to see what one takes, and so what all
claims would. All is told in seconds on the clock and of the processor: where other programs keep the
machine busy, compare the latter.

``--large`` makes a million claims too; with ``--written`` all claims are resolved and written, also
those that go the ordinary way, as after a change of policy.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.crowd import PIECES, make
from benchmarks.figures import note
from benchmarks.memory import most_of
from tracker.app import open_tracker
from tracker.app.held import Held
from tracker.app.plainly import Work, plain_facts, plain_outcomes, plain_rows
from tracker.app.resolving import Reach, rows_anew, terms_of
from tracker.app.settling import record_outcomes
from tracker.app.touched import HELD
from tracker.helper import Helper
from tracker.journal.entry import timestamp
from tracker.store import outcomes, pending
from tracker.store.loading import begin_loading
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.app import Tracker
    from tracker.app.resolving import Terms
    from tracker.store.database import Connection

SIZES = (10_000, 100_000)
LARGE = 1_000_000
PORTION = 20_000
SOME = 200
"""Claims that are resolved the ordinary way, to see what one takes."""

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
        print(f"  {'':<22} {'clock':>10} {'processor':>10}")
        bare = reading(path, claims)
        with open_tracker(str(path), author="desk") as tracker:
            with Helper() as helper, tracker.database.writing() as connection:
                end = begin_loading(connection)  # as an import does
                try:
                    from_database(tracker, connection, bare, helper)
                finally:
                    end()
            if written:
                in_earnest(tracker)


def whole_groups(connection: Connection, keys: list[str]) -> Iterator[set[str]]:
    """All claims in portions, each with the claims that are tied to some of it."""
    left, reader = set(keys), Reader(connection)
    for at in range(0, len(keys), PORTION):
        portion = reader.tied(left.intersection(keys[at : at + PORTION]))
        left -= portion
        yield portion


@dataclass
class Spent:
    """Seconds on the clock, and of the processor."""

    clock: float = 0.0
    processor: float = 0.0

    @contextmanager
    def counting(self, helper: Helper | None = None) -> Iterator[None]:
        """Count what is done meanwhile, by a helper too."""
        clock, processor = time.perf_counter(), processor_time(helper)
        yield
        self.clock += time.perf_counter() - clock
        self.processor += processor_time(helper) - processor

    def __add__(self, other: Spent) -> Spent:
        """Both together."""
        return Spent(self.clock + other.clock, self.processor + other.processor)

    def tell(self, what: str, rows: int, *more: str) -> None:
        """Print it, and how many rows that is a second."""
        times = f"{self.clock:8.2f} s {self.processor:8.2f} s"
        print(f"  {what:<22} {times}  {rows / self.clock:10.0f} rows/s", *more, flush=True)


def processor_time(helper: Helper | None) -> float:
    """Seconds of the processor that were taken so far."""
    return time.process_time() + (helper.processor if helper is not None else 0.0)


def reading(path: Path, claims: int) -> Spent:
    """What reading the columns takes, and making nothing of them."""
    spent = Spent()
    with closing(sqlite3.connect(path)) as connection, spent.counting():
        cursor = connection.execute(BARE)
        while cursor.fetchmany(PORTION * PIECES):
            pass
    spent.tell("reading the columns", claims * PIECES)
    return spent


def from_database(tracker: Tracker, connection: Connection, bare: Spent, helper: Helper) -> None:
    """Outcomes, and then statuses, of all plain claims, in portions by key, as an import resolves them."""
    steps = {name: Spent() for name in ("tied", "read", "outcomes", "kept", "read again", "statuses")}
    terms = terms_of(tracker.policy, timestamp(tracker.now), 1)
    plain: list[str] = []
    keys = sorted(Reader(connection).claim_keys())
    with steps["tied"].counting():
        portions = list(whole_groups(connection, keys))
    work = Work(held=Held(HELD), helper=helper)
    for portion in portions:
        with steps["read"].counting():
            facts = plain_facts(connection, portion, tracker.policy, work)
        assert facts is not None
        with steps["outcomes"].counting():
            found = plain_outcomes(facts, tracker.policy, terms.today)
        with steps["kept"].counting():
            outcomes.replace(connection, portion, found)
        plain += facts.claims
    for portion in portions:
        with steps["read again"].counting():
            facts = plain_facts(connection, portion, tracker.policy, work)
        assert facts is not None
        with steps["statuses"].counting(helper):
            rows = sum(1 for _ in plain_rows(connection, facts, {}, {}, terms, work))
        assert rows == len(facts.claims)
    for name, spent in steps.items():
        spent.tell(name, len(plain) * PIECES)
    whole = sum(steps.values(), Spent())
    beside = most_of(helper.pid) if helper.pid is not None else 0
    helper.end()
    peak = (most_of() + beside) / 1e6
    times = f"{whole.clock / bare.clock:.1f} × the reading,"
    whole.tell("plain claims in all", len(plain) * PIECES, times)
    times = f"{whole.processor / bare.processor:.1f} × by the processor, {peak:.0f} MB"
    print(f"  {len(plain)} claims are plain: {times}")
    odd = sorted(set(keys).difference(plain))
    if odd and terms.choice.own.records is not None:
        whole = the_ordinary_way(connection, odd, terms, work) + whole
    times = f"{whole.clock / bare.clock:.1f} × ({whole.processor / bare.processor:.1f} × by the processor)"
    print(f"  all claims, so: {times} the reading", flush=True)
    times = f"{whole.clock / bare.clock:.0f} × ({whole.clock:,.0f} s)"
    name = "resolving all claims in bulk, beside reading the columns"
    note(name, times, bound="2 ×", claims=len(keys))
    note("its memory, with the second process", f"{peak / 1000:.2f} GB", bound="4 GB", claims=len(keys))


def the_ordinary_way(connection: Connection, claims: list[str], terms: Terms, work: Work) -> Spent:
    """What claims take that are not plain, by some of them, once the records of all sources are at hand."""
    settled, said, reader = Spent(), Spent(), Reader(connection)
    tied = reader.tied(claims[:: max(len(claims) // SOME, 1)])
    with settled.counting():
        record_outcomes(reader, tied, terms.choice.own, terms.today, work)
    with said.counting():
        rows_anew(reader, Reach({}, tied), {}, terms, work)
    print(f"  {len(claims)} go the ordinary way; by {len(tied)} of them, each takes")
    for what, spent in (("outcomes", settled), ("statuses", said)):
        each = (1e3 * seconds / len(tied) for seconds in (spent.clock, spent.processor))
        print(f"  {what:<22} {next(each):7.2f} ms {next(each):7.2f} ms", flush=True)
    spent, of = settled + said, len(claims) / len(tied)
    return Spent(spent.clock * of, spent.processor * of)


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
