"""Lifetimes of very many reported deaths and signs of life, over arrays: what
:mod:`claims.resolve.lifetimes` says of few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.lifetimes import EVER, FAR
from claims.resolve.wide import softplus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from claims.resolve.lifetimes import Lifespan

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

BLOCK = 1 << 18
"""So many pairs of a death and a sign of life are looked at together: a few MB."""


class _Days:
    """The days of a lifetime, first and last of each death and of each sign of life."""

    def __init__(self, span: Lifespan) -> None:
        self.span = span
        self.died = np.array(span.died, dtype=np.int64).reshape(-1, 2)
        self.seen = np.array(span.seen, dtype=np.int64).reshape(-1, 2)

    def apart(self, rows: slice) -> Flags:
        """Which deaths cannot have been on the same day, for some of them with each."""
        first, last = self.died[:, 0].copy(), self.died[:, 1]
        first[list(self.span.undated)] = EVER
        parted = (last[rows, None] < first) | (last < first[rows, None])
        for one, other in (*self.span.alike, *((other, one) for one, other in self.span.alike)):
            if rows.start <= one < rows.stop:
                parted[one - rows.start, other] = False
        return parted

    def clashes(self, rows: slice) -> Clashes:
        """Which signs of life came after some of the deaths, and what those cost that probably did."""
        died = self.died[rows]
        sure = self.seen[:, 0] > died[:, 1, None]
        for row, later in self.span.after:
            if rows.start <= row < rows.stop:
                sure[row - rows.start, later] = True
        # One probably came later if its first and last day do, taken together.
        probable = (self.seen.sum(axis=1) > died.sum(axis=1)[:, None]) & ~sure
        for row, sign in self.span.beside:
            if rows.start <= row < rows.stop:
                sure[row - rows.start, sign] = probable[row - rows.start, sign] = False
        death, unsure = np.nonzero(probable)
        chance = share_later(self.seen[unsure], died[death])
        return Clashes(sure, probable, death, unsure, price_of(chance, self.span.price))


@dataclass(frozen=True, slots=True)
class Clashes:
    """Signs of life that came after deaths: ``sure`` and ``probable``, by death and sign; and of the
    probable ones, as lists, both and the price."""

    sure: Flags
    probable: Flags
    death: Ints
    sign: Ints
    price: Floats


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


def told_by_long_lifespan(span: Lifespan, deaths: Sequence[float], signs: Sequence[float]) -> list[float]:
    """What the claims of a lifetime tell each of them, deaths before signs of life, at the log-odds
    (nats) that each has without it."""
    worlds = _Worlds(span, np.clip(deaths, -FAR, FAR), np.clip(signs, -FAR, FAR))
    found: list[float] = np.concatenate([worlds.tell_deaths(), worlds.tell_signs()]).tolist()
    return found


class _Worlds:
    """All worlds, by the earliest death that is held in them, and what they weigh.

    ``weight``: of all worlds with each death as the earliest, and ``none`` without any, as parts of
    the heaviest. For each other claim, the sums over these of what the worlds weigh in which it is
    held, without its own odds, and in which it is free, both without any that depend on it.
    """

    def __init__(self, span: Lifespan, deaths: Floats, signs: Floats) -> None:
        self.span = span
        self.days = _Days(span)
        self.deaths = deaths
        self.signs = signs
        self.price = min(span.price, FAR)
        self.again = min(span.again, FAR)
        step = max(BLOCK // max(len(deaths) + len(signs), 1), 1)
        self.blocks = [slice(at, min(at + step, len(deaths))) for at in range(0, len(deaths), step)]
        world = np.concatenate([self._log_weights(rows) for rows in self.blocks])
        none = float(softplus(signs).sum())
        top = max(float(world.max()), none)
        self.weight = np.exp(world - top)
        self.none = float(np.exp(none - top))
        self.alone = np.exp(world - deaths - top)

    def _log_weights(self, rows: slice) -> Floats:
        clashes = self.days.clashes(rows)
        free, clashing = softplus(self.signs), softplus(self.signs - self.price)
        seen = np.where(clashes.probable, 0.0, np.where(clashes.sure, clashing, free)).sum(axis=1)
        probable = softplus(self.signs[clashes.sign] - clashes.price)
        seen += np.bincount(clashes.death, weights=probable, minlength=len(seen))
        others = np.where(self.days.apart(rows), softplus(self.deaths - self.again), softplus(self.deaths))
        return np.asarray(self.deaths[rows] + seen + np.triu(others, k=rows.start + 1).sum(axis=1))

    def tell_deaths(self) -> Floats:
        """What each death is told: it is the earliest, or an earlier one is, or a later, or none."""
        apart, same = np.zeros(len(self.deaths)), np.zeros(len(self.deaths))
        for rows in self.blocks:
            later = np.triu(
                np.ones((rows.stop - rows.start, len(self.deaths)), dtype=np.bool_), rows.start + 1
            )
            parted = self.days.apart(rows)
            apart += self.weight[rows] @ (later & parted)
            same += self.weight[rows] @ (later & ~parted)
        apart *= np.exp(-softplus(self.deaths - self.again))
        same *= np.exp(-softplus(self.deaths))
        after = np.concatenate([np.cumsum(self.weight[:0:-1])[::-1], [0.0]])
        held = self.alone + apart * np.exp(-self.again) + same
        return _log(held) - _log(self.none + after + apart + same)

    def tell_signs(self) -> Floats:
        """What each sign of life is told, by whether it came after the earliest death."""
        sure, never = np.zeros(len(self.signs)), np.zeros(len(self.signs))
        free, held = np.zeros(len(self.signs)), np.zeros(len(self.signs))
        # Relative to the worlds without deaths, in which a sign of life costs nothing.
        ease = softplus(self.signs)
        for rows in self.blocks:
            clashes = self.days.clashes(rows)
            sure += self.weight[rows] @ clashes.sure
            never += self.weight[rows] @ ~(clashes.sure | clashes.probable)
            odds, price = self.signs[clashes.sign], clashes.price
            part = self.weight[rows][clashes.death] * np.exp(ease[clashes.sign] - softplus(odds - price))
            free += np.bincount(clashes.sign, weights=part, minlength=len(free))
            held += np.bincount(clashes.sign, weights=part * np.exp(-price), minlength=len(held))
        sure *= np.exp(ease - softplus(self.signs - self.price))
        held += self.none + never + sure * np.exp(-self.price)
        return _log(held) - _log(self.none + never + sure + free)


def _log(x: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(x, np.finfo(np.float64).tiny)))
