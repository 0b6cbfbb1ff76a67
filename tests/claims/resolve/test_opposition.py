"""Opposition: what stands against each claim, counted for wide ties as if each had its own list."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.resolve import opposition
from claims.resolve.opposition import Backing, Opponents
from claims.resolve.rules.spans import share_later
from claims.resolve.ties import Lifetime, Rivals, Tie
from tests.support.examples import examples

KEYS = "abcdefgh"
INDEX = {key: number for number, key in enumerate(KEYS)}


@st.composite
def ties(draw):
    kind = draw(st.sampled_from(("tie", "rivals", "lifetime")))
    members = draw(st.permutations(KEYS))
    if kind == "tie":
        return Tie("contradicts", members[0], members[1], 5.0, "")
    cut = draw(st.integers(1, 4))
    if kind == "rivals":
        answers = (tuple(members[:cut]), tuple(members[cut : cut + 2]), tuple(members[cut + 2 : cut + 3]))
        return Rivals("one-answer", "who", answers, 6.0, 0.0, "")
    days = [
        (first, first + draw(st.integers(0, 3))) for first in draw(st.lists(st.integers(0, 9), min_size=6))
    ]
    signs = members[cut : cut + 2]
    pairs = st.sampled_from((frozenset(), frozenset({(members[0], signs[0])})))
    together = draw(st.sampled_from((frozenset(), frozenset({(signs[-1], members[cut - 1])}))))
    undated = draw(st.sampled_from((frozenset(), frozenset({members[0]}))))
    again = draw(st.sampled_from((0.0, 6.0)))
    died = tuple(sorted(days[:cut], key=sum))
    return Lifetime(
        *("life", "someone", tuple(members[:cut]), tuple(signs), died, tuple(days[4:6]), 6.0, ""),
        *(draw(pairs), again, undated, together),
    )


@st.composite
def backings(draw):
    lines = [frozenset(draw(st.lists(st.sampled_from("uvwxyz"), max_size=3))) for _ in KEYS]
    return Backing(lines, [draw(st.integers(0, 3)) for _ in KEYS], [draw(st.booleans()) for _ in KEYS])


@given(
    st.lists(ties(), max_size=4), backings(), st.sampled_from((0, 1, 64)), st.permutations(range(len(KEYS)))
)
@examples(200)
def test_what_is_counted_for_all_at_once_is_what_each_list_of_opponents_gives(found, backing, few, order):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opposition, "FEW", few)
        check(Opponents(found, INDEX), backing, order)


def check(opponents: Opponents, backing: Backing, order: list[int]) -> None:
    """What is counted for all at once is what each list of opponents gives."""
    for number in range(len(KEYS)):
        against = opponents[number]
        beside = {"u", "own"}
        assert number not in against
        assert all(opponents.opposed(number, other) == (other in against) for other in range(len(KEYS)))
        in_order = [other for other in order if other in against]
        assert opponents.among(order).of(number, 8) == in_order
        assert opponents.among(order).of(number, 2) == in_order[:2]
        behind = {name for other in against for name in backing.lines[other]}
        assert opponents.lines(number, beside, backing) == len(beside | behind)
        assert opponents.pieces(number, backing) == sum(backing.pieces[other] for other in against)
        assert opponents.good(number, backing) == any(backing.good[other] for other in against)
    having_some = {number for number in range(len(KEYS)) if opponents[number]}
    assert set(opponents) == having_some
    pieces = np.array([backing.pieces, backing.pieces[::-1]]).T
    good = np.array([backing.good, backing.good[::-1]]).T
    for values in (pieces, good):
        largest = opponents.largest(values)
        for number in having_some:
            assert (largest(number) == values[sorted(opponents[number])].max(axis=0)).all()


@given(st.lists(ties(), max_size=4))
@examples(100)
def test_who_is_opposed_opposes(found):
    opponents = Opponents(found, INDEX)
    for number in range(len(KEYS)):
        assert all(number in opponents[other] for other in opponents[number])


def test_answers_oppose_other_answers_and_not_their_own_kind():
    found = Opponents([Rivals("one-answer", "who", (("a", "b"), ("c",)), 6.0, 0.0, "")], INDEX)
    assert [found[number] for number in range(4)] == [{2}, {2}, {0, 1}, set()]


day_ranges = st.tuples(st.integers(0, 30), st.integers(0, 12)).map(lambda it: (it[0], it[0] + it[1]))


@given(day_ranges, day_ranges)
def test_a_sign_of_life_probably_came_later_just_where_its_days_taken_together_do(seen, died):
    """So that the opponents of a death are all signs of life beyond a place in one order."""
    assert (share_later(seen, died) >= 0.5) == (sum(seen) > sum(died))
