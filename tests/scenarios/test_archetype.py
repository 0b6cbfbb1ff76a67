"""The archetype: a commander is given for dead by two allies, his side denies it, he appears in a video.

What the tracker must say on each day, from the bundled casebook, and when the same story is logged
piece by piece as it comes in.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Clock
    from tracker.app import Tracker

CLAIM = "kouffa-killed-2018"


class TestTheBundledCase:
    def test_at_the_end_of_2018_the_death_is_likely_but_settled_neither_way(self, demo: Tracker) -> None:
        then = demo.status(CLAIM, as_of="2018-12-31")
        assert then.likelihood > 0.5
        assert then.status not in ("confirmed", "refuted")

    def test_two_allies_who_speak_of_one_operation_are_one_line(self, demo: Tracker) -> None:
        assert demo.status(CLAIM, as_of="2018-12-31").supporting_lines == 1

    def test_the_denial_makes_it_disputed(self, demo: Tracker) -> None:
        assert demo.status(CLAIM, as_of="2019-05-30").status == "disputed"

    def test_today_the_video_has_refuted_it(self, demo: Tracker) -> None:
        now = demo.status(CLAIM)
        assert now.status == "refuted"
        assert now.likelihood < 0.05
        assert now.opposing_lines == 2
        assert now.evidence == 4

    def test_the_history_tells_each_turn_with_its_cause(self, demo: Tracker) -> None:
        told = [(step.at, step.status, step.because) for step in demo.history(CLAIM)]
        assert told == [
            ("2018-12-31", "unverified", (f"{CLAIM}.france", f"{CLAIM}.mali")),
            ("2019-05-30", "disputed", (f"{CLAIM}.aqim",)),
            ("2019-05-31", "refuted", ("kouffa-alive-video.kouffa-video",)),
        ]

    @pytest.mark.parametrize("day", ["2018-12-31", "2019-05-30", "2026-11-22"])
    def test_the_rows_of_the_explanation_add_up(self, demo: Tracker, day: str) -> None:
        resolution = demo.why(CLAIM, as_of=day).resolution
        total = (
            resolution.base_log_odds
            + sum(row.weight for row in resolution.contributions)
            + sum(effect.weight for effect in resolution.effects)
        )
        assert 1 / (1 + math.exp(-total)) == pytest.approx(resolution.likelihood, abs=1e-12)

    def test_without_the_video_it_would_be_disputed(self, demo: Tracker) -> None:
        flips = demo.why(CLAIM).flips
        assert [(flip.remove, flip.status) for flip in flips] == [
            (("kouffa-alive-video.kouffa-video",), "disputed")
        ]

    def test_a_search_for_one_spelling_finds_the_other(self, demo: Tracker) -> None:
        for words in ("Koufa", "Kouffa", "Amadou Diallo"):
            assert CLAIM in {hit.key for hit in demo.search(words)}
        assert "mnla" in {hit.key for hit in demo.search("NMLA")}
        assert "mlf" in {hit.key for hit in demo.search("Katiba Macina")}

    def test_the_end_of_a_group_hangs_on_the_death_of_its_leader(self, demo: Tracker) -> None:
        before = demo.status("al-mourabitoune-dismantled").likelihood
        demo.log("nouini-dead", source="aqim", stance="denies", basis="witnessed")
        assert demo.status("al-mourabitoune-dismantled").likelihood < before - 0.1

    def test_an_ambiguous_sentence_is_two_rival_readings(self, demo: Tracker) -> None:
        readings = ("ag-ghali-created-ansar-dine-2011", "ag-ghali-created-jnim-2011")
        one, other = demo.statuses(readings)
        assert one.likelihood + other.likelihood < 1
        assert "confirmed" not in (one.status, other.status)

    def test_whether_talks_are_open_goes_stale(self, demo: Tracker, clock: Clock) -> None:
        assert not demo.status("jnim-channels-open").stale
        fresh = demo.status("jnim-channels-open").likelihood
        clock.tick(days=400)
        assert demo.status("jnim-channels-open").stale
        assert demo.status("jnim-channels-open").likelihood < fresh


class TestLoggedAsItComesIn:
    """The same story, each piece on its day: now the tracker's own record has a history too."""

    @pytest.fixture
    def story(self, tracker: Tracker, clock: Clock) -> Tracker:
        clock.now = datetime(2018, 11, 25, 9, tzinfo=UTC)
        tracker.add_source("Paris", type="government", sides=["coalition"])
        tracker.add_source("Bamako", type="government", sides=["coalition"])
        tracker.add_source("The group", key="group", type="armed-group")
        tracker.add_entity("The commander", key="commander", type="person")
        tracker.add_claim(
            "The commander was killed", key="killed", kind="death", subject="commander", when="23 Nov 2018"
        )
        tracker.log("killed", source="paris", stance="supports", published="24 Nov 2018")
        tracker.log("killed", source="bamako", stance="supports", published="25 Nov 2018")
        clock.now = datetime(2018, 12, 10, 9, tzinfo=UTC)
        tracker.log("killed", source="group", stance="denies", published="9 Dec 2018", side="for-own-side")
        clock.now = datetime(2019, 3, 1, 9, tzinfo=UTC)
        tracker.add_claim(
            "The commander speaks in a video",
            key="video",
            kind="sign-of-life",
            subject="commander",
            when="28 Feb 2019",
        )
        tracker.log("video", source="group", stance="supports", published="28 Feb 2019", basis="witnessed")
        return tracker

    def test_nobody_linked_the_video_to_the_death_and_still_it_refutes_it(self, story: Tracker) -> None:
        assert story.status("killed").status == "refuted"

    def test_both_clocks_are_kept_apart(self, story: Tracker) -> None:
        # The denial was published on the 9th and recorded on the 10th.
        assert story.status("killed", as_of="2018-12-09").status == "disputed"
        assert story.status("killed", recorded_by="2018-12-09").status != "disputed"
        assert story.status("killed", recorded_by="2018-12-10").status == "disputed"
        # What was recorded by then knew nothing of the video, whatever day one asks about.
        assert story.status("killed", as_of="2019-03-01", recorded_by="2019-01-01").status == "disputed"

    def test_the_recorded_history_names_the_entries_that_caused_it(self, story: Tracker) -> None:
        steps = story.history("killed", clock="recorded")
        turns = [(step.at[:10], step.status) for step in steps if step.was != step.status]
        assert turns == [
            ("2018-11-25", "unverified"),
            ("2018-12-10", "disputed"),
            ("2019-03-01", "refuted"),
        ]
        caused = {entry.seq: entry.subject for entry in story.entries()}
        assert all(caused[step.entry or 0] == step.because[0] for step in steps)

    def test_a_true_death_later_on_is_not_refuted_by_the_old_video(
        self, story: Tracker, clock: Clock
    ) -> None:
        clock.now = datetime(2021, 6, 3, 9, tzinfo=UTC)
        story.add_claim(
            "The commander died", key="died", kind="death", subject="commander", when="1 June 2021"
        )
        story.log("died", source="group", stance="supports", side="against-own-side", basis="witnessed")
        story.log("died", source="paris", stance="supports", published="2 June 2021")
        assert story.status("died").likelihood > 0.9
        assert story.status("killed").status == "refuted"

    def test_the_difference_between_two_days_names_what_appeared(self, story: Tracker) -> None:
        difference = story.diff("killed", "2018-12-31", "2019-03-01")
        assert (difference.before.status, difference.after.status) == ("disputed", "refuted")
        assert difference.appeared == ("video.group",)
        assert difference.after.as_of == date(2019, 3, 1)
