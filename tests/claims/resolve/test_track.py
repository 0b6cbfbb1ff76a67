"""Records of sources as columns: what stands on a day, of each source by itself."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

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


@pytest.mark.parametrize("counts", [(3, 300), (40_000, 40_000), (70_000, 3)])
def test_however_many_cases_there_are_each_counts(counts: tuple[int, int]) -> None:
    """Of one source, and of those before it in the same arrays; which are no wider than they need be."""
    cases = Cases(
        [
            Case(source, f"{source}-{number}", "event", 1, right=True, since=10 + number % 50, until=None)
            for source, count in zip("ab", counts, strict=True)
            for number in range(count)
        ],
        KINDS,
    )
    of, day = np.array([0, 1]), np.array([60, 60])
    event = of * len(KINDS) + KINDS.index("event")
    assert cases.all.on(of, day)[:, 3].tolist() == cases.alike.on(event, day)[:, 3].tolist() == list(counts)
    assert cases.all.on(of, np.array([9, 9])).tolist() == [[0, 0, 0, 0]] * 2
    assert cases.steps_by(of, day).tolist() == [min(count, 50) for count in counts]
    if max(counts) < 1 << 16:
        assert cases.tally is not None
        assert cases.tally.by_day[:, -1].tolist() == [*counts, 0]
    else:
        assert cases.tally is None
