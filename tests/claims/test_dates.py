"""Uncertain dates: what each phrase becomes, what is refused and how, and what holds for any text."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.dates import UncertainDate, from_date, from_edtf, parse
from claims.errors import AmbiguousDate, BadDate, ClaimsError
from tests.support.examples import examples
from tests.support.shared import shared

TODAY = date(2024, 3, 15)  # a Friday

CLAIMS = {
    "kouffa-killed-2018": from_edtf("2018-11"),
    "raid": from_edtf("2018-11-23"),
    "early-warning-2018": from_edtf("2018-05-02"),
    "may-or-june": from_edtf("2012-05/2012-06"),
    "Kidal": from_edtf("[2013-01..2013-02]"),
}

TABLE = """
    # days
    23 Nov 2018                    | 2018-11-23
    Nov 23, 2018                   | 2018-11-23
    November 23rd, 2018            | 2018-11-23
    23rd November 2018             | 2018-11-23
    the 23rd of November 2018      | 2018-11-23
    on 23 NOV. 2018                | 2018-11-23
    23-Nov-2018                    | 2018-11-23
    2018 Nov 23                    | 2018-11-23
    Friday, 23 November 2018       | 2018-11-23
    2018-11-23                     | 2018-11-23
    2018/11/23                     | 2018-11-23
    2018-1-5                       | 2018-01-05
    20181123                       | 2018-11-23
    23/11/2018                     | 2018-11-23
    11/23/2018                     | 2018-11-23
    23.11.2018                     | 2018-11-23
    05/05/2018                     | 2018-05-05
    23 novembre 2018               | 2018-11-23
    1er août 2012                  | 2012-08-01
    2018-11-23T10:00Z              | 2018-11-23
    2018-11-23T23:30:00-05:00      | 2018-11-23
    2018-11-23 10:00:00.123+00:00  | 2018-11-23
    Fri, 23 Nov 2018 10:00:00 GMT  | 2018-11-23
    Fri Nov 23 10:00:00 2018       | 2018-11-23
    # months, years, decades
    2018-11                        | 2018-11
    11/2018                        | 2018-11
    May 2012                       | 2012-05
    Sept. 2012                     | 2012-09
    in May of 2012                 | 2012-05
    février 2018                   | 2018-02
    2018                           | 2018
    the year 2018                  | 2018
    1990s                          | 199X
    the 1990s                      | 199X
    2000s                          | 200X
    # parts of the year
    spring 2015                    | 2015-21
    in the summer of 2015          | 2015-22
    fall 2015                      | 2015-23
    autumn 2015                    | 2015-23
    été 2015                       | 2015-22
    winter 2015                    | 2015-24
    winter 2015-16                 | 2015-24
    Q4 2018                        | 2018-36
    2018Q4                         | 2018-36
    third quarter of 2018          | 2018-35
    first half of 2018             | 2018-40
    week 10 of 2024                | [2024-03-04..2024-03-10]
    2024-W10                       | [2024-03-04..2024-03-10]
    2024-W10-2                     | 2024-03-05
    # early, mid, late
    early 2018                     | [2018-01..2018-04]
    mid-2018                       | [2018-05..2018-08]
    late 2018                      | [2018-09..2018-12]
    at the end of 2018             | [2018-09..2018-12]
    beginning of May 2012          | [2012-05-01..2012-05-10]
    middle of May 2012             | [2012-05-11..2012-05-20]
    late November 2018             | [2018-11-21..2018-11-30]
    late Feb 2016                  | [2016-02-21..2016-02-29]
    fin novembre 2018              | [2018-11-21..2018-11-30]
    late spring 2018               | 2018-05
    early 1990s                    | [1990..1993]
    mid-1990s                      | [1994..1996]
    late 1990s                     | [1997..1999]
    # open
    since 2017                     | 2017/..
    from 2017 on                   | 2017/..
    from May 2017 onwards          | 2017-05/..
    since late 2017                | 2017-09-01/..
    until 2015                     | ../2015
    before 2018                    | [..2017-12-31]
    before 23 Nov 2018             | [..2018-11-22]
    after 2017                     | [2018-01-01..]
    after 23 Nov 2018              | [2018-11-24..]
    before late 2018               | [..2018-12-30]
    after late 2018                | [2018-09-02..]
    by May 2012                    | [..2012-05]
    on or before 23 Nov 2018       | [..2018-11-23]
    not before 2012                | [2012..]
    # spans, and one day of several
    from 2011 to 2012              | 2011/2012
    2011-2012                      | 2011/2012
    2011–2012                      | 2011/2012
    3-5 May 2012                   | 2012-05-03/2012-05-05
    May 3-5, 2012                  | 2012-05-03/2012-05-05
    March–May 2012                 | 2012-03/2012-05
    from 3 May to 5 June 2012      | 2012-05-03/2012-06-05
    from late 2018 to May 2019     | 2018-09-01/2019-05-31
    from 15 Nov 2018 to Nov 2018   | 2018-11-15/2018-11-30
    between 2011 and 2013          | [2011..2013]
    between 3 and 5 May 2012       | [2012-05-03..2012-05-05]
    2011 or 2012                   | [2011,2012]
    in May or June 2012            | [2012-05,2012-06]
    late 2017 or early 2018        | [2017-09..2017-12,2018-01..2018-04]
    # approximate, uncertain
    circa 2011                     | 2011~
    c. 2011                        | 2011~
    c.2011                         | 2011~
    about 2011                     | 2011~
    around May 2012                | 2012-05~
    vers 2011                      | 2011~
    perhaps 2011                   | 2011?
    perhaps circa 2011             | 2011%
    circa late 2018                | [2018-09~..2018-12~]
    # from today, Friday 15 March 2024
    today                          | 2024-03-15
    Yesterday                      | 2024-03-14
    hier                           | 2024-03-14
    the day before yesterday       | 2024-03-13
    3 days ago                     | 2024-03-12
    two weeks ago                  | [2024-02-26..2024-03-03]
    a month ago                    | 2024-02
    14 months ago                  | 2023-01
    10 years ago                   | 2014
    a few days ago                 | [2024-03-10..2024-03-13]
    a couple of months ago         | 2024-01
    2 or 3 years ago               | [2021-01-01..2022-12-31]
    about a year ago               | [2022-01-01..2024-03-15]
    last week                      | [2024-03-04..2024-03-10]
    last month                     | 2024-02
    last year                      | 2023
    this year                      | 2024
    # from another date
    3 days after 23 Nov 2018       | 2018-11-26
    two months later than raid     | 2019-01-23
    2 weeks before raid            | 2018-11-09
    the day after raid             | 2018-11-24
    one month after 31 Jan 2019    | 2019-02-28
    two years after 29 Feb 2012    | 2014-02-28
    a few weeks after raid         | [2018-12-07..2018-12-28]
    several days after raid        | [2018-11-26..2018-11-30]
    two or three weeks after raid  | [2018-12-07..2018-12-14]
    about two months after raid    | [2018-12-23..2019-02-23]
    shortly after raid             | [2018-11-23..2018-12-23]
    shortly before raid            | [2018-10-23..2018-11-23]
    two weeks after late 2018      | [2018-09-15..2019-01-14]
    a few weeks after kouffa-killed-2018                | [2018-11-15..2019-01-04]
    after raid and before 28 Feb 2019                   | [2018-11-23..2019-02-27]
    after kouffa-killed-2018 and before 28 Feb 2019     | [2018-11-01..2019-02-27]
    after 2017 and before 2019                          | [2018-01-01..2018-12-31]
    # claims as dates
    raid                           | 2018-11-23
    after kouffa-killed-2018       | [2018-11-02..]
    before kouffa-killed-2018      | [..2018-11-29]
    early-warning-2018             | 2018-05-02
    2 days after early-warning-2018| 2018-05-04
    since Kidal                    | 2013-01-01/..
    two weeks after may-or-june    | [2012-05-15..2012-07-14]
