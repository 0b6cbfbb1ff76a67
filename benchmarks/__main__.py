"""Prints what the program costs: ``python -m benchmarks`` (``--quick`` for a smaller run).

Times of commands are of whole processes, the median of several runs, and are given as multiples
of what cannot be avoided: a bare Python, and Python with click. Machines are noisy; read the
multiples, not the milliseconds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.app import create_tracker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tracker.app import Tracker

STANCES = ("supports", "supports", "denies", "mentions")
SOURCES = 20


def main() -> None:
    """Run all of it and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer claims, fewer runs")
    quick = parser.parse_args().quick
    runs, sizes = (3, (100, 1_000)) if quick else (11, (100, 1_000, 10_000))
    with tempfile.TemporaryDirectory() as folder:
        start_up(runs)
        databases = {size: fill(Path(folder) / f"{size}.db", size) for size in sizes}
        reports(databases, runs)
        appending(Path(folder), 200 if quick else 2_000)


# --- start-up and reports -------------------------------------------------------------------


def start_up(runs: int) -> None:
    """``tracker --help`` beside bare Python and Python with click."""
    commands = {
        "python -c pass": ["-c", "pass"],
        "python -c 'import click'": ["-c", "import click"],
        "python -c 'import sqlalchemy'": ["-c", "import sqlalchemy"],
        "tracker --help": ["-m", "tracker", "--help"],
        "tracker status --help": ["-m", "tracker", "status", "--help"],
    }
    medians = in_turn(commands, runs)
    bare, click = medians["python -c pass"], medians["python -c 'import click'"]
    bound = 2.5 * bare + (click - bare)
    print("\nStart-up of whole processes, median of", runs)
    print(f"{'command':<34}{'ms':>8}{'× bare Python':>16}{'of the bound':>15}")
    for name, seconds in medians.items():
        print(f"{name:<34}{seconds * 1e3:>8.1f}{seconds / bare:>16.2f}{seconds / bound:>15.2f}")
    print(f"the bound: 2.5 × bare Python + click's import = {bound * 1e3:.1f} ms")


def reports(databases: dict[int, Path], runs: int) -> None:
    """``tracker status`` of everything and of one claim, by the number of claims."""
    print("\nStatus reports of whole processes, median of", runs)
    print(f"{'claims':>8}{'status ms':>12}{'× bare':>9}{'status KEY ms':>16}{'× bare':>9}")
    commands: dict[str, list[str]] = {"bare": ["-c", "pass"]}
    for size, path in databases.items():
        commands[f"{size} all"] = ["-m", "tracker", "status", "--db", str(path)]
        commands[f"{size} one"] = ["-m", "tracker", "status", "claim-7", "--db", str(path)]
    medians = in_turn(commands, runs)
    bare = medians["bare"]
    for size in databases:
        everything, one = medians[f"{size} all"], medians[f"{size} one"]
        print(
            f"{size:>8}{everything * 1e3:>12.0f}{everything / bare:>9.1f}{one * 1e3:>16.0f}{one / bare:>9.1f}"
        )
    smallest, largest = min(databases), max(databases)
    growth = medians[f"{largest} one"] / medians[f"{smallest} one"]
    print(f"one claim among {largest} takes {growth:.2f} × one claim among {smallest}")


def in_turn(commands: dict[str, list[str]], runs: int) -> dict[str, float]:
    """The median seconds of each Python command, run by turns so that all share the noise."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    environment = {**os.environ, "NO_COLOR": "1"}
    for turn in range(runs + 1):
        for name, arguments in commands.items():
            began = time.perf_counter()
            done = subprocess.run(
                [sys.executable, *arguments], env=environment, capture_output=True, check=False
            )
            spent = time.perf_counter() - began
            if done.returncode != 0:
                sys.exit(f"{name} failed: {done.stderr.decode()}")
            if turn:  # the first turn only warms up
                taken[name].append(spent)
    return {name: statistics.median(times) for name, times in taken.items()}


# --- writing --------------------------------------------------------------------------------


def fill(path: Path, claims: int) -> Path:
    """A tracker with so many claims, each with three pieces of evidence, made in one act."""
    with create_tracker(str(path), author="benchmark") as tracker:
        for number in range(SOURCES):
            tracker.add_source(f"Source {number}")
        began = time.perf_counter()
        with tracker.act():
            for number in range(claims):
                record(tracker, number)
        spent = time.perf_counter() - began
    print(f"made {claims} claims with 3 pieces of evidence each: {4 * claims / spent:.0f} acts/s")
    return path


def record(tracker: Tracker, number: int) -> None:
    """One claim and what three sources say of it."""
    key = f"claim-{number}"
    tracker.add_claim(f"Claim {number} of many", key=key, kind="event", when="2018")
    for piece in range(3):
        tracker.log(
            key,
            source=f"source-{(number + 7 * piece) % SOURCES}",
            stance=STANCES[(number + piece) % len(STANCES)],
            published=f"2019-03-0{piece + 1}",
        )


def appending(folder: Path, entries: int) -> None:
    """Entries appended per second: one by one, each durable, and all in one transaction."""
    print(f"\nAppending {entries} pieces of evidence, resolved and made durable")
    with create_tracker(str(folder / "append.db"), author="benchmark") as tracker:
        for number in range(SOURCES):
            tracker.add_source(f"Source {number}")
        with tracker.act():
            for number in range(entries):
                tracker.add_claim(f"Claim {number}", key=f"claim-{number}", kind="event")

        def log(number: int, source: int) -> None:
            tracker.log(f"claim-{number}", source=f"source-{source}", stance="supports")

        alone = per_second(lambda number: log(number, 0), range(entries))
        with tracker.act():
            together = per_second(lambda number: log(number, 1), range(entries))
    print(f"one by one          {alone:>8.0f} entries/s")
    print(f"in one transaction  {together:>8.0f} entries/s")


def per_second(do: Callable[[int], None], numbers: Sequence[int]) -> float:
    """How often per second something is done, over all numbers."""
    began = time.perf_counter()
    for number in numbers:
        do(number)
    return len(numbers) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
