"""Log-odds and probabilities: what turns one into the other, number by number.

Over arrays the same is in :mod:`claims.resolve.mapped`, to the last bit.
"""

from __future__ import annotations

from math import exp, expm1, inf, log, log1p


def logit(probability: float) -> float:
    """Log-odds (nats) of a probability strictly between 0 and 1."""
    return log(probability) - log1p(-probability)


def probability(log_odds: float) -> float:
    """The probability of log-odds (nats), without overflow at either end."""
    odds = exp(-abs(log_odds))  # against what is the likelier of true and false
    return (1.0 if log_odds >= 0 else odds) / (1.0 + odds)


def softplus(x: float) -> float:
    """log(1 + exp(x)), without overflow."""
    return max(x, 0.0) + log1p(exp(-abs(x)))


def log_expm1(x: float) -> float:
    """log(exp(x) - 1) for x >= 0, without overflow; -inf at 0."""
    held = -expm1(-x)
    return x + log(held) if held > 0 else -inf


def log_of_both(one: float, other: float) -> float:
    """log(exp(one) + exp(other)), without overflow; at least one of them is finite."""
    return max(one, other) + log1p(exp(-abs(one - other)))
