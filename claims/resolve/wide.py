"""Log-odds over arrays, but for the last bits, and what questions of very many answers tell their claims.

For what is told number by number see :mod:`claims.resolve.scales` and :mod:`claims.resolve.factors`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from claims.resolve.factors import OneOf

    Floats = NDArray[np.float64]


def softplus(x: Floats) -> Floats:
    """log(1 + exp(x)), without overflow."""
    return np.asarray(np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x))))


def log_expm1(x: Floats) -> Floats:
    """log(exp(x) - 1) for x >= 0, without overflow; -inf at 0."""
    with np.errstate(divide="ignore"):
        return np.asarray(x + np.log(-np.expm1(-x)))


def all_but_one(x: Floats) -> Floats:
    """For each number, the sum of all others: without subtracting, so that nothing cancels."""
    before = np.concatenate([[0.0], np.cumsum(x[:-1])])
    after = np.concatenate([np.cumsum(x[:0:-1])[::-1], [0.0]])
    return np.asarray(before + after)


def told_by_question(question: OneOf, heard: Sequence[float]) -> list[float]:
    """What a question adds to the log-odds of each claim, at the log-odds that each has without it."""
    sizes = np.array([len(answer) for answer in question.answers])
    starts = np.cumsum(sizes) - sizes
    soft = softplus(np.asarray(heard))
    held = log_expm1(np.add.reduceat(soft, starts))
    others = all_but_one(softplus(held - question.cost))
    # What all other answers weigh together where this one is held, and where it is not.
    lost = np.logaddexp(question.none, question.cost + log_expm1(others))
    if len(heard) == len(sizes):
        return [float(x) for x in others - lost]
    beside = np.zeros(len(heard))
    for start, size in zip(starts[sizes > 1], sizes[sizes > 1], strict=True):
        beside[start : start + size] = all_but_one(soft[start : start + size])
    kept, lost = np.repeat(others, sizes), np.repeat(lost, sizes)
    found = beside + kept - np.logaddexp(log_expm1(beside) + kept, lost)
    return [float(x) for x in found]
