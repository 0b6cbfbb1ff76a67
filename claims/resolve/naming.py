"""Naming: what a tie did to a claim, as a row that names the other claims and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.resolve.resolution import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claims.resolve.grouped import Group, Outcome
    from claims.resolve.opposition import Among, Opponents

NAMED = 10
"""A row names this many other claims at most: the likeliest that the claim cannot hold beside."""

LOOKED_AT = 500
"""Of a wide tie, so many of the likeliest claims are looked at to name those."""


class Naming:
    """The rows of a group: what each tie added to each claim, how it was worked out, and with whom."""

    def __init__(
        self,
        group: Group,
        keys: Sequence[str],
        opponents: Opponents,
        outcome: Outcome,
        speaking: int,
    ) -> None:
        self.group = group
        self.keys = keys
        self.opponents = opponents
        self.outcome = outcome
        self.speaking = speaking
        self.likeliest: dict[int, Among] = {}

    def effect(self, tie: int, number: int, weight: float) -> Effect:
        """The row for what a tie, by its number in the group, added to a claim."""
        given = self.group.ties[tie]
        because = given.because
        members = self.group.keys[tie]
        if len(members) <= NAMED + 1:
            others = tuple(member for member in members if member != self.keys[number])
        else:
            others = self._likeliest(tie, number)
            because += f"; {len(others)} of {len(members) - 1} others named"
        if number in self.outcome.approximate:
            because += f"; approximately, among {self.speaking} tied claims"
        return Effect(rule=given.rule, others=others, weight=weight, because=because)

    def _likeliest(self, tie: int, number: int) -> tuple[str, ...]:
        """The likeliest claims of a wide tie that one of its claims cannot hold beside."""
        if tie not in self.likeliest:
            odds = self.outcome.odds
            members = self.group.members_of(tie)
            numbers = sorted(odds if len(odds) < len(members) else members)
            numbers.sort(key=lambda other: -odds.get(other, 0.0))
            self.likeliest[tie] = self.opponents.among(numbers[:LOOKED_AT])
        named = self.likeliest[tie].of(number, NAMED)
        return tuple(sorted(self.keys[other] for other in named))
