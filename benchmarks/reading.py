"""Prints what questions cost, whatever the size: ``python -m benchmarks.reading`` (``--million``
for 10⁶ claims as well).

Trackers of many claims are written straight into the tables, with the journal that leads there but
without its tree, which no question here reads. Then commands are run as whole processes, by turns with
the floors: a bare Python, one with click, one that imports SQLAlchemy. Machines are noisy; read the
multiples. Questions about many claims are given after start-up: less what the status of one claim takes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from benchmarks.figures import note
from tracker.app import create_tracker
from tracker.journal.entry import Entry, timestamp
from tracker.store import spellings
from tracker.store import tables as t
from tracker.store.database import Database
from tracker.store.inserting import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.app import Tracker

PORTION = 20_000
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=365)
"""All is recorded evenly within so long."""

TODAY = "2026-02-01T12:00:00Z"
SOURCES = 20
SORTS = (
    # kind, and the stances of the pieces on a claim of this sort
    ("event", ("supports",)),
    ("event", ("supports", "supports", "supports")),
    ("event", ("supports", "denies")),
    ("event", ("denies", "denies")),
    ("other", ("mentions",)),
    ("other", ("supports", "supports")),
)
TOLD = ("status --status disputed", "status --recorded-by, half-way", "changes --since the last day")
"""Of these questions a bound is said."""

SLOWER, FASTER = 1.5, 1.6
"""The bounds: the status of a claim in imports of SQLAlchemy, the help in Pythons with click."""

_FOLDED = list(t.claims.columns.keys()).index("folded")


def main() -> None:
    """Make the trackers, run all of it and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="up to 10,000 claims, fewer runs")
    parser.add_argument("--million", action="store_true", help="a million claims besides")
    parser.add_argument("--keep", metavar="FOLDER", help="where the trackers are left, or are from before")
    given = parser.parse_args()
    sizes = [1_000, 10_000, *([] if given.quick else [100_000]), *([1_000_000] if given.million else [])]
    runs = 3 if given.quick else 7
    with tempfile.TemporaryDirectory() as made:
        folder = Path(given.keep or made)
        places = {size: fill(folder / f"reading-{size}.db", size) for size in sizes}
        start_up(places, runs)
        questions(places, runs)
        replays(places[sizes[0]], sizes[0])


# --- processes --------------------------------------------------------------------------------


