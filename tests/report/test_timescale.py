"""The scale of time: in order, without overlap, and with the long silences cut out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import examples
from tracker.report.timescale import day_words, moment_of, scale_of, ticks_of


def scale(*days: str):
    return scale_of([moment_of(date.fromisoformat(day)) for day in days], 0, 1000, cut=40, least=80)


def labels(*days: str) -> list[str]:
    return [tick.label for tick in sorted(ticks_of(scale(*days), 80), key=lambda tick: tick.at)]


def test_years_of_silence_are_cut_so_that_the_weeks_before_can_be_seen():
    found = scale("2018-11-23", "2018-12-10", "2019-02-28", "2026-11-22")
    assert len(found.cuts) == 1
    weeks = found(moment_of("2019-02-28")) - found(moment_of("2018-11-23"))
    assert weeks > 700


def test_what_is_spread_evenly_is_not_cut():
    assert scale("2015-01-01", "2016-01-01", "2017-03-01", "2018-02-01").cuts == ()


def test_a_silence_in_the_middle_is_cut_where_it_dwarfs_all_else():
    assert len(scale("2010-01-01", "2010-01-20", "2024-01-01", "2024-02-01").cuts) == 1


def test_a_single_day_lies_in_the_middle():
    assert scale("2018-11-23")(moment_of("2018-11-23")) == pytest.approx(500)
    assert labels("2018-11-23") == ["23 Nov 2018"]


def test_ticks_are_round_and_fine_enough():
    assert labels("2018-09-01", "2019-05-31")[:2] == ["Sep 2018", "Oct 2018"]
    assert labels("2001-02-01", "2023-02-01")[:2] == ["2002", "2004"]
    assert labels("2018-11-20", "2018-11-27")[0] == "20 Nov 2018"
    assert labels("2018-11-23", "2018-11-30", "2026-11-22")[-1] == "22 Nov 2026"


def test_a_moment_of_the_journal_is_a_part_of_its_day():
    assert moment_of("2024-01-01T12:00:00Z") == moment_of("2024-01-01") + 0.5
    assert day_words(date(2018, 12, 3)) == "3 Dec 2018"


@given(st.lists(st.floats(1, 3652059), min_size=1, max_size=12))
@examples(200)
def test_later_never_lies_before_earlier_and_all_lie_on_the_line(moments):
    found = scale_of(moments, 10, 500, cut=20, least=60)
    places = [found(moment) for moment in sorted(moments)]
    assert places == sorted(places)
    assert all(10 <= place <= 500 for place in places)
    assert found.right == pytest.approx(500)
    assert all(10 <= tick.at <= 500 for tick in ticks_of(found, 60))
