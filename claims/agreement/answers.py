"""What learning and weighing give: for each candidate a score that is a sum, and a probability."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from claims.agreement.differences import trust_of
from claims.agreement.table import per_candidate, per_question, summed

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from claims.agreement.chunks import Chunk, Run
    from claims.agreement.parameters import Parameters
    from claims.agreement.records import Records
    from claims.agreement.table import Floats, Ints, Table

TIE = 1e-6
"""Candidates whose scores lie within this many nats are equal: what differs is rounding."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The candidates of a table, scored.

    ``score[c] = base[c] + pattern[c] + votes[c] + the sum of weight[r] over the rows r that name c``, to the
    last bit, all in nats; ``probability`` is its softmax over the question. ``base``: how often the
    label holds anyway. ``pattern``: how usual the other answers would be as errors. ``votes``: what the
    share of the votes adds, for the part in which records are not trusted. ``weight``: what each
    assertion counts by its source's record. ``trust``, per question: the part in which records are
    trusted, by which base, pattern and weights are multiplied already. It is the mean over its rows of
    the trust in their sources, by how often these have spoken. ``records``: the sources' records.

    The probability is trust times that by the records alone, and the share of the votes for the rest. Since
    the Brier score is convex, that is no worse than the two scores mixed in the same way, however sure of
    themselves records are.
    """

    table: Table
    score: Floats
    probability: Floats
    base: Floats
    pattern: Floats
    votes: Floats
    weight: Floats
    trust: Floats
    records: Records

    def contested(self) -> NDArray[np.bool_]:
        """Per question: whether several candidates share the first place, so that there is no answer."""
        return np.asarray(per_question(self.table, self._on_top().astype(np.float64)) > 1)

    def answer(self) -> NDArray[np.int64]:
        """Per question the index of its best candidate, or -1 where it is contested."""
        top = np.flatnonzero(self._on_top())
        best = np.full(self.table.questions, -1)
        best[self.table.question[top]] = top
        best[self.contested()] = -1
        return best

    def _on_top(self) -> NDArray[np.bool_]:
        if not self.table.questions:
            return np.zeros(0, dtype=np.bool_)
        highest = np.maximum.reduceat(self.score, self.table.first)
        return np.asarray(self.score >= per_candidate(self.table, highest) - TIE)

    def explain(self, question: Any) -> list[Explained]:
        """The candidates of one question, the best first, each with the rows that add up to its score. Raises
        ``KeyError`` for a question that is not in the table."""
        table = self.table
        place = {name: index for index, name in enumerate(table.question_names)}[question]
        start = int(table.first[place])
        found = [self._explained(start + step) for step in range(int(table.size[place]))]
        return sorted(found, key=lambda one: -one.score)

    def _explained(self, candidate: int) -> Explained:
        table = self.table
        low, high = np.searchsorted(table.candidate, [candidate, candidate + 1])
        return Explained(
            label=table.label_names[int(table.label[candidate])],
            score=float(self.score[candidate]),
            probability=float(self.probability[candidate]),
            base=float(self.base[candidate]),
            pattern=float(self.pattern[candidate]),
            votes=float(self.votes[candidate]),
            rows=tuple(self._row(row) for row in range(int(low), int(high))),
        )

    def _row(self, row: int) -> Row:
        table, records = self.table, self.records
        source = table.source_names[int(table.source[row])]
        label = table.label_names[int(table.label[table.candidate[row]])]
        at = records.place(source, label)
        if at is None:
            return Row(source, float(self.weight[row]), 0.0, 0.0, None)
        spoke = float(records.spoke[at])
        return Row(
            source=source,
            weight=float(self.weight[row]),
            right=float(records.right[at]),
            said=float(records.said[at]),
            base=float(records.holds[at]) / spoke if spoke else None,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One assertion in an explanation: its source, its weight in nats, and the source's record with this
    label: ``right`` of ``said``, where the label holds on the share ``base`` of what the source spoke on
    anyway (None: nothing is known). The record shown includes the assertion itself; the weight does not."""

    source: Any
    weight: float
    right: float
    said: float
    base: float | None


