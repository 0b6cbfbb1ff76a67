"""Lifetimes: reported deaths of one person, and signs of life, resolved as one factor.

A sign of life speaks against every earlier death. Written as pairs, five thousand of each are
twenty-five million ties. Here a world is described by the earliest death that is held: given that,
all other claims are independent of each other, so that sums over all worlds have a closed form. Of few
claims they are worked out here, number by number; of many by :mod:`claims.resolve.lifelong`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from sys import float_info
from typing import TYPE_CHECKING

from claims.resolve.rules.spans import price_if_later, share_later
from claims.resolve.scales import softplus

if TYPE_CHECKING:
    from collections.abc import Sequence

EVER = -(1 << 40)
"""A day before all others, for what may have been on any day up to its last."""

FAR = 600.0
"""Log-odds and prices beyond this (nats) are as good as certain; exp() of it does not overflow."""

FEW = 512
"""So few pairs of claims are worked out number by number; more take less time over arrays."""


@dataclass(frozen=True, slots=True)
class Lifespan:
    """First and last day (ordinals) of each reported death, earliest first, and of each sign of
    life; ``after``: pairs (death, sign), numbers of claims of which the second is said to be later;
    what a sign of life after a death costs, and what a second death on other days does (nats).
    ``undated``: deaths of which only the last day is known. ``beside`` and ``alike``: pairs (death,
    sign) and (death, death) that can both hold."""

    died: Sequence[tuple[int, int]]
    seen: Sequence[tuple[int, int]]
    after: tuple[tuple[int, int], ...]
    price: float
    again: float = 0.0
    undated: tuple[int, ...] = ()
    beside: tuple[tuple[int, int], ...] = ()
    alike: tuple[tuple[int, int], ...] = ()

    def costs_after(self, death: int) -> tuple[list[float], list[float]]:
        """Where one death is the earliest that is held: what each other death costs, and each sign of
        life."""
        again = [self.again if self._is_apart(death, other) else 0.0 for other in range(len(self.died))]
        return again, [self._cost(death, sign) for sign in range(len(self.seen))]

    def _is_apart(self, one: int, other: int) -> bool:
        """Whether two deaths cannot have been on the same day."""
        first, last = self._span_of(one)
        low, high = self._span_of(other)
        alike = (one, other) in self.alike or (other, one) in self.alike
        return (last < low or high < first) and not alike

    def _span_of(self, death: int) -> tuple[int, int]:
        first, last = self.died[death]
        return EVER if death in self.undated else first, last

    def _cost(self, death: int, sign: int) -> float:
        """What a sign of life costs beside a death: less where it only probably came later, nothing where
        it probably did not."""
        if (death, sign) in self.beside:
            return 0.0
        died, seen = self.died[death], self.seen[sign]
        if seen[0] > died[1] or (death, sign) in self.after:
            return self.price
        # One probably came later if its first and last day do, taken together.
        if seen[0] + seen[1] <= died[0] + died[1]:
            return 0.0
        return price_if_later(share_later(seen, died), min(self.price, FAR))


def told_by_lifespan(span: Lifespan, deaths: Sequence[float], signs: Sequence[float]) -> list[float]:
    """What the claims of a lifetime tell each of them, deaths before signs of life, at the log-odds
    (nats) that each has without it."""
    if len(deaths) * (len(deaths) + len(signs)) > FEW:
        from claims.resolve.lifelong import told_by_long_lifespan

        return told_by_long_lifespan(span, deaths, signs)
    return _Few(span, list(map(_near, deaths)), list(map(_near, signs))).told()


class _Few:
    """All worlds, by the earliest death that is held in them, and what they weigh.

    ``weight``: of all worlds with each death as the earliest, and ``none`` without any, as parts of
    the heaviest; ``alone``: the same as if the death were certain to be held.
    """

    def __init__(self, span: Lifespan, deaths: list[float], signs: list[float]) -> None:
        self.deaths, self.signs = deaths, signs
        self.again = min(span.again, FAR)
        costs = [span.costs_after(death) for death in range(len(deaths))]
        self.apart = [[cost > 0 for cost in again] for again, _ in costs]
        self.costs = [[min(cost, FAR) for cost in prices] for _, prices in costs]
        worlds = [self._log_weight(number) for number in range(len(deaths))]
        none = sum(map(softplus, signs))
        top = max(none, *worlds)
        self.weight = [exp(world - top) for world in worlds]
        self.none = exp(none - top)
        self.alone = [exp(world - death - top) for world, death in zip(worlds, deaths, strict=True)]

    def _log_weight(self, earliest: int) -> float:
        """Of all worlds with one death as the earliest."""
        seen = sum(softplus(sign - cost) for sign, cost in zip(self.signs, self.costs[earliest], strict=True))
        later = sum(
            softplus(self.deaths[other] - (self.again if self.apart[earliest][other] else 0.0))
            for other in range(earliest + 1, len(self.deaths))
        )
        return self.deaths[earliest] + seen + later

    def told(self) -> list[float]:
        """What each claim is told."""
        deaths = [self._tell_death(number) for number in range(len(self.deaths))]
        return deaths + [self._tell_sign(number) for number in range(len(self.signs))]

    def _tell_death(self, number: int) -> float:
        """What a death is told: it is the earliest, or an earlier one is, or a later, or none."""
        odds = self.deaths[number]
        earlier = [(self.apart[other][number], self.weight[other]) for other in range(number)]
        apart = sum(weight for is_apart, weight in earlier if is_apart) * exp(-softplus(odds - self.again))
        same = sum(weight for is_apart, weight in earlier if not is_apart) * exp(-softplus(odds))
        held = self.alone[number] + apart * exp(-self.again) + same
        return _log(held) - _log(self.none + sum(self.weight[number + 1 :]) + apart + same)

    def _tell_sign(self, number: int) -> float:
        """What a sign of life is told, by whether it came after the earliest death."""
        sign = self.signs[number]
        ease = softplus(sign)  # relative to the worlds without deaths, in which it costs nothing
        held = free = self.none
        for weight, costs in zip(self.weight, self.costs, strict=True):
            part = weight * exp(ease - softplus(sign - costs[number]))
            held += part * exp(-costs[number])
            free += part
        return _log(held) - _log(free)


def _near(odds: float) -> float:
    return min(max(odds, -FAR), FAR)


def _log(x: float) -> float:
    return log(max(x, float_info.min))
