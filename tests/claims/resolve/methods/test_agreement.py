"""What reports of one number come to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.counts import check_count
from claims.resolve.methods.agreement import Reported, overlap, toll
from tests.claims.builders import day


def reported(
    text: str, line: str = "", on: str = "2019-01-01", weight: float = 1.0, claim: str = ""
) -> Reported:
    count = check_count(text)
    low, high = (count.best, count.best) if count.low is count.high is None else (count.low, count.high)
    return Reported(claim or text, line or text, low, count.best, high, day(on), weight)


@pytest.mark.parametrize(
    ("reports", "agreed"),
    [
        (["12"], ["12"]),
        (["12", "12 (10-15)", "11-14"], ["10–15, best 12"]),
        (["5", "148", "165-180", "160-170"], ["160–180, best 165"]),
        (["5", "148"], ["148", "5"]),
        (["at least 10", "12-16"], ["12–16, best 14"]),
        (["at least 10", "up to 20"], ["10–20"]),
        ([], []),
    ],
)
def test_the_range_on_which_most_agree(reports, agreed):
    assert sorted(each.words for each in toll([reported(text) for text in reports])) == agreed


def test_a_newer_number_of_the_same_line_takes_the_place_of_the_older():
    first, second = reported("5", "army"), reported("40", "army", "2019-01-03")
    assert [each.words for each in toll([first, second])] == ["40"]


def test_of_a_toll_that_can_only_grow_older_reports_are_lower_bounds():
    reports = [reported("5"), reported("12", on="2019-01-02"), reported("15", on="2019-01-05")]
    assert [each.words for each in toll(reports, cumulative=True)] == ["15"]
    assert len(toll(reports)) == 3


def test_weight_decides_and_not_the_number_of_reports():
    heavy, light = reported("10", weight=3.0), [reported("20", f"l{n}") for n in range(2)]
    assert [each.words for each in toll([heavy, *light])] == ["10"]


@pytest.mark.parametrize(
    ("agreed", "other", "share"),
    [
        ("10-15", "12", 1),
        ("10-15", "14-17", 2 / 4),
        ("10-15", "0-100", 1),
        ("10-15", "20", 0),
        ("10-15", "at least 14", 2 / 6),
        ("at least 3", "more than 9", 1),
        ("1.5-2.5", "2.5-3.5", 0),
    ],
)
def test_how_far_two_ranges_are_the_same(agreed, other, share):
    (one,), it = toll([reported(agreed)]), reported(other)
    assert overlap(one, it.low, it.high) == pytest.approx(share)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), min_size=1, max_size=6), st.randoms())
def test_the_order_of_reports_does_not_matter_and_the_best_lies_in_the_range(pairs, chance):
    reports = [reported(f"{low}-{low + more}", f"l{n}") for n, (low, more) in enumerate(pairs)]
    agreed = toll(reports)
    mixed = list(reports)
    chance.shuffle(mixed)
    assert toll(mixed) == agreed
    for each in agreed:
        assert Decimal(0) <= each.low <= each.best <= each.high
