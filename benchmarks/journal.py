"""Prints what the journal costs: ``python -m benchmarks.journal`` (``--quick`` for less).

Appending is compared with a bare loop that makes the same rows and the same hashes and inserts them with
the database's own driver, on the same disk, transaction by transaction in turn. Machines and disks
are noisy: read the ratios, not the seconds. The faster a disk syncs, the more of an entry alone is
the work of the processor, and the larger its ratio.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.app import create_tracker
from tracker.journal.entry import Entry
from tracker.journal.merkle import CompactRange
from tracker.journal.proofs import proves_consistency, proves_inclusion
from tracker.store import journal, nodes

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker
    from tracker.store.database import Connection

BATCH = 1_000
PROOFS = 500
QUOTE = "The spokesman said on Tuesday that the commander had been killed in the raid near the border. " * 2


def main() -> None:
    """Run all of it and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.journal", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer entries, fewer runs")
    quick = parser.parse_args().quick
    runs, batches, single = (3, 5, 100) if quick else (7, 20, 400)
    with tempfile.TemporaryDirectory() as folder:
        appending(Path(folder), runs, batches, single)
        proving(Path(folder), (1_000, 10_000) if quick else (1_000, 10_000, 100_000, 1_000_000))


# --- appending ------------------------------------------------------------------------------


def appending(folder: Path, runs: int, batches: int, single: int) -> None:
    """Entries per second, beside a bare loop whose transactions take turns with ours."""
    print(f"\nAppending entries of {len(made(1, 1).body)} bytes to SQLite, medians of {runs} runs")
    print(f"{'':<22}{'journal.append/s':>18}{'bare loop/s':>14}{'× the bare time':>18}{'spread':>14}")
    for words, transactions, size in (
        ("one by one", single, 1),
        (f"in batches of {BATCH:,}", batches, BATCH),
    ):
        found = [in_turns(folder, f"{size}-{run}", transactions, size) for run in range(runs)]
        ours, bare = (statistics.median(times) for times in zip(*found, strict=True))
        ratios = sorted(one / other for one, other in found)
        spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
        ratio = statistics.median(ratios)
        print(f"{words:<22}{size / ours:>18,.0f}{size / bare:>14,.0f}{ratio:>18.2f}{spread:>14}")


