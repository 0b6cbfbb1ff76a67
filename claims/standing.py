"""Plain claims through time, many at once: when they were settled, and since when they stand as they do.

What :mod:`claims.settling` and :mod:`claims.history` say of one claim after the other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from claims.history import FEW_CASES
from claims.resolve.plain import KINDS, STANCES, PlainTable
from claims.resolve.records import Outcome
from claims.resolve.track import SPAN
from claims.resolve.verdict import STATUSES
from claims.vocabulary import STANCE_SIGN, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.policy import Policy
    from claims.resolve.kernel import Ints
    from claims.resolve.plain import PlainFacts
    from claims.resolve.track import Track

BLOCK = 24
"""So many days of a claim are looked at in one go, from the newest on."""

_TRUTH = np.array([{Status.CONFIRMED: 1, Status.REFUTED: -1}.get(status, 0) for status in STATUSES])


def outcomes_of_plain(facts: PlainFacts, policy: Policy, until: date) -> Iterator[Outcome]:
    """How every stance on plain claims that no person judged fared, by what was public up to a day."""
    table = PlainTable(facts, replace(policy, records=None))
    last = until.toordinal()
    known = (table.day <= last) & ~table.state[table.claim]
    slots = _distinct(table.claim[known] * SPAN + table.day[known])
    if not slots.size:
        return
    claims, days = slots // SPAN, slots % SPAN
    truth = _TRUTH[table.on(claims, days, None).status]
    begins = np.ones(len(slots), dtype=np.bool_)
    begins[1:] = (claims[1:] != claims[:-1]) | (truth[1:] != truth[:-1])
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(slots))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if truth[start]:
            goes_on = end == len(slots) or claims[end] != claims[start]
            ended = None if goes_on else date.fromordinal(int(days[end]))
            yield from _outcomes(table, int(claims[start]), int(days[start]), ended, truth[start] > 0)


def _outcomes(
    table: PlainTable, claim: int, since: int, until: date | None, truth: bool
) -> Iterator[Outcome]:
    """How the last word of each source before a settlement fared by it."""
    first = int(table.starts[claim])
    rows = range(first, first + int(table.counts[claim]))
    said = [row for row in rows if not table.mention[row] and table.day[row] < since]
    last = {int(table.source[row]): row for row in sorted(said, key=lambda row: (table.day[row], row))}
    for source, row in sorted(last.items()):
        sign = STANCE_SIGN[STANCES[table.stance[row]]]
        yield Outcome(
            source=table.sources[source],
            claim=table.keys[claim],
            evidence=table.piece_keys[row],
            kind=KINDS[table.kind[claim]],
            sign=sign,
            right=(sign > 0) == bool(truth),
            since=date.fromordinal(since),
            until=until,
        )


def since_when(table: PlainTable, claims: Ints, status: Ints, until: date, track: Track | None) -> Ints:
    """Since which day some claims, which have a status on a day, have had it; 0 where they have had it
    since before any evidence."""
    last = until.toordinal()
    slots = _days(table, claims, last, track)
    place, days = slots // SPAN, slots % SPAN
    bounds = np.searchsorted(place, np.arange(len(claims) + 1))
    since = np.zeros(len(claims), dtype=np.int64)
    low, high = bounds[:-1], bounds[1:].copy()
    while (looking := np.flatnonzero(high > low)).size:
        size = np.minimum(high[looking] - low[looking], BLOCK)
        at = np.repeat(looking, size)
        within = np.arange(len(at)) - np.repeat(np.cumsum(size) - size, size)
        index = high[at] - 1 - within  # from the newest day back
        same = days[index] == last
        same[~same] = table.on(claims[at[~same]], days[index[~same]], track).status == status[at[~same]]
        seen = np.minimum.reduceat(
            np.where(same, BLOCK, within), np.cumsum(size) - size
        )  # how many days in a row it stood so
        turned = seen < size
        run = np.minimum(seen, size)
        some = run > 0
        since[looking[some]] = days[high[looking[some]] - run[some]]
        high[looking] = np.where(turned, low[looking], high[looking] - size)
    return since


def _days(table: PlainTable, claims: Ints, last: int, track: Track | None) -> Ints:
    """The days up to the last on which anything may have changed each claim, from its first words on:
    the number of the claim among these and the day in one number, in order."""
    rows, at = table.rows_of(claims)
    known = table.day[rows] <= last
    rows, at = rows[known], at[known]
    day = table.day[rows]
    found = [at * SPAN + day]
    ages = np.where(table.state[claims[at]], (last - day) // table.period[claims[at]], 0)
    times = np.arange(int(ages.sum())) - np.repeat(np.cumsum(ages) - ages, ages) + 1
    old = np.repeat(np.arange(len(rows)), ages)
    found.append(at[old] * SPAN + day[old] + times * table.period[claims[at[old]]])
    if track is not None:
        found += _days_of_records(table, claims, last, track)
    return _distinct(np.concatenate(found))


def _distinct(numbers: Ints) -> Ints:
    """Each of some numbers once, in order."""
    numbers.sort()
    fresh = np.ones(len(numbers), dtype=np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=fresh[1:])
    return numbers[fresh]


def _days_of_records(table: PlainTable, claims: Ints, last: int, track: Track) -> Iterator[Ints]:
    """The days on which the records of the sources of each claim changed, once somebody had spoken of
    it; of very many a growing selection."""
    source, day = table.source.tolist(), table.day.tolist()
    starts, counts = table.starts.tolist(), table.counts.tolist()
    for place, claim in enumerate(claims.tolist()):
        here = slice(starts[claim], starts[claim] + counts[claim])
        if counts[claim]:
            days = track.days_of(set(source[here]), claim, min(day[here]), last)
            yield place * SPAN + days[_kept(len(days))]


_RANKS = list(range(FEW_CASES))


def _kept(count: int) -> Ints:
    """The places, from 0 on, of the days that are looked at among so many."""
    while _RANKS[-1] < count:
        seen = number = _RANKS[-1] + 1
        while number < seen * 1.05:
            number += 1
        _RANKS.append(number - 1)
    ranks = np.array(_RANKS)
    return ranks[ranks < count]
