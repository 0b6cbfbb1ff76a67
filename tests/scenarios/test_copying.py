"""Outlets that repeat each other's errors are suspected, for a person to confirm; others are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.copying import COPIERS, tell

if TYPE_CHECKING:
    from tests.conftest import Clock
    from tracker.app import Tracker


def test_outlets_that_repeat_each_others_errors_are_suspected(copied: Tracker) -> None:
    [suspected] = copied.suspects().found

    assert suspected.members == COPIERS
    assert suspected.found.evidence.apart > 10


def test_outlets_that_speak_for_themselves_are_not(tracker: Tracker) -> None:
    tell(tracker, copying=False)

    found = tracker.suspects()

    assert (found.found, found.sources, found.questions) == ((), 9, 30)
    assert all(not tracker.why(key).suspicions for key in ("road-00", "road-01", "road-02"))


def test_why_says_who_may_be_one_line_and_leaves_the_likelihood_alone(copied: Tracker) -> None:
    [touched] = copied.why("road-00").suspicions
    text = str(copied.why("road-00"))

    assert touched.sources == COPIERS
    assert "Suspected, for a person to confirm: Echo East, Echo North and Echo South" in text
    standing = copied.status("road-00")
    assert max(standing.supporting_lines, standing.opposing_lines) >= len(COPIERS)


def test_a_common_owner_makes_them_one_line_and_ends_the_suspicion(copied: Tracker) -> None:
    before = copied.why("road-00")
    for key in COPIERS:
        copied.revise_source(key, owner="Echo Group", reason="their imprints say so")
    after = copied.why("road-00")

    assert copied.suspects().found == ()
    assert copied.why("road-00").suspicions == ()
    assert len(before.lines) - len(after.lines) == len(COPIERS) - 1


@pytest.mark.slow
def test_what_is_logged_as_a_relay_is_nobodys_agreement(copied: Tracker) -> None:
    for number in range(30):
        for key in COPIERS[1:]:
            copied.correct_evidence(f"road-{number:02d}.{key}", relays=COPIERS[0], reason="it says so")

    assert copied.suspects().found == ()


@pytest.mark.slow
def test_a_suspicion_rests_on_what_was_public_and_on_what_was_recorded(copied: Tracker, clock: Clock) -> None:
    early = copied.suspects(as_of="2024-05-02")
    assert early.found == ()  # nobody else had spoken
    assert copied.why("road-00", as_of="2024-05-02").suspicions == ()
    clock.tick(days=1)
    for number in range(30):
        copied.withdraw(f"road-{number:02d}.echo-east", mistake=True, reason="another outlet of that name")

    [now] = copied.suspects().found
    [then] = copied.suspects(recorded_by="2026-11-22").found

    assert (now.members, then.members) == (COPIERS[1:], COPIERS)
