"""The phrases in which people write dates, each turned into an EDTF value.

A rule is a pattern for the whole text and a function that gives EDTF; the first pattern that matches
decides. Where a phrase holds another date ("two weeks after late 2018"), the inner text is read by the same
rules. Calendar forms (days, months, seasons, numbers) are in ``claims.calendar_forms``.

Conventions, all of them outer bounds and all in docs/dates.md: thirds for early, mid and late; "a few" is 2
to 5; a date relative to an uncertain one keeps the whole of its uncertainty. "Some day in" is a one-of set
``[a..b]``, not an interval: an interval is for what lasted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from claims import calendar_forms, edtf
from claims.errors import BadDate

if TYPE_CHECKING:
    from claims.dates import Anchors, UncertainDate

HINT = (
    'write a date like "23 Nov 2018", "2018-11-23", "Nov 2018", "late 2018", "2018", "circa 2011", '
    '"before May 2012", "since 2017", "a few weeks after 23 Nov 2018" or "yesterday"'
)

_DEEPEST = 8  # phrases inside phrases: nobody writes three

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTS: dict[str, tuple[int, int]] = {
    **{word: (n, n) for n, word in enumerate(_WORDS, start=1)},
    "a": (1, 1),
    "an": (1, 1),
    "couple": (2, 2),
    "few": (2, 5),
    "several": (3, 7),
}
_NUMBER = rf"\d{{1,4}}|{'|'.join(_WORDS)}"
_COUNT = (
    r"(?P<roughly>(?:about|around|roughly|some|approximately) )?"
    rf"(?:(?P<low>{_NUMBER})(?:(?: to | or | ?- ?)(?P<high>{_NUMBER}))?"
    r"|(?:a )?(?P<vague>few|couple|several)(?: of)?|(?P<single>an?)) "
    r"(?P<unit>day|week|month|year)s?"
)
_EARLY = r"early|(?:the )?(?:beginning|start)(?: of)?|debut(?: de)?"
_MID = r"mid|(?:the )?middle(?: of)?|mi"
_LATE = r"late|(?:the )?end(?: of)?|fin(?: de)?"
_CIRCA = r"(?:circa|ca|about|around|approximately|approx|roughly|vers|environ)\s|(?:c|ca|approx)\.\s?"


def unreadable(text: str) -> BadDate:
    """The error for a text that no rule knows, with a hint that fits what is missing from it."""
    hint = HINT
    if calendar_forms.lacks_year(text):
        hint = "add the year in four digits; " + HINT
    return BadDate(f"{edtf.quoted(text)} cannot be read as a date", hint)


def read(text: str, *, today: date, dayfirst: bool | None, anchors: Anchors | None) -> str | None:
    """The EDTF value that a phrase means, or None where no rule knows it.

    Raises BadDate or AmbiguousDate where a rule knows the phrase but it means no day, or two.
    """
    return _Reader(today, dayfirst, anchors).find(text)


class _Operand(NamedTuple):
    """A date inside a phrase. ``period`` is true of one written as a plain stretch of the calendar."""

    text: str
    value: edtf.Reading
    period: bool

    @property
    def simple(self) -> bool:
        """Whether it can stand as it is inside an interval or a set."""
        return not self.value.text.startswith(("[", "{", "Y")) and "/" not in self.value.text


class _Reader(NamedTuple):
    """What the rules need to know, and how they read the dates inside a phrase."""

    today: date
    dayfirst: bool | None
    anchors: Anchors | None
    depth: int = 0

    def find(self, text: str) -> str | None:
        """EDTF for a whole phrase, as a date or else as an anchor; None where it is neither."""
        try:
            found = self.by_rules(text)
        except BadDate:
            # A key may look like the start of a phrase: early-warning-2018.
            if anchored := self._anchor(text):
                return anchored.edtf
            raise
        if found is None and (anchored := self._anchor(text)):
            return anchored.edtf
        return found

    def operand(self, text: str) -> _Operand:
        """A date inside a phrase. Raises BadDate where it is none."""
        if self.depth >= _DEEPEST:
            raise BadDate(f"{edtf.quoted(text)} holds too many dates inside each other", HINT)
        inner = _Reader(self.today, self.dayfirst, self.anchors, self.depth + 1)
        text = text.strip(" ,")
        try:
            value = edtf.read(text)
        except BadDate:
            try:
                found = inner.by_rules(text)
                if found is None:
                    raise unreadable(text)
                value = edtf.read(found)
            except BadDate:
                if anchored := self._anchor(text):
                    return _Operand(text, edtf.read(anchored.edtf), period=False)
                raise
        return _Operand(text, value, period=re.fullmatch(r"[\dX-]+", value.text) is not None)

    def by_rules(self, text: str) -> str | None:
        """EDTF for a calendar form or a phrase; None where no rule knows it."""
        plain = calendar_forms.plain(text)
        if found := calendar_forms.read(plain, self.dayfirst):
            return found
        for pattern, rule in _RULES:
            if match := calendar_forms.match(pattern, plain):
                return rule(self, match)
        return calendar_forms.free_form(plain)

    def _anchor(self, text: str) -> UncertainDate | None:
        return self.anchors(text) if self.anchors else None


_Rule = Callable[[_Reader, "re.Match[str]"], str]


# From days to EDTF


def _one_of(first: date | None, last: date | None, text: str) -> str:
    """Some day from ``first`` to ``last``, either of which may be open."""
    if first is None and last is None:
        raise BadDate(f"{edtf.quoted(text)} is open at both ends", HINT)
    if first and last and first > last:
        raise BadDate(f"{edtf.quoted(text)} ends ({last}) before it starts ({first})", "turn the dates round")
    if first == last:
        return str(first)
    return f"[{first or ''}..{last or ''}]"


def _shift(day: date | None, count: int, unit: str) -> date | None:
    """A day moved by days, weeks, months or years; the 31st becomes the last day of a shorter month."""
    if day is None:
        return None
    try:
        if unit in ("day", "week"):
            return day + timedelta(days=count * (7 if unit == "week" else 1))
        year, month = divmod(day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1), 12)
        if MINYEAR <= year <= MAXYEAR:
            return date(year, month + 1, min(day.day, edtf.month_length(year, month + 1)))
    except OverflowError:
        pass  # the same as a year out of range
    plural = "" if abs(count) == 1 else "s"
    raise BadDate(f"{abs(count)} {unit}{plural} from {day} is outside the years 1 to 9999", HINT)


def _count(match: re.Match[str]) -> tuple[int, int]:
    """The least and the most that "3", "a few" or "two or three" say."""
    if match["low"]:
        low, high = (
            int(word) if word.isdecimal() else _COUNTS[word.lower()][0]
            for word in (match["low"], match["high"] or match["low"])
        )
    else:
        low, high = _COUNTS[(match["vague"] or match["single"]).lower()]
    if match["roughly"]:
        low, high = max(0, low - 1), high + 1
    if low > high:
        raise BadDate(
            f"{edtf.quoted(match[0])} counts down: {low} to {high}", "write the smaller number first"
        )
    return low, high


def _containing(day: date, unit: str) -> str:
    """The day, week, month or year that a day is in."""
    if unit == "week":
        monday = _shift(day, -day.weekday(), "day")
        return _one_of(monday, _shift(monday, 6, "day"), str(day))
    return str(day)[: {"day": 10, "month": 7, "year": 4}[unit]]


# Relative to today


def _today(reader: _Reader, match: re.Match[str]) -> str:
    back = 0 if match[0].lower() in ("today", "aujourd'hui") else 1
    return str(_shift(reader.today, -back, "day"))


def _this_or_last(reader: _Reader, match: re.Match[str]) -> str:
    unit = match[2].lower()
    back = 0 if match[1].lower() == "this" else -1
    day = _shift(reader.today, back, unit)
    assert day is not None
    return _containing(day, unit)


def _ago(reader: _Reader, match: re.Match[str]) -> str:
    """As fine as its unit: "two months ago" is a month, for it was hardly said of a day."""
    (low, high), unit = _count(match), match["unit"].lower()
    ends = [
        edtf.read(_containing(day, unit))
        for count in (high, low)
        if (day := _shift(reader.today, -count, unit)) is not None
    ]
    if low == high:
        return ends[0].text
    latest = ends[1].latest
    # What is so many weeks ago is past, even when the calendar's unit is not over.
    return _one_of(ends[0].earliest, min(latest, reader.today) if latest else None, match[0])


# Relative to another date


def _counted(reader: _Reader, match: re.Match[str]) -> str:
    low, high = _count(match)
    return _moved(reader.operand(match["e"]), low, high, match)


def _shortly(reader: _Reader, match: re.Match[str]) -> str:
    low, high, unit = (1, 1, "day") if match["nextday"] else (0, 1, "month")
    return _moved(reader.operand(match["e"]), low, high, match, unit)


def _moved(event: _Operand, low: int, high: int, match: re.Match[str], unit: str = "") -> str:
    """The event's bounds moved by ``low`` to ``high`` units, its own uncertainty kept on both sides."""
    unit = unit or match["unit"].lower()
    first, last = event.value.earliest, event.value.latest
    if match["way"].lower().startswith(("before", "earlier")):
        return _one_of(_shift(first, -high, unit), _shift(last, -low, unit), match[0])
    return _one_of(_shift(first, low, unit), _shift(last, high, unit), match[0])


