"""Accounts of sources as columns: what their records say on many days at once.

For a few claims of sources with very many cases: what :class:`claims.resolve.track.Cases` finds from each
case is found here from what they add up to, and comes out the same to the last bit.
"""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.track import Changes
from claims.resolve.worth import SPAN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from claims.resolve.accounts import Account, Course, Sort
    from claims.resolve.kernel import Ints
    from claims.resolve.records import Outcome

_NONE = np.empty(0, dtype=np.int64)

NOBODY = -2
"""In place of the number of a claim: no claim that is asked for has it, also none without cases."""


class _Ordinals(dict[str, int]):
    """The ordinals of days in ISO 8601: the same come again and again."""

    def __missing__(self, day: str) -> int:
        ordinal = self[day] = date.fromisoformat(day).toordinal()
        return ordinal

    def of(self, days: Collection[str]) -> Ints:
        """Those of some days."""
        return np.fromiter(map(self.__getitem__, days), dtype=np.int64, count=len(days))


class _Standing:
    """How many cases of each group stand on a day, apart by which side they took (1: it supported) and
    whether they were right: one column for each of side * 2 + right."""

    def __init__(self, courses: Iterable[tuple[int, Sort, Course]], groups: int, ordinals: _Ordinals) -> None:
        keys, which, steps = [_NONE], [_NONE], [_NONE]
        for group, sort, course in courses:
            keys.append(group * SPAN + ordinals.of(course.days))
            which.append(np.full(len(course.days), 2 * (sort.sign > 0) + sort.right))
            standing = np.array([0, *course.standing], dtype=np.int64)
            steps.append(standing[1:] - standing[:-1])
        key = np.concatenate(keys)
        order = np.argsort(key, kind="stable")
        table = np.zeros((len(key) + 1, 4), dtype=np.int64)
        table[np.arange(1, len(key) + 1), np.concatenate(which)[order]] = np.concatenate(steps)[order]
        self._keys = key[order]
        self._sums = np.cumsum(table, axis=0)
        self._first = np.searchsorted(self._keys, np.arange(groups) * SPAN)

    def on(self, group: Ints, days: Ints) -> Ints:
        """The cases of groups that stand on days, four numbers for each."""
        until = np.searchsorted(self._keys, group * SPAN + days, side="right")
        standing: Ints = self._sums[until] - self._sums[self._first[group]]
        return standing


class Courses(Changes):
    """How stances of some sources fared, for claims of some kinds (by number among ``kinds``); the cases on
    those claims must be named. It stands in for :class:`claims.resolve.track.Cases`."""

    def __init__(self, accounts: Mapping[str, Account], kinds: Sequence[str], asked: Collection[int]) -> None:
        self.sources = {source: number for number, source in enumerate(accounts)}
        self.kinds = len(kinds)
        codes = {str(kind): number for number, kind in enumerate(kinds)}
        ordinals, groups = _Ordinals(), len(self.sources) + 1  # and one for those without cases
        courses = [
            (self.sources[source], codes[str(sort.kind)], sort, course)
            for source, account in accounts.items()
            for sort, course in account.courses.items()
        ]
        self.all = _Standing(((at, sort, course) for at, _, sort, course in courses), groups, ordinals)
        alike = ((at * self.kinds + k, sort, course) for at, k, sort, course in courses if k in asked)
        self.alike = _Standing(alike, groups * self.kinds, ordinals)
        named = chain.from_iterable(chain.from_iterable(each.named.values()) for each in accounts.values())
        self._name(list(named), codes)
        self._list_days(accounts.values(), ordinals)

    def _name(self, named: Sequence[Outcome], codes: Mapping[str, int]) -> None:
        """The cases on the claims themselves, as arrays, and their places by claim and source."""
        self.claims: dict[str, int] = {}
        claims, sources = self.claims, self.sources
        claim = _ints(claims.setdefault(case.claim, len(claims)) for case in named)
        self.source = _ints(sources[case.source] for case in named)
        self.kind = _ints(codes[str(case.kind)] for case in named)
        self.side = _ints(case.sign > 0 for case in named)
        self.right = _ints(case.right for case in named)
        self.since = _ints(case.since.toordinal() for case in named)
        self.until = _ints(case.until.toordinal() if case.until else SPAN for case in named)
        slots = claim * (len(sources) + 1) + self.source
        self.own = np.argsort(slots, kind="stable")
        self.slots = slots[self.own]
        self._claim = claim

    def _list_days(self, accounts: Iterable[Account], ordinals: _Ordinals) -> None:
        """The days on which each record changed, with the claims that changed it where these are named."""
        parts = [_NONE]
        for number, account in enumerate(accounts):
            days, counts = _in_order(account, ordinals)
            parts.append(number * SPAN + np.repeat(days, counts))
        changes = np.concatenate(parts)
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


def _in_order(account: Account, ordinals: _Ordinals) -> tuple[Ints, Ints]:
    """The days on which anything changed, and how often."""
    days = sorted(account.changes)
    return ordinals.of(days), _ints(map(account.changes.__getitem__, days))


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int64)
