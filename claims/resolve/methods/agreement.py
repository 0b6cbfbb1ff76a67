"""What several reports of one number come to: the low, the best and the high on which most agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

TOLD_APART = 1e-9
"""Sums of weights that differ by less are the same: they were added up in another order."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A number as one line reports it: its ends (None: open), its best value where one is said, the
    day, and what the report weighs (nats). ``claim`` is the key of the claim that it supports."""

    claim: str
    line: str
    low: Decimal | None
    best: Decimal | None
    high: Decimal | None
    day: date
    weight: float

    def covers(self, number: Decimal) -> bool:
        """Whether the number could be this one by the report."""
        return (self.low is None or self.low <= number) and (self.high is None or number <= self.high)

    @property
    def middle(self) -> Decimal | None:
        """Its best value, or the middle of its range, whole where the ends are; None where an end is
        open."""
        if self.best is not None or self.low is None or self.high is None:
            return self.best
        middle = (self.low + self.high) / 2
        return middle.to_integral_value() if _whole(self.low, self.high) else middle


@dataclass(frozen=True, slots=True)
class Toll:
    """A range on which reports agree, None for an open end, and the claims that make it."""

    low: Decimal | None
    best: Decimal | None
    high: Decimal | None
    claims: tuple[str, ...]
    lines: int

    @property
    def words(self) -> str:
        """As part of a sentence: "165–180, best 172"."""
        if self.low == self.high and self.low is not None:
            return f"{self.low:f}"
        ends = f"{_end(self.low)}–{_end(self.high)}"
        return ends if self.best is None else f"{ends}, best {self.best:f}"


def toll(reports: Sequence[Reported], *, cumulative: bool = False) -> list[Toll]:
    """The range that most weight agrees on; several, where as much weight stands behind each.

    Of one line only its newest reports count: a later number is a revision. Of a number that can
    only grow, a report older than the newest one is no more than a lower bound. Reports agree
    where one number fits them all; the range is then all that the closed ones among them leave
    possible, and the best value the weighted median of theirs, moved to where all of them hold.
    """
    current = _revised(reports, cumulative=cumulative)
    by_makers: dict[tuple[int, ...], float] = {}
    for point in {report.low or Decimal(0) for report in current}:
        makers = tuple(at for at, report in enumerate(current) if report.covers(point))
        by_makers[makers] = sum(sorted(current[at].weight for at in makers))
    most = max(by_makers.values(), default=0.0)
    agreed = [makers for makers, weight in by_makers.items() if most - weight < TOLD_APART]
    return [_toll([current[at] for at in makers]) for makers in sorted(agreed)]


def overlap(first: Toll, low: Decimal | None, high: Decimal | None) -> float:
    """How far a range and an agreed one are the same: the numbers in both as a share of those in
    the smaller, from 0 to 1. Whole numbers are counted; others are measured."""
    lows = [end for end in (first.low, low) if end is not None]
    highs = [end for end in (first.high, high) if end is not None]
    both = _size(max(lows, default=None), min(highs, default=None))
    sizes = [size for size in (_size(first.low, first.high), _size(low, high)) if size is not None]
    if both is None or not sizes:
        return 1.0  # both are open on the same side
    if min(sizes) == 0:  # a number that is not whole: inside or outside
        return float(both >= 0)
    return float(max(both, Decimal(0)) / min(sizes))


def _revised(reports: Sequence[Reported], *, cumulative: bool) -> list[Reported]:
    newest: dict[str, date] = {}
    for report in reports:
        newest[report.line] = max(report.day, newest.get(report.line, report.day))
    kept = [report for report in reports if report.day == newest[report.line]]
    kept.sort(key=lambda report: (report.claim, report.line, report.day, -report.weight))
    if not cumulative:
        return kept
    last = max((report.day for report in kept), default=None)
    return [report if report.day == last else replace(report, high=None) for report in kept]


def _toll(makers: Sequence[Reported]) -> Toll:
    low = max((each.low for each in makers if each.low is not None), default=None)
    high = min((each.high for each in makers if each.high is not None), default=None)
    best = _median(makers)
    if best is not None:
        best = best if low is None else max(best, low)
        best = best if high is None else min(best, high)
    closed = [(each.low, each.high) for each in makers if each.low is not None and each.high is not None]
    if closed:
        low, high = min(low for low, _ in closed), max(high for _, high in closed)
    return Toll(
        low=low,
        best=best,
        high=high,
        claims=tuple(sorted({each.claim for each in makers})),
        lines=len({each.line for each in makers}),
    )


def _median(makers: Sequence[Reported]) -> Decimal | None:
    """The middle of the makers' best values by weight, the lower of two."""
    known = sorted((middle, each.weight) for each in makers if (middle := each.middle) is not None)
    half, passed = sum(weight for _, weight in known) / 2, 0.0
    for value, weight in known:
        passed += weight
        if passed >= half - TOLD_APART:
            return value
    return None


def _size(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    """How many numbers a range holds, None without end; below 0 where there are none."""
    if low is None or high is None:
        return None
    if high < low:
        return Decimal(-1)
    return high - low + _whole(low, high)


def _whole(low: Decimal, high: Decimal) -> bool:
    return low == low.to_integral_value() and high == high.to_integral_value()


def _end(number: Decimal | None) -> str:
    return "…" if number is None else f"{number:f}"
