"""Large tables of log-weights, as arrays with one axis for each variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from claims.resolve.factors import Table

    Floats = NDArray[np.float64]


class BigTables:
    """Multiplies and sums tables of many entries, given how many values each variable has."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = sizes

    def made(self, table: Table) -> Floats:
        """A table as an array."""
        return np.array(table.weights).reshape([self.sizes[variable] for variable in table.scope])

    def product(self, tables: Sequence[tuple[tuple[int, ...], Floats]], scope: tuple[int, ...]) -> Floats:
        """All tables, each with its variables, multiplied into one over all of their variables."""
        found = np.zeros([self.sizes[variable] for variable in scope])
        for held, weights in tables:
            found = found + _aligned(held, weights, scope)
        return found

    def summed(self, scope: tuple[int, ...], table: Floats, wanted: tuple[int, ...]) -> Floats:
        """What is left of a table once all but some variables, which come in this order, are summed out."""
        axes = tuple(axis for axis, variable in enumerate(scope) if variable not in wanted)
        left = _summed(table, axes) if axes else table
        kept = tuple(variable for variable in scope if variable in wanted)
        return left.transpose([kept.index(variable) for variable in wanted])

    def told(self, table: Floats, known: Floats, sent: Floats) -> Floats:
        """A table once what is known of all its variables but the last takes the place of what it had sent
        on of them itself."""
        with np.errstate(invalid="ignore"):
            news = np.where(np.isneginf(sent), -np.inf, known - sent)
        return np.asarray(table + news[..., None])

    def odds(self, table: Floats) -> float:
        """The log-odds of the one variable of a table."""
        return float(table[1] - table[0])


def _aligned(held: tuple[int, ...], weights: Floats, scope: tuple[int, ...]) -> Floats:
    """A table with its axes in the order of a larger scope, one long where it says nothing."""
    axes = sorted(range(len(held)), key=lambda axis: scope.index(held[axis]))
    turned = weights.transpose(axes)
    lengths = iter(turned.shape)
    return turned.reshape([next(lengths) if variable in held else 1 for variable in scope])


def _summed(weights: Floats, axes: tuple[int, ...]) -> Floats:
    """The logarithm of the sum of weights along some axes, by the largest among them."""
    top = weights.max(axis=axes, keepdims=True)
    top = np.where(np.isneginf(top), 0.0, top)
    with np.errstate(divide="ignore"):
        total = np.log(np.exp(weights - top).sum(axis=axes))
    return np.asarray(total + top.squeeze(axis=axes))
