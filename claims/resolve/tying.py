"""Ties at work: what the claims of a dossier do to each other's likelihoods.

Two kinds of tie. Claims that cannot all hold are resolved jointly, each combination of truths
weighed by what it breaks. Claims that lean on others follow them, one way only. A claim on which
no evidence counts yet has no say over others; it only hears them.

What a claim hears never echoes its own evidence: where claims move each other in a circle, each is
resolved as the others would be if nothing had been said of it. So one more denial of a claim,
whatever else it sets off, makes that claim itself no likelier.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.circles import circles
from claims.resolve.grouped import Group
from claims.resolve.kernel import probability
from claims.resolve.naming import Naming
from claims.resolve.opposition import Opponents
from claims.resolve.resolution import Effect
from claims.resolve.rules import find_leans, find_ties
from claims.resolve.ties import members_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.ties import AnyTie, Lean

    Floats = NDArray[np.float64]
    Rows = dict[int, list[Effect]]

ROUNDS = 60
"""Claims that lean on each other in a ring are gone round this often at most."""

SETTLED = 1e-9

NEAR = 30
"""In a circle of more claims than this, each claim hears this many: the nearest to it."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Claims that can move each other: their ties, group by group, and all that they lean on,
    within the circle (``turns``) or only before it."""

    members: Sequence[int]
    groups: Sequence[Group]
    leans: Sequence[Lean]
    turns: bool


class Tying:
    """The claims of one dossier, tied. ``log_odds`` are those of each claim once all ties have had
    their say; ``effects`` the rows that led there; ``opponents`` the claims that each cannot hold
    beside; ``inexact`` those that were too entangled with others to be resolved exactly. Claims go
    by number; ``lines`` are the names of the origins whose evidence counts on each, ``backing``
    those of them that support it."""

    def __init__(
        self,
        dossier: Dossier,
        policy: Policy,
        as_of: date,
        index: Mapping[str, int],
        own: Floats,
        lines: Sequence[frozenset[str]],
        backing: Sequence[frozenset[str]],
    ) -> None:
        self.index = index
        self.own: list[float] = own.tolist()
        self.lines = lines
        self.backing = backing
        self.inexact: set[int] = set()
        self.log_odds = own.copy()
        self.effects: Rows = defaultdict(list)
        ties = find_ties(dossier, policy, as_of)
        self.opponents = Opponents(ties, index)
        for circle in _circles(ties, find_leans(dossier, policy), index):
            self._resolve(circle)

    def _resolve(self, circle: Circle) -> None:
        """Resolve the claims of a circle; those before it that they lean on are resolved."""
        if circle.turns:
            around = _Around(circle, self.index, self.own) if len(circle.members) > NEAR else None
            for number in circle.members:
                near = circle if around is None else around.near(number)
                self.effects[number] = self._heard(near, silent=number)[number]
            if around is not None:
                self.inexact.update(circle.members)
        elif circle.groups or circle.leans:
            self.effects.update(self._heard(circle, silent=None))
        for number in circle.members:
            self.log_odds[number] += sum(row.weight for row in self.effects[number])

    def _heard(self, circle: Circle, silent: int | None) -> Rows:
        """What each claim of a circle hears from others, when one of them is silent."""
        odds = {number: self.own[number] for number in circle.members}
        heard: Rows = {}
        among: Rows = {}
        for turn in range(ROUNDS):
            heard = self._leaning(circle, odds, silent)
            fresh, among = self._settled(circle, heard, silent)
            moved = max(abs(fresh[number] - odds[number]) for number in odds)
            # Rings may swing to and fro; meeting half-way brings them to rest.
            part = 1.0 if turn < ROUNDS // 3 else 0.5
            odds = {number: part * fresh[number] + (1 - part) * odds[number] for number in odds}
            if moved < SETTLED or not circle.turns:
                break
        return {number: [*heard.get(number, ()), *among.get(number, ())] for number in odds}

    def _speaks(self, number: int, silent: int | None) -> bool:
        return bool(self.lines[number]) and number != silent

    # --- leaning ----------------------------------------------------------------------------

    def _leaning(self, circle: Circle, odds: Mapping[int, float], silent: int | None) -> Rows:
        """What each claim's leaning on others does to it, at the likelihoods that these now have."""
        rows: Rows = defaultdict(list)
        for lean in circle.leans:
            on, claim = self.index[lean.on], self.index[lean.claim]
            if not self._speaks(on, silent):
                continue
            if lean.backs and self.backing[on] <= self.lines[claim]:
                continue  # those who say the one say the other too: nothing new backs it
            held = probability(odds.get(on, float(self.log_odds[on])))
            weight = _weight_of(lean, held)
            if abs(weight) > SETTLED:
                row = Effect(rule=lean.rule, others=(lean.on,), weight=weight, because=lean.because)
                rows[claim].append(row)
        return rows

    # --- joint resolution -------------------------------------------------------------------

    def _settled(self, circle: Circle, heard: Rows, silent: int | None) -> tuple[dict[int, float], Rows]:
        """Log-odds once claims that exclude each other were resolved jointly, group by group."""
        odds = {
            number: self.own[number] + sum(row.weight for row in heard.get(number, ()))
            for number in circle.members
        }
        rows: Rows = {}
        start = dict(odds)
        for group in circle.groups:
            members = group.among(circle.members)
            speaking = [number for number in members if self._speaks(number, silent)]
            found = group.resolved(start, speaking, members)
            odds.update(found.odds)
            self.inexact |= found.approximate
            naming = Naming(group, self.index, self.opponents, found, len(speaking))
            for number, weights in found.rows.items():
                rows[number] = [
                    naming.effect(tie, number, weight) for tie, weight in weights if abs(weight) > SETTLED
                ]
        return odds, rows