def _between_events(reader: _Reader, match: re.Match[str]) -> str:
    """After one event and before another: the day of the first counts, for it may have been the same day."""
    after, before = reader.operand(match["after"]), reader.operand(match["before"])
    first = _day_after(after, match[0]) if after.period and _is_long(after) else after.value.earliest
    last = _day_before(before, match[0]) if before.period else _shift(before.value.latest, -1, "day")
    return _one_of(first, last, match[0])


def _is_long(operand: _Operand) -> bool:
    return operand.value.earliest != operand.value.latest


def _day_after(operand: _Operand, text: str) -> date:
    """The first day after it: after a whole period that was written, after the first day an event may be."""
    day = operand.value.latest if operand.period else operand.value.earliest
    return _known(_shift(day, 1, "day"), text)


def _day_before(operand: _Operand, text: str) -> date:
    day = operand.value.earliest if operand.period else operand.value.latest
    return _known(_shift(day, -1, "day"), text)


def _known(day: date | None, text: str) -> date:
    if day is None:
        raise BadDate(f"{edtf.quoted(text)} counts from a date that is open at that end", HINT)
    return day


def _before(reader: _Reader, match: re.Match[str]) -> str:
    return _one_of(None, _day_before(reader.operand(match[1]), match[0]), match[0])


