"""Joint resolution: claims tied by rules, each combination of truths weighed by what it breaks.

Exact where every combination can be listed; above that, a damped message-passing approximation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EXACT_LIMIT = 12
"""Groups of at most this many claims are enumerated: 4,096 combinations of truths."""

ROUNDS = 500
DAMPING = 0.5


@dataclass(frozen=True, slots=True)
class NotBoth:
    """What it costs, in nats, for the claims ``first`` and ``second`` (indices) to be both true."""

    first: int
    second: int
    cost: float


@dataclass(frozen=True, slots=True)
class OneOf:
    """Answers to one question (each the indices of the claims that give it): what each answer that
    is held beside another costs, and what holding none of them weighs, both in nats."""

    answers: tuple[tuple[int, ...], ...]
    cost: float
    none: float = 0.0


@dataclass(frozen=True, slots=True)
class Settled:
    """Log-odds of each claim once the ties have had their say, and what each tie added to each
    claim: one row per factor in the order given, columns summing with ``own`` to ``log_odds``.

    ``exact`` is false where the group was too large to enumerate; then all that the ties added is
    in the first row.
    """

    log_odds: Floats
    effects: Floats
    exact: bool


def settle(own: Floats, factors: Sequence[NotBoth | OneOf]) -> Settled:
    """Resolve a group of tied claims from their own log-odds (nats) and the factors between them."""
    if len(own) <= EXACT_LIMIT:
        return _enumerate(own, factors)
    return _approximate(own, factors)


@lru_cache(maxsize=EXACT_LIMIT + 1)
def _worlds(count: int) -> NDArray[np.bool_]:
    """Every combination of truths of ``count`` claims, one row each."""
    return ((np.arange(2**count)[:, None] >> np.arange(count)) & 1).astype(np.bool_)


def _enumerate(own: Floats, factors: Sequence[NotBoth | OneOf]) -> Settled:
    worlds = _worlds(len(own))
    energy = worlds @ own
    before = own.astype(np.float64)
    effects = np.zeros((len(factors), len(own)))
    for row, factor in enumerate(factors):
        energy = energy - _costs(factor, worlds)
        after = _marginals(energy, worlds)
        effects[row] = after - before
        before = after
    return Settled(log_odds=before, effects=effects, exact=True)


def _costs(factor: NotBoth | OneOf, worlds: NDArray[np.bool_]) -> Floats:
    if isinstance(factor, OneOf):
        held = sum(worlds[:, list(answer)].any(axis=1).astype(np.float64) for answer in factor.answers)
        return np.asarray(np.maximum(held - 1, 0) * factor.cost - (held == 0) * factor.none)
    both = worlds[:, factor.first] & worlds[:, factor.second]
    return np.asarray(both * factor.cost)


def _marginals(energy: Floats, worlds: NDArray[np.bool_]) -> Floats:
    """Log-odds of each claim over all worlds, each weighing exp(energy)."""
    scaled = np.exp(energy - energy.max())
    true = scaled @ worlds
    false = scaled @ ~worlds
    tiny = np.finfo(np.float64).tiny
    return np.asarray(np.log(np.maximum(true, tiny)) - np.log(np.maximum(false, tiny)))


def _approximate(own: Floats, factors: Sequence[NotBoth | OneOf]) -> Settled:
    """Damped loopy belief propagation over the pairs, in log-odds.

    What holding no answer weighs is left out here: in a group this large some answer is nearly
    always held.
    """
    pairs = [pair for factor in factors for pair in _pairs(factor)]
    # Each pair sends a message both ways; the second half of the arrays is the way back.
    sender = np.array([p.first for p in pairs] + [p.second for p in pairs], dtype=np.int64)
    receiver = np.array([p.second for p in pairs] + [p.first for p in pairs], dtype=np.int64)
    cost = np.array([pair.cost for pair in pairs] * 2)
    half = len(pairs)
    back = np.concatenate([np.arange(half, 2 * half), np.arange(half)])
    message = np.zeros(2 * half)
    for _ in range(ROUNDS):
        belief = own + np.bincount(receiver, weights=message, minlength=len(own))
        cavity = belief[sender] - message[back]
        # Towards "true" the sender's being true costs; towards "false" nothing does.
        told = np.logaddexp(0.0, cavity - cost) - np.logaddexp(0.0, cavity)
        fresh = DAMPING * message + (1 - DAMPING) * told
        change = float(np.abs(fresh - message).max(initial=0.0))
        message = fresh
        if change < 1e-10:
            break
    log_odds = own + np.bincount(receiver, weights=message, minlength=len(own))
    effects = np.zeros((len(factors), len(own)))
    effects[0] = log_odds - own
    return Settled(log_odds=log_odds, effects=effects, exact=False)


def _pairs(factor: NotBoth | OneOf) -> list[NotBoth]:
    if isinstance(factor, NotBoth):
        return [factor]
    return [
        NotBoth(one, other, factor.cost)
        for first, second in combinations(factor.answers, 2)
        for one in first
        for other in second
    ]
