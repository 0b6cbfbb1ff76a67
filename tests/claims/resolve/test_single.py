"""One claim in plain Python and very many as arrays: the same numbers, to the last bit."""

from __future__ import annotations

from dataclasses import astuple, fields
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.policy import Thresholds
from claims.resolve import factors, kernel, mapped, scales
from claims.resolve.factors import OneOf
from claims.resolve.kernel import Columns, Tally, weigh
from claims.resolve.single import ClaimTally, Spoken, weigh_claim
from claims.resolve.verdict import (
    CONFIDENCES,
    STATUSES,
    confidence_codes,
    confidence_of,
    status_codes,
    status_of,
    weighing_of,
    weighing_of_claim,
)
from tests.support.examples import examples

THRESHOLDS = Thresholds(
    confirmed=0.95, corroborated=0.55, corroborated_by_one=0.9, doubtful=0.3, refuted=0.05, real_weight=0.5
)

ROWS = st.builds(
    Spoken,
    sign=st.sampled_from([1, -1]),
    strength=st.sampled_from([0.0, 0.3, 1.0]) | st.floats(0, 12),
    origin=st.integers(0, 5),
    independent=st.booleans(),
    takes_side=st.sampled_from([True, True, False]),
    good=st.booleans(),
    first_hand=st.booleans(),
    official_record=st.booleans(),
    channel=st.integers(0, 3),
    in_full=st.sampled_from([False, False, True]),
)
CLAIMS = st.lists(st.tuples(st.floats(-3, 3), st.lists(ROWS, max_size=12)), min_size=1, max_size=8)


def laid_out(claims: list[tuple[float, list[Spoken]]]) -> Columns:
    """The rows of some claims as arrays."""
    rows = [row for _, some in claims for row in some]

    def column(name: str, dtype: type) -> np.ndarray:
        return np.array([getattr(row, name) for row in rows], dtype=dtype)

    flags = ("independent", "takes_side", "good", "first_hand", "official_record", "in_full")
    return Columns(
        base=np.array([base for base, _ in claims]),
        claim=np.repeat(np.arange(len(claims)), [len(some) for _, some in claims]),
        strength=column("strength", np.float64),
        **{name: column(name, np.int64) for name in ("sign", "origin", "channel")},
        **{name: column(name, np.bool_) for name in flags},
    )


@pytest.mark.parametrize("pairs_up_to", [0, kernel.PAIRS_UP_TO])
@given(CLAIMS)
@examples(400)
def test_a_claim_is_weighed_alone_as_it_is_among_many(pairs_up_to, claims):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "PAIRS_UP_TO", pairs_up_to)
        weighed = weigh(laid_out(claims))
    begin = 0
    for number, (base, rows) in enumerate(claims):
        alone, mine = weigh_claim(base, rows), slice(begin, begin + len(rows))
        begin += len(rows)
        assert alone.weight == weighed.weight[mine].tolist()
        assert alone.rank == weighed.rank[mine].tolist()
        assert alone.side == weighed.side[mine].tolist()
        among_many = [getattr(weighed.tally, field.name)[number] for field in fields(Tally)]
        assert list(astuple(alone.tally)) == among_many


def test_what_is_counted_has_the_same_names_in_both():
    assert [field.name for field in fields(ClaimTally)] == [field.name for field in fields(Tally)]


@given(CLAIMS, st.booleans(), st.booleans())
@examples(200)
def test_a_claim_alone_is_judged_as_it_is_among_many(claims, taken_back, overtaken):
    tally = weigh(laid_out(claims)).tally
    many = weighing_of(
        tally,
        mapped.probabilities(tally.log_odds),
        np.full(len(claims), taken_back),
        np.full(len(claims), overtaken),
    )
    statuses, confidences = status_codes(many, THRESHOLDS).tolist(), confidence_codes(many).tolist()
    for number, (base, rows) in enumerate(claims):
        alone = weigh_claim(base, rows).tally
        one = weighing_of_claim(
            alone, scales.probability(alone.log_odds), taken_back=taken_back, overtaken_by_newer=overtaken
        )
        assert one.likelihood == many.likelihood[number]
        assert status_of(one, THRESHOLDS) is STATUSES[statuses[number]]
        assert confidence_of(one) is CONFIDENCES[confidences[number]]


@given(st.lists(st.tuples(st.floats(-900, 900), st.floats(-900, 900)), min_size=1))
@examples(200)
def test_scales_over_arrays_are_those_over_numbers(pairs):
    one, other = np.array(pairs).T
    assert mapped.probabilities(one).tolist() == [scales.probability(x) for x in one.tolist()]
    assert mapped.softplus(one).tolist() == [scales.softplus(x) for x in one.tolist()]
    size = np.abs(one)
    assert mapped.log_expm1(size).tolist() == [scales.log_expm1(x) for x in size.tolist()]
    assert mapped.log_of_both(one, other).tolist() == [scales.log_of_both(*pair) for pair in pairs]
    assert mapped.rough_probabilities(one).tolist() == pytest.approx(mapped.probabilities(one).tolist())


def test_the_ends_of_the_scales():
    assert scales.log_expm1(0.0) == mapped.log_expm1(np.zeros(1))[0] == -inf
    assert scales.log_of_both(-inf, 1.0) == 1.0
    assert mapped.probabilities(np.array([-inf, inf])).tolist() == [0.0, 1.0]


@given(
    st.lists(st.lists(st.floats(-20, 20), min_size=1, max_size=3), min_size=1, max_size=6),
    st.floats(0, 12),
    st.sampled_from([0.0, -6.0, 1.0]),
)
@examples(200)
def test_few_rival_answers_are_told_what_they_would_be_among_many(answers, cost, none):
    heard = [odds for answer in answers for odds in answer]
    numbers = iter(range(len(heard)))
    question = OneOf(tuple(tuple(next(numbers) for _ in answer) for answer in answers), cost, none)
    alone = question.messages(heard)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(factors, "FEW", 0)
        assert question.messages(heard) == pytest.approx(alone, rel=1e-12, abs=1e-12)