def _after(reader: _Reader, match: re.Match[str]) -> str:
    return _one_of(_day_after(reader.operand(match[1]), match[0]), None, match[0])


def _by(reader: _Reader, match: re.Match[str]) -> str:
    event = reader.operand(match[1])
    return f"[..{event.value.text if event.simple else _known(event.value.latest, match[0])}]"


def _from_then(reader: _Reader, match: re.Match[str]) -> str:
    event = reader.operand(match[1])
    return f"[{event.value.text if event.simple else _known(event.value.earliest, match[0])}..]"


# Stretches of time


def _since(reader: _Reader, match: re.Match[str]) -> str:
    event = reader.operand(next(filter(None, match.groups())))
    return f"{event.value.text if event.simple else _known(event.value.earliest, match[0])}/.."


def _until(reader: _Reader, match: re.Match[str]) -> str:
    event = reader.operand(match[1])
    return f"../{event.value.text if event.simple else _known(event.value.latest, match[0])}"


def _pair(reader: _Reader, match: re.Match[str]) -> tuple[_Operand, _Operand]:
    """Two dates, the first of which may leave to the second what it shares: "3 and 5 May 2012"."""
    right = reader.operand(match[2])
    return reader.operand(calendar_forms.borrow(match[1], match[2])), right


def _between(reader: _Reader, match: re.Match[str]) -> str:
    left, right = _pair(reader, match)
    days = _one_of(left.value.earliest, right.value.latest, match[0])
    if left.simple and right.simple and left.value.text != right.value.text:
        return f"[{left.value.text}..{right.value.text}]"
    return days


def _from_to(reader: _Reader, match: re.Match[str]) -> str:
    return _span(*_pair(reader, match), match[0])


def _days_of_month(reader: _Reader, match: re.Match[str]) -> str:
    """The month before the days and the year after them: Nov 3-5, 2018."""
    month, first, last, year = match.groups()
    left, right = (reader.operand(f"{day} {month} {year}") for day in (first, last))
    return _span(left, right, match[0])


def _span(left: _Operand, right: _Operand, text: str) -> str:
    """From the start of one date to the end of another, as an interval: for what lasted."""
    first, last = _known(left.value.earliest, text), _known(right.value.latest, text)
    _one_of(first, last, text)  # refuses what ends before it starts
    if left.simple and right.simple:
        try:
            return edtf.read(f"{left.value.text}/{right.value.text}").text
        except BadDate:
            pass  # "from 15 Nov 2018 to Nov 2018": EDTF wants days on both sides
    return f"{first}/{last}"


