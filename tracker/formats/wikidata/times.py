"""Wikidata's times and uncertain dates: what one means as the other.

Wikidata keeps a time, its precision and the calendar that it is written in. Centuries and millennia are the
strict ones, from a year that ends in 01 to one that ends in 00, and 1 BC is the year -0001 (Help:Dates;
Wikibase's JSON). Days and months of the Julian calendar become those of the Gregorian one, in which EDTF
counts; the words keep what was written. Years, and what is coarser, are left as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.dates import from_edtf
from claims.errors import BadDate
from tracker.formats.wikidata.snaks import SOME, TIME, time_of

if TYPE_CHECKING:
    from datetime import date

    from claims.dates import UncertainDate

DAY, MONTH, YEAR, DECADE, CENTURY, MILLENNIUM = 11, 10, 9, 8, 7, 6
SPANS = {DECADE: 10, CENTURY: 100, MILLENNIUM: 1000}
_PARTS = re.compile(r"([+-])(\d{1,16})-(\d\d)-(\d\d)T")
_PLAIN = re.compile(r"(?P<year>-?\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?)?")
_LONG = re.compile(r"Y(-?\d{5,16})")
_SET = re.compile(r"\[(?P<first>[^\[\],.]*)(?P<dots>\.\.)(?P<last>[^\[\],.]*)\]")
_JULIAN = "(Julian calendar)"


@dataclass(frozen=True, slots=True)
class Told:
    """A date as Wikidata tells it: the value of a statement (or that there is some), the earliest and the
    latest date that qualify it, and whether it is circa, or presumed."""

    main: str
    earliest: str | None = None
    latest: str | None = None
    circa: bool = False
    presumed: bool = False


# --- what a time means --------------------------------------------------------------------------


def when_of(text: str) -> UncertainDate | None:
    """The date that the text of a time means; None where it is no time, names no day that there is, or is
    coarser than a millennium."""
    text = time_of(text)
    written, parts = TIME.fullmatch(text), _PARTS.match(text)
    if written is None or parts is None:
        return None
    year, month, day = int(parts[2]), int(parts[3]), int(parts[4])
    precision = min(int(written["precision"]), DAY)
    if year == 0 or year > 10**15 or (precision >= MONTH and not 1 <= month <= 12):
        return None
    before = parts[1] == "-"
    if precision in SPANS:
        edtf, words = _span(year, precision, before=before)
    else:
        edtf, words = _fine(1 - year if before else year, month, day, precision)
        words = f"{words.removeprefix('-')} BC" if before else words
        if before:  # the words count years before Christ, EDTF counts a year 0
            words = words.replace(_year(1 - year).removeprefix("-"), f"{year:04d}", 1)
    if written["julian"]:
        edtf, words = _julian(edtf), f"{words} {_JULIAN}"
    try:
        return from_edtf(edtf, words)
    except BadDate:
        return None


def _year(year: int) -> str:
    if abs(year) > 9999:
        return f"Y{year}"
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def _fine(year: int, month: int, day: int, precision: int) -> tuple[str, str]:
    """A day, a month or a year; "" for a precision that is none of them."""
    edtf = _year(year) if precision >= YEAR else ""
    if precision >= MONTH:
        edtf += f"-{month:02d}"
    if precision >= DAY:
        edtf += f"-{day:02d}"
    return edtf, edtf


def _span(year: int, precision: int, *, before: bool) -> tuple[str, str]:
    """A decade, a century or a millennium: decades are counted from years that end in 0, the others from
    those that end in 1."""
    years = SPANS[precision]
    if precision == DECADE:
        first = year // years * years
        words = f"{first}s"
        if not before and year <= 9999:
            return f"{year // years:03d}X", words
    else:
        number = -(-year // years)
        first = (number - 1) * years + 1
        words = f"{_ordinal(number)} {'century' if precision == CENTURY else 'millennium'}"
    last = first + years - 1
    if before:
        first, last, words = 1 - last, 1 - max(first, 1), f"{words} BC"
    return f"[{_year(first)}..{_year(last)}]", words


def _ordinal(number: int) -> str:
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def _julian(edtf: str) -> str:
    """A day or a month of the Julian calendar as the days of the Gregorian one; all else as it is."""
    found = _PLAIN.fullmatch(edtf)
    if found is None or found["month"] is None:
        return edtf
    year, month = int(found["year"]), int(found["month"])
    if found["day"] is not None:
        return _gregorian(year, month, int(found["day"]))
    following = (year + month // 12, month % 12 + 1)
    return f"[{_gregorian(year, month, 1)}..{_gregorian(*following, 0)}]"


def _gregorian(year: int, month: int, day: int) -> str:
    """The Gregorian day of a Julian one, by its Julian day number (E. G. Richards, "Calendars", 2013); day 0
    is the last of the month before."""
    shift = (14 - month) // 12
    y, m = year + 4800 - shift, month + 12 * shift - 3
    number = day + (153 * m + 2) // 5 + 365 * y + y // 4 - 32083
    a = number + 32044
    b = (4 * a + 3) // 146097
    c = a - 146097 * b // 4
    d = (4 * c + 3) // 1461
    e = c - 1461 * d // 4
    f = (5 * e + 2) // 153
    return (
        f"{_year(100 * b + d - 4800 + f // 10)}-{f + 3 - 12 * (f // 10):02d}-{e - (153 * f + 2) // 5 + 1:02d}"
    )


# --- qualified ----------------------------------------------------------------------------------


def qualified(told: Told) -> UncertainDate | None:
    """The date that a statement and its qualifiers mean; bounds that contradict its value, or each other, are
    not heeded. None where nothing is known."""
    main = None if told.main == SOME else when_of(told.main)
    if told.earliest or told.latest:
        between = _between(told.earliest, told.latest, main)
        return between or main
    if told.circa and main is not None:
        try:
            return from_edtf(f"{main.edtf}~", f"about {main.words}")
        except BadDate:
            return main
    return main


def _between(earliest: str | None, latest: str | None, main: UncertainDate | None) -> UncertainDate | None:
    first, last = (when_of(text) if text else None for text in (earliest, latest))
    if (earliest and first is None) or (latest and last is None):
        return None
    low, high = _end(first, main, latest=False), _end(last, main, latest=True)
    if main is not None and not (_within(first, main) and _within(last, main)):
        return None
    told = [f"from {first.words}" if first else "", f"to {last.words}" if last else ""]
    try:
        return from_edtf(f"[{low}..{high}]", " ".join(word for word in told if word))
    except BadDate:
        return None


def _end(bound: UncertainDate | None, main: UncertainDate | None, *, latest: bool) -> str:
    """One end of a set: a bound as it was written, its outermost day, or that of the value."""
    if bound is not None and _PLAIN.fullmatch(bound.edtf):
        return bound.edtf
    found = bound or main
    if found is None:
        return ""
    day = found.latest if latest else found.earliest
    return str(day) if day else ""


def _within(bound: UncertainDate | None, main: UncertainDate) -> bool:
    if bound is None or bound.earliest is None or bound.latest is None:
        return bound is None
    return (main.earliest is None or bound.latest >= main.earliest) and (
        main.latest is None or bound.earliest <= main.latest
    )


def span_of(start: str | None, end: str | None) -> UncertainDate | None:
    """The time from a start to an end, as an interval; None where neither is one that can be written."""
    first, last = (when_of(text) if text else None for text in (start, end))
    parts = [_plain_end(first, latest=False), _plain_end(last, latest=True)]
    if parts == ["..", ".."]:
        return None
    told = [f"from {first.words}" if first else "", f"to {last.words}" if last else ""]
    try:
        return from_edtf("/".join(parts), " ".join(word for word in told if word))
    except BadDate:
        return None


def _plain_end(bound: UncertainDate | None, *, latest: bool) -> str:
    return _end(bound, None, latest=latest) or ".."


# --- how a date is told -------------------------------------------------------------------------


def tell(when: UncertainDate | None) -> Told:
    """A date as Wikidata tells it: as a value where it has such a precision, else as the coarsest value that
    holds it, with the earliest and the latest date."""
    if when is None:
        return Told(SOME)
    edtf = when.edtf
    mark = edtf[-1] if edtf[-1:] in ("~", "?", "%") else ""
    if (main := _exact(edtf.removesuffix(mark))) is not None:
        return Told(main, circa=mark in ("~", "%"), presumed=mark in ("?", "%"))
    if found := _SET.fullmatch(edtf):
        first, last = _exact(found["first"]), _exact(found["last"])
        if (first or not found["first"]) and (last or not found["last"]):
            return Told(_around(when), first, last)
    first, last = (_exact(str(day)) if day else None for day in (when.earliest, when.latest))
    return Told(_around(when), first, last)


def tell_span(when: UncertainDate) -> tuple[str | None, str | None] | None:
    """The start and the end of an interval; None for what is none, or has ends of no such form."""
    start, slash, end = when.edtf.partition("/")
    told = [None if each in ("", "..") else _exact(each) for each in (start, end)]
    plain = all(told[place] or each in ("", "..") for place, each in enumerate((start, end)))
    return (told[0], told[1]) if slash and plain else None


def time_text(day: date) -> str:
    """A certain day as the text of a time."""
    return _time(day.year, day.month, day.day, DAY)


def _exact(edtf: str) -> str | None:
    """The time of an EDTF value that is one day, month, year, decade, century or millennium."""
    if found := _PLAIN.fullmatch(edtf):
        month, day = int(found["month"] or 0), int(found["day"] or 0)
        return _time(int(found["year"]), month, day, DAY if day else MONTH if month else YEAR)
    if re.fullmatch(r"\d{3}X", edtf):
        return _time(int(edtf[:3]) * 10, 0, 0, DECADE)
    if found := _LONG.fullmatch(edtf):
        return _time(int(found[1]), 0, 0, YEAR)
    found = _SET.fullmatch(edtf)
    if found and re.fullmatch(r"\d{4}", found["first"]) and re.fullmatch(r"\d{4}", found["last"]):
        first, last = int(found["first"]), int(found["last"])
        for precision in (CENTURY, MILLENNIUM):
            if first % SPANS[precision] == 1 and last - first == SPANS[precision] - 1:
                return _time(last, 0, 0, precision)
    return None


def _around(when: UncertainDate) -> str:
    """The finest value that all of a date lies in; that there is some, where an end is open."""
    first, last = when.earliest, when.latest
    if first is None or last is None:
        return SOME
    if first.year == last.year:
        month = first.month if first.month == last.month else 0
        return _time(first.year, month, 0, MONTH if month else YEAR)
    if first.year // 10 == last.year // 10:
        return _time(first.year // 10 * 10, 0, 0, DECADE)
    if (first.year - 1) // 100 == (last.year - 1) // 100:
        return _time(((first.year - 1) // 100 + 1) * 100, 0, 0, CENTURY)
    return SOME


def _time(year: int, month: int, day: int, precision: int) -> str:
    sign, number = ("-", 1 - year) if year < 1 else ("+", year)
    return f"{sign}{number:04d}-{month:02d}-{day:02d}T00:00:00Z/{precision}"
