"""Answers and records learned together, without one label."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.agreement import Parameters, Table, learn, tabulate
from tests.claims.agreement.drawn import CLAIM_ROWS, ROWS, assert_rows_add_up, claims, likelihoods, table_of


def test_three_good_sources_outweigh_four_poor_ones():
    rows, truth = claims([0.95, 0.95, 0.95, 0.55, 0.55, 0.55, 0.55], count=400)
    table = table_of(rows)
    share = table.votes[1::2] / table.spoken

    found = likelihoods(learn(table)) > 0.5

    assert (found == truth).mean() > 0.98
    assert (found == truth).mean() > ((share > 0.5) == truth).mean() + 0.03


def test_records_say_who_was_right_how_often():
    rows, truth = claims([0.9, 0.8, 0.7, 0.6], count=2000)
    records = learn(table_of(rows)).records
    share = records.source_right / records.source_said
    real = [np.mean([stance == truth[claim] for claim, stance, who in rows if who == s]) for s in range(4)]
    assert share == pytest.approx(real, abs=0.03)


def test_a_source_that_is_mostly_wrong_counts_against_what_it_says():
    rows, _ = claims([0.9, 0.9, 0.9, 0.1], count=500)
    answers = learn(table_of(rows))
    assert (
        answers.weight[answers.table.source == 3].max() < 0 < answers.weight[answers.table.source == 0].min()
    )


def test_a_source_that_always_denies_weighs_nothing():
    rows, truth = claims([0.85, 0.8, 0.75, 0.8], count=1000, share_true=0.3)
    denier = [(claim, False, 4) for claim in range(1000)]
    answers = learn(table_of([*rows, *denier]))
    of_denier = np.abs(answers.weight[answers.table.source == 4])
    of_others = np.abs(answers.weight[answers.table.source != 4])
    assert of_denier.max() < 0.02
    assert of_others.mean() > 0.5
    assert ((likelihoods(answers) > 0.5) == truth).mean() > 0.85


def test_the_base_rate_is_counted_once_and_does_not_run_away():
    # Half as many true claims as false ones, a source that denies everything, and far more rounds
    # than needed: a base rate counted on both candidates feeds on itself until nothing is true.
    rows, truth = claims([0.8, 0.75, 0.7, 0.7], count=2000, share_true=1 / 3)
    rows += [(claim, False, 4) for claim in range(2000)]
    table = table_of(rows)
    few, many = learn(table), learn(table, Parameters(rounds=40, tolerance=0.0))
    for answers in (few, many):
        assert ((likelihoods(answers) > 0.5) == truth).mean() > 0.84
        assert answers.records.base[1] == pytest.approx(truth.mean(), abs=0.05)
        assert likelihoods(answers).mean() == pytest.approx(truth.mean(), abs=0.05)


def test_a_row_is_left_out_of_its_own_record():
    # Everybody agrees with the first source, once; were its row part of its record, it would weigh more
    # for having spoken.
    twice = [("a", "x", 0), ("a", "x", 1), ("b", "y", 0), ("b", "z", 1)]
    answers = learn(table_of(twice), Parameters(pattern=0.0))
    of_b = answers.table.question_of_rows() == 1
    assert answers.weight[of_b][0] == pytest.approx(answers.weight[of_b][1], abs=1e-12)
    assert answers.contested().tolist() == [False, True]


def test_rivals_are_answers_to_one_question():
    rows = [("who", "group", s) for s in range(3)] + [("who", "cell", 3), ("who", "army", 4)]
    answers = learn(table_of(rows))
    assert answers.probability.sum() == pytest.approx(1)
    best = answers.answer()[0]
    assert answers.table.label_names[answers.table.label[best]] == "group"


def test_a_tie_is_contested_and_not_tossed_for():
    answers = learn(table_of([("when", "1998", "army"), ("when", "1999", "paper"), ("who", "cell", "army")]))
    # The army has the same record as the paper: none.
    contested = dict(zip(answers.table.question_names, answers.contested(), strict=True))
    assert not contested["who"]
    rows = [("when", "1998", "army"), ("when", "1999", "paper")]
    alone = learn(table_of(rows))
    assert alone.contested().tolist() == [True]
    assert alone.answer().tolist() == [-1]


def majority(table: Table, truth: list[object]) -> float:
    top = np.repeat(np.maximum.reduceat(table.votes, table.first), table.size)
    return expected(table, table.votes == top, truth)


def expected(table: Table, chosen: np.ndarray, truth: list[object]) -> float:
    """How often one of the chosen candidates of each question is the right one, taken by chance."""
    right = np.array([table.label_names[label] for label in table.label]) == np.array(truth)[table.question]
    return float(np.mean(np.bincount(table.question, chosen & right) / np.bincount(table.question, chosen)))


def learned(table: Table, truth: list[object]) -> float:
    score = learn(table).score
    top = np.repeat(np.maximum.reduceat(score, table.first), table.size)
    return expected(table, score >= top - 1e-6, truth)


@pytest.mark.parametrize("worst", [0.1, 0.2, 0.4])
def test_free_answers_of_mediocre_sources_are_better_than_their_majority(worst):
    # Most of what they say is wrong, but errors differ where the truth is one.
    chance = np.random.default_rng(3)
    rate = chance.uniform(worst, worst + 0.5, 100)
    question, source = np.repeat(np.arange(600), 8), chance.integers(100, size=4800)
    error = np.minimum(chance.geometric(0.4, 4800), 5)
    answer = np.where(chance.random(4800) < rate[source], 0, error)
    table = tabulate(question, question * 10 + answer, source)
    truth = (np.arange(600) * 10).tolist()
    assert not table.closed
    assert learned(table, truth) > majority(table, truth) + 0.01


@pytest.mark.parametrize("classes", [4, 30])
@pytest.mark.parametrize("good", [0.4, 0.6])
def test_classes_are_found_better_than_by_the_majority(classes, good):
    chance = np.random.default_rng(4)
    rate = chance.uniform(good - 0.3, good + 0.3, 100)
    truth = chance.integers(classes, size=600)
    question, source = np.repeat(np.arange(600), 6), chance.integers(100, size=3600)
    error = (truth[question] + chance.integers(1, classes, size=3600)) % classes
    label = np.where(chance.random(3600) < rate[source], truth[question], error)
    table = tabulate(question, label, source)
    assert learned(table, truth.tolist()) > majority(table, truth.tolist()) + 0.005


def test_without_any_record_the_likelihood_is_the_share_of_the_votes():
    rows = [(0, True, f"s{n}") for n in range(3)] + [(0, False, f"s{n}") for n in range(3, 5)]
    answers = learn(table_of(rows))
    assert likelihoods(answers)[0] == pytest.approx(3 / 5, abs=0.01)
    assert answers.trust[0] < 0.01


@given(ROWS | CLAIM_ROWS)
def test_the_likelihood_lies_between_that_of_the_records_and_the_share_of_the_votes(rows):
    table = table_of(rows)
    mixed = learn(table, Parameters(familiar=4.0, telling=0.0))
    records = learn(table, Parameters(familiar=1e-9, telling=0.0)).probability
    share = learn(table, Parameters(familiar=1e9)).probability
    assert (mixed.probability >= np.minimum(records, share) - 1e-9).all()
    assert (mixed.probability <= np.maximum(records, share) + 1e-9).all()
    part = mixed.trust[table.question]
    assert mixed.probability == pytest.approx(part * records + (1 - part) * share, abs=1e-9)


@pytest.mark.parametrize("rate", [0.5, 0.7, 0.9])
def test_records_of_sources_that_do_not_differ_are_not_trusted(rate):
    chance = np.random.default_rng(5)
    source = np.argsort(chance.random((2000, 40)), axis=1)[:, :5]
    stance = (chance.random((2000, 5)) < rate).astype(int)
    answers = learn(tabulate(np.repeat(np.arange(2000), 5), stance.ravel(), source.ravel(), answers=(0, 1)))
    share = answers.table.votes[1::2] / 5
    assert answers.trust.max() < 0.5
    assert np.abs(likelihoods(answers) - share).mean() < 0.02
    assert learn(answers.table, Parameters(telling=0.0)).trust.min() > 0.95


def test_nobody_saying_anything_is_refused():
    with pytest.raises(ValueError, match="nobody says anything"):
        learn(tabulate([], [], []))


@given(ROWS | CLAIM_ROWS)
def test_the_parts_of_each_score_add_up_to_the_last_bit(rows):
    assert_rows_add_up(learn(table_of(rows)))


@given(ROWS | CLAIM_ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_a_bit(rows, random):
    shuffled = rows[:]
    random.shuffle(shuffled)
    one, other = learn(table_of(rows)), learn(table_of(shuffled))
    assert one.score.tobytes() == other.score.tobytes()
    assert one.weight.tobytes() == other.weight.tobytes()


@given(ROWS | CLAIM_ROWS, st.permutations(range(6)))
def test_names_do_not_matter(rows, names):
    renamed = [(question, label, names[source]) for question, label, source in rows]
    one, other = learn(table_of(rows)), learn(table_of(renamed))
    assert other.score == pytest.approx(one.score, abs=1e-9)
    swapped = [(question, {"a": "z", "n": "z"}.get(label, label), source) for question, label, source in rows]
    third = learn(table_of(swapped))
    assert sorted(third.probability) == pytest.approx(sorted(one.probability), abs=1e-9)


def test_threads_do_not_change_a_bit():
    chance = np.random.default_rng(3)
    # Three pieces of work for the threads to share.
    columns = (
        chance.integers(40_000, size=200_000),
        chance.integers(2, size=200_000),
        chance.integers(99, size=200_000),
    )
    table = tabulate(*columns)
    one, many = learn(table), learn(table, threads=3)
    assert one.score.tobytes() == many.score.tobytes()
    assert one.weight.tobytes() == many.weight.tobytes()


def test_an_explanation_has_the_rows_that_add_up():
    rows, _ = claims([0.9, 0.8, 0.7], count=200)
    answers = learn(table_of(rows))
    best, other = answers.explain(0)
    for one in (best, other):
        total = one.base + one.pattern + one.votes + sum(row.weight for row in one.rows)
        assert one.score == pytest.approx(total, abs=1e-12)
    assert best.score > other.score
    assert {row.source for row in (*best.rows, *other.rows)} == {0, 1, 2}
    row = next(row for row in (*best.rows, *other.rows) if row.source == 0)
    assert row.right / row.said > 0.8
    assert 0.3 < row.base < 0.7
