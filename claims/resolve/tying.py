"""Ties at work: what the claims of a dossier do to each other's likelihoods.

Two kinds of tie. Claims that cannot all hold are resolved jointly, each combination of truths
weighed by what it breaks. Claims that lean on others follow them, one way only. A claim on which
no evidence counts yet has no say over others; it only hears them.
"""

from __future__ import annotations

from collections import defaultdict
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.joint import AtLeastOne, NotBoth, settle
from claims.resolve.kernel import probability
from claims.resolve.resolution import Effect
from claims.resolve.rules import Tie, find_leans, find_ties, members_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.rules import GroupTie, Lean

    Floats = NDArray[np.float64]
    Rows = dict[int, list[Effect]]

ROUNDS = 60
"""Claims that lean on each other in a ring are gone round this often at most."""

SETTLED = 1e-9


class Tying:
    """The claims of one dossier, tied. ``log_odds`` are those of each claim once all ties have had
    their say; ``effects`` the rows that led there; ``opponents`` the claims that each cannot hold
    beside; ``inexact`` those whose group was too large to be enumerated. Claims go by number;
    ``lines`` are the names of the origins whose evidence counts on each."""

    def __init__(
        self,
        dossier: Dossier,
        policy: Policy,
        as_of: date,
        index: Mapping[str, int],
        own: Floats,
        lines: Sequence[frozenset[str]],
    ) -> None:
        self.keys = list(index)
        self.index = index
        self.own = own
        self.lines = lines
        self.evidenced = [bool(names) for names in lines]
        self.inexact: set[int] = set()
        self.opponents: dict[int, set[int]] = defaultdict(set)
        self.ties = find_ties(dossier, policy, as_of)
        self.leans = find_leans(dossier, policy)
        for tie in self.ties:
            if isinstance(tie, Tie):
                first, second = index[tie.first], index[tie.second]
                self.opponents[first].add(second)
                self.opponents[second].add(first)
        self.groups = _components(self.ties, index)
        self.log_odds, self.effects = self._resolve()

    def _resolve(self) -> tuple[Floats, Rows]:
        leaning: Rows = {}
        tied, among = self._settled(self.own)
        for turn in range(ROUNDS if self.leans else 0):
            leaning = self._leaning(tied)
            start = self.own.copy()
            for number, rows in leaning.items():
                start[number] += sum(row.weight for row in rows)
            fresh, among = self._settled(start)
            moved = float(np.abs(fresh - tied).max(initial=0.0))
            # Rings may swing to and fro; meeting half-way brings them to rest.
            tied = fresh if turn < ROUNDS // 3 else (fresh + tied) / 2
            if moved < SETTLED:
                break
        effects: Rows = defaultdict(list)
        final = self.own.copy()
        for rows_of in (leaning, among):
            for number, rows in rows_of.items():
                effects[number].extend(rows)
                final[number] += sum(row.weight for row in rows)
        return final, effects

    # --- leaning ----------------------------------------------------------------------------

    def _leaning(self, log_odds: Floats) -> Rows:
        """What each claim's leaning on others does to it, at the likelihoods that these now have."""
        rows: Rows = defaultdict(list)
        for lean in self.leans:
            on = self.index[lean.on]
            if not self.evidenced[on]:
                continue
            claim = self.index[lean.claim]
            if lean.backs and self.lines[on] <= self.lines[claim]:
                continue  # those who say the one say the other too: nothing new backs it
            weight = _weight_of(lean, probability(float(log_odds[on])))
            if abs(weight) > SETTLED:
                row = Effect(rule=lean.rule, others=(lean.on,), weight=weight, because=lean.because)
                rows[claim].append(row)
        return rows

    # --- joint resolution -------------------------------------------------------------------

    def _settled(self, own: Floats) -> tuple[Floats, Rows]:
        """Log-odds once claims that exclude each other were resolved jointly, group by group."""
        log_odds = own.copy()
        rows: Rows = defaultdict(list)
        for members, ties in self.groups:
            speaking = [number for number in members if self.evidenced[number]]
            self._settle(speaking, ties, own, speaking, log_odds, rows)
            for number in members:
                if not self.evidenced[number]:
                    self._settle([*speaking, number], ties, own, [number], log_odds, rows)
        return log_odds, rows

    def _settle(
        self,
        members: Sequence[int],
        ties: Sequence[Tie | GroupTie],
        own: Floats,
        wanted: Sequence[int],
        log_odds: Floats,
        rows: Rows,
    ) -> None:
        """Resolve some claims jointly, and keep the result for those that are wanted."""
        place = {number: at for at, number in enumerate(members)}
        among = [tie for tie in ties if all(self.index[k] in place for k in members_of(tie))]
        if not among:
            return
        settled = settle(own[list(members)], [self._factor(tie, place) for tie in among])
        for number in wanted:
            at = place[number]
            log_odds[number] = settled.log_odds[at]
            if not settled.exact:
                self.inexact.add(number)
                rows[number].append(_lump(float(settled.effects[0, at]), len(members)))
                continue
            for tie, weight in zip(among, settled.effects[:, at], strict=True):
                if abs(weight) > SETTLED:
                    rows[number].append(self._row(tie, number, float(weight)))

    def _row(self, tie: Tie | GroupTie, number: int, weight: float) -> Effect:
        key = self.keys[number]
        members = members_of(tie)
        # A tie between two others reaches this claim through the group; it names both.
        others = tuple(member for member in members if member != key)
        return Effect(rule=tie.rule, others=others, weight=weight, because=tie.because)

    def _factor(self, tie: Tie | GroupTie, place: Mapping[int, int]) -> NotBoth | AtLeastOne:
        at = tuple(place[self.index[key]] for key in members_of(tie))
        if isinstance(tie, Tie):
            return NotBoth(at[0], at[1], tie.price)
        return AtLeastOne(at, tie.cost)


def _weight_of(lean: Lean, held: float) -> float:
    """What leaning adds in nats: the odds of a claim times what it keeps of them, averaged over
    the other claim's being true or false."""
    if lean.backs:
        return log(held * exp(lean.strength) + (1 - held))
    return log(held + (1 - held) * exp(-lean.strength))


def _lump(weight: float, size: int) -> Effect:
    because = f"{size} tied claims resolved together, approximately"
    return Effect(rule="tied-claims", others=(), weight=weight, because=because)


def _components(
    ties: Sequence[Tie | GroupTie], index: Mapping[str, int]
) -> list[tuple[list[int], list[Tie | GroupTie]]]:
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
    groups: dict[int, tuple[set[int], list[Tie | GroupTie]]] = {}
    for tie in ties:
        numbers, among = groups.setdefault(root(index[members_of(tie)[0]]), (set(), []))
        numbers.update(index[key] for key in members_of(tie))
        among.append(tie)
    return [(sorted(numbers), among) for numbers, among in groups.values()]
