"""How sources fared, added up day by day: what a record says on any day, without a look at each case.

A source that has spoken on very many claims has very many cases, and what stands of them on a day is asked
for day after day. Here they are counted once, by kind, side and outcome, and a day is looked up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from claims.resolve.records import Record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from claims.policy import RecordNumbers
    from claims.resolve.records import Outcome

FEW_CHANGES = 40
"""So many changes of records are looked at one by one; of more, a growing selection."""

GROWTH = 1.05
"""By so much the number of changes grows between two that are looked at: one case among hundreds moves
nothing that would be worth a row."""


class Sort(NamedTuple):
    """A sort of case: the kind of claim, the side that the source took (``sign`` is +1 or -1), and whether
    it was right."""

    kind: str
    sign: int
    right: bool


class Course(NamedTuple):
    """How many cases of a sort stood, from each of some days (ISO 8601, in order) on."""

    days: Sequence[str]
    standing: Sequence[int]

    def on(self, day: str) -> int:
        """How many stood on a day."""
        place = bisect_right(self.days, day)
        return self.standing[place - 1] if place else 0


def course_of(since: Iterable[str], until: Iterable[str]) -> Course:
    """The course of some cases, given the days from which they stood, and those before which they did
    (ISO 8601), each as often as it is one."""
    steps = Counter(since)
    steps.subtract(until)
    days = sorted(steps)
    return Course(days, list(accumulate(map(steps.__getitem__, days))))


class Account:
    """How one source fared: its cases of each sort day by day, and on how many occasions anything changed on
    a day; ``named`` are the cases on some claims that may be left out, by claim."""

    __slots__ = ("changes", "count", "courses", "named")

    def __init__(
        self,
        courses: Mapping[Sort, Course],
        changes: Counter[str],
        count: int,
        named: Mapping[str, Sequence[Outcome]],
    ) -> None:
        self.courses = courses
        self.changes = changes
        self.count = count
        self.named = named

    def has_others_than(self, claims: Collection[str]) -> bool:
        """Whether there are cases on other claims than some, of which all are named."""
        return self.count > sum(len(cases) for cases in self._on(claims))

    def _on(self, claims: Collection[str]) -> list[Sequence[Outcome]]:
        """The cases on some claims, claim by claim: the fewer of these and those named are gone through."""
        if len(claims) < len(self.named):
            return [self.named[claim] for claim in claims if claim in self.named]
        return [cases for claim, cases in self.named.items() if claim in claims]

    def changes_but_for(self, claims: Collection[str]) -> Counter[str]:
        """How often anything changed on each day, but for what some claims changed, all of them named."""
        named = [case for cases in self._on(claims) for case in cases]
        if not named:
            return self.changes
        return self.changes - Counter(_days_of(named))

    def record(self, kind: str, sign: int, day: date, apart: Iterable[str], numbers: RecordNumbers) -> Record:
        """The record for a stance on one kind of claim on a day; the cases on the claims ``apart``, all of
        them named, count for nothing. As :func:`claims.resolve.records.record_of` adds it up."""
        alike, other = [0, 0, 0, 0], [0, 0, 0, 0]
        asked = day.isoformat()
        for sort, course in self.courses.items():
            counts = alike if sort.kind == kind else other
            counts[_place(sort.sign == sign, sort.right)] += course.on(asked)
        for claim in apart:
            for case in self.named.get(claim, ()):
                if case.stands_on(day):
                    counts = alike if case.kind == kind else other
                    counts[_place(case.sign == sign, case.right)] -= 1
        against_wrong, against_right, same_wrong, same_right = (
            one + numbers.kind * rest for one, rest in zip(alike, other, strict=True)
        )
        said = same_wrong + same_right
        # A wrong denial says that the claim was true.
        holds = same_right + against_wrong
        return Record(same_right, said, holds, said + against_wrong + against_right)


def _place(same: bool, right: bool) -> int:
    return 2 * same + right


def _days_of(cases: Iterable[Outcome]) -> Iterator[str]:
    for case in cases:
        yield case.since.isoformat()
        if case.until is not None:
            yield case.until.isoformat()


def account_of(outcomes: Iterable[Outcome]) -> Account:
    """The account of one source, given all of its cases, each of which is named."""
    since: dict[Sort, list[str]] = {}
    until: dict[Sort, list[str]] = {}
    named: dict[str, list[Outcome]] = {}
    count = 0
    for case in outcomes:
        sort = Sort(case.kind, case.sign, case.right)
        since.setdefault(sort, []).append(case.since.isoformat())
        if case.until is not None:
            until.setdefault(sort, []).append(case.until.isoformat())
        named.setdefault(case.claim, []).append(case)
        count += 1
    courses = {sort: course_of(days, until.get(sort, ())) for sort, days in since.items()}
    changes = Counter(day for days in (*since.values(), *until.values()) for day in days)
    return Account(courses, changes, count, named)


class Accounts(dict[str, Account]):
    """The accounts of sources, by key."""


def accounts_of(outcomes: Mapping[str, Account | Iterable[Outcome]]) -> Accounts:
    """Accounts by source; of what is one already, the same."""
    if isinstance(outcomes, Accounts):
        return outcomes
    return Accounts(
        (source, cases if isinstance(cases, Account) else account_of(cases))
        for source, cases in outcomes.items()
    )


def days_looked_at(accounts: Iterable[Counter[str]], after: date, until: date) -> list[str]:
    """The days, in order, after one and up to another, on which records are looked at again, given how often
    they changed on each day: those of the first changes, then those by which their number has grown by a
    twentieth."""
    total: Counter[str] = Counter()
    for changes in accounts:
        total.update(changes)
    first, last = after.isoformat(), until.isoformat()
    found: list[str] = []
    number, wanted = 0, 1
    for day in sorted(day for day in total if first < day <= last):
        number += total[day]
        if number < wanted:
            continue
        found.append(day)
        while wanted <= number:
            wanted = next_looked_at(wanted)
    return found


def next_looked_at(seen: int) -> int:
    """Which change is looked at after the one of this number, counted from 1."""
    number = seen + 1
    while number > FEW_CHANGES and number < seen * GROWTH:
        number += 1
    return number
