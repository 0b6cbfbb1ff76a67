"""Claims on which something bears that was recorded since a moment, act by act."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import TODAY
from tracker.app import touchedsince
from tracker.app.bygone import _Spoken
from tracker.app.partial import part_of
from tracker.app.touchedsince import touched_since
from tracker.store import pending
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker

    Deed = Callable[[Tracker], object]


@pytest.fixture
def desk(tracker: Tracker) -> Tracker:
    """A death, an answer to a question, and a report of a case read in a document; each by another source,
    and none tied to another."""
    for name in ("gazette", "post", "courier"):
        tracker.add_source(f"The {name}", key=name, type="outlet")
    tracker.add_entity("The mayor", key="mayor", type="person")
    tracker.add_entity("The late mayor", key="late-mayor", type="person")
    tracker.add_question("Who killed the mayor?", key="who")
    tracker.open_case("north")
    tracker.add_document("A report", key="report")
    tracker.add_claim("The mayor died", key="died", kind="death", subject="mayor")
    tracker.add_claim("The rebels did", key="rebels-did", kind="event", question="who")
    tracker.add_claim("A bridge fell", key="bridge", kind="event", case="north")
    for source, claim in (("gazette", "died"), ("post", "rebels-did")):
        tracker.log(claim, source=source, stance="supports", published="2019")
    tracker.log("bridge", source="courier", stance="supports", published="2019", document="report")
    tracker.assess("bridge", "confirmed", reason="seen from the air")
    return tracker


BEARS: dict[str, tuple[set[str], Deed]] = {
    "evidence": ({"died"}, lambda t: t.log("died", source="post", stance="denies", published="2020")),
    "a correction": ({"died"}, lambda t: t.correct_evidence("died.gazette", note="page 3", reason="fuller")),
    "a retraction": (
        {"died"},
        lambda t: t.withdraw("died.gazette", by_source="2020", reason="it took that back"),
    ),
    "a grade": ({"rebels-did"}, lambda t: t.grade_source("post", "B", reason="a year without an error")),
    "a source's owner": ({"died"}, lambda t: t.revise_source("gazette", owner="Echo", reason="its imprint")),
    "a name": ({"died"}, lambda t: t.revise_entity("mayor", name="The old mayor", reason="as he is called")),
    "a merge": ({"died"}, lambda t: t.merge_entity("late-mayor", into="mayor", reason="one man")),
    "a question": ({"rebels-did"}, lambda t: t.revise_question("who", text="By whom?", reason="shorter")),
    "a document": ({"bridge"}, lambda t: t.revise_document("report", title="The report", reason="its title")),
    "a case": ({"bridge"}, lambda t: t.revise_case("north", off=["two-dates"], reason="many dates")),
    "a revision": ({"died"}, lambda t: t.revise_claim("died", when="2019", reason="as was said")),
    "a verdict": ({"died"}, lambda t: t.assess("died", "refuted", reason="he was seen")),
    "a verdict undone": (
        {"bridge"},
        lambda t: t.withdraw_record(t.show("bridge").assessments[0].key, reason="by mistake"),
    ),
    "a link": (
        {"died", "bridge"},
        lambda t: t.link("died", "supports", "bridge", reason="so it seems"),
    ),
    "a claim taken back": ({"rebels-did"}, lambda t: t.withdraw_record("rebels-did.post", reason="misread")),
    "a claim that is new": ({"new"}, lambda t: t.add_claim("Something else", key="new")),
    "new names": (
        set(),
        lambda t: (t.add_source("Radio", type="outlet"), t.add_entity("Baker", type="person")),
    ),
    "a publication": (set(), lambda t: t.publish("died", where="print, page 3")),
}


@pytest.mark.parametrize("what", BEARS)
def test_an_act_bears_on_the_claims_that_rest_on_it(desk: Tracker, what: str) -> None:
    last = desk.entries()[-1].seq
    claims, deed = BEARS[what]
    deed(desk)
    with desk.reading() as reader:
        assert touched_since(reader.connection, last) == claims


def test_a_link_that_is_withdrawn_bears_on_both_its_claims(desk: Tracker) -> None:
    desk.link("bridge", "supports", "rebels-did", reason="so it seems")
    last = desk.entries()[-1].seq
    desk.withdraw_record("bridge:supports:rebels-did", reason="it does not")
    with desk.reading() as reader:
        assert touched_since(reader.connection, last) == {"bridge", "rebels-did"}


def test_those_that_are_tied_to_them_by_now_count_too(desk: Tracker) -> None:
    last = desk.entries()[-1].seq
    desk.add_claim("The mayor was seen", key="seen", kind="sign-of-life", subject="mayor", when="2020")
    with desk.reading() as reader:
        assert touched_since(reader.connection, last) == {"seen", "died"}


@pytest.mark.parametrize("limit", ["MOST_SINCE", "MOST_TOUCHED"])
def test_of_very_many_it_is_not_told(desk: Tracker, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    last = desk.entries()[-1].seq
    for claim in ("died", "bridge"):
        desk.log(claim, source="post", stance="supports", published="2020")
    with desk.reading() as reader:
        assert touched_since(reader.connection, last) == {"died", "bridge"}
        monkeypatch.setattr(touchedsince, limit, 1)
        assert touched_since(reader.connection, last) is None


def test_it_is_not_told_while_claims_are_still_to_be_resolved(desk: Tracker) -> None:
    """What is kept of those is older than it says."""
    last = desk.entries()[-1].seq
    with desk.database.writing() as connection:
        pending.note(connection, ["died"], {}, last)
        assert touched_since(connection, last) is None


def test_another_policy_may_bear_on_all(new_tracker: Callable[..., Tracker]) -> None:
    first = new_tracker(policy="weight-of-evidence@1")
    first.add_claim("Something", key="something")
    last = first.entries()[-1].seq
    second = new_tracker(policy="majority")
    second.add_source("Radio", type="outlet")
    with second.reading() as reader:
        assert touched_since(reader.connection, last) is None


def test_who_spoke_on_what_at_a_moment_is_told_by_what_is_kept_and_what_was_touched(desk: Tracker) -> None:
    last = desk.entries()[-1].seq
    desk.correct_evidence("died.gazette", source="post", reason="misread")
    desk.log("bridge", source="gazette", stance="denies", published="2020")
    with desk.reading() as reader, part_of(reader.connection, last) as part:
        assert part.bring_cases(TODAY.date())
        spoken = _Spoken(part, part.touched or set())
        assert spoken.claims_of_sources(["gazette", "post"]) == {"gazette": {"died"}, "post": {"rebels-did"}}
        assert set(spoken.claims(["rebels-did"])) == {"rebels-did"}
        assert set(Reader(part.tables).evidence_on(["rebels-did"])) == {"rebels-did.post"}
