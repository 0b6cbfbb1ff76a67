"""Track records of sources as columns: what stances weigh by them on any days, many at once."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

import numpy as np

from claims.resolve.accounts import next_looked_at
from claims.resolve.worth import SPAN, Stances, Voice, Worth

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from claims.resolve.courses import Courses
    from claims.resolve.kernel import Floats, Ints
    from claims.resolve.plaintable import PlainTable

    Known: TypeAlias = "Cases | Courses"


class Case(NamedTuple):
    """How one stance of a source fared: the ordinals of the day from which and the day before which the
    claim stood so settled (None: it still does)."""

    source: str
    claim: str
    kind: str
    sign: int
    right: bool
    since: int
    until: int | None


class _Counts:
    """How many cases of each group stand on a day, apart by which side they took (1: it supported) and
    whether they were right: one column for each of side * 2 + right."""

    def __init__(self, group: Ints, groups: int, which: Ints, since: Ints, until: Ints) -> None:
        ended = until < SPAN
        keys = np.concatenate([group * SPAN + since, group[ended] * SPAN + until[ended]])
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._first = np.searchsorted(self._keys, np.arange(groups + 1) * SPAN)
        # The sums run on from group to group and round what they are kept in, which no difference minds
        # that is itself small enough.
        most = int(np.diff(self._first).max(initial=0))
        self._sums = np.zeros((len(keys) + 1, 4), dtype=np.uint16 if most < 1 << 16 else np.uint32)
        at = np.arange(1, len(keys) + 1)
        steps = np.where(order < len(group), 1, -1).astype(self._sums.dtype)
        self._sums[at, np.concatenate([which, which[ended]])[order]] = steps
        np.cumsum(self._sums, axis=0, out=self._sums)

    def on(self, group: Ints, days: Ints) -> NDArray[np.int32]:
        """The cases of groups that stand on days, four numbers for each."""
        until = np.searchsorted(self._keys, group * SPAN + days, side="right")
        return (self._sums[until] - self._sums[self._first[group]]).astype(np.int32)


class Tally(NamedTuple):
    """How often each of some records has changed by the end of each day: one row for each, one column for
    each day from that before the ``first_day`` on which any did."""

    by_day: NDArray[np.unsignedinteger]
    first_day: int

    def columns(self, days: Ints) -> Ints:
        """The columns of days, or of the first or last day that there is."""
        found: Ints = np.clip(days - self.first_day + 1, 0, self.by_day.shape[1] - 1)
        return found


class Changes:
    """The days on which the record of each of some sources changed."""

    def _take(self, changes: Ints, changed_by: Ints, sources: int) -> None:
        """``changes`` in order as ``source * SPAN + day``, as often as there were, and the number of the
        claim that each was of, less than -1 for a claim that nobody asks for."""
        self.changes, self.changed_by = changes, changed_by
        self._sources = sources

    @cached_property
    def _starts(self) -> Ints:
        changes = self.changes
        return np.flatnonzero(np.append(True, changes[1:] != changes[:-1])[: len(changes)])

    @cached_property
    def steps(self) -> Ints:
        """These days once each."""
        return self.changes[self._starts]

    @cached_property
    def _often(self) -> Ints:
        return np.diff(self._starts, append=len(self.changes))

    @cached_property
    def first_step(self) -> Ints:
        """Where the steps of each source begin."""
        return np.searchsorted(self.steps, np.arange(self._sources + 2) * SPAN)

    @cached_property
    def _first_day(self) -> int:
        return int((self.steps % SPAN).min(initial=SPAN))

    @cached_property
    def _days(self) -> int:
        return int((self.steps % SPAN).max(initial=0)) - self._first_day + 2

    @cached_property
    def _table(self) -> NDArray[np.unsignedinteger] | None:
        """How many steps of each record there are by each day, where that has room."""
        return self._summed(np.ones_like(self.steps))

    @cached_property
    def tally(self) -> Tally | None:
        """How often each record has changed by each day, where that has room."""
        by_day = self._summed(self._often)
        return None if by_day is None else Tally(by_day, self._first_day)

    def _summed(self, each: Ints) -> NDArray[np.unsignedinteger] | None:
        """What the steps come to by each day, one row for each source, given what each of them is: in one
        byte or two, or None where even that has no room."""
        most = int(np.bincount(self.steps // SPAN, weights=each).max(initial=0))
        size = (self._sources + 1) * self._days
        if not len(self.steps) or size > ROOM or most >= 1 << 16:
            return None
        table = np.zeros((self._sources + 1, self._days), dtype=np.uint8 if most < 1 << 8 else np.uint16)
        table[self.steps // SPAN, self.steps % SPAN - self._first_day + 1] = each
        return np.cumsum(table, axis=1, out=table)

    def steps_by(self, source: Ints, days: Ints) -> Ints:
        """On how many days up to some the records of sources have changed."""
        if self._table is None:
            by: Ints = np.searchsorted(self.steps, source * SPAN + days, side="right")
            return by - self.first_step[source]
        at = np.minimum(np.maximum(days - self._first_day + 1, 0), self._days - 1)
        found: Any = self._table.ravel().take(source * self._days + at)
        return cast("Ints", found)

    def looked_at(self, sources: Ints, own: Ints, after: int, until: int) -> Ints:
        """The days after one and up to another on which the records of some sources are looked at again, as
        :func:`claims.resolve.accounts.days_looked_at` has them; ``own`` are days of changes, among those of
        these sources, that count for nothing."""
        if until <= after:
            return _NONE
        low = np.searchsorted(self.steps, sources * SPAN + after, side="right")
        high = np.searchsorted(self.steps, sources * SPAN + until, side="right")
        total = np.zeros(until - after + 1, dtype=np.int64)
        for a, b in zip(low.tolist(), high.tolist(), strict=True):
            total[self.steps[a:b] % SPAN - after] += self._often[a:b]
        np.subtract.at(total, own[(own > after) & (own <= until)] - after, 1)
        number = np.cumsum(total)
        seen = np.searchsorted(_numbers_looked_at(int(number[-1])), number, side="right")
        found: Ints = np.flatnonzero(seen[1:] > seen[:-1]) + after + 1
        return found


_LOOKED_AT = [1]


def _numbers_looked_at(most: int) -> Ints:
    """Which changes, counted from 1, are looked at, up to one at least."""
    while _LOOKED_AT[-1] < most:
        _LOOKED_AT.append(next_looked_at(_LOOKED_AT[-1]))
    return np.array(_LOOKED_AT)


def places_of_own(known: Known, claims: Iterable[str], sources: Ints) -> tuple[Ints, Ints]:
    """The cases on some claims by some sources, the latter by number: the place of the source among these,
    and the number of the case."""
    numbers = np.array([known.claims[key] for key in claims if key in known.claims], dtype=np.int64)
    wanted = (numbers[:, np.newaxis] * (len(known.sources) + 1) + sources).ravel()
    low = np.searchsorted(known.slots, wanted)
    count = np.searchsorted(known.slots, wanted, side="right") - low
    of = np.repeat(np.arange(len(wanted)), count)
    within = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    return of % max(len(sources), 1), known.own[low[of] + within]


def days_looked_at_by(
    known: Known, voices: Iterable[str], claims: Collection[str], span: tuple[int, int]
) -> list[int]:
    """The days, after one and up to another, on which the records of some sources are looked at again for the
    sake of some claims, whose own cases count for nothing."""
    numbers = [known.sources[voice] for voice in voices if voice in known.sources]
    sources = np.array(sorted(numbers), dtype=np.int64)
    _, own = places_of_own(known, claims, sources)
    until = known.until[own]
    found: list[int] = known.looked_at(
        sources, np.concatenate([known.since[own], until[until < SPAN]]), *span
    ).tolist()
    return found


class Cases(Changes):
    """How stances of sources fared on settled claims, as arrays: read once, and used for any claims."""

    def __init__(self, cases: Iterable[Case], kinds: Sequence[str]) -> None:
        self.sources: dict[str, int] = {}
        self.claims: dict[str, int] = {}
        self.kinds = len(kinds)
        codes = {str(kind): number for number, kind in enumerate(kinds)}
        parts = [self._arrays(codes, part) for part in _portions(cases)]
        columns = [np.concatenate(some) for some in zip(*parts, strict=True)] or [_NONE] * 7
        source, claim, self.kind, self.side, self.right, self.since, self.until = columns
        groups, which = len(self.sources) + 1, self.side * 2 + self.right  # and one for those without cases
        self.all = _Counts(source, groups, which, self.since, self.until)
        of_kind = source * self.kinds + self.kind
        self.alike = _Counts(of_kind, groups * self.kinds, which, self.since, self.until)
        slots = claim * (len(self.sources) + 1) + source
        order = np.argsort(slots, kind="stable")
        self.own, self.slots = order.astype(np.int32), slots[order]
        self._list_days(source, claim)
        self._counted = np.bincount(source, minlength=groups)

    def count_of(self, source: int) -> int:
        """How many cases a source has."""
        return int(self._counted[source])

    def _arrays(self, codes: Mapping[str, int], cases: Sequence[Case]) -> list[Ints]:
        sources, claims = self.sources, self.claims
        columns = (
            [sources.setdefault(case[0], len(sources)) for case in cases],
            [claims.setdefault(case[1], len(claims)) for case in cases],
            [codes[case[2]] for case in cases],
            [case[3] > 0 for case in cases],
            [case[4] for case in cases],
            [case[5] for case in cases],
            [case[6] or SPAN for case in cases],
        )
        return [np.array(column, dtype=kind) for column, kind in zip(columns, _COLUMNS, strict=True)]

    def _list_days(self, source: Ints, claim: Ints) -> None:
        """The days on which each source's record changed, with the claims that changed it."""
        ended = self.until < SPAN
        changes = np.concatenate([source * SPAN + self.since, source[ended] * SPAN + self.until[ended]])
        order = np.argsort(changes, kind="stable")
        changed_by = np.concatenate([claim, claim[ended]])[order].astype(np.int32)
        self._take(changes[order], changed_by, len(self.sources))


