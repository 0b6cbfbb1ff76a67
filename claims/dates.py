"""Uncertain dates: what a person wrote, as an EDTF value with the first and the last day it may mean.

Evidence seldom comes with a day: "late 2018", "a few weeks after the raid", "before May 2012". Each is kept
as three things: the words as written, a standard EDTF value, and two bounds that computations can rely on.
The bounds are outer ones: where words are vague, they are rather too wide than wrong.

The phrases themselves are in ``claims.phrases``, the EDTF reader in ``claims.edtf``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from claims import edtf as _edtf
from claims import phrases as _phrases
from claims.edtf import Precision
from claims.errors import AmbiguousDate, BadDate

__all__ = ["Anchors", "Precision", "UncertainDate", "from_date", "from_edtf", "parse"]

_EDTF_SIGNS = frozenset("0123456789XYESTZ-/[]{}.,?~%:+")


@dataclass(frozen=True, slots=True)
class UncertainDate:
    """A date as finely as it is known.

    ``edtf`` is its standard form; ``earliest`` and ``latest`` are the first and last day it may mean, both
    inclusive, ``None`` where that end is open, unknown, or outside the years 1 to 9999. ``words`` are the
    words as written, or the same as ``edtf``. ``after`` holds the keys of claims that it is said to
    come after, which bounds alone cannot say. Make one with ``parse``, ``from_edtf`` or ``from_date``.
    """

    edtf: str
    earliest: date | None
    latest: date | None
    words: str
    after: tuple[str, ...] = ()

    @property
    def precision(self) -> Precision:
        """How finely it is known: "day", "month", ..., "set" (some day among these), "open"."""
        return _edtf.read(self.edtf).precision

    def describe(self) -> str:
        """For people: the words, and the days they were understood as unless the words say just that."""
        exact = self.earliest is not None and self.earliest == self.latest
        if exact and str(self.earliest) == self.words:
            return self.words
        return f"{self.words} ({self._days()})"

    def _days(self) -> str:
        first, last = self.earliest, self.latest
        one_of = self.edtf.startswith("[")
        if first is None and last is None:
            return "no known days"
        if first is None:
            return f"{last} or earlier" if one_of else f"up to {last}"
        if last is None:
            return f"{first} or later" if one_of else f"from {first} on"
        if first == last:
            return str(first)
        return f"from {first} to {last}" if "/" in self.edtf else f"between {first} and {last}"

    def __str__(self) -> str:
        return self.edtf


Anchors = Callable[[str], UncertainDate | None]
"""Gives the date of what a key names, such as a claim, or None for a key that names nothing."""


def from_date(day: date, words: str = "") -> UncertainDate:
    """The uncertain date that is one certain day."""
    return from_edtf(str(_day(day)), words)


def from_edtf(text: str, words: str = "") -> UncertainDate:
    """Reads an EDTF value exactly as written; ``words`` are what a person had written for it.

    A time of day is dropped: the day is the one that was written, in its own time zone.
    Raises BadDate for anything that is not EDTF, blanks around it included.
    """
    reading = _edtf.read(text)
    return UncertainDate(reading.text, reading.earliest, reading.latest, words or text)


def parse(
    text: str,
    *,
    today: date,
    dayfirst: bool | None = None,
    anchors: Anchors | None = None,
) -> UncertainDate:
    """Reads a date as a person writes it: EDTF first, then the phrases listed in docs/dates.md.

    ``today`` is the day that "yesterday" and "two weeks ago" count from; no clock is read. ``dayfirst``
    settles 03/04/2018: True is 3 April, False is 4 March, None refuses it. ``anchors`` gives the date of a
    claim for "two months after kouffa-killed-2018"; a text that can be read as a date is never looked up.

    Raises BadDate for what cannot be read, AmbiguousDate for what can be read in two ways, and nothing
    else of its own, whatever the text.
    """
    words = _tidy(text)
    try:
        return from_edtf(words)
    except BadDate as error:
        not_edtf = error
    try:
        found = _phrases.read(words, today=_day(today), dayfirst=dayfirst, anchors=anchors)
        if found is not None:
            return from_edtf(found, words)
    except (BadDate, AmbiguousDate) as error:
        # The part that failed is named already; the whole shows where it stood.
        where = "" if _edtf.quoted(words) in error.message else f" (in {_edtf.quoted(words)})"
        # Whoever wrote a phrase is not helped by examples of EDTF.
        hint = _phrases.HINT if error.hint == _edtf.HINT else error.hint
        raise type(error)(error.message + where, hint) from None
    if len(words) > 4 and _EDTF_SIGNS.issuperset(words):
        raise not_edtf
    raise _phrases.unreadable(words)


def _day(day: date) -> date:
    # A datetime is a date too, but prints and compares as something else.
    return date(day.year, day.month, day.day)


def _tidy(text: str) -> str:
    """The text with single blanks, or BadDate where it is empty, too long, or holds what cannot be seen."""
    if len(text) > _edtf.LONGEST:
        raise BadDate(f"{_edtf.quoted(text)} is no date: it has {len(text)} characters", _phrases.HINT)
    for sign in text:
        if not (sign.isprintable() or sign in "\t\n\r" or unicodedata.category(sign) == "Zs"):
            raise BadDate(
                f"{_edtf.quoted(text)} holds the invisible character U+{ord(sign):04X}",
                "type the date again instead of copying it",
            )
    words = " ".join(text.split())
    if not words:
        raise BadDate("the date '' is empty", _phrases.HINT)
    return words
