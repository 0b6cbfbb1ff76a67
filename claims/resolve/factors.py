"""Factors: what ties cost a group of claims, as arithmetic over the indices of its claims.

Each says what it tells its claims (a message each, in closed form) and how it is written as small
tables, from which a whole group can be worked out exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from claims.resolve import scales
from claims.resolve.lifetimes import Lifespan, told_by_lifespan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


FEW = 64
"""What so few claims hear of each other is worked out number by number; of more, over arrays."""


class Table(NamedTuple):
    """Log-weights of every combination of the values of a few variables: those of the last go round
    fastest."""

    scope: tuple[int, ...]
    weights: Sequence[float]


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
        return [Table(self.members, (0.0, 0.0, 0.0, -self.cost))]


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
        from claims.resolve.wide import told_by_question

        return told_by_question(self, heard)

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
            return [*found, Table((held[0],), (self.none, 0.0))]
        so_far = held[0]
        for answer in held[1:-1]:
            either = fresh(2)
            found.append(Table((so_far, answer, either), (*_EITHER[:-1], -self.cost)))
            so_far = either
        last = (self.none, 0.0, 0.0, -self.cost)
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


_EITHER = (0.0, -inf, -inf, 0.0, -inf, 0.0, -inf, 0.0)
"""That the last of three holds just where one of the others does."""


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
        count = len(self.deaths)
        return told_by_lifespan(self.span, heard[:count], heard[count:])

    def tables(self, fresh: Callable[[int], int]) -> list[Table]:
        """Its costs as tables, one for each claim beside the number of the earliest death held."""
        count = len(self.deaths)
        earliest = fresh(count + 1)  # the last value: none is held
        found = []
        costs = [self.span.costs_after(number) for number in range(count)]
        for number, death in enumerate(self.deaths):
            weights = [weight for again, _ in costs[:number] for weight in (0.0, -again[number])]
            weights += [-inf, 0.0, *(0.0, -inf) * (count - number)]
            found.append(Table((earliest, death), weights))
        for number, sign in enumerate(self.signs):
            weights = [weight for _, prices in costs for weight in (0.0, -prices[number])]
            found.append(Table((earliest, sign), [*weights, 0.0, 0.0]))
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
