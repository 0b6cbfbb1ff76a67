"""Answers and records together, from who says what alone: weigh by the records, recount them, and again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from claims.agreement.answers import Answers, Reasons, conclude, softmax
from claims.agreement.chunks import chunks_of, workers
from claims.agreement.differences import telling_length
from claims.agreement.parameters import DEFAULT
from claims.agreement.pattern import pattern_of
from claims.agreement.records import Spoken, Weigher, cells_of, chance_of, counts_of, tally
from claims.agreement.table import per_candidate, summed

if TYPE_CHECKING:
    from claims.agreement.chunks import Chunk, Run
    from claims.agreement.parameters import Parameters
    from claims.agreement.records import Cells, Records
    from claims.agreement.table import Floats, Table

FEW_CELLS = 1 << 16
"""Above this many cells, counts are taken in one piece: adding up long arrays would cost more."""


def learn(
    table: Table, numbers: Parameters = DEFAULT, *, shares: Floats | None = None, threads: int = 1
) -> Answers:
    """Who is right, and who how often.

    Expectation and maximisation by turns (Dawid & Skene 1979), from the vote share on, with each row left
    out of the record by which it is weighed. ``shares`` says for how much each row counts (see
    ``groups``), 1 if not given. The result is the same to the last bit for any number of ``threads``.
    """
    if not table.rows:
        raise ValueError("nobody says anything: the table has no rows")
    with workers(threads) as run:
        return _Learning(table, numbers, shares, run).result()


class _Learning:
    """One table being learned from: what stays the same in every round, and what each round changes."""

    def __init__(self, table: Table, numbers: Parameters, shares: Floats | None, run: Run) -> None:
        self.table = table
        self.numbers = numbers
        self.shares = shares
        self.run = run
        self.cells: Cells = cells_of(table, shares)
        self.spoken = Spoken(table, self.cells, shares)
        self.chance = chance_of(table)
        self.familiar = max(numbers.familiar, numbers.telling * telling_length(table))
        self.pattern = None if table.closed else pattern_of(table)
        self.chunks = chunks_of(table)
        self.probability = table.votes / per_candidate(table, np.maximum(table.spoken, 1.0))
        self.score = np.zeros(len(table.question))
        self.weight = np.zeros(table.rows)

    def result(self) -> Answers:
        records, base, pattern = self._rounds()
        said = self.cells.source_said
        reasons = Reasons(base, pattern, said, lambda chunk: self.weight[chunk.rows], records)
        return conclude(self.table, reasons, self.numbers, self.shares, self.run, self.chunks)

    def _rounds(self) -> tuple[Records, Floats, Floats]:
        """Rounds until the counts rest; the last records, and base and pattern of each candidate."""
        right = self._right(list(self.run(self._recount, self.chunks)))
        rounds = self._most_rounds()
        while True:
            records = self._records(right)
            base, pattern = self._base_and_pattern(records)
            weigh = partial(
                self._weigh, weigher=Weigher(counts_of(records), self.numbers), start=base + pattern
            )
            moved = self._right(list(self.run(weigh, self.chunks)))
            rounds -= 1
            if not rounds or np.abs(moved - right).sum() < self.numbers.tolerance * self.table.rows:
                return records, base, pattern
            right = moved

    def _most_rounds(self) -> int:
        """Few rounds where sources have spoken seldom: sparse records confirm themselves."""
        speakers = max(1, int((self.cells.source_said > 0).sum()))
        return max(1, int(min(self.numbers.rounds, 4 + self.table.rows / (5 * speakers))))

    def _records(self, right: Floats) -> Records:
        spread = 1.0 if self.pattern is None else self.pattern.spread(self.probability)
        return tally(
            self.table,
            self.cells,
            self.spoken,
            right,
            self.probability,
            self.numbers,
            chance=self.chance,
            familiar=self.familiar,
            spread=spread,
        )

    def _base_and_pattern(self, records: Records) -> tuple[Floats, Floats]:
        # The logarithm of the rate, not its logit: each candidate has its own, and the softmax
        # makes the odds of them. A logit on both would count the base rate twice.
        base = np.log(records.base / records.chance)[self.table.label]
        if self.pattern is None:
            return base, np.zeros(len(base))
        return base, self.pattern.nats(records.spread, self.numbers.pattern)

    def _part(self, chunk: Chunk) -> Floats | float:
        return 1.0 if self.shares is None else self.shares[chunk.rows]

    def _weigh(self, chunk: Chunk, *, weigher: Weigher, start: Floats) -> Floats:
        """Weigh the rows of a piece, score its candidates, and recount its cells."""
        table, part, rows = self.table, self._part(chunk), chunk.rows
        row_candidate = table.candidate[rows]
        own = self.probability[row_candidate] * part
        weight = weigher.weigh(self.cells.of_row[rows], own, part) * part
        self.weight[rows] = weight
        many = chunk.candidates.stop - chunk.candidates.start
        score = start[chunk.candidates] + summed(row_candidate - chunk.candidates.start, weight, many)
        self.probability[chunk.candidates] = softmax(table, score, chunk)
        return self._recount(chunk)

    def _recount(self, chunk: Chunk) -> Floats:
        """The right assertions of each cell, of the rows of one piece."""
        if len(self.cells) > FEW_CELLS:
            return np.zeros(0)
        held = self.probability[self.table.candidate[chunk.rows]] * self._part(chunk)
        return summed(self.cells.of_row[chunk.rows], held, len(self.cells))

    def _right(self, pieces: list[Floats]) -> Floats:
        if len(self.cells) > FEW_CELLS:
            held = self.probability[self.table.candidate]
            held = held if self.shares is None else held * self.shares
            return summed(self.cells.of_row, held, len(self.cells))
        total = np.zeros(len(self.cells))
        for piece in pieces:
            total += piece
        return total
