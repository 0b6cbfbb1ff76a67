"""Records of sources as columns: what stands on a day, of each source by itself."""

from __future__ import annotations

from datetime import date

import numpy as np

from claims.resolve.plain import KINDS
from claims.resolve.track import SPAN, Case, Cases


def test_days_far_ahead_are_days_of_their_own_source() -> None:
    """The last day that Python knows is below the span that parts sources."""
    late, last = date(5742, 1, 1).toordinal(), date.max.toordinal()
    assert last < SPAN
    cases = Cases(
        [
            Case("a", "one", "event", 1, right=True, since=late, until=last),
            Case("b", "two", "event", -1, right=False, since=1, until=late),
        ],
        KINDS,
    )
    standing = [
        cases.all.on(np.array([0, 1]), np.array([day, day])).tolist() for day in (1, late - 1, late, last)
    ]
    a, b, none = [0, 0, 0, 1], [1, 0, 0, 0], [0, 0, 0, 0]
    assert standing == [[none, b], [none, b], [a, none], [none, none]]
