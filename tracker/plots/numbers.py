"""Scales of numbers: round steps between the least and the most."""

from __future__ import annotations

from math import ceil, floor, log10


def round_steps(least: float, most: float, about: int, *, whole: bool = False) -> list[float]:
    """Round numbers from one that is not above the least to one that is not below the most, some as many as
    asked for: steps of 1, 2 or 5 and as many noughts; ``whole``: of nothing that is less than 1."""
    span = most - least
    if span <= 0:
        span = abs(most) or 1.0
    rough = span / about
    size = 10.0 ** floor(log10(rough))
    step = next(size * times for times in (1, 2, 5, 10) if size * times >= rough)
    step = max(step, 1.0) if whole else step
    first, last = floor(least / step), max(ceil(most / step), floor(least / step) + 1)
    return [round(number * step, 12) for number in range(first, last + 1)]
