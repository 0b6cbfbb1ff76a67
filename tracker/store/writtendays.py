"""Very many days as they are written, in words (2026-11-22) or as numbers, turned into ordinals all at once.

A database that counts days quicker than it writes them out is asked for numbers. Numpy is loaded on first
use: who reads little needs none of this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claims.resolve.kernel import Ints

WIDTH = 10
"""Characters of a day in words."""

OFFSET, NUMBER_WIDTH = 10_000_000, 8
"""What is added to an ordinal that is written as a number, for all to have so many digits."""

_EPOCH = 719_163
"""The ordinal of 1970-01-01, from which numpy counts."""


def ordinals_of(days: Any) -> Ints:
    """The ordinals of an array of days, each in ten bytes. Raises ``ValueError`` for one that is none."""
    import numpy as np

    found: Ints = days.astype("datetime64[D]").astype(np.int64) + _EPOCH
    return found


def numbered_day(day: str) -> str:
    """A day as a number, in the SQL of PostgreSQL."""
    return f"({day} - date '0001-01-01' + {OFFSET + 1})::text"


def ordinals_of_numbers(digits: Any) -> Ints:
    """The ordinals of days that are written so: the characters of each in a row, all of them digits."""
    import numpy as np

    powers = 10 ** np.arange(NUMBER_WIDTH - 1, -1, -1)
    found: Ints = (digits - ord("0")).astype(np.int64) @ powers - OFFSET
    return found
