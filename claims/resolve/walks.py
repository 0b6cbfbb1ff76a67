"""Walks: the odds of claims too entangled for exact resolution, by what can be reached from each.

The odds of a claim are those at the root of the tree of all walks along ties that start from it
and meet no claim twice (D. Weitz, Counting independent sets up to the tree threshold, 2006): where
a walk comes back to a claim it has met, that claim is taken as held or not by the order of the
two ties. Of the whole tree, which is exact for ties between two claims, the first few hundred or
thousand steps are walked; what lies beyond is taken from belief propagation with damping, which
alone would be much further off. Questions and lifetimes in a tangle speak through belief
propagation only.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.factors import NotBoth
from claims.resolve.wide import softplus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from claims.resolve.factors import Factor

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

ROUNDS = 150
STEPS = (0.5, 0.25, 0.1, 0.03)
"""Belief propagation goes so many rounds with each step, until it rests: ever shorter steps, so
that it comes to rest where claims are tied to very many others."""

RESTING = 1e-9

ALL_STEPS = 8_000_000
FEWEST, MOST = 200, 16_000
"""How many steps are walked from each claim: so many in all, shared out, within these bounds."""

AT_ONCE = 500_000
"""Walks are made from so many claims together that they take about so many steps: some 100 MB."""


def walk(given: Sequence[float], factors: Sequence[Factor]) -> list[float]:
    """The log-odds of each claim among all others, approximately."""
    own, pairs = np.array(given), Pairs(factors)
    ways, field, _ = propagate(own, pairs, [f for f in factors if not isinstance(f, NotBoth)])
    steps = min(max(ALL_STEPS // len(own), FEWEST), MOST)
    together = max(AT_ONCE // steps, 1)
    starts = np.arange(len(own), dtype=np.int64)
    parts = [
        _from_each(starts[at : at + together], field, ways, steps) for at in range(0, len(own), together)
    ]
    found: list[float] = np.concatenate(parts).tolist()
    return found


class Pairs:
    """The claims that are tied two by two: ``ends``, and the ``cost`` (nats) of holding both, once
    for each two claims however many ties there are between them."""

    def __init__(self, factors: Sequence[Factor]) -> None:
        costs: dict[tuple[int, int], float] = {}
        for factor in factors:
            if isinstance(factor, NotBoth):
                ends = (min(factor.members), max(factor.members))
                costs[ends] = costs.get(ends, 0.0) + factor.cost
        self.ends = np.array(list(costs), dtype=np.int64).reshape(-1, 2)
        self.cost = np.array(list(costs.values()))


@dataclass(frozen=True, slots=True)
class _Ways:
    """Ties between two claims, both ways, in the order of where they start and lead:
    ``first[claim]`` is the first way from a claim; each leads to ``target`` at a ``cost`` (nats),
    which has the log-odds ``beyond`` by all but that tie. ``belief``: those of each claim by all."""

    first: Ints
    source: Ints
    target: Ints
    cost: Floats
    beyond: Floats
    belief: Floats


def propagate(own: Floats, pairs: Pairs, wide: Sequence[Factor]) -> tuple[_Ways, Floats, float]:
    """Belief propagation with damping: what lies beyond each way; the log-odds of each claim by its
    own and by what the wide factors tell it; and by how much messages still moved at the end."""
    ends, cost = pairs.ends, pairs.cost[:, None]
    told = np.zeros(ends.shape)
    members = [np.array(factor.members, dtype=np.int64) for factor in wide]
    wide_told = [np.zeros(len(each)) for each in members]
    belief = field = own
    moved = 0.0
    for number in range(ROUNDS * len(STEPS)):
        step = STEPS[number // ROUNDS]
        heard = (belief[ends] - told)[:, ::-1]
        changes = [softplus(heard - cost) - softplus(heard) - told]
        for factor, each, messages in zip(wide, members, wide_told, strict=True):
            changes.append(np.array(factor.messages((belief[each] - messages).tolist())) - messages)
        told = told + step * changes[0]
        wide_told = [old + step * change for old, change in zip(wide_told, changes[1:], strict=True)]
        field = own.copy()
        for each, messages in zip(members, wide_told, strict=True):
            field[each] += messages
        belief = field + np.bincount(ends.ravel(), weights=told.ravel(), minlength=len(own))
        moved = max(float(np.abs(change).max(initial=0.0)) for change in changes)
        if moved < RESTING:
            break
    return _ways(ends, pairs.cost, belief, belief[ends] - told), field, moved


def _ways(ends: Ints, cost: Floats, belief: Floats, beyond: Floats) -> _Ways:
    source, target = np.concatenate([ends, ends[:, ::-1]]).T
    order = np.lexsort((target, source))
    return _Ways(
        first=np.searchsorted(source[order], np.arange(len(belief) + 1)),
        source=source[order],
        target=target[order],
        cost=np.tile(cost, 2)[order],
        beyond=np.concatenate([beyond[:, 1], beyond[:, 0]])[order],
        belief=belief,
    )


@dataclass(frozen=True, slots=True)
class _Level:
    """Walks of one length: the walk that each goes on from, the way that it went last, and whether
    that led back to a claim that is taken as held."""

    before: Ints
    way: Ints
    held: Flags


def _from_each(starts: Ints, field: Floats, ways: _Ways, steps: int) -> Floats:
    """The log-odds of some claims by all walks from each, as long as all its walks up to a length
    are no more than so many steps."""
    degree = np.diff(ways.first)
    root = np.arange(len(starts))
    taken = np.ones(len(starts))
    met = [starts]
    levels: list[_Level] = []
    odds = [ways.belief[starts]]  # where a walk goes no further: what lies beyond
    ends_here = np.zeros(len(starts), dtype=np.bool_)
    while True:
        fan = np.where(ends_here, 0, degree[met[-1]])
        taken = taken + np.bincount(root, weights=fan, minlength=len(starts))
        going = np.flatnonzero((fan > 0) & (taken <= steps)[root])
        if not len(going):
            break
        odds[-1][going] = field[met[-1][going]]
        walks, way = _spread(going, fan[going], ways.first[met[-1][going]])
        kept, held = _met_before(walks, way, met, ways)
        walks, way, ends_here = walks[kept], way[kept], held[kept]
        levels.append(_Level(walks, way, ends_here))
        odds.append(ways.beyond[way])
        met = [*(each[walks] for each in met), ways.target[way]]
        root = root[walks]
    for level, here, further in zip(levels[::-1], odds[-2::-1], odds[:0:-1], strict=True):
        cost = ways.cost[level.way]
        told = np.where(level.held, -cost, softplus(further - cost) - softplus(further))
        np.add(here, np.bincount(level.before, weights=told, minlength=len(here)), out=here)
    return odds[0]


def _spread(walks: Ints, fan: Ints, first: Ints) -> tuple[Ints, Ints]:
    """Each walk once for each way on from its end, and those ways."""
    along = np.arange(fan.sum()) - np.repeat(np.cumsum(fan) - fan, fan)
    return np.repeat(walks, fan), np.repeat(first, fan) + along


def _met_before(walks: Ints, way: Ints, met: Sequence[Ints], ways: _Ways) -> tuple[Flags, Flags]:
    """Which ways go on, and which of them lead to a claim that is taken as held.

    A claim that was met before is split by its ties: the parts before the one by which it was left
    count as held, those after it as not held, so that nothing comes from them.
    """
    target, source = ways.target[way], ways.source[way]
    kept = np.ones(len(way), dtype=np.bool_)
    held = np.zeros(len(way), dtype=np.bool_)
    for claim, left_to in pairwise(met):
        back = claim[walks] == target
        by = left_to[walks]
        held |= back & (source < by)
        kept &= ~(back & (source >= by))
    return kept, held