def start_up(places: dict[int, Path], runs: int) -> None:
    """Help, and what is said of one claim, beside their floors."""
    commands = {
        "python": ["-c", "pass"],
        "python with click": ["-c", "import click"],
        "import sqlalchemy": ["-c", "import sqlalchemy"],
        "tracker --help": ["-m", "tracker", "--help"],
    }
    for size, path in places.items():
        commands[f"status KEY of {size:,}"] = asked(path, "status", key(size // 2))
    smallest = min(places)
    for word in ("why", "show", "history"):
        commands[f"{word} KEY of {smallest:,}"] = asked(places[smallest], word, key(smallest // 2))
    medians = in_turn(commands, runs)
    click, sqlalchemy = medians["python with click"], medians["import sqlalchemy"]
    print(f"\nWhole processes, median of {runs}")
    print(f"{'':<26}{'ms':>8}{'× with click':>15}{'× SQLAlchemy':>15}")
    for name, seconds in medians.items():
        print(f"{name:<26}{seconds * 1e3:>8.0f}{seconds / click:>15.2f}{seconds / sqlalchemy:>15.2f}")
    times = medians["tracker --help"] / click
    note("`tracker --help`, in Pythons with click", f"{times:.2f}", bound=f"{FASTER}")
    for size in places:
        times = medians[f"status KEY of {size:,}"] / sqlalchemy
        note("`tracker status KEY`, in imports of SQLAlchemy", f"{times:.2f}", bound=f"{SLOWER}", claims=size)
    ones = [medians[f"status KEY of {size:,}"] for size in places]
    print(f"the bounds: help {FASTER} × Python with click, status KEY {SLOWER} × import sqlalchemy")
    print(f"status KEY in the largest takes {ones[-1] / ones[0]:.2f} × that in the smallest")


def questions(places: dict[int, Path], runs: int) -> None:
    """First pages of everything, after start-up, by the number of claims."""
    half = (BEGIN + SPAN / 2).date().isoformat()
    late = (BEGIN + SPAN - timedelta(days=1)).date().isoformat()
    words = {
        "one": ["status", key(7)],
        "status": ["status"],
        "status --status disputed": ["status", "--status", "disputed"],
        "status --status retracted (none)": ["status", "--status", "retracted"],
        "status --kind other": ["status", "--kind", "other"],
        "status --source source-3": ["status", "--source", "source-3"],
        "status --changed-since": ["status", "--changed-since", "2019-03-02"],
        "status --recorded-by, half-way": ["status", "--recorded-by", half],
        "the same, disputed": ["status", "--recorded-by", half, "--status", "disputed"],
        "the same, retracted (none)": ["status", "--recorded-by", half, "--status", "retracted"],
        "the same, of a kind": ["status", "--recorded-by", half, "--kind", "other"],
        "the same, of a source": ["status", "--recorded-by", half, "--source", "source-3"],
        "the same, of a kind, retracted": [
            *("status", "--recorded-by", half),
            *("--kind", "other", "--status", "retracted"),
        ],
        "status --as-of": ["status", "--as-of", "2019-03-02"],
        "the same, disputed by then": ["status", "--as-of", "2019-03-02", "--status", "disputed"],
        "link list --as-of": ["link", "list", "--as-of", "2019-03-02"],
        "show KEY": ["show", key(7)],
        "history KEY": ["history", key(7)],
        "status KEY --recorded-by": ["status", key(7), "--recorded-by", half],
        "show KEY --recorded-by": ["show", key(7), "--recorded-by", half],
        "diff KEY half-way now": ["diff", key(7), half, "now", "--clock", "recorded"],
        "diff half-way now": ["diff", half, "now", "--clock", "recorded"],
        "diff two days": ["diff", "2019-03-02", "2019-04-02"],
        "review --recorded-by": ["review", "--recorded-by", half],
        "search WORDS": ["search", "very many"],
        "search WORDS --recorded-by": ["search", "very many", "--recorded-by", half],
        "search WORD misspelt --recorded-by": ["search", "verry", "--recorded-by", half],
        "link list --recorded-by": ["link", "list", "--recorded-by", half],
        "changes --since the last day": ["changes", "--since", late],
        "changes --since the first": ["changes", "--since", BEGIN.date().isoformat()],
        "claim list": ["claim", "list"],
        "audit log": ["audit", "log"],
        "audit log KEY": ["audit", "log", key(7)],
    }
    print(f"\nSeconds after start-up (less the status of one claim), median of {runs}; to reach: 1")
    print(f"{'':<34}" + "".join(f"{size:>12,}" for size in places))
    medians = {
        size: in_turn({name: asked(path, *each) for name, each in words.items()}, runs)
        for size, path in places.items()
    }
    for name in list(words)[1:]:
        row = {size: max(medians[size][name] - medians[size]["one"], 0) for size in places}
        print(f"{name:<34}" + "".join(f"{seconds:>12.3f}" for seconds in row.values()))
        for size, seconds in row.items() if name in TOLD else ():
            note(f"`{name}`, first page, after start-up", f"{seconds:.2f} s", bound="1 s", claims=size)


def replays(path: Path, size: int) -> None:
    """What replays the journal, all of it or nearly all, and so takes longer with each entry: in the
    smallest tracker, once. Of so few sources each spoke on very many claims, which is the worst case for
    why, and for a list by both clocks."""
    half = (BEGIN + SPAN / 2).date().isoformat()
    words = {
        "one": ["status", key(7)],
        "why KEY --recorded-by, half-way": ["why", key(7), "--recorded-by", half],
        "status --recorded-by --as-of": ["status", "--recorded-by", half, "--as-of", "2019-03-02"],
    }
    medians = in_turn({name: asked(path, *each) for name, each in words.items()}, 1)
    print(f"\nSeconds after start-up of what replays the journal, with {size:,} claims")
    for name in list(words)[1:]:
        print(f"{name:<34}{medians[name] - medians['one']:>12.3f}")


def asked(path: Path, *words: str) -> list[str]:
    """The Python command that asks a tracker something."""
    return ["-m", "tracker", *words, "--db", str(path)]


def in_turn(commands: dict[str, list[str]], runs: int) -> dict[str, float]:
    """The median seconds of each Python command, run by turns so that all share the noise."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    environment = {**os.environ, "NO_COLOR": "1", "TRACKER_CLOCK": TODAY}
    for turn in range(runs + 1):
        for name, arguments in commands.items():
            began = time.perf_counter()
            done = subprocess.run(
                [sys.executable, *arguments], env=environment, capture_output=True, check=False
            )
            if done.returncode != 0:
                sys.exit(f"{name} failed: {done.stderr.decode()}")
            if turn:  # the first turn only warms up
                taken[name].append(time.perf_counter() - began)
    return {name: statistics.median(times) for name, times in taken.items()}


# --- a large tracker --------------------------------------------------------------------------


def key(number: int) -> str:
    """The key of a claim: in an order that has nothing to do with that of recording."""
    return f"claim-{number * 7_919 % 9_999_991:07}"


def fill(path: Path, claims: int) -> Path:
    """A tracker with so many claims, one act each, and one more piece on every tenth at the end; made
    unless it is there."""
    if path.exists():
        return path
    began = time.perf_counter()
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with create_tracker(str(partial), author="benchmark", clock=lambda: BEGIN) as tracker:
        for number in range(SOURCES):
            tracker.add_source(f"Source {number}")
        told = [stood(tracker, sort) for sort in range(len(SORTS))]
        first = tracker.entries()[-1].seq + 1
    database = Database(str(partial))
    rows = _rows(claims, first, told)
    while portion := list(islice(rows, PORTION)):
        with database.writing() as connection:
            for table in (t.journal, t.claims, t.evidence, t.statuses, t.status_changes):
                if made := [row for of, row in portion if of is table]:
                    insert_rows(connection, table, made)
                    if table is t.claims:  # what a misspelt word is found by
                        spellings.learn_words(
                            connection, [word for row in made for word in row[_FOLDED].split()]
                        )
    database.close()
    partial.rename(path)
    print(f"made {claims:,} claims in {time.perf_counter() - began:.0f} s")
    return path


def stood(tracker: Tracker, sort: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The stored status of a claim of a sort, and that with one piece more, as the tracker resolves them."""
    kind, stances = SORTS[sort]
    model = f"model-{sort}"
    tracker.add_claim(f"A model of the {sort}th sort", key=model, kind=kind)
    found = []
    for number, stance in enumerate((*stances, "denies")):
        tracker.log(model, source=f"source-{number}", stance=stance, published=published(number))
        with tracker.reading() as reader:
            query = sa.select(t.statuses).where(t.statuses.c.claim == model)
            found.append(dict(reader.connection.execute(query).mappings().one()))
    return found[-2], found[-1]


def published(number: int) -> str:
    """When a piece came out."""
    return f"2019-03-0{number + 1}"


def _rows(
    claims: int, first: int, told: Sequence[tuple[dict[str, Any], dict[str, Any]]]
) -> Iterator[tuple[sa.Table, tuple[Any, ...]]]:
    """The rows of all tables, in an order in which they can be inserted."""
    seq = first
    total = claims * 12 // 10
    for act in range(total):
        number, again = (act, False) if act < claims else (10 * (act - claims), True)
        if number >= claims:
            return
        sort = number % len(SORTS)
        kind, stances = SORTS[sort]
        at = timestamp(BEGIN + SPAN * act / total)
        batch, claim = seq, key(number)
        pieces = list(enumerate(stances)) if not again else [(len(stances), "denies")]
        if not again:
            text = f"Claim {number} of very many"
            yield t.journal, _entry(seq, batch, at, "claim.recorded", claim, {"text": text, "kind": kind})
            seq += 1
            columns = {"seq": seq - 1, "key": claim, "text": text, "folded": text.lower(), "kind": kind}
            yield t.claims, _values(t.claims, columns | {"withdrawn": False, "recorded_at": at})
        for place, stance in pieces:
            source = f"source-{(number + place) % SOURCES}"
            day, piece = published(place), f"{claim}.{place}"
            fields = {"claim": claim, "source": source, "stance": stance}
            when = {"edtf": day, "words": day, "earliest": day, "latest": day}
            yield t.journal, _entry(seq, batch, at, "evidence.logged", piece, fields | {"published": when})
            seq += 1
            dated = {f"published_{name}": value for name, value in when.items()}
            yield t.evidence, _values(t.evidence, fields | dated | {"key": piece, "recorded_on": at[:10]})
        now, was = (told[sort][1], told[sort][0]["status"]) if again else (told[sort][0], None)
        status = now | {"claim": claim, "seq": seq - 1, "as_of": at[:10]}
        last = again or number % 10 or claims + number // 10 >= total
        if last:
            yield t.statuses, _values(t.statuses, status)
        yield t.status_changes, _values(t.status_changes, status | {"recorded_at": at, "was": was})


def _entry(seq: int, batch: int, at: str, act: str, subject: str, payload: dict[str, Any]) -> tuple[Any, ...]:
    """A row of the journal; its hash is left out, which only audits read."""
    entry = Entry(
        seq=seq,
        batch=batch,
        recorded_at=at,
        author="benchmark",
        act=act,
        subject=subject,
        reason="",
        payload=payload,
    )
    return (seq, batch, at, entry.author, act, subject, entry.body.decode(), "")


def _values(table: sa.Table, columns: dict[str, Any]) -> tuple[Any, ...]:
    """Values in the order of the columns of a table, days as the driver of SQLite takes them."""
    return tuple(
        value.isoformat() if isinstance(value := columns.get(column.name), date) else value
        for column in table.columns
    )


if __name__ == "__main__":
    main()
