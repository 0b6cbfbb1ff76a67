"""The arithmetic: columns of evidence in, weights and log-odds out, for one claim or a million.

One kernel serves both, so that they cannot disagree. Everything is an array; nothing here knows
what a claim is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """Evidence on ``len(base)`` claims as parallel arrays, one row per piece that counts.

    ``base``: base-rate log-odds of each claim. For each row: ``claim`` is the index of its claim,
    ``sign`` is +1 or -1, ``strength`` its log-odds (nats, >= 0) standing alone, ``origin`` a number
    shared by the rows that go back to one origin, ``independent`` whether its line is known to be
    independent of the others.
    """

    base: Floats
    claim: Ints
    sign: Ints
    strength: Floats
    origin: Ints
    independent: Flags


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the rows weigh. ``log_odds``: one per claim, from its own evidence alone. For each
    row: ``weight`` in signed nats, ``rank`` the k of the 1/k rule (0: adds nothing to its line;
    1 also for lines known to be independent)."""

    log_odds: Floats
    weight: Floats
    rank: Ints


def weigh(columns: Columns) -> Weighed:
    """Add the evidence up, claim by claim.

    Within a line only the strongest row counts: whoever passes on the same origin adds nothing.
    Lines known to be independent count in full. Among the others, the k-th strongest on each side
    of a claim counts for 1/k.
    """
    weight = np.zeros(len(columns.claim))
    rank = np.zeros(len(columns.claim), dtype=np.int64)
    leaders, independent = _strongest_of_each_line(columns)
    rank[leaders[independent]] = 1
    shared = leaders[~independent]
    rank[shared] = _rank_on_each_side(columns, shared)
    counted = rank > 0
    weight[counted] = columns.sign[counted] * columns.strength[counted] / rank[counted]
    # Summed in an order that depends on the values alone, so that the order of logging cannot
    # show even in the last bit.
    order = np.lexsort((weight, columns.claim))
    totals = np.bincount(columns.claim[order], weights=weight[order], minlength=len(columns.base))
    return Weighed(log_odds=columns.base + totals, weight=weight, rank=rank)


def _strongest_of_each_line(columns: Columns) -> tuple[Ints, Flags]:
    """The row that carries each line (a line has one for each side it takes), and whether any
    member establishes the line's independence."""
    order = np.lexsort((-columns.strength, columns.origin, columns.sign, columns.claim))
    first = _starts(columns.claim[order], columns.sign[order], columns.origin[order])
    starts = np.flatnonzero(first)
    if not len(starts):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_)
    independent = np.logical_or.reduceat(columns.independent[order], starts)
    return np.asarray(order[starts], dtype=np.int64), independent


def _rank_on_each_side(columns: Columns, rows: Ints) -> Ints:
    """1 for the strongest of the rows on its side of its claim, 2 for the next, and so on."""
    order = np.lexsort((-columns.strength[rows], columns.sign[rows], columns.claim[rows]))
    first = _starts(columns.claim[rows][order], columns.sign[rows][order])
    position = np.arange(len(rows))
    start_of_group = np.maximum.accumulate(np.where(first, position, 0)) if len(rows) else position
    ranks = np.empty(len(rows), dtype=np.int64)
    ranks[order] = position - start_of_group + 1
    return ranks


def _starts(*keys: Ints) -> Flags:
    """Marks the rows at which any of the sorted keys differs from the row before."""
    marks = np.ones(len(keys[0]), dtype=np.bool_)
    if len(marks):
        changed = np.zeros(len(marks) - 1, dtype=np.bool_)
        for key in keys:
            changed |= key[1:] != key[:-1]
        marks[1:] = changed
    return marks


def logit(probability: float) -> float:
    """Log-odds (nats) of a probability strictly between 0 and 1."""
    return float(np.log(probability) - np.log1p(-probability))


def probability(log_odds: float) -> float:
    """The probability of log-odds (nats), without overflow at either end."""
    if log_odds >= 0:
        return float(1.0 / (1.0 + np.exp(-log_odds)))
    odds = np.exp(log_odds)
    return float(odds / (1.0 + odds))
