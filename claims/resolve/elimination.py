"""Elimination: the exact odds of many tied claims, one claim after another summed out.

A junction tree by bucket elimination (R. Dechter, Bucket elimination, 1999): what is tied to a
claim is multiplied into one table and the claim summed out of it, in an order that keeps the
tables small; then the way back gives each claim its odds. Exact over all combinations of truths,
at a cost that grows with the size of the tables instead of with 2 to the number of claims.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import log2
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.factors import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from claims.resolve.factors import Factor

    Floats = NDArray[np.float64]

WIDTH = 14
"""No table spans more than a claim and this many others that are two-valued: 256 KB."""

ENTRIES = 1 << 22
"""All tables together have at most so many entries: 32 MB."""


@dataclass(slots=True)
class _Bucket:
    """A variable on its way out: the variables in its table, itself last; the table once all is
    multiplied in; and what was sent on when it was summed out."""

    scope: tuple[int, ...]
    table: Floats
    sent: Floats


def eliminate(own: Floats, factors: Sequence[Factor]) -> Floats | None:
    """The log-odds of each claim among all others, exactly; None where the tables would be larger
    than ``WIDTH`` and ``ENTRIES`` allow."""
    sizes = [2] * len(own)

    def fresh(values: int) -> int:
        sizes.append(values)
        return len(sizes) - 1

    tables = [table for factor in factors for table in factor.tables(fresh)]
    order = order_of([table.scope for table in tables], sizes)
    if order is None:
        return None
    tables += [Table((claim,), np.array([0.0, odds])) for claim, odds in enumerate(own.tolist())]
    buckets = _collect(tables, order, sizes)
    return _distribute(buckets, order, len(own))


def order_of(scopes: Sequence[tuple[int, ...]], sizes: Sequence[int]) -> list[int] | None:
    """An order in which to sum variables out, always one whose table is smallest at that point;
    None where tables would grow too large."""
    near: list[set[int]] = [set() for _ in sizes]
    for scope in scopes:
        for variable in scope:
            near[variable].update(scope)
    for variable, others in enumerate(near):
        others.discard(variable)
    bits = [log2(size) for size in sizes]

    def weight(variable: int) -> float:
        return bits[variable] + sum(bits[other] for other in near[variable])

    known = [weight(variable) for variable in range(len(sizes))]
    waiting = [(known[variable], variable) for variable in range(len(sizes))]
    heapify(waiting)
    order: list[int] = []
    entries = 0.0
    done = [False] * len(sizes)
    while waiting:
        size, variable = heappop(waiting)
        if done[variable] or size != known[variable]:
            continue  # an older note on it
        entries += 2.0 ** min(size, 60.0)
        if size > WIDTH + 1 or entries > ENTRIES:
            return None
        done[variable] = True
        order.append(variable)
        others = near[variable]
        for other in others:
            near[other] |= others
            near[other] -= {other, variable}
            known[other] = weight(other)
            heappush(waiting, (known[other], other))
    return order


def _collect(tables: Sequence[Table], order: Sequence[int], sizes: Sequence[int]) -> dict[int, _Bucket]:
    """Sum the variables out in order."""
    place = {variable: at for at, variable in enumerate(order)}
    waiting: list[list[Table]] = [[] for _ in order]

    def put(table: Table) -> None:
        waiting[min(place[variable] for variable in table.scope)].append(table)

    for table in tables:
        put(table)
    buckets: dict[int, _Bucket] = {}
    for at, variable in enumerate(order):
        here = waiting[at]
        others = sorted({v for table in here for v in table.scope if v != variable}, key=place.__getitem__)
        scope = (*others, variable)
        product = np.zeros([sizes[v] for v in scope])
        for table in here:
            product = product + _aligned(table, scope)
        sent = _summed(product, -1)
        buckets[variable] = _Bucket(scope, product, sent)
        if others:
            put(Table(tuple(others), sent))
        waiting[at] = []
    return buckets


def _distribute(buckets: dict[int, _Bucket], order: Sequence[int], count: int) -> Floats:
    """From the last variable back to the first: all that is known, multiplied into each table."""
    log_odds = np.zeros(count)
    for variable in reversed(order):
        bucket = buckets[variable]
        others = bucket.scope[:-1]
        if others:
            above = buckets[others[0]]  # it is the next of these to be summed out
            known = _reduced(Table(above.scope, above.table), others)
            with np.errstate(invalid="ignore"):
                news = np.where(np.isneginf(bucket.sent), -np.inf, known - bucket.sent)
            bucket.table = bucket.table + news[..., None]
        if variable < count:
            weight = _reduced(Table(bucket.scope, bucket.table), (variable,))
            log_odds[variable] = weight[1] - weight[0]
    return log_odds


def _aligned(table: Table, scope: tuple[int, ...]) -> Floats:
    """A table with its axes in the order of a larger scope, one long where it says nothing."""
    axes = sorted(range(len(table.scope)), key=lambda axis: scope.index(table.scope[axis]))
    turned = table.weights.transpose(axes)
    held = {table.scope[axis] for axis in axes}
    lengths = iter(turned.shape)
    return turned.reshape([next(lengths) if variable in held else 1 for variable in scope])


def _reduced(table: Table, wanted: tuple[int, ...]) -> Floats:
    """What is left of a table once all but some variables, kept in their order, are summed out."""
    axes = tuple(axis for axis, variable in enumerate(table.scope) if variable not in wanted)
    left = _summed(table.weights, axes) if axes else table.weights
    kept = tuple(variable for variable in table.scope if variable in wanted)
    return left.transpose([kept.index(variable) for variable in wanted])


def _summed(weights: Floats, axes: int | tuple[int, ...]) -> Floats:
    """The logarithm of the sum of weights along some axes, by the largest among them."""
    top = weights.max(axis=axes, keepdims=True)
    top = np.where(np.isneginf(top), 0.0, top)
    with np.errstate(divide="ignore"):
        total = np.log(np.exp(weights - top).sum(axis=axes))
    return np.asarray(total + top.squeeze(axis=axes))
