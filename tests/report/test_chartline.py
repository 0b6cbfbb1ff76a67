"""The chart of one line: blocks from the first day to the last, or digits."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.pictures import step
from tracker.report.chartline import BLOCKS, CUTS, DIGITS, LONGEST, chart_line

STEPS = [
    step("2018-11-23", "unverified", 0.57),
    step("2018-12-31", "disputed", 0.3),
    step("2019-02-28", "refuted", 0.01),
]


def test_the_higher_the_likelier_with_the_days_at_both_ends():
    line = chart_line(STEPS, date(2019, 4, 1), 60)
    first, chart, last = line[:10], line[11:-11], line[-10:]
    assert (first, last) == ("2018-11-23", "2019-04-01")
    assert list(dict.fromkeys(chart)) == ["▅", "▃", "▁"]
    assert len(line) == 60


def test_years_without_a_change_are_a_dash():
    assert "┄" in chart_line(STEPS, date(2026, 11, 22), 80)
    assert "┄" not in chart_line(STEPS, date(2019, 4, 1), 80)


def test_where_there_are_no_blocks_it_is_tenths():
    chart = chart_line(STEPS, date(2026, 11, 22), 80, DIGITS)[11:-11]
    assert list(dict.fromkeys(chart)) == ["5", "3", "0", "~"]


def test_nothing_and_no_room_give_no_chart():
    assert chart_line([], date(2019, 4, 1), 80) == ""
    assert chart_line(STEPS, date(2019, 4, 1), 30) == ""
    assert chart_line(STEPS[:1], date(2018, 11, 23), 80) == ""


@given(
    st.lists(st.tuples(st.dates(), st.floats(0, 1)), min_size=1, max_size=9),
    st.dates(),
    st.integers(0, 200),
    st.sampled_from([BLOCKS, DIGITS]),
)
@examples(100)
def test_any_history_fits_any_width(found, until, width, levels):
    steps = [step(str(day), "disputed", likelihood) for day, likelihood in sorted(found)]
    line = chart_line(steps, until, width, levels)
    assert len(line) <= max(width, 0)
    assert not line or len(line) <= LONGEST + 22
    assert set(line[11:-11]) <= {*levels, CUTS[levels], " "}
