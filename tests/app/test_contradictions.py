"""Contradictions that rules find are kept as links: found in any order, resolved, carried, rebuilt."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from claims.errors import BadValue, Conflict, NotFound
from tests.support.dump import dump
from tests.support.examples import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.conftest import Clock
    from tracker.app import Tracker

pytestmark = pytest.mark.usefixtures("all_rules")

LIFE = "died:life-after-death:seen"


def tell(tracker: Tracker) -> Tracker:
    """A death, and a sign of life after it."""
    tracker.add_source("Ministry")
    tracker.add_source("Clerk")
    tracker.add_entity("Abu Zand", key="zand", type="person")
    tracker.add_claim("Abu Zand died", key="died", kind="death", subject="zand", when="May 2019")
    tracker.log("died", source="ministry", stance="supports", published="June 2019")
    tracker.add_claim(
        "Abu Zand was seen", key="seen", kind="sign-of-life", subject="zand", when="August 2019"
    )
    tracker.log("seen", source="clerk", stance="supports", published="August 2019", basis="witnessed")
    return tracker


@pytest.fixture
def zand(begun: Callable[..., Tracker]) -> Tracker:
    return begun("zand", lambda told, _clock: tell(told))


def test_it_is_found_when_the_second_claim_is_logged_with_the_words_of_the_rule(zand: Tracker) -> None:
    (link,) = zand.links()
    assert (link.key, link.rule, link.made_by, link.state) == (LIFE, "life-after-death", "rule", "open")
    assert link.reason == "alive after the reported death (August 2019, death May 2019)"


def test_no_entry_of_the_journal_makes_it(zand: Tracker) -> None:
    assert not any("link" in entry.act for entry in zand.entries())
    assert zand.audit().problems == ()


def test_its_words_follow_the_claims_and_it_goes_with_them(zand: Tracker) -> None:
    zand.revise_claim("seen", when="12 August 2019", reason="the day is known")
    assert "12 August 2019" in zand.links()[0].reason
    zand.revise_claim("seen", when="March 2019", reason="it was earlier")
    assert zand.links() == []
    zand.undo(reason="no, it was not")
    assert [link.key for link in zand.links()] == [LIFE]
    assert zand.audit().problems == ()


class TestResolving:
    def test_what_a_person_resolved_no_longer_ties(self, zand: Tracker) -> None:
        refuted = zand.status("died").likelihood
        link = zand.resolve_link(LIFE, reason="two men of one name")
        assert (link.state, link.resolution) == ("resolved", "two men of one name")
        assert zand.status("died").likelihood > 0.5 > refuted
        assert [each.state for each in zand.links("died")] == ["resolved"]

    def test_it_stays_resolved_whatever_is_logged_later(self, zand: Tracker) -> None:
        zand.resolve_link(LIFE, reason="two men of one name")
        zand.log("died", source="clerk", stance="supports")
        zand.revise_claim("seen", when="12 August 2019", reason="better")
        assert [each.state for each in zand.links()] == ["resolved"]
        assert zand.links()[0].reason == "alive after the reported death (August 2019, death May 2019)"

    def test_it_can_be_reopened(self, zand: Tracker) -> None:
        before = zand.status("died").likelihood
        zand.resolve_link(LIFE, reason="two men of one name")
        zand.reopen_link(LIFE, reason="one man, after all")
        assert zand.links()[0].state == "open"
        assert zand.status("died").likelihood == pytest.approx(before)
        assert zand.audit().problems == ()

    def test_and_the_resolution_undone(self, zand: Tracker) -> None:
        before = zand.links(), zand.status("died").likelihood
        zand.resolve_link(LIFE, reason="two men of one name")
        zand.undo(reason="that was rash")
        assert (zand.links(), zand.status("died").likelihood) == before
        zand.undo(reason="no, it was right")
        assert zand.links()[0].state == "resolved"
        assert zand.audit().problems == ()

    def test_reopened_where_the_rule_no_longer_finds_it_it_is_gone(self, zand: Tracker) -> None:
        zand.resolve_link(LIFE, reason="two men of one name")
        zand.revise_claim("seen", when="March 2019", reason="it was earlier")
        zand.reopen_link(LIFE, reason="of no use any more")
        assert zand.links() == []

    def test_any_two_of_several_rivals_can_be_found_compatible(self, tracker: Tracker) -> None:
        for key in ("x", "y", "z"):
            tracker.add_claim(f"It was {key}", key=key, value=key, question="which")
        assert [link.key for link in tracker.links()] == ["x:one-answer:y", "x:one-answer:z"]
        tracker.resolve_link("y:one-answer:z", reason="two names for one")
        assert [link.key for link in tracker.links(state="open")] == ["x:one-answer:y"]
        assert tracker.audit().problems == ()

    def test_what_is_resolved_is_not_resolved_again_nor_what_is_open_opened(self, zand: Tracker) -> None:
        with pytest.raises(Conflict, match="is open"):
            zand.reopen_link(LIFE, reason="why not")
        zand.resolve_link(LIFE, reason="two men of one name")
        with pytest.raises(Conflict, match="is resolved already"):
            zand.resolve_link(LIFE, reason="again")

    def test_of_the_past_it_is_read_as_it_was_recorded(self, zand: Tracker, clock: Clock) -> None:
        refuted = zand.status("died")
        clock.tick(days=3)
        zand.resolve_link(LIFE, reason="two men of one name")
        again = zand.status("died", recorded_by="2026-11-23")
        assert (again.status, again.likelihood) == (refuted.status, refuted.likelihood)
        later = zand.status("died", recorded_by="2026-11-25")
        assert later.likelihood == zand.status("died").likelihood


class TestListing:
    def test_by_claim_state_and_rule(self, zand: Tracker) -> None:
        zand.link("seen", "contradicts", "died", reason="plainly")
        assert {link.key for link in zand.links("died")} == {LIFE, "seen:contradicts:died"}
        assert [link.key for link in zand.links(rule="life after death")] == [LIFE]
        assert zand.links(rule="two-deaths") == []
        zand.resolve_link(LIFE, reason="two men")
        assert [link.key for link in zand.links(state="resolved")] == [LIFE]
        assert [link.key for link in zand.links(state="open")] == ["seen:contradicts:died"]

    def test_what_is_not_there_is_said(self, zand: Tracker) -> None:
        with pytest.raises(BadValue, match="is no contradiction rule"):
            zand.links(rule="nonsense")
        with pytest.raises(BadValue, match="is not a state of a link"):
            zand.links(state="nonsense")
        with pytest.raises(NotFound):
            zand.links("nobody")


class TestRebuildAndAudit:
    def test_a_rebuild_gives_the_same_rows(self, zand: Tracker) -> None:
        zand.resolve_link(LIFE, reason="two men of one name")
        zand.add_claim("Abu Zand died again", key="again", kind="death", subject="zand", when="May 2021")
        before = dump(zand)
        zand.rebuild()
        assert dump(zand) == before

    def test_the_audit_notices_a_link_that_somebody_took_out(self, zand: Tracker) -> None:
        with zand.database.writing() as connection:
            connection.execute(text("DELETE FROM links"))
        assert zand.audit().problems == (f"table links, row {LIFE}: missing, though the journal records it",)


class TestCasebooks:
    def test_what_rules_find_is_not_carried_and_found_again(
        self, zand: Tracker, new_tracker: Callable[..., Tracker]
    ) -> None:
        book = zand.export_casebook()
        assert "life-after-death" not in book
        other = new_tracker("other")
        other.import_casebook(book)
        assert [link.key for link in other.links()] == [LIFE]

    def test_what_was_resolved_is_carried(self, zand: Tracker, new_tracker: Callable[..., Tracker]) -> None:
        zand.resolve_link(LIFE, reason="two men of one name")
        book = zand.export_casebook()
        other = new_tracker("other")
        other.import_casebook(book)
        assert other.links() == zand.links()
        assert other.status("died").likelihood == zand.status("died").likelihood
        assert other.export_casebook() == book
        assert other.import_casebook(book).recorded == 0
        assert other.audit().problems == ()

    def test_cases_and_questions_keep_what_they_say_of_rules_and_counts(
        self, zand: Tracker, new_tracker: Callable[..., Tracker]
    ) -> None:
        zand.open_case("zand-case", title="Abu Zand", rules_off=["two-places"], policy="weight-of-evidence@1")
        zand.add_question("How many died?", key="toll", counted="civilians", cumulative=True)
        zand.add_claim("5 died", key="five", kind="count", value="5", question="toll", case="zand-case")
        book = zand.export_casebook("zand-case")
        other = new_tracker("other")
        other.import_casebook(book)
        (case,) = other.cases()
        assert (case.rules_off, case.policy) == (("two-places",), "weight-of-evidence@1")
        (question,) = other.questions()
        assert (question.counted, question.cumulative) == ("civilians", True)
        assert other.export_casebook("zand-case") == book


# Any order of logging

STEPS: dict[str, Callable[[Tracker], object]] = {
    "d1": lambda t: t.add_claim("Died first", key="d1", kind="death", subject="zand", when="May 2019"),
    "d2": lambda t: t.add_claim("Died later", key="d2", kind="death", subject="zand", when="May 2021"),
    "d3": lambda t: t.add_claim("Died some time", key="d3", kind="death", subject="zand", when="2019"),
    "seen": lambda t: t.add_claim("Seen", key="seen", kind="sign-of-life", subject="abu", when="May 2020"),
    "led": lambda t: t.add_claim(
        "Led", key="led", kind="leadership", subject="zand", value="front", when="May 2022"
    ),
    "end": lambda t: t.add_claim("Ended", key="end", kind="dissolution", subject="front", when="2018"),
    "front": lambda t: t.add_claim(
        "Front", key="front-did", kind="attribution", subject="raid", value="front"
    ),
    "guard": lambda t: t.add_claim(
        "Guard", key="guard-did", kind="responsibility", subject="raid", value="guard"
    ),
    "merge": lambda t: t.merge_entity("abu", "zand", reason="one man"),
    "incident": lambda t: t.revise_entity("raid", type="incident", reason="it is one"),
    "five": lambda t: t.add_claim("5 died", key="five", kind="count", value="5", question="toll"),
    "nine": lambda t: t.add_claim("9 died", key="nine", kind="count", value="9", question="toll"),
    "cumulative": lambda t: t.revise_question("toll", cumulative=True, reason="it adds up"),
}
SAID = {
    "d1": "2019-06-01",
    "seen": "2020-05-02",
    "d3": "2019-12-30",
    "nine": "2021-01-01",
    "five": "2021-02-01",
    "guard": "2021-03-01",
}
CLAIM = {"guard": "guard-did"}


def told(tracker: Tracker, order: Sequence[str]) -> tuple[object, object]:
    """What is found, and how the claims stand, once all was logged in some order."""
    for key, kind in (("zand", "person"), ("abu", "person"), ("front", "group"), ("guard", "group")):
        tracker.add_entity(key.title(), key=key, type=kind)
    tracker.add_entity("The raid", key="raid")
    tracker.add_source("Herald")
    tracker.add_question("How many died?", key="toll")
    claimed: set[str] = set()
    waiting: set[str] = set()
    for step in order:
        if step in STEPS:
            STEPS[step](tracker)
            claimed.add(step)
        else:
            waiting.add(step.removesuffix(" said"))
        for key in sorted(waiting & claimed):  # nobody speaks of a claim before it is there
            waiting.remove(key)
            tracker.log(CLAIM.get(key, key), source="herald", stance="supports", published=SAID[key])
    assert tracker.audit().problems == ()
    found = {(link.key, link.reason, link.state) for link in tracker.links()}
    stood = {each.key: (each.status, round(each.likelihood, 9)) for each in tracker.statuses()}
    return found, stood


ORDER = (*STEPS, *(f"{key} said" for key in SAID))


@pytest.mark.slow
def test_backwards_the_same_is_found_as_forwards(new_tracker: Callable[..., Tracker]) -> None:
    forwards, backwards = new_tracker("forwards"), new_tracker("backwards")
    assert told(backwards, ORDER[::-1]) == told(forwards, ORDER)
    assert {link.rule for link in forwards.links()} == {
        *("life-after-death", "two-deaths", "role-after-death", "role-after-dissolution"),
        *("rival-perpetrators", "falling-toll"),
    }


@pytest.mark.slow
def test_in_any_order_of_logging_the_same_is_found(new_tracker: Callable[..., Tracker]) -> None:
    expected = told(new_tracker("in-order"), ORDER)
    names = (f"order-{number}" for number in count())

    @given(st.permutations(ORDER))
    @settings(examples(20), suppress_health_check=list(HealthCheck))
    def check(order: list[str]) -> None:
        assert told(new_tracker(next(names)), order) == expected

    check()
