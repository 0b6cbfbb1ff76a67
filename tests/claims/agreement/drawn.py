"""Small tables for tests: drawn by fixed seeds, or by hypothesis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from claims.agreement import Answers, Table, tabulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from("abc"), st.integers(0, 5)), min_size=1, max_size=60
)
CLAIM_ROWS = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from("nt"), st.integers(0, 5)), min_size=1, max_size=60
)


def table_of(rows: list[tuple[object, object, object]]) -> Table:
    return tabulate(*[list(column) for column in zip(*rows, strict=True)])


def claims(
    reliable: list[float], *, count: int, share_true: float = 0.5, seed: int = 1
) -> tuple[list[tuple[int, bool, int]], NDArray[np.bool_]]:
    """Rows (claim, stance, source) of sources that all speak on every claim, and the truth of each."""
    chance = np.random.default_rng(seed)
    truth = chance.random(count) < share_true
    rows = []
    for source, rate in enumerate(reliable):
        right = chance.random(count) < rate
        rows += [(claim, bool(truth[claim] == right[claim]), source) for claim in range(count)]
    return rows, truth


def likelihoods(answers: Answers) -> NDArray[np.float64]:
    """Of a table of plain claims: the likelihood of each."""
    return answers.probability[1::2]


def assert_rows_add_up(answers: Answers) -> None:
    """The score of each candidate is the sum of its parts, to the last bit."""
    parts = answers.base + answers.pattern + answers.votes
    weights = np.bincount(answers.table.candidate, answers.weight, len(parts))
    assert (answers.score == parts + weights).all()
    total = np.bincount(answers.table.question, answers.probability)
    assert np.allclose(total, 1)
