"""Prints what an import in bulk costs: ``python -m benchmarks.bulkload``.

A table of claims with five pieces of evidence each (10,000 graded sources, dates, one piece in ten with a
document at an address of its own) is imported as ``tracker import csv`` does it, by a process of its own.
In the same run the floor is measured: the very same rows of all tables, read back from the result, are
written into empty tables with the same columns, keys and indexes by bare ``executemany`` (SQLite, which
then looks up no foreign keys, as it does for the tracker) or COPY (PostgreSQL), in one transaction.
Rows are written beside what goes on: *wait* is what is waited for until they are.

``--database postgres`` runs a server of its own; ``--million`` adds the largest size;
``--without-resolving`` leaves statuses out on both sides, to see the rest alone. Where other programs keep
the machine busy, compare the times of the processor: on PostgreSQL those are without the server's.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import random
import sqlite3
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from benchmarks.figures import note
from benchmarks.memory import most_of, watch_helpers
from tracker.app import create_tracker, open_tracker
from tracker.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.pgserver import Server

SIZES = (10_000, 100_000)
MILLION = 1_000_000
PIECES = 5
SOURCES = 10_000
PHASES = ("read", "look up", "make entries", "wait", "resolve", "commit")
PORTION = 10_000
"""Rows of a table that are held while the floor is measured."""

HEADINGS = ("id", "words", "kind", "outlet", "sort", "grade", "view", "day", "link", "told")
MAP = """
about = "Made-up claims for measuring imports."

[columns]
claim_id = "id"
claim = "words"
kind = "kind"
source = "outlet"
source_type = "sort"
reliability = "grade"
stance = "view"
published = "day"
url = "link"
credibility = "told"
"""
PLACES = ("harbour", "old bridge", "northern depot", "market", "ring road", "airfield")
DEEDS = ("was closed", "was shelled", "caught fire", "was reopened", "was evacuated", "lost its power")
VIEWS = ("supports", "supports", "supports", "denies", "mentions", "doubts")


def write_table(path: Path, claims: int, seed: int = 7) -> None:
    """A table of so many claims, its rows claim by claim."""
    chance = random.Random(seed)  # noqa: S311
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for number in range(claims):
            words = f"In district {number} the {chance.choice(PLACES)} {chance.choice(DEEDS)}"
            for _ in range(PIECES):
                outlet = chance.randrange(SOURCES)
                day = f"{chance.randint(2015, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
                page = f"https://outlet-{outlet}.example/{chance.randrange(10**9)}"
                link = page if chance.random() < 0.1 else ""
                row = (f"c{number}", words, "event", f"Outlet {outlet}", "outlet", "ABCDEF"[outlet % 6])
                told = chance.choice(("", "1", "2", "3"))
                writer.writerow((*row, chance.choice(VIEWS), day, link, told))


# --- the import, in a process of its own ------------------------------------------------------


class Phases:
    """Seconds by phase; of one within another each counts its own."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._within = [0.0]

    def timed(self, phase: str, do: Callable[..., Any]) -> Callable[..., Any]:
        """A function that counts towards a phase."""

        def run(*args: Any, **words: Any) -> Any:
            began = time.perf_counter()
            self._within.append(0.0)
            try:
                return do(*args, **words)
            finally:
                took = time.perf_counter() - began
                self.spent[phase] = self.spent.get(phase, 0.0) + took - self._within.pop()
                self._within[-1] += took

        return run


def watch(phases: Phases, *, resolving: bool) -> None:
    """Have the parts of an import count towards their phases."""
    from tracker.app import bulk, importing, maps
    from tracker.app.touched import Moved
    from tracker.store.beside import Beside

    stream = maps.stream_table

    def streamed(*args: Any) -> Iterator[Any]:
        rows = stream(*args)
        portion = phases.timed("read", lambda: list(islice(rows, importing.PORTION)))
        while taken := portion():
            yield from taken

    resolve = bulk.resolve_touched if resolving else lambda *_: Moved()
    maps.stream_table = streamed  # type: ignore[assignment]
    Beside.wait = phases.timed("wait", Beside.wait)  # type: ignore[method-assign]
    bulk.resolve_touched = phases.timed("resolve", resolve)
    known: Any = importing.Known
    known.look_up = phases.timed("look up", known.look_up)


