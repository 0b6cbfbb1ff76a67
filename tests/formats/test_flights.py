"""Flights as web sites give them: many spellings of one minute, gates with and without their terminal."""

from __future__ import annotations

import gzip

import pytest

from claims.errors import BadFile
from tracker.formats.flights import gate, minute, read

LINE = "site\tXY-12-AAA-BBB\t3/4/2015 9:05 PM\t2015-03-04 21:07\tTerminal 2 - Gate B 7\t\t23:59 Mar 4\tTBD\n"


@pytest.mark.parametrize(
    "text",
    [
        "3/4/2015 9:05 PM",
        "03/04/15 21:05 (-05:00)",
        "2015-03-04 9:05pm",
        "9:05p Mar 4",
        "Wed, March 4 9:05 pm",
        "04-Mar-2015 21:05 EST",
        "03-04-15 09:05PM",
    ],
)
def test_one_minute_in_many_spellings(text: str) -> None:
    assert minute(text) == "03-04 21:05"


@pytest.mark.parametrize("text", ["", "Not available", "9:05 PM", "On time", "04-Xyz-2015 21:05"])
def test_a_time_without_its_day_is_none(text: str) -> None:
    assert minute(text) is None


def test_midnight_and_noon_of_twelve_hours() -> None:
    assert (minute("3/4/15 12:01 AM"), minute("3/4/15 12:01 PM")) == ("03-04 00:01", "03-04 12:01")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("B7", "B7"),
        ("Gate b-7", "B7"),
        ("Terminal 2 - Gate B7", "GATEB7"),
        ("T2 - 7", "7"),
        ("TBD", None),
        ("--", None),
    ],
)
def test_gates_by_letters_and_digits(text: str, said: str | None) -> None:
    assert gate(text) == said


def test_a_line_says_up_to_six_things() -> None:
    said, findings = read(gzip.compress(LINE.encode()), "file")

    assert [
        (number, item.removeprefix("XY-12-AAA-BBB "), source, value) for number, item, source, value in said
    ] == [
        (1, "scheduled departure", "site", "03-04 21:05"),
        (1, "actual departure", "site", "03-04 21:07"),
        (1, "actual arrival", "site", "03-04 23:59"),
        (1, "departure gate", "site", "GATEB7"),
    ]
    assert findings == []


def test_days_are_told_apart_and_the_truth_has_no_site() -> None:
    truth = LINE.partition("\t")[2].encode()

    said, _ = read(truth, "gold", "20150304", truth=True)

    assert said[0] == (1, "20150304 XY-12-AAA-BBB scheduled departure", "", "03-04 21:05")


def test_a_line_of_another_form_is_a_finding_and_a_file_of_them_an_error() -> None:
    said, findings = read(f"\n{LINE}what is this?\n".encode(), "file")

    assert (len(said), [str(each) for each in findings]) == (
        4,
        ["row 3: this is no flight: 8 fields, with tabs between them"],
    )
    with pytest.raises(BadFile, match="file holds no flights"):
        read(b"item,source,value\n", "file")
