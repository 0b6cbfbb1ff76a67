"""Lifetimes: reported deaths of one person, and signs of life, resolved as one factor.

A sign of life speaks against every earlier death. Written as pairs, five thousand of each are
twenty-five million ties. Here a world is described by the earliest death that is held: given that,
all other claims are independent of each other, so that sums over all worlds have a closed form.
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

BLOCK = 1 << 18
"""So many pairs of a death and a sign of life are looked at together: a few MB."""

FAR = 600.0
"""Log-odds and prices beyond this (nats) are as good as certain; exp() of it does not overflow."""


@dataclass(frozen=True, slots=True)
class Lifespan:
    """First and last day (ordinals) of each reported death, earliest first, and of each sign of
    life; ``after``: pairs (death, sign), numbers of claims of which the second is said to be later;
    what a sign of life after a death costs, and what a second death on other days does (nats)."""

    died: Ints
    seen: Ints
    after: tuple[tuple[int, int], ...]
    price: float
    again: float = 0.0

    def prices(self, rows: slice) -> tuple[Floats, Floats]:
        """For some of the deaths, where each is the earliest that is held: what each other death
        costs, and each sign of life.

        A sign of life that probably came later costs the more, the likelier that is; one that
        probably came before costs nothing.
        """
        died = self.died[rows]
        apart = (died[:, 1, None] < self.died[:, 0]) | (self.died[:, 1] < died[:, 0, None])
        chance = share_later(self.seen[None, :, :], died[:, None, :])
        for death, sign in self.after:
            if rows.start <= death < rows.stop:
                chance[death - rows.start, sign] = 1.0
        prices = np.where(chance < 0.5, 0.0, price_of(chance, self.price))
        return np.where(apart, self.again, 0.0), prices


def price_of(chance: Floats, price: float) -> Floats:
    """What a clash costs that is one with some chance only: the death stands if the sign of life
    was in truth the earlier of the two."""
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log((1 - chance) + chance * np.exp(-min(price, FAR))))


def share_later(later: Ints, earlier: Ints) -> Floats:
    """The chance that a day drawn from the first ranges comes after one drawn from the second;
    ranges are (first, last) ordinals in the last axis."""
    a, b = later[..., 0], later[..., 1]
    c, d = earlier[..., 0], earlier[..., 1]
    pairs = (b - a + 1) * (d - c + 1)
    # Every day after the second range is later than all of it, every day within than those before.
    ordered = np.maximum(b - np.maximum(a, d + 1) + 1, 0) * (d - c + 1)
    low, high = np.maximum(a, c + 1), np.minimum(b, d)
    within = (low - c + high - c) * (high - low + 1) // 2
    return np.asarray((ordered + np.where(low <= high, within, 0)) / pairs)


def told_by_lifespan(span: Lifespan, deaths: Floats, signs: Floats) -> Floats:
    """What the claims of a lifetime tell each of them, deaths before signs of life, at the log-odds
    (nats) that each has without it."""
    deaths, signs = np.clip(deaths, -FAR, FAR), np.clip(signs, -FAR, FAR)
    count = len(deaths)
    step = max(BLOCK // max(count + len(signs), 1), 1)
    blocks = [slice(at, min(at + step, count)) for at in range(0, count, step)]
    soft_signs = _soft(signs)
    none = float(soft_signs.sum())
    world = np.concatenate([_worlds(span, rows, deaths, signs) for rows in blocks])
    # Weights are taken relative to the heaviest world, or to the world without the sign of life
    # at hand, which may have been what made a world heavy.
    top = max(float(world.max()), none)
    sums = _Sums(count, len(signs))
    for rows in blocks:
        sums.add(span, rows, deaths, signs, world[rows] - top, soft_signs)
    unsaid = np.exp(none - top)
    later = np.exp(world - top)
    # Where a death is not held: no death is, or a later one is the earliest, or an earlier one.
    after = np.concatenate([np.cumsum(later[:0:-1])[::-1], [0.0]])
    held = np.exp(world - deaths - top) + sums.death_held
    of_deaths = _log(held) - _log(unsaid + after + sums.death_free)
    of_signs = _log(unsaid + sums.sign_held) - _log(unsaid + sums.sign_free)
    return np.concatenate([of_deaths, of_signs])


def _worlds(span: Lifespan, rows: slice, deaths: Floats, signs: Floats) -> Floats:
    """Log-weight of all worlds in which each of some deaths is the earliest that is held."""
    again, prices = span.prices(rows)
    others = np.triu(_soft(deaths - again), k=rows.start + 1)
    return np.asarray(deaths[rows] + others.sum(axis=1) + _soft(signs - prices).sum(axis=1))


class _Sums:
    """Weights of worlds, by claim: those in which it is held beside the earliest death, without
    its own odds; and those in which it is free to be held or not, likewise."""

    def __init__(self, deaths: int, signs: int) -> None:
        self.death_held = np.zeros(deaths)
        self.death_free = np.zeros(deaths)
        self.sign_held = np.zeros(signs)
        self.sign_free = np.zeros(signs)

    def add(
        self,
        span: Lifespan,
        rows: slice,
        deaths: Floats,
        signs: Floats,
        world: Floats,
        soft_signs: Floats,
    ) -> None:
        """Add the worlds in which each of some deaths is the earliest."""
        again, prices = span.prices(rows)
        free = np.triu(np.exp(world[:, None] - _soft(deaths - again)), k=rows.start + 1)
        self.death_free += free.sum(axis=0)
        self.death_held += (free * np.exp(-again)).sum(axis=0)
        # In the world without deaths a sign of life costs nothing: relative to that.
        free = np.exp(np.minimum(world[:, None] + (soft_signs - _soft(signs - prices)), FAR))
        self.sign_free += free.sum(axis=0)
        self.sign_held += (free * np.exp(-np.minimum(prices, FAR))).sum(axis=0)


def _soft(x: Floats) -> Floats:
    return np.asarray(np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x))))


def _log(x: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(x, np.finfo(np.float64).tiny)))