"""


def rows(table: str) -> list[tuple[str, ...]]:
    lines = (line.strip() for line in table.splitlines())
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines if line and line[0] != "#"]


def read(text: str, dayfirst: bool | None = None) -> UncertainDate:
    return parse(text, today=TODAY, dayfirst=dayfirst, anchors=CLAIMS.get)


@pytest.mark.parametrize(("words", "edtf"), rows(TABLE))
def test_a_phrase_becomes_edtf(words: str, edtf: str) -> None:
    found = read(words)
    assert found.edtf == edtf
    assert found.words == words
    assert (found.earliest, found.latest) == (from_edtf(edtf).earliest, from_edtf(edtf).latest)
    assert str(found) == edtf


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("2018-11-23", "2018-11-23"),
        ("23 Nov 2018", "23 Nov 2018 (2018-11-23)"),
        ("late 2018", "late 2018 (between 2018-09-01 and 2018-12-31)"),
        ("2018", "2018 (between 2018-01-01 and 2018-12-31)"),
        ("from 2011 to 2012", "from 2011 to 2012 (from 2011-01-01 to 2012-12-31)"),
        ("since 2017", "since 2017 (from 2017-01-01 on)"),
        ("until 2015", "until 2015 (up to 2015-12-31)"),
        ("before 2018", "before 2018 (2017-12-31 or earlier)"),
        ("after 2018", "after 2018 (2019-01-01 or later)"),
        ("-0044-03-15", "-0044-03-15 (no known days)"),
    ],
)
def test_a_date_is_described_with_what_was_understood(words: str, said: str) -> None:
    assert read(words).describe() == said


@pytest.mark.parametrize(
    ("words", "precision"),
    [
        *[("23 Nov 2018", "day"), ("May 2012", "month"), ("spring 2012", "season"), ("2012", "year")],
        *[("1990s", "decade"), ("19XX", "century"), ("2011-2012", "interval"), ("late 2018", "set")],
        *[("since 2017", "open"), ("before 2017", "open"), ("XXXX-12-25", "unknown")],
    ],
)
def test_a_date_says_how_precise_it_is(words: str, precision: str) -> None:
    assert read(words).precision == precision


# What is refused


@pytest.mark.parametrize("words", ["03/04/2018", "3.4.2018", "03-04-2018", "after 03/04/2018"])
def test_day_and_month_that_can_be_either_are_refused(words: str) -> None:
    with pytest.raises(AmbiguousDate, match="can be 2018-04-03 or 2018-03-04") as caught:
        read(words)
    assert words in caught.value.message


def test_saying_which_comes_first_settles_it() -> None:
    assert read("03/04/2018", dayfirst=True).edtf == "2018-04-03"
    assert read("03/04/2018", dayfirst=False).edtf == "2018-03-04"
    assert read("since 03/04/2018", dayfirst=True).edtf == "2018-04-03/.."
    assert read("23/11/2018", dayfirst=False).edtf == "2018-11-23", "only one reading is a day"


def test_the_first_decade_of_a_century_can_be_the_century() -> None:
    with pytest.raises(AmbiguousDate, match="ten years or a hundred"):
        read("1900s")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        *[("", "empty"), ("  \t ", "empty"), ("10", "cannot be read"), ("18", "cannot be read")],
        *[("Monday", "cannot be read"), ("23 Nov", "cannot be read"), ("Nov 18", "cannot be read")],
        *[("23 Nov 18", "two digits"), ("23/11/18", "two digits"), ("Nov '18", "two digits")],
        *[
            ("2018-02-30", "does not exist"),
            ("30 Feb 2018", "does not exist"),
            ("31/04/2018", "does not exist"),
        ],
        *[("21/2018", "has the month 21"), ("2018/19", "has the month 19"), ("week 53 of 2018", "week that")],
        *[("Monday 23 Nov 2018", "was a Friday"), ("23 Nov 2018 25:00", "has the time")],
        *[("2018-11-23T10:00:61", "has the second 61"), ("23 Nov 2018 10:00:99", "has the second 99")],
        *[("2013 to 2011", "before it starts"), ("between 2013 and 2011", "before it starts")],
        *[
            ("after 2019 and before 2018", "before it starts"),
            ("December to January 2019", "before it starts"),
        ],
        *[("after before 2018", "open at that end"), ("2 weeks after ../..", "open at both ends")],
        *[("before 0001-01-01", "outside the years"), ("9999 years ago", "outside the years")],
        *[("after no-such-claim", "'no-such-claim' cannot"), ("late raid", "only a year, month")],
        *[("three to two weeks ago", "counts down"), ("after " * 20 + "2018", "too many dates")],
        *[("2018\u200b", r"U\+200B"), ("\u202e2018", r"U\+202E"), ("2018\x00", r"U\+0000")],
        *[("\ud800", r"U\+D800"), ("9" * 10_000, "10000 characters"), ("after " * 2000, "12000 characters")],
        *[("99999999999999999999 days ago", "cannot"), ("2018-11-23 to", "cannot"), ("None", "cannot")],
    ],
)
def test_refused_with_the_reason_and_a_hint(words: str, why: str) -> None:
    with pytest.raises(BadDate, match=why) as caught:
        read(words)
    assert caught.value.hint
    assert len(caught.value.message) < 300


def test_a_part_that_fails_is_named_and_so_is_the_whole() -> None:
    with pytest.raises(
        BadDate, match=r"'the flood' cannot be read as a date \(in 'two days after the flood'\)"
    ):
        read("two days after the flood")


# Claims as anchors


def test_a_text_that_is_a_date_is_never_looked_up() -> None:
    asked: list[str] = []
    parse("two weeks after late 2018", today=TODAY, anchors=asked.append)
    assert asked == []


def test_an_anchor_keeps_its_case_and_may_refuse() -> None:
    def refuse(key: str) -> UncertainDate | None:
        raise AmbiguousDate(f"{key} names two claims", "write more of the key")

    with pytest.raises(AmbiguousDate, match="KouFFa names two claims"):
        parse("shortly after KouFFa", today=TODAY, anchors=refuse)


def test_without_anchors_a_key_is_no_date() -> None:
    with pytest.raises(BadDate):
        parse("raid", today=TODAY)


# The value


def test_a_date_cannot_be_changed_and_compares_by_value() -> None:
    found = from_edtf("2018-11")
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.edtf = "2018"  # type: ignore[misc]
    assert found == from_edtf("2018-11")
    assert {found: 1}[from_edtf("2018-11")] == 1


def test_a_date_from_a_day_or_a_moment_is_the_day() -> None:
    day = date(2018, 11, 23)
    assert from_date(day) == from_date(datetime(2018, 11, 23, 10, tzinfo=UTC)) == from_edtf("2018-11-23")
    assert from_date(day, "that Friday").words == "that Friday"
    assert parse("today", today=datetime(2018, 11, 23, 10, tzinfo=UTC)).edtf == "2018-11-23"


def test_from_edtf_forgives_nothing_and_keeps_the_words() -> None:
    assert from_edtf("2018-11", "Nov 2018").words == "Nov 2018"
    assert from_edtf("2018-11-23T10:00:00Z").edtf == "2018-11-23"
    for text in (" 2018", "2018 ", "May 2012"):
        with pytest.raises(BadDate):
            from_edtf(text)


def test_parse_forgives_blanks_and_reads_back_what_it_gave() -> None:
    found = read("  late \t 2018\n")
    assert found.words == "late 2018"
    assert read(found.edtf).edtf == found.edtf


def test_the_free_form_library_is_not_imported_for_ordinary_dates() -> None:
    code = (
        "import sys; from datetime import date; from claims.dates import parse;"
        "parse('two weeks after late 2018', today=date(2024, 3, 15)); parse('23 Nov 2018', today=date.min);"
        "sys.exit('dateutil' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Properties

FRAGMENTS = """
    after before between and from to since until by or circa early mid late the a few two 3 10 days weeks
    months years ago later than shortly 2018 2011 23 Nov May 12/2018 03/04/2018 1990s spring Q4 week raid
    kouffa-killed-2018 yesterday last - / , . ~ ? .. [ ] 2018-11-23 XXXX 0000 9999 0001 T10:00 Friday
