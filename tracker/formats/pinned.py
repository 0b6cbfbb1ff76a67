"""Dates as they are written out, so that they mean the same on whatever day they are read again."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from claims.dates import from_edtf, parse
from claims.errors import ClaimsError
from claims.keys import KEY_PATTERN

if TYPE_CHECKING:
    from collections.abc import Collection

    from claims.dates import UncertainDate


def named_in(value: UncertainDate | None, claims: Collection[str]) -> set[str]:
    """The claims that a date may count from."""
    if value is None:
        return set()
    return {*value.after, *(set(re.findall(KEY_PATTERN, value.words)) & set(claims))}


def pinned(value: UncertainDate | None, claims: Collection[str] = ()) -> str | UncertainDate | None:
    """A date as its words, where they stand on their own or count from a claim; else as its EDTF value with
    the words beside it."""
    if value is None:
        return None
    if named_in(value, claims) or stands_alone(value):
        return value.words
    return from_edtf(value.edtf, value.words)


def stands_alone(value: UncertainDate) -> bool:
    """Whether the words of a date mean the same on any day, and without any claim."""
    if value.after:
        return False
    # Read against two far-apart days: words that count from today cannot mean the same on both.
    for today in (date(1990, 6, 15), date(2190, 1, 1)):
        try:
            if parse(value.words, today=today).edtf != value.edtf:
                return False
        except ClaimsError:
            return False
    return True
