"""Marks: right, wrong, contested, and what nobody spoke on."""

from __future__ import annotations

import numpy as np

from claims.agreement import mark, tabulate

TABLE = tabulate(
    ["one", "one", "two", "two", "three"],
    ["x", "y", "x", "y", "x"],
    ["a", "b", "a", "b", "a"],
)
SCORES = {("one", "x"): 2.0, ("two", "x"): 1.0, ("two", "y"): 1.0, ("three", "x"): 1.0}


def marks(truth: dict[str, str]):
    names = zip(TABLE.question, TABLE.label, strict=True)
    score = [SCORES.get((TABLE.question_names[q], TABLE.label_names[v]), 0.0) for q, v in names]
    return mark(TABLE, np.array(score), truth)


def test_a_contested_answer_counts_as_a_lot_would_and_is_set_aside_in_precision():
    found = marks({"one": "x", "two": "y", "three": "y"})

    assert (found.n, found.answered, found.right, found.contested) == (3, 2, 1, 1)
    assert found.accuracy == (1 + 0.5 + 0) / 3
    assert found.precision == 1 / 2
    assert found.share_contested == 1 / 3


def test_what_nobody_spoke_on_is_asked_and_not_answered():
    found = marks({"one": "x", "four": "x"})

    assert (found.n, found.answered, found.accuracy, found.precision) == (2, 1, 0.5, 1.0)


def test_a_truth_that_nobody_named_is_not_hit():
    assert marks({"one": "z"}).accuracy == 0


def test_nothing_asked_is_no_figure():
    found = marks({})

    assert (found.accuracy, found.precision, found.share_contested) == (None, None, None)
