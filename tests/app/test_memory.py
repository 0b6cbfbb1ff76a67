"""What an open tracker remembers from one act to the next is what it would read anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import FutureDate
from claims.resolve.courses import Fares
from tracker.app import memory, open_tracker
from tracker.app.memory import Known
from tracker.app.policies import load_policy
from tracker.store import fares

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.store.database import Connection


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources whose cases are read, in turn."""
    found: list[str] = []
    read = fares.read_fares

    def noted(connection: Connection, sources: list[str], **how: Any) -> Any:
        found.extend(sources)
        return read(connection, sources, **how)

    monkeypatch.setattr(fares, "read_fares", noted)
    return found


@pytest.fixture
def desk(tracker: Tracker) -> Tracker:
    """A tracker in which the paper was right of two claims, and speaks on others that are open."""
    tracker.add_source("Paper", key="paper")
    for key in ("first", "second", "third", "open", "other"):
        tracker.add_claim(f"The claim {key}", key=key, kind="event")
    for key in ("first", "second", "third"):
        tracker.log(key, source="paper", stance="supports", published="2026-01-01")
    for key in ("first", "second"):
        tracker.assess(key, "confirmed", reason="seen")
    log(tracker, "open")
    return tracker


def log(tracker: Tracker, claim: str) -> None:
    tracker.log(claim, source="paper", stance="supports", published="2026-01-02")


@pytest.mark.on_both
def test_records_that_nobody_has_altered_are_not_read_again(desk: Tracker, asked: list[str]) -> None:
    log(desk, "other")
    log(desk, "open")
    assert asked == []
    assert desk.audit().problems == ()


@pytest.mark.on_both
def test_what_another_tracker_has_recorded_is_read(desk: Tracker, asked: list[str]) -> None:
    with open_tracker(desk.database.url, author="another") as another:
        another.assess("third", "refuted", reason="it was not so")
    before = len(asked)
    log(desk, "other")
    assert asked[before:] == ["paper"]
    assert desk.audit().problems == ()


def test_a_record_that_an_act_alters_is_read_for_those_whom_it_touches(
    desk: Tracker, asked: list[str]
) -> None:
    desk.assess("third", "refuted", reason="it was not so")
    assert "paper" in asked
    before = len(asked)
    log(desk, "other")
    assert asked[before:] == []
    assert desk.audit().problems == ()


def test_nothing_is_known_after_an_act_that_was_not_kept(desk: Tracker, asked: list[str]) -> None:
    with pytest.raises(FutureDate):
        desk.log("other", source="paper", stance="supports", published="2999-01-01")
    log(desk, "other")
    assert asked == ["paper"]


def test_nothing_is_known_after_a_rehearsal(desk: Tracker, asked: list[str]) -> None:
    desk.dry_run = True
    desk.assess("third", "refuted", reason="it was not so")
    desk.dry_run = False
    before = len(asked)
    log(desk, "other")
    assert asked[before:] == ["paper"]
    assert desk.audit().problems == ()


def test_policies_are_known_as_long_as_they_say_the_same_and_no_case_chooses_another(desk: Tracker) -> None:
    own = load_policy()
    known = Known(policies={own.label: own})
    assert known.has_policies(own.label)
    assert not known.has_policies("latest@1")
    assert not Known(policies={own.label: replace(own, provenance="another file")}).has_policies(own.label)
    desk.add_case("inquiry", policy="latest@1")
    assert not known.after(desk.outcome.entries).has_policies(own.label)


def test_no_more_is_held_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "ROOM", 3)
    known = Known()
    known.learn({"paper": Fares.of([(0, 3, [730_000, 730_001], [])])})
    assert known.after([]).fares
    known.learn({"radio": None})
    assert known.after([]).fares == {}
