"""Answers by records that were given: worked by hand, and beside what was learned."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given

from claims.agreement import DEFAULT, Records, learn, settled_records, weigh
from tests.claims.agreement.drawn import CLAIM_ROWS, ROWS, assert_rows_add_up, claims, likelihoods, table_of


def nine_of_ten() -> Records:
    """The record of a paper that was right nine times of ten, when it affirmed and when it denied."""
    rows = [(claim, claim < 10, "paper") for claim in range(20)]
    table = table_of(rows)
    truth = np.array([claim < 10 for claim in range(20)])
    truth[[0, 19]] = ~truth[[0, 19]]
    holds = np.stack([~truth, truth], axis=1).ravel().astype(np.float64)
    return settled_records(table, holds)


def test_one_assertion_by_hand():
    answers = weigh(table_of([("new", True, "paper"), ("other", False, "paper")]), nine_of_ten())

    trust = 20**3 / (20**3 + 25**3)
    by_hand = trust * 0.9 + (1 - trust) * 1.01 / 1.02
    assert answers.trust[0] == pytest.approx(trust)
    assert answers.weight[0] == pytest.approx(trust * log(9))
    assert answers.votes[:2] == pytest.approx(
        [log(1 - by_hand) - trust * log(0.1), log(by_hand) - trust * log(0.9)]
    )
    lead = answers.score[1] - answers.score[0]
    assert 1 / (1 + exp(-lead)) == pytest.approx(by_hand)
    assert likelihoods(answers)[0] == pytest.approx(by_hand)
    assert round(by_hand, 2) == 0.96


def test_two_rates_a_source_whose_denials_tell_more():
    # It affirms whatever it hears, right or wrong; what it denies is false.
    rows = [(claim, claim < 30, "paper") for claim in range(40)]
    holds = np.array([[claim % 2, 1 - claim % 2] if claim < 30 else [1, 0] for claim in range(40)]).ravel()
    records = settled_records(table_of(rows), holds.astype(np.float64))
    affirmed, denied = (
        weigh(table_of([("new", stance, "paper"), ("x", not stance, "y")]), records).weight[0]
        for stance in (True, False)
    )
    assert denied > 3 * affirmed > 0


def test_a_source_without_record_counts_as_the_average_one_and_is_hardly_trusted():
    answers = weigh(table_of([("new", True, "stranger"), ("x", False, "paper")]), nine_of_ten())
    assert answers.trust.tolist() == pytest.approx([0, 20**3 / (20**3 + 25**3)])
    assert likelihoods(answers)[0] == pytest.approx(1.01 / 1.02)


def test_records_are_matched_by_name():
    rows, _ = claims([0.9, 0.6, 0.8], count=300)
    named = [(claim, stance, "abc"[source]) for claim, stance, source in rows]
    records = learn(table_of(named)).records
    alone = weigh(table_of([("new", True, "c"), ("x", False, "c")]), records)
    together = weigh(table_of([("new", True, "c"), ("x", False, "c"), ("y", True, "a")]), records)
    assert alone.weight[0] == together.weight[0]


def test_learned_records_given_again_say_nearly_the_same():
    rows, _ = claims([0.9, 0.8, 0.7, 0.6, 0.8], count=600)
    table = table_of(rows)
    learned = learn(table)
    again = weigh(table, learned.records)
    assert likelihoods(again) == pytest.approx(likelihoods(learned), abs=0.02)


@given(ROWS | CLAIM_ROWS, ROWS | CLAIM_ROWS)
def test_the_parts_add_up_for_any_records(rows, others):
    assert_rows_add_up(weigh(table_of(rows), learn(table_of(others)).records))


def test_threads_do_not_change_a_bit():
    rows, _ = claims([0.9] * 40, count=3000)
    table = table_of(rows)
    records = learn(table).records
    assert weigh(table, records).score.tobytes() == weigh(table, records, threads=2).score.tobytes()


def test_a_long_record_is_as_exact_as_a_short_one(monkeypatch):
    rows, _ = claims([0.95, 0.8, 0.7, 0.6], count=4000)
    table = table_of(rows)
    fast = learn(table)
    monkeypatch.setattr("claims.agreement.records.LONG", 10**9)
    exact = learn(table)
    assert np.abs(fast.weight - exact.weight).max() < 1e-4
    assert DEFAULT.floor == 0.005
