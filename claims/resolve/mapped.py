"""The scales of :mod:`claims.resolve.scales` over arrays, the same to the last bit.

Where they can, numpy's own ``exp`` and ``log`` use other routines than those of the C library, which differ
in the last bit now and then, and from machine to machine. What is said of a claim must not hang on how many
claims it is said with; so here each number is worked out by the C library, as Python's ``math`` does it.
Where only bounds are wanted, numpy's are good enough.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def probabilities(log_odds: Floats) -> Floats:
    """The probability of each of many log-odds (nats), without overflow at either end."""
    odds = _each(math.exp, -np.abs(log_odds))  # against what is the likelier of true and false
    return np.asarray(np.where(log_odds >= 0, 1.0, odds) / (1.0 + odds))


def rough_probabilities(log_odds: Floats) -> Floats:
    """The same, but for the last bits: for bounds, and for what is told with a margin."""
    odds = np.exp(-np.abs(log_odds))
    return np.asarray(np.where(log_odds >= 0, 1.0, odds) / (1.0 + odds))


def rough_softplus(x: Floats) -> Floats:
    """log(1 + exp(x)), but for the last bits."""
    return np.asarray(np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x))))


def rough_log_expm1(x: Floats) -> Floats:
    """log(exp(x) - 1) for x >= 0, but for the last bits; -inf at 0."""
    with np.errstate(divide="ignore"):
        return np.asarray(x + np.log(-np.expm1(-x)))


def softplus(x: Floats) -> Floats:
    """log(1 + exp(x)), without overflow."""
    return np.asarray(np.maximum(x, 0.0) + _each(math.log1p, _each(math.exp, -np.abs(x))))


def log_expm1(x: Floats) -> Floats:
    """log(exp(x) - 1) for x >= 0, without overflow; -inf at 0."""
    return np.asarray(x + _each(_log, -_each(math.expm1, -x)))


def log_of_both(one: Floats, other: Floats) -> Floats:
    """log(exp(one) + exp(other)), without overflow; at least one of each two is finite."""
    return np.asarray(np.maximum(one, other) + _each(math.log1p, _each(math.exp, -np.abs(one - other))))


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf


def _each(function: Callable[[float], float], numbers: Floats) -> Floats:
    """A function of each number, worked out one by one."""
    flat = np.ravel(numbers).tolist()
    return np.fromiter(map(function, flat), np.float64, len(flat)).reshape(np.shape(numbers))
