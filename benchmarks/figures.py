"""Figures that a benchmark has reached, noted beside their bounds in one file for all benchmarks of a run,
and told as one table: ``python -m benchmarks.figures FILE``.

Only where the environment names a file are figures noted; a benchmark by itself prints its own tables.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

FILE = "BENCHMARK_FIGURES"
"""The variable of the environment that names the file."""

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def note(what: str, value: str, *, bound: str = "", claims: int | None = None) -> None:
    """Note one figure, as it is to be printed, with what is to be reached; ``claims`` is the size of the
    tracker, None where that is of no matter."""
    if name := os.environ.get(FILE):
        line = json.dumps({"what": what, "value": value, "bound": bound, "claims": claims})
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def table(lines: list[str]) -> str:
    """All figures of a file as a table in Markdown, in the order in which each was first noted. Of what was
    noted twice the last counts, so that a part can be run again."""
    rows: dict[str, dict[int | None, str]] = {}
    bounds: dict[str, str] = {}
    for line in lines:
        found = json.loads(line)
        rows.setdefault(found["what"], {})[found["claims"]] = found["value"]
        bounds[found["what"]] = found["bound"]
    sizes = [size for size in (*SIZES, None) if any(size in cells for cells in rows.values())]
    heads = ("by itself" if size is None else f"{size:,} claims" for size in sizes)
    told = [["what", "to reach", *heads]]
    told.append(["---"] * len(told[0]))
    told += [[what, bounds[what], *(cells.get(size, "") for size in sizes)] for what, cells in rows.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in told)


if __name__ == "__main__":
    print(table(Path(sys.argv[1]).read_text("utf-8").splitlines()))
