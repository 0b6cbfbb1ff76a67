"""What the ties of a group tell its claims on many days at once: joint resolution, with a row of numbers
for each number of :mod:`claims.resolve.joint`.

Who passes what on to whom hangs on nothing but which claims speak; so the way is found once, and
gone for all days together. What has loops, and lifetimes, is worked out day by day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.factors import NotBoth, OneLife
from claims.resolve.joint import settle, way_of
from claims.resolve.wide import log_expm1, softplus

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from claims.resolve.factors import Factor, OneOf
    from claims.resolve.grouped import Group
    from claims.resolve.kernel import Floats


@dataclass(slots=True)
class _Part:
    """Claims that are resolved jointly, the factors between them with the numbers of their ties, and for whom
    it is done."""

    claims: Sequence[int]
    ties: Sequence[int]
    factors: Sequence[Factor]
    wanted: Collection[int]
    way: dict[int, int | None] | None = field(init=False)

    def __post_init__(self) -> None:
        self.way = way_of(len(self.claims), self.factors)

    def told(self, odds: Mapping[int, Floats]) -> dict[int, dict[int, Floats]]:
        """What each tie adds to each of the claims that are wanted."""
        own = np.array([odds[claim] for claim in self.claims])
        factors, way = self.factors, self.way
        by_factor = _day_by_day(own, factors) if way is None else _on_days(own, factors, way)
        found: dict[int, dict[int, Floats]] = {claim: {} for claim in self.wanted}
        for tie, factor, told in zip(self.ties, self.factors, by_factor, strict=True):
            for at, weight in zip(factor.members, told, strict=True):
                if self.claims[at] in found:
                    found[self.claims[at]][tie] = weight
        return found


class Telling:
    """Some claims of a group, of which some speak: each that does not hears the others by itself, or, of very
    many, all at once."""

    def __init__(self, group: Group, members: Sequence[int], speaking: Collection[int]) -> None:
        speakers = [claim for claim in members if claim in speaking]
        mutes = [claim for claim in members if claim not in speaking]
        self._parts = [self._part(group, speakers, speakers)] if speakers else []
        self._lots: list[_Lot] = []
        if group.hears_afresh(len(mutes)):
            for claim in mutes:
                self._parts.append(self._part(group, group.reached(claim, set(speakers)), [claim]))
        else:
            self._lots = _lots(group, set(speakers), mutes)

    @staticmethod
    def _part(group: Group, claims: Sequence[int], wanted: Collection[int]) -> _Part:
        place = {claim: at for at, claim in enumerate(claims)}
        return _Part(claims, *group.factors_among(claims, place), wanted)

    def told(self, odds: Mapping[int, Floats]) -> dict[int, list[Floats]]:
        """What the ties add to each claim on some days, tie by tie, given its log-odds by its own."""
        by_tie: dict[int, dict[int, Floats]] = {}
        for part in self._parts:
            by_tie.update(part.told(odds))
        found = {claim: list(weights.values()) for claim, weights in by_tie.items()}
        if self._lots:
            self._tell_lots(odds, by_tie, found)
        return found

    def _tell_lots(
        self,
        odds: Mapping[int, Floats],
        by_tie: Mapping[int, Mapping[int, Floats]],
        found: dict[int, list[Floats]],
    ) -> None:
        """Let very many that only listen hear those that speak, as :mod:`claims.resolve.grouped` does it."""
        nothing = np.full(len(next(iter(odds.values()))), -np.inf)
        now = {claim: np.sum([odds[claim], *weights], axis=0) for claim, weights in found.items()}
        for lot in self._lots:
            heard = [
                now[claim] - by_tie[claim].get(lot.tie, 0.0) if claim in now else nothing
                for claim in lot.claims
            ]
            told = _messages(lot.factor, np.array(heard))
            for claim, weight in zip(lot.claims, told, strict=True):
                if claim not in now:
                    found.setdefault(claim, []).append(weight)


@dataclass(frozen=True, slots=True)
class _Lot:
    """A tie, by its number, as some that only listen hear it, with its ``claims`` in the order of the
    members of the factor."""

    tie: int
    claims: Sequence[int]
    factor: Factor


def _lots(group: Group, speakers: set[int], mutes: Sequence[int]) -> list[_Lot]:
    found = []
    for tie, listeners in group.listening(mutes):
        speaking = speakers.intersection(group.members_of(tie))
        found += [_Lot(tie, *lot) for lot in group.heard(tie, speaking, listeners)]
    return found


def _on_days(own: Floats, factors: Sequence[Factor], way: Mapping[int, int | None]) -> list[Floats]:
    """What factors without loops tell their claims: inwards and outwards again, as
    :func:`claims.resolve.joint.settle` does it."""
    belief = own.copy()
    told: list[Floats] = [np.empty(0)] * len(factors)
    for number, target in way.items():
        if target is None:
            continue
        members = list(factors[number].members)
        heard = belief[members]
        heard[target] = 0.0
        told[number] = _messages(factors[number], heard)
        belief[members[target]] += told[number][target]
    for number, target in reversed(list(way.items())):
        members = list(factors[number].members)
        heard = belief[members]
        if target is not None:
            heard[target] -= told[number][target]
        fresh = _messages(factors[number], heard)
        if target is not None:
            fresh[target] = told[number][target]
        for at, claim in enumerate(members):
            if at != target:
                belief[claim] += fresh[at]
        told[number] = fresh
    return told


def _day_by_day(own: Floats, factors: Sequence[Factor]) -> list[Floats]:
    told = [np.zeros((len(factor.members), own.shape[1])) for factor in factors]
    place = [{claim: at for at, claim in enumerate(factor.members)} for factor in factors]
    for day in range(own.shape[1]):
        for claim, rows in enumerate(settle(own[:, day].tolist(), factors).rows):
            for factor, weight in rows:
                told[factor][place[factor][claim], day] = weight
    return told


def _messages(factor: Factor, heard: Floats) -> Floats:
    """What a factor adds to each of its claims, at the log-odds that each has without it."""
    if isinstance(factor, NotBoth):
        other = heard[::-1]
        return np.asarray(softplus(other - factor.cost) - softplus(other))
    if isinstance(factor, OneLife):
        days = [factor.messages(heard[:, day].tolist()) for day in range(heard.shape[1])]
        return np.array(days).reshape(heard.T.shape).T.copy()
    return _of_answers(factor, heard)


def _of_answers(factor: OneOf, heard: Floats) -> Floats:
    """As :meth:`claims.resolve.factors.OneOf.messages`."""
    sizes = np.array([len(answer) for answer in factor.answers])
    starts = np.cumsum(sizes) - sizes
    soft = softplus(heard)
    held = log_expm1(np.add.reduceat(soft, starts, axis=0))
    others = _all_but_one(softplus(held - factor.cost))
    lost = np.logaddexp(factor.none, factor.cost + log_expm1(others))
    if len(heard) == len(sizes):
        return np.asarray(others - lost)
    beside = np.zeros(heard.shape)
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        beside[start : start + size] = _all_but_one(soft[start : start + size])
    kept, lost = np.repeat(others, sizes, axis=0), np.repeat(lost, sizes, axis=0)
    return np.asarray(beside + kept - np.logaddexp(log_expm1(beside) + kept, lost))


def _all_but_one(x: Floats) -> Floats:
    """For each row, the sum of all others: without subtracting, so that nothing cancels."""
    before, after = np.zeros(x.shape), np.zeros(x.shape)
    before[1:] = np.cumsum(x[:-1], axis=0)
    after[:-1] = np.cumsum(x[:0:-1], axis=0)[::-1]
    return np.asarray(before + after)
