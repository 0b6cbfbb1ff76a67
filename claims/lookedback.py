"""Days on which plain claims are looked at: on which something was said, or lost weight with age, and those
on which the records of sources changed."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

from claims.history import FEW_CASES
from claims.resolve.plain import distinct
from claims.resolve.worth import SPAN

if TYPE_CHECKING:
    from claims.resolve.kernel import Flags, Ints
    from claims.resolve.plaintable import PlainTable


def within(counts: Ints) -> Ints:
    """0, 1, 2 and so on for each of some counts, one after the other."""
    ends = np.cumsum(counts)
    found: Ints = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
    return found


def own_days(table: PlainTable, claims: Ints, last: int) -> Ints:
    """The days up to the last on which something was said on each claim, or lost weight with age: the
    number of the claim among these and the day in one number, in order."""
    rows, at = table.rows_of(claims)
    known = table.day[rows] <= last
    rows, at = rows[known], at[known]
    day = table.day[rows]
    found = [at * SPAN + day]
    ages = np.where(table.state[claims[at]], (last - day) // table.period[claims[at]], 0)
    if ages.any():
        times = within(ages) + 1
        old = np.repeat(np.arange(len(rows)), ages)
        found.append(at[old] * SPAN + day[old] + times * table.period[claims[at[old]]])
    return distinct(np.concatenate(found))


_RANKS = list(range(FEW_CASES))


def is_kept(rank: Ints) -> Flags:
    """Which places, from 0 on, among very many days are those that are looked at."""
    most = int(rank.max(initial=0))
    kept = np.zeros(most + 1, dtype=np.bool_)
    kept[kept_ranks(most + 1)] = True
    found: Flags = kept[rank]
    return found


def kept_ranks(count: int) -> Ints:
    """The places, from 0 on, among so many days that are looked at."""
    while _RANKS[-1] < count - 1:
        seen = number = _RANKS[-1] + 1
        while number < seen * 1.05:
            number += 1
        _RANKS.append(number - 1)
    return np.array(_RANKS[: bisect_left(_RANKS, count)], dtype=np.int64)
