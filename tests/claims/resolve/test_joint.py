"""Joint resolution: every combination of truths, weighed; and how far the short cut is off."""

from __future__ import annotations

import random
from itertools import combinations, product
from math import exp, log
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.resolve.joint import EXACT_LIMIT, NotBoth, OneOf, _approximate, _enumerate, settle
from claims.resolve.kernel import logit, probability


def by_hand(own, factors):
    """Log-odds by listing every world, in plain Python."""
    weight_true = [0.0] * len(own)
    weight_false = [0.0] * len(own)
    for world in product((False, True), repeat=len(own)):
        energy = sum(odds for odds, true in zip(own, world, strict=True) if true)
        for factor in factors:
            if isinstance(factor, NotBoth):
                energy -= factor.cost * (world[factor.first] and world[factor.second])
                continue
            held = sum(any(world[member] for member in answer) for answer in factor.answers)
            energy -= factor.cost * max(held - 1, 0)
            energy += factor.none * (held == 0)
        for number, true in enumerate(world):
            (weight_true if true else weight_false)[number] += exp(energy)
    return [log(true) - log(false) for true, false in zip(weight_true, weight_false, strict=True)]


@st.composite
def groups(draw, most=6):
    count = draw(st.integers(1, most))
    own = draw(st.lists(st.floats(-8, 8), min_size=count, max_size=count))
    costs = st.sampled_from([0.5, 1.0, 4.0, 6.0]) | st.floats(0, 10)
    pairs = [
        NotBoth(*draw(st.permutations(range(count)))[:2], draw(costs))
        for _ in range(draw(st.integers(0, 8)) if count > 1 else 0)
    ]
    questions = [draw(rival_answers(count, costs)) for _ in range(draw(st.integers(0, 2)))]
    return np.array(own), draw(st.permutations([*pairs, *questions]))


@st.composite
def rival_answers(draw, count, costs):
    """A question to which some of the claims give one of up to three answers."""
    members = draw(st.permutations(range(count)))[: draw(st.integers(1, count))]
    given_answers = [draw(st.integers(0, 2)) for _ in members]
    answers = [
        tuple(m for m, a in zip(members, given_answers, strict=True) if a == answer) for answer in range(3)
    ]
    return OneOf(tuple(filter(None, answers)), draw(costs), draw(st.sampled_from([0.0, -6.0, 1.0])))


def test_two_rivals_share_what_one_has_alone():
    settled = settle(np.array([0.0, 0.0]), [NotBoth(0, 1, 100.0)])
    assert settled.exact
    assert [probability(odds) for odds in settled.log_odds] == pytest.approx([1 / 3, 1 / 3])


def test_the_better_held_rival_brings_the_other_down_and_hardly_suffers():
    settled = settle(np.array([logit(0.99), logit(0.6)]), [NotBoth(0, 1, 6.0)])
    strong, weak = (probability(odds) for odds in settled.log_odds)
    assert strong > 0.97
    assert weak < 0.05


def test_when_one_must_be_true_the_last_one_left_is():
    settled = settle(np.array([-6.0, -6.0, 0.0]), [OneOf(((0,), (1,), (2,)), 0.0, -6.0)])
    assert probability(settled.log_odds[2]) > 0.98


def test_no_rule_is_absolute():
    settled = settle(np.array([20.0, 20.0]), [NotBoth(0, 1, 6.0)])
    assert all(probability(odds) > 0.99 for odds in settled.log_odds)


@given(groups())
@settings(max_examples=200, deadline=None)
def test_the_result_is_that_of_listing_every_world_by_hand(group):
    own, factors = group
    assert settle(own, factors).log_odds.tolist() == pytest.approx(by_hand(own, factors), abs=1e-9)


