"""What was said when an entry was the last is what the record says up to that entry, whatever came later."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from claims.errors import BadValue, FutureDate, NotFound
from tests.support.anything import Newsroom, play
from tracker.app import open_tracker, policies
from tracker.report import jsonable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Clock
    from tracker.app import Tracker

DIFFERS = ("recorded_by",)
"""What the two answers cannot have in common."""


def said(tracker: Tracker, **clocks: Any) -> dict[str, Any]:
    """All that a tracker says: the statuses of all claims, and all of the first and the last."""
    statuses = [jsonable.standing(each) for each in tracker.statuses(**clocks)]
    keys = [each["key"] for each in statuses]
    return {
        "status": statuses,
        "show": [jsonable.show(tracker.show(key, **clocks)) for key in keys[:1] + keys[1:][-1:]],
        "why": [jsonable.explanation(tracker.why(key, **clocks)) for key in keys[:1] + keys[1:][-1:]],
    }


def comparable(value: Any) -> Any:
    """An answer without what says up to when the record was read; numbers to nine digits."""
    if isinstance(value, dict):
        return {name: comparable(each) for name, each in value.items() if name not in DIFFERS}
    if isinstance(value, list):
        return [comparable(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value


def differing(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """Where two answers differ, and in what."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for name, value in one.items():
            yield from differing(
                value, other[name], f"{where}/{value.get('key', name) if isinstance(value, dict) else name}"
            )
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, value in enumerate(one):
            yield from differing(value, other[number], f"{where}/{number}")
    elif one != other:
        yield f"{where}: {one} was said, and is now {other}"


class Remembered(Newsroom):
    """After each act somebody writes down what the tracker says; at the end it must say all that again."""

    def __init__(self) -> None:
        super().__init__()
        self.written: dict[int, Any] = {}

    @rule(days=st.sampled_from([0, 0, 1, 40, 400]), microseconds=st.integers(0, 1))
    def time_passes(self, days: int, microseconds: int) -> None:
        self.clock.now += timedelta(days=days, microseconds=microseconds)

    def attempt(self, act: str, *args: object, **fields: object) -> None:
        super().attempt(act, *args, **fields)
        self.write_down()

    def several_at_once(self, at: int, stances: list[str]) -> None:
        super().several_at_once(at, stances)
        self.write_down()

    def write_down(self) -> None:
        if entries := self.tracker.outcome.entries:
            self.written.setdefault(entries[-1].seq, comparable(said(self.tracker)))

    def at_the_end(self) -> None:
        for entry, answer in self.written.items():
            again = comparable(said(self.tracker, recorded_by=f"entry:{entry}"))
            found = list(differing(answer, again))
            assert not found, f"entry {entry}: {found}"


def test_what_was_said_at_an_entry_is_said_again(empty_database: Path) -> None:
    play(Remembered, empty_database, journals=3, steps=10)


@pytest.mark.slow
def test_what_was_said_at_any_entry_of_long_journals_is_said_again(empty_database: Path) -> None:
    play(Remembered, empty_database, journals=30, steps=40)


@pytest.fixture
def newsroom(tracker: Tracker, clock: Clock) -> Tracker:
    """Four acts on three days; on the last the source is regraded and its evidence withdrawn."""
    tracker.add_source("The Gazette", key="gazette", type="outlet")
    tracker.add_entity("The mayor", key="mayor", type="person")
    tracker.add_claim("The mayor was killed", key="killed", kind="death", subject="mayor", when="May 2012")
    clock.tick(days=1)
    tracker.log("killed", source="gazette", stance="supports", published="June 2012")
    clock.tick(days=1)
    tracker.grade_source("gazette", "D", reason="retractions")
    tracker.add_claim("The mayor was seen", key="seen", kind="sign-of-life", subject="mayor", when="2013")
    tracker.log("seen", source="gazette", stance="supports", published="2014")
    return tracker


