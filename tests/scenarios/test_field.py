"""Scenarios from the field: retraction, relays, dependence, undo, merges, people's own verdicts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from claims.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tracker.app import Tracker


def tell(tracker: Tracker) -> None:
    """A raid on a village, a ministry that speaks, and outlets that pass it on."""
    tracker.add_source("Ministry", type="government", sides=["government"])
    tracker.add_source("Rebels", type="armed-group", sides=["rebels"])
    tracker.add_source("Witness", type="witness")
    for number in range(10):
        tracker.add_source(f"Outlet {number}", type="outlet")
    tracker.add_entity("The raid", key="raid", type="incident")
    tracker.add_claim("The raid killed a child", key="child-killed", kind="event", when="5 May 2024")


@pytest.fixture
def raid(begun: Callable[..., Tracker]) -> Tracker:
    return begun("raid", lambda told, _clock: tell(told))


class TestRetraction:
    def test_it_counts_from_its_date_only(self, raid: Tracker) -> None:
        raid.log("child-killed", source="ministry", stance="supports", published="6 May 2024")
        raid.withdraw("child-killed.ministry", by_source="20 May 2024", reason="the ministry corrected it")
        assert raid.status("child-killed", as_of="2024-05-19").likelihood > 0.6
        assert raid.status("child-killed", as_of="2024-05-20").status == "retracted"
        assert raid.status("child-killed").status == "retracted"

    def test_our_own_mistake_never_counted(self, raid: Tracker) -> None:
        before = raid.status("child-killed", as_of="2024-05-19")
        raid.log("child-killed", source="ministry", stance="supports", published="6 May 2024")
        raid.withdraw("child-killed.ministry", mistake=True, reason="it was said of another raid")
        assert raid.status("child-killed", as_of="2024-05-19").likelihood == before.likelihood
        assert raid.status("child-killed").status == "unverified"

    def test_the_record_still_says_what_we_said_meanwhile(self, raid: Tracker, clock: Clock) -> None:
        raid.log("child-killed", source="witness", stance="supports", basis="witnessed")
        said = raid.status("child-killed")
        clock.tick(days=3)
        raid.withdraw("child-killed.witness", mistake=True, reason="another raid")
        again = raid.status("child-killed", recorded_by="2026-11-23")
        assert (again.status, again.likelihood) == (said.status, said.likelihood)


class TestRelays:
    def test_ten_outlets_that_relay_one_ministry_are_one_line(self, raid: Tracker) -> None:
        raid.log("child-killed", source="ministry", stance="supports", published="6 May 2024")
        alone = raid.status("child-killed")
        for number in range(10):
            raid.log("child-killed", source=f"outlet-{number}", stance="supports", relays="ministry")
        after = raid.status("child-killed")
        assert after.supporting_lines == 1
        assert after.likelihood == alone.likelihood

    def test_one_independent_denial_outweighs_them(self, raid: Tracker) -> None:
        for number in range(10):
            raid.log("child-killed", source=f"outlet-{number}", stance="supports", relays="ministry")
        raid.log("child-killed", source="witness", stance="denies", basis="witnessed")
        assert raid.status("child-killed").likelihood < 0.5

    def test_a_relay_of_a_source_that_took_the_other_side_falls_silent(self, raid: Tracker) -> None:
        raid.log("child-killed", source="ministry", stance="supports", published="6 May 2024")
        raid.log("child-killed", source="outlet-0", stance="supports", relays="ministry")
        raid.log("child-killed", source="ministry", stance="denies", published="9 May 2024")
        standing = raid.status("child-killed")
        assert (standing.supporting_lines, standing.opposing_lines) == (0, 1)
        assert standing.likelihood < 0.5

    def test_however_many_outlets_of_one_document_agree_they_confirm_nothing(self, raid: Tracker) -> None:
        raid.add_document("A round-up", key="round-up")
        for number in range(10):
            raid.log("child-killed", source=f"outlet-{number}", stance="supports", document="round-up")
        standing = raid.status("child-killed")
        assert standing.supporting_lines == 1  # whoever rounded them up may be behind them all
        assert standing.status == "unverified"
        assert standing.confidence == "low"

    def test_two_witnesses_who_speak_for_themselves_confirm(self, raid: Tracker) -> None:
        raid.add_source("Nurse", type="witness", reliability="B")
        raid.grade_source("witness", "B", reason="known for years")
        for source in ("witness", "nurse"):
            raid.log("child-killed", source=source, stance="supports", basis="witnessed")
        assert raid.status("child-killed").status == "confirmed"


class TestDependence:
    def test_a_claim_falls_with_its_premise(self, raid: Tracker) -> None:
        raid.add_claim("The raid took place", key="raid-happened", kind="event", when="5 May 2024")
        raid.log("raid-happened", source="ministry", stance="supports")
        raid.log("child-killed", source="ministry", stance="supports")
        raid.link("child-killed", "depends-on", "raid-happened", reason="no raid, no victim")
        standing = raid.status("child-killed").likelihood
        raid.log("raid-happened", source="witness", stance="denies", basis="witnessed")
        raid.log("raid-happened", source="rebels", stance="denies", side="against-own-side")
        assert raid.status("child-killed").likelihood < standing / 2
        assert any(effect.rule == "depends-on" for effect in raid.why("child-killed").resolution.effects)

    def test_resolving_the_link_sets_it_free(self, raid: Tracker) -> None:
        raid.add_claim("The raid took place", key="raid-happened", kind="event")
        raid.log("child-killed", source="ministry", stance="supports")
        alone = raid.status("child-killed").likelihood
        raid.link("child-killed", "depends-on", "raid-happened", reason="no raid, no victim")
        raid.log("raid-happened", source="witness", stance="denies", basis="witnessed")
        assert raid.status("child-killed").likelihood < alone
        raid.resolve_link("child-killed:depends-on:raid-happened", reason="it died in another raid")
        assert raid.status("child-killed").likelihood == pytest.approx(alone)


class TestUndo:
    def test_the_newest_act_is_taken_back_by_a_new_entry(self, raid: Tracker) -> None:
        before = raid.status("child-killed")
        raid.log("child-killed", source="rebels", stance="denies")
        entries = len(raid.entries())
        undone = raid.undo(reason="logged on the wrong claim")
        assert [entry.act for entry in undone] == ["evidence.withdrawn"]
        assert len(raid.entries()) == entries + 1
        assert raid.status("child-killed").likelihood == before.likelihood

    def test_an_undo_can_be_undone(self, raid: Tracker) -> None:
        raid.log("child-killed", source="rebels", stance="denies")
        denied = raid.status("child-killed").likelihood
        raid.undo(reason="wrong claim")
        raid.undo(reason="it was the right one after all")
        assert raid.status("child-killed").likelihood == denied

    def test_a_withdrawal_can_be_undone_and_redone(self, raid: Tracker) -> None:
        raid.log("child-killed", source="ministry", stance="supports", published="6 May 2024")
        raid.withdraw("child-killed.ministry", by_source="20 May 2024", reason="corrected")
        raid.undo(reason="it was another ministry")
        assert raid.status("child-killed").status == "unverified"
        raid.undo(reason="no, it was this one")
        assert raid.status("child-killed").status == "retracted"
        assert raid.audit().ok

    def test_an_older_act_gives_way_only_when_nothing_rests_on_it(self, raid: Tracker) -> None:
        raid.revise_claim("child-killed", when="6 May 2024", reason="a witness names the day")
        first = raid.entries("child-killed")[-1].seq
        raid.revise_claim("child-killed", when="7 May 2024", reason="so does the register")
        with pytest.raises(Conflict, match="has since changed child-killed"):
            raid.undo(first, reason="wrong")

    def test_a_source_that_spoke_cannot_be_undone_from_under_its_words(self, raid: Tracker) -> None:
        raid.log("child-killed", source="ministry", stance="supports")
        with pytest.raises(Conflict, match=r"in use by child-killed\.ministry"):
            raid.undo(2, reason="no such ministry")

    def test_a_whole_import_is_one_act(self, demo: Tracker) -> None:
        demo.undo(reason="the wrong tracker")
        assert demo.statuses() == []
        assert demo.audit().ok


class TestNames:
    def test_a_merge_ties_lives_together_and_can_be_taken_back(self, raid: Tracker) -> None:
        raid.add_entity("Abu Musa", type="person")
        raid.add_entity("Aboe Moussa", key="moussa", type="person")
        raid.add_claim("Abu Musa was killed", key="dead", kind="death", subject="abu-musa", when="2020")
        raid.log("dead", source="ministry", stance="supports")
        raid.add_claim("Aboe Moussa spoke", key="alive", kind="sign-of-life", subject="moussa", when="2022")
        raid.log("alive", source="witness", stance="supports", basis="witnessed")
        apart = raid.status("dead")
        raid.merge_entity("moussa", "abu-musa", reason="the same voice")
        assert raid.status("dead").status == "refuted"
        raid.unmerge_entity("moussa", reason="two men after all")
        assert raid.status("dead").likelihood == pytest.approx(apart.likelihood)

    def test_merges_are_followed_to_their_end(self, raid: Tracker) -> None:
        for key in ("one", "two", "three"):
            raid.add_entity(f"Abu {key}", key=key, type="person")
        raid.add_claim("Abu one died", key="one-died", kind="death", subject="one", when="2020")
        raid.merge_entity("one", "two", reason="the same man")
        raid.merge_entity("two", "three", reason="the same man again")
        assert raid.entity("three").merged == ("one", "two")
        assert [each.key for each in raid.entity("three").claims] == ["one-died"]
        assert [each.key for each in raid.statuses(subject="three")] == ["one-died"]

    def test_names_added_by_several_hands_at_once_all_stay(
        self, raid: Tracker, new_tracker: Callable[..., Tracker]
    ) -> None:
        raid.add_entity("Zed", type="person")
        hands = [new_tracker() for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda n: hands[n].alias_entity("zed", [f"Zed {n}"]), range(4)))
        assert set(raid.entity("zed").entity.aliases) == {f"Zed {n}" for n in range(4)}


class TestGradesAndVerdicts:
    def test_a_changed_grade_resolves_all_that_the_source_said(self, raid: Tracker) -> None:
        raid.log("child-killed", source="ministry", stance="supports")
        ungraded = raid.status("child-killed").likelihood
        raid.grade_source("ministry", "A", reason="right every time")
        assert raid.status("child-killed").likelihood > ungraded
        raid.grade_source("ministry", "E", reason="caught inventing")
        assert raid.status("child-killed").likelihood < ungraded

    @pytest.mark.parametrize("unknown", ["F", None])
    def test_an_unknown_grade_is_left_out_not_a_middle_value(self, raid: Tracker, unknown: str) -> None:
        raid.log("child-killed", source="ministry", stance="supports")
        ungraded = raid.status("child-killed").likelihood
        raid.grade_source("ministry", "B", reason="mostly right")
        raid.grade_source("ministry", unknown, reason="too little to go by")
        assert raid.status("child-killed").likelihood == ungraded

    def test_a_persons_verdict_stands_beside_the_computed_one(self, raid: Tracker) -> None:
        computed = raid.status("child-killed")
        raid.assess("child-killed", "confirmed", likelihood="97%", reason="saw the register")
        after = raid.status("child-killed")
        assert after.assessed == "confirmed"
        assert (after.status, after.likelihood) == (computed.status, computed.likelihood)

    def test_a_newer_rival_answer_supersedes(self, raid: Tracker) -> None:
        raid.add_claim("5 died", key="toll-5", kind="count", value="5", question="How many died in the raid?")
        question = raid.show("toll-5").standing.claim.question
        raid.add_claim("148 died", key="toll-148", kind="count", value="148", question=question)
        raid.log("toll-5", source="ministry", stance="supports", published="6 May 2024")
        for source in ("rebels", "witness"):
            raid.log("toll-148", source=source, stance="supports", published="9 May 2024", basis="witnessed")
        assert raid.status("toll-5").status == "superseded"
        assert raid.status("toll-5", as_of="2024-05-08").status == "unverified"
