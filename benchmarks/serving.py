"""Prints what the server costs: ``python -m benchmarks.serving`` (``--million`` for 10⁶ claims as well).

First, pages: trackers of many claims (``benchmarks/reading.py``) are served by a process of their own, and
claims spread over all of them are asked for one after the other, each once, over one connection on loopback.
Beside each page in turn a file is asked for that needs no database: the floor. Then a crowd: so many readers
and writers (``--readers``, ``--writers``) at once for so many seconds, each by a token of their own, on a
tracker that holds all its journal; every answer that is none is counted.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import reading
from benchmarks.__main__ import fill
from benchmarks.figures import note
from tracker.app import open_tracker

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
TIMES = 60
FIRST = 5
"""The first requests load what is needed, and are not counted."""
CROWD = 300
"""Claims in the tracker that a crowd reads and writes."""
BOUND = 50
"""Milliseconds in which a claim's page is to be served."""


def main() -> None:
    """Serve, ask, and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, metavar="CLAIMS")
    parser.add_argument("--million", action="store_true", help="a million claims besides")
    parser.add_argument("--keep", metavar="FOLDER", help="where the trackers are left, or are from before")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--writers", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(given.keep or made)
        pages(folder, [*given.sizes, *([MILLION] if given.million else [])])
        if given.seconds:
            crowd(Path(made), given.readers, given.writers, given.seconds)


# --- pages ----------------------------------------------------------------------------------------


def pages(folder: Path, sizes: list[int]) -> None:
    """What a claim costs as a page and as JSON, by the number of claims."""
    print(f"Milliseconds, median (and of twenty the slowest) of {TIMES}; bound for the page: {BOUND}")
    print(f"{'claims':>9}{'a file':>16}{'claim, JSON':>18}{'claim, page':>18}{'× file':>8}{'list, page':>18}")
    for size in sizes:
        path = reading.fill(folder / f"reading-{size}.db", size)
        with served(path, TRACKER_CLOCK=reading.TODAY) as port:
            there = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            times: dict[str, list[float]] = {}
            for number in range(TIMES + FIRST):
                # Not one after another in the file either.
                key = reading.key(number * 7919 * size // (TIMES + FIRST) % size)
                asked = {
                    "file": "/static/style.css",
                    "json": f"/api/v1/claims/{key}",
                    "page": f"/claims/{key}",
                    "list": f"/claims?after={key}",
                }
                for what, address in asked.items():
                    took = timed(there, address)
                    if number >= FIRST:
                        times.setdefault(what, []).append(took)
        cells = {what: f"{statistics.median(t):.1f} ({slow(t):.1f})" for what, t in times.items()}
        page = f"{statistics.median(times['page']):.0f} ms"
        note("a claim's page from the desk", page, bound=f"{BOUND} ms", claims=size)
        ratio = statistics.median(times["page"]) / statistics.median(times["file"])
        print(
            f"{size:>9,}{cells['file']:>16}{cells['json']:>18}{cells['page']:>18}{ratio:>8.1f}"
            f"{cells['list']:>18}",
            flush=True,
        )


def slow(times: list[float]) -> float:
    """The slowest of twenty."""
    return sorted(times)[int(len(times) * 0.95)]


def timed(there: http.client.HTTPConnection, address: str) -> float:
    """Milliseconds until an answer is there, whole."""
    begun = time.perf_counter()
    there.request("GET", address)
    answered = there.getresponse()
    answered.read()
    assert answered.status == 200, (address, answered.status)
    return (time.perf_counter() - begun) * 1e3


# --- a crowd --------------------------------------------------------------------------------------


def crowd(folder: Path, readers: int, writers: int, seconds: float) -> None:
    """Readers and writers at once."""
    path = fill(folder / "crowd.db", CROWD)
    with open_tracker(str(path), author="desk") as tracker:
        tokens = [
            tracker.add_token(f"person-{number}", "logger" if number < writers else "reader")[0]
            for number in range(readers + writers)
        ]
        keys = [claim.key for claim in tracker.claims()]
        source = tracker.sources()[0].key
        before = tracker.head()[0]
    found: Counter[str] = Counter()
    waits: dict[str, list[float]] = {"read": [], "write": []}
    with served(path, "--need-token") as port:
        until = time.monotonic() + seconds
        people = [
            threading.Thread(
                target=_work, args=(port, token, number < writers, keys, source, until, found, waits)
            )
            for number, token in enumerate(tokens)
        ]
        for person in people:
            person.start()
        for person in people:
            person.join()
    with open_tracker(str(path), author="desk") as tracker:
        recorded = tracker.head()[0] - before
        sound = tracker.audit().ok
    print(f"\n{readers} readers and {writers} writers at once for {seconds:.0f} s")
    for what, times in waits.items():
        if times:
            told = f"median {statistics.median(times):.0f} ms, of twenty the slowest {slow(times):.0f} ms"
            print(f"  {what:<6}{len(times):>7,} answers, {told}")
    errors = sum(n for each, n in found.items() if each != "well")
    print(f"  errors: {errors} {dict(found)}")
    note(f"errors of {readers} readers and {writers} writers at once", f"{errors}", bound="0")
    print(f"  {recorded:,} entries recorded; the journal verifies: {sound}")


def _work(
    port: int,
    token: str,
    writes: bool,
    keys: list[str],
    source: str,
    until: float,
    found: Counter[str],
    waits: dict[str, list[float]],
) -> None:
    """What one person does: reads a claim, a list, a search; or logs."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for number in count():
        if time.monotonic() > until:
            break
        key = keys[(number * 31 + hash(token)) % len(keys)]
        asked = (f"/claims/{key}", f"/api/v1/claims/{key}", "/api/v1/claims?limit=20")[number % 3]
        body = json.dumps({"source": source, "stance": "mentions"}) if writes else None
        path = f"/api/v1/claims/{key}/evidence" if writes else asked
        begun = time.perf_counter()
        try:
            there.request("POST" if writes else "GET", path, body=body, headers=headers)
            answered = there.getresponse()
            answered.read()
        except (OSError, http.client.HTTPException) as error:
            found[type(error).__name__] += 1
            there.close()
            continue
        found["well" if answered.status < 300 else str(answered.status)] += 1
        waits["write" if writes else "read"].append((time.perf_counter() - begun) * 1e3)
        time.sleep(0.05)  # people do not ask again at once


# --- the server -----------------------------------------------------------------------------------


@contextmanager
def served(path: Path, *words: str, **environment: str) -> Iterator[int]:
    """A server of a tracker, on a port that is free."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "serve", "--port", "0", "--db", str(path), *words],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        address = re.search(r":(\d+)/", said)
        assert address is not None, said
        yield int(address[1])
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
