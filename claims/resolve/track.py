"""Track records of sources as columns: what stances weigh by them on any days, many at once."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from claims.policy import RecordNumbers
    from claims.resolve.courses import Courses
    from claims.resolve.kernel import Floats, Ints
    from claims.resolve.plain import PlainTable

SPAN = 1 << 22
"""More days than there are: the last that Python knows has the number 3,652,059."""


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
        steps = np.zeros((len(keys) + 1, 4), dtype=np.int32)
        at = np.arange(1, len(keys) + 1)
        steps[at, np.concatenate([which, which[ended]])[order]] = np.where(order < len(group), 1, -1)
        self._keys = keys[order]
        self._sums = np.cumsum(steps, axis=0, dtype=np.int32)
        self._first = np.searchsorted(self._keys, np.arange(groups) * SPAN)

    def on(self, group: Ints, days: Ints) -> Ints:
        """The cases of groups that stand on days, four numbers for each."""
        until = np.searchsorted(self._keys, group * SPAN + days, side="right")
        standing: Ints = self._sums[until] - self._sums[self._first[group]]
        return standing


class Cases:
    """How stances of sources fared on settled claims, as arrays: read once, and used for any claims."""

    def __init__(self, cases: Iterable[Case], kinds: Sequence[str]) -> None:
        self.sources: dict[str, int] = {}
        self.claims: dict[str, int] = {}
        self.kinds = len(kinds)
        codes = {str(kind): number for number, kind in enumerate(kinds)}
        parts = [self._arrays(codes, part) for part in _portions(cases)]
        columns = [np.concatenate(some) for some in zip(*parts, strict=True)] or [_NONE] * 7
        self.source, self.claim, self.kind, self.side, self.right, self.since, self.until = columns
        groups, which = len(self.sources) + 1, self.side * 2 + self.right  # and one for those without cases
        self.all = _Counts(self.source, groups, which, self.since, self.until)
        of_kind = self.source * self.kinds + self.kind
        self.alike = _Counts(of_kind, groups * self.kinds, which, self.since, self.until)
        slots = self.claim * (len(self.sources) + 1) + self.source
        self.own = np.argsort(slots, kind="stable")
        self.slots = slots[self.own]
        self._list_days()

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
        return [np.array(column, dtype=np.int64) for column in columns]

    def _list_days(self) -> None:
        """The days on which each source's record changed, with the claims that changed it."""
        ended = self.until < SPAN
        day = np.concatenate([self.since, self.until[ended]])
        source = np.concatenate([self.source, self.source[ended]])
        claim = np.concatenate([self.claim, self.claim[ended]])
        order = np.lexsort((day, source))
        self._day, self._of = day[order], claim[order]
        bounds = np.searchsorted(source[order], np.arange(len(self.sources) + 2))
        self._bounds: list[int] = bounds.tolist()

    def days_of(self, sources: Iterable[int], claim: int, first: int, until: int) -> Ints:
        """The days after a first one, up to another, on which the record of any of some sources changed
        by another claim; in order, as often as it did."""
        found = []
        for source in sources:
            low, end = self._bounds[source], self._bounds[source + 1]
            if low == end:
                continue
            days = self._day[low:end]
            start, stop = days.searchsorted((first, until), side="right").tolist()
            days = days[start:stop]
            found.append(days if claim < 0 else days[self._of[low + start : low + stop] != claim])
        return np.sort(np.concatenate(found)) if found else _NONE


_NONE = np.empty(0, dtype=np.int64)


def _portions(cases: Iterable[Case], size: int = 100_000) -> Iterator[Sequence[Case]]:
    iterator = iter(cases)
    while portion := list(islice(iterator, size)):
        yield portion


class Track:
    """The records of the sources of a table. What was settled about a claim never bears on that claim."""

    def __init__(self, table: PlainTable, cases: Cases | Courses, numbers: RecordNumbers) -> None:
        self.cases = cases
        self.numbers = numbers
        unknown = len(cases.sources)
        self.source = np.array([cases.sources.get(key, unknown) for key in table.sources], dtype=np.int64)
        self._of: list[int] = self.source.tolist()
        self.claim = np.array([cases.claims.get(key, -1) for key in table.keys], dtype=np.int64)

    def days_of(self, sources: Iterable[int], claim: int, first: int, until: int) -> Ints:
        """The days after a first one, up to another, on which the record of any of some sources of the
        table changed, but for what a claim of the table changed; in order, as often as it did."""
        return self.cases.days_of([self._of[each] for each in sources], int(self.claim[claim]), first, until)

    def strengths(self, table: PlainTable, rows: Ints, days: Ints, strength: Floats) -> Floats:
        """What rows weigh by the records of their sources on days, given what they weigh without; as
        :func:`claims.resolve.records.strength_with` has it."""
        source, claim = table.source[rows], table.claim[rows]
        kind, plus = table.kind[claim], (table.sign[rows] > 0).astype(np.int64)
        right, said, holds, spoke = self._records(self.source[source], self.claim[claim], kind, plus, days)
        numbers = self.numbers
        rate = table.rate[claim]
        anyway = np.where(plus > 0, rate, 1 - rate)
        expected = 1 / (1 + np.exp(-(strength + _logits(anyway))))
        by_right = (right + numbers.prior * expected) / (said + numbers.prior)
        by_holds = (holds + numbers.spoke * anyway) / (spoke + numbers.spoke)
        with np.errstate(divide="ignore", invalid="ignore"):
            weight = np.maximum(_logits(by_right) - _logits(by_holds), 0.0)
        return np.where(spoke == 0, strength, weight)

    def _records(
        self, source: Ints, claim: Ints, kind: Ints, plus: Ints, days: Ints
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Right, said, holds, spoke of :class:`claims.resolve.records.Record`."""
        cases = self.cases
        alike = cases.alike.on(source * cases.kinds + kind, days)
        counts = (alike + self.numbers.kind * (cases.all.on(source, days) - alike)).T
        parts = np.empty((2, 2, len(source)))  # by whether the case took the same side, and was right
        for right in (0, 1):
            parts[1, right] = np.where(plus > 0, counts[2 + right], counts[right])
            parts[0, right] = np.where(plus > 0, counts[right], counts[2 + right])
        self._less_own(parts, source, claim, kind, plus, days)
        right, said = parts[1, 1], parts[1, 0] + parts[1, 1]
        return right, said, parts[1, 1] + parts[0, 0], said + parts[0, 0] + parts[0, 1]

    def _less_own(self, parts: Floats, source: Ints, claim: Ints, kind: Ints, plus: Ints, days: Ints) -> None:
        cases = self.cases
        slots = np.where(claim < 0, -1, claim * (len(cases.sources) + 1) + source)
        at = np.searchsorted(cases.slots, slots)
        last = np.searchsorted(cases.slots, slots, side="right")
        while (some := np.flatnonzero(at < last)).size:
            case = cases.own[at[some]]
            stands = (cases.since[case] <= days[some]) & (days[some] < cases.until[case])
            part = np.where(cases.kind[case] == kind[some], 1.0, self.numbers.kind) * stands
            same = (cases.side[case] == plus[some]).astype(np.int64)
            parts[same, cases.right[case], some] -= part
            at = at + 1


def _logits(chances: Floats) -> Floats:
    found: Floats = np.log(chances) - np.log(1 - chances)
    return found
