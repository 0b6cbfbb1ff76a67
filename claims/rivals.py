"""Rival answers to simple questions through time, many at once: on which days they are looked at, and since
when they stand as they do.

What :mod:`claims.settling` and :mod:`claims.history` say of one question after the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.lookedback import is_kept, own_days, within
from claims.oftenchanged import Speakers, days_kept, own_changes
from claims.resolve.plain import distinct
from claims.resolve.worth import SPAN

if TYPE_CHECKING:
    from claims.resolve.kernel import Ints
    from claims.resolve.rivalry import Rivalry
    from claims.resolve.track import Track
    from claims.resolve.verdict import Codes

FIRST_BLOCK, BLOCK = 4, 64
"""So many days of a question are looked at in one go: at first, and at most."""


def days_of_answers(rivalry: Rivalry, last: int) -> Ints:
    """The days up to the last on which anything was said on an answer or its rivals, or lost weight with age:
    the number of the answer and the day in one number."""
    slots = _own_days(rivalry, np.arange(len(rivalry)), last)
    claims = rivalry.claims[slots // SPAN]
    there = claims >= 0
    found: Ints = (claims * SPAN + (slots % SPAN)[:, np.newaxis])[there]
    return found


def _own_days(rivalry: Rivalry, questions: Ints, last: int) -> Ints:
    """The same of questions: the place of the question among these and the day in one number, in order."""
    claims, of = _answers(rivalry, questions)
    slots = own_days(rivalry.table, claims, last)
    return distinct(of[slots // SPAN] * SPAN + slots % SPAN)


def _answers(rivalry: Rivalry, questions: Ints) -> tuple[Ints, Ints]:
    """The answers to questions, each with the place of its question among these."""
    claims = rivalry.claims[questions]
    of, column = np.nonzero(claims >= 0)
    return claims[of, column], of


def since_of_answers(rivalry: Rivalry, claims: Ints, last: int, track: Track | None) -> Ints:
    """Since which day some claims, which have rivals, have had the status that they have on the last; 0 where
    nothing was said on them by then."""
    questions, of = np.unique(rivalry.place[claims], return_inverse=True)
    search = _Search(rivalry, questions, last, track)
    search.back()
    found: Ints = search.since[of, rivalry.column[claims]]
    return found


class _Days(NamedTuple):
    """The days of each of some questions, in order, and where those of each begin and end."""

    days: Ints
    low: Ints
    high: Ints


class _Search:
    """Looking back over the days of questions, from the newest on, until each answer was seen to stand
    otherwise, or nothing had been said on it yet: ``since`` has one row for each question, one column for
    each answer."""

    def __init__(self, rivalry: Rivalry, questions: Ints, last: int, track: Track | None) -> None:
        self.rivalry = rivalry
        self.questions = questions
        self.track = track
        self.claims = rivalry.claims[questions]
        self.now = rivalry.statuses(questions, np.full(len(questions), last), track)
        self.since = np.zeros(self.claims.shape, dtype=np.int64)
        self.found = self._days(last)
        self.first = self._first_words()
        self.left = self.first < self.found.high[:, np.newaxis]

    def _days(self, last: int) -> _Days:
        """On which days the questions are looked at."""
        slots = _own_days(self.rivalry, self.questions, last)
        if self.track is not None:
            slots = distinct(np.concatenate([slots, *self._days_of_records(self.track, last)]))
        bounds = np.searchsorted(slots, np.arange(len(self.questions) + 1) * SPAN)
        return _Days(slots % SPAN, bounds[:-1], bounds[1:].copy())

    def _days_of_records(self, track: Track, last: int) -> list[Ints]:
        """The days on which the records of the sources of each question changed, once somebody had spoken of
        it; of very many a growing selection."""
        table = self.rivalry.table
        claims, question = _answers(self.rivalry, self.questions)
        rows, at = table.rows_of(claims)
        of = question[at]
        spoke = np.full(len(self.questions), SPAN - 1)
        np.minimum.at(spoke, of, np.minimum(table.day[rows], SPAN - 1))
        voices = np.concatenate([table.source[rows], table.behind[rows]])
        pairs = distinct(np.concatenate([of, of]) * SPAN + voices)
        if (tally := track.cases.tally) is not None:
            own = self._own_changes(track, pairs // SPAN, track.source[pairs % SPAN])
            speakers = Speakers(pairs // SPAN, track.source[pairs % SPAN], spoke, own)
            every = np.arange(len(spoke))
            return [days_kept(speakers, tally, every, spoke, np.full(len(spoke), last + 1))]
        found = []
        changes = track.changes_for(self.questions, pairs // SPAN, pairs % SPAN, spoke, last + 1)
        for portion in changes:
            place = portion // SPAN
            starts = np.searchsorted(place, np.arange(len(self.questions)))
            found.append(portion[is_kept(np.arange(len(portion)) - starts[place])])
        return found

    def _own_changes(self, track: Track, at: Ints, source: Ints) -> tuple[Ints, Ints]:
        """The days on which the answers to questions changed the records of sources, each with the place of
        the question; ``at`` and ``source`` are pairs of such a place and a source."""
        answers = self.claims[at]
        pair, column = np.nonzero(answers >= 0)
        return own_changes(track, at[pair], track.claim[answers[pair, column]], source[pair])

    def _first_words(self) -> Ints:
        """Where among the days of its question that of the first words on each answer is, or the end of
        these."""
        table, there = self.rivalry.table, self.claims >= 0
        rows, at = table.rows_of(self.claims[there])
        spoke = np.full(int(there.sum()), SPAN - 1)
        np.minimum.at(spoke, at, np.minimum(table.day[rows], SPAN - 1))
        first = np.broadcast_to(self.found.high[:, np.newaxis], there.shape).copy()
        of = np.nonzero(there)[0]
        owner = np.repeat(np.arange(len(self.questions)), self.found.high - self.found.low)
        first[there] = np.searchsorted(owner * SPAN + self.found.days, of * SPAN + spoke)
        return np.minimum(first, self.found.high[:, np.newaxis])

    def back(self) -> None:
        """Look at all days that may tell anything."""
        size = FIRST_BLOCK
        while (looking := np.flatnonzero(self.left.any(axis=1))).size:
            self._look(looking, size)
            size = min(2 * size, BLOCK)

    def _look(self, looking: Ints, most: int) -> None:
        """Look at so many of the days that are left of some questions."""
        days, low, high = self.found
        size = np.minimum(high[looking] - low[looking], most)
        at = np.repeat(looking, size)
        back = within(size)
        stood = self._stood(at, days[high[at] - 1 - back])
        same = np.where(stood == self.now[at], size.max(), back[:, np.newaxis])
        run = np.minimum.reduceat(same, np.cumsum(size) - size, axis=0)
        run = np.minimum(run, size[:, np.newaxis])
        end, first = high[looking, np.newaxis], self.first[looking]
        seen = np.minimum(run, end - first)  # before its first words nothing stood
        told = self.left[looking] & (seen > 0)
        of, column = np.nonzero(told)
        self.since[looking[of], column] = days[(end - seen)[of, column]]
        high[looking] -= size
        self.left[looking] &= (run == size[:, np.newaxis]) & (high[looking, np.newaxis] > first)

    def _stood(self, at: Ints, days: Ints) -> Codes:
        return self.rivalry.statuses(self.questions[at], days, self.track)
