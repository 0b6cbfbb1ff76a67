"""Accounts of sources as columns: what their records say on many days at once.

For a few claims of sources with very many cases: what :class:`claims.resolve.track.Cases` finds from each
case is found here from what they add up to, and comes out the same to the last bit.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from claims.resolve.track import Case, Changes
from claims.resolve.worth import SPAN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from claims.resolve.accounts import Account
    from claims.resolve.kernel import Ints
    from claims.resolve.records import Outcome

_NONE = np.empty(0, dtype=np.int64)
_NOTHING = np.zeros((1, 4), dtype=np.int32)

NOBODY = -2
"""In place of the number of a claim: no claim that is asked for has it, also none without cases."""


class Ordinals(dict[str, int]):
    """The ordinals of days in ISO 8601: the same come again and again."""

    def __missing__(self, day: str) -> int:
        ordinal = self[day] = date.fromisoformat(day).toordinal()
        return ordinal


class Standing(NamedTuple):
    """Cases of one source: the ordinals of the days on which one came to stand or ceased to, in order and as
    often as one did; and how many stood after each, four numbers: one for each of side * 2 + right (1: it
    supported, and it was right)."""

    days: Ints
    numbers: Ints


SHIFT = 10
"""In one number for each change of a record, the day begins at this bit."""


class Fares:
    """How one source fared: every change of its record, in order; all of its cases; and those of a kind of
    claim, which are looked out where somebody asks.

    ``packed`` has one number for each change: the ordinal of the day, and in the lower :data:`SHIFT` bits
    the sort of the case, which is its kind of claim by number * 8 + side * 4 + right * 2, and one more where
    a case ceased to stand. Databases keep such numbers: neither what they mean nor the order of kinds may
    become another, or what is kept must be made anew.
    """

    def __init__(self, packed: Ints, changes: Ints | None = None) -> None:
        self.packed = packed
        self._changes = changes
        self.count = len(packed)
        """How often its record changed."""
        self._of_kind: dict[int, Standing] = {}

    @classmethod
    def of(cls, sorts: Iterable[SortOfCases], changes: Ints | None = None) -> Fares:
        """The same by the cases of each sort."""
        return cls(packed(sorts), changes)

    @cached_property
    def columns(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Each change, in the order of days: the day, whether a case came to stand (1) or ceased to (-1), its
        kind of claim, and which of the four numbers it counts in."""
        return unpacked(self.packed)

    @property
    def changes(self) -> Ints:
        """The days on which its record changed, in order and as often as it did."""
        return self.columns[0] if self._changes is None else self._changes

    @cached_property
    def all(self) -> Standing:
        """All of its cases."""
        return self._standing(np.arange(self.count))

    def of_kind(self, kind: int) -> Standing:
        """The cases of one kind of claim, by its number."""
        if kind not in self._of_kind:
            self._of_kind[kind] = self._standing(np.flatnonzero(self.columns[2] == kind))
        return self._of_kind[kind]

    def _standing(self, places: Ints) -> Standing:
        days, steps, _, which = self.columns
        table = np.zeros((len(places), 4), dtype=np.int32)
        table[np.arange(len(places)), which[places]] = steps[places]
        return Standing(days[places], np.cumsum(table, axis=0, dtype=np.int32))


SortOfCases: TypeAlias = "tuple[int, int, Sequence[int], Sequence[int]]"
"""Cases of one sort: the number of their kind of claim, side * 2 + right, and the ordinals of the days from
which, and before which, they stood."""


def packed(sorts: Iterable[SortOfCases]) -> Ints:
    """Cases as :class:`Fares` has their changes, in order."""
    parts = [
        (np.asarray(days, dtype=np.int64) << SHIFT) + (sort_code(kind, which) + ended)
        for kind, which, since, until in sorts
        for ended, days in enumerate((since, until))
        if len(days)
    ]
    found = np.concatenate(parts or [_NONE])
    found.sort()
    return found


def sort_code(kind: int, which: int) -> int:
    """The lower bits of a change by which a case came to stand, by the number of its kind and side * 2 +
    right."""
    return kind * 8 + which * 2


