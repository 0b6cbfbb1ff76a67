"""Factors: what ties cost a group of claims, as arithmetic over the indices of its claims.

Each says what it tells its claims (a message each, in closed form) and how it is written as small
tables, from which a whole group can be worked out exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.resolve import scales
from claims.resolve.lifetimes import Lifespan, softplus, told_by_lifespan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


FEW = 64
"""What so few claims hear of each other is worked out number by number; of more, over arrays."""


class Table(NamedTuple):
    """Log-weights of every combination of a few variables, one axis for each."""

    scope: tuple[int, ...]
    weights: Floats


@dataclass(frozen=True, slots=True)
class NotBoth:
    """What it costs, in nats, for the claims ``first`` and ``second`` (indices) to be both true."""

    first: int
    second: int
    cost: float

    @property
    def members(self) -> tuple[int, ...]:
        """The claims it holds together."""
        return (self.first, self.second)

    def messages(self, heard: Sequence[float]) -> list[float]:
        """What it adds to the log-odds of each claim, at the log-odds that each has without it."""
        return [told(heard[1], self.cost), told(heard[0], self.cost)]

    def tables(self, fresh: Callable[[int], int]) -> list[Table]:
        """Its cost as tables; ``fresh`` makes an auxiliary variable with so many values."""
        del fresh
        return [Table(self.members, np.array([[0.0, 0.0], [0.0, -self.cost]]))]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Answers to one question (each the indices of the claims that give it): what each answer that
    is held beside another costs, and what holding none of them weighs, both in nats.

    All worlds together weigh exp(none) + exp(cost) (Π (1 + a exp(-cost)) - 1), where a, the odds
    of an answer, is Π (1 + odds of its claims) - 1.
    """

    answers: tuple[tuple[int, ...], ...]
    cost: float
    none: float = 0.0
    members: tuple[int, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        members = tuple(claim for answer in self.answers for claim in answer)
        object.__setattr__(self, "members", members)

    def messages(self, heard: Sequence[float]) -> list[float]:
        """What it adds to the log-odds of each claim, at the log-odds that each has without it."""
        if len(heard) <= FEW:
            return self._tell_few(heard)
        sizes = np.array([len(answer) for answer in self.answers])
        starts = np.cumsum(sizes) - sizes
        soft = softplus(np.asarray(heard))
        held = log_expm1(np.add.reduceat(soft, starts))
        others = all_but_one(softplus(held - self.cost))
        # What all other answers weigh together where this one is held, and where it is not.
        lost = np.logaddexp(self.none, self.cost + log_expm1(others))
        if len(heard) == len(sizes):
            return [float(x) for x in others - lost]
        beside = np.zeros(len(heard))
        for start, size in zip(starts[sizes > 1], sizes[sizes > 1], strict=True):
            beside[start : start + size] = all_but_one(soft[start : start + size])
        kept, lost = np.repeat(others, sizes), np.repeat(lost, sizes)
        found = beside + kept - np.logaddexp(log_expm1(beside) + kept, lost)
        return [float(x) for x in found]

    def _tell_few(self, heard: Sequence[float]) -> list[float]:
        """The same sums, number by number: of few that takes less time."""
        soft = [scales.softplus(odds) for odds in heard]
        ends = list(accumulate(map(len, self.answers)))
        parts = [slice(end - len(answer), end) for end, answer in zip(ends, self.answers, strict=True)]
        held = [scales.log_expm1(sum(soft[part])) for part in parts]
        others = _all_but_each([scales.softplus(odds - self.cost) for odds in held])
        found = []
        for kept, part in zip(others, parts, strict=True):
            # What all other answers weigh together where this one is held, and where it is not.
            lost = scales.log_of_both(self.none, self.cost + scales.log_expm1(kept))
            if len(heard) == len(self.answers):
                found.append(kept - lost)
                continue
            for beside in _all_but_each(soft[part]):
                free = scales.log_of_both(scales.log_expm1(beside) + kept, lost)
                found.append(beside + kept - free)
        return found

    def tables(self, fresh: Callable[[int], int]) -> list[Table]:
        """Its costs as tables, answer after answer: whether any was held so far, and this one."""
        found: list[Table] = []
        held = [self._any_of(answer, fresh, found) for answer in self.answers]
        if len(held) == 1:
            return [*found, Table((held[0],), np.array([self.none, 0.0]))]
        so_far = held[0]
        for answer in held[1:-1]:
            either = fresh(2)
            both = _EITHER.copy()
            both[1, 1, 1] = -self.cost
            found.append(Table((so_far, answer, either), both))
            so_far = either
        last = np.array([[self.none, 0.0], [0.0, -self.cost]])
        return [*found, Table((so_far, held[-1]), last)]

    @staticmethod
    def _any_of(answer: tuple[int, ...], fresh: Callable[[int], int], found: list[Table]) -> int:
        """A variable that says whether any claim of an answer is held."""
        so_far = answer[0]
        for claim in answer[1:]:
            either = fresh(2)
            found.append(Table((so_far, claim, either), _EITHER))
            so_far = either
        return so_far


_EITHER = np.full((2, 2, 2), -np.inf)
_EITHER[0, 0, 0] = _EITHER[0, 1, 1] = _EITHER[1, 0, 1] = _EITHER[1, 1, 1] = 0.0


@dataclass(frozen=True, slots=True)
class OneLife:
    """Reported deaths of one person and signs of life (indices, both as in ``span``): each sign of
    life that is held costs what it costs after the earliest death that is held."""

    deaths: tuple[int, ...]
    signs: tuple[int, ...]
    span: Lifespan

    @property
    def members(self) -> tuple[int, ...]:
        """The claims it holds together."""
        return self.deaths + self.signs

    def messages(self, heard: Sequence[float]) -> list[float]:
        """What it adds to the log-odds of each claim, at the log-odds that each has without it."""
        odds, count = np.asarray(heard), len(self.deaths)
        return [float(x) for x in told_by_lifespan(self.span, odds[:count], odds[count:])]

    def tables(self, fresh: Callable[[int], int]) -> list[Table]:
        """Its costs as tables, one for each claim beside the number of the earliest death held."""
        count = len(self.deaths)
        earliest = fresh(count + 1)  # the last value: none is held
        found = []
        again, prices = self.span.prices(slice(0, count))
        for number, death in enumerate(self.deaths):
            weights = np.zeros((count + 1, 2))
            weights[:number, 1] = -again[:number, number]
            weights[number, 0] = -np.inf
            weights[number + 1 :, 1] = -np.inf
            found.append(Table((earliest, death), weights))
        for number, sign in enumerate(self.signs):
            weights = np.zeros((count + 1, 2))
            weights[:count, 1] = -prices[:, number]
            found.append(Table((earliest, sign), weights))
        return found


Factor = NotBoth | OneOf | OneLife


def told(heard: float, cost: float) -> float:
    """What a claim with these log-odds tells one that it costs so much to hold beside it."""
    return scales.softplus(heard - cost) - scales.softplus(heard)


def _all_but_each(numbers: Sequence[float]) -> list[float]:
    """For each of a few numbers, the sum of all others: without subtracting, so that nothing cancels."""
    before = accumulate(numbers[:-1], initial=0.0)
    after = accumulate(numbers[:0:-1], initial=0.0)
    return [one + other for one, other in zip(before, reversed(list(after)), strict=True)]


def log_expm1(x: Floats) -> Floats:
    """log(exp(x) - 1) for x >= 0, without overflow; -inf at 0."""
    with np.errstate(divide="ignore"):
        return np.asarray(x + np.log(-np.expm1(-x)))


def all_but_one(x: Floats) -> Floats:
    """For each number, the sum of all others."""
    before = np.concatenate([[0.0], np.cumsum(x[:-1])])
    after = np.concatenate([np.cumsum(x[:0:-1])[::-1], [0.0]])
    return np.asarray(before + after)
