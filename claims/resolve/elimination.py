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
from typing import TYPE_CHECKING, Any, Protocol

from claims.resolve.factors import Table
from claims.resolve.smalltables import SmallTables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claims.resolve.factors import Factor

WIDTH = 14
"""No table spans more than a claim and this many others that are two-valued: 256 KB."""

ENTRIES = 1 << 22
"""All tables together have at most so many entries: 32 MB."""

FEW_ENTRIES = 512
"""So few are worked out number by number; more take less time over arrays."""


class Tables(Protocol):
    """How tables of log-weights are multiplied and summed, number by number or as arrays: what a table is
    (``Any``) is theirs alone. Each is made with how many values each variable has."""

    def made(self, table: Table) -> Any:
        """A table in their form."""

    def product(self, tables: Sequence[tuple[tuple[int, ...], Any]], scope: tuple[int, ...]) -> Any:
        """All tables, each with its variables, multiplied into one over all of their variables."""

    def summed(self, scope: tuple[int, ...], table: Any, wanted: tuple[int, ...]) -> Any:
        """What is left of a table once all but some variables, which come in this order, are summed out."""

    def told(self, table: Any, known: Any, sent: Any) -> Any:
        """A table once what is known of all its variables but the last takes the place of what it had sent
        on of them itself."""

    def odds(self, table: Any) -> float:
        """The log-odds of the one variable of a table."""


@dataclass(slots=True)
class _Bucket:
    """A variable on its way out: the variables in its table, itself last; the table once all is
    multiplied in; and what was sent on when it was summed out."""

    scope: tuple[int, ...]
    table: Any
    sent: Any


def eliminate(own: Sequence[float], factors: Sequence[Factor]) -> list[float] | None:
    """The log-odds of each claim among all others, exactly; None where the tables would be larger
    than ``WIDTH`` and ``ENTRIES`` allow."""
    sizes = [2] * len(own)

    def fresh(values: int) -> int:
        sizes.append(values)
        return len(sizes) - 1

    given = [table for factor in factors for table in factor.tables(fresh)]
    found = order_of([table.scope for table in given], sizes)
    if found is None:
        return None
    order, entries = found
    given += [Table((claim,), (0.0, odds)) for claim, odds in enumerate(own)]
    tables = _tables(sizes, entries)
    buckets = _collect(given, order, tables)
    return _distribute(buckets, order, len(own), tables)


def _tables(sizes: Sequence[int], entries: float) -> Tables:
    if entries <= FEW_ENTRIES:
        return SmallTables(sizes)
    from claims.resolve.bigtables import BigTables

    return BigTables(sizes)


def order_of(scopes: Sequence[tuple[int, ...]], sizes: Sequence[int]) -> tuple[list[int], float] | None:
    """An order in which to sum variables out, always one whose table is smallest at that point, and how
    many entries all these tables have; None where they would grow too large."""
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
    return order, entries


def _collect(given: Sequence[Table], order: Sequence[int], tables: Tables) -> dict[int, _Bucket]:
    """Sum the variables out in order."""
    place = {variable: at for at, variable in enumerate(order)}
    waiting: list[list[tuple[tuple[int, ...], Any]]] = [[] for _ in order]

    def put(scope: tuple[int, ...], table: Any) -> None:
        waiting[min(place[variable] for variable in scope)].append((scope, table))

    for table in given:
        put(table.scope, tables.made(table))
    buckets: dict[int, _Bucket] = {}
    for at, variable in enumerate(order):
        here = waiting[at]
        others = sorted({v for scope, _ in here for v in scope if v != variable}, key=place.__getitem__)
        scope = (*others, variable)
        product = tables.product(here, scope)
        sent = tables.summed(scope, product, tuple(others))
        buckets[variable] = _Bucket(scope, product, sent)
        if others:
            put(tuple(others), sent)
        waiting[at] = []
    return buckets


def _distribute(buckets: dict[int, _Bucket], order: Sequence[int], count: int, tables: Tables) -> list[float]:
    """From the last variable back to the first: all that is known, multiplied into each table."""
    log_odds = [0.0] * count
    for variable in reversed(order):
        bucket = buckets[variable]
        others = bucket.scope[:-1]
        if others:
            above = buckets[others[0]]  # it is the next of these to be summed out
            known = tables.summed(above.scope, above.table, others)
            bucket.table = tables.told(bucket.table, known, bucket.sent)
        if variable < count:
            log_odds[variable] = tables.odds(tables.summed(bucket.scope, bucket.table, (variable,)))
    return log_odds
