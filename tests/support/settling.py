"""A source whose words were settled by others, so that it has a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.app import Tracker


def settle(tracker: Tracker) -> None:
    """Four events that the army reports, of which three others confirm one and deny three."""
    for name in ("army", "group", "wire", "radio"):
        tracker.add_source(name, reliability="B" if name == "army" else None)
    for number in range(4):
        key = tracker.add_claim(f"Event {number} happened.", kind="event").key
        tracker.log(key, source="army", stance="supports", published=f"2020-01-{number + 1:02}")
        for other in ("group", "wire", "radio"):
            stance = "denies" if number else "supports"
            tracker.log(
                key, source=other, stance=stance, published="2020-02-01", credibility="1", basis="witnessed"
            )
