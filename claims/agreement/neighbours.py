"""Pairs of sources that speak on the same questions: how often, and how much alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from claims.agreement.table import assemble, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claims.agreement.parameters import Parameters
    from claims.agreement.table import Floats, Ints, Table

COPIES = 0.9
"""The echo for which a pair's agreement is weighed, to rank the pairs; groups are weighed for any."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of sources: ``first`` < ``second`` (indices), on how many questions they ``met``, and
    their ``agreement``, the nats by which copying explains it better than independence."""

    first: Ints
    second: Ints
    met: Floats
    agreement: Floats

    def members(self, pair: int) -> Ints:
        """The two sources of a pair."""
        return np.array([self.first[pair], self.second[pair]])

    def company(self, said: Floats) -> Floats:
        """The nats by which each pair met more often than its sources' numbers of rows would
        have it (Poisson); 0 for those that met once or not more often."""
        expected = said[self.first] * said[self.second] * 2 * self.met.sum() / said.sum() ** 2
        more = (self.met >= 2) & (self.met > expected)
        return np.where(more, self.met * np.log(self.met / expected) - self.met + expected, 0.0)


def sampled(table: Table, numbers: Parameters) -> Table:
    """The questions on which several spoke; of a large table every n-th."""
    every = max(1, ceil(table.rows / numbers.sample_rows))
    question = (table.spoken >= 2) & (np.arange(table.questions) % every == 0)
    candidate = np.repeat(question, table.size)
    row = candidate[table.candidate]
    place = np.cumsum(candidate, dtype=np.int64) - 1
    names = np.flatnonzero(question)
    return assemble(
        place[table.candidate[row]],
        table.source[row],
        (np.cumsum(question) - 1)[table.question[candidate]],
        table.label[candidate],
        (names, table.label_names, table.source_names),
    )


def pairs_of(table: Table, numbers: Parameters) -> Pairs:
    """The pairs that meet in a table. Where very many spoke on a question, each row is paired with some."""
    one, other = _meetings(table, numbers.lags)
    question = table.question_of_rows()[one]
    same = table.candidate[one] == table.candidate[other]
    votes = table.votes[table.candidate[one]] + table.votes[table.candidate[other]]
    usual = float(same.mean()) if len(same) else 0.5
    # How many of the others on the question say what the two say.
    chance = np.clip((votes / 2 - 1 - same + 2 * usual) / table.spoken[question], 0.02, 0.98)
    nats = np.where(same, np.log(COPIES / chance + 1 - COPIES), np.log(1 - COPIES))
    low = np.minimum(table.source[one], table.source[other]).astype(np.int64)
    high = np.maximum(table.source[one], table.source[other])
    key, at = np.unique(low * table.sources + high, return_inverse=True)
    return Pairs(
        first=key // table.sources,
        second=key % table.sources,
        met=summed(at, None, len(key)),
        agreement=summed(at, nats, len(key)),
    )


def _meetings(table: Table, lags: int) -> tuple[Ints, Ints]:
    """Pairs of rows by different sources on one question: each row with up to ``lags`` after it, in an order
    that has nothing to do with who they are or what they say."""
    question = table.question_of_rows()
    order = np.lexsort((_mixed(table.source, question), question))
    sorted_question = question[order]
    found: list[tuple[NDArray[Any], NDArray[Any]]] = []
    for lag in range(1, min(lags, len(order) - 1) + 1):
        at = np.flatnonzero(sorted_question[:-lag] == sorted_question[lag:])
        found.append((order[at], order[at + lag]))
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    one = np.concatenate([pair[0] for pair in found])
    other = np.concatenate([pair[1] for pair in found])
    differ = table.source[one] != table.source[other]
    return one[differ], other[differ]


def _mixed(source: Ints, question: Ints) -> NDArray[np.uint64]:
    """A number for each row that looks random and is always the same (multiplicative hashing)."""
    by_source = (source.astype(np.uint64) + np.uint64(1)) * np.uint64(2654435761)
    by_question = (question.astype(np.uint64) + np.uint64(7)) * np.uint64(40503777)
    return (by_source ^ by_question) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(20)