class TestMoments:
    def test_now_is_all_that_is_recorded(self, newsroom: Tracker) -> None:
        assert comparable(said(newsroom, recorded_by="now")) == comparable(said(newsroom))

    @pytest.mark.parametrize("words", ["entry:5", "5", "#5", 5, "2026-11-23T12:00:00Z", "2026-11-23"])
    def test_a_moment_is_named_by_its_entry_its_time_or_its_day(
        self, newsroom: Tracker, words: str | int
    ) -> None:
        found = newsroom.status("killed", recorded_by=words)

        assert (found.evidence, found.as_of) == (1, date(2026, 11, 23))
        assert len(newsroom.statuses(recorded_by=words)) == 1

    def test_a_number_of_four_digits_is_a_year(self, newsroom: Tracker) -> None:
        assert newsroom.statuses(recorded_by="2025") == []
        with pytest.raises(NotFound, match="no entry 2025"):
            newsroom.statuses(recorded_by="entry:2025")

    def test_a_time_takes_in_all_acts_of_that_time_and_an_entry_parts_them(self, newsroom: Tracker) -> None:
        at = newsroom.entries()[-1].recorded_at

        assert newsroom.status("killed", recorded_by=at).status == newsroom.status("killed").status
        assert [each.key for each in newsroom.statuses(recorded_by="entry:6")] == ["killed"]

    def test_any_entry_of_an_act_means_the_whole_act(self, tracker: Tracker) -> None:
        with tracker.act():
            tracker.add_source("The Gazette", key="gazette")
            tracker.add_claim("The mayor resigned", key="resigned")
            tracker.log("resigned", source="gazette", stance="supports")

        found = tracker.status("resigned", recorded_by="entry:2")

        assert (found.recorded_by, found.evidence) == ("entry:4", 1)

    @pytest.mark.parametrize("words", ["2030", "2030-01-01T00:00:00Z"])
    def test_moments_to_come_are_refused(self, newsroom: Tracker, words: str) -> None:
        with pytest.raises(FutureDate):
            newsroom.statuses(recorded_by=words)


class TestEveryQuestionTakesTheClock:
    def test_lists_are_as_they_were(self, newsroom: Tracker) -> None:
        assert [each.key for each in newsroom.claims(recorded_by=5)] == ["killed"]
        assert newsroom.sources(recorded_by=5)[0].reliability is None
        assert newsroom.entities(recorded_by=1) == []
        assert newsroom.search("seen", recorded_by=5) == []
        assert len(newsroom.entries(recorded_by=5)) == 5
        assert [each.key for each in newsroom.entity("mayor", recorded_by=5).claims] == ["killed"]

    def test_contradictions_that_rules_found_are_found_again(self, newsroom: Tracker) -> None:
        (link,) = newsroom.links()
        newsroom.resolve_link(link.key, reason="two mayors")

        assert [each.state for each in newsroom.links(recorded_by=8)] == ["open"]
        assert newsroom.links("killed", recorded_by=5) == []
        assert [each.state for each in newsroom.show("seen", recorded_by=8).links] == ["open"]

    def test_an_export_is_as_it_was(self, newsroom: Tracker) -> None:
        then = newsroom.export_casebook(recorded_by=5)
        newsroom.withdraw("killed.gazette", by_source="2020-01-01", reason="corrected")

        assert newsroom.export_casebook(recorded_by=5) == then
        assert "seen" not in then
        assert "by-source" not in newsroom.export_casebook(as_of="2019")
        assert "killed.gazette" not in newsroom.export_casebook(as_of="2011")

    def test_changes_and_histories_end_at_a_moment(self, newsroom: Tracker) -> None:
        assert {step.entry for step in newsroom.changes("2026", recorded_by=5)} <= {4, 5}
        published = newsroom.changes("2012", clock="published", recorded_by=5)
        assert [step.claim for step in published] == ["killed"]
        (first, *later) = newsroom.history("killed", clock="recorded", as_of="July 2012")
        assert first.entry == 4
        assert {step.status for step in later} <= {"unverified", "corroborated"}


