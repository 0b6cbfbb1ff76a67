"""Small tables of log-weights, worked out number by number: what :mod:`claims.resolve.bigtables` does with
arrays.

A table is a list of the log-weights of every combination of the values of its variables, of which those of
the last go round fastest.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from math import exp, inf, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claims.resolve.factors import Table

    Weights = list[float]


class SmallTables:
    """Multiplies and sums tables of few entries, given how many values each variable has."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = sizes

    def made(self, table: Table) -> Weights:
        """A table as a list."""
        return list(table.weights)

    def product(self, tables: Sequence[tuple[tuple[int, ...], Weights]], scope: tuple[int, ...]) -> Weights:
        """All tables, each with its variables, multiplied into one over all of their variables."""
        found = [0.0] * len(self._places(scope, scope))
        for held, weights in tables:
            places = self._places(scope, held)
            found = [each + weights[place] for each, place in zip(found, places, strict=True)]
        return found

    def summed(self, scope: tuple[int, ...], table: Weights, wanted: tuple[int, ...]) -> Weights:
        """What is left of a table once all but some variables, which come in this order, are summed out."""
        places = self._places(scope, wanted)
        top = [-inf] * (max(places) + 1)
        for weight, place in zip(table, places, strict=True):
            top[place] = max(top[place], weight)
        total = [0.0] * len(top)
        for weight, place in zip(table, places, strict=True):
            if weight > -inf:
                total[place] += exp(weight - top[place])
        return [log(each) + most if each else -inf for each, most in zip(total, top, strict=True)]

    def told(self, table: Weights, known: Weights, sent: Weights) -> Weights:
        """A table once what is known of all its variables but the last takes the place of what it had sent
        on of them itself."""
        last = len(table) // len(known)
        news = [one - other if other > -inf else -inf for one, other in zip(known, sent, strict=True)]
        return [weight + news[place // last] for place, weight in enumerate(table)]

    def odds(self, table: Weights) -> float:
        """The log-odds of the one variable of a table."""
        return table[1] - table[0]

    def _places(self, scope: tuple[int, ...], held: tuple[int, ...]) -> tuple[int, ...]:
        """For every combination of the values of some variables, the place of its part in a table over some
        of them."""
        sizes = tuple([self.sizes[variable] for variable in scope])
        return _places(sizes, tuple([scope.index(variable) for variable in held]))


@lru_cache(maxsize=1024)
def _places(sizes: tuple[int, ...], held: tuple[int, ...]) -> tuple[int, ...]:
    """The same by how many values the variables have, and where those held are among them."""
    strides = [0] * len(sizes)
    stride = 1
    for at in reversed(held):
        strides[at] = stride
        stride *= sizes[at]
    steps = [[value * step for value in range(size)] for size, step in zip(sizes, strides, strict=True)]
    return tuple(map(sum, product(*steps)))
