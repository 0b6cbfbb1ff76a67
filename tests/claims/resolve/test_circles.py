"""Circles: which claims can move each other, and which must be resolved first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.resolve.circles import circles
from tests.support.examples import examples


@pytest.mark.parametrize(
    ("count", "moves", "found"),
    [
        (0, [], []),
        (2, [(0, 1)], [[0], [1]]),
        (2, [(1, 0)], [[1], [0]]),
        (2, [(0, 1), (1, 0)], [[0, 1]]),
        (3, [(2, 1), (1, 0)], [[2], [1], [0]]),
        (4, [(0, 1), (1, 2), (2, 0), (3, 0)], [[3], [0, 1, 2]]),
        (1, [(0, 0)], [[0]]),
    ],
)
def test_those_that_move_come_before_those_that_are_moved(count, moves, found):
    assert circles(count, moves) == found


def reachable(start, moves):
    found = {start}
    while fresh := {moved for mover, moved in moves if mover in found} - found:
        found |= fresh
    return found


@given(
    st.integers(1, 8).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, n - 1)] * 2)))
    )
)
@examples(150)
def test_two_claims_share_a_circle_if_and_only_if_each_can_move_the_other(graph):
    count, moves = graph
    found = circles(count, moves)
    place = {number: at for at, members in enumerate(found) for number in members}
    assert sorted(place) == list(range(count)) == sorted(number for members in found for number in members)
    for one in range(count):
        for other in reachable(one, moves):
            assert place[one] <= place[other]
            assert (place[one] == place[other]) == (one in reachable(other, moves))


def test_a_chain_as_long_as_any_does_not_exhaust_the_stack():
    assert len(circles(50_000, [(number, number + 1) for number in range(49_999)])) == 50_000