def in_turns(folder: Path, name: str, transactions: int, size: int) -> tuple[float, float]:
    """Median seconds of a transaction of so many entries: ours, and a bare one after each of them."""
    ours, bare = [], []
    by_hand = folder / f"bare-{name}.db"
    create_tracker(str(by_hand), author="desk").close()
    with (
        create_tracker(str(folder / f"ours-{name}.db"), author="desk") as tracker,
        closing(sqlite3.connect(by_hand, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA synchronous=FULL")
        tree = CompactRange()
        for number in range(transactions):
            first = number * size + 1
            ours.append(timed(lambda first=first: append(tracker, first, size))[0])
            bare.append(timed(lambda first=first: append_by_hand(connection, tree, first, size))[0])
    return statistics.median(ours), statistics.median(bare)


def made(seq: int, batch: int) -> Entry:
    """A made-up entry of the usual size."""
    payload = {
        "claim": f"claim-{seq // 4}",
        "source": f"source-{seq % 97}",
        "stance": "supports",
        "published": {"edtf": "2024-05-01"},
        "quote": QUOTE,
    }
    moment = "2026-11-22T12:00:00.000000Z"
    return Entry(seq, batch, moment, "desk", "evidence.logged", f"claim-{seq // 4}.{seq}", "", payload)


def append(tracker: Tracker, first: int, size: int) -> None:
    """One transaction of so many entries."""
    with tracker.database.writing() as connection:
        tree = journal.read_tree(connection)
        journal.append(connection, [made(seq, first) for seq in range(first, first + size)], tree)


def append_by_hand(connection: sqlite3.Connection, tree: CompactRange, first: int, size: int) -> None:
    """The same with nothing but the driver: rows, hashes, nodes and head, written as durably."""
    connection.execute("BEGIN IMMEDIATE")
    rows, inner = [], []
    for seq in range(first, first + size):
        row = by_hand_row(seq, first)
        inner += tree.append(row[-1])
        rows.append((*row[:-1], row[-1].hex()))
    connection.executemany("INSERT INTO journal VALUES (?,?,?,?,?,?,?,?)", rows)
    connection.executemany("INSERT INTO journal_nodes VALUES (?,?,?)", inner)
    head = (tree.size, tree.root().hex(), json.dumps([peak.hex() for peak in tree.peaks]))
    connection.execute("INSERT OR REPLACE INTO journal_head VALUES (1,?,?,?)", head)
    connection.execute("COMMIT")


def by_hand_row(seq: int, batch: int) -> tuple[int, int, str, str, str, str, str, bytes]:
    """The columns of the same made-up entry, its hash at the end."""
    moment, act, subject = "2026-11-22T12:00:00.000000Z", "evidence.logged", f"claim-{seq // 4}.{seq}"
    fields = {
        "seq": seq,
        "batch": batch,
        "recorded_at": moment,
        "author": "desk",
        "act": act,
        "subject": subject,
        "reason": "",
        "payload": {
            "claim": f"claim-{seq // 4}",
            "source": f"source-{seq % 97}",
            "stance": "supports",
            "published": {"edtf": "2024-05-01"},
            "quote": QUOTE,
        },
    }
    body = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return seq, batch, moment, "desk", act, subject, body, sha256(b"\x00" + body.encode()).digest()


# --- proofs ---------------------------------------------------------------------------------


def proving(folder: Path, sizes: tuple[int, ...]) -> None:
    """What a proof costs, and what verifying all of it does, by the number of entries."""
    print(f"\nProofs from a SQLite file, median of {PROOFS}; verification of every entry, hash and node")
    heads = ("entries", "prove µs", "hashes", "check µs", "grown µs", "hashes", "check µs", "verified/s")
    print("".join(f"{head:>11}" for head in heads))
    with create_tracker(str(folder / "proofs.db"), author="desk") as tracker:
        size = 0
        for wanted in sizes:
            fill(tracker, size, wanted)
            size = wanted
            with tracker.database.reading() as connection:
                figures = [*entries_proved(connection, size), *growth_proved(connection, size)]
                began = time.perf_counter()
                report = journal.check(connection)
                assert report.ok
                assert not report.node_problems
                figures.append(size / (time.perf_counter() - began))
            print(f"{size:>11,}" + "".join(f"{figure:>11,.0f}" for figure in figures))


def fill(tracker: Tracker, size: int, wanted: int) -> None:
    """Add made-up entries up to a size."""
    for first in range(size + 1, wanted + 1, 10 * BATCH):
        with tracker.database.writing() as connection:
            tree = journal.read_tree(connection)
            last = min(first + 10 * BATCH, wanted + 1)
            journal.append(connection, [made(seq, first) for seq in range(first, last)], tree)


def entries_proved(connection: Connection, size: int) -> tuple[float, float, float]:
    """Median microseconds to prove an entry, its hashes, and microseconds to check that."""
    rng = random.Random(1)  # noqa: S311 - any entries will do
    root = nodes.roots_at(connection, [size])[size]
    proving_took, lengths, checking_took = [], [], []
    for _ in range(PROOFS):
        seq = rng.randint(1, size)
        seconds, proofs = timed(lambda seq=seq: nodes.inclusion_proofs(connection, [seq], size))
        proof = proofs[seq]
        leaf = journal.read_rows(connection, [seq])[0].hashed
        checked, holds = timed(partial(proves_inclusion, seq - 1, size, leaf, proof, root))
        assert holds
        proving_took.append(seconds)
        lengths.append(len(proof))
        checking_took.append(checked)
    return medians(proving_took, lengths, checking_took)


def growth_proved(connection: Connection, size: int) -> tuple[float, float, float]:
    """The same for the proof that the journal begins with an earlier one."""
    rng = random.Random(2)  # noqa: S311
    root = nodes.roots_at(connection, [size])[size]
    proving_took, lengths, checking_took = [], [], []
    for _ in range(PROOFS):
        old = rng.randint(1, size - 1)
        before = nodes.roots_at(connection, [old])[old]
        seconds, proof = timed(lambda old=old: nodes.consistency_proof(connection, old, size))
        checked, holds = timed(partial(proves_consistency, old, size, before, root, proof))
        assert holds
        proving_took.append(seconds)
        lengths.append(len(proof))
        checking_took.append(checked)
    return medians(proving_took, lengths, checking_took)


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds that something takes, and what it gives."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def medians(
    proving_took: list[float], lengths: list[int], checking_took: list[float]
) -> tuple[float, float, float]:
    """Medians: microseconds, hashes, microseconds."""
    return (
        statistics.median(proving_took) * 1e6,
        statistics.median(lengths),
        statistics.median(checking_took) * 1e6,
    )


if __name__ == "__main__":
    main()
