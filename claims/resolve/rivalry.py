"""Rival answers to simple questions, very many questions at once: what they make of each other on any days.

A question is simple where its answers are tied by nothing else, and no two claims give the same one. What
:mod:`claims.resolve.tying` and :mod:`claims.resolve.resolver` say of one such question, in the closed form of
:class:`claims.resolve.factors.OneOf`, is said here of all of them by the same sums in the same order, so
that no bit differs.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.kinds import rules_of
from claims.resolve.contradictions import link_of
from claims.resolve.kernel import weigh
from claims.resolve.mapped import (
    log_expm1,
    log_of_both,
    probabilities,
    rough_log_expm1,
    rough_probabilities,
    rough_softplus,
    softplus,
)
from claims.resolve.plain import KINDS, SIGNS, STANCES, distinct
from claims.resolve.tying import SETTLED
from claims.resolve.verdict import Weighing, status_codes, weighing_of
from claims.resolve.worth import SPAN
from claims.vocabulary import Stance

if TYPE_CHECKING:
    from collections.abc import Callable

    from claims.model import Link
    from claims.policy import Policy
    from claims.resolve.kernel import Flags, Floats, Ints, Weighed
    from claims.resolve.plain import PlainFacts, PlainQuestion
    from claims.resolve.plaintable import PlainTable
    from claims.resolve.track import Track
    from claims.resolve.verdict import Codes

MOST = 8
"""Questions with more answers are not simple."""

AT_ONCE = 1 << 15
"""So many answers on days are weighed at a time."""

NOBODY = -1
"""In place of an answer that a question does not have."""

WORK = 50_000
"""So many claims in all are resolved to look back on the days of a group (:data:`claims.history.WORK`)."""


def prices_of(question: PlainQuestion, policy: Policy) -> tuple[float, float]:
    """What each answer that is held beside another costs, and what holding none of them weighs, in nats."""
    none = policy.rules.get("exactly-one" if question.exactly_one else "none-of-these", 0.0)
    return policy.rules.get("one-answer", 0.0), -none if none else 0.0


def links_between(facts: PlainFacts) -> dict[str, Link]:
    """The links, by key, for the rival answers among some claims, as :mod:`claims.resolve.contradictions` has
    them."""
    answers: dict[int, list[str]] = defaultdict(list)
    for key, number in zip(facts.claims, facts.question.tolist(), strict=True):
        if number >= 0:
            answers[number].append(key)
    links = []
    for number, (first, *others) in answers.items():
        question = facts.questions[number]
        exactly_one = question.exactly_one
        rule = "exactly-one" if exactly_one else "one-answer"
        because = (
            f"{'one of the answers must be right' if exactly_one else 'rival answers to'}: {question.text}"
        )
        links += [link_of(first, rule, other, because) for other in others]
    return {link.key: link for link in links}


class _Scales(NamedTuple):
    """The functions by which answers are weighed against each other."""

    probabilities: Callable[[Floats], Floats]
    softplus: Callable[[Floats], Floats]
    log_expm1: Callable[[Floats], Floats]
    log_of_both: Callable[[Floats, Floats], Floats]


_EXACT = _Scales(probabilities, softplus, log_expm1, log_of_both)
_ROUGH = _Scales(rough_probabilities, rough_softplus, rough_log_expm1, np.logaddexp)

_MARGIN = 1e-8
"""More than rough functions make of a likelihood, or of nats."""


class Heard(NamedTuple):
    """What is said of the answers to questions on some days, each question on one: one row for each, one
    column for each answer, of which ``there`` tells answers from empty places; and, for these one after the
    other, what verdicts are made from, how many pieces of evidence bear on each, whether it ``hears``
    anything of its rivals, and how likely it is ``alone``, without these."""

    there: Flags
    weighing: Weighing
    evidence: Ints
    hears: Flags
    alone: Floats


class Pairs(NamedTuple):
    """Questions on days, each pair once; and for each of some claims on days its ``pair`` and ``column``."""

    questions: Ints
    days: Ints
    pair: Ints
    column: Ints


class Rivalry:
    """The simple questions of a table: ``claims`` of each, by number, one row for each question; ``place``
    of each claim among the rows, or -1; and its ``column``."""

    def __init__(self, table: PlainTable) -> None:
        self.table = table
        facts = table.facts
        answering = np.flatnonzero(facts.question >= 0)
        numbers, of = np.unique(facts.question[answering], return_inverse=True)
        order = np.argsort(of, kind="stable")
        answering, of = answering[order], of[order]
        self.sizes = np.bincount(of, minlength=len(numbers))
        column = np.arange(len(of)) - np.repeat(np.cumsum(self.sizes) - self.sizes, self.sizes)
        self.claims = np.full((len(numbers), int(self.sizes.max(initial=1))), NOBODY)
        self.claims[of, column] = answering
        self.place, self.column = (np.full(len(table.keys), -1) for _ in range(2))
        self.place[answering], self.column[answering] = of, column
        asked = [facts.questions[number] for number in numbers.tolist()]
        prices = np.array([prices_of(question, table.policy) for question in asked]).reshape(-1, 2)
        self.price, self.none = prices[:, 0].copy(), prices[:, 1].copy()
        self._supports = table.stance == STANCES.index(Stance.SUPPORTS)
        self._names()

    def __len__(self) -> int:
        return len(self.claims)

    def _names(self) -> None:
        """Numbers for the names of lines, in the order of these: where pieces of several origins make one
        line, it goes by the first of their names."""
        names = sorted({source.origin for source in self.table.facts.known})
        rank = {name: number for number, name in enumerate(names)}
        by_origin = {}
        for source, origin in zip(self.table.facts.known, self.table.origins.tolist(), strict=True):
            by_origin[origin] = rank[source.origin]
        ranks = np.array([by_origin[origin] for origin in range(len(by_origin))], dtype=np.int64)
        self.name = ranks[self.table.voice] if len(ranks) else self.table.voice
        self.width = len(names)
        joined = self.table.origin != self.table.voice
        self._joined = np.zeros(len(self.table.keys), dtype=np.bool_)
        self._joined[self.table.claim[joined]] = True

    # --- on some days -----------------------------------------------------------------------

    def pairs(self, claims: Ints, days: Ints) -> Pairs:
        """The questions that some claims answer, on days, each claim on one."""
        slots, pair = np.unique(self.place[claims] * SPAN + days, return_inverse=True)
        return Pairs(slots // SPAN, slots % SPAN, pair, self.column[claims])

    def portions(self, questions: Ints) -> list[slice]:
        """Parts of a list of questions that have so many answers that what they take has room."""
        step = max(AT_ONCE // max(self.claims.shape[1], 1), 1)
        return [slice(at, min(at + step, len(questions))) for at in range(0, len(questions), step)]

    def statuses(self, questions: Ints, days: Ints, track: Track | None) -> Codes:
        """The status of each answer to questions on days, each question on one, as its code: one row for each
        question, one column for each answer."""
        found = np.full((len(questions), self.claims.shape[1]), NOBODY, dtype=np.int8)
        for here in self.portions(questions):
            heard = self.on(questions[here], days[here], track, _ROUGH)
            found[here][heard.there] = status_codes(heard.weighing, self.table.policy.thresholds)
            near = np.flatnonzero(self._near(heard)) + here.start
            if near.size:
                heard = self.on(questions[near], days[near], track)
                exact = np.full(heard.there.shape, NOBODY, dtype=np.int8)
                exact[heard.there] = status_codes(heard.weighing, self.table.policy.thresholds)
                found[near] = exact
        return found

    def _near(self, heard: Heard) -> Flags:
        """Which questions have an answer so near to a border that its status, or that of a rival, may be
        another than rough functions make it."""
        limits, weighing = self.table.policy.thresholds, heard.weighing
        status, other = (
            status_codes(replace(weighing, likelihood=weighing.likelihood + shift), limits)
            for shift in (-_MARGIN, _MARGIN)
        )
        carried = np.minimum(weighing.support, weighing.opposition)
        near = (status != other) | (np.abs(carried - limits.real_weight) < _MARGIN)
        for border in (limits.corroborated, 0.5):
            near |= np.abs(weighing.likelihood - border) < _MARGIN
            near |= np.abs(heard.alone - border) < _MARGIN
        found = np.zeros(heard.there.shape, dtype=np.bool_)
        found[heard.there] = near
        return np.asarray(found.any(axis=1))

    def on(self, questions: Ints, days: Ints, track: Track | None, scales: _Scales = _EXACT) -> Heard:
        """What is said of the answers to questions on days, each question on one."""
        table, claims = self.table, self.claims[questions]
        there = claims >= 0
        flat, on = claims[there], np.repeat(days, self.sizes[questions])
        rows, at = table.counting(flat, on)
        weighed = weigh(table.columns(flat, rows, at, table.strengths(rows, on[at], track)))
        own = np.zeros(there.shape)
        own[there] = weighed.log_odds
        speaks = np.zeros(there.shape, dtype=np.bool_)
        counts = np.bincount(at, minlength=len(flat))
        speaks[there] = counts > 0
        told = self._told(questions, own, speaks, scales)[there]
        odds = weighed.log_odds + told
        likelihood, alone = scales.probabilities(odds), scales.probabilities(weighed.log_odds)
        never = np.zeros(len(flat), dtype=np.bool_)
        weighing = weighing_of(weighed.tally, likelihood, never, never)
        weighing.support[:] += np.maximum(told, 0.0)
        weighing.opposition[:] += np.maximum(-told, 0.0)
        weighing.largest[:] = np.maximum(weighing.largest, np.abs(told))
        slots = np.flatnonzero(there)
        faced = self._faced(weighing, weighed, slots[at], rows, there)
        evidence = counts + self._among_others(there, slots[at[self._supports[rows]]])
        newest = self._newest(slots[at], rows, weighed, there)
        overtaken = self._overtaken(there, alone, likelihood, newest)
        return Heard(there, replace(faced, overtaken_by_newer=overtaken), evidence, told != 0, alone)

    def _told(self, questions: Ints, own: Floats, speaks: Flags, by: _Scales) -> Floats:
        """What the question adds to the log-odds of each answer. One on which nothing counts yet has no say;
        it hears the others as if it had one."""
        price, none = self.price[questions, np.newaxis], self.none[questions, np.newaxis]
        held = by.log_expm1(by.softplus(own))
        each = np.where(speaks, by.softplus(held - price), 0.0)
        before, after = np.zeros(own.shape), np.zeros(own.shape)
        for column in range(1, own.shape[1]):
            before[:, column] = before[:, column - 1] + each[:, column - 1]
        for column in range(own.shape[1] - 2, -1, -1):
            after[:, column] = after[:, column + 1] + each[:, column + 1]
        others = before + after
        complete = speaks.sum(axis=1, keepdims=True) + ~speaks == self.sizes[questions, np.newaxis]
        told = others - by.log_of_both(np.where(complete, none, 0.0), price + by.log_expm1(others))
        return np.where(np.abs(told) > SETTLED, told, 0.0)

    # --- what stands against an answer -------------------------------------------------------

    def _faced(self, weighing: Weighing, weighed: Weighed, slots: Ints, rows: Ints, there: Flags) -> Weighing:
        """The same with the lines that support rivals among those against each answer. ``slots`` are the
        places of rows among all places of answers."""
        table, width = self.table, there.shape[1]
        lead = np.flatnonzero(weighed.side)
        plus = lead[weighed.side[lead] > 0]
        names = self._named(slots, rows)
        flat = np.flatnonzero(there)
        against = [slots[lead] * self.width + names[lead]]
        opposing = [against[0][weighed.side[lead] < 0]]
        good = np.zeros(there.size, dtype=np.bool_)
        sound = plus[table.good[rows[plus]]]
        for shift in range(1, width):
            other = self._shifted(slots[plus], shift, width)
            opposing.append(other * self.width + names[plus])
            good[self._shifted(slots[sound], shift, width)] = True
        against += opposing[1:]
        several = (np.repeat(there.sum(axis=1), width) > 1)[flat]
        lines, opposed = (
            np.bincount(distinct(np.concatenate(some)) // max(self.width, 1), minlength=there.size)[flat]
            for some in (against, opposing)
        )
        return replace(
            weighing,
            lines=np.where(several, lines, weighing.lines),
            opposing_lines=np.where(several, opposed, weighing.opposing_lines),
            good=weighing.good | good[flat],
        )

    @staticmethod
    def _shifted(slots: Ints, shift: int, width: int) -> Ints:
        """The places of other answers to the same questions."""
        shifted: Ints = slots - slots % width + (slots + shift) % width
        return shifted

    def _named(self, slots: Ints, rows: Ints) -> Ints:
        """The name of the line of each row, by number."""
        table, names = self.table, self.name[rows]
        joined = np.flatnonzero(self._joined[table.claim[rows]])
        if joined.size:
            some = rows[joined]
            sides = slots[joined] * 2 + (SIGNS[table.stance[some]] > 0)
            keys = sides * (int(table.origin.max(initial=0)) + 1) + table.origin[some]
            _, line = np.unique(keys, return_inverse=True)
            first = np.full(int(line.max()) + 1, self.width)
            np.minimum.at(first, line, names[joined])
            names[joined] = first[line]
        return names

    def _among_others(self, there: Flags, slots: Ints) -> Ints:
        """How many of some places are those of other answers to the question of each answer."""
        count = np.bincount(slots, minlength=there.size).reshape(there.shape)
        others: Ints = (count.sum(axis=1, keepdims=True) - count)[there]
        return others

    # --- a newer answer ---------------------------------------------------------------------

    def _newest(self, slots: Ints, rows: Ints, weighed: Weighed, there: Flags) -> Ints:
        """The day of the newest piece that leads a supporting line of each answer, or -1."""
        leads = weighed.side > 0
        newest = np.full(there.size, -1)
        np.maximum.at(newest, slots[leads], self.table.day[rows[leads]])
        return newest.reshape(there.shape)

    def _overtaken(self, there: Flags, alone: Floats, likelihood: Floats, newest: Ints) -> Flags:
        """Which answers a newer one overtakes: a rival that is held, and that alone brings this one down."""
        least = self.table.policy.thresholds.corroborated
        held, brought_down = (np.zeros(there.shape, dtype=np.bool_) for _ in range(2))
        held[there] = likelihood >= least
        brought_down[there] = (likelihood < 0.5) & (alone >= least)
        held_since = np.where(held, newest, -1)
        overtaken = np.zeros(there.shape, dtype=np.bool_)
        for column in range(there.shape[1]):
            others = np.delete(held_since, column, axis=1).max(axis=1, initial=-1)
            mine = newest[:, column]
            overtaken[:, column] = brought_down[:, column] & (mine >= 0) & (others > mine)
        found: Flags = overtaken[there]
        return found


LATEST = date(2200, 1, 1).toordinal()
"""No resolution is asked for as of a later day."""

RECORDS = 400
"""On no more days are the records of the sources of a group looked at again."""


def too_long(facts: PlainFacts, policy: Policy) -> Flags:
    """Which claims answer questions of which so much was said, or so long ago, that the resolver would not
    look at all days; and those on which nothing was said."""
    pieces, question = facts.pieces, facts.question
    answers = question >= 0
    states = np.array([rules_of(kind).state for kind in KINDS])
    state = np.where(facts.ongoing < 0, states[facts.kind], facts.ongoing > 0)
    period = np.array([policy.stale_after(kind) for kind in KINDS])[facts.kind]
    days = np.ones(len(pieces.claim))
    days += np.where(state[pieces.claim], np.maximum(LATEST - pieces.day, 0) // period[pieces.claim], 0)
    of = np.where(answers, question, len(facts.questions))[pieces.claim]
    in_all = np.bincount(of, weights=days, minlength=len(facts.questions) + 1) + RECORDS
    said = np.bincount(pieces.claim, minlength=len(facts.claims)) > 0
    found: Flags = answers & (~said | (in_all[question] * MOST > WORK))
    return found
