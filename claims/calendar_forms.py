"""The forms in which people write a day, month, season, year or decade, each turned into EDTF.

English and French names, numbers in any order that can mean one day only, weeks, quarters, and times of
day (checked and dropped). A year has four digits. What can mean two days is refused unless it is said
which comes first, the day or the month.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime

from claims import edtf
from claims.errors import AmbiguousDate, BadDate

_MONTH_NAMES = (
    "january jan janvier janv",
    "february feb fevrier fevr fev",
    "march mar mars",
    "april apr avril avr",
    "may mai",
    "june jun juin",
    "july jul juillet juil",
    "august aug aout",
    "september sept sep septembre",
    "october oct octobre",
    "november nov novembre",
    "december dec decembre",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_WEEKDAY_NAMES = (
    "monday mon lundi",
    "tuesday tues tue mardi",
    "wednesday wed mercredi",
    "thursday thurs thur thu jeudi",
    "friday fri vendredi",
    "saturday sat samedi",
    "sunday sun dimanche",
)
_WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAY_NAMES) for name in names.split()}
_SEASONS = {
    "spring": 21,
    "summer": 22,
    "autumn": 23,
    "fall": 23,
    "winter": 24,
    "printemps": 21,
    "ete": 22,
    "automne": 23,
    "hiver": 24,
}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


def _alternatives(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_MONTH = rf"({_alternatives(_MONTHS)})\.?"
_SEASON = rf"({_alternatives(_SEASONS)})"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|e)?"
_YEAR = r"(\d{4})"
_GAP = r"[ ,./-]*"  # between letters and digits
_FIRM_GAP = r"[ ,./-]+"  # between digits and digits

# By code point: the signs themselves cannot be told apart here. Hyphens, dashes, minus; apostrophes.
_DASHES = (0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212)
_APOSTROPHES = (0x2018, 0x2019, 0x02BC, 0x00B4, 0x0060)
_ALIKE = {**dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_APOSTROPHES, "'")}
_FLAGS = re.IGNORECASE | re.ASCII

_Rule = Callable[["re.Match[str]", bool | None], str | None]


def match(pattern: str, text: str) -> re.Match[str] | None:
    """Matches the whole of a text, whatever its case. The patterns are compiled when first needed."""
    return re.fullmatch(pattern, text, _FLAGS)


def plain(text: str) -> str:
    """The text with one kind of dash and apostrophe, no accents, and no "in", "on" or "the" before it."""
    text = text.translate(_ALIKE)
    if not text.isascii():
        text = "".join(_unaccented(sign) for sign in text)
    text = text.strip(" .,;")
    return re.sub(r"^(?:(?:in|on(?! or )|the|at|during|en|le|la)\s+)+", "", text, flags=_FLAGS)


def _unaccented(sign: str) -> str:
    base = unicodedata.normalize("NFD", sign)[0]
    if unicodedata.combining(sign):
        return ""
    return base if base.isascii() else sign


def read(text: str, dayfirst: bool | None = None) -> str | None:
    """The EDTF value of a plain text that is a calendar form, or None where it is none.

    Raises AmbiguousDate for 03/04/2018 when ``dayfirst`` is None, and BadDate for a form that names no
    day that exists or a year of two digits.
    """
    for pattern, rule in _RULES:
        if (found := match(pattern, text)) and (value := rule(found, dayfirst)) is not None:
            return value
    return None


def lacks_year(text: str) -> bool:
    """Whether a text names a month or a number but no year in four digits."""
    has_date = re.search(rf"\d|\b{_MONTH}(?![a-z])", text, _FLAGS)
    return has_date is not None and re.search(r"\d{4}", text) is None


def borrow(left: str, right: str) -> str:
    """The first of two dates with the month and year that it leaves to the second.

    "3" of "3 and 5 May 2012" is "3 May 2012"; "May" of "May or June 2012" is "May 2012".
    """
    shared = re.search(rf"{_MONTH}(?:\s+\d{{1,2}})?,?\s+{_YEAR}$", right, _FLAGS)
    if shared and match(_DAY, left):
        return f"{left} {shared[1]} {shared[2]}"
    year = re.search(rf"(?<!\d){_YEAR}$", right, re.ASCII)
    day_or_part = rf"(?:{_DAY} (?:of )?|(?:early|mid|late)[ -])?"
    if year and match(rf"{day_or_part}{_MONTH}|{_MONTH} {_DAY}|{_SEASON}", left):
        return f"{left} {year[1]}"
    return left


# Rules


def _month(name: str) -> int:
    return _MONTHS[name.lower()]


def _iso(year: str, month: int, day: str | int | None = None) -> str:
    """Whether the day exists is for the EDTF reader to say."""
    return f"{year}-{month:02}" if day is None else f"{year}-{month:02}-{int(day):02}"


def _year_first(found: re.Match[str], _: bool | None) -> str:
    year, month, day = found[1], int(found[2]), found[3]
    return _iso(year, _real_month(month, found[0]), day)


def _real_month(month: int, text: str) -> int:
    # 21 to 41 are seasons and the like to EDTF, and never meant by a person who writes 21/2018.
    if not 1 <= month <= 12:
        raise BadDate(f"{edtf.quoted(text)} has the month {month}", "months go from 1 to 12")
    return month


def _numbers(found: re.Match[str], dayfirst: bool | None) -> str:
    """Two numbers and a year: the day and the month in one order or the other."""
    a, b, year = int(found[1]), int(found[3]), found[4]
    by_day, by_month = (
        _iso(year, month, day) if 1 <= month <= 12 and 1 <= day <= edtf.month_length(int(year), month) else ""
        for day, month in ((a, b), (b, a))
    )
    if by_day and by_month and by_day != by_month and dayfirst is None:
        raise AmbiguousDate(
            f"{edtf.quoted(found[0])} can be {by_day} or {by_month}",
            f"write {by_day} or {by_month}, or say whether the day comes first",
        )
    chosen = (by_day or by_month) if dayfirst else (by_month or by_day)
    if not chosen:
        raise BadDate(f"{edtf.quoted(found[0])} names a day that does not exist", "write it like 23 Nov 2018")
    return chosen


def _short_year(found: re.Match[str], _: bool | None) -> str:
    raise BadDate(f"{edtf.quoted(found[0])} has a year of two digits", "write the year in four digits: 2018")


def _decade(found: re.Match[str], _: bool | None) -> str:
    if found[1].endswith("0") and found[1] != "200":
        raise AmbiguousDate(
            f"{edtf.quoted(found[0])} can be ten years or a hundred",
            f"write {found[1]}X for the decade or {found[1][:2]}XX for the century",
        )
    return f"{found[1]}X"


def _season(found: re.Match[str], _: bool | None) -> str | None:
    year, next_year = found[2], found[3]
    code = _SEASONS[found[1].lower()]
    if next_year and (code != 24 or not str(int(year) + 1).endswith(next_year)):
        return None
    return f"{year}-{code}"


def _week(found: re.Match[str], _: bool | None) -> str:
    year, week, day = (found["y"] or found["y2"]), (found["w"] or found["w2"]), found["d"]
    try:
        first = date.fromisocalendar(int(year), int(week), int(day or 1))
        last = first if day else date.fromisocalendar(int(year), int(week), 7)
    except ValueError:
        raise BadDate(
            f"{edtf.quoted(found[0])} is a week that does not exist", "years have 52 weeks or 53"
        ) from None
    return str(first) if day else f"[{first}..{last}]"


def _weekday(found: re.Match[str], dayfirst: bool | None) -> str | None:
    """A weekday before a day must be the right one: a wrong one shows a slip in either."""
    value = read(found[2], dayfirst)
    if value is None or not match(r"\d{4}-\d\d-\d\d", value):
        return None
    day = edtf.read(value).earliest
    if day and day.weekday() != _WEEKDAYS[found[1].lower()]:
        right = _WEEKDAY_NAMES[day.weekday()].split()[0].capitalize()
        raise BadDate(f"{edtf.quoted(found[0])}: {day} was a {right}", "correct the weekday or the date")
    return value


def _timed(found: re.Match[str], dayfirst: bool | None) -> str | None:
    """The day of a day and time, as written: its time zone moves it nowhere."""
    value = read(found[1], dayfirst)
    if value is None or not match(r"\d{4}-\d\d-\d\d", value):
        return None
    if int(found[2]) > 23 or int(found[3]) > 59:
        raise BadDate(f"{edtf.quoted(found[0])} has the time {found[2]}:{found[3]}", "hours end at 23:59")
    if int(found[4] or 0) > 60:  # 60 is a leap second (ISO 8601)
        raise BadDate(f"{edtf.quoted(found[0])} has the second {found[4]}", "minutes end at :59")
    return value


_NTH = _alternatives(_ORDINALS)
_TIME = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?: ?[ap]m)?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"

_RULES: tuple[tuple[str, _Rule], ...] = (
    (rf"{_DAY}(?: of)?{_GAP}{_MONTH}{_GAP}{_YEAR}", lambda m, _: _iso(m[3], _month(m[2]), m[1])),
    (rf"{_MONTH}{_GAP}{_DAY}{_FIRM_GAP}{_YEAR}", lambda m, _: _iso(m[3], _month(m[1]), m[2])),
    (rf"{_MONTH}(?: of)?{_GAP}{_YEAR}", lambda m, _: _iso(m[2], _month(m[1]))),
    (rf"{_YEAR}{_GAP}{_MONTH}{_GAP}{_DAY}", lambda m, _: _iso(m[1], _month(m[2]), m[3])),
    (rf"{_YEAR}{_GAP}{_MONTH}", lambda m, _: _iso(m[1], _month(m[2]))),
    (rf"(?:year )?{_YEAR}", lambda m, _: m[1]),
    (rf"{_YEAR}[/.-](\d{{1,2}})[/.-](\d{{1,2}})", _year_first),
    (r"((?:19|20)\d\d)(\d\d)(\d\d)", _year_first),
    (rf"(\d{{1,2}})([/. -])(\d{{1,2}})\2{_YEAR}", _numbers),
    (rf"(\d{{1,2}})[/.-]{_YEAR}", lambda m, _: _iso(m[2], _real_month(int(m[1]), m[0]))),
    (rf"{_YEAR}[/.-](\d{{1,2}})", lambda m, _: _iso(m[1], _real_month(int(m[2]), m[0]))),
    (r"\d{1,2}([/. -])\d{1,2}\1'?\d\d", _short_year),
    (rf"(?:{_DAY}{_GAP})?{_MONTH}{_GAP}'\d\d|{_DAY}{_GAP}{_MONTH}{_GAP}\d\d", _short_year),
    (rf"{_MONTH}{_GAP}{_DAY}{_FIRM_GAP}'?\d\d|'\d\d", _short_year),
    (r"(\d{3})0'?s", _decade),
    (rf"{_SEASON}(?: of| de)?,? {_YEAR}(?:[/-](\d\d|\d{{4}}))?", _season),
    (rf"q([1-4])[ /-]?(?:of )?{_YEAR}", lambda m, _: f"{m[2]}-{32 + int(m[1])}"),
    (rf"{_YEAR}[ /-]?q([1-4])", lambda m, _: f"{m[1]}-{32 + int(m[2])}"),
    (rf"({_NTH}) quarter(?: of)? {_YEAR}", lambda m, _: f"{m[2]}-{32 + _ORDINALS[m[1].lower()]}"),
    (rf"(first|second|1st|2nd) half(?: of)? {_YEAR}", lambda m, _: f"{m[2]}-{39 + _ORDINALS[m[1].lower()]}"),
    (
        r"(?:week |w)(?P<w>\d{1,2}),?(?: of)? (?P<y>\d{4})|(?P<y2>\d{4})-?W(?P<w2>\d\d)(?:-?(?P<d>[1-7]))?",
        _week,
    ),
    (rf"({_alternatives(_WEEKDAYS)})\.?,? (.+)", _weekday),
    (rf"(.+?)(?:T|,? (?:at )?){_TIME}", _timed),
)


# Free form


def free_form(text: str) -> str | None:
    """A full day in an order that no rule foresees ("Fri Nov 23 10:00:00 2018"), or None.

    The library fills what is missing from a default day: "2024" would become today's day and month of 2024.
    Two defaults that differ in all parts show what was given, and the parts must stand in the text.
    """
    years = re.findall(r"(?<!\d)\d{4}(?!\d)", text, re.ASCII)
    if len(years) != 1 or not re.search(rf"(?<![a-z]){_MONTH}(?![a-z])", text, _FLAGS):
        return None
    from dateutil import parser

    days = set()
    for default in (datetime(2001, 1, 1), datetime(2004, 2, 2)):  # noqa: DTZ001 (days, not moments)
        try:
            days.add(parser.parse(text, default=default, ignoretz=True).date())
        except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, AssertionError):
            return None  # the library fails in many ways on what is no date
    if len(days) != 1:
        return None
    day = days.pop()
    numbers = {int(number) for number in re.findall(r"\d+", text, re.ASCII)}
    return str(day) if day.year == int(years[0]) and day.day in numbers else None