def _or(reader: _Reader, match: re.Match[str]) -> str:
    left, right = sorted(_pair(reader, match), key=lambda o: o.value.earliest or date.min)
    return f"[{_member(left, match[0])},{_member(right, match[0])}]"


def _member(operand: _Operand, text: str) -> str:
    value = operand.value
    first, last = _known(value.earliest, text), _known(value.latest, text)
    if operand.simple:
        return value.text
    return value.text[1:-1] if value.text.startswith("[") else f"{first}..{last}"


# Vague dates


def _qualified(reader: _Reader, match: re.Match[str]) -> str:
    """Circa 2011 is 2011~, perhaps 2011 is 2011?, and both at once 2011%; in a set, each date gets it."""
    sign = "?" if match["doubt"] else "~"
    value = reader.operand(match["e"]).value

    def qualify(date_: re.Match[str]) -> str:
        return date_[1] + (sign if date_[2] in ("", sign) else "%")

    return re.sub(r"(-?[\dX]{4}[\dX-]*)([?~%]?)", qualify, value.text)


def _third(reader: _Reader, match: re.Match[str]) -> str:
    """Early, mid or late in a year, month, decade or season: one of its thirds.

    "The end of" a year says less than "late in" it seems to; both are the last third, lest a day be lost.
    """
    third = 0 if match["early"] else 1 if match["mid"] else 2
    operand = reader.operand(match["e"])
    text = operand.value.text
    if re.fullmatch(r"\d{4}", text):
        return f"[{text}-{third * 4 + 1:02}..{text}-{third * 4 + 4:02}]"
    if re.fullmatch(r"\d{3}X", text):
        first, last = ((0, 3), (4, 6), (7, 9))[third]
        return f"[{text[:3]}{first}..{text[:3]}{last}]"
    if re.fullmatch(r"\d{4}-2[1-4]", text):
        return str(_shift(operand.value.earliest, third, "month"))[:7]
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) and operand.value.latest:
        last = (10, 20, operand.value.latest.day)[third]
        return f"[{text}-{third * 10 + 1:02}..{text}-{last:02}]"
    raise BadDate(
        f"{edtf.quoted(match[0])}: only a year, month, season or decade has an early, a mid and a late part",
        HINT,
    )


_E = r"(?P<e>.+)"
_RULES: tuple[tuple[str, _Rule], ...] = (
    (r"today|yesterday|hier|aujourd'hui", _today),
    (r"(this|last) (week|month|year)", _this_or_last),
    (rf"{_COUNT} ago", _ago),
    (rf"{_COUNT} (?P<way>after|before|later than|earlier than) {_E}", _counted),
    (rf"(?:(?P<nextday>day)|shortly|soon|just|right|immediately) (?P<way>after|before) {_E}", _shortly),
    (r"after (?P<after>.+?),? (?:and|but) before (?P<before>.+)", _between_events),
    (r"before (?P<before>.+?),? (?:and|but) after (?P<after>.+)", _between_events),
    (r"(?:between|entre) (.+?) (?:and|et) (.+)", _between),
    (r"(?:on or before|before or on|no later than|not later than|by) (.+)", _by),
    (r"(?:on or after|after or on|no earlier than|not earlier than|not before) (.+)", _from_then),
    (r"(?:since|depuis) (.+)", _since),
    (r"(?:from )?(.+?) onwards?|from (.+?) on", _since),
    (r"(?:until|till?|up to|jusqu'a|jusqu'en) (.+)", _until),
    (r"(?:from )?(.+?) (?:to|until|till|through|-) (.+)", _from_to),
    (r"from (.+)", _since),
    (r"(\d{4})-(\d{4})", _from_to),
    (r"(\d{1,2})-(\d{1,2} [a-z]+\.?,? \d{4})", _from_to),
    (r"([a-z]+\.?) (\d{1,2})-(\d{1,2}),? (\d{4})", _days_of_month),
    (r"(?:either )?(.+?),? (?:or|ou) (.+)", _or),
    (r"(?:before|avant) (.+)", _before),
    (r"(?:after|apres) (.+)", _after),
    (rf"(?:(?P<doubt>perhaps|possibly|probably|maybe)\s|{_CIRCA}){_E}", _qualified),
    (rf"(?:(?P<early>{_EARLY})|(?P<mid>{_MID})|(?P<late>{_LATE}))[ -]{_E}", _third),
    (r"([a-z]{3,})-([a-z]{3,} \d{4})", _from_to),
)
