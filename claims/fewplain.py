"""A few plain claims: how they stand on a day and since when, in as few looks as may be.

Much of what the kernel takes is the same however little it is asked: how a claim stands, and how it stood on
the days before, is asked in one go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claims.lookedback import own_days
from claims.resolve.plain import distinct
from claims.resolve.worth import SPAN
from claims.standing import BLOCK, Asked, days_of_records

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from claims.resolve.kernel import Ints
    from claims.resolve.plaintable import PlainTable, Said
    from claims.resolve.track import Track


def stand(table: PlainTable, until: date, track: Track | None) -> tuple[Said, list[int]]:
    """What the policy says of all claims of a table on a day; and since which day each has had the status
    that it has then, 0 where it has had it since before any evidence. It is what
    :func:`claims.standing.since_when` says, with records that are worked out day by day."""
    count, last = len(table.keys), until.toordinal()
    days: list[list[int]] = [[] for _ in range(count)]
    for slot in _slots(table, last, track).tolist():
        days[slot // SPAN].append(slot % SPAN)
    looked = [(claim, _newest(days[claim])) for claim in range(count)]
    claims, on = _asked(looked)
    said = table.on(_ints([*range(count), *claims]), _ints([last] * count + on), track)
    stood = said.status.tolist()
    status, stood = stood[:count], stood[count:]
    since = [0] * count
    while looked:
        looked = _go_back(looked, stood, status, since, days)
        claims, on = _asked(looked)
        stood = table.status(_ints(claims), _ints(on), track).tolist() if looked else []
    return said.first(count), since


def _go_back(
    looked: Sequence[tuple[int, list[int]]],
    stood: Sequence[int],
    status: Sequence[int],
    since: list[int],
    days: Sequence[list[int]],
) -> list[tuple[int, list[int]]]:
    """Take note of how claims stood on days; and those of them that stood so on all, with the days to look at
    next."""
    begin, further = 0, []
    for claim, block in looked:
        seen = stood[begin : begin + len(block)]
        begin += len(block)
        run = next((at for at, each in enumerate(seen) if each != status[claim]), len(block))
        if run:
            since[claim] = block[run - 1]
        del days[claim][len(days[claim]) - len(block) :]
        if run == len(block) and days[claim]:
            further.append((claim, _newest(days[claim])))
    return further


def _newest(days: Sequence[int]) -> list[int]:
    """The days to look at next, from the newest back."""
    return list(days[: -BLOCK - 1 : -1])


def _asked(looked: Sequence[tuple[int, list[int]]]) -> tuple[list[int], list[int]]:
    """The claims and the days, each claim on one."""
    claims = [claim for claim, block in looked for _ in block]
    return claims, [day for _, block in looked for day in block]


def _ints(numbers: Sequence[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)


def _slots(table: PlainTable, last: int, track: Track | None) -> Ints:
    """The days on which the status of each claim can have changed, up to the last: the claim and the day in
    one number, in order."""
    own = own_days(table, np.arange(len(table.keys)), last)
    if track is None or not own.size:
        return own
    spoken = distinct(own // SPAN)
    first = own[np.searchsorted(own, spoken * SPAN)] % SPAN
    before = np.full(len(spoken), last + 1)
    changed = [
        spoken[portion // SPAN] * SPAN + portion % SPAN
        for portion in days_of_records(Asked(table, track), spoken, first, before)
    ]
    return distinct(np.concatenate([own, *changed]))