_NONE = np.empty(0, dtype=np.int64)
_COLUMNS = (np.int64, np.int64, np.int8, np.int8, np.int8, np.int32, np.int32)
"""What the columns of cases are held in: of a million claims there are millions, in two processes."""


def _portions(cases: Iterable[Case], size: int = 20_000) -> Iterator[Sequence[Case]]:
    iterator = iter(cases)
    while portion := list(islice(iterator, size)):
        yield portion


CHANGES = 1 << 19
"""Changes of records that are put in order at a time."""

ROOM = 48_000_000
"""So many numbers of two bytes are held at most, to find a step by its day, and as many for how often."""


class Track:
    """The records of the sources of a table. What was settled about a claim never bears on that claim."""

    def __init__(self, table: PlainTable, worth: Worth) -> None:
        cases = self.cases = worth.cases
        self.by_steps = worth.by_steps
        unknown = len(cases.sources)
        self.source = np.array([cases.sources.get(key, unknown) for key in table.sources], dtype=np.int64)
        self.claim = np.array([cases.claims.get(key, -1) for key in table.keys], dtype=np.int64)
        self._alone = table.strength
        self._beside = self._rivals(table)
        self.voices = [self._voice(worth, table, table.source)]
        """The sources that speak in the rows; and those behind them, where words are passed on."""
        if table.relayed.any():
            self.voices.append(self._voice(worth, table, table.behind))

    def _voice(self, worth: Worth, table: PlainTable, source: Ints) -> Voice:
        stances = Stances(
            source=self.source[source] if len(self.source) else source,
            kind=table.kind[table.claim],
            plus=(table.sign > 0).astype(np.int64),
            strength=table.strength,
            rate=table.rate[table.claim],
        )
        return Voice(worth, stances, self.claim[table.claim], ~table.mention, self._beside)

    def _rivals(self, table: PlainTable) -> tuple[Ints, Ints]:
        """The rows on claims that have rivals, each with the number among the cases of each of these; on the
        way it is noted to which question each claim among the cases belongs."""
        self._question = np.full(len(self.cases.claims) + 1, -1)  # the last: that of nobody
        rivalry = table.rivalry
        if rivalry is None:
            return _NONE, _NONE
        answers = np.flatnonzero((rivalry.place >= 0) & (self.claim >= 0))
        self._question[self.claim[answers]] = rivalry.place[answers]
        rows = np.flatnonzero(rivalry.place[table.claim] >= 0)
        beside = rivalry.claims[rivalry.place[table.claim[rows]]]
        others = (beside >= 0) & (beside != table.claim[rows, np.newaxis])
        at, column = np.nonzero(others)
        claim = self.claim[beside[at, column]]
        known = claim >= 0
        return rows[at[known]], claim[known]

    def changes_for(
        self, questions: Ints, at: Ints, source: Ints, spoke: Ints, before: int
    ) -> Iterator[Ints]:
        """The changes of the records of sources of the table after each of some questions was spoken of and
        before a day, but for what its answers themselves changed: as ``place of the question * SPAN + day``
        in order.

        ``at`` and ``source`` are pairs of a place among the questions and a source, in order.
        """
        keys, voice = self.cases.changes, self.source[source] * SPAN
        start = np.searchsorted(keys, voice + np.minimum(spoke, SPAN - 1)[at], side="right")
        stop = np.maximum(np.searchsorted(keys, voice + before), start)
        return self._changes_in(questions, at, start, stop, self._asking)

    def _asking(self, places: Ints) -> Ints:
        """The questions that those belong to who made some changes."""
        by = self.cases.changed_by[places]
        found: Ints = self._question[np.where(by < 0, -1, by)]
        return found

    def often(self, claims: Ints, at: Ints, source: Ints, first: Ints, before: Ints) -> Ints:
        """How often the records of sources of the table changed from first days on and before others, for
        each of some claims: ``at`` and ``source`` are pairs of a place among these and a source, in order."""
        keys, voice = self.cases.changes, self.source[source] * SPAN
        count = np.searchsorted(keys, voice + before[at]) - np.searchsorted(keys, voice + first[at])
        return np.bincount(at, weights=np.maximum(count, 0), minlength=len(claims)).astype(np.int64)

    def changes_of(
        self, claims: Ints, at: Ints, source: Ints, spoke: Ints, first: Ints, before: Ints
    ) -> tuple[Ints, Iterator[Ints]]:
        """The changes of the records of sources of the table, but for what the claim itself changed: for each
        of some claims how many there were since it was spoken of and before a first day; and those from
        then on, before another day, as ``place of the claim * SPAN + day`` in order.

        ``at`` and ``source`` are pairs of a place among the claims and a source, in order.
        """
        cases, keys = self.cases, self.cases.changes
        voice, of = self.source[source] * SPAN, self.claim[claims]
        early = np.searchsorted(keys, voice + np.minimum(spoke, SPAN - 1)[at], side="right")
        start = np.maximum(np.searchsorted(keys, voice + first[at]), early)
        stop = np.maximum(np.searchsorted(keys, voice + before[at]), start)
        earlier = np.bincount(at, weights=start - early, minlength=len(claims)).astype(np.int64)
        for own, pair in self.own_cases(of, at, self.source[source]):
            for day in (cases.since[own], cases.until[own]):
                counted = (day > spoke[at[pair]]) & (day < first[at[pair]])
                np.subtract.at(earlier, at[pair[counted]], 1)
        return earlier, self._changes_in(of, at, start, stop, cases.changed_by.__getitem__)

    def own_cases(self, claim: Ints, at: Ints, voice: Ints) -> Iterator[tuple[Ints, Ints]]:
        """The cases on claims themselves by some sources: the first of each pair, the second, and so on."""
        cases = self.cases
        slots = np.where(claim[at] < 0, -1, claim[at] * (len(cases.sources) + 1) + voice)
        place = np.searchsorted(cases.slots, slots)
        last = np.searchsorted(cases.slots, slots, side="right")
        while (some := np.flatnonzero(place < last)).size:
            yield cases.own[place[some]], some
            place = place + 1

    def _changes_in(
        self, own: Ints, at: Ints, start: Ints, stop: Ints, changed_by: Callable[[Ints], Ints]
    ) -> Iterator[Ints]:
        """The changes from some to others, but for those by ``own``."""
        sizes = np.cumsum(stop - start)
        low = 0
        while low < len(at):
            done = int(sizes[low - 1]) if low else 0
            high = max(int(np.searchsorted(sizes, done + CHANGES, side="right")), low + 1)
            high = int(np.searchsorted(at, at[high - 1], side="right"))  # all of a claim at once
            here = slice(low, high)
            count = stop[here] - start[here]
            of = np.repeat(at[here], count)
            place = np.repeat(start[here] - (np.cumsum(count) - count), count) + np.arange(len(of))
            alien = changed_by(place) != own[of]
            found = of[alien] * SPAN + self.cases.changes[place[alien]] % SPAN
            found.sort(kind="stable")  # it is made of parts that are in order
            yield found
            low = high

    def strengths(self, rows: Ints, days: Ints) -> Floats:
        """What rows weigh by the records of their sources on days; as
        :func:`claims.resolve.records.strength_with` has it. Who passes on somebody's words vouches for
        them: of two records the one by which they weigh less counts."""
        least: Floats = np.minimum.reduce([voice.on(rows, days) for voice in self.voices])
        return np.where(np.isinf(least), self._alone[rows], least)

    def bounds(self, rows: Ints, days: Ints) -> tuple[Floats, Floats]:
        """What rows weigh so at least and at most from days on."""
        found = [voice.since(rows, days, self._alone[rows]) for voice in self.voices]
        least: Floats = np.minimum.reduce([low for low, _ in found])
        most: Floats = np.maximum.reduce([high for _, high in found])
        return least, most
