"""Moments of recording as people write them, read without the record: the number of an entry, now, a time."""

from __future__ import annotations

import re
from datetime import datetime

from claims.errors import BadDate

NOW = "now"
"""The word for the present moment."""

_ENTRY = re.compile(r"(?:entry[: ]\s*|#)(\d+)|(\d{1,3}|\d{5,7})", re.IGNORECASE)
"""A journal number. Four digits alone are a year, and eight a day, as everywhere."""

_DIGITS = 30
"""More than any entry's number has; Python takes a few thousand for a number at most."""


def read_entry(text: str) -> int | None:
    """The number of the entry that is meant, if it is one."""
    found = _ENTRY.fullmatch(text.strip())
    return int((found[1] or found[2])[:_DIGITS]) if found else None


def is_now(text: str) -> bool:
    """Whether the present moment is meant."""
    return text.strip().lower() == NOW


def read_time(text: str) -> datetime | None:
    """The exact time that is meant, if it is one and not a day. Raises :class:`BadDate` for what only looks
    like one."""
    if not ("T" in text.upper() and ":" in text):
        return None
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadDate(f"{text!r} is not a time", "for example 2026-03-01T12:00:00Z") from error
