"""Ties at work on many days at once: what the claims of a group do to each other while nothing is said.

What :mod:`claims.resolve.tying` says of one day, said of many: numbers are rows of numbers, one for each
day. What turns in a ring is left to it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.leaning import Leaning
from claims.resolve.mapped import rough_probabilities
from claims.resolve.opposition import Opponents
from claims.resolve.telling import Telling
from claims.resolve.tying import SETTLED, circles_of
from claims.vocabulary import LinkState, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.grouped import Group
    from claims.resolve.kernel import Flags, Floats, Ints
    from claims.resolve.leaning import Circle
    from claims.resolve.ties import AnyTie, Lean

MARGIN = 1e-9
"""More than rounding makes of log-odds or of a likelihood."""

HAIR = 1e-12
"""The same of a weight that may be none at all."""


@dataclass(frozen=True, slots=True)
class Own:
    """What the evidence on each claim of a group says by itself: one row for each claim, one column for each
    day. ``newest``: the ordinal of the day of the newest piece that leads a supporting line, or -1.
    ``voices`` and ``backing``: for each claim, each origin by its number, and each day, whether it is
    behind a row, and behind one that weighs something (None where nobody asks). ``plus`` and
    ``minus``: whether its line supports or opposes the claim; ``sound``: whether a supporting line is
    good."""

    log_odds: Floats
    newest: Ints
    voices: Flags | None
    backing: Flags | None
    plus: Flags
    minus: Flags
    sound: Flags


@dataclass(slots=True)
class Bound:
    """What comes of it: log-odds of each claim on each day; what it hears for it and against it in nats, and
    whether it hears anything; ``opposing`` lines, and whether good evidence is behind its opponents,
    for the claims that have opponents; which are ``overtaken`` by newer ones; and on which days any of it
    is too near to a border to be told (``unsure``)."""

    log_odds: Floats
    support: Floats
    opposition: Floats
    hears: Flags
    opposing: dict[int, Ints]
    good: dict[int, Flags]
    overtaken: Flags
    unsure: Flags


class Binding:
    """How the claims of a group, by number, are bound to each other while the same ones are spoken of."""

    def __init__(
        self,
        dossier: Dossier,
        policy: Policy,
        index: Mapping[str, int],
        ties: Sequence[AnyTie],
        leans: Sequence[Lean],
        speaking: frozenset[int],
    ) -> None:
        self.policy = policy
        self.index = index
        self.speaking = speaking
        self.opponents = Opponents(ties, index)
        self.circles = circles_of(ties, leans, index)
        self.answers = self._answers(dossier)
        self.successors: dict[int, list[int]] = defaultdict(list)
        for link in dossier.links.values():
            if link.relation is Relation.SUPERSEDES and link.state is LinkState.OPEN:
                number, other = index.get(link.claim), index.get(link.other)
                if number is not None and number in speaking and other is not None:
                    self.successors[other].append(number)
        self._tellings: dict[tuple[int, tuple[int, ...]], Telling] = {}
        self.is_simple = not any(circle.turns for circle in self.circles)
        """Whether many days can be told at once."""
        self.hears_voices = any(lean.backs for circle in self.circles for lean in circle.leans)
        """Whether it matters who is behind the rows."""

    def on_days(self, own: Own) -> Bound:
        """What the claims come to on some days."""
        shape = own.log_odds.shape
        found = Bound(
            log_odds=own.log_odds.copy(),
            support=np.zeros(shape),
            opposition=np.zeros(shape),
            hears=np.zeros(shape, dtype=np.bool_),
            opposing={},
            good={},
            overtaken=np.zeros(shape, dtype=np.bool_),
            unsure=np.zeros(shape[1], dtype=np.bool_),
        )
        for circle in self.circles:
            self._resolve(circle, own, found)
        behind, sound = self.opponents.largest(own.plus), self.opponents.largest(own.sound)
        for number in self.opponents:
            found.opposing[number] = (own.minus[number] | behind(number)).sum(axis=0)
            found.good[number] = sound(number)
        self._overtake(own, found)
        return found

    def _resolve(self, circle: Circle, own: Own, found: Bound) -> None:
        """What the claims of a circle hear; those before it that they lean on are resolved."""
        start = {number: own.log_odds[number] for number in circle.members}
        for lean in circle.leans:
            leaning = Leaning(lean, self.index[lean.on], self.index[lean.claim])
            if leaning.on not in self.speaking:
                continue
            weight = _leaning(leaning, found.log_odds[leaning.on])
            if lean.backs and own.backing is not None and own.voices is not None:
                # Where those who say the one say the other too, nothing new backs it.
                new = (own.backing[leaning.on] & ~own.voices[leaning.claim]).any(axis=0)
                weight = np.where(new, weight, 0.0)
            start[leaning.claim] = start[leaning.claim] + weight
            self._add([leaning.claim], [[weight]], found)
        for at, group in enumerate(circle.groups):
            members = group.among(circle.members)
            told = self._telling(circle, at, group, members).told(start)
            told = {number: weights for number, weights in told.items() if weights}
            if told:
                self._add(list(told), list(told.values()), found)

    @staticmethod
    def _add(claims: Sequence[int], weights: Sequence[Sequence[Floats]], found: Bound) -> None:
        """Let claims hear weights, some each: what is more than nothing. Days on which that is not sure are
        marked."""
        every = np.array([weight for some in weights for weight in some])
        size = np.abs(every)
        found.unsure |= (np.abs(size - SETTLED) < HAIR).any(axis=0)
        kept = np.where(size > SETTLED, every, 0.0)
        starts = np.cumsum([0, *map(len, weights[:-1])])
        tied = np.add.reduceat(kept, starts, axis=0)
        found.log_odds[claims] += tied
        found.support[claims] += np.maximum(tied, 0.0)
        found.opposition[claims] += np.maximum(-tied, 0.0)
        found.hears[claims] |= np.logical_or.reduceat(kept != 0, starts, axis=0)

    def _telling(self, circle: Circle, at: int, group: Group, members: Sequence[int]) -> Telling:
        slot = (circle.members[0], (at, *members))
        if slot not in self._tellings:
            self._tellings[slot] = Telling(group, members, self.speaking)
        return self._tellings[slot]

    # --- a newer answer ---------------------------------------------------------------------

    def _overtake(self, own: Own, found: Bound) -> None:
        """Which claims a newer one overtakes, as :mod:`claims.resolve.resolver` has it."""
        held = self.policy.thresholds.corroborated
        likely = rough_probabilities(found.log_odds)
        for number, others in self.successors.items():
            for other in others:
                lead = found.log_odds[other] - found.log_odds[number]
                found.overtaken[number] |= (likely[other] >= held) & (lead > 0)
                found.unsure |= (np.abs(likely[other] - held) < MARGIN) | (np.abs(lead) < MARGIN)
        alone = rough_probabilities(own.log_odds)
        near = np.abs(likely - held) < MARGIN
        held_since = np.where(likely >= held, own.newest, -1)
        may_fall = (alone > held - MARGIN) & (likely < 0.5 + MARGIN) & (own.newest >= 0)
        for answers in self.answers:
            falling = [number for number in answers if may_fall[number].any()]
            if not falling:
                continue
            elsewhere = np.ones((len(near), 1), dtype=np.bool_)
            elsewhere[answers] = False
            newest = self.opponents.largest(np.where(elsewhere, -1, own.newest))
            newest_held = self.opponents.largest(np.where(elsewhere, -1, held_since))
            close = self.opponents.largest(near & ~elsewhere)
            for number in falling:
                later = may_fall[number] & (newest(number) > own.newest[number])
                brought_down = (likely[number] < 0.5) & (alone[number] >= held)
                found.overtaken[number] |= later & brought_down & (newest_held(number) > own.newest[number])
                unsure = (np.abs(likely[number] - 0.5) < MARGIN) | (np.abs(alone[number] - held) < MARGIN)
                found.unsure |= later & (unsure | close(number))

    def _answers(self, dossier: Dossier) -> list[list[int]]:
        """For each question, the claims that answer it and cannot hold beside some other."""
        answers: dict[str, list[int]] = defaultdict(list)
        for key, claim in dossier.claims.items():
            if claim.question is not None and self.index[key] in self.opponents:
                answers[claim.question].append(self.index[key])
        return [some for some in answers.values() if len(some) > 1]


def _leaning(leaning: Leaning, odds: Floats) -> Floats:
    """What a leaning adds, as :meth:`claims.resolve.leaning.Leaning.weight` has it."""
    held = rough_probabilities(odds)
    strength = leaning.lean.strength
    if leaning.lean.backs:
        return np.asarray(np.log(held * np.exp(strength) + (1 - held)))
    return np.asarray(np.log(held + (1 - held) * np.exp(-strength)))
