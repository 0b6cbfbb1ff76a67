"""Ties at work on many days at once: what the claims of a group do to each other while nothing is said.

What :mod:`claims.resolve.tying` says of one day, said of many: numbers are rows of numbers, one for each
day. What turns in a ring, or is too wide to be written out, is left to it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.grouped import AFRESH
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
        self.rivals = self._rivals(dossier)
        self.successors: dict[int, list[int]] = defaultdict(list)
        for link in dossier.links.values():
            if link.relation is Relation.SUPERSEDES and link.state is LinkState.OPEN:
                number, other = index.get(link.claim), index.get(link.other)
                if number is not None and number in speaking and other is not None:
                    self.successors[other].append(number)
        self._tellings: dict[tuple[int, tuple[int, ...]], Telling] = {}
        self.is_simple = not self.opponents.many and not any(
            circle.turns or any(self._is_wide(group, circle) for group in circle.groups)
            for circle in self.circles
        )
        """Whether many days can be told at once."""
        self.hears_voices = any(lean.backs for circle in self.circles for lean in circle.leans)
        """Whether it matters who is behind the rows."""

    def _is_wide(self, group: Group, circle: Circle) -> bool:
        mutes = [number for number in group.among(circle.members) if number not in self.speaking]
        return len(mutes) * len(group.members) > AFRESH

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
        for number in self.opponents:
            others = sorted(self.opponents[number])
            behind = own.plus[others].any(axis=0)
            found.opposing[number] = (own.minus[number] | behind).sum(axis=0)
            found.good[number] = np.asarray(own.sound[others].any(axis=0))
        self._overtake(own, found)
        return found

    def _resolve(self, circle: Circle, own: Own, found: Bound) -> None:
        """What the claims of a circle hear; those before it that they lean on are resolved."""
        start = {number: own.log_odds[number] for number in circle.members}
        added: dict[int, list[Floats]] = defaultdict(list)
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
            kept = self._kept(weight, found)
            found.support[leaning.claim] += np.maximum(kept, 0.0)
            found.opposition[leaning.claim] += np.maximum(-kept, 0.0)
            added[leaning.claim].append(kept)
        for at, group in enumerate(circle.groups):
            members = group.among(circle.members)
            told = self._telling(circle, at, group, members).told(start)
            for number, weights in told.items():
                some = [self._kept(weight, found) for weight in weights]
                added[number] += some
                tied = np.sum(some, axis=0) if some else 0.0
                found.support[number] += np.maximum(tied, 0.0)
                found.opposition[number] += np.maximum(-tied, 0.0)
        for number, weights in added.items():
            if weights:
                found.log_odds[number] += np.sum(weights, axis=0)
                found.hears[number] = np.any([weight != 0 for weight in weights], axis=0)

    def _kept(self, weight: Floats, found: Bound) -> Floats:
        """A weight where it is more than nothing; days on which that is not sure are marked."""
        size = np.abs(weight)
        found.unsure |= np.abs(size - SETTLED) < HAIR
        return np.where(size > SETTLED, weight, 0.0)

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
        for number, rivals in self.rivals.items():
            newest = own.newest[number]
            later = (own.newest[rivals] > newest) & (newest >= 0)
            may_be = later.any(axis=0)
            if not may_be.any():
                continue
            alone = rough_probabilities(own.log_odds[number])
            near = (np.abs(likely[number] - 0.5) < MARGIN) | (np.abs(alone - held) < MARGIN)
            near |= (np.abs(likely[rivals] - held) < MARGIN).any(axis=0)
            newer = ((likely[rivals] >= held) & later).any(axis=0)
            found.overtaken[number] |= (likely[number] < 0.5) & (alone >= held) & newer
            found.unsure |= near & may_be

    def _rivals(self, dossier: Dossier) -> dict[int, list[int]]:
        """The claims that answer the question of each and cannot hold beside it."""
        answers: dict[str, list[int]] = defaultdict(list)
        for key, claim in dossier.claims.items():
            if claim.question is not None:
                answers[claim.question].append(self.index[key])
        found: dict[int, list[int]] = {}
        for some in answers.values():
            among = self.opponents.among(some)
            found.update((number, among.of(number, len(some))) for number in some)
        return {number: rivals for number, rivals in found.items() if rivals}


def _leaning(leaning: Leaning, odds: Floats) -> Floats:
    """What a leaning adds, as :meth:`claims.resolve.leaning.Leaning.weight` has it."""
    held = rough_probabilities(odds)
    strength = leaning.lean.strength
    if leaning.lean.backs:
        return np.asarray(np.log(held * np.exp(strength) + (1 - held)))
    return np.asarray(np.log(held + (1 - held) * np.exp(-strength)))
