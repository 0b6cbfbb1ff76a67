"""Policies per case: whose claims go by which, and that a rebuild and an earlier moment say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claims.errors import BadValue, Conflict, MissingReason, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tracker.app import Tracker


def tell(tracker: Tracker) -> None:
    """One graded source against two others, once in a case that counts lines, once in one that
    ranks sources, and once in no case."""
    tracker.add_source("Court", key="court", type="court", reliability="A")
    for name in ("paper", "radio"):
        tracker.add_source(name.title(), key=name, type="outlet")
    tracker.add_case("counted", policy="majority")
    tracker.add_case("ranked", policy="hierarchy@1")
    for key, case in (("by-lines", "counted"), ("by-rank", "ranked"), ("by-weight", None)):
        tracker.add_claim(f"It happened, {key}", key=key, kind="event", case=case)
        tracker.log(key, source="court", stance="supports", published="1 May 2020")
        tracker.log(key, source="paper", stance="denies", published="2 May 2020")
        tracker.log(key, source="radio", stance="denies", published="3 May 2020")


@pytest.fixture
def two_cases(begun: Callable[..., Tracker]) -> Tracker:
    return begun("two_cases", lambda told, _clock: tell(told))


def policies(tracker: Tracker, **asked: object) -> dict[str, str]:
    return {it.key: it.policy for it in tracker.statuses(**asked)}


def verdicts(tracker: Tracker, **asked: object) -> dict[str, tuple[str, float]]:
    return {it.key: (str(it.status), round(it.likelihood, 9)) for it in tracker.statuses(**asked)}


def test_each_claim_goes_by_the_policy_of_its_case_and_says_so(two_cases):
    assert policies(two_cases) == {
        "by-lines": "majority@1",
        "by-rank": "hierarchy@1",
        "by-weight": "weight-of-evidence@2",
    }
    likely = {key: likelihood > 0.5 for key, (_, likelihood) in verdicts(two_cases).items()}
    assert likely == {"by-lines": False, "by-rank": True, "by-weight": False}


def test_a_day_in_the_past_history_and_why_go_by_it_too(two_cases):
    assert policies(two_cases, as_of="2020-12-31") == policies(two_cases)
    assert verdicts(two_cases, as_of="2020-12-31") == verdicts(two_cases)
    why = two_cases.why("by-rank")
    assert why.resolution.policy == "hierarchy@1"
    assert "outranked by grade A (Court)" in str(why)
    assert len(two_cases.history("by-rank")) == 1  # nothing after the court moved it
    assert len(two_cases.history("by-lines")) == 3
    assert [step.status for step in two_cases.history("by-lines", clock="recorded")][-1] == "disputed"


def test_a_policy_asked_for_goes_before_that_of_the_case(two_cases):
    assert set(policies(two_cases, policy="latest").values()) == {"latest@1"}
    assert two_cases.why("by-lines", policy="hierarchy").resolution.likelihood > 0.5


def test_revising_the_policy_of_a_case_resolves_its_claims_anew(two_cases):
    two_cases.revise_case("ranked", policy="none", reason="grades are to count as weights")
    moved = {change.claim: change.was for change in two_cases.outcome.changes}
    assert moved == {"by-rank": "corroborated"}
    assert policies(two_cases)["by-rank"] == "weight-of-evidence@2"
    assert verdicts(two_cases)["by-rank"] == verdicts(two_cases)["by-weight"]
    two_cases.undo(reason="they are not")
    assert policies(two_cases)["by-rank"] == "hierarchy@1"


def test_a_claim_that_moves_to_another_case_moves_to_its_policy(two_cases):
    two_cases.revise_claim("by-weight", case="counted", reason="it belongs there")
    assert policies(two_cases)["by-weight"] == "majority@1"


def test_tied_claims_of_different_cases_each_take_the_result_of_their_own(two_cases):
    apart = verdicts(two_cases)
    two_cases.link("by-lines", "contradicts", "by-rank", reason="one place, two events")
    tied = verdicts(two_cases)
    assert policies(two_cases)["by-lines"] == "majority@1"
    for name, key in (("majority", "by-lines"), ("hierarchy", "by-rank")):
        assert tied[key] == verdicts(two_cases, policy=name)[key]
        assert tied[key] != apart[key]


@pytest.mark.slow
def test_a_rebuild_gives_the_same_tables_and_an_audit_agrees(two_cases):
    two_cases.link("by-lines", "contradicts", "by-rank", reason="one place, two events")
    two_cases.assess("by-lines", "confirmed", reason="seen")
    two_cases.revise_case("counted", policy="assessed", reason="a person has looked")
    before = verdicts(two_cases), policies(two_cases)
    assert two_cases.audit().ok
    two_cases.rebuild()
    assert (verdicts(two_cases), policies(two_cases)) == before
    assert two_cases.audit().ok


def test_what_was_recorded_by_a_moment_is_told_by_the_policies_of_that_moment(two_cases, clock: Clock):
    before = verdicts(two_cases)
    clock.tick(days=1)
    two_cases.revise_case("counted", policy="latest", reason="try it")
    assert policies(two_cases, recorded_by="2026-11-22")["by-lines"] == "majority@1"
    assert verdicts(two_cases, recorded_by="2026-11-22") == before
    assert policies(two_cases)["by-lines"] == "latest@1"


@pytest.mark.on_both
def test_records_are_those_that_the_trackers_own_policy_keeps_by_whatever_policy_one_asks(
    new_tracker: Callable[..., Tracker],
):
    desk = new_tracker(policy="majority")  # which keeps none
    desk.add_source("Paper", key="paper", type="outlet")
    for key in ("first", "second", "third", "open"):
        desk.add_claim(f"It happened, {key}", key=key, kind="event")
        desk.log(key, source="paper", stance="supports", published="1 May 2020")
    for key in ("first", "second", "third"):
        desk.assess(key, "refuted", reason="we were there")
    last = desk.entries()[-1].seq

    def likelihood(**asked: object) -> float:
        return desk.status("open", policy="weight-of-evidence", **asked).likelihood

    before = likelihood()
    assert likelihood(recorded_by=last) == before
    desk.add_source("Radio", key="radio", type="outlet")
    assert likelihood(recorded_by=last) == before
    with desk.view(recorded_by=last, policy="weight-of-evidence") as whole:
        assert whole.statuses(["open"])["open"]["likelihood"] == before


def test_verdicts_move_claims_of_an_assessed_case_when_made_and_when_taken_back(two_cases):
    two_cases.revise_case("counted", policy="assessed", reason="people only")
    assert verdicts(two_cases)["by-lines"] == ("unverified", 0.5)
    two_cases.assess("by-lines", "refuted", likelihood=0.02, reason="we were there")
    assert verdicts(two_cases)["by-lines"] == ("refuted", 0.02)
    last = two_cases.history("by-lines")[-1]
    assert last.because == ("by-lines.assessed",)
    two_cases.undo(reason="we were not")
    assert verdicts(two_cases)["by-lines"] == ("unverified", 0.5)


def test_the_tenth_verdict_is_newer_than_the_ninth(two_cases):
    for number in range(1, 12):
        two_cases.assess("by-lines", "confirmed" if number == 11 else "refuted", reason=f"look {number}")
    assert two_cases.status("by-lines").assessed == "confirmed"


def test_bringing_a_case_up_to_date_keeps_its_policy(two_cases):
    two_cases.add_case("counted", title="Counted")
    assert policies(two_cases)["by-lines"] == "majority@1"


@pytest.mark.parametrize("name", ["nobody's", "majority@7", "ours.json"])
def test_a_case_takes_only_policies_that_can_be_found_again(two_cases, name):
    with pytest.raises(NotFound, match="there is no policy") as caught:
        two_cases.revise_case("counted", policy=name, reason="try")
    assert "majority@1" in caught.value.hint
    assert ("--policy" in caught.value.hint) == name.endswith(".json")


def test_what_cannot_be_revised_is_refused(two_cases):
    with pytest.raises(BadValue, match="no 'colour'"):
        two_cases.revise_case("counted", colour="red", reason="why not")
    with pytest.raises(NotFound, match="no case 'lost'"):
        two_cases.revise_case("lost", policy="latest", reason="why not")
    with pytest.raises(MissingReason):
        two_cases.revise_case("counted", policy="latest", reason="")
    with pytest.raises(Conflict, match="a case counted already"):
        two_cases.open_case("counted")


def test_a_casebook_carries_the_policy_of_its_case(two_cases, new_tracker: Callable[..., Tracker]):
    text = two_cases.export_casebook("ranked")
    assert "policy: hierarchy@1" in text
    other = new_tracker("other")
    other.import_casebook(text)
    assert policies(other) == {"by-rank": "hierarchy@1"}
    assert other.import_casebook(text).recorded == 0
