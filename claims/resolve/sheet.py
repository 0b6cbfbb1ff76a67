"""The statuses of plain claims with few pieces of evidence on very many days, quickly.

What matters for a status is laid out in sheets, with a column for each claim and as many rows as a claim
has pieces of evidence. Numbers are multiplied and added in whatever order is quickest: where one comes
so near to a threshold that rounding may decide, and for claims that do not fit, the kernel is asked.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from claims.resolve.mapped import rough_probabilities
from claims.resolve.plaintable import UNSURE
from claims.resolve.verdict import Weighing, status_codes
from claims.resolve.worth import looked_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from claims.resolve.kernel import Flags, Floats, Ints
    from claims.resolve.plaintable import PlainTable
    from claims.resolve.track import Track
    from claims.resolve.verdict import Codes
    from claims.resolve.worth import Voice

ROWS = 8
"""Claims with more pieces of evidence do not fit."""

COLUMNS = 1 << 13
"""So many claims are weighed at a time: as many as stay in a processor's cache."""

_MARGIN = 1e-9
"""More than rounding makes of a likelihood, or of nats."""


class _Heard:
    """One voice behind each row, laid out: what it weighs by its record, day by day."""

    def __init__(self, voice: Voice, lay: Callable[[NDArray[Any], Any], NDArray[Any]]) -> None:
        self._worth = voice.worth
        self._source = lay(voice.source, 0)
        self._begins = lay(voice.begins, -1)
        since, until, begins = voice.one_own_case()
        self._since, self._until, self._own = lay(since, 1 << 40), lay(until, 0), lay(begins, -1)

    def on(self, claims: Ints, days: Ints) -> Floats:
        """What rows weigh on days; infinity where there is no record."""
        own = (self._since.take(claims, axis=1) <= days) & (days < self._until.take(claims, axis=1))
        begins = np.where(own, self._own.take(claims, axis=1), self._begins.take(claims, axis=1))
        return looked_up(self._worth.now, begins, self._steps(claims, days), np.inf)

    def between(self, claims: Ints, days: Ints, last: Ints, alone: Floats) -> tuple[Floats, Floats]:
        """What rows weigh at least and at most from days on up to others."""
        worth, begins = self._worth, self._begins.take(claims, axis=1)
        low, high = self._steps(claims, days), self._steps(claims, last)
        since, until = self._since.take(claims, axis=1), self._until.take(claims, axis=1)
        always = (since <= days) & (last < until)
        own = self._own.take(claims, axis=1)
        least, most = worth.between(np.where(always, own, begins), low, high, alone)
        for_a_time = (days < until) & (since <= last) & ~always
        if for_a_time.any():
            some = np.nonzero(for_a_time)
            lower, higher = worth.between(own[some], low[some], high[some], alone[some])
            least[some], most[some] = np.minimum(least[some], lower), np.maximum(most[some], higher)
        return least, most

    def _steps(self, claims: Ints, days: Ints) -> Ints:
        return self._worth.cases.steps_by(self._source.take(claims, axis=1), days)


