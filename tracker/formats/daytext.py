"""Dates as publishers write them into JSON-LD: the day that was written, in whatever form."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate

from claims.dates import UncertainDate, from_date, from_edtf, parse
from claims.errors import ClaimsError

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s*(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?)?",
    re.ASCII | re.IGNORECASE,
)
_MAIL = re.compile(r"[A-Z][a-z]{2},\s", re.ASCII)
_COUNTED_FROM = (date(1999, 12, 31), date(2000, 6, 15))
"""Two days: a date that means another thing on each is no date but counts from the day it is read."""


def read_day(written: str, *, dayfirst: bool | None = None) -> UncertainDate | None:
    """The date, with the words that it was written in; None for what cannot be read without a guess.

    A time of day is dropped: the day is the one that was written, in its own time zone. Read are ISO 8601
    with and without its hyphens, colons and "T", the dates of e-mail (RFC 5322), EDTF, and what
    :func:`claims.dates.parse` understands, but for what counts from today ("yesterday").
    """
    words = " ".join(written.split())
    try:
        if found := _ISO.fullmatch(words):
            return from_date(date(*map(int, found.groups()[:3])), words)
        if _MAIL.match(words) and (parts := parsedate(words)) is not None:
            return from_date(date(*parts[:3]), words)
        one, other = (parse(words, today=day, dayfirst=dayfirst) for day in _COUNTED_FROM)
    except (ClaimsError, ValueError, OverflowError):
        return None
    return one if one == other else None


def write_day(when: UncertainDate | None) -> str | None:
    """The date in ISO 8601: a day, a month or a year; None for what is known less finely, or not at all."""
    if when is None or not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", when.edtf, re.ASCII):
        return None
    try:
        from_edtf(when.edtf)
    except ClaimsError:
        return None
    return when.edtf if int(when.edtf[5:7] or 1) <= 12 else None  # 2018-21 is the spring of 2018
