"""Random groups of tied claims, and how far the approximation is off in them from the exact answer."""

from __future__ import annotations

import random
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.elimination import eliminate
from claims.resolve.joint import NotBoth, OneOf
from claims.resolve.walks import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from claims.resolve.joint import Factor

    Make = Callable[[random.Random, int], list[Factor]]
    Floats = NDArray[np.float64]

COSTS = (1, 4, 5, 6)


def tree(chance: random.Random, count: int) -> list[Factor]:
    """Each claim tied to one before it."""
    return [NotBoth(chance.randrange(number), number, chance.choice(COSTS)) for number in range(1, count)]


def rivals(chance: random.Random, count: int) -> list[Factor]:
    """Each claim tied to each."""
    del chance
    return [NotBoth(one, other, 6.0) for one, other in combinations(range(count), 2)]


def tangle(chance: random.Random, count: int) -> list[Factor]:
    """Up to twice as many ties as claims, at random."""
    ties = chance.randint(count - 1, 2 * count)
    return [NotBoth(*chance.sample(range(count), 2), chance.choice(COSTS)) for _ in range(ties)]


def deaths_and_signs(chance: random.Random, count: int) -> list[Factor]:
    """Half of the claims tied to most of the other half."""
    half = count // 2
    return [
        NotBoth(one, other, 6.0)
        for one in range(half)
        for other in range(half, count)
        if chance.random() < 0.7
    ]


def mixed(chance: random.Random, count: int) -> list[Factor]:
    """A question that some claims answer, and as many ties as claims."""
    members = chance.sample(range(count), chance.randint(2, count))
    question = OneOf(tuple((member,) for member in members), 6.0, chance.choice([0.0, 0.0, -6.0]))
    ties = chance.randint(count - 1, count)
    pairs = [NotBoth(*chance.sample(range(count), 2), chance.choice(COSTS)) for _ in range(ties)]
    return [*pairs, question]


KINDS: tuple[Make, ...] = (tree, tangle, deaths_and_signs, rivals, mixed)


def groups(
    make: Make, cases: int, sizes: tuple[int, int]
) -> Iterator[tuple[Floats, list[Factor], list[float]]]:
    """Random groups of a kind, with the exact log-odds of their claims."""
    chance = random.Random(1)  # noqa: S311
    found = 0
    while found < cases:
        count = chance.randint(*sizes)
        own = np.array([chance.uniform(-4, 4) for _ in range(count)])
        factors = make(chance, count)
        exact = eliminate(own, factors)
        if exact is not None:  # else its like is what the approximation is for: nothing to compare with
            found += 1
            yield own, factors, exact


def errors(make: Make, cases: int, sizes: tuple[int, int] = (2, 8)) -> list[float]:
    """By how much the approximation is off in probability, at the worst claim of each group."""
    return [
        float(np.abs(_probability(walk(own, factors)) - _probability(exact)).max())
        for own, factors, exact in groups(make, cases, sizes)
    ]


def _probability(log_odds: Sequence[float]) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.array(log_odds))))
