"""What figures are drawn from, on a record: by either clock, and as of a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from claims.errors import BadValue, NotFound
from tests.support.settling import settle

KEY = "kouffa-killed-2018"


def test_the_course_of_a_claim_has_what_moved_it_from_elsewhere(demo):
    course = demo.course(KEY)
    assert [str(step.status) for step in course.steps] == ["unverified", "disputed", "refuted"]
    assert {piece.claim for piece in course.others.values()} == {"kouffa-alive-video"}
    assert demo.course(KEY, as_of="2018-12-31").steps[-1].status == "unverified"
    assert demo.course(KEY, clock="recorded").clock == "recorded"


def test_a_life_has_deaths_and_signs_of_life_alone(demo):
    life = demo.life("kouffa")
    assert {str(each.claim.kind) for each in life.claims} == {"death", "sign-of-life"}
    assert {piece.claim for piece in life.evidence} == {each.key for each in life.claims}
    assert life.sources["france"] == "Government of France (Paris)"
    earlier = demo.life("kouffa", as_of="2018-12-31")
    assert {piece.source for piece in earlier.evidence} == {"france", "mali"}
    with pytest.raises(BadValue, match="jnim is no person but of the type group"):
        demo.life("jnim")
    with pytest.raises(NotFound):
        demo.life("nobody-at-all")


def test_a_matrix_has_all_claims_of_a_case(demo):
    found = demo.matrix("jnim")
    assert len(found.claims) == len(demo.claims(case="jnim"))
    assert {piece.source for piece in found.evidence} == found.sources.keys()


@pytest.mark.slow
def test_a_source_is_measured_by_what_its_words_should_be_worth(tracker):
    settle(tracker)
    found = tracker.calibrated("army")
    assert len(found.expected) == len(found.record.outcomes) > 0
    assert len(set(found.expected)) == 1
    assert 0.5 < found.expected[0] < 1
    assert sum(each.n for each in found.bins) == len(found.expected)


@pytest.mark.slow
def test_a_toll_is_told_day_by_day(tracker):
    tracker.add_question("How many died?", key="toll", counted="killed", cumulative=True)
    for source, value, day in (("wire", "at least 12", "01"), ("army", "17", "02"), ("wire", "31", "06")):
        if source not in {each.key for each in tracker.sources()}:
            tracker.add_source(source)
        key = tracker.add_claim(
            f"{value} died.", kind="count", value=value, question="toll", when=f"2020-08-{day}"
        ).key
        tracker.log(key, source=source, stance="supports", published=f"2020-08-{day}")
    found = tracker.revisions("toll")
    assert found.revisions[0].at == date(2020, 8, 1)
    assert found.revisions[0].low == Decimal(12)
    assert found.revisions[0].high is None
    assert found.revisions[-1].best == Decimal(31)
    assert [each.sources for each in found.counts if each.stands][-1] == ("wire",)
    assert tracker.revisions("toll", as_of="2020-08-01").revisions == found.revisions[:1]
    assert len(tracker.revisions("toll", as_of="2020-08-01").counts) == 1


def test_a_question_that_no_count_answers_has_no_revisions(demo):
    with pytest.raises(BadValue, match="no count answers the question ag-ghali-group-2011"):
        demo.revisions("ag-ghali-group-2011")


def test_in_passing_the_history_of_an_earlier_record_is_what_was_said_then(demo):
    said = demo.history(KEY, clock="recorded", recorded_by="now")
    assert said
    assert demo.history_in_passing(KEY, recorded_by="now") == said
    assert demo.history_in_passing(KEY, recorded_by="now", as_of="2019-01-01") == []


def test_in_passing_a_history_is_the_same_or_nothing(demo, monkeypatch):
    from tracker.app import timelines

    assert demo.history_in_passing(KEY) == demo.history(KEY)
    for bound in ("IN_PASSING", "FEW_TIED"):
        with monkeypatch.context() as patched:
            patched.setattr(timelines, bound, 1)
            assert demo.history_in_passing(KEY) == []
