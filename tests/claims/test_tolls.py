"""Tolls: what several counts of one thing come to, and whether a toll fell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.counts import check_count
from claims.tolls import Fall, Reading, toll_of
from tests.support.examples import examples


def reading(claim, value, day, *sources, likelihood=0.6, **fields):
    """A count that sources gave on a day of May 2024."""
    said = dict.fromkeys(sources or (f"source of {claim}",), date(2024, 5, day))
    return Reading(claim=claim, count=check_count(value), likelihood=likelihood, sources=said, **fields)


def toll(*readings, cumulative=False):
    return toll_of(readings, cumulative=cumulative)


def numbers(found):
    return tuple(None if each is None else int(each) for each in (found.low, found.best, found.high))


def test_ranges_that_overlap_agree_on_what_they_share():
    found = toll(reading("a", "12", 1), reading("b", "10-15", 2))
    assert numbers(found) == (10, 12, 15)
    assert found.agreed == (12, 12)


def test_without_a_best_value_it_is_the_middle_of_what_most_agree_on():
    found = toll(reading("a", "10-20", 1), reading("b", "16-30", 2))
    assert numbers(found) == (10, 18, 30)
    assert found.agreed == (16, 20)


def test_where_as_much_speaks_for_one_as_for_the_other_there_is_no_best():
    found = toll(reading("a", "12", 1), reading("b", "15", 2))
    assert numbers(found) == (12, None, 15)


def test_the_likelier_of_two_that_do_not_overlap_gives_the_best():
    assert numbers(toll(reading("a", "12", 1, likelihood=0.7), reading("b", "15", 2))) == (12, 12, 15)


def test_an_open_end_stays_open():
    assert numbers(toll(reading("a", "at least 5", 1), reading("b", "15", 2))) == (5, 15, None)


@pytest.mark.parametrize("most", [0.9, 0.3])
def test_what_is_less_than_half_as_likely_as_the_likeliest_is_set_aside(most):
    found = toll(reading("a", "12", 1, likelihood=most), reading("b", "500", 2, likelihood=0.4 * most))
    assert (numbers(found), found.unlikely) == ((12, 12, 12), ("b",))
    found = toll(reading("a", "12", 1, likelihood=most), reading("b", "500", 2, likelihood=0.6 * most))
    assert (numbers(found), found.unlikely) == ((12, 12, 500), ())


def test_a_newer_figure_of_a_source_revises_its_older_one():
    found = toll(reading("a", "12", 1, "ministry"), reading("b", "14", 3, "ministry"))
    assert numbers(found) == (14, 14, 14)
    assert found.revised == {"a": "b"}


def test_a_figure_that_another_source_stands_by_is_not_revised():
    old = reading("a", "12", 1, "ministry", "witness")
    found = toll(old, reading("b", "14", 3, "ministry"))
    assert numbers(found) == (12, None, 14)
    assert found.revised == {}


def test_a_count_that_nobody_supports_is_none():
    silent = Reading(claim="a", count=check_count("12"), likelihood=0.5, sources={})
    assert toll(silent) is None
    assert toll() is None


# Tolls over days


def test_a_toll_that_grows_is_what_it_last_was():
    found = toll(reading("a", "5", 1), reading("b", "148", 2), cumulative=True)
    assert numbers(found) == (148, 148, 148)
    assert (found.revised, found.falls) == ({"a": "b"}, ())


def test_an_unlikely_newer_number_outgrows_nothing():
    found = toll(reading("a", "5", 1), reading("b", "148", 2, likelihood=0.2), cumulative=True)
    assert (numbers(found), found.unlikely) == ((5, 5, 5), ("b",))


def test_newer_numbers_that_exclude_each_other_outgrow_an_old_one_together():
    newer = [reading("b", "165-180", 4, likelihood=0.3), reading("c", "160", 9, likelihood=0.3)]
    found = toll(reading("a", "148", 1, likelihood=0.7), *newer, cumulative=True)
    assert (numbers(found), found.revised) == ((160, None, 180), {"a": "c"})


def test_a_toll_that_falls_is_noticed():
    days = (("a", "5", 1), ("b", "148", 2), ("c", "165-180", 4), ("d", "160", 9))
    found = toll(*(reading(*each) for each in days), cumulative=True)
    assert found.falls == (Fall("c", "d"),)
    assert found.standing == ("c", "d")
    assert (found.low, found.high) == (160, 180)


@pytest.mark.parametrize("later", ["165", "160-170", "at least 100", "about 160"])
def test_a_range_that_overlaps_is_no_fall(later):
    found = toll(reading("a", "165-180", 4), reading("b", later, 9), cumulative=True)
    assert found.falls == ()


def test_nothing_falls_where_numbers_are_not_of_one_growing_thing():
    assert toll(reading("a", "165-180", 4), reading("b", "160", 9)).falls == ()


def test_the_day_that_a_count_is_of_comes_before_the_day_on_which_it_was_given():
    late = reading("a", "5", 20, on=date(2024, 5, 1))
    assert toll(late, reading("b", "148", 2), cumulative=True).falls == ()


COUNTS = st.sampled_from(("5", "12", "10-15", "at least 9", "up to 14", "about 12", "more than 12"))
READINGS = st.lists(
    st.builds(
        Reading,
        claim=st.sampled_from("abcdef"),
        count=COUNTS.map(check_count),
        likelihood=st.sampled_from((0.1, 0.5, 0.6, 0.9)),
        on=st.none(),
        sources=st.dictionaries(
            st.sampled_from("xyz"), st.integers(1, 9).map(lambda day: date(2024, 5, day)), max_size=2
        ),
    ),
    unique_by=lambda each: each.claim,
    max_size=6,
)


@given(READINGS, st.booleans(), st.randoms(use_true_random=False))
@examples(200)
def test_whatever_was_counted_the_numbers_are_in_order_and_the_order_of_logging_does_not_matter(
    readings, cumulative, random
):
    found = toll_of(readings, cumulative=cumulative)
    shuffled = list(readings)
    random.shuffle(shuffled)
    assert toll_of(shuffled, cumulative=cumulative) == found
    if found is None:
        return
    known = [value for value in (found.low, found.best, found.high) if value is not None]
    assert known == sorted(known)
    assert all(isinstance(value, Decimal) for value in known)
    used = {*found.standing, *found.revised, *found.unlikely}
    assert used == {each.claim for each in readings if each.sources}