@given(groups())
@settings(max_examples=100, deadline=None)
def test_the_rows_of_the_ties_add_up_to_all_that_the_ties_did(group):
    own, factors = group
    settled = settle(own, factors)
    assert settled.effects.shape == (len(factors), len(own))
    assert (own + settled.effects.sum(axis=0)).tolist() == pytest.approx(settled.log_odds.tolist(), abs=1e-9)


@given(groups(), st.data())
@settings(max_examples=100, deadline=None)
def test_what_lowers_a_claim_alone_lowers_it_by_as_much_among_others(group, data):
    own, factors = group
    number = data.draw(st.integers(0, len(own) - 1))
    lower = own.copy()
    lower[number] -= data.draw(st.floats(0, 5))
    fell = settle(own, factors).log_odds[number] - settle(lower, factors).log_odds[number]
    assert fell == pytest.approx(own[number] - lower[number], abs=1e-9)


def test_overwhelming_odds_overflow_nowhere():
    settled = settle(np.array([400.0, -400.0, 300.0]), [NotBoth(0, 2, 6.0), OneOf(((1,), (2,)), 0.0, -6.0)])
    assert np.isfinite(settled.log_odds).all()
    assert settled.log_odds[0] > 200
    assert settled.log_odds[1] < -200


# The approximation, for groups too large to list


def test_larger_groups_are_resolved_approximately_and_say_so():
    own = np.zeros(EXACT_LIMIT + 1)
    chain = [NotBoth(number, number + 1, 6.0) for number in range(EXACT_LIMIT)]
    settled = settle(own, chain)
    assert not settled.exact
    assert (own + settled.effects.sum(axis=0)).tolist() == pytest.approx(settled.log_odds.tolist())
    assert settle(own[1:], chain[:-1]).exact


def tree(rng, count):
    return [NotBoth(rng.randrange(number), number, rng.choice([1, 4, 5, 6])) for number in range(1, count)]


def rivals(rng, count):
    return [NotBoth(one, other, 6.0) for one, other in combinations(range(count), 2)]


def tangle(rng, count):
    ties = rng.randint(count - 1, 2 * count)
    return [NotBoth(*rng.sample(range(count), 2), rng.choice([1, 4, 5, 6])) for _ in range(ties)]


def random_groups(make, cases=300):
    rng = random.Random(1)
    for _ in range(cases):
        count = rng.randint(2, 8)
        yield np.array([rng.uniform(-4, 4) for _ in range(count)]), make(rng, count)


def errors(make):
    """By how much the approximation is off in probability, at the worst claim of each group."""
    found = []
    for own, factors in random_groups(make):
        exact, rough = _enumerate(own, factors).log_odds, _approximate(own, factors).log_odds
        found.append(max(abs(probability(a) - probability(b)) for a, b in zip(exact, rough, strict=True)))
    return found


def test_on_a_tree_the_approximation_is_exact():
    assert max(errors(tree)) < 1e-8


def test_among_rivals_the_approximation_is_off_by_a_tenth_and_at_worst_by_a_quarter():
    """On 3,000 groups of up to ten the largest difference seen was 0.243, the median 0.100."""
    assert max(errors(rivals)) < 0.25
    assert median(errors(rivals)) < 0.12


def test_in_a_tangle_the_approximation_is_mostly_near_and_at_worst_off_by_a_half():
    """On 3,000 groups of up to ten the largest difference seen was 0.486, the median 0.014."""
    assert max(errors(tangle)) < 0.5
    assert median(errors(tangle)) < 0.03


@pytest.mark.parametrize("make", [tree, rivals, tangle])
def test_what_lowers_a_claim_alone_never_raises_it_by_approximation(make):
    rng = random.Random(2)
    for own, factors in random_groups(make, 100):
        lower = own.copy()
        number = rng.randrange(len(own))
        lower[number] -= rng.choice([0.1, 0.5, 2.0])
        before, after = _approximate(own, factors), _approximate(lower, factors)
        assert after.log_odds[number] <= before.log_odds[number] + 1e-9
