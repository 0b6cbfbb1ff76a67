"""The reader of EDTF (ISO 8601-2) values: from a string to the earliest and latest day it allows.

Levels 0 and 1 are read in full; of level 2, sets, qualified components, unspecified digits anywhere,
sub-year groups 25-41, and exponents and significant digits of a year.

Conventions, where the standard leaves the bounds open:

* ``~`` (approximate) and ``%`` (approximate and uncertain) widen the bounds by one unit of the component
  that they qualify, on either side: ``2011~`` is 2010 to 2012. The standard gives no number; one unit is
  the least that says "not exactly", and a reader can work it out without a table.
* ``?`` (uncertain) widens nothing: it doubts whether the date is right at all, and no number of days
  expresses that.
* Seasons 21-24 and 25-28 are those of the northern hemisphere by whole months (spring is March to May);
  winter begins in the December of the named year and ends in the next February. 29-32 are the southern.
* A bound that is open, unknown, or outside the years 1 to 9999 is ``None``.
* Long years (``Y...``) and times of day stand alone: not in an interval and not in a set.
* An interval starts no later than its end does: ``2018-11-15/2018-11`` is refused.

The ``edtf`` library is accurate but takes its time over each value; thousands are read at a time here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Literal, NamedTuple

from claims.errors import BadDate

Precision = Literal[
    "day", "month", "season", "year", "decade", "century", "interval", "set", "open", "unknown"
]
"""How finely a value is known. ``season`` covers quarters and half-years too; ``open`` has an end missing."""

# Days are kept as (year, month, day) until the end: datetime.date has no year 0 and none before.
_Day = tuple[int, int, int]

HINT = (
    "EDTF values look like 2018-11-23, 2018-11, 2018, 2018~, 201X, 2017/2018, 2018/.. or [2018-09..2018-12]"
)
"""What to do about a value that is not EDTF."""
LONGEST = 500
"""The most characters a date may have: far more than any needs."""
_MOST_DIGITS = 18  # of a year: more cannot be meant, and an exponent could fill the memory

# Compiled when first needed, by re itself: importing this room stays quick.
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DATE = (
    r"([?~%]?)(-?[0-9X]{4})([?~%]?)"
    r"(?:-([?~%]?)([0-9X]{2})([?~%]?)(?:-([?~%]?)([0-9X]{2})([?~%]?))?)?"
)
_TIMED = (
    r"(-?[0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:Z|[+-](?:0[0-9]|1[0-4])(?::[0-5][0-9])?)?"
)
_LONG_YEAR = (
    r"Y(?P<long>-?[1-9][0-9]{4,})(?:S(?P<s1>[1-9][0-9]*))?"
    r"|Y(?P<base>-?[1-9][0-9]*)E(?P<exp>[1-9][0-9]?)(?:S(?P<s2>[1-9][0-9]*))?"
    r"|(?P<short>-?[0-9]{4})S(?P<s3>[1-9][0-9]*)"
)

# code: (first month, months). A group that passes December ends in the next year.
# fmt: off
_GROUPS: dict[int, tuple[int, int]] = {
    21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 3),  # seasons
    25: (3, 3), 26: (6, 3), 27: (9, 3), 28: (12, 3),  # northern seasons
    29: (9, 3), 30: (12, 3), 31: (3, 3), 32: (6, 3),  # southern seasons
    33: (1, 3), 34: (4, 3), 35: (7, 3), 36: (10, 3),  # quarters
    37: (1, 4), 38: (5, 4), 39: (9, 4),               # thirds of a year
    40: (1, 6), 41: (7, 6),                           # halves
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Reading:
    """What an EDTF value says: its canonical text, its first and last day, and how fine it is.

    ``earliest`` and ``latest`` are inclusive; ``None`` is open, unknown, or outside the years 1 to 9999.
    """

    text: str
    earliest: date | None
    latest: date | None
    precision: Precision


class _Part(NamedTuple):
    """One date inside a value: strict days, the same widened, and whether digits are missing."""

    first: _Day
    last: _Day
    lower: _Day | None
    upper: _Day | None
    precision: Precision
    unspecified: bool


def read(text: str) -> Reading:
    """Reads one EDTF value, exactly as written: no blanks around it are forgiven.

    A time of day is checked and then dropped: the text becomes the day as written, in its own time zone.
    Raises BadDate, and nothing else, for any string that is not a value or names a day that does not exist.
    """
    if len(text) > LONGEST:
        raise _bad(text, f"has more than {LONGEST} characters")
    if day := _plain_day(text):
        return Reading(text, day, day, "day")
    if text.startswith(("[", "{")):
        return _read_set(text)
    if "/" in text:
        return _read_interval(text)
    if timed := re.fullmatch(_TIMED, text):
        text = timed[1]
    part = _long_year(text) or _date(text)
    return _reading(text, part.lower, part.upper, part.precision)


def _plain_day(text: str) -> date | None:
    """The day of a text such as 2018-11-23, which nearly all are; None where there is more to it, or
    something wrong with it."""
    if len(text) != 10 or not re.fullmatch(_DAY, text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def quoted(text: str) -> str:
    """A text as an error names it: in quotes, nothing invisible left, and short enough to read."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _bad(text: str, why: str) -> BadDate:
    return BadDate(f"{quoted(text)} {why}", HINT)


