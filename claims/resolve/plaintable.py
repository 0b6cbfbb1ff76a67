"""What the resolver says of plain claims on any days, for all of them at once, by the same kernel."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from claims.kinds import rules_of
from claims.resolve.kernel import Columns, add_up
from claims.resolve.mapped import probabilities, rough_probabilities
from claims.resolve.plain import BASES, KINDS, SIGNS, STANCES, origins_of, second_hand
from claims.resolve.plainnumbers import numbers_of
from claims.resolve.verdict import confidence_codes, status_codes, weighing_of
from claims.resolve.worth import SPAN
from claims.vocabulary import Basis, Reliability, Stance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claims.policy import Policy
    from claims.resolve.kernel import Flags, Floats, Ints, Tally
    from claims.resolve.plain import PlainFacts
    from claims.resolve.rivalry import Pairs, Rivalry
    from claims.resolve.track import Track

ROWS = 1 << 18
"""How many rows are weighed at a time: what that takes stays within some tens of megabytes."""

FEW = 100
"""So few rows are looked at one by one: of few that takes less than arrays do."""

NEVER = 1 << 40
"""A day that does not come."""

UNSURE = -1
"""In place of a status: it may be one or another."""

_MARGIN = 1e-9
"""Likelihoods that are nearer than this to each other are not told apart by rounding alone."""


STATES = np.array([rules_of(kind).state for kind in KINDS])
"""Which kinds of claims are states."""


class PlainTable:
    """Plain claims and their evidence as arrays, by a policy. Claims and rows go by number, the rows of
    one claim together; days are ordinals."""

    def __init__(self, facts: PlainFacts, policy: Policy) -> None:
        self.facts = facts
        self.policy = policy
        self.keys = facts.claims
        self.sources = facts.sources
        self.kind = facts.kind
        self._numbers = numbers = numbers_of(policy)
        self.state = np.where(facts.ongoing < 0, STATES[facts.kind], facts.ongoing > 0)
        self.base = numbers.base[self.kind]
        self.rate = numbers.rate[self.kind]
        self.period = numbers.period[self.kind]
        pieces = facts.pieces
        self.claim, self.day, self.stance, self.source, self.behind, self.document = (
            np.asarray(column, dtype=np.int64)
            for column in (
                *(pieces.claim, pieces.day, pieces.stance),
                *(pieces.source, pieces.behind, pieces.document),
            )
        )
        self.counts = np.bincount(self.claim, minlength=len(self.keys))
        self.starts = np.cumsum(self.counts) - self.counts
        self.mention = self.stance == STANCES.index(Stance.MENTIONS)
        self._weigh()
        self._mark()
        self._silence()
        self.rivalry: Rivalry | None = None
        if (self.facts.question >= 0).any():
            from claims.resolve.rivalry import Rivalry  # loads the rules, which plain claims need not

            self.rivalry = Rivalry(self)

    def _weigh(self) -> None:
        """What each row weighs but for the record of its source and for age, factor by factor: they are
        multiplied in the order in which the resolver does it, so that no bit differs."""
        numbers, pieces = self._numbers, self.facts.pieces
        kinds = self.kind[self.claim]
        by_source = np.array([numbers.grades[source.grade] for source in self.facts.known])
        self.strength = numbers.strength[kinds, self.stance]
        if len(by_source):
            self.strength *= np.minimum(by_source[self.source], by_source[self.behind])
        self.sign = numbers.sign[kinds, self.stance]
        self.second_hand = second_hand(self.facts)
        self.factors: tuple[Floats, ...] = (
            numbers.credibility[pieces.credibility],
            numbers.basis[pieces.basis],
            numbers.side[pieces.side, self.stance],
            np.where(self.second_hand, self.policy.second_hand, 1.0),
        )

    def _mark(self) -> None:
        """What is known of each row besides its weight, as the kernel has it."""
        pieces = self.facts.pieces
        self.origins = origins = origins_of(self.facts)
        self.voice = origins[self.behind] if len(origins) else self.behind
        self.origin = np.asarray(pieces.line, dtype=np.int64)
        self.channel = np.where(self.document < 0, self.origin, self.document + len(origins))
        self.witnessed = pieces.basis == BASES.index(str(Basis.WITNESSED))
        self.official = pieces.basis == BASES.index(str(Basis.OFFICIAL_RECORD))
        first_hand = self.witnessed | self.official
        self.relayed = pieces.relayed
        self.independent = first_hand & ~self.second_hand & ~self.relayed
        graded = np.array([source.grade in _GOOD for source in self.facts.known], dtype=np.bool_)
        self.good = first_hand
        if len(graded):
            self.good = first_hand | (graded[self.source] & ~self.relayed)

    def _silence(self) -> None:
        """From which day on a row weighs nothing: since its source took the other side (``overtaken``), or,
        where a mention speaks against a claim, since its source took any side (``idle``)."""
        speaks = ~self.mention
        sides = (SIGNS[self.stance] > 0).astype(np.int64)
        slots = (self.claim * max(len(self.sources), 1) + self.source) * 2 + sides
        own = speaks & ~self.relayed
        if len(slots) <= FEW and {slot ^ 1 for slot in slots[own].tolist()}.isdisjoint(slots.tolist()):
            self.overtaken = np.full(len(slots), NEVER)  # nobody has taken both sides
        else:
            said = np.sort(slots[own] * SPAN + self.day[own])
            self.overtaken = _first_after(said, slots ^ 1, self.day + 1)
            self.overtaken[self.relayed] = NEVER
        self.idle = np.full(len(self.claim), NEVER)
        if (against := np.flatnonzero(self.mention & (self.sign < 0))).size:
            voices = self.claim * max(len(self.sources), 1) + self.voice
            said = np.sort(voices[speaks] * SPAN + self.day[speaks])
            self.idle[against] = _first_after(said, voices[against], np.zeros(len(against), dtype=np.int64))
            self.idle[against[self.relayed[against]]] = 0
        self.silent = np.minimum(self.overtaken, self.idle)

    @property
    def plural(self) -> Flags:
        """Of which claims rows that differ in kind make one line: which of them leads it, and so of what kind
        it is, may change with their weights."""
        return self._lines[0]

    @property
    def joined(self) -> Flags:
        """Of which claims rows make one line, or rows on one side were read in one document."""
        return self._lines[1]

    @cached_property
    def _lines(self) -> tuple[Flags, Flags]:
        width = 2 * max(len(self.sources), 1)
        lines = self.claim * width + self.origin * 2 + (self.sign > 0)
        known = (self.mention, self.good, self.witnessed, self.official)
        kind = sum(flag.astype(np.int64) << place for place, flag in enumerate(known))
        order = np.argsort(lines, kind="stable")
        one, other = order[:-1], order[1:]
        odd = (lines[one] == lines[other]) & (
            (kind[one] != kind[other]) | (self.channel[one] != self.channel[other])
        )
        plural, joined = np.zeros((2, len(self.keys)), dtype=np.bool_)
        plural[self.claim[one[odd]]] = True
        joined[self.claim[one[lines[one] == lines[other]]]] = True
        channels = np.sort(
            (self.claim * (int(self.channel.max(initial=0)) + 1) + self.channel) * 2 + (self.sign > 0)
        )
        again = channels[1:][channels[1:] == channels[:-1]]
        joined[again // 2 // (int(self.channel.max(initial=0)) + 1)] = True
        return plural, joined

    def may_settle(self) -> Flags:
        """Which claims may, on some day and by no record, be confirmed or refuted: those that all of one
        side, each row at its heaviest, would make likely or unlikely enough; and those that have rivals."""
        strength = self.strength
        for factor in self.factors:
            strength = strength * factor
        supports, count = self.sign > 0, len(self.keys)
        support = np.bincount(self.claim, np.where(supports, strength, 0.0), count)
        opposition = np.bincount(self.claim, np.where(supports, 0.0, strength), count)
        telling = np.where(self.official, 2, self.independent)
        established = np.bincount(self.claim, np.where(supports, telling, 0), count) >= 2
        limits = self.policy.thresholds
        most, least = rough_probabilities(self.base + support), rough_probabilities(self.base - opposition)
        may = ((most >= limits.confirmed - _MARGIN) & established) | (least <= limits.refuted + _MARGIN)
        return may if self.rivalry is None else may | (self.rivalry.place >= 0)

    # --- on some days -----------------------------------------------------------------------

    def rows_of(self, claims: Ints) -> tuple[Ints, Ints]:
        """The rows of some claims, and for each which of these claims it is of."""
        counts = self.counts[claims]
        at = np.repeat(np.arange(len(claims)), counts)
        first = np.repeat(self.starts[claims] - (np.cumsum(counts) - counts), counts)
        return first + np.arange(len(at)), at

    def counting(self, claims: Ints, days: Ints) -> tuple[Ints, Ints]:
        """The rows of claims that count on days, each claim on one."""
        rows, at = self.rows_of(claims)
        counting = self.day[rows] <= days[at]
        return rows[counting], at[counting]

    def _finished(self, rows: Ints, days: Ints, strength: Floats) -> Floats:
        """What rows weigh alone on days, given what they weigh by stance, grade and record."""
        claims = self.claim[rows]
        for factor in self.factors:
            strength = strength * factor[rows]
        state = self.state[claims]
        if state.any():
            halvings = np.maximum(days - self.day[rows], 0) // self.period[claims]
            strength = np.where(state, strength * 0.5**halvings, strength)
        return np.where(days >= self.silent[rows], 0.0, strength)

    def columns(self, claims: Ints, rows: Ints, at: Ints, strength: Floats) -> Columns:
        """Rows of claims, each with the place of its claim among these, as the kernel has them."""
        return Columns(
            base=self.base[claims],
            claim=at,
            sign=self.sign[rows],
            strength=strength,
            origin=self.origin[rows],
            independent=self.independent[rows],
            takes_side=~self.mention[rows],
            good=self.good[rows],
            first_hand=self.witnessed[rows],
            official_record=self.official[rows],
            channel=self.channel[rows],
        )

    def _portions(self, claims: Ints) -> list[slice]:
        """Parts of a list of claims that have about :data:`ROWS` rows each."""
        ends = np.cumsum(self.counts[claims])
        found, first = [], 0
        while first < len(claims):
            done = ends[first - 1] if first else 0
            last = max(int(np.searchsorted(ends, done + ROWS, side="right")), first + 1)
            found.append(slice(first, last))
            first = last
        return found

    def on(self, claims: Ints, days: Ints, track: Track | None) -> Said:
        """What the policy says of claims on days, each claim on one."""
        said = Said.empty(len(claims))
        for here in self._portions(claims):
            self._say(said, here, claims[here], days[here], track)
        answers = self._answers_among(claims)
        if self.rivalry is not None and answers.size:
            pairs = self.rivalry.pairs(claims[answers], days[answers])
            self._say_rivals(said, answers, pairs, self.rivalry, track)
        return said

    def _answers_among(self, claims: Ints) -> Ints:
        """The places of those of some claims that have rivals."""
        if self.rivalry is None:
            return np.empty(0, dtype=np.int64)
        found: Ints = np.flatnonzero(self.rivalry.place[claims] >= 0)
        return found

    def _say_rivals(
        self, said: Said, places: Ints, pairs: Pairs, rivalry: Rivalry, track: Track | None
    ) -> None:
        """Write what is said of answers to questions over what their own evidence says."""
        for here in rivalry.portions(pairs.questions):
            heard = rivalry.on(pairs.questions[here], pairs.days[here], track)
            chosen = np.flatnonzero((pairs.pair >= here.start) & (pairs.pair < here.stop))
            place, column = pairs.pair[chosen] - here.start, pairs.column[chosen]
            numbers = np.full(heard.there.shape, -1)
            numbers[heard.there] = np.arange(len(heard.evidence))
            of, to, weighing = numbers[place, column], places[chosen], heard.weighing
            said.likelihood[to] = weighing.likelihood[of]
            said.status[to] = status_codes(weighing, self.policy.thresholds)[of]
            said.confidence[to] = confidence_codes(weighing)[of]
            said.opposing_lines[to] = weighing.opposing_lines[of]
            said.evidence[to] = heard.evidence[of]
            said.hears[to] = heard.hears[of]
            soonest = np.full(heard.there.shape, NEVER)
            claims = rivalry.claims[pairs.questions[here]]
            soonest[heard.there] = self._soonest(
                claims[heard.there], np.repeat(pairs.days[here], heard.there.sum(axis=1))
            )
            said.changes_on[to] = soonest.min(axis=1)[place]

    def _say(self, said: Said, here: slice, claims: Ints, days: Ints, track: Track | None) -> None:
        rows, at = self.counting(claims, days)
        strength = self.strengths(rows, days[at], track)
        tally = add_up(self.columns(claims, rows, at, strength))
        likelihood = probabilities(tally.log_odds)
        never = np.zeros(len(claims), dtype=np.bool_)
        weighing = weighing_of(tally, likelihood, never, never)
        said.likelihood[here] = likelihood
        said.status[here] = status_codes(weighing, self.policy.thresholds)
        said.confidence[here] = confidence_codes(weighing)
        said.supporting_lines[here] = tally.supporting_lines
        said.opposing_lines[here] = tally.opposing_lines
        said.evidence[here] = np.bincount(at, minlength=len(claims))
        self._age(said, here, claims, days, rows, at, strength)

    def status(self, claims: Ints, days: Ints, track: Track | None) -> NDArray[np.int8]:
        """The status that the policy gives claims on days, each claim on one, as its code."""
        found = np.empty(len(claims), dtype=np.int8)
        answers = self._answers_among(claims)
        if self.rivalry is not None and answers.size:
            alone = np.ones(len(claims), dtype=np.bool_)
            alone[answers] = False
            pairs = self.rivalry.pairs(claims[answers], days[answers])
            statuses = self.rivalry.statuses(pairs.questions, pairs.days, track)
            found[answers] = statuses[pairs.pair, pairs.column]
            if alone.any():
                found[alone] = self.status(claims[alone], days[alone], track)
            return found
        for here in self._portions(claims):
            rows, at = self.counting(claims[here], days[here])
            strength = self.strengths(rows, days[here][at], track)
            tally = add_up(self.columns(claims[here], rows, at, strength))
            found[here] = self._status_of(tally, probabilities(tally.log_odds))
        return found

    def _status_of(self, tally: Tally, likelihood: Floats) -> NDArray[np.int8]:
        never = np.zeros(len(likelihood), dtype=np.bool_)
        return status_codes(weighing_of(tally, likelihood, never, never), self.policy.thresholds)

    def strengths(self, rows: Ints, days: Ints, track: Track | None) -> Floats:
        """What rows weigh alone on days."""
        strength = self.strength[rows]
        if track is not None:
            strength = np.where(self.mention[rows], strength, track.strengths(rows, days))
        return self._finished(rows, days, strength)

    def surely(self, claims: Ints, days: Ints, track: Track) -> NDArray[np.int8]:
        """The status that claims have from a day on as long as nothing but the records of sources changes,
        each claim from one; :data:`UNSURE` where it may be one or another.

        By what each stance weighs at least and at most from then on. All that a side weighs never
        falls as any weight on it rises, nor does the likelihood as support rises or opposition
        falls; and of the statuses that a claim can have by equally many lines, each goes with one
        interval of likelihoods, so that where both ends agree, all between them do.
        """
        found = np.empty(len(claims), dtype=np.int8)
        for here in self._portions(claims):
            found[here] = self._surely(claims[here], days[here], track)
        return found

    def _surely(self, claims: Ints, days: Ints, track: Track) -> NDArray[np.int8]:
        rows, at = self.counting(claims, days)
        of_rows, mention = days[at], self.mention[rows]
        least, most = (
            self._finished(rows, of_rows, np.where(mention, self.strength[rows], bound))
            for bound in track.bounds(rows, of_rows)
        )
        unsure = self.plural[claims]
        unsure[at[(least > 0) != (most > 0)]] = True
        supports = self.sign[rows] > 0
        ends = [
            add_up(self.columns(claims, rows, at, strength))
            for strength in (np.where(supports, least, most), np.where(supports, most, least))
        ]
        low, high = ends
        real = self.policy.thresholds.real_weight
        unsure |= (np.minimum(low.support, high.opposition) >= real) != (
            np.minimum(high.support, low.opposition) >= real
        )
        # Both sides carry real weight, or they do not: whichever, it is so at either end.
        for end in ends:
            end.support[:] = high.support
            end.opposition[:] = low.opposition
        status = self._status_of(low, np.maximum(rough_probabilities(low.log_odds) - _MARGIN, 0.0))
        other = self._status_of(high, np.minimum(rough_probabilities(high.log_odds) + _MARGIN, 1.0))
        return np.where(unsure | (status != other), UNSURE, status).astype(np.int8)

    def _age(
        self, said: Said, here: slice, claims: Ints, days: Ints, rows: Ints, at: Ints, strength: Floats
    ) -> None:
        """What time does to states: whether they are stale, and when that changes anything next."""
        state = self.state[claims]
        said.stale[here] = False
        said.changes_on[here] = NEVER
        if not state.any():
            return
        here_too = state[at]
        rows, at, strength = rows[here_too], at[here_too], strength[here_too]
        period = self.period[claims]
        newest = np.full(len(claims), -1)
        telling = (strength > 0) & ~self.mention[rows]
        np.maximum.at(newest, at[telling], self.day[rows[telling]])
        said.stale[here] = (newest >= 0) & (days - newest >= period)
        said.changes_on[here] = self._steps(claims, days, rows, at)

    def _soonest(self, claims: Ints, days: Ints) -> Ints:
        """The next day on which age takes half the weight of a piece on each of some claims on days."""
        rows, at = self.counting(claims, days)
        state = self.state[claims][at]
        return self._steps(claims, days, rows[state], at[state])

    def _steps(self, claims: Ints, days: Ints, rows: Ints, at: Ints) -> Ints:
        """The same by the rows on states."""
        period = self.period[claims]
        speaking = days[at] < self.overtaken[rows]
        rows, at = rows[speaking], at[speaking]
        step = self.day[rows] + period[at] * (np.maximum(days[at] - self.day[rows], 0) // period[at] + 1)
        soonest = np.full(len(claims), NEVER)
        np.minimum.at(soonest, at, step)
        return soonest


_GOOD = (str(Reliability.A), str(Reliability.B))


def _first_after(said: Ints, slots: Ints, days: Ints) -> Ints:
    """The first day in each slot from a day on, in sorted ``slot * SPAN + day``; else :data:`NEVER`."""
    wanted = slots * SPAN + days
    place = np.searchsorted(said, wanted)
    found = np.append(said, -1)[place]
    return np.where(found // SPAN == slots, found % SPAN, NEVER)


@dataclass(frozen=True, slots=True)
class Said:
    """What a policy says of some claims on some days, as parallel arrays; codes as those of
    :mod:`claims.resolve.verdict`, days as ordinals."""

    likelihood: Floats
    status: NDArray[np.int8]
    confidence: NDArray[np.int8]
    supporting_lines: Ints
    opposing_lines: Ints
    evidence: Ints
    stale: Flags
    changes_on: Ints
    hears: Flags
    """Whether its rivals make any difference to it."""

    @classmethod
    def empty(cls, count: int) -> Said:
        """Room for so many."""
        return cls(
            likelihood=np.empty(count),
            status=np.empty(count, dtype=np.int8),
            confidence=np.empty(count, dtype=np.int8),
            supporting_lines=np.empty(count, dtype=np.int64),
            opposing_lines=np.empty(count, dtype=np.int64),
            evidence=np.empty(count, dtype=np.int64),
            stale=np.empty(count, dtype=np.bool_),
            changes_on=np.empty(count, dtype=np.int64),
            hears=np.zeros(count, dtype=np.bool_),
        )

    def first(self, count: int) -> Said:
        """The first so many."""
        return Said(*(getattr(self, field.name)[:count] for field in fields(self)))
