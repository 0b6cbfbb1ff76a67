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
from typing import TYPE_CHECKING

from claims.resolve.circles import circles
from claims.resolve.grouped import Group
from claims.resolve.leaning import Around, Circle, Leaning
from claims.resolve.naming import Naming
from claims.resolve.opposition import Opponents
from claims.resolve.rules import find_leans, find_ties
from claims.resolve.ties import members_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Effect
    from claims.resolve.ties import AnyTie, Lean

    Rows = dict[int, list[Effect]]

ROUNDS = 60
"""Claims that lean on each other in a ring are gone round this often at most."""

SETTLED = 1e-9

LARGE, NEAR = 30, 10
"""In a circle of more claims than the first, each claim hears the second number: those nearest."""


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
        own: Sequence[float],
        lines: Sequence[frozenset[str]],
        backing: Sequence[frozenset[str]],
    ) -> None:
        self.index = index
        self.keys = list(index)
        self.own = own
        self.lines = lines
        self.backing = backing
        self.inexact: set[int] = set()
        self.log_odds = list(own)
        self.effects: Rows = defaultdict(list)
        ties = find_ties(dossier, policy, as_of)
        self.opponents = Opponents(ties, index)
        for circle in circles_of(ties, find_leans(dossier, policy, as_of), index):
            self._resolve(circle)

    def _resolve(self, circle: Circle) -> None:
        """Resolve the claims of a circle; those before it that they lean on are resolved."""
        leanings = self._leanings(circle)
        if not circle.turns:
            self.effects.update(self._heard(circle, leanings, silent=None))
        elif len(circle.members) <= LARGE:
            for number in circle.members:
                self.effects[number] = self._heard(circle, leanings, silent=number)[number]
        else:
            around = Around(circle, leanings, self.own)
            for number in circle.members:
                near, leans = around.near(number, NEAR)
                self.effects[number] = self._heard(near, leans, silent=number)[number]
            self.inexact.update(circle.members)
        for number in circle.members:
            self.log_odds[number] += sum(row.weight for row in self.effects[number])

    def _heard(self, circle: Circle, leanings: Sequence[Leaning], silent: int | None) -> Rows:
        """What each claim of a circle hears from others, when one of them is silent."""
        leanings = [leaning for leaning in leanings if leaning.on != silent]
        odds = {number: self.own[number] for number in circle.members}
        among: Rows = {}
        weights: list[float] = []
        for turn in range(ROUNDS if circle.turns else 1):
            weights = self._weights(leanings, odds)
            start = {number: self.own[number] for number in circle.members}
            for leaning, weight in zip(leanings, weights, strict=True):
                start[leaning.claim] += weight
            fresh, among = self._settled(circle, start, silent)
            moved = max(abs(fresh[number] - odds[number]) for number in odds)
            # Rings may swing to and fro; meeting half-way brings them to rest.
            part = 1.0 if turn < ROUNDS // 3 else 0.5
            odds = {number: part * fresh[number] + (1 - part) * odds[number] for number in odds}
            if moved < SETTLED:
                break
        rows: Rows = {number: [] for number in odds}
        for leaning, weight in zip(leanings, weights, strict=True):
            if abs(weight) > SETTLED:
                rows[leaning.claim].append(leaning.effect(weight))
        for number, effects in among.items():
            rows[number] += effects
        return rows

    def _speaks(self, number: int, silent: int | None) -> bool:
        return bool(self.lines[number]) and number != silent

    # --- leaning ----------------------------------------------------------------------------

    def _leanings(self, circle: Circle) -> list[Leaning]:
        """The leanings of a circle's claims on claims that have a say."""
        found = [Leaning(lean, self.index[lean.on], self.index[lean.claim]) for lean in circle.leans]
        # Where those who say the one say the other too, nothing new backs it.
        return [
            leaning
            for leaning in found
            if self.lines[leaning.on]
            and not (leaning.lean.backs and self.backing[leaning.on] <= self.lines[leaning.claim])
        ]

    def _weights(self, leanings: Sequence[Leaning], odds: Mapping[int, float]) -> list[float]:
        """What each leaning adds at the likelihoods that the claims leant on now have."""
        return [
            leaning.weight(odds[leaning.on] if leaning.on in odds else self.log_odds[leaning.on])
            for leaning in leanings
        ]

    # --- joint resolution -------------------------------------------------------------------

    def _settled(
        self, circle: Circle, start: Mapping[int, float], silent: int | None
    ) -> tuple[dict[int, float], Rows]:
        """Log-odds once claims that exclude each other were resolved jointly, group by group, and
        the rows that led there; ``start`` are those of each by its own and by what it leans on."""
        odds = dict(start)
        rows: Rows = {}
        for group in circle.groups:
            members = group.among(circle.members)
            speaking = [number for number in members if self._speaks(number, silent)]
            found = group.resolved(start, speaking, members)
            odds.update(found.odds)
            self.inexact |= found.approximate
            naming = Naming(group, self.keys, self.opponents, found, len(speaking))
            for number, weights in found.rows.items():
                rows[number] = [
                    naming.effect(tie, number, weight) for tie, weight in weights if abs(weight) > SETTLED
                ]
        return odds, rows


def circles_of(ties: Sequence[AnyTie], leans: Sequence[Lean], index: Mapping[str, int]) -> list[Circle]:
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
