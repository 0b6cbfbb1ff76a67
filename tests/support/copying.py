"""A newsroom in which some outlets repeat each other's errors, all of them invented."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.app import Tracker

COPIERS = ("echo-east", "echo-north", "echo-south")
OTHERS = ("hill-post", "lake-post", "moor-post", "port-post", "vale-post", "wood-post")
CLAIMS = 30


def tell(tracker: Tracker, *, copying: bool) -> None:
    """Thirty closures of roads, half of them real. Three outlets say the same of each of them: what the
    one that they copy says, who is right half of the time; or, without ``copying``, each says what
    it found, and is right four times in five, like the others."""
    chance = Random(7)
    with tracker.act():
        for key in (*COPIERS, *OTHERS):
            tracker.add_source(key.replace("-", " ").title(), key=key, type="outlet")
        for number in range(CLAIMS):
            claim = f"road-{number:02d}"
            tracker.add_claim(f"Road {number} is closed", key=claim, kind="event", when="2024-05-01")
            closed = chance.random() < 0.5
            copied = chance.random() < 0.5
            for source in COPIERS:
                found = copied if copying else (chance.random() < 0.8) == closed
                _say(tracker, claim, source, found, "2024-05-02")
            for source in chance.sample(OTHERS, 4):
                _say(tracker, claim, source, (chance.random() < 0.8) == closed, "2024-05-03")


def _say(tracker: Tracker, claim: str, source: str, closed: bool, day: str) -> None:
    tracker.log(claim, source=source, stance="supports" if closed else "denies", published=day)