"""
PHRASES = st.lists(st.sampled_from(FRAGMENTS.split()), min_size=1, max_size=9).map(" ".join)
ANY_DAY = st.dates()


def check(text: str, today: date, dayfirst: bool | None) -> None:
    found, refused = None, ("", "")
    try:
        found = parse(text, today=today, dayfirst=dayfirst, anchors=CLAIMS.get)
    except ClaimsError as error:
        refused = (error.message, error.hint)
    if found is None:
        assert all(refused)
        return
    assert found.words == " ".join(text.split())
    again = from_edtf(found.edtf)
    assert (again.earliest, again.latest) == (found.earliest, found.latest)
    assert again.edtf == found.edtf
    if found.earliest and found.latest:
        assert found.earliest <= found.latest
    assert found.precision
    assert found.describe()


@examples(400)
@given(PHRASES, ANY_DAY, st.sampled_from([None, True, False]))
def test_any_words_give_sound_bounds_or_a_claims_error(text: str, today: date, dayfirst: bool | None) -> None:
    check(text, today, dayfirst)


@examples(300)
@given(st.text(max_size=60), ANY_DAY)
def test_any_text_gives_sound_bounds_or_a_claims_error(text: str, today: date) -> None:
    check(text, today, None)


@pytest.mark.parametrize("words", [words for words, _ in rows(TABLE)])
def test_every_phrase_is_sound_at_the_ends_of_time(words: str) -> None:
    for today in (date.min, date.max, date(2024, 2, 29)):
        check(words, today, None)


@given(ANY_DAY, st.sampled_from(["%d %b %Y", "%B %d, %Y", "%Y-%m-%d", "%A %d %B %Y", "%Y/%m/%d", "%d-%b-%Y"]))
def test_a_written_day_is_that_day(day: date, style: str) -> None:
    written = day.strftime(style.replace("%Y", f"{day.year:04}"))  # platforms differ in how they pad %Y
    assert read(written).earliest == read(written).latest == day


@given(ANY_DAY, st.integers(1, 60), st.sampled_from(["days", "weeks", "months", "years"]))
def test_what_is_so_long_ago_lies_within_the_date(today: date, count: int, unit: str) -> None:
    try:
        exact = parse(f"{count} {unit} before {today}", today=today)
        found = parse(f"{count} {unit} ago", today=today)
    except BadDate:
        return  # before the year 1
    assert exact.earliest == exact.latest
    assert found.earliest is not None
    assert found.latest is not None
    assert exact.earliest is not None
    assert found.earliest <= exact.earliest <= found.latest


@given(st.dates(date(1, 2, 1), date(9999, 11, 1)), st.sampled_from(["", "~"]))
def test_after_and_before_do_not_overlap(day: date, sign: str) -> None:
    after, before, itself = read(f"after {day}{sign}"), read(f"before {day}{sign}"), read(f"{day}{sign}")
    assert after.earliest is not None
    assert before.latest is not None
    assert itself.earliest is not None
    assert itself.latest is not None
    assert itself.earliest < after.earliest
    assert before.latest < itself.latest


def test_naughty_strings_raise_nothing_else() -> None:
    for text in json.loads(shared("vectors", "naughty-strings.json").read_text(encoding="utf-8")):
        if isinstance(text, str):
            check(text, TODAY, None)
