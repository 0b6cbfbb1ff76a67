"""Sources that speak with one mouth count once."""

from __future__ import annotations

import numpy as np
import pytest

from claims.agreement import count_once, learn, membership, shares
from tests.claims.agreement.drawn import table_of

ROWS = [
    ("a", "x", "wire"),
    ("a", "x", "mirror"),
    ("a", "x", "paper"),
    ("a", "y", "army"),
    ("b", "x", "mirror"),
    ("b", "y", "paper"),
]


def test_rows_of_a_group_for_one_candidate_become_the_group_s():
    table = table_of(ROWS)
    once = count_once(table, membership(table, [["wire", "mirror"]]))
    assert once.votes.tolist() == [2, 1, 1, 1]
    said = {
        (once.question_names[int(once.question[c])], once.source_names[int(s)])
        for c, s in zip(once.candidate, once.source, strict=True)
    }
    # Alone, a member is itself.
    assert said == {("a", ("mirror", "wire")), ("a", "paper"), ("a", "army"), ("b", "mirror"), ("b", "paper")}


def test_no_groups_change_nothing():
    table = table_of(ROWS)
    assert count_once(table, membership(table, [])) is table
    assert shares(table, membership(table, []), []) is None


def test_a_group_has_a_record_of_its_own():
    # Each of the two is right when alone, and wrong when they speak together.
    rows = []
    for claim in range(200):
        truth, lie = ("yes", "no") if claim % 4 < 2 else ("no", "yes")
        rows += [(claim, truth, who) for who in ("a", "b", "c")]
        rows += [(claim, lie, "wire"), (claim, lie, "mirror")] if claim % 2 else [(claim, truth, "wire")]
    table = table_of(rows)
    once = count_once(table, membership(table, [["wire", "mirror"]]))
    answers = learn(once)
    group = answers.table.source == len(answers.table.source_names) - 1
    alone = answers.table.source == list(answers.table.source_names).index("wire")
    assert answers.records.source_right[-1] / answers.records.source_said[-1] < 0.1
    assert group.sum() == alone.sum() == 100


def test_k_rows_of_an_echoing_group_count_as_the_design_effect_has_it():
    table = table_of(ROWS)
    group = membership(table, [["wire", "mirror", "paper"]])
    full, half, none = (shares(table, group, [echo]) for echo in (1.0, 0.5, 0.0))
    assert full is not None
    assert half is not None
    assert full.tolist() == pytest.approx([1 / 3] * 3 + [1, 1, 1])
    assert half.tolist() == pytest.approx([1 / 2] * 3 + [1, 1, 1])
    assert np.array(none).tolist() == [1] * 6


def test_a_source_cannot_be_in_two_groups():
    with pytest.raises(ValueError, match="'wire' is in two groups"):
        membership(table_of(ROWS), [["wire", "mirror"], ["paper", "wire"]])


def test_a_name_that_nobody_has_is_passed_over():
    assert membership(table_of(ROWS), [["nobody", "army"]]).tolist() == [0, -1, -1, -1]