@dataclass(frozen=True, slots=True)
class Explained:
    """One candidate and what its score is made of: ``base + pattern + votes`` and the rows' weights."""

    label: Any
    score: float
    probability: float
    base: float
    pattern: float
    votes: float
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """What is known when records have been chosen, before it is said how far they are trusted: ``base`` and
    ``pattern`` of each candidate, ``said``, the rows of each source in the records, and for any piece
    of the table what its rows weigh."""

    base: Floats
    pattern: Floats
    said: Floats
    weight_of: Callable[[Chunk], Floats]
    records: Records


def conclude(
    table: Table, reasons: Reasons, numbers: Parameters, shares: Floats | None, run: Run, chunks: list[Chunk]
) -> Answers:
    """Trust records as far as their sources are familiar, count votes for the rest, and add up."""
    answers = Answers(
        table=table,
        score=np.empty(len(table.question)),
        probability=np.empty(len(table.question)),
        base=np.empty(len(table.question)),
        pattern=np.empty(len(table.question)),
        votes=np.empty(len(table.question)),
        weight=np.empty(table.rows),
        trust=np.empty(table.questions),
        records=reasons.records,
    )
    familiar = trust_of(reasons.said, reasons.records.familiar)
    for _ in run(partial(_conclude, answers, reasons, familiar, numbers, shares), chunks):
        pass
    return answers


def _conclude(
    answers: Answers,
    reasons: Reasons,
    familiar: Floats,
    numbers: Parameters,
    shares: Floats | None,
    chunk: Chunk,
) -> Floats:
    """Fill in the answers of one piece."""
    table, here, rows = answers.table, chunk.candidates, chunk.rows
    size, first = table.size[chunk.questions], table.first[chunk.questions] - here.start
    spoken = table.spoken[chunk.questions]
    at, many = table.candidate[rows] - here.start, here.stop - here.start

    known = summed(at, familiar[table.source[rows]], many)
    trust = np.add.reduceat(known, first) / np.maximum(spoken, 1.0)
    each = np.repeat(trust, size)
    votes = table.votes[here] if shares is None else summed(at, shares[rows], many)
    smoothed = votes + numbers.vote_smoothing
    share = smoothed / np.repeat(np.add.reduceat(smoothed, first), size)

    answers.trust[chunk.questions] = trust
    answers.weight[rows] = reasons.weight_of(chunk)
    weighed = summed(at, answers.weight[rows], many)
    by_records = log_shares(reasons.base[here] + reasons.pattern[here] + weighed, first, size)
    mixed = each * np.exp(by_records) + (1 - each) * share

    answers.base[here] = reasons.base[here] * each
    answers.pattern[here] = reasons.pattern[here] * each
    answers.weight[rows] *= each[at]
    answers.votes[here] = np.log(mixed) - each * by_records
    answers.score[here] = answers.base[here] + answers.pattern[here] + answers.votes[here]
    answers.score[here] += summed(at, answers.weight[rows], many)
    answers.probability[here] = mixed
    return trust


def log_shares(score: Floats, first: Ints, size: Ints) -> Floats:
    """The logarithm of the softmax of scores, over runs that begin at ``first`` and are of ``size``."""
    highest = np.repeat(np.maximum.reduceat(score, first), size)
    lead = score - highest
    return np.asarray(lead - np.repeat(np.log(np.add.reduceat(np.exp(lead), first)), size))


def softmax(table: Table, score: Floats, chunk: Chunk) -> Floats:
    """Probabilities of the candidates of each question of one piece of the table."""
    if table.binary:
        pairs = score.reshape(-1, 2)
        lead = np.clip(pairs[:, 0] - pairs[:, 1], -700.0, 700.0)
        of_second = 1 / (1 + np.exp(lead))
        return np.stack([1 - of_second, of_second], axis=1).ravel()
    first = table.first[chunk.questions] - chunk.candidates.start
    size = table.size[chunk.questions]
    raised = np.exp(score - np.repeat(np.maximum.reduceat(score, first), size))
    return np.asarray(raised / np.repeat(np.add.reduceat(raised, first), size))
