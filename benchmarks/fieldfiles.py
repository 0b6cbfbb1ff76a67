"""Prints what the maps that ship make of the real files of the field: ``python -m benchmarks.fieldfiles``.

Each file is imported whole into a tracker of its own, by a process of its own, as ``tracker import`` does
it. Printed are rows, claims, sources and evidence, the rows per second, the most memory of the process,
why rows were rejected, and where the counts are others than those of the file itself (see ``fieldcounts``);
the exit status is 1 then. ``--agreement`` also compares the statuses of CPOST's attacks with what CPOST
says of them. Files that are not in ``../shared/data`` are skipped.
"""

from __future__ import annotations

import argparse
import re
import resource
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from benchmarks.bulkload import in_a_process
from benchmarks.cpost import print_agreement
from benchmarks.fieldcounts import differences
from tracker.app import Tracker, create_tracker, open_tracker
from tracker.app.rejects import place_of
from tracker.store.tables import claims, evidence, sources

if TYPE_CHECKING:
    from tracker.app.spreadsheets import ImportedRows
    from tracker.app.taking import ImportedActs

DATA = Path(__file__).parents[2] / "shared" / "data"


@dataclass(frozen=True)
class FieldFiles:
    """Files that one map reads, taken one after another into one tracker; or a format of their own."""

    map_name: str
    form: str
    paths: tuple[str, ...]

    def taken_by(self, tracker: Tracker, path: Path) -> ImportedRows | ImportedActs:
        """One of the files, imported."""
        if self.form == self.map_name:
            return tracker.import_file(path, self.form, name=path.name)
        return tracker.import_table(path, self.form, map_name=self.map_name, name=path.name)


FILES = (
    FieldFiles("emergent", "csv", ("emergent/emergent-dev.csv",)),
    FieldFiles("rumoureval", "csv", ("rumoureval/rumoureval2019-train-dev.csv",)),
    FieldFiles("cpost", "csv", ("conflict/cpost-suicide-attacks.csv",)),
    FieldFiles("ucdp-ged", "csv", ("conflict/ucdp-ged-syria.csv.gz",)),
    FieldFiles("tbij", "xlsx", ("conflict/tbij-drone-strikes.xlsx",)),
    FieldFiles("factck-br", "factck-br", ("claimreview/factck-br.tsv",)),
    FieldFiles("airwars", "csv", ("conflict/airwars-somalia.csv",)),
    FieldFiles(
        "flight", "csv", tuple(f"flight/{day}-claims.txt.gz" for day in (20111201, 20111202, 20111203))
    ),
)


def main() -> None:
    """Import each file, and print what it came to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fieldfiles", description=__doc__)
    parser.add_argument("maps", nargs="*", help="only these maps")
    parser.add_argument("--data", type=Path, default=DATA, help="where the files are")
    parser.add_argument("--agreement", action="store_true", help="hold CPOST's attacks against the resolver")
    asked = parser.parse_args()
    print(
        f"{'map':<12}{'rows':>9}{'recorded':>10}{'unchanged':>11}{'rejected':>10}"
        f"{'claims':>9}{'sources':>9}{'evidence':>10}{'rows/s':>8}{'MB':>6}"
    )
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for each in FILES:
            if asked.maps and each.map_name not in asked.maps:
                continue
            paths = [asked.data / path for path in each.paths]
            if missing := [path for path in paths if not path.exists()]:
                print(f"{each.map_name:<12} skipped: there is no {missing[0]}")
                continue
            database = f"{folder}/{each.map_name}.db"
            told = in_a_process(run_import, database, each, paths)
            _print(each.map_name, told)
            for line in differences(each.map_name, paths, told, told["wrong"]):
                wrong += 1
                print(f"{'':<12}not as in the file: {line}")
            if asked.agreement and each.map_name == "cpost":
                print_agreement(database, paths[0])
    if wrong:
        raise SystemExit(1)


def run_import(database: str, files: FieldFiles, paths: list[Path], answer: Any) -> None:
    """Import files, and answer with what they came to."""
    told: dict[str, Any] = {"read": 0, "recorded": 0, "unchanged": 0, "refused": 0}
    why: Counter[str] = Counter()
    wrong: set[tuple[str, int]] = set()
    create_tracker(database, author="benchmark").close()
    began = time.perf_counter()
    with open_tracker(database, author="benchmark") as tracker:
        for path in paths:
            done = files.taken_by(tracker, path)
            wrong.update(place_of(each) for each in done.rejected)
            for name in told:
                told[name] += getattr(done, name)
            why.update(_kind_of(each.message) for each in done.rejected)
        told["seconds"] = time.perf_counter() - began
        with tracker.reading() as reader:
            for table in (claims, sources, evidence):
                told[table.name] = reader.connection.scalar(sa.select(sa.func.count()).select_from(table))
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send(told | {"why": why.most_common(8), "wrong": wrong})


def _kind_of(message: str) -> str:
    """What is wrong with a row, whichever row it is."""
    without = re.sub(r"'[^']*'|\"[^\"]*\"", "…", message)
    without = re.sub(r"evidence of \S+ .* reports .*", "evidence … published before the event", without)
    return re.sub(r"\d[\d,.-]*", "#", without)[:90]


def _print(name: str, told: dict[str, Any]) -> None:
    print(
        f"{name:<12}{told['read']:>9,}{told['recorded']:>10,}{told['unchanged']:>11,}{told['refused']:>10,}"
        f"{told['claims']:>9,}{told['sources']:>9,}{told['evidence']:>10,}"
        f"{told['read'] / told['seconds']:>8,.0f}{told['memory']:>6,.0f}",
        flush=True,
    )
    for what, times in told["why"]:
        print(f"{'':<12}{times:>9,} {what}")


if __name__ == "__main__":
    main()
