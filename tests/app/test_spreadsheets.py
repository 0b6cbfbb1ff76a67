"""Tables into the tracker: all in one act, nothing twice, bad rows listed beside the good ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadFile, Conflict, NotFound
from tests.support.dump import dump
from tests.support.shared import shared
from tests.support.sheets import spreadsheet
from tests.support.tables import HEADINGS, MAP, row, table
from tracker.app.spreadsheets import BadRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tracker.app import Tracker
    from tracker.app.spreadsheets import ImportedRows

THREE = (
    row("bridge", "Harbour Post", "for", "2 March 2024", ended="no", link="https://h.example/1"),
    row("bridge", "Valley Times", "against", "2024-03-05", ended="no"),
    row("ferry", "Valley Times", "neutral"),
)


@pytest.fixture
def ours(tmp_path: Path) -> str:
    path = tmp_path / "ours.toml"
    path.write_text(MAP, "utf-8")
    return str(path)


@pytest.fixture
def take(tracker: Tracker, ours: str) -> Callable[..., ImportedRows]:
    """Imports rows into the tracker of the test."""
    return lambda *rows: tracker.import_csv(table(*rows), map_name=ours, name="rumours.csv")


def counts(found: ImportedRows) -> tuple[int, int, int, int]:
    return found.read, found.recorded, found.unchanged, len(found.rejected)


def test_an_import_is_an_act_of_its_own(tracker: Tracker, take: Callable[..., ImportedRows]) -> None:
    with pytest.raises(Conflict, match="an act of its own"), tracker.act():
        take(*THREE)
    assert tracker.entries() == []


def test_rows_are_recorded_as_claims_sources_documents_and_evidence(tracker: Tracker, take) -> None:
    assert counts(take(*THREE)) == (3, 3, 0, 0)

    with tracker.reading() as reader:
        claims, sources, documents = reader.claims(), reader.sources(), reader.documents()
        evidence = reader.evidence()
        assessments = reader.assessments_of()
    by_id = {claim.external_id: claim for claim in claims.values()}
    assert set(by_id) == {"bridge", "ferry"}
    bridge = by_id["bridge"]
    assert (bridge.text, bridge.kind) == ("It is said that bridge", "event")
    assert {source.name for source in sources.values()} == {"Harbour Post", "Valley Times"}
    assert {source.type for source in sources.values()} == {"outlet"}
    (document,) = documents.values()
    assert (document.url, document.publisher) == ("https://h.example/1", "harbour-post")
    assert sorted((piece.claim, piece.source, piece.stance) for piece in evidence.values()) == [
        (bridge.key, "harbour-post", "supports"),
        (bridge.key, "valley-times", "denies"),
        (by_id["ferry"].key, "valley-times", "mentions"),
    ]
    (made,) = assessments[bridge.key]
    assert (made.status, made.author, made.made_on.isoformat()) == (
        "refuted",
        "The rumour desk",
        "2024-03-05",
    )
    assert list(assessments) == [bridge.key]


def test_an_assessment_stays_out_of_the_computed_likelihood(take, tracker: Tracker) -> None:
    take(row("it", "one", "for", ended="no"), row("other", "two", "for"))

    found = tracker.statuses()
    assert len({each.likelihood for each in found}) == 1
    assert {each.assessed for each in found} == {"refuted", None}


def test_an_assessment_of_one_claim_says_something_of_its_source_on_others(take, tracker: Tracker) -> None:
    take(row("it", "one", "for", ended="no"), row("other", "one", "for"), row("apart", "two", "for"))

    likely = {each.claim.external_id: each.likelihood for each in tracker.statuses()}
    assert likely["other"] < likely["it"] == likely["apart"]


def test_all_of_it_is_one_act(tracker: Tracker, take) -> None:
    take(*THREE)

    assert len({entry.batch for entry in tracker.entries()}) == 1
    assert tracker.audit().ok


def test_a_second_import_records_nothing(tracker: Tracker, take) -> None:
    take(*THREE)
    before = dump(tracker)

    assert counts(take(*THREE)) == (3, 0, 3, 0)
    assert dump(tracker) == before


def test_the_same_row_twice_is_two_pieces_and_still_nothing_the_second_time(tracker: Tracker, take) -> None:
    twice = (THREE[1], THREE[1])

    assert counts(take(*twice)) == (2, 2, 0, 0)
    assert counts(take(*twice)) == (2, 0, 2, 0)
    with tracker.reading() as reader:
        assert len(reader.evidence()) == 2


def test_an_edited_row_records_its_difference(tracker: Tracker, take) -> None:
    take(*THREE)
    edited = row("bridge", "Harbour Post", "against", "2 March 2024", ended="no", link="https://h.example/1")

    assert counts(take(edited, *THREE[1:])) == (3, 1, 2, 0)
    assert [entry.act for entry in tracker.outcome.entries] == ["evidence.corrected"]


def test_a_claim_that_was_settled_since_is_assessed_then(tracker: Tracker, take) -> None:
    take(*THREE)
    settled = row("ferry", "Valley Times", "neutral", ended="yes")

    assert counts(take(*THREE[:2], settled)) == (3, 1, 2, 0)
    assert [entry.act for entry in tracker.outcome.entries] == ["assessment.made"]


def test_what_is_known_by_name_or_address_is_not_made_again(tracker: Tracker, take) -> None:
    tracker.add_source("Harbour Post", key="post", type="outlet")
    tracker.add_document("Bridge closed", key="page", url="https://h.example/1")

    take(*THREE)

    with tracker.reading() as reader:
        assert set(reader.sources()) == {"post", "valley-times"}
        assert set(reader.documents()) == {"page"}
        assert {piece.document for piece in reader.evidence().values()} == {"page", None}


def test_a_bad_row_is_listed_leaves_nothing_and_stops_nothing(tracker: Tracker, take) -> None:
    bad = (
        row("new claim", "New outlet", "for", "2031-01-01"),
        row("ferry", "one", "sideways"),
        row("ferry", "one", "for", "someday"),
        row("bridge", "Harbour Post", "for", "2024-03-02", ended="yes"),
    )

    found = take(*THREE, *bad)

    assert counts(found) == (7, 3, 0, 4)
    assert [finding.row for finding in found.rejected] == [5, 6, 7, 8]
    assert "in the future" in found.rejected[0].message
    assert "refuted in row 2" in found.rejected[3].message
    with tracker.reading() as reader:
        assert {source.name for source in reader.sources().values()} == {"Harbour Post", "Valley Times"}
        assert {claim.external_id for claim in reader.claims().values()} == {"bridge", "ferry"}
    assert counts(take(*THREE, *bad)) == (7, 0, 3, 4)


def test_a_rehearsal_says_what_would_be_and_records_nothing(new_tracker, ours: str) -> None:
    rehearsal = new_tracker(dry_run=True)
    before = dump(rehearsal)

    found = rehearsal.import_csv(table(*THREE), map_name=ours)

    assert counts(found) == (3, 3, 0, 0)
    assert dump(rehearsal) == before


def test_a_date_in_words_means_the_day_that_it_meant_first(tracker: Tracker, clock: Clock, take) -> None:
    take(row("it", "one", "for", "yesterday"))
    clock.tick(days=3)

    assert counts(take(row("it", "one", "for", "yesterday"))) == (1, 0, 1, 0)


def test_a_table_that_is_none_is_refused_and_nothing_is_recorded(tracker: Tracker, ours: str) -> None:
    with pytest.raises(BadFile, match="has no column"):
        tracker.import_csv(b"one,two\n1,2\n", map_name=ours)
    with pytest.raises(NotFound, match="there is no map"):
        tracker.import_csv(table(*THREE), map_name="theirs")
    assert tracker.entries() == []


@pytest.mark.slow
def test_emergent_is_imported_whole_and_once(tracker: Tracker) -> None:
    data = shared("data", "emergent", "emergent-dev.csv").read_bytes()

    assert counts(tracker.import_csv(data, map_name="emergent")) == (1277, 1277, 0, 0)
    assert counts(tracker.import_csv(data, map_name="emergent")) == (1277, 0, 1277, 0)
    with tracker.reading() as reader:
        claims, assessments = reader.claims(), reader.assessments_of()
        assert len(reader.evidence()) == 1277
    assert len(claims) == len({claim.external_id for claim in claims.values()}) == 148
    statuses = [made[0].status for made in assessments.values()]
    assert (statuses.count("confirmed"), statuses.count("refuted")) == (32, 56)


# --- the same rows again, and bad ones among many ---------------------------------------------------


def test_the_same_file_under_another_name_or_in_another_order_records_nothing(
    tracker: Tracker, ours: str
) -> None:
    rows = [
        row(f"r{n % 7}", f"Outlet {n}", ("for", "against")[n % 2], link=f"https://x.example/{n}")
        for n in range(20)
    ]
    tracker.import_csv(table(*rows), map_name=ours, name="one.csv")
    before = dump(tracker)

    for again in (rows, rows[::-1], rows[10:] + rows[:10]):
        found = tracker.import_csv(table(*again), map_name=ours, name="another.csv")
        assert counts(found) == (len(again), 0, len(again), 0)
    assert dump(tracker) == before


def test_a_spreadsheet_is_read_as_the_same_table_would_be(tracker: Tracker, ours: str) -> None:
    tracker.import_csv(table(*THREE), map_name=ours, name="rumours.csv")

    found = tracker.import_csv(spreadsheet(HEADINGS, *THREE), map_name=ours, name="rumours.xlsx")

    assert counts(found) == (3, 0, 3, 0)


def test_a_sheet_of_what_has_none(tracker: Tracker, ours: str) -> None:
    with pytest.raises(BadFile, match="has no sheets"):
        tracker.import_csv(table(*THREE), map_name=ours, sheet="Sheet")


def test_a_bad_row_can_stop_it_and_then_nothing_is_recorded(tracker: Tracker, ours: str) -> None:
    before = dump(tracker)
    rows = (*THREE, row("it", "one", "perhaps"), row("it", "one", "for", "32 May 2024"))

    with pytest.raises(BadRows, match="nothing was recorded") as caught:
        tracker.import_csv(table(*rows), map_name=ours, name="rumours.csv", stop_on_error=True)

    assert [finding.where for finding in caught.value.findings] == [
        "rumours.csv, row 5",
        "rumours.csv, row 6",
    ]
    assert caught.value.result.read == 5
    assert dump(tracker) == before
    assert tracker.import_csv(table(*THREE), map_name=ours, stop_on_error=True).recorded == 3


@pytest.mark.slow
def test_the_last_row_but_one_of_ten_thousand_is_bad(tracker: Tracker, ours: str) -> None:
    rows = [
        row(f"r{n // 4}", f"Outlet {n % 50}", "for", link=f"https://x.example/{n}") for n in range(10_000)
    ]
    rows[9_998] = row("it", "one", "for", "32 May 2024")

    found = tracker.import_csv(table(*rows), map_name=ours)

    assert counts(found) == (10_000, 9_999, 0, 1)
    assert found.rejected[0].row == 10_000
