"""Prints what resolving in bulk costs: ``python -m benchmarks.bulk`` (``--quick`` for less).

Tables of made-up claims, each with five pieces of evidence from a thousand sources whose records
are given, are resolved in memory: the weight of each piece looked up by its source and stance, then
all the way to status and confidence. Each line is a process of its own, so that its peak of memory,
which includes the table and its making, is its own. Then what one claim costs by the same way.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from claims.model import Claim, Evidence, Source
from claims.resolve.bulk import resolve_columns
from claims.resolve.dossier import Dossier
from claims.resolve.kernel import Columns
from claims.resolve.resolver import resolve
from claims.vocabulary import Kind, SourceType, Stance
from tracker.app.policies import load_policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

PIECES = 5
SOURCES = 1_000
OWNERS = 50
"""In the tables with shared origins, every source belongs to one of so many owners."""


def main() -> None:
    """Print both tables; or, as a process of its own, measure one line of the first."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="up to 100,000 claims, fewer runs")
    parser.add_argument("--threads", type=int, default=2, help="2 unless given")
    parser.add_argument("--line", nargs=3, metavar=("CLAIMS", "SHARED", "RUNS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.line:
        claims, shared, runs = (int(word) for word in given.line)
        print(json.dumps(measured(claims, runs, given.threads, shared=bool(shared))))
        return
    sizes, runs = ((10_000, 100_000), 3) if given.quick else ((10_000, 100_000, 1_000_000), 7)
    in_bulk(sizes, runs, given.threads)
    one_claim(200 if given.quick else 2_000)


# --- in bulk --------------------------------------------------------------------------------


def in_bulk(sizes: tuple[int, ...], runs: int, threads: int) -> None:
    """Seconds and memory by the number of claims, each line in a fresh process."""
    print(f"{PIECES} pieces of evidence a claim, {SOURCES} sources, records given; best of {runs}")
    print(
        f"{'origins':<10}{'claims':>10}{'1 thread s':>12}{f'{threads} threads s':>13}{'processor s':>13}",
        end="",
    )
    print(f"{'× a tenth':>11}{'peak MB':>9}")
    for shared in (False, True):
        before = None
        for size in sizes:
            found = in_a_process(size, runs, threads, shared=shared)
            growth = f"{found['alone'] / before:.1f}" if before else ""
            before = found["alone"]
            print(f"{'shared' if shared else 'distinct':<10}{size:>10}{found['alone']:>12.3f}", end="")
            print(f"{found['together']:>13.3f}{found['processor']:>13.3f}{growth:>11}{found['peak']:>9.0f}")


def in_a_process(claims: int, runs: int, threads: int, *, shared: bool) -> dict[str, float]:
    """One line of the table, measured where nothing else has been."""
    words = [sys.executable, "-m", "benchmarks.bulk", "--threads", str(threads)]
    line = ["--line", str(claims), str(int(shared)), str(runs)]
    done = subprocess.run([*words, *line], capture_output=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measured(claims: int, runs: int, threads: int, *, shared: bool) -> dict[str, float]:
    """Seconds with one thread and with several, seconds of processor with one, and the peak of
    memory in MB."""
    work = table(claims, shared=shared)
    alone, processor = best(runs, lambda: work(1))
    together, _ = best(runs, lambda: work(threads))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"alone": alone, "together": together, "processor": processor, "peak": peak}


def table(claims: int, *, shared: bool) -> Callable[[int], Any]:
    """Made-up claims, and how to resolve them with so many threads."""
    policy = load_policy()
    rng = np.random.default_rng(1)
    records = rng.uniform(0, 2, size=(2, SOURCES))  # log-odds of a stance, by stance and source
    stance = (rng.random(claims * PIECES, dtype=np.float32) < 0.4).astype(np.int8)
    source = distinct_sources(rng, claims)
    claim = np.repeat(np.arange(claims, dtype=np.int32), PIECES)

    def work(threads: int) -> object:
        columns = Columns(
            base=np.zeros(claims),
            claim=claim,
            sign=1 - 2 * stance,
            strength=records[stance, source],
            origin=source % OWNERS if shared else source,
            independent=np.zeros(len(claim), dtype=np.bool_),
        )
        return resolve_columns(columns, policy, threads=threads)

    return work


def distinct_sources(rng: np.random.Generator, claims: int) -> NDArray[np.int32]:
    """Five sources for each claim, no two of them the same."""
    first = rng.integers(0, SOURCES, size=(claims, 1), dtype=np.int32)
    step = rng.integers(1, SOURCES // PIECES, size=(claims, 1), dtype=np.int32)
    return ((first + step * np.arange(PIECES, dtype=np.int32)) % SOURCES).ravel()


def best(runs: int, work: Callable[[], object]) -> tuple[float, float]:
    """The least seconds, by the clock and of the processor, that something took."""
    taken = []
    for _ in range(runs):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - clock, time.process_time() - processor))
    return min(clock for clock, _ in taken), min(processor for _, processor in taken)


# --- one claim ------------------------------------------------------------------------------


def one_claim(runs: int) -> None:
    """What one claim with five pieces costs: as columns, and as records with all their reasons."""
    work = table(1, shared=False)
    policy, records, day = load_policy(), dossier(), date(2024, 1, 1)
    print(f"\nOne claim with {PIECES} pieces, median of {runs}")
    print(f"columns to verdict     {median(runs, lambda: work(1)) * 1e3:>8.3f} ms")
    print(f"records to resolution  {median(runs, lambda: resolve(records, policy, day)) * 1e3:>8.3f} ms")


def dossier() -> Dossier:
    """One claim on which five sources speak."""
    keys = [f"source-{number}" for number in range(PIECES)]
    stances = (Stance.SUPPORTS, Stance.SUPPORTS, Stance.DENIES, Stance.SUPPORTS, Stance.DOUBTS)
    day = date(2023, 1, 1)
    said = [
        Evidence(key=f"said-{key}", claim="claim", source=key, stance=stance, recorded_on=day)
        for key, stance in zip(keys, stances, strict=True)
    ]
    return Dossier(
        claims={"claim": Claim(key="claim", text="A claim", kind=Kind.EVENT)},
        evidence={piece.key: piece for piece in said},
        sources={key: Source(key=key, name=key, type=SourceType.OTHER) for key in keys},
    )


def median(runs: int, work: Callable[[], object]) -> float:
    """The median seconds that something takes."""
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