def run_import(url: str, table: str, map_name: str, resolving: bool, answer: Any) -> None:
    """Import a table, and answer with the seconds of each phase and the most memory."""
    from tracker.app.bulk import BulkTransaction

    phases = Phases()
    watch(phases, resolving=resolving)
    most_of_helpers = watch_helpers()
    finished: list[float] = []
    finish = BulkTransaction.finish

    def last(act: BulkTransaction) -> Any:
        outcome = finish(act)
        finished.append(time.perf_counter())
        return outcome

    BulkTransaction.finish = last  # type: ignore[method-assign]
    began, worked = time.perf_counter(), time.process_time()
    with open_tracker(url, author="benchmark") as tracker:
        done = tracker.import_csv(Path(table), map_name=map_name, name="table.csv")
        ended, working = time.perf_counter(), time.process_time() - worked
        entries = tracker.outcome.recorded
    phases.spent["commit"] = ended - finished[0]
    whole = ended - began
    rest = whole - sum(phases.spent.values())
    most = {"memory": most_of(), "beside": most_of_helpers()}
    answer.send(
        {"rows": done.read, "entries": entries, "whole": whole, "working": working}
        | most
        | {"make entries": rest}
        | phases.spent
    )


def in_a_process(do: Callable[..., None], *args: Any) -> dict[str, Any]:
    """What a function answers that runs in a process of its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=do, args=(*args, there))
    process.start()
    there.close()
    try:
        return dict(here.recv())
    except EOFError:
        sys.exit("the process that was measured has failed; see above")
    finally:
        process.join()


# --- the floor --------------------------------------------------------------------------------


@dataclass
class Floor:
    """How many rows were written bare, and the seconds that it took, on the clock and of the processor."""

    rows: int = 0
    seconds: float = 0.0
    working: float = 0.0

    @contextmanager
    def writing(self, rows: int) -> Iterator[None]:
        """Count the writing of so many rows."""
        began, worked = time.perf_counter(), time.process_time()
        yield
        self.rows += rows
        self.seconds += time.perf_counter() - began
        self.working += time.process_time() - worked


def floor_on_sqlite(made: Path, bare: Path) -> Floor:
    """Write the rows of all tables of a tracker bare into another file."""
    engine = sa.create_engine(f"sqlite:///{bare}")
    metadata.create_all(engine)
    engine.dispose()
    floor = Floor()
    source, target = sqlite3.connect(made), sqlite3.connect(bare, isolation_level=None)
    for setting in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-262144"):
        target.execute(f"PRAGMA {setting}")
    target.execute("BEGIN IMMEDIATE")
    for table in metadata.sorted_tables:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        places = ", ".join("?" * len(table.columns))
        statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'  # noqa: S608
        found = source.execute(f'SELECT {names} FROM "{table.name}"')  # noqa: S608
        while portion := found.fetchmany(PORTION):
            with floor.writing(len(portion)):
                target.executemany(statement, portion)
    with floor.writing(0):
        target.execute("COMMIT")
    target.close()
    source.close()
    return floor


def floor_on_postgres(made: str, bare: str) -> Floor:
    """The same on PostgreSQL."""
    import psycopg

    engine = sa.create_engine(bare)
    with engine.begin() as connection:
        metadata.create_all(connection)
    engine.dispose()
    floor = Floor()
    with psycopg.connect(_plain(made)) as source, psycopg.connect(_plain(bare)) as target:
        for table in metadata.sorted_tables:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            found = source.cursor("rows")
            found.itersize = PORTION
            found.execute(f'SELECT {names} FROM "{table.name}"'.encode())  # noqa: S608
            while portion := found.fetchmany(PORTION):
                copying = f'COPY "{table.name}" ({names}) FROM STDIN'.encode()
                with floor.writing(len(portion)), target.cursor() as cursor, cursor.copy(copying) as copy:
                    for row in portion:
                        copy.write_row(row)
            found.close()
        with floor.writing(0):
            target.commit()
    return floor


def _plain(url: str) -> str:
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


# --- places -----------------------------------------------------------------------------------

Place = tuple[str, "Callable[[], Floor]"]
"""The URL of a database to be made, and what measures the floor of it."""


@contextmanager
def on_sqlite() -> Iterator[Callable[[Path, int], Place]]:
    """Trackers in files."""

    def place(folder: Path, size: int) -> Place:
        made, bare = folder / f"{size}.db", folder / f"{size}-bare.db"
        return str(made), partial(floor_on_sqlite, made, bare)

    yield place


@contextmanager
def on_postgres() -> Iterator[Callable[[Path, int], Place]]:
    """Trackers on a server that is only for this."""
    from tests.support.pgserver import Server

    server = Server(("shared_buffers=256MB", "max_wal_size=8GB"))

    def place(_folder: Path, size: int) -> Place:
        made, bare = (_new_database(server, f"{name}_{size}") for name in ("made", "bare"))
        return made, partial(floor_on_postgres, made, bare)

    try:
        yield place
    finally:
        server.close()


def _new_database(server: Server, name: str) -> str:
    import psycopg

    with psycopg.connect(_plain(str(server.url())), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    return server.url(name).render_as_string(hide_password=False)


def main() -> None:
    """Import tables of each size, measure the floor of each, and print both."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulkload", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="CLAIMS")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--without-resolving", action="store_true")
    asked = parser.parse_args()
    resolving = not asked.without_resolving
    places = on_postgres() if asked.database == "postgres" else on_sqlite()
    print(f"on {asked.database}; statuses {'included' if resolving else 'left out'}")
    with tempfile.TemporaryDirectory() as name, places as place:
        folder = Path(name)
        (folder / "map.toml").write_text(MAP, "utf-8")
        for claims in [*asked.sizes, *([MILLION] if asked.million else [])]:
            table = folder / f"{claims}.csv"
            write_table(table, claims)
            url, floor = place(folder, claims)
            create_tracker(url, author="benchmark").close()
            spent = in_a_process(run_import, url, str(table), str(folder / "map.toml"), resolving)
            bare = floor()
            tell(claims, spent, bare)
            if resolving:
                for_the_table(asked.database, claims, spent, bare)
            table.unlink()


