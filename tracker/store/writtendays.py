"""Very many days as they are written (2026-11-22), turned into ordinals all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from claims.resolve.kernel import Ints

WIDTH = 10
"""Characters of a day."""

_EPOCH = 719_163
"""The ordinal of 1970-01-01, from which numpy counts."""


def ordinals_of(days: Any) -> Ints:
    """The ordinals of an array of days, each in ten bytes. Raises ``ValueError`` for one that is none."""
    found: Ints = days.astype("datetime64[D]").astype(np.int64) + _EPOCH
    return found
