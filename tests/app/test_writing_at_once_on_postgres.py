"""Eight programs that write at once on PostgreSQL: no gap, nothing twice, and everybody gets a turn."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import TEMPLATES
from tracker.app import open_tracker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.postgres import Databases

pytestmark = [pytest.mark.on_postgres, pytest.mark.slow]

WRITER = """
import sys
from tracker.app import open_tracker

url, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open_tracker(url, author=name) as tracker:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        tracker.add_source(f"{name} number {number}", key=f"{name}-{number}")
        print(tracker.outcome.entries[-1].seq, flush=True)
"""
WRITERS = 8


@pytest.fixture
def url(postgres: Databases) -> Iterator[str]:
    made = postgres.borrow(postgres.template("empty", TEMPLATES["empty"]))
    yield made
    postgres.give_back(made)


def test_a_gap_free_journal_in_which_nobody_starves(url: str) -> None:
    each = 25
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url, f"writer-{number}", str(each)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for number in range(WRITERS)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate(timeout=300)[0].split() for process in processes]

    assert [process.returncode for process in processes] == [0] * WRITERS
    with open_tracker(url) as tracker:
        assert tracker.audit().problems == ()
        entries = [entry for entry in tracker.entries() if entry.act == "source.registered"]
    # One entry for each thing that was asked for, and the number that its writer was told.
    assert [len(seqs) for seqs in told] == [each] * WRITERS
    assert sorted(entry.subject for entry in entries) == sorted(
        f"writer-{number}-{n}" for number in range(WRITERS) for n in range(each)
    )
    assert sorted(int(seq) for seqs in told for seq in seqs) == [entry.seq for entry in entries]
    # When the first has had all its turns, everybody else has had at least a third of theirs.
    authors = [entry.author for entry in entries]
    had: dict[str, int] = {f"writer-{number}": 0 for number in range(WRITERS)}
    for author in authors:
        had[author] += 1
        if had[author] == each:
            break
    assert min(had.values()) >= each // 3, had
