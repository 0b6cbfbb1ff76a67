"""Whether a group of sources agrees more than independent sources would: the evidence, in nats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from claims.agreement.table import per_question, summed

if TYPE_CHECKING:
    from claims.agreement.table import Floats, Ints, Table

ECHOES = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97])
PRIOR_PAIRS = 20.0
"""Agreement within and across a group starts as this many comparisons of the table's average."""
PRIOR_OTHERS = 2.0
"""The share of the others who say the same starts as this many of the table's average."""
LEAST, MOST = 0.02, 0.98


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a group agreed, on the ``questions`` on which at least two of it and somebody else spoke.

    Each member beyond the first is one of the ``comparisons``; ``agreed`` of them agree, ``expected`` would
    if each spoke for itself. ``apart``: the agreements on answers that fewer than half of the others
    gave. ``echo``: the part in which the group speaks with one mouth, as likely as possible;
    ``nats``: the log-likelihood of that echo against none, less the price of having chosen it.
    """

    questions: int
    comparisons: float
    agreed: float
    expected: float
    apart: float
    echo: float
    nats: float


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in a table: how often two who speak on a question say the same (``agreement``), and how
    often two would if they answered without looking at the question (``anyway``)."""

    agreement: float
    anyway: float


def usual_of(table: Table) -> Usual:
    """What is usual in a table."""
    pairs = float((table.spoken * (table.spoken - 1)).sum())
    habits = _label_shares(table.label, table.votes, table.labels)
    if not pairs:
        return Usual(0.5, _product(habits, habits))
    agreement = float((table.votes * (table.votes - 1)).sum()) / pairs
    return Usual(agreement, _product(habits, habits))


@dataclass(frozen=True, slots=True)
class _Told:
    """The questions that tell something: at least two members of the group spoke, and somebody else.

    ``members`` and ``others``: votes per candidate, with its ``label``; ``first``, ``size`` and the
    votes of members and others (``within``, ``without``) per question.
    """

    members: Floats
    others: Floats
    label: Ints
    first: Ints
    size: Ints
    within: Floats
    without: Floats

    def per_question(self, values: Floats) -> Floats:
        return np.asarray(np.add.reduceat(values, self.first))

    def per_candidate(self, values: Floats) -> Floats:
        return np.repeat(values, self.size)


def evidence_of(table: Table, votes: Floats, usual: Usual) -> Evidence:
    """The evidence for a group with these ``votes`` per candidate, out of those of the table.

    With one mouth to the part e, two members agree with probability e + (1 - e) a, where a is the chance
    that independent ones do on that question.
    """
    told = _told(table, votes)
    if told is None:
        return Evidence(0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    compared = told.within - 1
    pairs = told.members * (told.members - 1)
    agreed = told.per_question(pairs) / told.within
    chance = _chance_of_agreeing(table, told, usual)
    fits = np.array(
        [
            (agreed * np.log(e / chance + 1 - e)).sum() + ((compared - agreed) * np.log(1 - e)).sum()
            for e in ECHOES
        ]
    )
    best = int(fits.argmax())
    minority = told.others < told.per_candidate(told.without) / 2
    return Evidence(
        questions=len(told.first),
        comparisons=float(compared.sum()),
        agreed=float(agreed.sum()),
        expected=float((compared * chance).sum()),
        apart=float((told.per_question(np.where(minority, pairs, 0.0)) / told.within).sum()),
        echo=float(ECHOES[best]),
        nats=float(fits[best] - np.log(len(ECHOES))),
    )


def _told(table: Table, votes: Floats) -> _Told | None:
    spoke = per_question(table, votes)
    questions = np.flatnonzero((spoke >= 2) & (table.spoken > spoke))
    if not len(questions):
        return None
    size = table.size[questions]
    first = np.cumsum(size) - size
    candidate = np.repeat(table.first[questions] - first, size) + np.arange(int(size.sum()))
    members = votes[candidate]
    return _Told(
        members=members,
        others=table.votes[candidate] - members,
        label=table.label[candidate],
        first=first,
        size=size,
        within=spoke[questions],
        without=table.spoken[questions] - spoke[questions],
    )


def _chance_of_agreeing(table: Table, told: _Told, usual: Usual) -> Floats:
    """Per question: how likely a member's answer would be another's too, if each spoke for itself.

    That is the share of the others who gave it, raised if the members are better than the others.
    """
    share = told.members / told.per_candidate(told.within)
    said_it = told.per_question(share * (told.others + PRIOR_OTHERS * usual.agreement))
    chance = np.clip(said_it / (told.without + PRIOR_OTHERS), LEAST, MOST)
    raised = np.log(chance / (1 - chance)) + _lift(table, told, usual)
    return np.asarray(np.clip(1 / (1 + np.exp(-raised)), LEAST, MOST))


def _lift(table: Table, told: _Told, usual: Usual) -> float:
    """By how many nats independent members would agree with each other rather than with the others.

    Good sources agree because they are right. What independent sources have in common is the truth
    alone, so their agreements in excess of chance are products: (members with others)² =
    (members with members) × (others with others), for sources with one rate or two.
    """
    members = _label_shares(told.label, told.members, table.labels)
    others = _label_shares(told.label, told.others, table.labels)
    prior = PRIOR_PAIRS * (usual.agreement - usual.anyway)

    pairs = _product(told.within, told.without)
    agree = _product(told.members, told.others)
    across = (agree - pairs * _product(members, others) + prior) / (pairs + PRIOR_PAIRS)
    found = (agree + PRIOR_PAIRS * usual.agreement) / (pairs + PRIOR_PAIRS)
    pairs = float((told.without * (told.without - 1)).sum()) / 2
    agree = float((told.others * (told.others - 1)).sum()) / 2
    outside = (agree - pairs * _product(others, others) + prior) / (pairs + PRIOR_PAIRS)

    expected = _product(members, members) + max(across, 0.0) ** 2 / max(outside, LEAST)
    expected, found = min(max(expected, LEAST), MOST), min(max(found, LEAST), MOST)
    return max(0.0, float(np.log(expected / (1 - expected)) - np.log(found / (1 - found))))


def _product(one: Floats, other: Floats) -> float:
    """The sum of products, added up by numpy itself: libraries for it split long sums between threads."""
    return float((one * other).sum())


def _label_shares(label: Ints, votes: Floats, labels: int) -> Floats:
    """How often each label is said, as shares of all that is said."""
    said = summed(label, votes, labels)
    return np.asarray(said / max(said.sum(), 1.0))