def unpacked(packed: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """What the numbers of :class:`Fares` say: the days, whether a case came to stand (1) or ceased to (-1),
    its kind of claim, and which of the four numbers it counts in."""
    sort = packed & ((1 << SHIFT) - 1)
    return packed >> SHIFT, 1 - 2 * (sort & 1), sort >> 3, (sort >> 1) & 3


class _Groups:
    """How many cases of each group stand on a day, as :class:`Standing` has it, side by side."""

    def __init__(self, parts: Sequence[tuple[int, Standing]], groups: int) -> None:
        """``parts`` are those of the groups that have cases, in order."""
        self._keys = np.concatenate([_NONE, *(group * SPAN + part.days for group, part in parts)])
        self._sums = np.concatenate([_NOTHING, *(part.numbers for _, part in parts)])
        self._first = np.searchsorted(self._keys, np.arange(groups) * SPAN)

    def on(self, group: Ints, days: Ints) -> Ints:
        """The cases of groups that stand on days, four numbers for each."""
        until = np.searchsorted(self._keys, group * SPAN + days, side="right")
        standing: Ints = self._sums[until]
        standing[until == self._first[group]] = 0
        return standing


class Courses(Changes):
    """How stances of some sources fared, for claims of some kinds (by number among ``kinds``); the cases on
    those claims must be named. It stands in for :class:`claims.resolve.track.Cases`."""

    def __init__(
        self, fares: Mapping[str, Fares], named: Sequence[Case], kinds: Sequence[str], asked: Collection[int]
    ) -> None:
        self.sources = {source: number for number, source in enumerate(fares)}
        self.kinds = len(kinds)
        groups = len(fares) + 1  # and one for those without cases
        self.all = _Groups([(at, each.all) for at, each in enumerate(fares.values())], groups)
        alike = [
            (at * self.kinds + kind, each.of_kind(kind))
            for at, each in enumerate(fares.values())
            for kind in sorted(asked)
        ]
        self.alike = _Groups(alike, groups * self.kinds)
        named = [case for case in named if case.source in fares]
        self._name(named, {str(kind): number for number, kind in enumerate(kinds)})
        self._list_days([at * SPAN + each.changes for at, each in enumerate(fares.values())])

    def _name(self, named: Sequence[Case], codes: Mapping[str, int]) -> None:
        """The cases on the claims themselves, as arrays, and their places by claim and source."""
        self.claims: dict[str, int] = {}
        if not named:
            self.source = self.kind = self.side = self.right = self.since = self.until = _NONE
            self.own = self.slots = self._claim = _NONE
            return
        claims, sources = self.claims, self.sources
        claim = _ints(claims.setdefault(case.claim, len(claims)) for case in named)
        self.source = _ints(sources[case.source] for case in named)
        self.kind = _ints(codes[str(case.kind)] for case in named)
        self.side = _ints(case.sign > 0 for case in named)
        self.right = _ints(case.right for case in named)
        self.since = _ints(case.since for case in named)
        self.until = _ints(case.until or SPAN for case in named)
        slots = claim * (len(sources) + 1) + self.source
        self.own = np.argsort(slots, kind="stable")
        self.slots = slots[self.own]
        self._claim = claim

    def _list_days(self, parts: Sequence[Ints]) -> None:
        """The days on which each record changed, with the claims that changed it where these are named."""
        changes = np.concatenate([_NONE, *parts])
        if not self.claims:
            self._take(changes, np.full(len(changes), NOBODY), len(self.sources))
            return
        ended = self.until < SPAN
        source = np.concatenate([self.source, self.source[ended]])
        days = source * SPAN + np.concatenate([self.since, self.until[ended]])
        order = np.argsort(days, kind="stable")
        days, claim = days[order], np.concatenate([self._claim, self._claim[ended]])[order]
        changed_by = np.full(len(changes), NOBODY)
        # Of several changes on one day the first are those of the claims that are named.
        changed_by[np.searchsorted(changes, days) + np.arange(len(days)) - np.searchsorted(days, days)] = (
            claim
        )
        self._take(changes, changed_by, len(self.sources))


def courses_of(accounts: Mapping[str, Account], kinds: Sequence[str], asked: Collection[int]) -> Courses:
    """Accounts of sources as columns, for claims of some kinds; the cases on those claims must be named."""
    codes, ordinals = {str(kind): number for number, kind in enumerate(kinds)}, Ordinals()
    fares = {source: _fares_of_account(account, codes, ordinals) for source, account in accounts.items()}
    named = [
        _case_of(case) for account in accounts.values() for cases in account.named.values() for case in cases
    ]
    return Courses(fares, named, kinds, asked)


def _fares_of_account(account: Account, codes: Mapping[str, int], ordinals: Ordinals) -> Fares:
    sorts = []
    for sort, course in account.courses.items():
        since, until = list[int](), list[int]()
        before = 0
        for day, standing in zip(course.days, course.standing, strict=True):
            (since if standing > before else until).extend([ordinals[day]] * abs(standing - before))
            before = standing
        sorts.append((codes[str(sort.kind)], 2 * (sort.sign > 0) + sort.right, since, until))
    changes = [ordinals[day] for day in sorted(account.changes.elements())]
    return Fares.of(sorts, np.array(changes, dtype=np.int64))


def _case_of(outcome: Outcome) -> Case:
    until = outcome.until.toordinal() if outcome.until else None
    columns = (outcome.source, outcome.claim, str(outcome.kind), outcome.sign, outcome.right)
    return Case(*columns, outcome.since.toordinal(), until)


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int64)