class TestDifferences:
    def test_two_moments_differ_by_all_that_was_done_to_the_claim_and_those_tied_to_it(
        self, newsroom: Tracker
    ) -> None:
        found = newsroom.diff("killed", "entry:5", "now", clock="recorded")

        assert [deed.act for deed in found.deeds] == ["source.graded", "claim.recorded", "evidence.logged"]
        assert found.deeds[0].reason == "retractions"
        assert comparable(jsonable.standing(found.before)) == comparable(
            jsonable.standing(newsroom.status("killed", recorded_by=5))
        )
        assert found.after is not None
        assert found.after.status == newsroom.status("killed").status

    def test_two_days_differ_by_evidence_and_the_entries_that_recorded_it(self, newsroom: Tracker) -> None:
        found = newsroom.diff("killed", "2012-05-31", "2012-12-31")

        assert found.appeared == ("killed.gazette",)
        assert [(deed.entry, deed.act) for deed in found.deeds] == [(5, "evidence.logged")]

    def test_a_claim_that_was_not_there_yet(self, newsroom: Tracker) -> None:
        found = newsroom.diff("seen", "entry:5", "now", clock="recorded")

        assert (found.before, found.same) == (None, False)
        assert found.deeds[-1].status is not None
        with pytest.raises(NotFound, match="neither"):
            newsroom.diff("seen", "entry:4", "entry:5", clock="recorded")

    def test_without_a_claim_those_are_listed_that_do_not_stand_as_they_did(self, newsroom: Tracker) -> None:
        assert newsroom.differences("entry:8", "now", clock="recorded") == []
        assert "seen" in {each.key for each in newsroom.differences("entry:5", "now", clock="recorded")}
        assert [each.key for each in newsroom.differences("2012-05-31", "2012-12-31")] == ["killed", "seen"]

    def test_the_clock_that_is_compared_cannot_be_set(self, newsroom: Tracker) -> None:
        with pytest.raises(BadValue):
            newsroom.diff("killed", "2012", "2013", as_of="2014")
        with pytest.raises(BadValue):
            newsroom.diff("killed", "entry:4", "now", clock="recorded", recorded_by="now")

    def test_moments_are_no_days_of_publication(self, newsroom: Tracker) -> None:
        for first, second in (("2012", "now"), ("entry:4", "2012")):
            with pytest.raises(BadValue, match="is a moment of recording") as refused:
                newsroom.differences(first, second)
            assert "--clock recorded" in (refused.value.hint or "")


@pytest.fixture
def other_numbers(all_rules: None) -> Iterator[Callable[[], None]]:
    """Gives the policy that ships other numbers under the same name and version."""

    def forget() -> None:
        policies.load_policy.cache_clear()
        policies._shipped.cache_clear()

    def change() -> None:
        path = policies._folder() / "weight-of-evidence-2.json"
        data = json.loads(path.read_text("utf-8"))
        data["base_rate"]["death"] = 0.9
        path.write_text(json.dumps(data), "utf-8")
        forget()

    yield change
    forget()


class TestPolicies:
    def test_the_numbers_in_the_journal_answer_for_the_past(
        self, newsroom: Tracker, clock: Clock, other_numbers: Callable[[], None]
    ) -> None:
        before, last = newsroom.status("killed").likelihood, len(newsroom.entries())
        other_numbers()
        clock.tick(days=1)
        path, policy = newsroom.database.url, "weight-of-evidence@2"
        with open_tracker(path, author="desk", clock=clock, policy=policy) as changed:
            changed.revise_source("gazette", note="moved", reason="its letterhead")

            assert [entry.act for entry in changed.entries()][last:] == ["policy.adopted", "source.revised"]
            assert changed.status("killed").likelihood != pytest.approx(before)
            assert changed.status("killed", recorded_by=last).likelihood == pytest.approx(before)
            assert changed.audit().problems == ()

    def test_a_case_that_chooses_a_policy_records_its_numbers(self, newsroom: Tracker) -> None:
        newsroom.open_case("court", policy="majority")
        newsroom.open_case("market", policy="majority")

        named = [entry for entry in newsroom.entries() if entry.act == "policy.named"]

        assert [entry.subject for entry in named] == ["majority@1"]
        assert json.loads(named[0].payload["numbers"])["rule"] == "majority"
