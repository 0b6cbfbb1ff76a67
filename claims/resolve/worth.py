"""What stances are worth by the records of their sources, worked out once for each change of a record.

Very many rows share a source, a kind of claim and a stance: what these weigh on a day is looked up
here, and what they weigh at least and at most from a day on.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy import ufunc

    from claims.policy import RecordNumbers
    from claims.resolve.courses import Courses
    from claims.resolve.kernel import Floats, Ints
    from claims.resolve.track import Cases, Known

SPAN = 1 << 22
"""More days than there are: the last that Python knows has the number 3,652,059."""

VARIANTS = 1 << 20
"""More than there are variants of a record: in full (0); without one case on the claim itself, 1 + right +
2 * (it took the same side) + 4 * (it is of another kind); and without several, numbered as they come."""

LEVELS = 1 << 12
"""More than there are weights of a stance without a record: each comes of a kind, a stance and a grade."""

ENTRIES = 1 << 15
"""So many weights are worked out at a time."""

NEAR = 32
"""So many changes of a record are looked through to find what a stance weighed between them."""


@dataclass(frozen=True, slots=True)
class Stances:
    """Stances as parallel arrays: the numbers of their sources among the cases and of their kinds of claim;
    whether they support (1) or not; what they weigh without a record; and how likely claims of
    their kind are before any evidence."""

    source: Ints
    kind: Ints
    plus: Ints
    strength: Floats
    rate: Floats

    def among(self, places: Ints | slice) -> Stances:
        """Some of them."""
        return Stances(
            source=self.source[places],
            kind=self.kind[places],
            plus=self.plus[places],
            strength=self.strength[places],
            rate=self.rate[places],
        )


class Worth:
    """What stances weigh after each change of a record; infinity as long as there are no cases."""

    def __init__(self, cases: Cases | Courses, numbers: RecordNumbers, *, by_steps: bool = True) -> None:
        """Without ``by_steps``, for a few claims, nothing is worked out but what is asked for."""
        self.by_steps = by_steps
        self.cases = cases
        self.numbers = numbers
        self._levels: dict[float, int] = {}
        self._codes: Ints = np.empty(0, dtype=np.int64)
        self._places: Ints = np.empty(0, dtype=np.int64)
        self._size = 0
        self._apart: dict[tuple[int, ...], int] = {(): 0} | {(one,): one for one in range(1, 9)}
        self._counted_out = _counted_out(self._apart)
        self.now, self.least, self.most = np.empty(0), np.empty(0), np.empty(0)
        """What stances weigh after each change of a record; and at least, and at most, from then on."""

    def first(self, stances: Stances, variant: Ints) -> Ints:
        """Where in these arrays each of some stances begins, in a variant of its record, before the first
        change; worked out for those that were not asked for yet. -1 where a source has no cases."""
        alone, level = np.unique(stances.strength, return_inverse=True)
        levels = np.array(
            [self._levels.setdefault(each, len(self._levels)) for each in alone.tolist()], dtype=np.int64
        )
        code = (stances.source * self.cases.kinds + stances.kind) * 2 + stances.plus
        code = (code * LEVELS + (levels[level] if len(levels) else level)) * VARIANTS + variant
        distinct: Ints
        distinct, one, number = np.unique(code, return_index=True, return_inverse=True)
        place = np.searchsorted(self._codes, distinct)
        missing = np.flatnonzero(np.append(self._codes, -1)[place] != distinct)
        if missing.size:
            fresh = self._work_out(stances.among(one[missing]), variant[one[missing]])
            self._codes = np.insert(self._codes, place[missing], distinct[missing])
            self._places = np.insert(self._places, place[missing], fresh)
            place = np.searchsorted(self._codes, distinct)
        begins: Ints = self._places[place][number] if len(distinct) else number
        return begins

    def without(self, cases: tuple[int, ...]) -> int:
        """The variant of a record without some cases at once, each told by the variant without it alone, in
        order."""
        if cases not in self._apart:
            self._apart[cases] = len(self._apart)
            self._counted_out = _counted_out(self._apart)
        return self._apart[cases]

    def _work_out(self, stances: Stances, variant: Ints) -> Ints:
        """Append what some stances weigh after each change, so many at a time that what that takes stays in a
        processor's cache."""
        low = self.cases.first_step[stances.source]
        changes = self.cases.first_step[stances.source + 1] - low
        sizes = np.where(changes > 0, changes + 1, 0)  # and one before the first
        ends = np.cumsum(sizes)
        begin, done = self._size, 0
        self._make_room(int(ends[-1]))
        while done < len(sizes):
            until = int(ends[done - 1]) + ENTRIES if done else ENTRIES
            some = slice(done, max(int(np.searchsorted(ends, until, side="right")), done + 1))
            at = begin + int(ends[some][0] - sizes[some][0])
            self._append(stances.among(some), variant[some], sizes[some], low[some], at)
            done = some.stop
        return np.where(sizes > 0, begin + ends - sizes, -1)

    def _append(self, stances: Stances, variant: Ints, sizes: Ints, low: Ints, at: int) -> None:
        """Put what some stances weigh at a place, in so many values for each; ``low`` is the first change of
        each record."""
        starts = np.cumsum(sizes) - sizes
        of = np.repeat(np.arange(len(sizes)), sizes)
        every = stances.among(of)
        now = self._weights(every, self._counted(stances, sizes, low), variant[of])
        alone = np.where(np.isinf(now), every.strength, now)
        here = slice(at, at + len(now))
        self.now[here] = now
        self.least[here] = _from_here_on(np.minimum, alone, starts, sizes)
        self.most[here] = _from_here_on(np.maximum, alone, starts, sizes)

    def _counted(self, stances: Stances, sizes: Ints, low: Ints) -> tuple[Ints, Ints]:
        """The cases after each change of the records of some stances, of their kind and of others: many
        stances are of one source on one kind of claim, for which these are counted once."""
        cases = self.cases
        pairs, one, number = np.unique(
            stances.source * cases.kinds + stances.kind, return_index=True, return_inverse=True
        )
        count = sizes[one]
        begins = np.cumsum(count) - count
        of = np.repeat(np.arange(len(pairs)), count)
        step = np.arange(len(of)) - begins[of]
        day = np.where(step > 0, cases.steps[low[one][of] + np.maximum(step, 1) - 1] % SPAN, 0)
        alike = cases.alike.on(pairs[of], day)
        other = cases.all.on(pairs[of] // cases.kinds, day) - alike
        starts = np.cumsum(sizes) - sizes
        place = np.repeat(begins[number] - starts, sizes) + np.arange(int(sizes.sum()))
        return alike[place], other[place]

    def between(self, begins: Ints, low: Ints, high: Ints, alone: Floats) -> tuple[Floats, Floats]:
        """What stances weigh at least and at most from one change of a record to another, given where they
        begin; where these are far from each other, from the one on."""
        shape = begins.shape
        begins, low, high, alone = begins.ravel(), low.ravel(), high.ravel(), alone.ravel()
        far = high - low > NEAR
        least, most = alone.copy(), alone.copy()
        if (some := np.flatnonzero(far & (begins >= 0))).size:
            least[some] = self.least.take(begins[some] + low[some])
            most[some] = self.most.take(begins[some] + low[some])
        left = np.flatnonzero(~far & (begins >= 0))
        at, end = begins[left] + low[left], begins[left] + high[left]
        least[left] = most[left] = self._now_or(alone[left], at)
        while (more := np.flatnonzero(at < end)).size:
            left, at, end = left[more], at[more] + 1, end[more]
            now = self._now_or(alone[left], at)
            least[left] = np.minimum(least[left], now)
            most[left] = np.maximum(most[left], now)
        return least.reshape(shape), most.reshape(shape)

    def _now_or(self, alone: Floats, places: Ints) -> Floats:
        now = self.now.take(places)
        return np.where(np.isinf(now), alone, now)

    def _make_room(self, more: int) -> None:
        self._size += more
        if self._size > len(self.now):
            room = max(self._size, len(self.now) + len(self.now) // 8)
            for each in (self.now, self.least, self.most):
                each.resize(room, refcheck=False)  # in place: nothing else holds on to them

    def weights(self, stances: Stances, days: Ints, variant: Ints) -> Floats:
        """What stances weigh on days, as :func:`claims.resolve.records.strength_with` has it."""
        cases = self.cases
        alike = cases.alike.on(stances.source * cases.kinds + stances.kind, days)
        other = cases.all.on(stances.source, days) - alike
        return self._weights(stances, (alike, other), variant)

    def _weights(self, stances: Stances, counted: tuple[Ints, Ints], variant: Ints) -> Floats:
        """The same by so many cases of their kind, and of others."""
        anyway = np.where(stances.plus > 0, stances.rate, 1 - stances.rate)
        record = self._records(stances, counted, variant)
        return weights_with(record, stances.strength, anyway, self.numbers)

    def _records(
        self, stances: Stances, counted: tuple[Ints, Ints], variant: Ints
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Right, said, holds, spoke of :class:`claims.resolve.records.Record`."""
        plus = stances.plus > 0
        # Four numbers of each, for 2 * whether the case took the same side + whether it was right.
        one, rest = (np.where(plus, each.T, each.T[_OTHER_SIDE]) for each in counted)
        own = np.flatnonzero(variant)
        if own.size:
            gone = self._counted_out[variant[own]].reshape(-1, 2, 4)
            one[:, own] -= gone[:, 0].T
            rest[:, own] -= gone[:, 1].T
        parts: Floats = one + self.numbers.kind * rest
        if own.size:  # before those cases stood there was nothing to leave out
            parts[:, (parts < 0).any(axis=0)] = 0.0
        against_wrong, against_right, wrong, right = parts
        said = wrong + right
        return right, said, right + against_wrong, said + against_wrong + against_right


_OTHER_SIDE = [2, 3, 0, 1]


def _counted_out(apart: Mapping[tuple[int, ...], int]) -> Ints:
    """How many cases each variant leaves out, by whether they are of another kind, took the same side, and
    were right."""
    found = np.zeros((len(apart), 2, 2, 2), dtype=np.int64)
    for cases, variant in apart.items():
        for case in cases:
            found[variant, (case - 1) // 4, (case - 1) // 2 % 2, (case - 1) % 2] += 1
    return found


class Voice:
    """One source behind each row of a table: its own, or that whose words it passes on."""

    def __init__(
        self, worth: Worth, stances: Stances, claim: Ints, speaks: Any, beside: tuple[Ints, Ints]
    ) -> None:
        """``claim``: the number among the cases of the claim of each row, or -1; ``speaks``: which rows
        take a side, and so have a record; ``beside``: rows, in order, whose claims have rivals, each with the
        number of one of these."""
        self.worth = worth
        self.source = stances.source
        self._stances = stances
        self._speaks = speaks
        self.begins = np.full(len(claim), -1)
        rows = np.flatnonzero(speaks)
        some = stances.among(rows)
        if worth.by_steps:
            self.begins[rows] = worth.first(some, np.zeros(len(rows), dtype=np.int64))
        at, of = np.arange(len(rows)), claim[rows]
        if beside[0].size:
            place = np.full(len(claim), -1)
            place[rows] = at
            spoken = place[beside[0]] >= 0
            at = np.concatenate([at, place[beside[0][spoken]]])
            of = np.concatenate([of, beside[1][spoken]])
        self._own(some, rows, at, of)

    def _own(self, stances: Stances, rows: Ints, at: Ints, claim: Ints) -> None:
        """The times during which the record of a row leaves out cases on its own claim, or on rivals of this,
        by its own source, in the order of rows; ``at`` are the places of rows, each with such a claim."""
        cases = self.worth.cases
        slots = np.where(claim < 0, -1, claim * (len(cases.sources) + 1) + stances.source[at])
        low = np.searchsorted(cases.slots, slots)
        count = np.searchsorted(cases.slots, slots, side="right") - low
        of = np.repeat(np.arange(len(at)), count)
        case = cases.own[low[of] + np.arange(len(of)) - (np.cumsum(count) - count)[of]]
        of = at[of]
        same = cases.side[case] == stances.plus[of]
        other = cases.kind[case] != stances.kind[of]
        variant = 1 + cases.right[case] + 2 * same + 4 * other
        of, self._since, self._until, self._variant = self._apart(
            of, cases.since[case], cases.until[case], variant
        )
        if self.worth.by_steps:
            self._variant_begins = self.worth.first(stances.among(of), self._variant)
        self.own_cases = np.zeros(len(self.begins), dtype=np.int64)
        self.own_cases[rows] = np.bincount(of, minlength=len(rows))
        self._first = np.cumsum(self.own_cases) - self.own_cases

    def _apart(self, of: Ints, since: Ints, until: Ints, variant: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """The same, the times of each row one after the other: where cases stood at the same time, that is a
        time without all of them."""
        order = np.lexsort((since, of))
        of, since, until, variant = of[order], since[order], until[order], variant[order]
        at_once = (of[1:] == of[:-1]) & (since[1:] < until[:-1])
        if not at_once.any():
            return of, since, until, variant
        mixed = np.isin(of, of[1:][at_once])
        times: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        columns = (of[mixed].tolist(), since[mixed].tolist(), until[mixed].tolist(), variant[mixed].tolist())
        for row, *time in zip(*columns, strict=True):
            times[row].append((time[0], time[1], time[2]))
        parted = [
            (row, begun, ended, self.worth.without(cases))
            for row, some in times.items()
            for begun, ended, cases in _parted(some)
        ]
        added = np.array(parted, dtype=np.int64).reshape(-1, 4)
        whole = np.concatenate([np.stack([of, since, until, variant], axis=1)[~mixed], added])
        of, since, until, variant = whole[np.lexsort((whole[:, 1], whole[:, 0]))].T.copy()
        return of, since, until, variant

    def one_own_case(self) -> tuple[Ints, Ints, Ints]:
        """Of each row that has one case of its own: from which day until which it stands, and where what the
        row weighs without it begins (-1 for other rows)."""
        rows = np.flatnonzero(self.own_cases == 1)
        place = self._first[rows]
        since, until, begins = (np.full(len(self.begins), each) for each in (1 << 40, 0, -1))
        since[rows], until[rows] = self._since[place], self._until[place]
        begins[rows] = self._variant_begins[place]
        return since, until, begins

    def _steps(self, rows: Ints, days: Ints) -> Ints:
        """How often the record of the source of each row has changed by a day."""
        return self.worth.cases.steps_by(self.source[rows], days)

    def on(self, rows: Ints, days: Ints) -> Floats:
        """What rows weigh by the records of their sources on days; infinity where there is no record."""
        if not self.worth.by_steps:
            return self._asked(rows, days)
        begins = self.begins[rows]
        for at, place in self._own_cases(rows):
            stands = (self._since[place] <= days[at]) & (days[at] < self._until[place])
            begins[at[stands]] = self._variant_begins[place[stands]]
        return looked_up(self.worth.now, begins, self._steps(rows, days), np.inf)

    def _asked(self, rows: Ints, days: Ints) -> Floats:
        """The same, worked out for these days alone."""
        variant = np.zeros(len(rows), dtype=np.int64)
        for at, place in self._own_cases(rows):
            stands = (self._since[place] <= days[at]) & (days[at] < self._until[place])
            variant[at[stands]] = self._variant[place[stands]]
        found = self.worth.weights(self._stances.among(rows), days, variant)
        return np.where(self._speaks[rows], found, np.inf)

    def since(self, rows: Ints, days: Ints, alone: Floats) -> tuple[Floats, Floats]:
        """What rows weigh so at least, and at most, from days on; ``alone`` where there is no record."""
        worth = self.worth
        steps = self._steps(rows, days)
        least = looked_up(worth.least, self.begins[rows], steps, alone)
        most = looked_up(worth.most, self.begins[rows], steps, alone)
        for at, place in self._own_cases(rows):
            begins = self._variant_begins[place]
            to_come = self._until[place] > days[at]
            of, begins = at[to_come], begins[to_come]
            least[of] = np.minimum(least[of], looked_up(worth.least, begins, steps[of], alone[of]))
            most[of] = np.maximum(most[of], looked_up(worth.most, begins, steps[of], alone[of]))
        return least, most

    def _own_cases(self, rows: Ints) -> Any:
        """Which rows have a first case of their own, and where; then which have a second; and so on."""
        count, first = self.own_cases[rows], self._first[rows]
        number = 0
        while (at := np.flatnonzero(count > number)).size:
            yield at, first[at] + number
            number += 1


def _parted(times: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """The times during which the same of some cases stood, given since when and until when each did, and its
    variant; with the variants of those, in order."""
    bounds = sorted({day for since, until, _ in times for day in (since, until)})
    for begun, ended in pairwise(bounds):
        stood = sorted(variant for since, until, variant in times if since <= begun < until)
        if stood:
            yield begun, ended, tuple(stood)


def record_on(
    known: Known, slots: Ints, days: Ints, own: tuple[Ints, Ints], other_kinds: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Right, said, holds, spoke of :class:`claims.resolve.records.Record`, by slot and day. A slot is a
    source, a kind of claim and whether the stance supports: ``(source * kinds + kind) * 2 + plus``. ``own``
    are cases that count for nothing, each after the place of a slot; ``other_kinds`` is what a case of
    another kind of claim counts."""
    count = len(days)
    of_kind = slots // 2
    every_day = np.tile(days, len(slots))
    alike = known.alike.on(np.repeat(of_kind, count), every_day).astype(np.int64)
    other = known.all.on(np.repeat(of_kind // known.kinds, count), every_day) - alike
    shape = (len(slots), count, 4)
    alike, other = alike.reshape(shape), other.reshape(shape)
    for place, case in zip(*(each.tolist() for each in own), strict=True):
        stands = (known.since[case] <= days) & (days < known.until[case])
        kind = of_kind[place] % known.kinds
        counts = alike if known.kind[case] == kind else other
        counts[place, stands, known.side[case] * 2 + known.right[case]] -= 1
    numbers = alike + other_kinds * other
    plus = (slots % 2 > 0)[:, np.newaxis]
    same, against = numbers[:, :, 2:], numbers[:, :, :2]
    right, wrong = (np.where(plus, same[:, :, at], against[:, :, at]) for at in (1, 0))
    gainsaid, missed = (np.where(plus, against[:, :, at], same[:, :, at]) for at in (0, 1))
    said = right + wrong
    return right, said, right + gainsaid, said + gainsaid + missed


def weights_with(
    record: tuple[Floats, Floats, Floats, Floats], strength: Floats, anyway: Floats, numbers: RecordNumbers
) -> Floats:
    """What stances weigh given right, said, holds and spoke of the records of their sources, and how likely
    what they say is anyway; infinity where there is no case."""
    right, said, holds, spoke = record
    expected = 1 / (1 + np.exp(-(strength + _logits(anyway))))
    by_right = (right + numbers.prior * expected) / (said + numbers.prior)
    by_holds = (holds + numbers.spoke * anyway) / (spoke + numbers.spoke)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.maximum(_logits(by_right) - _logits(by_holds), 0.0)
    return np.where(spoke == 0, np.inf, weight)


def looked_up(values: Floats, begins: Ints, steps: Ints, otherwise: Any) -> Floats:
    """Values so many steps from where they begin; something else where they begin nowhere."""
    if not len(values):
        return np.broadcast_to(otherwise, begins.shape).astype(np.float64)
    none = begins < 0
    found: Floats = np.where(none, otherwise, values.take(np.where(none, 0, begins + steps)))
    return found


def _from_here_on(extreme: ufunc, values: Floats, starts: Ints, sizes: Ints) -> Floats:
    """The extreme of each value and all that come after it in its part, parts of about equal size side
    by side."""
    found = np.empty(len(values))
    width = 1
    left = np.flatnonzero(sizes > 0)
    while left.size:
        some = left[sizes[left] <= width]
        left = left[sizes[left] > width]
        if some.size:
            slot = np.arange(width)
            places = starts[some, np.newaxis] + np.minimum(slot, sizes[some, np.newaxis] - 1)
            backwards = extreme.accumulate(values[places[:, ::-1]], axis=1)
            found[places[:, ::-1]] = backwards
        width *= 2
    return found


def _logits(chances: Floats) -> Floats:
    found: Floats = np.log(chances) - np.log(1 - chances)
    return found
