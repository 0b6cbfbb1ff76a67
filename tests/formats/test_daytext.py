"""Dates in the forms that publishers write: the day that was written, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.dates import from_edtf
from tracker.formats.daytext import read_day, write_day


@pytest.mark.parametrize(
    "written",
    [
        "2020-10-07",
        "20201007",
        "2020-10-07 20:05",
        "2020-10-07 20:30:17 UTC",
        "2020-10-07T23:31:20+01:00",
        "2020-10-07T00:22:00+0100",
        "2020-10-07T12:00:00.000Z",
        "Wed, 07 Oct 2020 20:05:00 GMT",
        "October 7, 2020",
        "7 October 2020",
    ],
)
def test_a_day_is_the_one_that_was_written(written: str) -> None:
    read = read_day(written)
    assert read is not None
    assert (read.edtf, read.words) == ("2020-10-07", written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "yesterday",
        "two weeks ago",
        "03/04/2018",
        "2020-13-40",
        "0000-00-00",
        "1602093900",
        "soon",
        "9" * 600,
    ],
)
def test_what_would_be_a_guess_is_no_date(written: str) -> None:
    assert read_day(written) is None


def test_who_says_which_comes_first_has_the_other_kind_read_too() -> None:
    assert str(read_day("03/04/2018", dayfirst=True)) == "2018-04-03"
    assert str(read_day("03/04/2018", dayfirst=False)) == "2018-03-04"


@pytest.mark.parametrize("edtf", ["2018", "2018-11", "2018-11-23"])
def test_a_date_is_written_as_finely_as_it_is_known(edtf: str) -> None:
    assert write_day(from_edtf(edtf)) == edtf


@pytest.mark.parametrize(
    "edtf", ["2018-21", "2018~", "201X", "2018-11/2018-12", "[2018-11-01..2018-11-05]", "2018-11-23?"]
)
def test_what_iso_8601_has_no_form_for_is_left_out(edtf: str) -> None:
    assert write_day(from_edtf(edtf)) is None


def test_no_date_is_none() -> None:
    assert write_day(None) is None


@given(st.text(max_size=60))
def test_whatever_is_written_is_read_or_not(written: str) -> None:
    read = read_day(written)
    assert read is None or read.edtf
