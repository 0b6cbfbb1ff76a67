"""The EDTF reader: values, their bounds, what is refused, and what other people's vectors and library say."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from claims.edtf import LONGEST, Precision, read
from claims.errors import BadDate
from tests.support.examples import examples
from tests.support.shared import shared

OPEN = ""

TABLE = """
    # level 0
    2018-11-23               | 2018-11-23 | 2018-11-23 | day
    2018-11                  | 2018-11-01 | 2018-11-30 | month
    2018                     | 2018-01-01 | 2018-12-31 | year
    2016-02                  | 2016-02-01 | 2016-02-29 | month
    1900-02                  | 1900-02-01 | 1900-02-28 | month
    0001                     | 0001-01-01 | 0001-12-31 | year
    9999-12-31               | 9999-12-31 | 9999-12-31 | day
    1964/2008                | 1964-01-01 | 2008-12-31 | interval
    2004-02-01/2005          | 2004-02-01 | 2005-12-31 | interval
    # level 1: approximate widens by one unit of the precision, uncertain by nothing
    2018-11-23~              | 2018-11-22 | 2018-11-24 | day
    2018-01-01~              | 2017-12-31 | 2018-01-02 | day
    2018-11~                 | 2018-10-01 | 2018-12-31 | month
    2018-12%                 | 2018-11-01 | 2019-01-31 | month
    2018~                    | 2017-01-01 | 2019-12-31 | year
    2018%                    | 2017-01-01 | 2019-12-31 | year
    2018?                    | 2018-01-01 | 2018-12-31 | year
    2018-11-23?              | 2018-11-23 | 2018-11-23 | day
    201X                     | 2010-01-01 | 2019-12-31 | decade
    201X~                    | 2000-01-01 | 2029-12-31 | decade
    20XX                     | 2000-01-01 | 2099-12-31 | century
    2018-XX                  | 2018-01-01 | 2018-12-31 | year
    2018-11-XX               | 2018-11-01 | 2018-11-30 | month
    2018-XX-XX               | 2018-01-01 | 2018-12-31 | year
    2018-21                  | 2018-03-01 | 2018-05-31 | season
    2018-22                  | 2018-06-01 | 2018-08-31 | season
    2018-23                  | 2018-09-01 | 2018-11-30 | season
    2018-24                  | 2018-12-01 | 2019-02-28 | season
    2018-21~                 | 2017-12-01 | 2018-08-31 | season
    2018/..                  | 2018-01-01 |            | open
    2018/                    | 2018-01-01 |            | open
    ../2018                  |            | 2018-12-31 | open
    /2018-11                 |            | 2018-11-30 | open
    ../..                    |            |            | open
    2017~/2018-06            | 2016-01-01 | 2018-06-30 | interval
    # level 2
    2018-29                  | 2018-09-01 | 2018-11-30 | season
    2018-30                  | 2018-12-01 | 2019-02-28 | season
    2018-36                  | 2018-10-01 | 2018-12-31 | season
    2018-39                  | 2018-09-01 | 2018-12-31 | season
    2018-41                  | 2018-07-01 | 2018-12-31 | season
    ~2018-11-23              | 2017-11-23 | 2019-11-23 | day
    2018~-11-23              | 2017-11-23 | 2019-11-23 | day
    2018-~11-23              | 2018-10-23 | 2018-12-23 | day
    2018-11~-23              | 2018-10-23 | 2018-12-23 | day
    2018-11-~23              | 2018-11-22 | 2018-11-24 | day
    ?2018-11-~23             | 2018-11-22 | 2018-11-24 | day
    2016~-02-29              | 2015-02-28 | 2017-02-28 | day
    156X-12-25               | 1560-12-25 | 1569-12-25 | decade
    1XXX-12                  | 1000-12-01 | 1999-12-31 | unknown
    2018-1X                  | 2018-10-01 | 2018-12-31 | year
    2018-X1-3X               | 2018-01-30 | 2018-11-30 | year
    2018-XX-31               | 2018-01-31 | 2018-12-31 | year
    19XX-02-29               | 1904-02-29 | 1996-02-29 | century
    XXXX-12-25               |            |            | unknown
    [2018-09..2018-12]       | 2018-09-01 | 2018-12-31 | set
    [2011,2012]              | 2011-01-01 | 2012-12-31 | set
    {1960,1961-12}           | 1960-01-01 | 1961-12-31 | set
    [1667,1668,1670..1672]   | 1667-01-01 | 1672-12-31 | set
    [..2017-12-31]           |            | 2017-12-31 | open
    [2018-11-24..]           | 2018-11-24 |            | open
    [2018-09~..2018-12~]     | 2018-08-01 | 2019-01-31 | set
    1950S2                   | 1900-01-01 | 1999-12-31 | year
    Y19E2                    | 1900-01-01 | 1900-12-31 | year
    # years without days here: valid, with bounds unknown
    -0044-03-15              |            |            | day
    0000                     |            |            | year
    -0043/0014               |            | 0014-12-31 | interval
    9999~                    | 9998-01-01 |            | year
    0001~                    |            | 0002-12-31 | year
    Y170000002               |            |            | year
    Y-17E7                   |            |            | year
