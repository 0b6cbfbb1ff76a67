"""Prints what an import in bulk costs: ``python -m benchmarks.bulkload``.

A table of claims with five pieces of evidence each (10,000 graded sources, dates, one piece in ten with a
document at an address of its own) is imported as ``tracker import csv`` does it, by a process of its own.
In the same run the floor is measured: the very same rows of all tables, read back from the result, are
written into empty tables with the same columns, keys and indexes by bare ``executemany`` (SQLite) or COPY
(PostgreSQL), in one transaction. ``--database postgres`` runs a server of its own.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import random
import resource
import sqlite3
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.app import create_tracker, importing, open_tracker
from tracker.app.bulk import BulkTransaction
from tracker.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES = (10_000, 100_000)
PIECES = 5
SOURCES = 10_000
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
PLACES = ("the harbour", "the old bridge", "the northern depot", "the market", "the ring road", "the airfield")
DEEDS = ("was closed", "was shelled", "caught fire", "was reopened", "was evacuated", "lost its power")
VIEWS = ("supports", "supports", "supports", "denies", "mentions", "doubts")


def write_table(path: Path, claims: int, seed: int = 7) -> None:
    """A table of so many claims, its rows claim by claim."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for number in range(claims):
            words = f"In district {number} {chance.choice(PLACES)} {chance.choice(DEEDS)}"
            for _ in range(PIECES):
                outlet = chance.randrange(SOURCES)
                day = f"{chance.randint(2015, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
                link = f"https://outlet-{outlet}.example/{chance.randrange(10**9)}" if chance.random() < 0.1 else ""
                row = (f"c{number}", words, "event", f"Outlet {outlet}", "outlet", "ABCDEF"[outlet % 6])
                told = chance.choice(("", "1", "2", "3"))
                writer.writerow((*row, chance.choice(VIEWS), day, link, told))


# --- the import, in a process of its own ------------------------------------------------------


class Phases:
    """Seconds by phase."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def timed(self, phase: str, do: Callable[..., Any]) -> Callable[..., Any]:
        """A function that counts towards a phase."""

        def run(*args: Any, **words: Any) -> Any:
            with self.during(phase):
                return do(*args, **words)

        return run

    @contextmanager
    def during(self, phase: str) -> Iterator[None]:
        """Count what happens here towards a phase."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.spent[phase] = self.spent.get(phase, 0.0) + time.perf_counter() - began


def run_import(url: str, table: str, map_name: str, answer: Any) -> None:
    """Import a table, and answer with the seconds of each phase and the most memory."""
    from tracker.app import bulk
    from tracker.store import journal, loading

    phases = Phases()
    portions = importing.islice
    importing.islice = lambda rows, n: iter(phases.timed("read", lambda: list(portions(rows, n)))())  # type: ignore[assignment]
    bulk.load_columns = phases.timed("write", loading.load_columns)
    bulk.journal = _Timed(journal, phases)  # type: ignore[assignment]
    bulk.resolve_touched = phases.timed("resolve", bulk.resolve_touched)
    importing.Known.look_up = phases.timed("look up", importing.Known.look_up)  # type: ignore[method-assign]
    BulkTransaction.flush = phases.timed("flush", BulkTransaction.flush)  # type: ignore[method-assign]
    began = time.perf_counter()
    with open_tracker(url, author="benchmark") as tracker:
        done = tracker.import_csv(Path(table), map_name=map_name, name="table.csv")
        entries = tracker.outcome.recorded
    whole = time.perf_counter() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    answer.send({"rows": done.read, "entries": entries, "whole": whole, "memory": most, **phases.spent})


class _Timed:
    """A module whose ``append`` counts as writing."""

    def __init__(self, module: Any, phases: Phases) -> None:
        self._module = module
        self.append = phases.timed("journal", module.append)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def in_a_process(do: Callable[..., None], *args: Any) -> dict[str, Any]:
    """What a function answers that runs in a process of its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=do, args=(*args, there))
    process.start()
    there.close()
    try:
        return dict(here.recv())
    finally:
        process.join()