class Sheet:
    """Plain claims and the records of their sources: what a table and a track say of each row, laid out."""

    def __init__(self, table: PlainTable, track: Track) -> None:
        self.table = table
        self.track = track
        self.fits = table.counts <= ROWS
        for voice in track.voices:
            self.fits[table.claim[voice.own_cases > 1]] = False
        self._rows = min(int(table.counts.max(initial=0)), ROWS)
        self._here = np.flatnonzero(self.fits[table.claim])
        self._place = np.arange(len(table.claim)) - table.starts[table.claim]
        self._involved = table.joined.copy()
        self._involved[table.claim[table.relayed]] = True
        lay = self._laid_out
        self._voices = [_Heard(voice, lay) for voice in track.voices]
        factor = np.ones(len(table.claim))
        for each in table.factors:
            factor *= each
        self._factor = lay(factor, 0.0)  # what is not there weighs nothing
        self._alone = lay(table.strength, 0.0)
        self._day, self._silent = lay(table.day, 1 << 40), lay(table.silent, 0)
        self._supports, self._opposes = lay(table.sign > 0, False), lay(table.sign < 0, False)
        self._full, self._side = lay(table.independent, False), lay(~table.mention, False)
        self._good, self._official = lay(table.good, False), lay(table.official, False)
        self._witnessed = lay(table.witnessed, False)
        self._line = lay(table.origin * 2 + (table.sign > 0), -1)
        self._channel = lay(table.channel, -1)

    def _laid_out(self, values: NDArray[Any], otherwise: Any) -> NDArray[Any]:
        """One value of each row of the table at its place."""
        sheet = np.full((self._rows, len(self.table.keys)), otherwise, dtype=values.dtype)
        here = self._here
        sheet[self._place[here], self.table.claim[here]] = values[here]
        return sheet

    def status(self, claims: Ints, days: Ints) -> Codes:
        """The status of claims on days, each claim on one, as its code."""
        found = self._asked(self._status, claims, days)
        if (left := np.flatnonzero(found == UNSURE)).size:
            found[left] = self.table.status(claims[left], days[left], self.track)
        return found

    def surely(self, claims: Ints, days: Ints, last: Ints, *, aged: bool = False) -> Codes:
        """The status that claims have from days on up to others while only the records of sources change, as
        :meth:`claims.resolve.plaintable.PlainTable.surely` has it; or, where they have ``aged``, while
        what is said of them grows old too. Of claims that do not fit nothing is sure then."""
        found = self._asked(partial(self._surely, aged=aged), claims, days, last)
        if not aged and (left := np.flatnonzero(~self.fits[claims])).size:
            found[left] = self.table.surely(claims[left], days[left], self.track)
        return found

    def _asked(self, ask: Callable[..., Codes], claims: Ints, *days: Ints) -> Codes:
        """What is said of the claims that fit, those together that are alike."""
        found = np.full(len(claims), UNSURE, dtype=np.int8)
        for alike in (self.fits & ~self._involved, self.fits & self._involved):
            places = np.flatnonzero(alike[claims])
            for at in range(0, len(places), COLUMNS):
                here = places[at : at + COLUMNS]
                found[here] = ask(claims[here], *(each[here] for each in days))
        return found

    def _heard(self, claims: Ints) -> list[_Heard]:
        """The voices behind claims that are alike."""
        return self._voices if self._involved[claims[0]] else self._voices[:1]

    def _status(self, claims: Ints, days: Ints) -> Codes:
        alone = self._alone.take(claims, axis=1)
        strength = np.minimum.reduce([voice.on(claims, days) for voice in self._heard(claims)])
        strength = self._finished(claims, days, np.where(np.isinf(strength), alone, strength))
        weighing, sums = self._weighed(claims, days, strength)
        thresholds = self.table.policy.thresholds
        near = np.abs(np.minimum(weighing.support, weighing.opposition) - thresholds.real_weight) < _MARGIN
        status, other = (
            status_codes(replace(weighing, likelihood=rough_probabilities(sums + shift)), thresholds)
            for shift in (-_MARGIN, _MARGIN)
        )
        return np.where(near | (status != other), UNSURE, status).astype(np.int8)

    def _surely(self, claims: Ints, days: Ints, last: Ints, *, aged: bool) -> Codes:
        least, most = self.bounds(claims, days, last, aged=aged)
        unsure = ((least > 0) != (most > 0)).any(axis=0)
        if self._involved[claims[0]] and (plural := self.table.plural[claims]).any():
            unsure |= plural & _in_turns(least, most, self._line.take(claims, axis=1))
        supports = self._supports.take(claims, axis=1)
        low, low_sums = self._weighed(claims, days, np.where(supports, least, most))
        high, high_sums = self._weighed(claims, days, np.where(supports, most, least))
        thresholds = self.table.policy.thresholds
        fewest = np.minimum(low.support, high.opposition) - _MARGIN
        largest = np.minimum(high.support, low.opposition) + _MARGIN
        unsure |= (fewest >= thresholds.real_weight) != (largest >= thresholds.real_weight)
        low.support[:] = high.support
        status, other = (
            status_codes(replace(low, likelihood=rough_probabilities(end)), thresholds)
            for end in (low_sums - _MARGIN, high_sums + _MARGIN)
        )
        return np.where(unsure | (status != other), UNSURE, status).astype(np.int8)

    def bounds(self, claims: Ints, days: Ints, last: Ints, *, aged: bool = False) -> tuple[Floats, Floats]:
        """What each row of claims that fit, and are alike, weighs at least and at most from days on up to
        others."""
        alone = self._alone.take(claims, axis=1)
        found = [voice.between(claims, days, last, alone) for voice in self._heard(claims)]
        oldest = last if aged else days
        least: Floats = np.minimum.reduce([low for low, _ in found])
        most: Floats = np.maximum.reduce([high for _, high in found])
        return self._finished(claims, days, least, oldest), self._finished(claims, days, most)

    def _finished(self, claims: Ints, days: Ints, strength: Floats, oldest: Ints | None = None) -> Floats:
        """What rows weigh alone on days, given what they weigh by stance, grade and record; those that count
        on these days as old as they come to be on the ``oldest``."""
        day = self._day.take(claims, axis=1)
        strength = strength * self._factor.take(claims, axis=1)
        state = self.table.state[claims]
        if state.any():
            aged = np.maximum((days if oldest is None else oldest) - day, 0)
            periods = aged / self.table.period[claims]  # no quotient rounds to a whole
            strength = np.ldexp(strength, np.where(state, -periods.astype(np.int32), 0))
        return np.where((day <= days) & (days < self._silent.take(claims, axis=1)), strength, 0.0)

    def _weighed(self, claims: Ints, days: Ints, strength: Floats) -> tuple[Weighing, Floats]:
        """What the rows of claims that are alike come to; and the log-odds."""
        supports, opposes, full = (
            each.take(claims, axis=1) for each in (self._supports, self._opposes, self._full)
        )
        again = None
        if self._involved[claims[0]]:
            full = full & (self._day.take(claims, axis=1) <= days)
            leads, full = _leading(strength, self._line.take(claims, axis=1), full)
            strength = np.where(leads, strength, 0.0)
            again = self._channel.take(claims, axis=1)
        weight = strength / _ranks(strength, supports & ~full, opposes & ~full)
        for_it, against = np.where(supports, weight, 0.0), np.where(opposes, weight, 0.0)
        sums: Floats = self.table.base[claims] + (for_it.sum(axis=0) - against.sum(axis=0))
        side = self._side.take(claims, axis=1)
        active = side & (strength > 0)
        backing = active & supports
        supporting = np.add.reduce(backing, axis=0, dtype=np.int8)
        never = np.zeros(len(claims), dtype=np.bool_)
        weighing = Weighing(
            likelihood=sums,
            support=(for_it * side).sum(axis=0),
            opposition=(against * side).sum(axis=0),
            supporting_lines=supporting,
            opposing_lines=np.add.reduce(active & opposes, axis=0, dtype=np.int8),
            lines=supporting,
            channels=supporting if again is None else _different(again, backing),
            independent_lines=np.add.reduce(backing & full, axis=0, dtype=np.int8),
            largest=sums,
            good=(active & self._good.take(claims, axis=1)).any(axis=0),
            first_hand=(backing & self._witnessed.take(claims, axis=1)).any(axis=0),
            official_record=(backing & self._official.take(claims, axis=1)).any(axis=0),
            taken_back=never,
            overtaken_by_newer=never,
        )
        return weighing, sums


