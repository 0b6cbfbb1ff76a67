"""Prints what one act costs in a tracker of any size: ``python -m benchmarks.onelog``.

Trackers of made-up claims with five pieces of evidence each (``benchmarks/crowd.py``: few sources speak on
very many of the claims), with how all stances fared on settled ones, and with their statuses. In each one
piece of evidence is logged, again and again, in one process that stays open: once by the sources that have
spoken most, and once, on other claims, by those that have spoken least. The claims are about events that
were never settled; where the record of a source moves all the same, and other claims with it, that log is
told ``apart`` and not counted. By turns with that a floor is measured: one row in a transaction of its own,
kept as durably, in the same database.

``--million`` adds the largest size; ``--database postgres`` runs a server of its own, that waits for the
disk.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from benchmarks.crowd import make
from benchmarks.figures import note
from tracker.app import create_tracker, open_tracker
from tracker.app.plainly import Work, plain_facts, plain_outcomes
from tracker.app.resolving import Reach, resolve_reached, terms_of
from tracker.journal.entry import timestamp
from tracker.store import fares, outcomes
from tracker.store import tables as t
from tracker.store.journal import last_entry
from tracker.store.loading import load_rows
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.app import Tracker

SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
PORTION = 20_000
TIMES = 40
FIRST = 5
"""The first ones load what is needed, and are not counted."""
SOURCES = 10
"""By so many sources is logged in turn."""


def main() -> None:
    """Make a tracker of each size, and print what one log costs in it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.onelog", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="CLAIMS")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    asked = parser.parse_args()
    print(f"on {asked.database}; medians of {TIMES}, in milliseconds")
    print(
        f"{'claims':>9}{'cases of one':>14}{'one commit':>12}{'one log':>9}{'× commit':>10}{'processor':>11}"
    )
    places = on_postgres() if asked.database == "postgres" else on_sqlite()
    with tempfile.TemporaryDirectory() as folder, places as place:
        for claims in [*asked.sizes, *([MILLION] if asked.million else [])]:
            path = Path(folder) / f"{claims}.db"
            make(path, claims)
            with open_tracker(str(path), author="desk") as tracker:
                settle(tracker)
            url = place(path)
            with open_tracker(url, author="desk") as tracker:
                for most in (True, False):
                    line(tracker, claims, most=most)


# --- what is there ----------------------------------------------------------------------------


def settle(tracker: Tracker) -> None:
    """Work out how stances fared on all plain claims, and how these stand, as an import would."""
    with tracker.database.writing() as connection:
        keys = sorted(Reader(connection).claim_keys())
        for at in range(0, len(keys), PORTION):
            portion = keys[at : at + PORTION]
            facts = plain_facts(connection, portion, tracker.policy, Work())
            assert facts is not None
            outcomes.replace(connection, portion, plain_outcomes(facts, tracker.policy, tracker.today))
        terms = terms_of(tracker.policy, timestamp(tracker.now), last_entry(connection)[0])
        resolve_reached(connection, Reach({}, keys), terms)
        fares.keep(connection)


@contextmanager
def on_sqlite() -> Iterator[Callable[[Path], str]]:
    """Trackers in files, as they were made."""
    yield str


