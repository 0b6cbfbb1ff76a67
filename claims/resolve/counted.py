"""Accounts of sources that are looked up in the cases of all: in bulk these are at hand as columns, and need
not be added up anew for each portion of claims."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.accounts import Account, Accounts
from claims.resolve.plain import KINDS
from claims.resolve.records import Record
from claims.resolve.track import places_of_own
from claims.resolve.worth import SPAN, record_on

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from claims.policy import RecordNumbers
    from claims.resolve.kernel import Ints
    from claims.resolve.track import Cases


class CountedAccount(Account):
    """How one source fared, as :class:`claims.resolve.accounts.Account` says it, by the cases of all."""

    __slots__ = ("_cases", "_source")

    def __init__(self, cases: Cases, source: int) -> None:
        super().__init__({}, Counter(), cases.count_of(source), {})
        self._cases = cases
        self._source = np.array([source], dtype=np.int64)

    def has_others_than(self, claims: Collection[str]) -> bool:
        """Whether there are cases on other claims than some."""
        return self.count > len(self._own(claims))

    def changes_but_for(self, claims: Collection[str]) -> Counter[str]:
        """How often anything changed on each day, but for what some claims changed."""
        cases, source = self._cases, int(self._source[0])
        low, high = np.searchsorted(cases.changes, [source * SPAN, (source + 1) * SPAN]).tolist()
        own = [cases.claims[key] for key in claims if key in cases.claims]
        alien = ~np.isin(cases.changed_by[low:high], own)
        days = (cases.changes[low:high] % SPAN)[alien].tolist()
        return Counter(date.fromordinal(day).isoformat() for day in days)

    def record(self, kind: str, sign: int, day: date, apart: Iterable[str], numbers: RecordNumbers) -> Record:
        """The record for a stance on one kind of claim on a day; cases on the claims ``apart`` count for
        nothing."""
        own = self._own(apart)
        slot = (self._source * self._cases.kinds + KINDS.index(kind)) * 2 + (sign > 0)
        at = np.zeros(len(own), dtype=np.int64)
        found = record_on(self._cases, slot, np.array([day.toordinal()]), (at, own), numbers.kind)
        return Record(*(float(each[0, 0]) for each in found))

    def _own(self, claims: Iterable[str]) -> Ints:
        return places_of_own(self._cases, claims, self._source)[1]


class CountedAccounts(Accounts):
    """The accounts of some sources, by key, and the cases of all that they are looked up in."""

    def __init__(self, cases: Cases, sources: Iterable[str]) -> None:
        super().__init__(
            (source, CountedAccount(cases, cases.sources[source]))
            for source in sorted(sources)
            if source in cases.sources
        )
        self.cases = cases
