"""A tied group on many days at once: the status of each claim on each, as the resolver has it.

Numbers are added and multiplied for all days together, so that the last bits may differ from what the
resolver makes of one day. Where one comes so near to a border that this may decide, nothing is said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.resolve.binding import HAIR, MARGIN, Own
from claims.resolve.heeding import Heeding
from claims.resolve.kernel import Columns, weigh
from claims.resolve.mapped import rough_probabilities
from claims.resolve.scales import logit
from claims.resolve.verdict import STATUSES, status_codes, weighing_of
from claims.vocabulary import Stance, Status, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from claims.policy import Policy
    from claims.resolve.binding import Binding, Bound
    from claims.resolve.kernel import Flags, Floats, Ints, Weighed
    from claims.resolve.stretches import Stretch, Stretches
    from claims.resolve.track import Known
    from claims.resolve.verdict import Codes, Weighing

CELLS = 1 << 21
"""So many pieces, times claims, times days, are weighed at a time at most."""

_TOLD = np.array([status in (Status.RETRACTED, Status.SUPERSEDED) for status in STATUSES])


class Standings(NamedTuple):
    """How the claims of a group, in the order of their keys (first axis), stood on some days (second axis):
    ``status`` as codes, the ``likelihood`` to within :data:`MARGIN`, and whether anything was ``spoken`` that
    bore on them. ``sure``: the days for which that is so; of others nothing is known."""

    status: Codes
    likelihood: Floats
    spoken: Flags
    sure: Flags


class ManyDays:
    """The claims of a tied group through time, by a policy that weighs evidence.

    ``known`` is how the sources that speak on the group fared on settled claims; None: no record is heeded.
    """

    def __init__(self, stretches: Stretches, policy: Policy, known: Known | None) -> None:
        self.stretches = stretches
        self.policy = policy
        self.voiced = stretches.voiced
        self.heeding = None
        if known is not None and policy.records is not None:
            self.heeding = Heeding(self.voiced, known, policy.records)
        claims = self.voiced.claims
        self.base = np.array([logit(policy.base_rate_of(claim.kind)) for claim in claims])
        self._taken_back = self._days_taken_back()

    def _days_taken_back(self) -> Ints:
        """From which day on somebody has taken back a claim that he supported."""
        never = 1 << 40
        found = dict.fromkeys(self.voiced.index, never)
        for piece in self.stretches.dossier.evidence.values():
            if (
                piece.withdrawn is Withdrawal.BY_SOURCE
                and piece.stance is Stance.SUPPORTS
                and piece.withdrawn_on is not None
                and piece.claim in found
            ):
                found[piece.claim] = min(found[piece.claim], piece.withdrawn_on.toordinal())
        return np.array(list(found.values()), dtype=np.int64)

    def on(self, days: Ints) -> Standings:
        """How the claims stood on some days (ordinals, in any order)."""
        size = max(CELLS // max(len(self.voiced.pieces) * len(self.voiced.claims), 1), 1)
        if len(days) <= size:
            return self._on(days)
        parts = [self._on(days[at : at + size]) for at in range(0, len(days), size)]
        return _side_by_side(parts)

    def without(self, day: int, removals: Sequence[Collection[str]]) -> Standings:
        """How the claims would stand on a day (an ordinal) without some pieces: one column for each of the
        removals. Only of a group in which nobody passes on what others said."""
        size = max(CELLS // max(len(self.voiced.pieces) * len(self.voiced.claims), 1), 1)
        parts = []
        for start in range(0, len(removals), size):
            some = [self.stretches.without(day, gone) for gone in removals[start : start + size]]
            spans = [slice(at, at + 1) for at in range(len(some))]
            parts.append(self._standings(some, spans, np.full(len(some), day, dtype=np.int64)))
        return _side_by_side(parts)

    def _on(self, days: Ints) -> Standings:
        numbers = self.stretches.numbers(days)
        order = np.argsort(numbers, kind="stable")
        days, numbers = days[order], numbers[order]
        first = np.flatnonzero(np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)])
        spans = [slice(a, b) for a, b in zip(first, [*first[1:], len(days)], strict=True)]
        some = [self.stretches.stretch(int(numbers[span.start])) for span in spans]
        found = self._standings(some, spans, days)
        back = np.argsort(order, kind="stable")
        return Standings(
            found.status[:, back], found.likelihood[:, back], found.spoken[:, back], found.sure[back]
        )

    def _standings(self, some: list[Stretch], spans: list[slice], days: Ints) -> Standings:
        """How the claims stood on days, which some stretches hold in a row."""
        sure = np.ones(len(days), dtype=np.bool_)
        weighed, rows = self._weighed(some, spans, self._strengths(days), sure)
        return Standings(*self._resolved(some, spans, rows, weighed, days, sure), sure)

    def _strengths(self, days: Ints) -> Floats:
        """What each piece weighs alone on each day."""
        if self.heeding is None:
            strength = np.repeat(self.voiced.alone[:, np.newaxis], len(days), axis=1)
        else:
            strength = self.heeding.strengths(days)
        return self.voiced.finished(strength, days)

    def _weighed(
        self, stretches: list[Stretch], spans: list[slice], strength: Floats, sure: Flags
    ) -> tuple[Weighed, list[tuple[Ints, slice]]]:
        """All claims on all days, weighed side by side; and, for each stretch, its rows and their places."""
        voiced, count = self.voiced, len(self.voiced.claims)
        claims, weights, pieces, origins, channels = ([] for _ in range(5))
        places = []
        done = 0
        for stretch, span in zip(stretches, spans, strict=True):
            rows, days = stretch.rows, span.stop - span.start
            here = strength[rows, span]
            here[stretch.silent] = 0.0
            for relay, words in stretch.capped:
                here[relay] = np.minimum(here[relay], here[words].max(axis=0))
            sure[span] &= ~((here > 0) & (here < HAIR)).any(axis=0)
            at = np.arange(span.start, span.stop)[:, np.newaxis] * count
            claims.append((at + voiced.claim[rows]).ravel())
            weights.append(here.T.ravel())
            pieces.append(np.tile(rows, days))
            origins.append(np.tile(stretch.origin, days))
            channels.append(np.tile(stretch.channel, days))
            places.append((rows, slice(done, done + len(rows) * days)))
            done += len(rows) * days
        piece = np.concatenate(pieces)
        columns = Columns(
            base=np.tile(self.base, spans[-1].stop if spans else 0),
            claim=np.concatenate(claims),
            sign=voiced.sign[piece],
            strength=np.concatenate(weights),
            origin=np.concatenate(origins),
            independent=voiced.independent[piece],
            takes_side=~voiced.mention[piece],
            good=voiced.good[piece],
            first_hand=voiced.witnessed[piece],
            official_record=voiced.official[piece],
            channel=np.concatenate(channels),
        )
        return weigh(columns), places

    def _resolved(
        self,
        stretches: list[Stretch],
        spans: list[slice],
        places: list[tuple[Ints, slice]],
        weighed: Weighed,
        days: Ints,
        sure: Flags,
    ) -> tuple[Codes, Floats, Flags]:
        """Status, likelihood, and whether anything was said, once claims that are tied have heard the
        others."""
        count = len(self.voiced.claims)
        by_day = (len(days), count)
        spoken = np.zeros((count, len(days)), dtype=np.bool_)
        gone = self._taken_back[:, np.newaxis] <= days
        tally = weighed.tally
        taken_back = gone.T.ravel() & (tally.supporting_lines == 0)
        weighing = weighing_of(tally, tally.log_odds, taken_back, np.zeros_like(taken_back))
        odds = tally.log_odds.reshape(by_day).T.copy()
        bound: dict[int, tuple[Binding, list[Ints], list[int]]] = {}
        for at, (stretch, span, (rows, _)) in enumerate(zip(stretches, spans, places, strict=True)):
            spoken[np.unique(self.voiced.claim[rows]), span] = True
            if (binding := stretch.binding) is None:
                continue
            if not binding.is_simple:
                sure[span] = False
                continue
            _, which, whose = bound.setdefault(id(binding), (binding, [], []))
            which.append(np.arange(span.start, span.stop))
            whose.append(at)
        for binding, which, whose in bound.values():
            on = np.concatenate(which)
            some = [(stretches[at], places[at][1], len(each)) for at, each in zip(whose, which, strict=True)]
            found = binding.on_days(self._own(some, weighed, odds[:, on], binding))
            odds[:, on] = found.log_odds
            spoken[:, on] |= found.hears
            sure[on] &= ~found.unsure
            _heard(weighing, found, on, count)
        status = self._statuses(replace(weighing, likelihood=odds.T.ravel()), by_day, sure)
        spoken |= _TOLD[status]
        return status, rough_probabilities(odds), spoken

    def _own(
        self,
        some: list[tuple[Stretch, slice, int]],
        weighed: Weighed,
        odds: Floats,
        binding: Binding,
    ) -> Own:
        """What the evidence on each claim says by itself during some stretches, one after the other: with
        where the rows of each are among those that were weighed, and its number of days."""
        voiced = self.voiced
        claims, days = odds.shape
        pieces, origins, on, sides, weights = ([] for _ in range(5))
        done = 0
        for stretch, here, count in some:
            pieces.append(np.tile(stretch.rows, count))
            origins.append(np.tile(stretch.origin, count))
            on.append(np.repeat(np.arange(done, done + count), len(stretch.rows)))
            sides.append(weighed.side[here])
            weights.append(weighed.weight[here])
            done += count
        piece, origin, day = np.concatenate(pieces), np.concatenate(origins), np.concatenate(on)
        side, weight = np.concatenate(sides), np.concatenate(weights)
        claim, supports = voiced.claim[piece], side > 0
        names, voice = len(self.stretches.names), self._voices()
        newest = np.full((claims, days), -1)
        np.maximum.at(newest, (claim[supports], day[supports]), voiced.first[piece[supports]])
        sound = np.zeros((claims, days), dtype=np.bool_)
        good = supports & voiced.good[piece]
        sound[claim[good], day[good]] = True

        def marked(width: int, key: Ints, chosen: Flags) -> Flags:
            flags = np.zeros((claims, width, days), dtype=np.bool_)
            flags[claim[chosen], key[chosen], day[chosen]] = True
            return flags

        heard, voices = binding.hears_voices, int(voice.max(initial=-1)) + 1
        return Own(
            log_odds=odds,
            newest=newest,
            voices=marked(voices, voice[piece], np.ones_like(supports)) if heard else None,
            backing=marked(voices, voice[piece], weight > 0) if heard else None,
            plus=marked(names, origin, supports),
            minus=marked(names, origin, side < 0),
            sound=sound,
        )

    def _voices(self) -> Ints:
        """A number for the origin of each piece by itself, whatever else was said."""
        numbers: dict[str, int] = {}
        names = (self.voiced.origins[piece.key].name for piece in self.voiced.pieces)
        return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)

    def _statuses(self, weighing: Weighing, by_day: tuple[int, int], sure: Flags) -> Codes:
        """The status of each claim on each day; where it is near a border, the day is not sure."""
        thresholds = self.policy.thresholds
        near = np.abs(np.minimum(weighing.support, weighing.opposition) - thresholds.real_weight) < MARGIN
        chance = rough_probabilities(weighing.likelihood)
        status, other = (
            status_codes(replace(weighing, likelihood=chance + shift), thresholds)
            for shift in (-MARGIN, MARGIN)
        )
        sure &= ~(near | (status != other)).reshape(by_day).any(axis=1)
        return status.reshape(by_day).T


def _side_by_side(parts: Sequence[Standings]) -> Standings:
    """What is known of some days, and of others behind them."""
    status, likelihood, spoken, sure = zip(*parts, strict=True)
    return Standings(np.hstack(status), np.hstack(likelihood), np.hstack(spoken), np.concatenate(sure))


def _heard(weighing: Weighing, bound: Bound, days: Ints, count: int) -> None:
    """Add what ties weigh on some days to what the evidence on each claim does."""
    here = (days[:, np.newaxis] * count + np.arange(count)).ravel()
    weighing.support[here] += bound.support.T.ravel()
    weighing.opposition[here] += bound.opposition.T.ravel()
    weighing.overtaken_by_newer[here] |= bound.overtaken.T.ravel()
    for number, lines in bound.opposing.items():
        own = days * count + number
        weighing.opposing_lines[own] = lines
        weighing.good[own] |= bound.good[number]
