"""Intervals: every pair that is apart is found as rivals, and no other."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from claims.counts import check_count
from claims.resolve.rules.intervals import apart, groups_apart, of_count, of_days, rivals_apart
from tests.claims.builders import day
from tests.support.examples import examples

COUNTS = (
    "5",
    "12",
    "10-15",
    "about 12",
    "at least 14",
    "up to 11",
    "more than 12",
    "less than 12",
    "148 (100-200)",
)


def test_a_bound_that_excludes_its_number_lies_beside_it():
    above, below, number = (of_count(check_count(text)) for text in ("more than 12", "less than 12", "12"))
    assert apart(above, number)
    assert apart(below, number)
    assert apart(above, below)
    assert not apart(of_count(check_count("at least 12")), number)


def test_an_open_end_has_all_days():
    assert not apart(of_days(None, None), of_days(day("2018-11-23"), day("2018-11-23")))
    assert not apart(of_days(None, day("2018-11-23")), of_days(day("2018-11-23"), None))
    assert apart(of_days(None, day("2018-11-22")), of_days(day("2018-11-23"), None))


def test_those_of_one_group_overlap_directly_or_through_others():
    ranges = {
        key: of_count(check_count(text))
        for key, text in zip("abcd", ("5", "10-15", "12", "14-20"), strict=True)
    }
    assert groups_apart(ranges) == [["a"], ["b", "c", "d"]]


@given(st.lists(st.sampled_from(COUNTS), min_size=1, max_size=9))
@examples(200)
def test_two_are_rivals_just_where_they_have_no_value_in_common(texts):
    ranges = {f"c{number}": of_count(check_count(text)) for number, text in enumerate(texts)}
    found = list(rivals_apart("numbers", "q", ranges, 1.0, str))
    for one, other in combinations(sorted(ranges), 2):
        parted = [
            tie
            for tie in found
            if any(one in a and other in b for a in tie.answers for b in tie.answers if a != b)
        ]
        assert bool(parted) == apart(ranges[one], ranges[other])
        assert len(parted) <= 1, "no pair is tied twice"
