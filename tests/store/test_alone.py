"""Which claims stand by themselves, which are rival answers, and what their cases say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tracker.app.policies import load_policy
from tracker.store.alone import alone

if TYPE_CHECKING:
    from tracker.app import Tracker

PLACES = ("North", "South")


@pytest.fixture
def desk(tracker: Tracker) -> Tracker:
    """Two rival answers to a question, and a claim that nothing ties."""
    tracker.add_question("Where was he?", key="where")
    for place in PLACES:
        key = place.lower()
        tracker.add_claim(f"He was in the {place}", key=key, kind="other", question="where", value=place)
    tracker.add_claim("The bridge fell", key="fell", kind="event")
    return tracker


def found(tracker: Tracker) -> tuple[list[str], list[list[str]]]:
    """The claims by themselves, and the answers to each simple question."""
    with tracker.reading() as reader:
        each = alone(reader.connection, ["fell", "north", "south"], load_policy())
    return [row.key for row in each.claims], [[row.key for row in one.claims] for one in each.questions]


def test_claims_in_no_case_go_by_the_policy_of_all(desk: Tracker) -> None:
    assert found(desk) == (["fell"], [["north", "south"]])


@pytest.mark.parametrize(
    ("terms", "by_themselves"),
    [
        ({}, ["fell"]),
        ({"policy": "latest@1"}, []),
        ({"rules_off": ["one-answer"]}, ["fell"]),  # rules are of no matter to what nothing ties
    ],
    ids=["none", "a policy", "a rule left out"],
)
def test_a_case_that_has_terms_of_its_own_has_no_simple_question(
    desk: Tracker, terms: dict[str, Any], by_themselves: list[str]
) -> None:
    desk.add_case("inquiry", **terms)
    desk.revise_claim("fell", case="inquiry", reason="it belongs there")
    desk.revise_claim("south", case="inquiry", reason="it belongs there")
    assert found(desk) == (by_themselves, [] if terms else [["north", "south"]])


def test_what_was_withdrawn_stands_nowhere(desk: Tracker) -> None:
    desk.withdraw_record("fell", what="claim", reason="a mistake")
    desk.withdraw_record("south", what="claim", reason="a mistake")
    assert found(desk) == ([], [])
