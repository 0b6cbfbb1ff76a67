"""Claims of sources whose records changed very often: the days on which they are looked at, found by counting
changes day by day instead of listing them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.lookedback import kept_ranks, within
from claims.resolve.worth import SPAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claims.resolve.kernel import Ints
    from claims.resolve.track import Tally, Track

OFTEN = 100
"""From so many changes on it takes less to count them."""

AT_ONCE = 64
"""So many claims, times some thousand days, are counted at a time: as many as stay in a processor's cache."""


class Speakers(NamedTuple):
    """Those whose records matter to some claims: ``at`` and ``source`` are pairs of a place among the claims
    and a source of the table, in order; ``spoke`` is the first day on which each claim was spoken of."""

    track: Track
    claims: Ints
    at: Ints
    source: Ints
    spoke: Ints


def days_kept(speakers: Speakers, tally: Tally, places: Ints, first: Ints, before: Ints) -> Ints:
    """The days from first ones on and before others, of a growing selection of those on which the records of
    the sources of the claims at some places changed, once somebody had spoken of each; but for what
    the claim itself changed. What comes back has the place and the day in one number, in no order."""
    sources = _sources(speakers)
    begin = tally.columns(speakers.spoke)
    own = _own_changes(speakers, tally)
    found = [places[:0]]
    places = places[np.argsort(begin[places], kind="stable")]
    for low in range(0, len(places), AT_ONCE):
        here = places[low : low + AT_ONCE]
        start = int(begin[here[0]])
        number = tally.by_day[sources[here, 0], start:].astype(np.int32)
        for others in sources[here, 1:].T:
            number += tally.by_day[others, start:]
        for row, place in enumerate(here.tolist()):
            for changed in own.get(place, ()):
                number[row, max(changed - start, 0) :] -= 1
        number -= number[np.arange(len(here)), begin[here] - start][:, np.newaxis]
        # Before it was spoken of, the number is less than none.
        seen = _kept_by(int(number.max(initial=0))).take(number, mode="clip")
        fresh = np.flatnonzero(seen[:, 1:] > seen[:, :-1])
        at, column = np.divmod(fresh, max(seen.shape[1] - 1, 1))
        place, day = here[at], tally.first_day + start + column
        inside = (day >= first[place]) & (day < before[place])
        found.append(place[inside] * SPAN + day[inside])
    return np.concatenate(found)


def _sources(speakers: Speakers) -> Ints:
    """The sources of each claim by their numbers among the cases, one row for each claim; beyond them that of
    nobody."""
    count = np.bincount(speakers.at, minlength=len(speakers.claims))
    found = np.full((len(count), int(count.max(initial=1))), len(speakers.track.cases.sources))
    found[speakers.at, within(count)] = speakers.track.source[speakers.source]
    return found


def _own_changes(speakers: Speakers, tally: Tally) -> dict[int, list[int]]:
    """By the place of each claim that itself changed records of its sources, the columns of the days on which
    it did."""
    track, at = speakers.track, speakers.at
    found = defaultdict[int, list[int]](list)
    cases = track.cases
    for own, pair in track.own_cases(track.claim[speakers.claims], at, track.source[speakers.source]):
        for day in (cases.since[own], cases.until[own]):
            there = day < SPAN
            for place, column in zip(
                at[pair[there]].tolist(), tally.columns(day[there]).tolist(), strict=True
            ):
                found[place].append(column)
    return found


def _kept_by(most: int) -> NDArray[np.int16]:
    """How many of the first so many changes are looked at, up to a number of changes."""
    return np.searchsorted(kept_ranks(most), np.arange(most + 1)).astype(np.int16)
