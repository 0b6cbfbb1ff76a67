"""One claim, source, entity or question of the past, told without replaying the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.test_two_clocks import comparable, differing
from tests.support.copying import tell
from tests.support.pasts import no_whole_replay, very_many_cases, whole_replays
from tracker.report import jsonable

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tracker.app import Tracker
    from tracker.report.models import Explanation


@pytest.mark.on_both
def test_one_claim_of_the_past_is_read_without_the_rest(lives: Tracker) -> None:
    last = next(entry.seq for entry in lives.entries() if entry.act == "claim.revised") - 1
    with no_whole_replay():
        then = lives.status("mayor-killed", recorded_by=last)
        shown = lives.show("mayor-killed", recorded_by=last)
        told = lives.history("mayor-killed", recorded_by=last)
        pieces = lives.pieces(told[0].because, recorded_by=last)
        listed = lives.statuses(recorded_by=last)
    with lives.view(recorded_by=last) as view:
        whole = lives.standings(view, None)

    assert then.subject == "The mayor"
    assert [piece.source for piece in pieces.values()] == ["gazette"]
    assert [bond.rule for bond in shown.bonds] == ["life-after-death"]
    assert [each.key for each in listed] == ["baker-killed", "mayor-killed", "mayor-seen"]
    assert [comparable(jsonable.standing(each)) for each in listed] == [
        comparable(jsonable.standing(each)) for each in whole
    ]
    assert lives.status("mayor-killed").likelihood > then.likelihood


@pytest.mark.on_both
def test_a_source_an_entity_and_a_question_of_the_past_are_told_without_the_rest(lives: Tracker) -> None:
    lives.add_question("Who killed the mayor?", key="who")
    lives.add_claim("The rebels did", key="rebels-did", kind="event", question="who")
    lives.log("rebels-did", source="post", stance="supports", published="2013")
    lives.assess("mayor-killed", "confirmed", reason="a grave was found")
    then = lives.entries()[-1].seq
    lives.grade_source("gazette", "B", reason="a year without an error")
    lives.log("rebels-did", source="gazette", stance="denies", published="2014")
    lives.merge_entity("baker", into="mayor", reason="one man")

    with no_whole_replay():
        source = lives.source("The Gazette", recorded_by=then)
        entity = lives.entity("baker", recorded_by=then)
        question = lives.question("who", recorded_by=then)

    assert (source.source.reliability, source.grades) == (None, ())
    assert [piece.claim for piece in source.evidence] == ["baker-killed", "mayor-killed"]
    assert [case.claim for case in source.outcomes] == ["mayor-killed"]
    assert (entity.entity.name, [each.key for each in entity.claims]) == ("The baker", ["mayor-seen"])
    [answer] = question.answers
    assert [each.key for each in answer.claims] == ["rebels-did"]
    assert answer.likelihood > lives.question("who").answers[0].likelihood


def told_alike(tracker: Tracker, claim: str, then: int | str) -> Explanation:
    """Why a claim stood so, which the part says as the whole does, also where sources had very many cases."""
    with no_whole_replay():
        in_part = tracker.why(claim, recorded_by=then)
        with very_many_cases():
            by_what_is_kept = tracker.why(claim, recorded_by=then)
    with whole_replays():
        in_whole = comparable(jsonable.explanation(tracker.why(claim, recorded_by=then)))
    for told in (in_part, by_what_is_kept):
        assert not list(differing(in_whole, comparable(jsonable.explanation(told))))
    return in_part


@pytest.mark.on_both
def test_a_claim_is_told_with_what_it_was_tied_to_before_it_was_revised(tracker: Tracker) -> None:
    """By today's facts nothing leads from the one to the other, nor does a source that spoke on both."""
    for name in ("mayor", "baker"):
        tracker.add_entity(f"The {name}", key=name, type="person")
    tracker.add_claim("He was killed", key="killed", kind="death", subject="mayor", when="2012")
    tracker.add_claim("He was seen", key="seen", kind="sign-of-life", subject="mayor", when="2014")
    for source, claim in (("gazette", "killed"), ("post", "seen")):
        tracker.add_source(source.title(), key=source, type="outlet")
        tracker.log(claim, source=source, stance="supports", published="2015")
    then = tracker.entries()[-1].seq
    tracker.revise_claim("seen", subject="baker", reason="another man")

    seen = told_alike(tracker, "seen", then)

    assert {each.rule for each in seen.resolution.effects} == {"life-after-death"}


def test_a_case_on_a_claim_that_was_recorded_later_is_none_of_then(tracker: Tracker) -> None:
    """Though it was settled on the very day of the moment."""
    tracker.add_source("The Gazette", key="gazette", type="outlet")
    for key in ("now", "later"):
        tracker.add_claim(f"It rained {key}", key=key, kind="event")
        tracker.log(key, source="gazette", stance="supports", published="2019")
    then = next(entry.seq for entry in tracker.entries() if entry.subject == "later") - 1
    tracker.assess("later", "refuted", likelihood=0.05, reason="the sun shone")

    told = told_alike(tracker, "now", then)

    assert told.resolution.likelihood > tracker.status("now").likelihood


def test_a_case_that_rested_on_what_a_claim_was_tied_to_is_one_of_then(lives: Tracker) -> None:
    """He cannot have died who was seen later, until it was found that another man was seen."""
    lives.add_claim("He lives", key="lives", kind="sign-of-life", subject="mayor", when="2016")
    lives.log("lives", source="post", stance="supports", published="2016", basis="witnessed")
    lives.log("mayor-killed", source="post", stance="denies", published="2014")
    lives.assess("lives", "confirmed", likelihood=0.99, reason="we met him")
    then = lives.entries()[-1].seq
    lives.revise_claim("lives", subject="baker", reason="it was his brother")

    with no_whole_replay():
        known = lives.source("gazette", recorded_by=then)

    assert [(case.claim, case.right) for case in known.outcomes] == [("mayor-killed", False)]
    assert lives.source("gazette").outcomes == ()


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["weight-of-evidence@2", "weight-of-evidence@1"])
def test_why_a_claim_stood_so_is_told_without_the_rest(
    new_tracker: Callable[..., Tracker], clock: Clock, policy: str
) -> None:
    desk = new_tracker(policy=policy)
    tell(desk, copying=True)
    then = f"entry:{desk.entries()[-1].seq}"
    clock.tick(days=1)
    desk.add_source("The Gazette", key="gazette", type="outlet")
    for number in range(10, 20):
        desk.correct_evidence(f"road-{number}.echo-east", source="gazette", reason="misread")
    desk.log("road-03", source="gazette", stance="denies", published="2024-05-04")

    in_part = told_alike(desk, "road-03", then)

    assert in_part.suspicions
    assert desk.why("road-03").resolution.evidence == in_part.resolution.evidence + 1
