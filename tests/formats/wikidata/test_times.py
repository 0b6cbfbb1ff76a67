"""Times of Wikidata as uncertain dates, with their precision and calendar, and back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.dates import from_edtf
from tests.support.examples import examples
from tracker.formats.wikidata import times
from tracker.formats.wikidata.times import Told


def T(text: str) -> str:  # noqa: N802 - short, for tables
    time, _, precision = text.partition("/")
    return f"{time}T00:00:00Z/{precision}"


EXACT = [
    # a time, its EDTF, its words
    ("+2016-12-31/11", "2016-12-31", "2016-12-31"),
    ("+2016-12-00/10", "2016-12", "2016-12"),
    ("+2016-00-00/9", "2016", "2016"),
    ("+2010-00-00/8", "201X", "2010s"),
    ("+1900-00-00/7", "[1801..1900]", "19th century"),
    ("+2000-00-00/6", "[1001..2000]", "2nd millennium"),
    ("-0044-03-15/11", "-0043-03-15", "0044-03-15 BC"),
    ("-0001-00-00/9", "0000", "0001 BC"),
    ("+12000-00-00/9", "Y12000", "Y12000"),
]
ROUGH = [
    # the day and the month of a year mean nothing, and the last digits of a decade or a century neither
    ("+2016-01-01/9", "2016", "2016"),
    ("+2015-01-01/8", "201X", "2010s"),
    ("+1901-01-01/7", "[1901..2000]", "20th century"),
    ("+1812-00-00/7", "[1801..1900]", "19th century"),
    ("+2016-12-31/14", "2016-12-31", "2016-12-31"),
    ("-0050-00-00/8", "[-0058..-0049]", "50s BC"),
    ("-0500-00-00/7", "[-0499..-0400]", "5th century BC"),
    # the Julian calendar: Caesar's murder, and the first month of the revolution of 1905
    ("-0044-03-15/11/J", "-0043-03-13", "0044-03-15 BC (Julian calendar)"),
    ("+1452-04-15/11/J", "1452-04-24", "1452-04-15 (Julian calendar)"),
    ("+1905-01-00/10/J", "[1905-01-14..1905-02-13]", "1905-01 (Julian calendar)"),
    ("+1905-12-00/10/J", "[1905-12-14..1906-01-13]", "1905-12 (Julian calendar)"),
    ("+1452-00-00/9/J", "1452", "1452 (Julian calendar)"),
]
NONE = [
    "+0000-00-00/9",
    "+2016-13-01/11",
    "+2016-02-30/11",
    "+2016-00-00/11",
    "-13798000000-00-00/3",
    "+2016-21-00/10",
]


@pytest.mark.parametrize(("time", "edtf", "words"), EXACT + ROUGH)
def test_a_time_is_a_date(time: str, edtf: str, words: str) -> None:
    when = times.when_of(T(time))
    assert when is not None
    assert (when.edtf, when.words) == (edtf, words)


@pytest.mark.parametrize(("time", "edtf", "_words"), EXACT)
def test_a_date_of_such_a_precision_is_that_time(time: str, edtf: str, _words: str) -> None:
    assert times.tell(from_edtf(edtf)) == Told(T(time))


@pytest.mark.parametrize("time", NONE)
def test_what_is_no_day_or_too_coarse_is_no_date(time: str) -> None:
    assert times.when_of(T(time)) is None


@given(st.dates(date(1, 1, 1), date(9998, 12, 31)), st.sampled_from([11, 10, 9]))
@examples(60)
def test_every_day_month_and_year_comes_back(day: date, precision: int) -> None:
    parts = [f"{day.year:04d}", f"{day.month:02d}", f"{day.day:02d}"]
    kept = [part if place < precision - 8 else "00" for place, part in enumerate(parts)]
    text = T(f"+{'-'.join(kept)}/{precision}")
    when = times.when_of(text)
    assert when is not None
    assert times.tell(when) == Told(text)


@given(st.dates(date(1, 3, 1), date(9998, 12, 31)))
@examples(60)
def test_julian_days_follow_each_other(day: date) -> None:
    """Day by day the two calendars run beside each other, and 1 March 200 to 28 February 300 are the same in
    both."""
    when = times.when_of(f"+{day.isoformat()}T00:00:00Z/11/J")
    assert when is not None
    assert when.earliest is not None
    centuries = (day.year if day.month > 2 else day.year - 1) // 100
    assert (when.earliest - day).days == centuries - centuries // 4 - 2


@pytest.mark.parametrize(
    ("edtf", "told"),
    [
        ("2016~", Told(T("+2016-00-00/9"), circa=True)),
        ("2016-12-31?", Told(T("+2016-12-31/11"), presumed=True)),
        ("2016%", Told(T("+2016-00-00/9"), circa=True, presumed=True)),
        ("[2016-03..2016-05-12]", Told(T("+2016-00-00/9"), T("+2016-03-00/10"), T("+2016-05-12/11"))),
        ("[2016-03-01..2016-03-12]", Told(T("+2016-03-00/10"), T("+2016-03-01/11"), T("+2016-03-12/11"))),
        ("[2011..2013]", Told(T("+2010-00-00/8"), T("+2011-00-00/9"), T("+2013-00-00/9"))),
        ("[2009..2013]", Told(T("+2100-00-00/7"), T("+2009-00-00/9"), T("+2013-00-00/9"))),
        ("[1999..2013]", Told("somevalue", T("+1999-00-00/9"), T("+2013-00-00/9"))),
        ("[2018-03..]", Told("somevalue", T("+2018-03-00/10"), None)),
        ("[..2018-03]", Told("somevalue", None, T("+2018-03-00/10"))),
        ("18XX", Told("somevalue", T("+1800-01-01/11"), T("+1899-12-31/11"))),
        ("2016-21", Told(T("+2016-00-00/9"), T("+2016-03-01/11"), T("+2016-05-31/11"))),
        ("Y-17E7", Told("somevalue")),
    ],
)
def test_other_dates_have_a_value_that_holds_them_and_bounds(edtf: str, told: Told) -> None:
    assert times.tell(from_edtf(edtf)) == told


@pytest.mark.parametrize(
    "edtf", ["2016~", "[2016-03..2016-05-12]", "[1999..2013]", "[2018-03..]", "[..2018]"]
)
def test_what_is_told_means_the_same(edtf: str) -> None:
    when = from_edtf(edtf)
    meant = times.qualified(times.tell(when))
    assert meant is not None
    assert (meant.earliest, meant.latest) == (when.earliest, when.latest)


def test_bounds_sharpen_a_value_and_are_not_heeded_where_they_contradict_it() -> None:
    main = T("+2017-00-00/9")
    inside = times.qualified(Told(main, T("+2017-03-00/10"), T("+2017-05-12/11")))
    open_end = times.qualified(Told(main, T("+2017-03-00/10")))
    outside = times.qualified(Told(main, T("+2019-00-00/9")))
    wrong_way = times.qualified(Told("somevalue", T("+2019-00-00/9"), T("+2017-00-00/9")))
    assert str(inside) == "[2017-03..2017-05-12]"
    assert str(open_end) == "[2017-03..2017-12-31]"
    assert str(outside) == "2017"
    assert wrong_way is None


def test_an_interval_has_a_start_and_an_end() -> None:
    assert str(times.span_of(T("+2001-05-00/10"), T("+2004-00-00/9"))) == "2001-05/2004"
    assert str(times.span_of(T("+2001-00-00/9"), None)) == "2001/.."
    assert str(times.span_of("somevalue", T("+2004-00-00/9"))) == "../2004"
    assert times.span_of("somevalue", "novalue") is None
    assert times.tell_span(from_edtf("2001-05/2004")) == (T("+2001-05-00/10"), T("+2004-00-00/9"))
    assert times.tell_span(from_edtf("2001/..")) == (T("+2001-00-00/9"), None)
    assert times.tell_span(from_edtf("2001")) is None


@given(st.text("+-0123456789TZ:/J", max_size=40))
@examples(60)
def test_no_text_breaks_it(text: str) -> None:
    times.when_of(text)
    times.when_of(f"+{text}T00:00:00Z/9")


@given(
    st.integers(1, 10**16 - 1),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 99),
    st.sampled_from(["+", "-"]),
    st.sampled_from(["", "/J"]),
)
@examples(100)
def test_no_numbers_break_it(
    year: int, month: int, day: int, precision: int, sign: str, calendar: str
) -> None:
    when = times.when_of(f"{sign}{year:04d}-{month:02d}-{day:02d}T00:00:00Z/{precision}{calendar}")
    if when is not None:
        times.tell(when)
