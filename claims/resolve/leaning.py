"""Leaning at work: what a claim adds to one that leans on it, and whom it hears in a large circle."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

from claims.resolve.resolution import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claims.resolve.grouped import Group
    from claims.resolve.ties import Lean


@dataclass(frozen=True, slots=True)
class Circle:
    """Claims that can move each other: their ties, group by group, and all that they lean on,
    within the circle (``turns``) or only before it."""

    members: Sequence[int]
    groups: Sequence[Group]
    leans: Sequence[Lean]
    turns: bool


@dataclass(frozen=True, slots=True)
class Leaning:
    """A claim that leans on another, both by number."""

    lean: Lean
    on: int
    claim: int

    def weight(self, odds: float) -> float:
        """What leaning adds in nats, at the log-odds of the claim leant on: the odds of a claim times
        what it keeps of them, averaged over the other claim's being true or false."""
        held = 1 / (1 + exp(-odds)) if odds > -FAR else 0.0
        if self.lean.backs:
            return log(held * exp(self.lean.strength) + (1 - held))
        return log(held + (1 - held) * exp(-self.lean.strength))

    def effect(self, weight: float) -> Effect:
        """The row for what it adds."""
        lean = self.lean
        return Effect(rule=lean.rule, others=(lean.on,), weight=weight, because=lean.because)


FAR = 700.0
"""Log-odds below minus this are a probability of nothing; exp() of it does not overflow."""


class Around:
    """A circle so large that each of its claims hears only those nearest to it. Those further off
    speak to these by their own evidence alone, never by what the claim itself has set off."""

    def __init__(self, circle: Circle, leanings: Sequence[Leaning], own: Sequence[float]) -> None:
        self.inside = set(circle.members)
        self.group_of = {number: group for group in circle.groups for number in group.members}
        self.leanings: dict[int, list[Leaning]] = defaultdict(list)
        for leaning in leanings:
            self.leanings[leaning.claim].append(leaning)
        self.own = own
        self.widest: dict[tuple[int, int], list[int]] = {}

    def near(self, number: int, most: int) -> tuple[Circle, list[Leaning]]:
        """The part of the circle that a claim hears, up to so many claims, and their leanings."""
        found = [number]
        seen = {number}
        for claim in found:
            for other in self._before(claim, most):
                if other not in seen and other in self.inside and len(found) <= most:
                    seen.add(other)
                    found.append(other)
        groups = {id(self.group_of[claim]): self.group_of[claim] for claim in found if claim in self.group_of}
        leanings = [leaning for claim in sorted(found) for leaning in self.leanings[claim]]
        turns = any(leaning.on in seen for leaning in leanings)
        return Circle(sorted(found), list(groups.values()), (), turns), leanings

    def _before(self, claim: int, most: int) -> Iterator[int]:
        """The claims that can move a claim directly: of a wide tie, those first that are likeliest."""
        for leaning in self.leanings[claim]:
            yield leaning.on
        group = self.group_of.get(claim)
        if group is None:
            return
        for tie in group.ties_of[claim]:
            if (id(group), tie) not in self.widest:
                likeliest = sorted(group.members_of(tie), key=lambda other: (-self.own[other], other))
                self.widest[id(group), tie] = likeliest[: most + 1]
            yield from self.widest[id(group), tie]
