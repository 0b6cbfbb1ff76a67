"""Prints what figures cost beside what they are drawn from: ``python -m benchmarks.plotting``.

The chart of a claim is drawn for each in a report of many, so its time is given as a part of what it takes to
read that claim's history and to resolve it on each of its days. Machines are noisy; read the multiples.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.app import create_tracker
from tracker.plots.case import matrix
from tracker.plots.claim import claim_chart
from tracker.plots.person import life_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
PIECES = (1, 3, 10, 60)
RUNS = 15


def main() -> None:
    """Make a tracker, and print the tables."""
    with (
        tempfile.TemporaryDirectory() as folder,
        create_tracker(str(Path(folder) / "plots.db"), author="bench", clock=lambda: NOW) as tracker,
    ):
        tracker.import_demo()
        keys = ["kouffa-killed-2018", *(_fill(tracker, pieces) for pieces in PIECES)]
        print(f"\nThe chart of a claim, median of {RUNS}")
        heads = ("pieces", "history ms", "chart ms", "chart/history", "kB", "png ms")
        widths = (8, 12, 10, 15, 7, 8)
        print(" " * 22 + "".join(f"{head:>{wide}}" for head, wide in zip(heads, widths, strict=True)))
        for key in keys:
            _claim(tracker, key)
        print(f"\nOther figures of the casebook, median of {RUNS}")
        life, case = tracker.life("kouffa"), tracker.matrix("jnim")
        for name, draw in (
            ("person kouffa", lambda: life_line(life).inline()),
            (f"case of {len(case.claims)} claims", lambda: matrix(case).inline()),
        ):
            print(f"{name:<22}{_median(draw):>42.1f} ms")


def _fill(tracker: Tracker, pieces: int) -> str:
    """A claim with so many pieces of evidence, a week apart."""
    key = tracker.add_claim(f"Something of which {pieces} spoke.", key=f"claim-of-{pieces}", kind="event").key
    for number in range(pieces):
        source = f"outlet-{number}"
        if not number < len(tracker.sources()) or source not in {each.key for each in tracker.sources()}:
            tracker.add_source(f"Outlet {number}", key=source)
        day = date(2020, 1, 1) + timedelta(weeks=number)
        stance = ("supports", "supports", "denies", "doubts")[number % 4]
        tracker.log(key, source=source, stance=stance, published=str(day))
    return key


def _claim(tracker: Tracker, key: str) -> None:
    course = tracker.course(key)

    def draw() -> str:
        return claim_chart(course.dossier, course.steps, others=course.others).inline()

    figure = claim_chart(course.dossier, course.steps, others=course.others)
    read, drawn = _median(lambda: tracker.history(key)), _median(draw)
    pixels = _median(figure.png, 3)
    print(
        f"{key:<22}{len(course.dossier.evidence):>8}{read:>12.1f}{drawn:>10.1f}{drawn / read:>15.2f}"
        f"{len(draw()) / 1000:>7.1f}{pixels:>8.0f}"
    )


def _median(act: Callable[[], object], runs: int = RUNS) -> float:
    """What an act takes, in milliseconds of this process."""
    took = []
    for _ in range(runs):
        begun = time.process_time()
        act()
        took.append((time.process_time() - begun) * 1000)
    return statistics.median(took)


if __name__ == "__main__":
    main()