@contextmanager
def on_postgres() -> Iterator[Callable[[Path], str]]:
    """Copies of them on a server that is only for this."""
    import psycopg

    from tests.support.pgserver import Server

    server = Server(("fsync=on", "synchronous_commit=on", "full_page_writes=on"))

    def place(path: Path) -> str:
        name = f"crowd_{path.stem}"
        with psycopg.connect(plain_url(server.url().render_as_string()), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        url = server.url(name).render_as_string(hide_password=False)
        create_tracker(url, author="desk").close()
        copy_rows(path, url)
        return url

    try:
        yield place
    finally:
        server.close()


def plain_url(url: str) -> str:
    """A URL as the server's own library takes it."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def copy_rows(path: Path, url: str) -> None:
    """All rows of a tracker in a file into an empty one elsewhere."""
    with (
        open_tracker(str(path), author="desk") as source,
        open_tracker(url, author="desk") as target,
        source.database.reading() as here,
        target.database.writing() as there,
    ):
        for table in t.metadata.sorted_tables:
            found = here.execute(sa.select(table).execution_options(yield_per=PORTION))
            for rows in found.partitions():
                load_rows(there, table, [tuple(row) for row in rows])
    with closing(open_tracker(url, author="desk")) as target:
        target.vacuum()


# --- what is measured -------------------------------------------------------------------------


def line(tracker: Tracker, claims: int, *, most: bool) -> None:
    """Log by the sources that have spoken most, or least, beside bare commits, and print it."""
    sources = by_cases(tracker, most=most)
    logs: list[float] = []
    used: list[float] = []
    commits: list[float] = []
    commit = bare_commit(tracker)
    for number, key in enumerate(unsettled(tracker, 2 * (TIMES + FIRST))[most::2]):
        commits.append(commit(f"bare-{most}-{number}"))
        begun, busy = time.perf_counter(), time.process_time()
        tracker.log(key, source=sources[number % SOURCES][0], stance="mentions", published="2026-01-01")
        if number >= FIRST and tracker.outcome.anew <= 1:
            logs.append(time.perf_counter() - begun)
            used.append(time.process_time() - busy)
    floor, one, processor = (statistics.median(times) * 1e3 for times in (commits, logs, used))
    cases = statistics.median(count for _, count in sources)
    numbers = f"{floor:>12.2f}{one:>9.2f}{one / floor:>10.1f}{processor:>11.2f}"
    print(f"{claims:>9,}{cases:>14,.0f}{numbers}{TIMES - len(logs):>8}", flush=True)
    name = "PostgreSQL" if tracker.database.path is None else "SQLite"
    who = "the sources with most cases" if most else "those with fewest"
    told = f"{one / floor:.0f} × ({one:.1f} ms, {floor:.1f} ms)"
    note(f"one log by {who}, {name}, beside one commit", told, bound="10 ×", claims=claims)


def by_cases(tracker: Tracker, *, most: bool) -> list[tuple[str, int]]:
    """The sources with the most cases, or the fewest, with how many each has."""
    count = sa.func.count()
    query = sa.select(t.outcomes.c.source, count).group_by(t.outcomes.c.source)
    order = count.desc() if most else count.asc()
    with tracker.database.reading() as connection:
        found = connection.execute(query.order_by(order, t.outcomes.c.source).limit(SOURCES)).all()
    return [(source, number) for source, number in found]


def unsettled(tracker: Tracker, count: int) -> list[str]:
    """Some claims about events, spread over all, that were never settled and that nothing ties to others."""
    settled = sa.select(t.outcomes.c.claim).where(t.outcomes.c.claim == t.claims.c.key)
    c = t.claims.c
    query = sa.select(c.key).where(c.kind == "event", c.subject.is_(None), c.question.is_(None))
    with tracker.database.reading() as connection:
        keys = list(connection.scalars(query.where(~settled.exists()).order_by(c.key)))
    return [keys[at * len(keys) // count] for at in range(count)]


def bare_commit(tracker: Tracker) -> Callable[[str], float]:
    """Seconds for one row in one transaction on a connection of its own, with the settings of the tracker."""
    path = tracker.database.path
    connection: Any
    if path is None:
        import psycopg

        connection, mark = psycopg.connect(plain_url(tracker.database.url), autocommit=True), "%s"
    else:
        connection, mark = sqlite3.connect(path, isolation_level=None), "?"
        connection.execute("PRAGMA synchronous=FULL")
    statement = f"INSERT INTO requests (id, digest, seq) VALUES ({mark}, '', 0)"  # noqa: S608

    def commit(name: str) -> float:
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE" if path else "BEGIN")
        connection.execute(statement, (name,))
        connection.execute("COMMIT")
        return time.perf_counter() - begun

    return commit


if __name__ == "__main__":
    main()
