"""Two desks that change the same record: one change follows on the other, or both are listed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import ClaimsError, Conflict

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tracker.app import Tracker
    from tracker.app.exchanging import Received


def take(desk: Tracker, other: Tracker) -> Received:
    return desk.import_journal("".join(other.export_journal(origin=other.author)).encode())


def furnish(north: Tracker) -> None:
    north.add_source("The Gazette")
    for name in ("One", "Two"):
        north.add_entity(name, type="person")
    north.add_claim("It burned", key="burned")
    north.log("burned", source="gazette", stance="supports", published="2020-01-01")


@pytest.fixture
def desks(begun: Callable[..., Tracker], new_tracker: Callable[..., Tracker]) -> tuple[Tracker, Tracker]:
    """Two desks that have the same source, people and claim."""
    north = begun("burned", lambda told, _clock: furnish(told), name="north", author="nora")
    south = new_tracker("south", author="sid")
    take(south, north)
    return north, south


CHANGES: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "a grade": (
        ("grade_source", {"source": "gazette", "grade": "B"}),
        ("grade_source", {"source": "gazette", "grade": None}),
    ),
    "a claim withdrawn": (("withdraw_record", {"key": "burned"}), ("restore", {"key": "burned"})),
    "evidence withdrawn": (
        ("withdraw", {"evidence": "burned.gazette", "mistake": True}),
        ("restore", {"key": "burned.gazette"}),
    ),
    "evidence corrected": (
        ("correct_evidence", {"evidence": "burned.gazette", "stance": "denies"}),
        ("correct_evidence", {"evidence": "burned.gazette", "stance": "supports"}),
    ),
    "a merge": (
        ("merge_entity", {"entity": "one", "into": "two"}),
        ("unmerge_entity", {"entity": "one"}),
    ),
    "a field": (
        ("revise_claim", {"claim": "burned", "when": "2012"}),
        ("revise_claim", {"claim": "burned", "when": None}),
    ),
}


def do(desk: Tracker, change: tuple[str, dict[str, Any]]) -> None:
    act, fields = change
    getattr(desk, act)(**fields, reason="on a closer look")


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES.keys())
def test_what_was_changed_back_here_is_not_changed_again_by_an_old_entry(desks, changes):
    north, south = desks
    do(north, changes[0])
    do(south, changes[0])
    assert take(south, north).conflicts == []  # both did the same
    do(south, changes[1])
    found = take(south, north)
    assert found.recorded == 0
    assert "changed here as well" in found.conflicts[0].message
    assert take(north, south).recorded == 1  # the south did it again, knowing what the north had done
    assert take(south, north).conflicts == []


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES.keys())
def test_changes_that_follow_on_each_other_are_no_conflict(desks, changes):
    north, south = desks
    for desk, other in ((north, south), (south, north), (north, south)):
        do(desk, changes[0])
        assert take(other, desk).conflicts == []
        do(other, changes[1])
        assert take(desk, other).conflicts == []


@pytest.fixture
def approvers(desks: tuple[Tracker, Tracker], new_tracker: Callable[..., Tracker]) -> tuple[Tracker, Tracker]:
    """A second person at each of two desks, which have a verdict that waits for one."""
    north, south = desks
    north.open_case("town", needs_approval=True)
    north.revise_claim("burned", case="town", reason="it is in town")
    north.assess("burned", "confirmed", reason="saw the ashes")
    take(south, north)
    return new_tracker("north", author="ben"), new_tracker("south", author="carol")


def test_an_approval_that_was_taken_back_here_is_not_given_again_by_an_old_entry(approvers):
    north, south = approvers
    north.approve("burned")
    south.approve("burned")
    assert take(south, north).conflicts == []  # both did the same
    south.undo(reason="too early")
    found = take(south, north)
    assert found.recorded == 0
    assert "what a second person made of it was changed here as well" in found.conflicts[0].message
    assert south.status("burned").assessment is None


def test_approvals_and_their_ends_that_follow_on_each_other_are_no_conflict(approvers):
    north, south = approvers
    north.approve("burned")
    assert take(south, north).conflicts == []
    south.undo(south.entries()[-1].seq, reason="too early")
    assert take(north, south).conflicts == []
    assert north.status("burned").assessment is None


def test_evidence_that_both_desks_corrected_is_left_to_people(desks):
    north, south = desks
    north.correct_evidence("burned.gazette", stance="denies", reason="misread")
    south.correct_evidence("burned.gazette", stance="mentions", reason="it only says that people say so")
    found = take(south, north)
    assert found.recorded == 0
    assert "stance was changed here as well" in found.conflicts[0].message


def test_a_copy_that_was_put_back_here_does_not_give_way_to_an_old_entry(desks, tmp_path):
    north, south = desks
    first, second = tmp_path / "first", tmp_path / "second"
    for page in (first, second):
        page.write_text(page.name, "utf-8")
    north.add_document("The front page", key="page", file=first)
    take(south, north)
    for desk in desks:
        desk.keep_file("page", second)
    assert take(south, north).conflicts == []  # both kept the same
    south.keep_file("page", first)
    found = take(south, north)
    assert found.recorded == 0
    assert "sha256 was changed here as well" in found.conflicts[0].message


def test_a_link_that_was_reopened_here_is_not_resolved_again_by_an_old_entry(desks):
    north, south = desks
    north.add_claim("It never burned", key="whole")
    north.link("burned", "contradicts", "whole", reason="they say so")
    take(south, north)
    for desk in desks:
        desk.resolve_link("burned:contradicts:whole", reason="of two houses")
    assert take(south, north).conflicts == []  # both did the same
    south.reopen_link("burned:contradicts:whole", reason="of one house")
    found = take(south, north)
    assert found.recorded == 0
    assert "whether it holds was changed here as well" in found.conflicts[0].message


def test_a_mistake_and_what_a_source_took_back_are_two_ends_of_evidence(desks):
    north, south = desks
    north.withdraw("burned.gazette", mistake=True, reason="it is of another fire")
    south.withdraw("burned.gazette", by_source="2020-02-01", reason="it printed a correction")
    found = take(south, north)
    assert found.recorded == 0
    assert found.conflicts[0].message == "it was withdrawn here otherwise (by-source)"


def test_the_same_end_of_evidence_at_both_desks_is_no_conflict(desks):
    north, south = desks
    for desk in desks:
        desk.withdraw("burned.gazette", by_source="2020-02-01", reason="it printed a correction")
    assert take(south, north).conflicts == []


def test_a_grade_that_was_settled_later_is_no_conflict_any_more(desks):
    north, south = desks
    north.grade_source("gazette", "B", reason="one correction")
    south.grade_source("gazette", "B", reason="as the north says")
    north.grade_source("gazette", "C", reason="another")
    assert take(south, north).conflicts == []
    south.grade_source("gazette", "D", reason="a third")
    assert take(north, south).conflicts == []
    assert north.source("gazette").source.reliability == "D"


def test_desks_that_came_to_the_same_grade_by_different_ways_are_agreed(desks):
    north, south = desks
    north.grade_source("gazette", "B", reason="one correction")
    north.grade_source("gazette", "C", reason="another")
    south.grade_source("gazette", "C", reason="it prints anything")
    found = take(south, north)
    assert found.conflicts == []
    assert south.source("gazette").source.reliability == "C"


def test_what_was_logged_again_after_a_mistake_arrives(desks):
    north, south = desks
    north.log("burned", source="gazette", stance="denies", published="2020-02-01")
    north.undo(reason="the wrong claim")
    north.log("burned", source="gazette", stance="denies", published="2020-02-01")
    take(south, north)
    assert [each.withdrawn is None for each in south.show("burned").evidence] == [True, False, True]


def test_evidence_without_a_date_that_was_logged_on_two_days_is_two_pieces(desks, clock):
    north, south = desks
    north.log("burned", source="gazette", stance="denies")
    clock.tick(days=1)
    south.log("burned", source="gazette", stance="denies")
    take(south, north)
    take(north, south)
    days = [sorted(each.recorded_on for each in desk.show("burned").evidence) for desk in desks]
    assert days[0] == days[1]


def test_no_undo_merges_in_a_circle(tracker: Tracker) -> None:
    for name in ("One", "Two"):
        tracker.add_entity(name, type="person")
    tracker.merge_entity("one", "two", reason="the same man")
    tracker.unmerge_entity("one", reason="no")
    unmerged = tracker.entries()[-1].seq
    tracker.merge_entity("two", "one", reason="the other way round")
    with pytest.raises(Conflict, match="two has since been merged into one"):
        tracker.undo(unmerged, reason="yes")


class Two:
    """Two desks at which anybody does anything."""

    def __init__(self, seed: int, desks: tuple[Tracker, Tracker], clock: Clock, *, apart: bool) -> None:
        self.chance = random.Random(seed)
        self.desks = desks
        self.clock = clock
        for desk in desks[: 2 if apart else 1]:
            for number in (0, 1):
                desk.add_entity(f"Person {number}", type="person")
                desk.add_source(f"Source {number}")
                kind = ("event", "death")[number]
                desk.add_claim(f"Claim {number}", key=f"c{number}", kind=kind, subject="person-0")
        take(desks[1], desks[0])

    def act(self) -> None:
        self.clock.tick(hours=self.chance.randrange(1, 30))
        one, other = self.chance.sample(self.desks, 2)
        name, words, fields = self.chance.choice(self.acts(one))
        try:
            if name == "take":
                take(one, other)
            else:
                getattr(one, name)(*words, **fields)
        except ClaimsError as error:
            assert error.message

    def acts(self, desk: Tracker) -> list[tuple[str, tuple[Any, ...], dict[str, Any]]]:
        pick = self.chance.choice
        number = self.chance.randrange(2)
        claim, source, person = f"c{number}", pick(["source-0", "source-1"]), f"person-{number}"
        stances, whole, why = ["supports", "denies"], [claim, source, person], {"reason": "so it is"}
        link = pick([*sorted(desk.links(), key=lambda each: each.key), None])
        last = len(desk.entries())
        return [
            ("take", (), {}),
            ("log", (claim,), {"source": source, "stance": pick(stances), "published": pick([None, "2020"])}),
            ("grade_source", (source, pick(["A", "B", None])), why),
            ("revise_claim", (claim,), {"when": pick(["2012", "2013", None]), **why}),
            ("revise_claim", (claim,), {"subject": person, **why}),
            ("withdraw_record", (pick(whole),), why),
            ("restore", (pick(whole),), why),
            ("merge_entity", (person, f"person-{1 - number}"), why),
            ("unmerge_entity", (person,), why),
            ("assess", (claim, pick(["confirmed", "refuted"])), why),
            ("link", ("c0", "contradicts", "c1"), why),
            (pick(["resolve_link", "reopen_link"]), (link.key if link else "c0:contradicts:c1",), why),
            ("undo", (), why),
            ("undo", (self.chance.randrange(1, last + 1),), why),
            ("withdraw", (f"{claim}.{source}",), {"mistake": True, **why}),
            ("correct_evidence", (f"{claim}.{source}",), {"stance": pick(stances), **why}),
        ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24))
def test_desks_that_exchange_until_nothing_is_new_agree_or_list_why_not(new_tracker, clock, seed):
    desks = (new_tracker("north", author="nora"), new_tracker("south", author="sid"))
    two = Two(seed, desks, clock, apart=seed % 2 == 1)
    for _ in range(24):
        two.act()
    for _ in range(5):
        found = [take(*pair) for pair in (desks, desks[::-1])]
        if not any(each.recorded for each in found):
            break
    else:
        pytest.fail("there was always something new")
    standing = [{each.key: (each.status, round(each.likelihood, 9)) for each in d.statuses()} for d in desks]
    assert standing[0] == standing[1] or any(each.conflicts for each in found)
    assert [desk.audit().problems for desk in desks] == [(), ()]


def test_who_was_renamed_here_since_is_still_known(new_tracker: Callable[..., Tracker]) -> None:
    north, south = new_tracker("north", author="nora"), new_tracker("south", author="sid")
    north.add_source("The Gazette")
    north.add_entity("John Doe", type="person")
    south.add_source("The Gazette", key="tg")
    south.add_entity("John Doe", type="person", key="jd")
    assert take(north, south).known == 2
    north.revise_source("gazette", name="Gazette Ltd", reason="its imprint")
    north.revise_entity("john-doe", name="Johnny Doe", reason="as he is called")
    assert take(north, south).recorded == 0
