"""Lists of the past: what there was at a moment, told without replaying the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import NotFound
from tests.app.test_paging import pages
from tests.app.test_two_clocks import comparable, differing
from tests.support.pasts import no_whole_replay, whole_replays
from tracker.app import paging, pastlists, replay
from tracker.report import jsonable
from tracker.report.publications import review

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tracker.app import Tracker


@pytest.mark.on_both
def test_records_of_the_past_are_listed_without_the_rest(lives: Tracker, clock: Clock) -> None:
    lives.open_case("north", title="The north")
    lives.add_question("Who killed the mayor?", key="who")
    lives.add_source("A rumour", key="rumour", type="outlet")
    lives.withdraw_record("rumour", reason="by mistake")
    then = lives.entries()[-1].seq
    clock.tick(days=1)
    lives.restore("rumour", reason="it was none")
    lives.revise_entity("baker", name="The late baker", reason="as he is called")
    lives.merge_entity("mayor", into="baker", reason="one man")
    lives.revise_case("north", title="The far north", reason="more exactly")
    lives.withdraw_record("who", reason="it was never asked")
    lives.add_source("The Courier", key="courier", type="outlet")

    with no_whole_replay():
        assert [each.key for each in lives.sources(recorded_by=then)] == ["gazette", "post"]
        assert [each.name for each in lives.entities(recorded_by=then)] == ["The baker", "The late mayor"]
        assert [each.merged_into for each in lives.entities(recorded_by=then)] == [None, None]
        assert [each.title for each in lives.cases(recorded_by=then)] == ["The north"]
        assert [each.key for each in lives.questions(recorded_by=then)] == ["who"]
        assert [each.cases for each in lives.policies(recorded_by=then) if each.in_force] == [0]
        assert [each.key for each in lives.claims(recorded_by=then, subject="mayor")] == ["mayor-killed"]
        assert [each.key for each in lives.claims(recorded_by=then, limit=1)] == ["mayor-killed"]
        assert lives.rules(recorded_by=then) == lives.rules()
    assert [each.key for each in lives.sources()] == ["courier", "gazette", "post", "rumour"]


@pytest.mark.on_both
def test_links_of_the_past_are_listed_a_page_at_a_time_without_the_rest(lives: Tracker) -> None:
    revised = next(entry.seq for entry in lives.entries() if entry.act == "claim.revised")
    lives.link("mayor-killed", "supports", "mayor-seen", reason="so it seems")
    made = lives.entries()[-1].seq
    lives.withdraw_record("mayor-killed:supports:mayor-seen", reason="it does not")
    rule, person = "mayor-killed:life-after-death:mayor-seen", "mayor-killed:supports:mayor-seen"

    def listed(then: int, **asked: Any) -> list[str]:
        with no_whole_replay():
            return [each.key for each in pages(lives.links, 1, recorded_by=then, **asked)]

    assert listed(revised - 1) == [rule]
    assert listed(revised) == ["baker-killed:life-after-death:mayor-seen"]
    assert listed(made) == [person]
    assert listed(made + 1) == listed(made, rule="life-after-death") == []
    assert listed(made + 1, state="withdrawn") == [person]


@pytest.mark.on_both
def test_what_had_been_published_is_listed_without_the_rest(lives: Tracker) -> None:
    first = lives.publish("mayor-killed", where="https://news.example/1")
    second = lives.publish("mayor-seen", where="print, page 3")
    lives.undo(second.seq, reason="it was not printed")

    def listed(then: int, **asked: Any) -> list[str]:
        with no_whole_replay():
            return [each.claim for each in lives.publications(recorded_by=then, **asked)]

    assert listed(first.seq - 1) == []
    assert listed(first.seq) == ["mayor-killed"]
    assert listed(second.seq) == ["mayor-killed", "mayor-seen"]
    assert listed(second.seq + 1) == ["mayor-killed"]
    assert listed(second.seq + 1, withdrawn=True) == ["mayor-killed", "mayor-seen"]


@pytest.mark.on_both
def test_what_was_to_be_reviewed_is_told_without_the_rest(
    lives: Tracker, new_tracker: Callable[..., Tracker]
) -> None:
    lives.open_case("north", needs_approval=True)
    lives.revise_claim("mayor-killed", case="north", reason="there")
    lives.assess("mayor-killed", "confirmed", reason="a grave was found")
    lives.publish("mayor-killed", where="https://news.example/1")
    lives.log("mayor-killed", source="post", stance="denies", published="2014")
    lives.log("mayor-killed", source="post", stance="denies", basis="witnessed", published="2015")
    then = lives.entries()[-1].seq
    told = review(lives.review())
    assert (len(told["waiting"]), len(told["corrections"])) == (1, 1)
    lives.undo(reason="misread")
    second = new_tracker("newsroom", author="another")
    second.approve("mayor-killed.assessed")

    with no_whole_replay():
        in_part = review(lives.review(recorded_by=then))
    assert list(differing(comparable(told), comparable(in_part))) == []
    assert review(lives.review())["waiting"] == []


@pytest.mark.on_both
def test_a_list_by_both_clocks_and_differences_are_told_without_the_rest(lives: Tracker) -> None:
    last = next(entry.seq for entry in lives.entries() if entry.act == "claim.revised") - 1
    with no_whole_replay():
        then = lives.statuses(recorded_by=last, as_of="2013-06-01")
        by_lines = lives.statuses(recorded_by=last, policy="majority", limit=2)
        unverified = lives.statuses(recorded_by=last, as_of="2014-12-31", status=["unverified"])
        came_out = lives.differences("2013-06-01", "2014-12-31", recorded_by=last)
        recorded = lives.differences(last, "now", clock="recorded")
        page = lives.differences(last, "now", clock="recorded", after="mayor-killed", limit=1)
    assert [(each.key, each.evidence) for each in then] == [
        ("baker-killed", 0),
        ("mayor-killed", 0),
        ("mayor-seen", 0),
    ]
    assert {each.policy for each in by_lines} == {"majority@1"}
    assert [each.key for each in unverified] == ["baker-killed"]
    assert [each.key for each in came_out] == ["baker-killed", "mayor-killed", "mayor-seen"]
    assert [each.key for each in recorded] == ["baker-killed", "mayor-killed", "mayor-seen"]
    assert [each.key for each in page] == ["mayor-seen"]


def test_what_there_was_at_the_last_entry_is_what_there_is(lives: Tracker) -> None:
    last = lives.entries()[-1].seq
    with no_whole_replay():
        assert lives.sources(recorded_by="now") == lives.sources()
        assert lives.source("gazette", recorded_by=last) == lives.source("gazette")
        assert lives.search("mayor", recorded_by="now") == lives.search("mayor")
        assert lives.links(recorded_by="now") == lives.links()
    with pytest.raises(AssertionError, match="was replayed"), no_whole_replay(), lives.record(last - 1):
        pass


def test_what_had_aged_by_a_moment_is_resolved_as_of_that_moment(lives: Tracker, clock: Clock) -> None:
    lives.add_claim("He leads", key="leads", kind="leadership", subject="mayor", value="baker")
    lives.log("leads", source="gazette", stance="supports", published="2026-11-01")
    before = lives.status("leads")
    clock.tick(days=800)
    day = clock.now.date().isoformat()

    aged = lives.status("leads")
    with no_whole_replay():
        [then] = [each for each in lives.statuses(recorded_by=day) if each.key == "leads"]
        one = lives.status("leads", recorded_by=day)

    assert (before.stale, aged.stale) == (False, True)
    assert comparable(jsonable.standing(then)) == comparable(jsonable.standing(aged))
    assert comparable(jsonable.standing(one)) == comparable(jsonable.standing(aged))


def test_a_claim_that_had_been_taken_back_is_not_among_those_of_then(lives: Tracker, clock: Clock) -> None:
    gone = lives.entries()[-1].seq
    clock.tick(days=1)
    lives.restore("baker-killed", reason="it was no mistake")

    def there(entry: int) -> bool:
        return "baker-killed" in {each.key for each in lives.statuses(recorded_by=f"entry:{entry}")}

    assert (there(gone - 1), there(gone), there(gone + 1)) == (True, False, True)
    with pytest.raises(NotFound, match="taken back"):
        lives.status("baker-killed", recorded_by=f"entry:{gone}")


@pytest.mark.slow
def test_a_list_of_the_past_by_what_claims_were_is_read_without_the_rest(
    lives: Tracker, clock: Clock
) -> None:
    lives.open_case("north")
    lives.add_entity("The captain", key="captain", type="person")
    lives.add_claim("The captain fell", key="fell", kind="death", subject="captain", case="north")
    lives.log("fell", source="gazette", stance="supports", published="2015")
    then = f"entry:{lives.entries()[-1].seq}"
    clock.tick(days=1)
    lives.revise_claim("fell", kind="event", case=None, subject="baker", reason="he was only hurt")
    lives.correct_evidence("fell.gazette", source="post", reason="misread")
    lives.correct_evidence("mayor-killed.gazette", source="post", reason="misread")
    lives.revise_source("gazette", name="The Courier", reason="its imprint")
    lives.revise_entity("captain", name="The major", reason="promoted")
    lives.merge_entity("captain", into="mayor", reason="one man")
    lives.log("mayor-killed", source="gazette", stance="denies", published="2016")

    def listed(**asked: Any) -> list[str]:
        with no_whole_replay():
            found = lives.statuses(recorded_by=then, **asked)
        return [each.key for each in found]

    assert listed(kind="death") == ["fell", "mayor-killed"]
    paged = pages(lives.statuses, 1, recorded_by=then, kind="death")
    assert [each.key for each in paged] == ["fell", "mayor-killed"]
    assert listed(kind="event") == []
    assert listed(case="north") == ["fell"]
    for name in ("gazette", "The Gazette"):
        assert listed(source=name) == ["fell", "mayor-killed"]
    assert listed(source="The Post") == ["mayor-seen"]
    assert listed(subject="The captain") == listed(subject="captain") == ["fell"]
    assert listed(subject="mayor") == listed(subject="The late mayor") == ["mayor-killed"]
    assert listed(status=["unverified", "corroborated"], kind="death") == ["fell", "mayor-killed"]
    assert listed(status=["retracted"]) == []
    with pytest.raises(NotFound, match="no source is called 'The Courier'"):
        lives.statuses(recorded_by=then, source="The Courier")
    with pytest.raises(NotFound, match="no case has the key 'nosuch'"):
        lives.statuses(recorded_by=then, case="nosuch")


@pytest.mark.slow
def test_a_page_of_the_past_replays_the_whole_journal_once_at_most(
    lives: Tracker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        key = f"leads-{number}"
        lives.add_entity(f"Group {number}", key=f"group-{number}", type="group")
        lives.add_claim("He leads", key=key, kind="leadership", subject="mayor", value=f"group-{number}")
        lives.log(key, source="gazette", stance="supports", published="2026-11-01")
    clock.tick(days=800)
    day = clock.now.date().isoformat()
    clock.tick(days=1)
    lives.add_source("The Courier", key="courier", type="outlet")
    whole, replays = replay.replayed, []
    monkeypatch.setattr(replay, "replayed", lambda *given: replays.append(given) or whole(*given))
    monkeypatch.setattr(paging, "PORTION", 1)
    monkeypatch.setattr(pastlists, "PORTION", 1)

    with whole_replays():
        listed = lives.statuses(recorded_by=day, status=["retracted"], limit=1)

    assert listed == []  # so that all three, which may be so by now, were resolved one after the other
    assert len(replays) == 1
