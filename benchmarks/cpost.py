"""How computed statuses of CPOST's attacks compare with its own: part of ``benchmarks.fieldfiles``."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

from tracker.app import open_tracker
from tracker.app.maps import load_map, stream_table

if TYPE_CHECKING:
    from pathlib import Path

EXPECTED = {
    "Confirmed Suicide": ("confirmed", "corroborated"),
    "Possible - Too Few Sources": ("unverified",),
    "Possible - Conflicting Reports": ("disputed",),
}
"""The statuses that one would expect where CPOST says so."""


def statuses(database: str) -> dict[str, tuple[str, str]]:
    """The computed status and the kind of each claim, by its name outside."""
    found = {}
    with open_tracker(database, author="benchmark") as tracker, tracker.extract() as extract:
        for portion in extract.portions():
            for key, claim in portion.claims.items():
                if claim.external_id is not None:
                    found[claim.external_id] = (portion.standings[key].status.value, claim.kind.value)
    return found


def rows(path: Path) -> list[tuple[dict[str, str], list[str]]]:
    """Each row of the table, with the names of the claims that it makes."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.DictReader(file))
    with path.open("rb") as file:
        said = list(stream_table(file, load_map("cpost"), path.name))
    named = []
    for row, each in zip(cells, said, strict=True):
        records = getattr(each, "records", ())
        named.append((row, list(dict.fromkeys(record.fields["claim_id"] for record in records))))
    return named


def print_agreement(database: str, path: Path) -> None:
    """Print what CPOST says of each attack, and of who did it, beside the computed status."""
    computed = statuses(database)
    attacks: dict[str, tuple[str, int, str]] = {}
    deeds: Counter[tuple[str, str, str]] = Counter()
    for row, names in rows(path):
        for name in names:
            status, kind = computed.get(name, ("rejected", ""))
            if kind == "event" and name not in attacks:
                attacks[name] = (row["status"], int(row["statistics.sources"]), status)
            elif kind in ("responsibility", "attribution"):
                deeds[row["claim"], kind, status] += 1
    table = Counter(attacks.values())
    agreed = sum(n for (says, _, status), n in table.items() if status in EXPECTED[says])
    print(f"\nattacks: {agreed:,} of {len(attacks):,} as expected ({agreed / len(attacks):.1%})")
    for says, expected in EXPECTED.items():
        of_these: Counter[tuple[int, str]] = Counter()
        for (said, reports, status), n in table.items():
            if said == says:
                of_these[min(reports, 4), status] += n
        print(f"  {says}: expected {' or '.join(expected)}")
        for (reports, status), n in sorted(of_these.items()):
            more = "+" if reports == 4 else ""
            print(f"    {n:>6,}  {reports}{more} reports, {status}")
    print("who did it, by rows")
    for (says, kind, status), n in sorted(deeds.items()):
        print(f"    {n:>6,}  {says}: {kind}, {status}")