"""


def rows(table: str) -> list[tuple[str, ...]]:
    lines = (line.strip() for line in table.splitlines())
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines if line and line[0] != "#"]


@pytest.mark.parametrize(("value", "earliest", "latest", "precision"), rows(TABLE))
def test_bounds_and_precision(value: str, earliest: str, latest: str, precision: Precision) -> None:
    reading = read(value)
    assert (str(reading.earliest or OPEN), str(reading.latest or OPEN)) == (earliest, latest)
    assert reading.precision == precision
    assert reading.text == value


@pytest.mark.parametrize("time", ["T10:00:00", "T23:59:59Z", "T10:00:00+02:00", "T10:00:00-05"])
def test_a_time_is_dropped_and_the_day_is_the_one_written(time: str) -> None:
    assert read("2018-11-23" + time) == read("2018-11-23")


REFUSED = """
    18  201  20181  2018-1  2018-13  2018-20  2018-42  2018-00  2018-11-00  2018-11-31  2019-02-29
    1900-02-29  2018-21-01  2018-2X  2018-02-3X  19X1-02-29  2018-11-5X  -0000  -XXXX  ~  2018~~  2018~?
    2018-11-23T10:00  2018-11-23T24:00:00  2018-11T10:00:00  2018–11  ٢٠١٨
    /  2018//2019  2019/2018  2018/2019/2020  2018/19  2018-11-23T10:00:00/2019  2018-11-15/2018-11
    [  []  [..]  [2018  {2018]  [2018,,2019]  [2019..2018]  [2018,..2019]  [2017..,2019]  [2018/2019]
    [[2018]]  Y2018  Y  YE5  Y1E99  2018S  2018S0  -0000S1  Y170000002/Y170000003
"""
NASTY = [
    "",
    " ",
    " 2018",
    "2018 ",
    "2018\n",
    "[2018, 2019]",
    "2018\x00",
    "\ud800",
    "\uff12\uff10\uff11\uff18",
]
LONG = ["9" * 10_000, "Y" + "9" * 400, "[" * 400, "[" + "2018," * 5000 + "2018]"]


@pytest.mark.parametrize("value", REFUSED.split() + NASTY + LONG)
def test_refused_with_the_value_named(value: str) -> None:
    with pytest.raises(BadDate) as caught:
        read(value)
    assert repr(value)[1:40] in caught.value.message
    assert len(caught.value.message) < 600
    assert caught.value.hint


def test_unspecified_digits_are_searched_quickly() -> None:
    many = ",".join(["XXX1-02-29"] * (LONGEST // 11 - 1))
    with pytest.raises(BadDate):
        read(f"[{many}]")


# Made on purpose: none. Every value of the vectors is accepted or refused as they say; what is stricter or
# wider here (short times, long years inside intervals) is not in them.


def vectors() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(shared("vectors", "edtf.json").read_text(encoding="utf-8"))
    return found


def test_every_valid_vector_is_read() -> None:
    valid = [value for kind, values in vectors().items() if "invalid" not in kind for value in values]
    assert len(valid) > 90
    for value in valid:
        reading = read(value)
        assert reading.text == value
        assert not (reading.earliest and reading.latest) or reading.earliest <= reading.latest


def test_every_invalid_vector_is_refused() -> None:
    invalid = [value for kind, values in vectors().items() if "invalid" in kind for value in values]
    assert len(invalid) > 50
    accepted = []
    for value in invalid:
        try:
            accepted.append(read(value).text)
        except BadDate:
            continue
    assert accepted == []


# Properties

YEARS = st.integers(1, 9999).map("{:04}".format)
MONTHS = st.integers(1, 12).map("{:02}".format)
DAYS = st.integers(1, 28).map("{:02}".format)
EXACT = st.one_of(YEARS, st.tuples(YEARS, MONTHS).map("-".join), st.tuples(YEARS, MONTHS, DAYS).map("-".join))


@given(st.text(alphabet="0123456789XYEST-/[]{}.,?~%:+Z ", max_size=30))
def test_nothing_but_bad_date_is_raised(text: str) -> None:
    try:
        reading = read(text)
    except BadDate:
        return
    assert read(reading.text) == reading
    if reading.earliest and reading.latest:
        assert reading.earliest <= reading.latest


@given(EXACT, st.sampled_from("~%"))
def test_approximate_holds_the_strict_value_with_room_on_both_sides(value: str, sign: str) -> None:
    strict, wide = read(value), read(value + sign)
    assert strict.earliest is not None
    assert strict.latest is not None
    assert wide.earliest is None or wide.earliest < strict.earliest
    assert wide.latest is None or wide.latest > strict.latest
    assert read(value + "?").earliest == strict.earliest


@given(EXACT, EXACT)
def test_an_interval_and_a_range_span_their_ends(left: str, right: str) -> None:
    first, last = read(left), read(right)
    assert first.earliest is not None
    assert last.earliest is not None
    assume(first.earliest <= last.earliest)
    for value in (f"{left}/{right}", f"[{left}..{right}]"):
        assert (read(value).earliest, read(value).latest) == (first.earliest, last.latest)


def masked(digits: str, mask: list[bool]) -> str:
    return "".join("X" if hide else digit for digit, hide in zip(digits, mask, strict=True))


@examples(60)
@given(
    st.dates(date(2000, 1, 1), date(2019, 12, 31)),
    st.lists(st.booleans(), min_size=4, max_size=4),
    st.booleans(),
)
def test_unspecified_digits_agree_with_trying_every_day(day: date, mask: list[bool], last: bool) -> None:
    year, month, number = str(day).split("-")
    pattern = f"{year[:3]}{'X' if last else year[3]}-{masked(month, mask[:2])}-{masked(number, mask[2:])}"
    matches = re.compile(pattern.replace("X", r"\d"))
    start = date(day.year // 10 * 10, 1, 1)
    days = [d for n in range(3653) if matches.fullmatch(str(d := start + timedelta(n)))]
    assert (read(pattern).earliest, read(pattern).latest) == (min(days), max(days))


# The library as a second opinion, where the conventions agree: everything but ~, %, winter, and ends that are
# unknown (it gives them ten years).


@examples(60)
@given(
    st.one_of(
        EXACT,
        EXACT.map("{}?".format),
        st.integers(1, 999).map("{:03}X".format),
        st.integers(1, 99).map("{:02}XX".format),
        YEARS.map("{}-XX".format),
        YEARS.map("{}-XX-XX".format),
        st.tuples(YEARS, MONTHS).map("{0[0]}-{0[1]}-XX".format),
        st.tuples(YEARS, st.sampled_from(["21", "22", "23"])).map("-".join),
        st.tuples(st.integers(1, 4999), st.integers(5000, 9999)).map("{0[0]:04}/{0[1]}".format),
    )
)
def test_strict_bounds_agree_with_the_library(value: str) -> None:
    library = pytest.importorskip("edtf")
    theirs = library.parse_edtf(value)
    reading = read(value)
    assert reading.earliest is not None
    assert reading.latest is not None
    assert reading.earliest.timetuple()[:3] == tuple(theirs.lower_strict())[:3]
    assert reading.latest.timetuple()[:3] == tuple(theirs.upper_strict())[:3]
