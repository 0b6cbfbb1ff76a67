"""A claim at two moments, compared without replaying the rest: with all that bore on it between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claims.errors import FutureDate
from tests.app.test_two_clocks import comparable
from tests.support.pasts import no_whole_replay, whole_replays
from tracker.report import jsonable

if TYPE_CHECKING:
    from tracker.app import Tracker


@pytest.mark.on_both
def test_a_claim_is_compared_at_two_moments_without_the_rest(lives: Tracker) -> None:
    seen = next(entry.seq for entry in lives.entries() if entry.subject == "mayor-seen.post")
    revised = next(entry.seq for entry in lives.entries() if entry.act == "claim.revised")
    with no_whole_replay():
        found = lives.diff("mayor-killed", seen - 2, seen, clock="recorded")
        later = lives.diff("mayor-killed", seen, revised, clock="recorded")

    assert [(deed.act, deed.subject) for deed in found.deeds] == [
        ("claim.recorded", "mayor-seen"),
        ("evidence.logged", "mayor-seen.post"),
    ]
    assert found.before.likelihood > found.after.likelihood
    assert [deed.act for deed in later.deeds] == ["claim.revised"]
    assert later.after.likelihood > later.before.likelihood


@pytest.mark.on_both
def test_what_was_tied_to_a_claim_only_between_two_moments_is_told_of_too(lives: Tracker) -> None:
    lives.add_entity("The captain", key="captain", type="person")
    lives.add_claim("The captain fell", key="fell", kind="death", subject="captain", when="2013")
    before = lives.entries()[-1].seq
    lives.merge_entity("captain", into="baker", reason="one man")  # whom somebody has seen in 2014
    lives.log("mayor-seen", source="gazette", stance="denies", published="2015")
    lives.revise_claim("mayor-seen", subject="mayor", reason="it was the mayor after all")

    with no_whole_replay():
        found = lives.diff("fell", before, "now", clock="recorded")

    assert [(deed.act, deed.subject) for deed in found.deeds] == [
        ("entity.merged", "captain"),
        ("evidence.logged", "mayor-seen.gazette"),
        ("claim.revised", "mayor-seen"),
    ]


@pytest.mark.on_both
def test_what_was_said_of_one_day_is_told_without_the_rest(lives: Tracker) -> None:
    with no_whole_replay():
        told = lives.history("mayor-killed", clock="recorded", as_of="2014-12-31")
        found = lives.diff("mayor-killed", 8, "now", clock="recorded", as_of="2014-12-31")
    with whole_replays():
        whole = lives.history("mayor-killed", clock="recorded", as_of="2014-12-31")
    assert list(map(jsonable.step, told)) == list(map(jsonable.step, whole))
    assert [step.act for step in told] == [
        "claim.recorded",
        "evidence.logged",
        "evidence.logged",
        "claim.revised",
        "claim.withdrawn",
    ]
    assert [deed.act for deed in found.deeds if deed.status] == [
        "evidence.logged",
        "claim.revised",
        "claim.withdrawn",
    ]


@pytest.mark.on_both
def test_what_a_claim_was_about_and_rested_on_only_for_a_while_is_told_of_too(lives: Tracker) -> None:
    lives.add_entity("The captain", key="captain", type="person")
    lives.add_source("The Courier", key="courier", type="outlet")
    before = lives.entries()[-1].seq
    lives.revise_claim("mayor-seen", subject="captain", reason="so it seemed")
    lives.revise_entity("captain", name="The old captain", reason="as he is called")
    lives.correct_evidence("mayor-seen.post", source="courier", reason="misread")
    lives.revise_source("courier", owner="The Post Group", reason="bought")
    lives.revise_entity("mayor", name="The mayor", reason="nothing to do with it by then")
    lives.correct_evidence("mayor-seen.post", source="post", reason="misread again")
    lives.revise_claim("mayor-seen", subject="baker", reason="it was the baker after all")
    after = lives.entries()[-1].seq
    lives.add_claim("Something else", key="else", kind="event")

    with no_whole_replay():
        found = lives.diff("mayor-seen", before, after, clock="recorded")
    with whole_replays():
        whole = lives.diff("mayor-seen", before, after, clock="recorded")

    assert [(deed.act, deed.subject) for deed in found.deeds] == [
        ("claim.revised", "mayor-seen"),
        ("entity.revised", "captain"),
        ("evidence.corrected", "mayor-seen.post"),
        ("source.revised", "courier"),
        ("evidence.corrected", "mayor-seen.post"),
        ("claim.revised", "mayor-seen"),
    ]
    assert comparable(jsonable.difference(found)) == comparable(jsonable.difference(whole))


@pytest.mark.parametrize("key", ["mayor-killed", "mayor-seen"])
def test_a_day_to_come_is_refused_be_the_claim_there_or_not(lives: Tracker, key: str) -> None:
    with pytest.raises(FutureDate):
        lives.diff(key, 1, 2, clock="recorded", as_of="2999")
