"""Prints what everything costs at 10⁴ and 10⁵ claims, each beside its floor: ``python -m benchmarks.scale``
(``--quick`` for 10⁴ alone, ``--million`` for 10⁶ as well, which takes hours).

Each part is a benchmark of its own, which says what it makes and what its floor is; here they are run one
after the other, each in a process of its own, so that nothing of one is left for the next. At the end all
that has a bound is told as one table. ``--figures FILE`` keeps what that is made of, and adds to what is
there: so a part that is run again comes into it.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import figures

TEN, HUNDRED = ("10000",), ("10000", "100000")


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="10,000 claims only")
    size.add_argument("--million", action="store_true", help="a million claims too")
    parser.add_argument("--figures", metavar="FILE", type=Path, help="where the figures are kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = (given.figures or Path(folder) / "figures.jsonl").absolute()
        kept.touch()
        os.environ[figures.FILE] = str(kept)
        run_all(given, folder)
        print(f"\n## In one table\n\n{figures.table(kept.read_text('utf-8').splitlines())}")


def run_all(given: argparse.Namespace, folder: str) -> None:
    """One part after the other; the trackers that two of them ask are made once, in a folder."""
    sizes = TEN if given.quick else HUNDRED
    million = ("--million",) if given.million else ()
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores")
    run("Start-up and questions", "reading", "--keep", folder, *(("--quick",) if given.quick else million))
    for database in ("sqlite", "postgres"):
        run("Import", "bulkload", "--database", database, "--sizes", *sizes, *million)
        run("One log", "onelog", "--database", database, "--sizes", "1000", *sizes, *million)
    resolving = ("--claims", *TEN) if given.quick else (("--large",) if given.million else ())
    run("Bulk resolve", "resolving", *resolving)
    run("Eight writers", "writers", "--database", "postgres")
    run("A report", "report")
    run("Pages and a crowd", "serving", "--keep", folder, "--sizes", *sizes, *million)


def run(what: str, name: str, *words: str) -> None:
    """One part; what it prints is passed on. A part that fails is said to have failed, and the rest go on."""
    command = f"benchmarks.{name} {' '.join(words)}".strip()
    print(f"\n## {what}: python -m {command}\n", flush=True)
    done = subprocess.run([sys.executable, "-m", *command.split()], check=False)
    if done.returncode:
        print(f"failed, with exit status {done.returncode}", flush=True)


if __name__ == "__main__":
    main()
