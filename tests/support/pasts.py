"""Questions about the past: answered in part, in whole, or not at all; and a story to ask about."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tracker.app import pastlists, replay, searching
from tracker.app.partial import Part
from tracker.store import copies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Clock
    from tracker.app import Tracker


@contextmanager
def whole_replays() -> Iterator[None]:
    """The reference: every question about the past replays all of the journal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Part, "bring_bearing", lambda *_: False)
        patch.setattr(Part, "bring_ever", lambda *_: False)
        patch.setattr(pastlists, "entity_then", lambda *_: None)
        patch.setattr(replay, "entries_about", lambda *_: None)
        patch.setattr(searching, "search_then", lambda *_: None)
        yield


@contextmanager
def very_many_cases() -> Iterator[None]:
    """As if every source had spoken on more claims than can be brought."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Part, "bring_records", lambda *_: False)
        patch.setattr(Part, "bring_said_by", lambda *_: False)
        yield


@contextmanager
def no_whole_replay() -> Iterator[None]:
    """Fails where a question about the past replays all of the journal."""

    def refuse(*_: object) -> None:
        raise AssertionError("the whole journal was replayed")

    made = copies.in_memory

    def of_a_part(*, whole: bool = True) -> Any:
        return refuse() if whole else made(whole=whole)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "replayed", refuse)
        patch.setattr(copies, "in_memory", of_a_part)
        yield


def tell_lives(tracker: Tracker, clock: Clock) -> Tracker:
    """A death and a sign of life that moves it, and other people's claims; then all is changed around."""
    tracker.add_source("The Gazette", key="gazette", type="outlet")
    tracker.add_source("The Post", key="post", type="outlet")
    for name in ("mayor", "baker"):
        tracker.add_entity(f"The {name}", key=name, type="person")
        tracker.add_claim(
            f"The {name} was killed", key=f"{name}-killed", kind="death", subject=name, when="2012"
        )
        tracker.log(f"{name}-killed", source="gazette", stance="supports", published="2013")
    clock.tick(days=1)
    tracker.add_claim(
        "The mayor was seen", key="mayor-seen", kind="sign-of-life", subject="mayor", when="2014"
    )
    tracker.log("mayor-seen", source="post", stance="supports", published="2014", basis="witnessed")
    clock.tick(days=1)
    tracker.revise_claim("mayor-seen", subject="baker", reason="another man")
    tracker.revise_entity("mayor", name="The late mayor", reason="as he is called")
    tracker.withdraw_record("baker-killed", reason="by mistake")
    return tracker
