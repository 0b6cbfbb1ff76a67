"""Statuses as stored: which differences make another of one, and which are those of a machine."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tracker.store import statuses

if TYPE_CHECKING:
    from tracker.app import Tracker

STORED: dict[str, Any] = {
    "claim": "dam",
    "status": "probable",
    "likelihood": 0.7,
    "confidence": "low",
    "supporting_lines": 1,
    "opposing_lines": 0,
    "evidence": 1,
    "stale": False,
    "policy": "majority@1",
    "as_of": date(2026, 11, 22),
    "changes_on": None,
}


@pytest.mark.parametrize(
    "other",
    [
        {"status": "disputed"},
        {"likelihood": 0.7001},
        {"confidence": "moderate"},
        {"supporting_lines": 2},
        {"opposing_lines": 1},
        {"evidence": 2},
        {"stale": True},
        {"policy": "latest@1"},
        {"changes_on": date(2027, 1, 1)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_claim_stands_otherwise_where_anything_of_it_is_another(other: dict[str, Any]) -> None:
    assert not statuses.alike(STORED, {**STORED, **other})


def test_it_stands_the_same_on_another_day_and_another_machine() -> None:
    assert statuses.alike(STORED, {**STORED, "as_of": date(2026, 11, 23), "likelihood": 0.7 + 1e-12})


def test_a_word_that_is_said_again_is_counted_though_nothing_else_moves(tracker: Tracker) -> None:
    tracker.add_source("Paper", key="paper")
    tracker.add_claim("The dam burst", key="dam", kind="event")
    tracker.log("dam", source="paper", stance="supports", published="2026-01-02")
    before = tracker.status("dam")
    tracker.log("dam", source="paper", stance="supports", published="2026-01-03")
    after = tracker.status("dam")
    assert (after.likelihood, after.supporting_lines) == (before.likelihood, before.supporting_lines)
    with tracker.reading() as reader:
        stored = statuses.read(reader.connection)["dam"]
    assert (stored["evidence"], stored["seq"]) == (2, tracker.outcome.entries[-1].seq)
