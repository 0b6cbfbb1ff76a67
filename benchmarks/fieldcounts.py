"""What an import of a real file should come to, counted from the file by other means than its map: for
``python -m benchmarks.fieldfiles``, which holds every import against it.

Rows that were rejected are left out of the count, each by its sheet and number; that they are few, and why
they are, is printed beside.
"""

from __future__ import annotations

import csv
import gzip
from itertools import chain
from typing import TYPE_CHECKING, Any

from claims.names import fold
from tracker.formats import flights

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    Row = dict[str, str]
    Wrong = Collection[tuple[str, int]]

Counts = dict[str, int]
"""How many rows, claims, sources and pieces of evidence there should be; what is left out is not counted."""

TBIJ = ("Afghanistan", "Somalia", "Yemen", "Pakistan", "Afghanistan(2)", "Somalia(2)", "Yemen(2)")


def _rows(path: Path, delimiter: str = ",") -> list[Row]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _good(rows: list[Row], wrong: Wrong) -> list[Row]:
    return [row for number, row in enumerate(rows, 2) if ("", number) not in wrong]


def _emergent(paths: list[Path], wrong: Wrong) -> Counts:
    rows = _rows(paths[0])
    good = _good(rows, wrong)
    return {
        "read": len(rows),
        "claims": len({row["claim_id"] for row in good}),
        "sources": len({fold(row["source"]) for row in good}),
        "evidence": len(good),
    }


def _cpost(paths: list[Path], wrong: Wrong) -> Counts:
    rows = _rows(paths[0])
    columns = ("target.desc", "target.location", "target.city", "target.country")
    dates = ("date.month", "date.year", "date.day")
    tolls = ("statistics.# killed_low", "statistics.# killed_high")
    bad = {tuple(row.values()) for number, row in enumerate(rows, 2) if ("", number) in wrong}
    said = set()
    for row in _good(rows, wrong):
        if tuple(row.values()) in bad:  # a row counts once, also one that is rejected
            continue
        attack = tuple(row[column].strip() for column in (*columns, *dates, *tolls))
        by = row["groups"].strip()
        said.add(("event", attack))
        said.update({("count", attack)} if row[tolls[0]] != "-1" else ())
        said.update({("responsibility", by, attack)} if row["claim"] in ("Claimed", "Denied") else ())
        said.update({("attribution", by, attack)} if row["claim"] in ("Suspected", "Denied") else ())
    return {"read": len(rows), "claims": len(said)}


def _ucdp(paths: list[Path], wrong: Wrong) -> Counts:
    rows = _rows(paths[0])
    good = _good(rows, wrong)
    offices = [office.strip() for row in good for office in row["source_office"].split(";")]
    return {
        "read": len(rows),
        "recorded": len(good),
        "claims": 2 * len(good),
        "sources": len(set(map(fold, offices))) + 1,
        "evidence": len(offices) + len(good),
    }


def _tbij(paths: list[Path], wrong: Wrong) -> Counts:
    import openpyxl

    book = openpyxl.load_workbook(paths[0], read_only=True, data_only=True)
    read, said = 0, 0
    for title in TBIJ:
        number, headings = 0, None
        for number, cells in enumerate(book[title].iter_rows(values_only=True), 1):
            texts = ["" if cell is None else str(cell).strip() for cell in cells]
            if not any(texts):
                continue
            if headings is None:
                headings = [text.casefold() for text in texts]
                continue
            read += 1
            if (title, number) not in wrong:
                said += _strike(dict(zip(headings, texts, strict=False)))
    return {"read": read, "claims": said, "sources": 2, "evidence": said}


def _strike(row: Row) -> int:
    """How many things the Bureau's row on a strike says: two tolls, who it was, and who says so."""
    least = {name: text for name, text in row.items() if name.startswith("minimum") and "kill" in name}
    tolls = [text for name, text in least.items() if "child" not in name and text not in ("", "-")]
    graded = [text for name, text in row.items() if name.startswith("confirmed") and text not in ("", "0")]
    confirmed = row.get("us confirmed?", "")
    by_whom = bool(graded or confirmed or row.get("area"))
    return len(tolls) + by_whom + (confirmed == "1")


def _airwars(paths: list[Path], wrong: Wrong) -> Counts:
    rows = _rows(paths[0])
    good = _good(rows, wrong)
    said = sum(row["Claimed by AFRICOM?"] == "Yes" for row in good)
    spoken = sum(row["DPH claim?"].strip() != "No" for row in good)
    return {"read": len(rows), "claims": len(good) + said + spoken, "evidence": len(good) + said + spoken}


def _factck(paths: list[Path], wrong: Wrong) -> Counts:
    rows = _rows(paths[0], "\t")
    good = _good(rows, wrong)
    reviewed = {(row["URL"].strip(), row["claimReviewed"].strip()) for row in good}
    return {"read": len(rows), "claims": len(reviewed)}


def _flight(paths: list[Path], _wrong: Wrong) -> Counts:
    def lines(path: Path) -> Iterator[tuple[str, str, str]]:
        day = flights.day_of(path.name)
        with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="\n") as file:
            for line in file:
                fields = line.rstrip("\r\n").split("\t")
                for what, value in flights.values(fields) if len(fields) > 2 else ():
                    yield f"{day} {fields[1].strip()} {what}", value, fields[0].strip()

    said = list(chain.from_iterable(map(lines, paths)))
    return {
        "claims": len({(item, value) for item, value, _ in said}),
        "sources": len({site for _, _, site in said}),
        "evidence": len(said),
    }


COUNTS: dict[str, Callable[[list[Path], Wrong], Counts]] = {
    "emergent": _emergent,
    "cpost": _cpost,
    "ucdp-ged": _ucdp,
    "tbij": _tbij,
    "airwars": _airwars,
    "factck-br": _factck,
    "flight": _flight,
}


def differences(name: str, paths: list[Path], told: dict[str, Any], wrong: Wrong) -> list[str]:
    """Where an import came to something else than the file holds; none for a file that is not counted."""
    if name not in COUNTS:
        return []
    expected = COUNTS[name](paths, wrong)
    return [
        f"{what}: {told[what]:,}, and the file holds {count:,}"
        for what, count in expected.items()
        if told.get(what) != count
    ]
