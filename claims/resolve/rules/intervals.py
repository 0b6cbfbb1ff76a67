"""Intervals: which of many ranges cannot hold the same value, without comparing each with each."""

from __future__ import annotations

from itertools import combinations
from math import inf
from typing import TYPE_CHECKING, Any

from claims.resolve.ties import Rivals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from claims.counts import Count

    Bound = tuple[Any, int]
    Interval = tuple[Bound, Bound]

LOWEST, HIGHEST = (-inf, 0), (inf, 0)


def of_days(first: date | None, last: date | None) -> Interval:
    """The days from the first to the last, both included; an end that is not known is open."""
    low = LOWEST if first is None else (first.toordinal(), 0)
    return low, HIGHEST if last is None else (last.toordinal(), 0)


def of_count(count: Count) -> Interval:
    """The numbers that a count allows. A bound that excludes its number lies beside it."""
    low, high = count.bounds
    strict = int(count.strict)
    return (
        LOWEST if low is None else (low, strict),
        HIGHEST if high is None else (high, -strict),
    )


def apart(one: Interval, other: Interval) -> bool:
    """Whether two intervals have no value in common."""
    return one[1] < other[0] or other[1] < one[0]


def groups_apart(intervals: Mapping[str, Interval]) -> list[list[str]]:
    """The keys in groups, from low to high, of which no two have a value in common; those of one
    group overlap, directly or through others."""
    groups: list[list[str]] = []
    reach: Bound = LOWEST
    for key in sorted(intervals, key=lambda key: (*intervals[key], key)):
        low, high = intervals[key]
        if groups and low <= reach:
            groups[-1].append(key)
            reach = max(reach, high)
        else:
            groups.append([key])
            reach = high
    return groups


def clashes_within(
    group: list[str], intervals: Mapping[str, Interval]
) -> Iterator[tuple[list[str], list[str]]]:
    """Pairs of ranges that have no value in common although a third, wider one overlaps both: each
    as the keys that give it."""
    if max(intervals[key][0] for key in group) <= min(intervals[key][1] for key in group):
        return  # one value would do for all of them
    units: dict[Interval, list[str]] = {}
    for key in group:
        units.setdefault(intervals[key], []).append(key)
    for one, other in combinations(sorted(units), 2):
        if apart(one, other):
            yield units[one], units[other]


def rivals_apart(
    rule: str,
    question: str,
    intervals: Mapping[str, Interval],
    price: float,
    because: Callable[[list[str]], str],
) -> Iterator[Rivals]:
    """Rivals among claims whose ranges cannot hold the same value: the groups that are apart as one
    slot, and each pair that is apart within a group as another. ``because`` puts one claim of each
    answer into words."""
    groups = groups_apart(intervals)
    if len(groups) > 1:
        yield rivals(rule, question, groups, price, because)
    for group in groups:
        for pair in clashes_within(group, intervals):
            yield rivals(rule, question, list(pair), price, because)


def rivals(
    rule: str,
    question: str,
    answers: list[list[str]],
    price: float,
    because: Callable[[list[str]], str],
) -> Rivals:
    """Answers of which one at most holds, in an order of their own."""
    ordered = sorted(tuple(sorted(answer)) for answer in answers)
    shown = [min(answer) for answer in answers]
    return Rivals(rule, question, tuple(ordered), price, 0.0, because(shown))
