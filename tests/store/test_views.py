"""Views for other programs: what they say is what the program says, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import BadValue, NotFound
from tests.support.newsroom import furnish
from tracker.app import open_tracker
from tracker.store import views
from tracker.store.views import VIEWS

if TYPE_CHECKING:
    from tests.conftest import Clock
    from tracker.app import Tracker


def rows(tracker: Tracker, name: str, case: str | None = None) -> list[dict[str, Any]]:
    with tracker.reading() as reader:
        found = [row for rows in views.read(reader.connection, name, case) for row in rows]
    return [dict(zip(VIEWS[name].columns, row, strict=True)) for row in found]


@pytest.mark.on_both
def test_each_claim_is_there_as_the_program_shows_it(demo: Tracker) -> None:
    told = {each.key: each for each in demo.statuses()}
    found = {row["claim"]: row for row in rows(demo, "claim_status")}
    assert found.keys() == told.keys()
    for key, row in found.items():
        standing = told[key]
        assert row["status"] == standing.status
        assert row["likelihood"] == pytest.approx(standing.likelihood)
        assert row["confidence"] == standing.confidence
        assert (row["supporting_lines"], row["opposing_lines"]) == (
            standing.supporting_lines,
            standing.opposing_lines,
        )
        assert row["changed"] == standing.changed
        assert (row["stale"], row["waits"], row["case_key"]) == (standing.stale, False, "jnim")
    names = {entity.key: entity.name for entity in demo.entities()}
    assert all(row["subject_name"] == names.get(row["subject"]) for row in found.values())


@pytest.mark.on_both
def test_each_piece_of_evidence_is_there_with_its_source_and_document(tracker: Tracker) -> None:
    furnish(tracker)
    tracker.log("mayor-killed", source="rebels", stance="denies", published="2012-05", note="on the radio")
    tracker.withdraw("mayor-killed.rebels", mistake=True, reason="of another town")
    found = rows(tracker, "evidence_list")
    told = {
        piece.key: piece for claim in ("mayor-killed", "mayor-fled") for piece in tracker.show(claim).evidence
    }
    assert {row["evidence"] for row in found} == told.keys()
    for row in found:
        piece = told[row["evidence"]]
        assert (row["claim"], row["source"], row["stance"]) == (piece.claim, piece.source, piece.stance)
        assert row["source_name"] == tracker.source(piece.source).source.name
        assert (row["published_earliest"], row["recorded_on"]) == (
            piece.published.earliest if piece.published else None,
            piece.recorded_on,
        )


def test_a_verdict_in_force_stands_beside_the_status(tracker: Tracker, clock: Clock) -> None:
    furnish(tracker)
    tracker.assess("mayor-killed", "confirmed", reason="saw the register")
    tracker.assess("mayor-killed", "refuted", reason="or not")
    waiting = tracker.assess("mayor-killed", "corroborated", reason="ask Ben", proposed=True)
    by_key = {row["claim"]: row for row in rows(tracker, "claim_status")}
    told = tracker.status("mayor-killed").assessment
    assert (by_key["mayor-killed"]["assessed"], by_key["mayor-killed"]["assessed_by"]) == (
        told.status,
        told.author,
    )
    assert by_key["mayor-fled"]["assessed"] is None

    clock.tick(days=1)
    with open_tracker(tracker.database.url, author="ben", clock=clock) as ben:
        ben.show("mayor-killed")
        ben.approve(waiting.key)
    (row,) = (row for row in rows(tracker, "claim_status") if row["claim"] == "mayor-killed")
    assert row["assessed"] == "corroborated"


@pytest.mark.on_both
def test_every_change_is_there_and_that_a_claim_was_withdrawn(tracker: Tracker) -> None:
    furnish(tracker)
    tracker.log("mayor-killed", source="rebels", stance="denies")
    tracker.withdraw_record("mayor-fled", reason="nobody ever said so")
    found = rows(tracker, "status_history")
    told = tracker.history("mayor-killed", clock="recorded")
    assert [(row["entry"], row["status"]) for row in found if row["claim"] == "mayor-killed"] == [
        (change.entry, change.status) for change in told
    ]
    last = [row for row in found if row["claim"] == "mayor-fled"][-1]
    assert (last["status"], last["likelihood"], last["act"]) == (None, None, "claim.withdrawn")
    assert "mayor-fled" not in {row["claim"] for row in rows(tracker, "claim_status")}
    assert {row["author"] for row in found} == {tracker.author}


@pytest.mark.on_both
def test_how_a_source_fared_is_counted(tracker: Tracker) -> None:
    furnish(tracker)
    tracker.log("mayor-killed", source="rebels", stance="denies")
    tracker.assess("mayor-killed", "confirmed", reason="saw the register")
    for row in rows(tracker, "source_record"):
        outcomes = tracker.source(row["source"]).outcomes
        for side, sign in (("supported", 1), ("denied", -1)):
            for word, right in (("right", True), ("wrong", False)):
                counted = [o for o in outcomes if o.sign == sign and o.right is right and o.until is None]
                assert row[f"{side}_{word}"] == len(counted), (row["source"], side, word)
        assert row["pieces"] >= row["claims"]
    assert sum(row["denied_wrong"] for row in rows(tracker, "source_record")) == 1


def test_in_portions_it_is_the_same(demo: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {name: rows(demo, name) for name in VIEWS}
    monkeypatch.setattr(views, "PORTION", 7)
    assert {name: rows(demo, name) for name in VIEWS} == whole
    assert rows(demo, "claim_status", "elsewhere") == []
    assert rows(demo, "claim_status", "jnim") == whole["claim_status"]


@pytest.mark.on_both
def test_nothing_is_written_through_them(demo: Tracker) -> None:
    with pytest.raises(Exception, match=r"(?i)view"), demo.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM claim_status")
    assert rows(demo, "claim_status")


def test_those_that_somebody_dropped_are_made_anew(tracker: Tracker) -> None:
    furnish(tracker)
    assert not [what for _, what in tracker.doctor() if "view" in what]
    with tracker.database.writing() as connection:
        connection.exec_driver_sql("DROP VIEW evidence_list")
    assert [what.partition(";")[0] for _, what in tracker.doctor() if "view" in what] == [
        "the view evidence_list is missing"
    ]
    tracker.rebuild()
    assert rows(tracker, "evidence_list")


def test_only_the_present_is_in_them(demo: Tracker) -> None:
    with demo.extract(as_of="2019-01-01") as extract, pytest.raises(BadValue, match="of the present"):
        extract.table("claim_status")
    with demo.extract() as extract, pytest.raises(NotFound, match="there is no table"):
        extract.table("claims")
