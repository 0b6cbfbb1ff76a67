"""The maps that ship, each on its real file: what it makes of the rows, counted against the file itself.

The largest files are taken by their first rows; ``python -m benchmarks.fieldfiles`` takes them whole.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from tests.support.shared import shared
from tracker.app.maps import load_map, stream_table
from tracker.formats import flights

if TYPE_CHECKING:
    from pathlib import Path

    from claims.model import Claim
    from tracker.app import Tracker

pytestmark = pytest.mark.slow


def first(path: Path, lines: int) -> bytes:
    """The first lines of a file, and its headings."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as file:
        return b"".join(islice(file, lines + 1))


def cells_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def taken(tracker: Tracker, data: bytes, name: str, form: str = "csv", sheet: str | None = None):
    """What an import came to; a second one records nothing."""
    found = tracker.import_table(data, form, map_name=name, name=name, sheet=sheet)
    again = tracker.import_table(data, form, map_name=name, name=name, sheet=sheet)
    assert (again.recorded, again.refused) == (0, found.refused)
    return found


def claims_of(tracker: Tracker) -> dict[str, Claim]:
    """The claims by their names outside."""
    with tracker.reading() as reader:
        return {str(claim.external_id): claim for claim in reader.claims().values()}


def kinds(tracker: Tracker) -> Counter[str]:
    return Counter(claim.kind.value for claim in claims_of(tracker).values())


def statuses(tracker: Tracker) -> dict[str, str]:
    with tracker.extract() as extract:
        whole = extract.whole()
        return {
            str(claim.external_id): whole.standings[key].status.value for key, claim in whole.claims.items()
        }


def test_cpost(tracker: Tracker) -> None:
    data = first(shared("data", "conflict", "cpost-suicide-attacks.csv"), 300)
    rows = cells_of(data)

    found = taken(tracker, data, "cpost")

    different = {tuple(row.values()) for row in rows}
    assert (found.read, found.refused) == (len(rows), 0)
    assert found.unchanged == len(rows) - len(different)
    made, stand = claims_of(tracker), statuses(tracker)
    said = stream_table(io.BytesIO(data), load_map("cpost"), "cpost")
    seen: Counter[str] = Counter()
    for row, each in zip(rows, said, strict=True):
        of_row = [made[it.fields["claim_id"]] for it in each.records]
        if not of_row:
            continue
        by_kind = {claim.kind.value: claim for claim in of_row}
        assert ("responsibility" in by_kind) == (row["claim"] in ("Claimed", "Denied"))
        assert ("attribution" in by_kind) == (row["claim"] in ("Suspected", "Denied"))
        event = by_kind["event"]
        seen[row["status"], stand[str(event.external_id)]] += 1
        low, high = row["statistics.# killed_low"], row["statistics.# killed_high"]
        assert low == "-1" or by_kind["count"].value == f"{low}-{high}"
        reports = min(int(row["statistics.sources"]), 4)
        assert Counter(it.fields["claim_id"] for it in each.records)[str(event.external_id)] == reports
    assert seen["Possible - Too Few Sources", "unverified"]
    assert seen["Possible - Conflicting Reports", "disputed"]
    assert seen["Confirmed Suicide", "corroborated"]
    assert not seen["Confirmed Suicide", "unverified"]


def test_ucdp(tracker: Tracker) -> None:
    data = first(shared("data", "conflict", "ucdp-ged-syria.csv.gz"), 400)
    rows = cells_of(data)

    found = taken(tracker, data, "ucdp-ged")

    assert found.read == len(rows)
    assert found.read == found.recorded + found.refused
    wrong = {each.row for each in found.rejected}
    good = [row for number, row in enumerate(rows, 2) if number not in wrong]
    for row in (row for number, row in enumerate(rows, 2) if number in wrong):
        early = any(each < row["date_start"] for each in row["source_date"].split(";"))
        assert early or not float(row["low"]) <= float(row["best"]) <= float(row["high"])
    assert kinds(tracker) == {"event": len(good), "count": len(good)}
    made = claims_of(tracker)
    with tracker.reading() as reader:
        logged = reader.evidence()
        questions, sources = reader.questions(), reader.sources()
    reported = sum(len(row["source_office"].split(";")) for row in good)
    assert len(logged) == reported + len(good)
    assert len(questions) == len(good)
    assert {each.counted for each in questions.values()} == {"deaths"}
    offices = {office.strip().casefold() for row in good for office in row["source_office"].split(";")}
    assert len(sources) == len(offices) + 1
    for row in good:
        number = row["id"].removesuffix(".0")
        low, best, high = (row[each].removesuffix(".0") for each in ("low", "best", "high"))
        assert made[f"ucdp-{number}-deaths"].value == f"{best} ({low}-{high})"
        when = made[f"ucdp-{number}"].when
        assert when is not None
        assert (str(when.earliest), str(when.latest)) == (row["date_start"], row["date_end"])
        assert made[f"ucdp-{number}"].note


def test_tbij(tracker: Tracker) -> None:
    data = shared("data", "conflict", "tbij-drone-strikes.xlsx").read_bytes()
    strikes = tracker.import_table(data, "xlsx", map_name="tbij", name="tbij", sheet="Somalia")

    assert (strikes.read, strikes.recorded, strikes.refused) == (111, 110, 0)  # one says nothing
    assert kinds(tracker) == {"count": 220, "attribution": 110}
    first_strike = claims_of(tracker)
    assert first_strike["SOM001 (killed)"].value == "8-10"
    with tracker.reading() as reader:
        graded = Counter(
            each.credibility.value for each in reader.evidence().values() if each.credibility is not None
        )
    assert graded == {"1": 102, "3": 8}


def test_airwars(tracker: Tracker) -> None:
    data = shared("data", "conflict", "airwars-somalia.csv").read_bytes()
    rows = cells_of(data)

    found = taken(tracker, data, "airwars")

    wrong = {each.row for each in found.rejected}
    good = [row for number, row in enumerate(rows, 2) if number not in wrong]
    assert (found.read, len(wrong)) == (len(rows), 5)
    assert kinds(tracker) == {
        "attribution": len(good),
        "responsibility": sum(row["Claimed by AFRICOM?"] == "Yes" for row in good),
        "other": sum(row["DPH claim?"].strip() != "No" for row in good),
    }
    with tracker.reading() as reader:
        assert {each.url for each in reader.documents().values()} == {row["URL"].strip() for row in good}


def test_flight(tracker: Tracker) -> None:
    path = shared("data", "flight", "20111201-claims.txt.gz")
    data = first(path, 600)

    found = tracker.import_table(data, "csv", map_name="flight", name=path.name)
    again = tracker.import_table(data, "csv", map_name="flight", name=path.name)

    said, findings = flights.read(data, path.name, "2011-12-01")
    assert (found.read, found.refused, again.recorded) == (data.count(b"\n"), len(findings), 0)
    with tracker.reading() as reader:
        made, questions, sources = reader.claims(), reader.questions(), reader.sources()
        logged = reader.evidence()
    assert len(made) == len({(item, value) for _, item, _, value in said})
    assert len(questions) == len({item for _, item, _, _ in said})
    assert len(sources) == len({source for _, _, source, _ in said})
    assert len(logged) == len(said)
    assert {claim.question for claim in made.values()} == set(questions)
