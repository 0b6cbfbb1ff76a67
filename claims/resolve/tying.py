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
from itertools import permutations
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.circles import circles
from claims.resolve.joint import NotBoth, OneOf, settle
from claims.resolve.kernel import probability
from claims.resolve.resolution import Effect
from claims.resolve.rules import find_leans, find_ties
from claims.resolve.ties import Tie, among_only, members_of, rivals_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.ties import Lean, Rivals

    Floats = NDArray[np.float64]
    Rows = dict[int, list[Effect]]

ROUNDS = 60
"""Claims that lean on each other in a ring are gone round this often at most."""

SETTLED = 1e-9


@dataclass(frozen=True, slots=True)
class Circle:
    """Claims that can move each other: their ties, group by group, and all that they lean on,
    within the circle (``turns``) or only before it."""

    members: list[int]
    groups: list[tuple[list[int], list[Tie | Rivals]]]
    leans: list[Lean]
    turns: bool


class Tying:
    """The claims of one dossier, tied. ``log_odds`` are those of each claim once all ties have had
    their say; ``effects`` the rows that led there; ``opponents`` the claims that each cannot hold
    beside; ``inexact`` those whose group was too large to be enumerated. Claims go by number;
    ``lines`` are the names of the origins whose evidence counts on each, ``backing`` those of them
    that support it."""

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
        self.keys = list(index)
        self.index = index
        self.own = own
        self.lines = lines
        self.backing = backing
        self.inexact: set[int] = set()
        self.opponents: dict[int, set[int]] = defaultdict(set)
        self.log_odds = own.copy()
        self.effects: Rows = defaultdict(list)
        ties = find_ties(dossier, policy, as_of)
        for tie in ties:
            for key in members_of(tie):
                self.opponents[index[key]].update(index[other] for other in rivals_of(tie, key))
        for circle in _circles(ties, find_leans(dossier, policy), index):
            self._resolve(circle)

    def _resolve(self, circle: Circle) -> None:
        """Resolve the claims of a circle; those before it that they lean on are resolved."""
        if circle.turns:
            for number in circle.members:
                self.effects[number] = self._heard(circle, silent=number)[number]
        elif circle.groups or circle.leans:
            self.effects.update(self._heard(circle, silent=None))
        for number in circle.members:
            self.log_odds[number] += sum(row.weight for row in self.effects[number])

    def _heard(self, circle: Circle, silent: int | None) -> Rows:
        """What each claim of a circle hears from others, when one of them is silent."""
        odds = {number: float(self.own[number]) for number in circle.members}
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
            number: float(self.own[number]) + sum(row.weight for row in heard.get(number, ()))
            for number in circle.members
        }
        rows: Rows = defaultdict(list)
        start = dict(odds)
        for members, ties in circle.groups:
            speaking = [number for number in members if self._speaks(number, silent)]
            self._settle(speaking, ties, start, speaking, odds, rows)
            for number in members:
                if number not in speaking:
                    self._settle([*speaking, number], ties, start, [number], odds, rows)
        return odds, rows

    def _settle(
        self,
        members: Sequence[int],
        ties: Sequence[Tie | Rivals],
        start: Mapping[int, float],
        wanted: Sequence[int],
        odds: dict[int, float],
        rows: Rows,
    ) -> None:
        """Resolve some claims jointly, and keep the result for those that are wanted."""
        place = {number: at for at, number in enumerate(members)}
        here = {self.keys[number] for number in members}
        among = [tie for each in ties if (tie := among_only(each, here)) is not None]
        if not among:
            return
        own = np.array([start[number] for number in members])
        settled = settle(own, [self._factor(tie, place) for tie in among])
        for number in wanted:
            at = place[number]
            odds[number] = float(settled.log_odds[at])
            if not settled.exact:
                self.inexact.add(number)
                rows[number].append(_lump(float(settled.effects[0, at]), len(members)))
                continue
            for tie, weight in zip(among, settled.effects[:, at], strict=True):
                if abs(weight) > SETTLED:
                    rows[number].append(self._row(tie, number, float(weight)))

    def _row(self, tie: Tie | Rivals, number: int, weight: float) -> Effect:
        key = self.keys[number]
        members = members_of(tie)
        # A tie between two others reaches this claim through the group; it names both.
        others = tuple(member for member in members if member != key)
        return Effect(rule=tie.rule, others=others, weight=weight, because=tie.because)

    def _factor(self, tie: Tie | Rivals, place: Mapping[int, int]) -> NotBoth | OneOf:
        if isinstance(tie, Tie):
            return NotBoth(place[self.index[tie.first]], place[self.index[tie.second]], tie.price)
        answers = (tuple(place[self.index[key]] for key in answer) for answer in tie.answers)
        return OneOf(tuple(answers), tie.price, tie.none)


def _weight_of(lean: Lean, held: float) -> float:
    """What leaning adds in nats: the odds of a claim times what it keeps of them, averaged over
    the other claim's being true or false."""
    if lean.backs:
        return log(held * exp(lean.strength) + (1 - held))
    return log(held + (1 - held) * exp(-lean.strength))


def _lump(weight: float, size: int) -> Effect:
    because = f"{size} tied claims resolved together, approximately"
    return Effect(rule="tied-claims", others=(), weight=weight, because=because)


def _circles(ties: Sequence[Tie | Rivals], leans: Sequence[Lean], index: Mapping[str, int]) -> list[Circle]:
    """The claims in circles of those that can move each other, each after those it leans on."""
    moves = [(index[lean.on], index[lean.claim]) for lean in leans]
    for tie in ties:
        moves += permutations((index[key] for key in members_of(tie)), 2)
    found = circles(len(index), moves)
    place = {number: at for at, members in enumerate(found) for number in members}
    groups: dict[int, list[tuple[list[int], list[Tie | Rivals]]]] = defaultdict(list)
    for members, among in _components(ties, index):
        groups[place[members[0]]].append((members, among))
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


def _components(
    ties: Sequence[Tie | Rivals], index: Mapping[str, int]
) -> list[tuple[list[int], list[Tie | Rivals]]]:
    """The groups of claims that ties hold together, each with its ties in their given order."""
    parent = np.arange(len(index))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = int(parent[number])
        return number

    for tie in ties:
        members = [index[key] for key in members_of(tie)]
        for other in members[1:]:
            parent[root(other)] = root(members[0])
    groups: dict[int, tuple[set[int], list[Tie | Rivals]]] = {}
    for tie in ties:
        numbers, among = groups.setdefault(root(index[members_of(tie)[0]]), (set(), []))
        numbers.update(index[key] for key in members_of(tie))
        among.append(tie)
    return [(sorted(numbers), among) for numbers, among in groups.values()]