def _reading(text: str, lower: _Day | None, upper: _Day | None, precision: Precision) -> Reading:
    return Reading(text, _as_date(lower), _as_date(upper), precision)


def _as_date(day: _Day | None) -> date | None:
    return date(*day) if day and 1 <= day[0] <= 9999 else None


# Intervals and sets


def _read_interval(text: str) -> Reading:
    if text.count("/") != 1:
        raise _bad(text, "has more than one '/'")
    left, _, right = text.partition("/")
    if not left and not right:
        raise _bad(text, "is an interval without a start or an end")
    start = None if left in ("", "..") else _date(left, text)
    end = None if right in ("", "..") else _date(right, text)
    if start and end:
        # The start of a vague end is not known, so that only its last day can contradict.
        limit = end.last if end.unspecified else end.first
        if start.first > limit:
            raise _bad(text, "is an interval that ends before it starts")
    precision: Precision = "interval" if start and end else "open"
    return _reading(text, start.lower if start else None, end.upper if end else None, precision)


def _read_set(text: str) -> Reading:
    closing = "]" if text[0] == "[" else "}"
    if len(text) < 3 or not text.endswith(closing):
        raise _bad(text, f"is a set that is empty or lacks its closing {closing!r}")
    members = text[1:-1].split(",")
    lowers: list[_Day | None] = []
    uppers: list[_Day | None] = []
    is_open = False
    for index, member in enumerate(members):
        start, dots, end = member.partition("..")
        if dots and not start and (index > 0 or not end):
            raise _bad(text, "has an open start that is not at the beginning of the set")
        if dots and not end and index < len(members) - 1:
            raise _bad(text, "has an open end that is not at the end of the set")
        first = _date(start, text) if start else None
        last = (_date(end, text) if end else None) if dots else first
        if not dots and not start:
            raise _bad(text, "has an empty member")
        if first and last and first.first > last.last:
            raise _bad(text, "has a range that ends before it starts")
        is_open |= first is None or last is None
        lowers.append(first.lower if first else None)
        uppers.append(last.upper if last else None)
    known = [d for d in lowers if d], [d for d in uppers if d]
    lower = min(known[0]) if len(known[0]) == len(members) else None
    upper = max(known[1]) if len(known[1]) == len(members) else None
    return _reading(text, lower, upper, "open" if is_open else "set")


# One date


def _date(text: str, whole: str = "") -> _Part:
    """Reads one date of levels 0 to 2 without time; ``whole`` is the value to name in an error."""
    whole = whole or text
    match = re.fullmatch(_DATE, text)
    if not match:
        raise _bad(whole, "cannot be read as an EDTF date")
    _, year, _, _, month, _, _, day, _ = match.groups()
    if year in ("-0000", "-XXXX"):
        raise _bad(whole, f"has the year {year}, which does not exist")
    if month and "X" not in month and int(month) > 12:
        if day:
            raise _bad(whole, f"has the month {month}")
        return _group(match, whole)
    first = next(_days(year, month, day, latest=False), None)
    last = next(_days(year, month, day, latest=True), None)
    if first is None or last is None:
        raise _bad(whole, "names a day or month that does not exist")
    precision = _precision(year, month, day)
    unit = _widening(match)
    lower, upper = _widen(first, last, unit, whole_months=precision != "day")
    if year == "XXXX":
        return _Part(first, last, None, None, "unknown", True)
    return _Part(first, last, lower, upper, precision, "X" in text)


def _group(match: re.Match[str], whole: str) -> _Part:
    """Reads a season or another group of months: ``2018-21`` to ``2018-41``."""
    year, code = match[2], int(match[5])
    if code not in _GROUPS:
        raise _bad(whole, f"has the month {code}")
    start, months = _GROUPS[code]
    years = list(_numbers(year, latest=False))
    first = (years[0], start, 1)
    end = _shift_months((years[-1], start, 1), months - 1)
    last = (end[0], end[1], month_length(end[0], end[1]))
    unit = _widening(match)
    if unit and unit[1]:
        unit = (0, months)
    lower, upper = _widen(first, last, unit, whole_months=True)
    if year == "XXXX":
        return _Part(first, last, None, None, "unknown", True)
    return _Part(first, last, lower, upper, "season", "X" in year)


