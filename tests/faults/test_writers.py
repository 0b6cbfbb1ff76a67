"""Many processes writing at once: one journal without gaps, and a turn for everybody."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from benchmarks.writers import together
from tests.support.newsroom import furnish
from tracker.app import open_tracker

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]  # it starts many processes

WRITERS = 8


@pytest.fixture
def newsroom(tracker: Tracker, tmp_path: Path) -> Path:
    furnish(tracker)
    tracker.close()
    return tmp_path / "newsroom.db"


def test_eight_writers_leave_one_journal_with_every_act_once(newsroom: Path) -> None:
    shares = together(str(newsroom), WRITERS, seconds=120, most=15)
    assert [len(share.waits) for share in shares] == [15] * WRITERS
    with open_tracker(str(newsroom)) as tracker:
        entries = tracker.entries()
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        requests = [entry.request["id"] for entry in entries if entry.request is not None][6:]
        assert sorted(requests) == sorted(f"{w}-{n}" for w in range(WRITERS) for n in range(15))
        assert tracker.audit().problems == ()


def test_nobody_has_all_the_turns(newsroom: Path) -> None:
    shares = together(str(newsroom), WRITERS, seconds=6)
    counts = [len(share.waits) for share in shares]
    # In line, a turn comes once in eight; SQLite alone gave one writer a turn and another twenty.
    assert max(counts) <= 3 * min(counts) + 3, counts


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writer is forked")
def test_readers_see_what_was_there_at_one_moment(newsroom: Path) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            with open_tracker(str(newsroom), author="writer") as writer:
                for number in range(40):
                    with writer.act():
                        writer.add_source(f"Source {number}", key=f"source-{number}")
                        writer.add_claim(f"Ship {number} has sunk", key=f"ship-{number}")
                        writer.log(f"ship-{number}", source=f"source-{number}", stance="supports")
        finally:
            os._exit(0)
    seen: list[list[str]] = []
    with open_tracker(str(newsroom)) as reader:
        end = time.monotonic() + 60
        while os.waitpid(pid, os.WNOHANG) == (0, 0) and time.monotonic() < end:
            seen.append([entry.subject for entry in reader.entries()])
        last = [entry.subject for entry in reader.entries()]
    assert len(last) == 7 + 3 * 40
    for view in seen:
        assert view == last[: len(view)]
        assert (len(view) - 7) % 3 == 0
