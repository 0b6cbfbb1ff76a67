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
    """Those whose records matter to some claims, or questions: ``at`` and ``source`` are pairs of a place
    among these and a source by its number among the cases, in order; ``spoke`` is the first day on which
    each was spoken of; ``own`` are places and days on which each itself changed the record of one of its
    sources."""

    at: Ints
    source: Ints
    spoke: Ints
    own: tuple[Ints, Ints]


def own_changes(track: Track, at: Ints, claim: Ints, source: Ints) -> tuple[Ints, Ints]:
    """The days on which claims, by number among the cases or -1, changed the records of sources, each with
    its place."""
    places, days = [at[:0]], [at[:0]]
    cases = track.cases
    for own, pair in track.own_cases(claim, np.arange(len(at)), source):
        for day in (cases.since[own], cases.until[own]):
            there = day < SPAN
            places.append(at[pair[there]])
            days.append(day[there])
    return np.concatenate(places), np.concatenate(days)


def days_kept(speakers: Speakers, tally: Tally, places: Ints, first: Ints, before: Ints) -> Ints:
    """The days from first ones on and before others, of a growing selection of those on which the records of
    the sources of the claims at some places changed, once somebody had spoken of each; but for what
    the claim itself changed. What comes back has the place and the day in one number, in no order."""
    sources = _sources(speakers, len(tally.by_day) - 1)
    begin = tally.columns(speakers.spoke)
    own = defaultdict[int, list[int]](list)
    for place, column in zip(speakers.own[0].tolist(), tally.columns(speakers.own[1]).tolist(), strict=True):
        own[place].append(column)
    found = [places[:0]]
    places = places[np.argsort(begin[places], kind="stable")]
    for low in range(0, len(places), AT_ONCE):
        here = places[low : low + AT_ONCE]
        start = int(begin[here[0]])
        number = _summed(tally, sources[here], start)
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


def _sources(speakers: Speakers, nobody: int) -> Ints:
    """The sources of each claim by their numbers among the cases, one row for each claim; beyond them that of
    nobody."""
    count = np.bincount(speakers.at, minlength=len(speakers.spoke))
    found = np.full((len(count), int(count.max(initial=1))), nobody)
    found[speakers.at, within(count)] = speakers.source
    return found


def _summed(tally: Tally, sources: Ints, start: int) -> NDArray[np.signedinteger]:
    """How often the records of some sources have changed by each day from a column on, one row for each of
    some claims."""
    most = int(tally.by_day[:, -1].max(initial=0)) * sources.shape[1]
    # Small numbers are less to read; a sum of both kinds would be worked out piece by piece.
    kind = tally.by_day.dtype if most < np.iinfo(tally.by_day.dtype).max // 2 else np.dtype(np.uint32)
    number = tally.by_day[sources[:, 0], start:].astype(kind)
    for others in sources[:, 1:].T:
        number += tally.by_day[others, start:]
    return number.view(np.dtype(f"i{kind.itemsize}"))


def _kept_by(most: int) -> NDArray[np.int16]:
    """How many of the first so many changes are looked at, up to a number of changes."""
    return np.searchsorted(kept_ranks(most), np.arange(most + 1)).astype(np.int16)
