"""Three columns of anything, in any order, become one table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.agreement import Table, tabulate

ROWS = [
    ("when", "1998", "army"),
    ("when", "1999", "paper"),
    ("who", "group", "army"),
    ("who", "group", "paper"),
    ("who", "cell", "witness"),
]


def said(table: Table) -> list[tuple[object, object, object]]:
    """The rows of a table by their names."""
    return [
        (
            table.question_names[int(table.question[candidate])],
            table.label_names[int(table.label[candidate])],
            table.source_names[int(source)],
        )
        for candidate, source in zip(table.candidate, table.source, strict=True)
    ]


def columns(rows):
    return tuple(list(column) for column in zip(*rows, strict=True))


def test_each_question_has_the_candidates_that_somebody_named():
    table = tabulate(*columns(ROWS))
    assert said(table) == sorted(ROWS)
    assert table.size.tolist() == [2, 2]
    assert table.votes.tolist() == [1, 1, 1, 2]
    assert table.spoken.tolist() == [2, 3]
    assert not table.closed


@given(st.permutations(ROWS))
def test_the_order_of_rows_does_not_matter(rows):
    assert said(tabulate(*columns(rows))) == sorted(ROWS)


def test_the_same_said_twice_counts_once():
    assert said(tabulate(*columns([*ROWS, *ROWS]))) == sorted(ROWS)


def test_a_source_may_give_two_answers():
    rows = [*ROWS, ("when", "1999", "army")]
    assert said(tabulate(*columns(rows))) == sorted(rows)


def test_where_only_two_labels_occur_both_stand_on_every_question():
    table = tabulate(["a", "a", "b"], [1, 0, 1], ["x", "y", "x"])
    assert table.closed
    assert table.size.tolist() == [2, 2]
    assert table.votes.tolist() == [1, 1, 0, 1]


def test_the_answers_can_be_named_though_nobody_gave_one_of_them():
    table = tabulate(["a", "b"], ["true", "true"], ["x", "y"], answers=("false", "true"))
    assert table.closed
    assert table.votes.tolist() == [0, 1, 0, 1]


def test_few_labels_on_many_questions_are_classes_and_stand_on_all_of_them():
    labels = ["cat", "dog", "fox"] * 10
    classes = tabulate(list(range(30)), labels, ["x"] * 30)
    assert classes.closed
    assert classes.size.tolist() == [3] * 30
    free = tabulate(list(range(29)), labels[:29], ["x"] * 29)
    assert not free.closed
    assert tabulate([1], ["cat"], ["x"], answers=("cat", "dog", "fox")).size.tolist() == [3]


def test_a_label_that_is_no_answer_is_refused():
    with pytest.raises(ValueError, match="label 'maybe' is none of 'false', 'true'"):
        tabulate(["a"], ["maybe"], ["x"], answers=("false", "true"))


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="2, 1 and 1 rows"):
        tabulate(["a", "b"], [1], ["x"])


def test_things_of_several_kinds_can_stand_in_one_column():
    rows = [(("a", 1), None, 3), ("b", 7, "x"), (("a", 1), 7, "x")]
    assert set(said(tabulate(*columns(rows)))) == set(rows)


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 3), min_size=1))
def test_whole_numbers_in_arrays_give_the_same_table_as_lists(rows):
    lists = columns(rows)
    plain, fast = tabulate(*lists), tabulate(*map(np.array, lists))
    sparse = tabulate(*[np.array(column) * 10**9 for column in lists])
    for one in (fast, sparse):
        assert one.candidate.tolist() == plain.candidate.tolist()
        assert one.source.tolist() == plain.source.tolist()
        assert one.question.tolist() == plain.question.tolist()
        assert one.label.tolist() == plain.label.tolist()
    assert list(fast.source_names) == list(plain.source_names)


def test_a_table_may_be_empty():
    table = tabulate([], [], [])
    assert (table.rows, table.questions, table.sources) == (0, 0, 0)
