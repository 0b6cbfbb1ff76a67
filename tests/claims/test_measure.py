"""Measures of likelihoods against the truth, worked out by hand; what is undefined is None."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.measure import (
    accuracy,
    auc,
    brier,
    calibration,
    calibration_error,
    call_of,
    confusion,
    log_loss,
    macro_f,
    measure,
)
from claims.policy import Calls

FOUR = [0.9, 0.6, 0.4, 0.1]
TRUTHS = [True, False, True, False]


def test_accuracy_is_the_share_on_the_right_side_of_one_half() -> None:
    assert accuracy(FOUR, TRUTHS) == pytest.approx(2 / 4)


def test_a_likelihood_of_exactly_one_half_is_half_right() -> None:
    assert accuracy([0.5, 0.9], [False, True]) == pytest.approx(0.75)


def test_the_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    # true: .9 and .4, false: .6 and .1; only .4 against .6 is the wrong way round
    assert auc(FOUR, TRUTHS) == pytest.approx(3 / 4)


def test_a_tie_is_half_in_order() -> None:
    assert auc([0.7, 0.7, 0.7, 0.2], [True, False, False, False]) == pytest.approx((0.5 + 0.5 + 1) / 3)


def test_the_brier_score_is_the_mean_squared_error() -> None:
    assert brier(FOUR, TRUTHS) == pytest.approx((0.01 + 0.36 + 0.36 + 0.01) / 4)


def test_the_log_loss_is_in_nats_and_stays_finite_for_a_sure_error() -> None:
    assert log_loss([0.5, 0.25], [True, False]) == pytest.approx((math.log(2) - math.log(0.75)) / 2)
    assert log_loss([0.0], [True]) == pytest.approx(-math.log(1e-6))


def test_calibration_compares_what_was_held_with_what_came_in_bins_of_equal_width() -> None:
    table = calibration([0.05, 0.15, 0.2, 1.0], [False, True, True, True])

    assert [(each.low, each.high, each.n) for each in table] == [
        (0.0, 0.2, 2),
        (0.2, 0.4, 1),
        (0.4, 0.6, 0),
        (0.6, 0.8, 0),
        (0.8, 1.0, 1),
    ]
    assert (table[0].likelihood, table[0].true) == (pytest.approx(0.1), 0.5)
    assert (table[2].likelihood, table[2].true) == (None, None)
    # two claims .4 off, one .8 off, one right
    assert calibration_error(table) == pytest.approx((2 * 0.4 + 0.8 + 0) / 4)


def test_of_one_truth_only_there_is_no_auc() -> None:
    found = measure([0.9, 0.8], [True, True])

    assert found.auc is None
    assert found.accuracy == 1


def test_without_claims_nothing_is_defined() -> None:
    found = measure([], [])

    assert (found.n, found.accuracy, found.auc, found.brier, found.log_loss) == (0, None, None, None, None)
    assert found.calibration_error is None
    assert macro_f([], []) is None


def test_as_many_truths_as_likelihoods_are_needed() -> None:
    with pytest.raises(ValueError, match="2 likelihoods for 1 truths"):
        brier([0.5, 0.5], [True])


@pytest.mark.parametrize(
    ("likelihood", "denied", "call"),
    [
        (0.8, False, "true"),
        (0.95, True, "true"),
        (0.79, False, "unsettled"),
        (0.5, True, "false"),
        (0.5, False, "unsettled"),
        (0.51, True, "unsettled"),
    ],
)
def test_only_a_claim_that_somebody_denies_is_called_false(
    likelihood: float, denied: bool, call: str
) -> None:
    assert call_of(likelihood, Calls(true=0.8, false=0.5), denied=denied) == call


def test_macro_f_counts_every_class_alike() -> None:
    actual = ["true", "true", "false", "unsettled"]
    called = ["true", "false", "false", "true"]

    assert confusion(called, actual)["true"] == {"true": 1, "false": 1, "unsettled": 0}
    # true: 1 hit of 2 called and 2 there; false: 1 of 2 and 1; unsettled: none
    assert macro_f(called, actual) == pytest.approx((2 / 4 + 2 / 3 + 0) / 3)


def test_a_class_that_no_claim_belongs_to_is_left_out() -> None:
    assert macro_f(["true", "false"], ["true", "false"]) == 1


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_measures_stay_in_their_bounds(claims: list[tuple[float, bool]]) -> None:
    likelihoods, truths = [p for p, _ in claims], [y for _, y in claims]
    found = measure(likelihoods, truths)

    for value in (found.accuracy, found.brier, found.calibration_error):
        assert value is not None
        assert 0 <= value <= 1
    assert sum(each.n for each in found.bins) == len(claims)
    assert found.log_loss is not None
    assert found.log_loss >= 0
    assert (found.auc is None) == (len(set(truths)) == 1)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.9]), st.booleans()), max_size=30))
def test_the_auc_is_what_counting_every_pair_gives(claims: list[tuple[float, bool]]) -> None:
    true = [p for p, y in claims if y]
    false = [p for p, y in claims if not y]
    pairs = [(one > other) + (one == other) / 2 for one in true for other in false]

    found = auc([p for p, _ in claims], [y for _, y in claims])

    assert found == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)