def _ranks(strength: Floats, supports: Flags, opposes: Flags) -> NDArray[np.int8]:
    """The k of the 1/k rule for each row: the strongest of those on one side that share comes first, and of
    equals the one given first."""
    rank = np.ones(strength.shape, dtype=np.int8)
    for one in range(len(strength)):
        for other in range(one + 1, len(strength)):
            together = (supports[one] & supports[other]) | (opposes[one] & opposes[other])
            first = strength[one] >= strength[other]
            rank[other] += together & first
            rank[one] += together & ~first
    return rank


def _leading(strength: Floats, line: Ints, full: Flags) -> tuple[Flags, Flags]:
    """Which rows lead their lines, and which of them one that counts in full: some row of it does."""
    leads = np.ones(strength.shape, dtype=np.bool_)
    whole = full.copy()
    for one in range(len(strength)):
        for other in range(one + 1, len(strength)):
            same = line[one] == line[other]
            first = strength[one] >= strength[other]
            leads[other] &= ~(same & first)
            leads[one] &= ~(same & ~first)
            whole[other] |= same & full[one]
            whole[one] |= same & full[other]
    return leads, whole


def _in_turns(least: Floats, most: Floats, line: Ints) -> Flags:
    """In which columns now one row and now another may lead a line, given what they weigh at least and at
    most."""
    found = np.zeros(least.shape[1], dtype=np.bool_)
    for one in range(len(line)):
        for other in range(one + 1, len(line)):
            always, ever = least[one] >= most[other], most[one] >= least[other]
            found |= (line[one] == line[other]) & (always != ever)
    return found


def _different(keys: Ints, chosen: Flags) -> NDArray[np.int8]:
    """How many different keys the chosen rows have."""
    fresh = chosen.copy()
    for one in range(len(keys)):
        for other in range(one + 1, len(keys)):
            fresh[other] &= ~(chosen[one] & (keys[one] == keys[other]))
    count: NDArray[np.int8] = np.add.reduce(fresh, axis=0, dtype=np.int8)
    return count
