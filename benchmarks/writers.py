"""Prints how fairly programs that write at once get their turns: ``python -m benchmarks.writers``.

Each writer is a process that records one act after another (a source, a claim, what the one says of the
other) in one database, for some seconds, while one reader looks again and again. The longest wait is
that of one act from its beginning to its end, waiting included. ``--without`` takes away the lock that
writers take turns at, so that only SQLite's own is left. ``--database postgres`` measures on a server of
its own, beside a floor (benchmarks.turns).
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING

from benchmarks import turns
from tracker.app import create_tracker, open_tracker
from tracker.store.database import Database

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier


@dataclass(frozen=True)
class Share:
    """What one writer got: how many acts, and how long each took from beginning to end (seconds)."""

    writer: int
    waits: tuple[float, ...]


def write(
    path: str, writer: int, seconds: float, most: int, begin: Barrier, shares: Queue[Share], alone: bool
) -> None:
    """Record acts until the time is up, or so many are done."""
    if alone:
        Database._turn = lambda _: nullcontext()  # type: ignore[method-assign, assignment] # noqa: SLF001
    waits = []
    with open_tracker(path, author=f"writer-{writer}") as tracker:
        begin.wait()
        end = time.monotonic() + seconds
        while time.monotonic() < end and len(waits) < most:
            key = f"{writer}-{len(waits)}"
            begun = time.monotonic()
            with tracker.act(request=key, asked=key):
                tracker.add_source(f"Source {key}", key=f"source-{key}")
                tracker.add_claim(f"Ship {key} has sunk", key=f"ship-{key}")
                tracker.log(f"ship-{key}", source=f"source-{key}", stance="supports")
            waits.append(time.monotonic() - begun)
    shares.put(Share(writer, tuple(waits)))


def together(
    path: str, writers: int, seconds: float, *, most: int = 10**9, alone: bool = False
) -> list[Share]:
    """Let so many processes write at once; returns what each got."""
    context = multiprocessing.get_context("spawn")
    begin, shares = context.Barrier(writers), context.Queue()
    processes = [
        context.Process(target=write, args=(path, n, seconds, most, begin, shares, alone))
        for n in range(writers)
    ]
    for process in processes:
        process.start()
    got = [_next(shares, processes) for _ in processes]
    for process in processes:
        process.join()
    return sorted(got, key=lambda share: share.writer)


def _next(shares: Queue[Share], processes: list[SpawnProcess]) -> Share:
    """The next share; fails where a writer that owes one has died."""
    while True:
        try:
            return shares.get(timeout=1)
        except Empty:
            if any(process.exitcode for process in processes):
                raise RuntimeError("a writer died; see above") from None


def main() -> None:
    """Measure both ways, or one, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.writers", description=__doc__)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--without", action="store_true", help="only without the lock file")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=3, help="on PostgreSQL: how often each way is measured")
    parser.add_argument("--no-fsync", action="store_true", help="on PostgreSQL: without waiting for the disk")
    asked = parser.parse_args()
    if asked.database == "postgres":
        turns.measure_all(asked.writers, asked.seconds, asked.rounds, durable=not asked.no_fsync)
        return
    print(f"{asked.writers} writers, {asked.seconds:g} s")
    print(f"{'':<16}{'acts/s':>8}{'fewest':>8}{'most':>8}{'median ms':>11}{'longest ms':>12}  journal")
    for name, alone in (("in turns", False), ("SQLite alone", True)):
        if asked.without and not alone:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "newsroom.db")
            create_tracker(path, author="desk").close()
            shares = together(path, asked.writers, asked.seconds, alone=alone)
            with open_tracker(path) as tracker:
                sound = "verifies" if tracker.audit().ok else "BROKEN"
        counts = [len(share.waits) for share in shares]
        waits = [wait for share in shares for wait in share.waits]
        print(
            f"{name:<16}{sum(counts) / asked.seconds:>8.0f}{min(counts):>8}{max(counts):>8}"
            f"{1000 * statistics.median(waits):>11.1f}{1000 * max(waits):>12.0f}  {sound}"
        )


if __name__ == "__main__":
    sys.exit(main())