def _weight_of(lean: Lean, held: float) -> float:
    """What leaning adds in nats: the odds of a claim times what it keeps of them, averaged over
    the other claim's being true or false."""
    if lean.backs:
        return log(held * exp(lean.strength) + (1 - held))
    return log(held + (1 - held) * exp(-lean.strength))


class _Around:
    """A circle so large that each of its claims hears only those nearest to it: what they say,
    and the evidence for those that they lean on further off, never what that claim set off."""

    def __init__(self, circle: Circle, index: Mapping[str, int], own: Sequence[float]) -> None:
        self.circle = circle
        self.index = index
        self.group_of = {number: group for group in circle.groups for number in group.members}
        # Of a wide tie, those come nearest that have most to say.
        self.movers: dict[int, list[int]] = defaultdict(list)
        self.leans: dict[int, list[Lean]] = defaultdict(list)
        for lean in circle.leans:
            self.leans[index[lean.claim]].append(lean)
            self.movers[index[lean.claim]].append(index[lean.on])
        self.inside = set(circle.members)
        self.own = own
        self.loudest: dict[tuple[int, int], list[int]] = {}

    def near(self, number: int) -> Circle:
        """The part of the circle that a claim hears."""
        found = [number]
        seen = {number}
        for claim in found:
            for other in self._before(claim):
                if other not in seen and other in self.inside and len(found) <= NEAR:
                    seen.add(other)
                    found.append(other)
        groups = list({id(g): g for claim in found if (g := self.group_of.get(claim)) is not None}.values())
        leans = [lean for claim in sorted(found) for lean in self.leans[claim]]
        return Circle(sorted(found), groups, leans, turns=True)

    def _before(self, claim: int) -> list[int]:
        found = list(self.movers[claim])
        group = self.group_of.get(claim)
        for tie in group.ties_of[claim] if group is not None else ():
            assert group is not None
            key = (id(group), tie)
            if key not in self.loudest:
                members = group.members_of(tie)
                self.loudest[key] = sorted(members, key=lambda other: -self.own[other])[: NEAR + 1]
            found += self.loudest[key]
        return found


def _circles(ties: Sequence[AnyTie], leans: Sequence[Lean], index: Mapping[str, int]) -> list[Circle]:
    """The claims in circles of those that can move each other, each after those it leans on."""
    moves = [(index[lean.on], index[lean.claim]) for lean in leans]
    for tie in ties:
        # Round all its members, so that each can move each.
        members = [index[key] for key in members_of(tie)]
        moves += zip(members, [*members[1:], members[0]], strict=True)
    found = circles(len(index), moves)
    place = {number: at for at, members in enumerate(found) for number in members}
    groups: dict[int, list[Group]] = defaultdict(list)
    for among in _components(ties, index):
        groups[place[index[members_of(among[0])[0]]]].append(Group(among, index))
    leaning: dict[int, list[Lean]] = defaultdict(list)
    for lean in leans:
        leaning[place[index[lean.claim]]].append(lean)
    return [
        Circle(
            members,
            groups[at],
            leaning[at],
            turns=any(place[index[lean.on]] == at for lean in leaning[at]),
        )
        for at, members in enumerate(found)
    ]


def _components(ties: Sequence[AnyTie], index: Mapping[str, int]) -> list[list[AnyTie]]:
    """The ties in groups that share no claim, each with its ties in their given order."""
    parent = list(range(len(index)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for tie in ties:
        first, *others = members_of(tie)
        for other in others:
            parent[root(index[other])] = root(index[first])
    groups: dict[int, list[AnyTie]] = {}
    for tie in ties:
        groups.setdefault(root(index[members_of(tie)[0]]), []).append(tie)
    return list(groups.values())
