"""Whether sources differ: how long their records must be before that tells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from claims.agreement import Table, tabulate
from claims.agreement.differences import telling_length, trust_of
from tests.claims.agreement.drawn import CLAIM_ROWS, ROWS, table_of


def world(rates: np.ndarray, claims: int, seed: int = 1, *, trades: int = 1) -> Table:
    """Claims on each of which five sources of one trade speak, each right as often as its rate says."""
    chance = np.random.default_rng(seed)
    size = len(rates) // trades
    trade = chance.integers(trades, size=claims) * size
    source = trade[:, None] + np.argsort(chance.random((claims, size)), axis=1)[:, :5]
    truth = chance.random(claims) < 0.5
    stance = (chance.random(source.shape) < rates[source]) == truth[:, None]
    return tabulate(
        np.repeat(np.arange(claims), 5), stance.astype(int).ravel(), source.ravel(), answers=(0, 1)
    )


def test_sources_that_differ_tell_soon_and_the_same_however_much_they_say():
    rates = np.random.default_rng(2).uniform(0.4, 0.95, 200)
    short, long = telling_length(world(rates, 2_000)), telling_length(world(rates, 20_000))
    assert 20 < short < 60
    assert long == pytest.approx(short, rel=0.3)


def test_the_more_they_differ_the_sooner():
    chance = np.random.default_rng(2)
    little, much = (world(chance.uniform(0.7 - by, 0.7 + by, 200), 8_000) for by in (0.1, 0.25))
    assert telling_length(much) < telling_length(little) / 2


def test_equally_good_sources_do_not_tell():
    assert telling_length(world(np.full(200, 0.7), 8_000)) > 1_000


def test_sources_of_an_easier_trade_do_not_differ_from_those_beside_them():
    # Half of the sources are right far more often than the other half, and never meet them.
    rates = np.repeat([0.6, 0.95], 100)
    apart, together = world(rates, 8_000, trades=2), world(rates, 8_000)
    assert telling_length(apart) > 1_000
    assert telling_length(together) < 50


def test_where_all_agree_or_speak_alone_there_is_nothing_to_tell():
    agreed = table_of([(claim, "yes", source) for claim in "abc" for source in range(4)] + [("d", "no", 5)])
    assert telling_length(agreed) == np.inf


@given(ROWS | CLAIM_ROWS)
def test_it_is_a_length_or_infinite_for_any_table(rows):
    assert telling_length(table_of(rows)) > 0


def test_trust_is_a_half_at_the_familiar_length_and_none_where_nothing_is_familiar():
    assert trust_of(np.array([0.0, 25.0, 250.0]), 25.0) == pytest.approx([0.0, 0.5, 0.999], abs=1e-5)
    assert trust_of(np.array([0.0, 1e6]), np.inf).tolist() == [0.0, 0.0]
