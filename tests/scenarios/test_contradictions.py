"""Scenarios of contradiction: deaths and signs of life, rival perpetrators, tolls that fall.

All people, groups and places are invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claims.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker

pytestmark = pytest.mark.usefixtures("all_rules")


def furnish(tracker: Tracker) -> None:
    """Two camps, outlets, a witness, and a leader of whom much is said."""
    tracker.add_source("Ministry", type="government", sides=["state"])
    tracker.add_source("River Front", key="front-says", type="armed-group", sides=["front"])
    tracker.add_source("Dawn Brigade", key="brigade-says", type="armed-group", sides=["brigade"])
    tracker.add_source("Herald", type="outlet")
    tracker.add_source("Clerk", type="witness")
    tracker.add_source("Nurse", type="witness")
    tracker.add_entity("Abu Zand", key="zand", type="person")
    tracker.add_entity("River Front", key="front", type="group")
    tracker.add_entity("Dawn Brigade", key="brigade", type="group")
    tracker.add_entity("Harbour Guard", key="guard", type="group")


@pytest.fixture
def newsroom(begun: Callable[..., Tracker]) -> Tracker:
    return begun("two_camps", lambda told, _clock: furnish(told))


def contradicted(tracker: Tracker, claim: str, state: str = "open") -> set[tuple[str, str]]:
    """The rule and the other claim of each contradiction that was found on a claim."""
    found = tracker.links(claim, state=state)
    return {(link.rule or "", link.other if link.claim == claim else link.claim) for link in found}


DEATHS = {"dead-2009": "May 2009", "dead-2013": "March 2013", "dead-2016": "October 2016"}
SIGNS = {"alive-2010": "June 2010", "alive-2014": "2 May 2014", "alive-2018": "3 June 2018"}


class TestADeathAnnouncedFourTimes:
    """Over twelve years, with proof of life between; the last is admitted by the rivals and by his
    own side."""

    @staticmethod
    def tell(tracker: Tracker) -> None:
        furnish(tracker)
        for key, when in DEATHS.items():
            tracker.add_claim(f"Abu Zand died in {when}", key=key, kind="death", subject="zand", when=when)
            tracker.log(key, source="ministry", stance="supports", published=when, side="for-own-side")
        for key, when in SIGNS.items():
            tracker.add_claim(
                f"Abu Zand spoke in {when}", key=key, kind="sign-of-life", subject="zand", when=when
            )
            tracker.log(key, source="clerk", stance="supports", published=when, basis="witnessed")

    @classmethod
    def tell_the_last(cls, tracker: Tracker) -> None:
        cls.tell(tracker)
        tracker.add_claim(
            "Abu Zand died in February 2021",
            key="dead-2021",
            kind="death",
            subject="zand",
            when="February 2021",
        )
        tracker.log(
            "dead-2021", source="ministry", stance="supports", published="1 March 2021", side="for-own-side"
        )
        tracker.log("dead-2021", source="brigade-says", stance="supports", published="3 March 2021")
        tracker.log(
            "dead-2021",
            source="front-says",
            stance="supports",
            published="5 March 2021",
            side="against-own-side",
        )

    @pytest.fixture
    def leader(self, begun: Callable[..., Tracker]) -> Tracker:
        return begun("leader", lambda told, _clock: self.tell(told))

    @pytest.fixture
    def last(self, begun: Callable[..., Tracker]) -> Tracker:
        return begun("leader_last", lambda told, _clock: self.tell_the_last(told))

    def test_each_sign_of_life_refutes_every_death_before_it_and_none_after(self, leader: Tracker) -> None:
        assert contradicted(leader, "alive-2018") == {("life-after-death", death) for death in DEATHS}
        assert contradicted(leader, "alive-2010") == {("life-after-death", "dead-2009")}
        for death in DEATHS:
            assert leader.status(death).status == "refuted"

    def test_nobody_had_to_link_them(self, leader: Tracker) -> None:
        assert {link.made_by for link in leader.links()} == {"rule"}

    def test_the_last_death_is_believed_and_the_others_stay_refuted(self, last: Tracker) -> None:
        now = last.status("dead-2021")
        assert now.status == "corroborated"
        assert now.likelihood > 0.85
        assert [last.status(death).status for death in DEATHS] == ["refuted"] * 3
        assert all(last.status(sign).likelihood > 0.5 for sign in SIGNS)

    def test_he_died_once_so_that_each_earlier_death_is_a_rival_of_the_last(self, last: Tracker) -> None:
        rivals = last.links(rule="two-deaths")
        assert {(link.claim, link.other) for link in rivals} == {
            ("dead-2009", "dead-2013"),
            ("dead-2009", "dead-2016"),
            ("dead-2009", "dead-2021"),
        }

    def test_on_each_day_it_was_what_could_be_known(self, last: Tracker) -> None:
        assert last.status("dead-2009", as_of="2009-12-31").likelihood > 0.5
        assert last.status("dead-2009", as_of="2010-07-01").status == "refuted"
        assert last.status("dead-2021", as_of="2021-03-02").status != "corroborated"
        assert last.status("dead-2021", as_of="2021-03-05").status == "corroborated"

    def test_what_is_found_does_not_hang_on_who_goes_by_which_name(self, last: Tracker) -> None:
        last.add_entity("Father of Zand", key="father", type="person")
        last.add_claim("He was met", key="met", kind="sign-of-life", subject="father", when="May 2022")
        last.log("met", source="nurse", stance="supports", published="May 2022", basis="witnessed")
        assert contradicted(last, "met") == set()
        last.merge_entity("father", "zand", reason="the same man")
        assert contradicted(last, "met") == {("life-after-death", d) for d in (*DEATHS, "dead-2021")}
        last.unmerge_entity("father", reason="another man")
        assert contradicted(last, "met") == set()

    def test_nor_through_whom_they_are_known_to_be_one(self, last: Tracker) -> None:
        """Two names that no claim uses are found to be one, and each is another name of somebody."""
        for key in ("seen", "abu-zand", "father"):
            last.add_entity(f"The man called {key}", key=key, type="person")
        last.merge_entity("seen", "father", reason="so his sister says")
        last.merge_entity("zand", "abu-zand", reason="his kunya")
        last.add_claim("He was met", key="met", kind="sign-of-life", subject="seen", when="May 2022")
        last.log("met", source="nurse", stance="supports", published="May 2022", basis="witnessed")
        before = last.status("dead-2021").likelihood

        last.merge_entity("father", "abu-zand", reason="the same man")
        assert contradicted(last, "met") == {("life-after-death", d) for d in (*DEATHS, "dead-2021")}
        assert last.status("dead-2021").likelihood < before

        last.unmerge_entity("father", reason="another man")
        assert contradicted(last, "met") == set()
        assert last.status("dead-2021").likelihood == pytest.approx(before)


class TestWhoBombedTheBridge:
    """Two groups claim one attack, and a third is accused."""

    @classmethod
    def tell(cls, newsroom: Tracker) -> None:
        furnish(newsroom)
        newsroom.add_entity("Bridge bombing", key="bridge", type="incident")
        cls.named(newsroom, "front-did", "responsibility", "front")
        newsroom.log(
            "front-did", source="front-says", stance="supports", published="2 May 2024", side="for-own-side"
        )
        cls.named(newsroom, "brigade-did", "responsibility", "brigade")
        newsroom.log(
            "brigade-did",
            source="brigade-says",
            stance="supports",
            published="3 May 2024",
            side="for-own-side",
        )
        cls.named(newsroom, "guard-accused", "attribution", "guard")
        newsroom.log("guard-accused", source="ministry", stance="supports", published="4 May 2024")

    @pytest.fixture
    def bridge(self, begun: Callable[..., Tracker]) -> Tracker:
        return begun("bridge", lambda told, _clock: self.tell(told))

    @staticmethod
    def named(tracker: Tracker, key: str, kind: str, who: str) -> None:
        tracker.add_claim(f"{who} did it ({key})", key=key, kind=kind, subject="bridge", value=who)

    def test_the_three_are_rivals_and_none_of_them_is_held(self, bridge: Tracker) -> None:
        found = bridge.links(rule="rival-perpetrators")
        assert {(link.claim, link.other) for link in found} == {
            ("brigade-did", "front-did"),
            ("brigade-did", "guard-accused"),
        }
        assert all(each.likelihood < 0.5 for each in bridge.statuses())
        assert all(each.status == "disputed" for each in bridge.statuses())

    def test_an_actors_own_words_are_kept_apart_from_what_others_say_of_it(self, bridge: Tracker) -> None:
        self.named(bridge, "front-accused", "attribution", "front")
        bridge.log("front-accused", source="herald", stance="supports", published="6 May 2024")
        found = bridge.links(rule="rival-perpetrators")
        assert {(link.claim, link.other) for link in found} == {
            ("brigade-did", "front-accused"),
            ("brigade-did", "guard-accused"),
        }
        rules = {effect.rule for effect in bridge.why("front-accused").resolution.effects}
        assert "responsibility-claimed" in rules

    @pytest.mark.parametrize(
        ("stance", "side", "rule", "grows"),
        [
            ("supports", "for-own-side", "responsibility-claimed", True),
            ("denies", "for-own-side", "responsibility-denied", False),
            ("supports", "against-own-side", "responsibility-conceded", True),
        ],
    )
    def test_what_the_accused_say_has_its_effect(
        self, bridge: Tracker, stance: str, side: str, rule: str, grows: bool
    ) -> None:
        before = bridge.status("guard-accused").likelihood
        self.named(bridge, "guard-word", "responsibility", "guard")
        bridge.log("guard-word", source="nurse", stance=stance, published="7 May 2024", side=side)
        after = bridge.status("guard-accused").likelihood
        assert (after > before) is grows
        (effect,) = [e for e in bridge.why("guard-accused").resolution.effects if "responsib" in e.rule]
        assert (effect.rule, effect.others) == (rule, ("guard-word",))

    def test_a_concession_weighs_more_than_a_boast(self, bridge: Tracker) -> None:
        self.named(bridge, "guard-word", "responsibility", "guard")
        bridge.log("guard-word", source="nurse", stance="supports", side="for-own-side")
        boast = bridge.status("guard-accused").likelihood
        bridge.correct_evidence("guard-word.nurse", side="against-own-side", reason="it harms them")
        assert bridge.status("guard-accused").likelihood > boast

    def test_several_who_did_it_together_are_no_rivals(self, bridge: Tracker) -> None:
        bridge.add_claim(
            "They did it together",
            key="both",
            kind="attribution",
            subject="bridge",
            value="River Front and Dawn Brigade",
        )
        assert bridge.show("both").standing.claim.value == "brigade; front"
        found = bridge.links(rule="rival-perpetrators")
        assert {(link.claim, link.other) for link in found} == {("both", "guard-accused")}

    def test_nor_are_those_whom_a_person_links(self, bridge: Tracker) -> None:
        bridge.link("front-did", "supports", "brigade-did", reason="a joint statement")
        found = bridge.links(rule="rival-perpetrators")
        assert {(link.claim, link.other) for link in found} == {("brigade-did", "guard-accused")}

    def test_the_rule_can_be_switched_off_for_a_case_and_on_again(self, bridge: Tracker) -> None:
        bridge.open_case("bridge-case", rules_off=["rival-perpetrators"])
        disputed = bridge.status("front-did").likelihood
        for key in ("front-did", "brigade-did", "guard-accused"):
            bridge.revise_claim(key, case="bridge-case", reason="one inquiry")
        assert bridge.links() == []
        assert bridge.status("front-did").likelihood > disputed
        bridge.revise_case("bridge-case", on=["rival-perpetrators"], reason="they cannot all have done it")
        assert len(bridge.links(rule="rival-perpetrators")) == 2
        assert bridge.status("front-did").likelihood == pytest.approx(disputed)


class TestAToll:
    """5, then 148, then 165 to 180, then 160."""

    SERIES = (("5", "4 May 2024"), ("148", "5 May 2024"), ("165-180", "8 May 2024"), ("160", "20 May 2024"))

    @classmethod
    def tell(cls, newsroom: Tracker) -> None:
        furnish(newsroom)
        newsroom.add_question("How many died?", key="toll", counted="civilians", cumulative=True)
        sources = ("ministry", "herald", "nurse", "ministry")
        for (value, day), source in zip(cls.SERIES, sources, strict=True):
            newsroom.add_claim(
                f"{value} died", key=f"died-{value}", kind="count", value=value, question="toll"
            )
            newsroom.log(f"died-{value}", source=source, stance="supports", published=day)

    @pytest.fixture
    def toll(self, begun: Callable[..., Tracker]) -> Tracker:
        return begun("toll", lambda told, _clock: self.tell(told))

    def test_growing_numbers_of_different_days_do_not_contradict_each_other(self, toll: Tracker) -> None:
        assert contradicted(toll, "died-5") == contradicted(toll, "died-148") == set()

    def test_the_fall_is_found_as_a_contradiction(self, toll: Tracker) -> None:
        (link,) = toll.links()
        assert {link.claim, link.other} == {"died-160", "died-165-180"}
        assert (link.rule, link.reason) == (
            "falling-toll",
            "the toll falls from 165-180 to 160: How many died?",
        )

    def test_the_question_says_what_the_counts_come_to(self, toll: Tracker) -> None:
        found = toll.question("toll")
        assert found.toll is not None
        assert (found.toll.low, found.toll.high) == (160, 180)
        assert found.toll.revised == {"died-5": "died-160", "died-148": "died-160"}
        assert [(fall.earlier, fall.later) for fall in found.toll.falls] == [("died-165-180", "died-160")]
        assert found.contested

    def test_before_the_fall_the_newest_number_leads(self, toll: Tracker) -> None:
        found = toll.question("toll", as_of="2024-05-19")
        assert [each.claims[0].key for each in found.leading] == ["died-165-180"]
        assert found.toll is not None
        assert found.toll.falls == ()

    def test_a_lower_number_that_overlaps_is_no_fall(self, toll: Tracker) -> None:
        toll.revise_claim("died-160", value="160-170", reason="misheard")
        assert toll.links() == []

    def test_who_is_counted_is_part_of_the_question(self, toll: Tracker) -> None:
        toll.add_question("How many soldiers died?", key="soldiers", counted="soldiers", cumulative=True)
        toll.add_claim("3 soldiers died", key="soldiers-3", kind="count", value="3", question="soldiers")
        toll.log("soldiers-3", source="ministry", stance="supports", published="30 May 2024")
        assert contradicted(toll, "soldiers-3") == set()

    def test_of_a_number_that_does_not_grow_all_are_rivals(self, toll: Tracker) -> None:
        toll.revise_question("toll", cumulative=False, reason="each is the final number")
        found = toll.links(rule="numbers")
        assert {(link.claim, link.other) for link in found} == {
            ("died-148", "died-160"),
            ("died-148", "died-165-180"),
            ("died-148", "died-5"),
        }


class TestSeveralWhoActedTogether:
    """They are named in one value, and by no column of their own."""

    @pytest.fixture
    def raid(self, newsroom: Tracker) -> Tracker:
        newsroom.add_entity("Tandor raid", key="tandor-raid", type="incident")
        deed = {"kind": "attribution", "subject": "tandor-raid"}
        newsroom.add_claim("Guard and brigade did it", key="both", value="guard and brigade", **deed)
        return newsroom

    def test_each_is_shown_with_the_claim(self, raid: Tracker) -> None:
        assert [each.key for each in raid.entity("guard").claims] == ["both"]
        assert [each.key for each in raid.entity("brigade").claims] == ["both"]
        assert raid.entity("front").claims == ()

    def test_each_is_in_use_until_the_claim_is_gone(self, raid: Tracker) -> None:
        made = {key: raid.entries(key)[0].seq for key in ("guard", "front", "both")}
        with pytest.raises(Conflict, match="guard is in use by both"):
            raid.undo(made["guard"], reason="no such guard")
        raid.undo(made["front"], reason="no such front")
        raid.undo(made["both"], reason="nobody says so")
        raid.undo(made["guard"], reason="no such guard")
        assert "guard" not in {each.key for each in raid.entities()}

    def test_a_place_is_in_use_too(self, newsroom: Tracker) -> None:
        newsroom.add_entity("Tandor", key="tandor", type="place")
        newsroom.add_claim("A raid", key="raid", kind="event", where="tandor", when="2014")
        with pytest.raises(Conflict, match="tandor is in use by raid"):
            newsroom.undo(newsroom.entries("tandor")[0].seq, reason="no such place")

    def test_a_merge_of_one_of_them_is_heard(self, raid: Tracker) -> None:
        """Who is a rival of whom hangs on who is who."""
        raid.add_entity("Harbour Watch", key="watch", type="group")
        raid.add_claim(
            "The watch did it", key="other", kind="attribution", subject="tandor-raid", value="watch"
        )
        assert contradicted(raid, "other") == {("rival-perpetrators", "both")}
        raid.merge_entity("guard", into="watch", reason="two names of one")
        assert contradicted(raid, "other") == set()
        assert [each.key for each in raid.entity("watch").claims] == ["both", "other"]