def _precision(year: str, month: str | None, day: str | None) -> Precision:
    """The finest component that is known whole, counted from the year."""
    if "X" in year:
        named: dict[int, Precision] = {1: "decade", 2: "century"}
        known = year.lstrip("-").rstrip("X")
        return "unknown" if "X" in known else named.get(4 - len(known), "unknown")
    if not month or "X" in month:
        return "year"
    if not day or "X" in day:
        return "month"
    return "day"


def _numbers(pattern: str, *, latest: bool) -> Iterator[int]:
    """The numbers that a pattern such as 19XX or X2 can be, from the first or from the last."""
    negative = pattern.startswith("-")
    digits = "0123456789" if latest == negative else "9876543210"
    for chosen in product(*(digits if c == "X" else c for c in pattern.lstrip("-"))):
        number = int("".join(chosen))
        if not (negative and number == 0):
            yield -number if negative else number


def _days(year: str, month: str | None, day: str | None, *, latest: bool) -> Iterator[_Day]:
    """The first (or last) days that the patterns allow; a missing component stands for all of it."""
    if month and not any(
        1 <= m <= 12 and 1 <= d <= month_length(2000, m)
        for m in _numbers(month, latest=latest)
        for d in _numbers(day or "01", latest=latest)
    ):
        return  # in no year: the search below would try thousands
    for y in _numbers(year, latest=latest):
        for m in _numbers(month or "XX", latest=latest):
            if not 1 <= m <= 12:
                continue
            for d in _numbers(day or "XX", latest=latest):
                if 1 <= d <= month_length(y, m):
                    yield (y, m, d)


# Qualifiers: which unit they widen by, and the arithmetic of days


def _widening(match: re.Match[str]) -> tuple[int, int] | Literal["day"] | None:
    """The unit to widen by, (years, months) or "day": that of the largest component with a ``~`` or ``%``.

    A qualifier after a component also covers what is left of it, as one whole, and so counts as its unit.
    """
    year = match[2]
    if {match[1], match[3]} & {"~", "%"}:
        return (10 ** (4 - len(year.lstrip("-").rstrip("X"))), 0)
    if {match[4], match[6]} & {"~", "%"}:
        return (0, 1)
    if {match[7], match[9]} & {"~", "%"}:
        return "day"
    return None


def _widen(
    first: _Day, last: _Day, unit: tuple[int, int] | Literal["day"] | None, *, whole_months: bool
) -> tuple[_Day, _Day]:
    if unit is None:
        return first, last
    if unit == "day":
        return _day_before(first), _day_after(last)
    months = unit[0] * 12 + unit[1]
    lower, upper = _shift_months(first, -months), _shift_months(last, months)
    if whole_months:
        upper = (upper[0], upper[1], month_length(upper[0], upper[1]))
    return lower, upper


def month_length(year: int, month: int) -> int:
    """The days of a month, 28 to 31, in any year of the Gregorian calendar carried on both ways."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _shift_months(day: _Day, months: int) -> _Day:
    year, index = divmod(day[0] * 12 + day[1] - 1 + months, 12)
    return (year, index + 1, min(day[2], month_length(year, index + 1)))


def _day_before(day: _Day) -> _Day:
    if day[2] > 1:
        return (day[0], day[1], day[2] - 1)
    year, month, _ = _shift_months((day[0], day[1], 1), -1)
    return (year, month, month_length(year, month))


def _day_after(day: _Day) -> _Day:
    if day[2] < month_length(day[0], day[1]):
        return (day[0], day[1], day[2] + 1)
    return _shift_months((day[0], day[1], 1), 1)


# Years beyond four digits


def _long_year(text: str) -> _Part | None:
    """Reads Y170000002, Y17E7 and 1950S2, or gives None where the text has another form."""
    match = re.fullmatch(_LONG_YEAR, text)
    if not match:
        return None
    digits = match["long"] or match["short"] or match["base"]
    exponent = int(match["exp"] or 0)
    if len(digits) + exponent > _MOST_DIGITS:
        raise _bad(text, f"is a year of more than {_MOST_DIGITS} digits")
    if digits == "-0000":
        raise _bad(text, "has the year -0000, which does not exist")
    year = int(digits) * 10**exponent
    significant = match["s1"] or match["s2"] or match["s3"]
    low = high = year
    if significant:
        length = len(str(abs(year)))
        span = 10 ** max(0, length - int(significant[:3]))
        base = abs(year) // span * span
        low, high = sorted((base, base + span - 1)) if year >= 0 else (-(base + span - 1), -base)
    first, last = (low, 1, 1), (high, 12, 31)
    return _Part(first, last, first, last, "year", False)
