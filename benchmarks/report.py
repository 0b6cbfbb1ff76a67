"""Prints what a report costs: ``python -m benchmarks.report`` (``--claims`` for another number than 10,000).

A tracker of very many claims is made by an import: five pieces of evidence each, of 300 sources, over ten
years; one claim in ten is about a person of whom others are told too, so that rules tie it to them. In
processes of their own, one after the other, the same claims are read, with their evidence and statuses, as an
export of all that is recorded reads them (the floor), and the report is written by as many processes as there
are cores. Each prints its time, that of the processor (all processes together: where other programs keep the
machine busy, compare that), and the most memory that it held.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.figures import note
from tracker.app import create_tracker, open_tracker

if TYPE_CHECKING:
    from collections.abc import Callable

CLAIMS, PIECES, SOURCES = 10_000, 5, 300
BOUND = 60.0
"""Seconds that 10,000 claims may take."""

HEADINGS = ("id", "words", "sort", "who", "file", "outlet", "grade", "view", "day", "link", "said")
MAP = """
about = "Made-up claims for measuring reports."

[columns]
claim_id = "id"
claim = "words"
kind = "sort"
subject = "who"
case = "file"
source = "outlet"
reliability = "grade"
stance = "view"
published = "day"
url = "link"
quote = "said"

[constants]
subject_type = "person"
"""
PLACES = ("harbour", "old bridge", "northern depot", "market", "ring road", "airfield")
DEEDS = ("was closed", "was shelled", "caught fire", "was reopened", "was evacuated", "lost its power")
VIEWS = ("supports", "supports", "supports", "denies", "mentions", "doubts")


def main() -> None:
    """Make the tracker, write the report, read the claims, and print what each took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--claims", type=int, default=CLAIMS)
    parser.add_argument("--keep", metavar="FOLDER", help="where the tracker is left, or is from before")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(given.keep or made)
        tracker = made_tracker(folder, given.claims)
        read = in_a_process(read_all, str(tracker))
        wrote = in_a_process(write_report, str(tracker), str(folder / "report"))
    print(f"{'':<34}{'s':>9}{'s of processor':>16}{'MB held':>9}")
    for name, one in ((f"reading {given.claims:,} claims", read), ("writing the report", wrote)):
        print(f"{name:<34}{one['s']:>9.1f}{one['cpu']:>16.1f}{one['MB']:>9.0f}")
    times, each = wrote["cpu"] / read["cpu"], 1e3 * wrote["cpu"] / given.claims
    print(f"the report takes {times:.1f} × the processor of the reading, {each:.1f} ms a claim")
    print(f"{wrote['pages']:,} pages, {wrote['size'] / 1e6:,.0f} MB; on {os.cpu_count()} cores")
    told = f"{wrote['s']:.0f} s, {wrote['MB'] / 1000:.2f} GB"
    note("a report of all claims, its memory", told, bound=f"{BOUND:.0f} s", claims=given.claims)
    print(f"to reach: {BOUND:.0f} s for {CLAIMS:,} claims")


def made_tracker(folder: Path, claims: int) -> Path:
    """A tracker of so many claims, made unless it is there."""
    path = folder / f"report-{claims}.db"
    if path.exists():
        return path
    table, chosen = folder / "claims.csv", folder / "map.toml"
    write_table(table, claims)
    chosen.write_text(MAP, encoding="utf-8")
    began = time.perf_counter()
    with create_tracker(str(path), author="benchmark") as tracker:
        tracker.import_table(table, "csv", map_name=str(chosen), name="claims.csv")
    print(f"made {claims:,} claims in {time.perf_counter() - began:.0f} s")
    return path


def write_table(path: Path, claims: int, seed: int = 7) -> None:
    """A table of so many claims, its rows claim by claim."""
    chance = random.Random(seed)  # noqa: S311
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for number in range(claims):
            of_person = number % 10 == 0
            who = f"Person {number // 40}" if of_person else ""
            deed = "was killed" if number % 40 else "was seen alive"
            words = f"{who} {deed}" if of_person else f"The {chance.choice(PLACES)} {chance.choice(DEEDS)}"
            sort = ("death" if number % 40 else "sign-of-life") if of_person else "event"
            for _ in range(PIECES):
                outlet = chance.randrange(SOURCES)
                day = f"{chance.randint(2015, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
                link = f"https://outlet-{outlet}.example/{chance.randrange(10**9)}"
                said = f"“{words}”, said {chance.choice(PLACES)} {chance.randrange(10**6)}"
                row = (f"c{number}", f"{words} (report {number})", sort, who, f"case-{number % 40}")
                writer.writerow(
                    (*row, f"Outlet {outlet}", "ABCDEF"[outlet % 6], chance.choice(VIEWS), day, link, said)
                )


def read_all(answer: Any, url: str) -> None:
    """Read all claims with their evidence and statuses."""
    with open_tracker(url, author="benchmark") as tracker:
        began = time.perf_counter()
        with tracker.extract() as extract:
            claims = sum(len(portion.claims) for portion in extract.portions())
        answer.put({"s": time.perf_counter() - began, "cpu": used(), "claims": claims, "MB": held()})


def write_report(answer: Any, url: str, folder: str) -> None:
    """Write the report."""
    from tracker.pages.folder import replaced
    from tracker.pages.site import Wish, write_site

    with open_tracker(url, author="benchmark") as tracker:
        began = time.perf_counter()
        with replaced(Path(folder)) as empty:
            written = write_site(tracker, empty, Wish(), helpers=(os.cpu_count() or 1) - 1)
        spent = time.perf_counter() - began
    answer.put({"s": spent, "cpu": used(), "MB": held(), "pages": written.pages, "size": written.size})


def used() -> float:
    """The seconds of processor that this process and its helpers took."""
    took = os.times()
    return took.user + took.system + took.children_user + took.children_system


def held() -> float:
    """The most memory that this process held, and the largest of its helpers, in MB."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    most = sum(resource.getrusage(each).ru_maxrss for each in who)
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def in_a_process(do: Callable[..., None], *words: str) -> dict[str, Any]:
    """What a function answers that runs in a process of its own."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=do, args=(answer, *words))
    process.start()
    found: dict[str, Any] = answer.get()
    process.join()
    return found


if __name__ == "__main__":
    main()
