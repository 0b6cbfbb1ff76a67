"""Scenarios from the field: who speaks, in whose interest, how good a record, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Clock
    from tracker.app import Tracker


@pytest.fixture
def desk(tracker: Tracker) -> Tracker:
    """Two camps, their ministries and fighters, and outlets of no camp."""
    tracker.add_source("Interior Ministry", key="ministry", type="government", sides=["government"])
    tracker.add_source("Northern Front", key="front", type="armed-group", sides=["front"])
    tracker.add_source("Observer", type="organisation")
    for number in range(10):
        tracker.add_source(f"Outlet {number}", type="outlet")
    tracker.add_entity("Commander Teshale", key="teshale", type="person")
    tracker.add_claim(
        "Commander Teshale was killed", key="killed", kind="death", subject="teshale", when="2012"
    )
    tracker.add_claim("The convoy was attacked", key="convoy", kind="event", when="5 May 2014")
    return tracker


def test_ten_outlets_that_relay_one_ministry_against_one_independent_denial(desk: Tracker) -> None:
    desk.log("convoy", source="ministry", stance="supports", published="6 May 2014")
    alone = desk.status("convoy")
    for number in range(10):
        outlet = f"outlet-{number}"
        desk.log("convoy", source=outlet, stance="supports", relays="ministry", published="7 May 2014")
    relayed = desk.status("convoy")
    assert (relayed.supporting_lines, relayed.likelihood) == (1, alone.likelihood)
    desk.log("convoy", source="observer", stance="denies", basis="witnessed", published="8 May 2014")
    denied = desk.status("convoy")
    assert (denied.supporting_lines, denied.opposing_lines) == (1, 1)
    assert denied.likelihood < 0.3
    reasons = {row.because for row in desk.why("convoy").resolution.contributions if not row.weight}
    assert all(
        "passes on what Interior Ministry said" in words or "side government" in words for words in reasons
    )


def test_a_boast_that_is_denied_and_then_silence_for_years_stays_disputed(
    desk: Tracker, clock: Clock
) -> None:
    desk.log("killed", source="ministry", stance="supports", side="for-own-side", published="3 Mar 2012")
    desk.log("killed", source="front", stance="denies", side="for-own-side", published="5 Mar 2012")
    assert desk.status("killed", as_of="2012-03-05").status == "disputed"
    clock.tick(days=3650)
    now = desk.status("killed")
    assert now.status == "disputed"
    assert not now.stale  # a death is an event: it does not age


def test_an_announcement_that_the_same_government_retracts_counts_until_it_does(desk: Tracker) -> None:
    desk.log("killed", source="ministry", stance="supports", published="3 Mar 2012")
    before = desk.status("killed", as_of="2012-09-30")
    desk.withdraw("killed.ministry", by_source="1 Oct 2012", reason="the ministry said it had been wrong")
    assert desk.status("killed", as_of="2012-09-30").likelihood == before.likelihood
    assert desk.status("killed", as_of="2012-10-01").status == "retracted"


def test_an_admission_against_its_own_side_from_a_poor_source_still_weighs_more_than_its_boast(
    desk: Tracker,
) -> None:
    desk.grade_source("front", "D", reason="boasts of what never happened")
    desk.add_claim("The front lost its camp", key="camp", kind="event", when="2013")
    desk.log("camp", source="front", stance="supports", side="against-own-side", published="2 Jun 2013")
    admission = desk.status("camp").likelihood
    desk.correct_evidence("camp.front", side="for-own-side", reason="to compare")
    assert admission > desk.status("camp").likelihood + 0.05


def test_a_source_graded_a_that_fails_five_times_is_told_by_its_record(desk: Tracker, clock: Clock) -> None:
    desk.grade_source("observer", "A", reason="tried and trusted")
    desk.log("convoy", source="observer", stance="supports", published="6 May 2014")
    trusted = desk.status("convoy").likelihood
    for number in range(5):
        key = f"raid-{number}"
        desk.add_claim(f"Raid {number} took place", key=key, kind="event", when="2013")
        desk.log(key, source="observer", stance="supports", published="1 Jul 2013")
        desk.assess(key, "refuted", reason="there was no such raid")
    clock.tick(days=1)
    doubted = desk.status("convoy")
    assert doubted.likelihood < trusted - 0.1
    record = desk.source("observer")
    assert [(case.claim, case.right) for case in record.outcomes] == [(f"raid-{n}", False) for n in range(5)]
    assert record.suggestion.grade in ("D", "E")
    assert "record 0 right of 5" in str(desk.why("convoy"))
    assert desk.audit().ok


def test_a_verdict_on_one_claim_never_moves_that_claim(desk: Tracker) -> None:
    desk.log("convoy", source="observer", stance="supports", published="6 May 2014")
    before = desk.status("convoy").likelihood
    desk.assess("convoy", "refuted", reason="the road was empty")
    assert desk.status("convoy").likelihood == before


def test_evidence_of_late_2018_counts_from_the_latest_day_it_could_have_been_published(desk: Tracker) -> None:
    desk.log("convoy", source="observer", stance="supports", published="late 2018")
    assert not desk.why("convoy", as_of="2018-12-30").resolution.contributions
    assert desk.why("convoy", as_of="2018-12-31").resolution.contributions


def test_a_claim_that_nobody_ever_settles_keeps_an_open_status(desk: Tracker, clock: Clock) -> None:
    desk.log("convoy", source="outlet-1", stance="supports", published="6 May 2014")
    desk.log("convoy", source="outlet-2", stance="mentions", published="7 May 2014")
    clock.tick(days=3650)
    assert desk.status("convoy").status == "unverified"
    assert desk.source("outlet-1").outcomes == ()


def test_one_interested_denial_makes_a_claim_doubtful_and_a_second_line_refutes_it(desk: Tracker) -> None:
    desk.log("convoy", source="ministry", stance="denies", published="6 May 2014")
    assert desk.status("convoy").status == "doubtful"
    desk.log("convoy", source="outlet-1", stance="denies", published="7 May 2014")
    assert desk.status("convoy").status == "refuted"
    desk.withdraw("convoy.outlet-1", mistake=True, reason="it spoke of another convoy")
    desk.grade_source("ministry", "B", reason="usually reliable on convoys")
    assert desk.status("convoy").status == "refuted"


def test_a_denial_that_serves_its_speaker_says_less_than_anybody_elses(desk: Tracker) -> None:
    desk.log("convoy", source="front", stance="denies", published="6 May 2014")
    plain = desk.status("convoy").likelihood
    desk.correct_evidence("convoy.front", side="for-own-side", reason="it was accused")
    own = desk.status("convoy")
    assert own.likelihood > plain + 0.05
    assert own.status == "doubtful"