def for_the_table(database: str, claims: int, spent: dict[str, Any], floor: Floor) -> None:
    """Note one import for the table of all benchmarks."""
    name = {"sqlite": "SQLite", "postgres": "PostgreSQL"}[database]
    floors = f"`{'executemany' if database == 'sqlite' else 'COPY'}` of the same rows"
    times = f"{spent['whole'] / floor.seconds:.1f} × ({spent['whole']:,.0f} s)"
    note(f"an import with statuses, {name}, beside {floors}", times, bound="3 ×", claims=claims)
    own, beside = spent["memory"] / 1e9, spent["beside"] / 1e9
    memory = f"{own + beside:.2f} GB ({own:.2f} + {beside:.2f})"
    note(f"its memory, with the second process, {name}", memory, bound="1.5 GB", claims=claims)


def tell(claims: int, spent: dict[str, Any], floor: Floor) -> None:
    """Print one import beside its floor."""
    whole, entries = spent["whole"], spent["entries"]
    megabytes = [spent[name] / 1e6 for name in ("memory", "beside")]
    rows_in, rows_out = spent["rows"], floor.rows
    print(f"\n{claims:,} claims, {rows_in:,} rows in; {entries:,} entries, {rows_out:,} rows of tables out")
    print(f"{'':<16}{'s':>9}{'share':>8}{'× floor':>9}")
    for phase in PHASES:
        seconds = spent[phase]
        print(f"  {phase:<14}{seconds:>9.1f}{seconds / whole:>8.0%}{seconds / floor.seconds:>9.2f}")
    apart = whole - spent["resolve"]
    print(f"{'import':<16}{whole:>9.1f}{1:>8.0%}{whole / floor.seconds:>9.2f}")
    print(f"{'not resolving':<16}{apart:>9.1f}{apart / whole:>8.0%}{apart / floor.seconds:>9.2f}")
    print(f"{'floor':<16}{floor.seconds:>9.1f}{'':>8}{1:>9.2f}   {floor.rows / floor.seconds:,.0f} rows/s")
    times = spent["working"] / floor.working
    each = 1e6 * spent["working"] / entries
    print(f"of this side's processor: {times:.2f} × the floor, {each:.0f} µs an entry", end="; ")
    print(f"most memory: {megabytes[0]:,.0f} MB and, in a second process, {megabytes[1]:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
