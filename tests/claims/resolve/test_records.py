"""Track records: two rates for each source, and what they make of its word."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.policy import RecordNumbers
from claims.resolve import resolve
from claims.resolve.records import Outcome, Record, record_of, strength_with, suggest_grade
from claims.settling import outcomes_of
from claims.vocabulary import Kind, Reliability
from tests.claims.builders import (
    TODAY,
    assessed,
    day,
    dossier,
    link,
    policy_with_records,
    said,
    source,
)

NUMBERS = RecordNumbers(prior=8, spoke=8, kind=0.5)


def case(right=True, sign=1, kind="event", of="other"):
    """One settled claim on which the paper had taken a side."""
    key = f"{of}.paper"
    since = day("2020-01-01")
    return Outcome(
        source="paper", claim=of, evidence=key, kind=Kind(kind), sign=sign, right=right, since=since
    )


def weight(*cases, sign=1, strength=1.1, base_rate=0.5):
    return strength_with(record_of(cases, Kind.EVENT, sign, NUMBERS), strength, base_rate, sign, NUMBERS)


def judged(*records, of="claim", on=TODAY):
    """A claim resolved with the records that all of these make."""
    whole = dossier(*records)
    found = {}
    for outcome in outcomes_of(whole, policy_with_records(), on):
        found.setdefault(outcome.source, []).append(outcome)
    return resolve(replace(whole, outcomes=found), policy_with_records(), on)[of]


def past(by, stance, truth, times):
    """So many claims on which a source took a side in 2020, settled in 2021."""
    records = []
    for number in range(times):
        key = f"old-{by}-{stance}-{truth}-{number}"
        records += [said(by, stance, of=key, on="2020-01-01"), assessed(key, truth, "2021-01-01")]
    return records


def test_without_cases_the_grade_speaks_alone():
    assert weight(strength=0.7) == 0.7


def test_by_hand():
    """Two of three supports were right, of four claims spoken on two were true, base rate a half."""
    found = weight(case(), case(), case(right=False), case(sign=-1))
    expected = 1 / (1 + exp(-1.1))
    right = (2 + 8 * expected) / (3 + 8)
    holds = (2 + 8 * 0.5) / (4 + 8)
    assert found == pytest.approx(log(right / (1 - right)) - log(holds / (1 - holds)))


def test_cases_of_another_kind_count_in_part():
    assert record_of([case(kind="death"), case()], Kind.EVENT, 1, NUMBERS) == Record(1.5, 1.5, 1.5, 1.5)


def test_a_source_that_always_denies_comes_to_say_nothing():
    """Whatever it speaks on, it denies, and so it is right as often as such claims are false anyway."""
    cases = [case(right=number % 5 != 0, sign=-1) for number in range(2000)]
    assert weight(*cases, sign=-1, strength=2.0) < 0.02


def test_a_source_that_is_right_both_ways_gains_weight_and_one_that_is_wrong_loses_it():
    good = [case(sign=sign) for _ in range(20) for sign in (1, -1)]
    bad = [replace(each, right=False) for each in good]
    assert weight(*good) > weight() > weight(*bad) == 0


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from([1, -1])), max_size=30),
    st.sampled_from([1, -1]),
    st.floats(0, 5),
    st.floats(0.05, 0.95),
)
def test_a_stance_never_weighs_less_than_nothing(cases, sign, strength, base_rate):
    found = weight(
        *(case(right, side) for right, side in cases), sign=sign, strength=strength, base_rate=base_rate
    )
    assert found >= 0


def test_a_source_graded_a_that_fails_five_times_is_believed_less():
    graded = source("paper", reliability=Reliability.A)
    fresh = judged(graded, said("paper"))
    failed = judged(graded, said("paper"), *past("paper", "supports", "refuted", 5))
    assert failed.likelihood < fresh.likelihood - 0.1
    assert "record 0 right of 5" in failed.contributions[0].because
    summed = failed.base_log_odds + sum(row.weight for row in failed.contributions)
    assert summed == pytest.approx(log(failed.likelihood / (1 - failed.likelihood)))


def test_a_record_never_uses_the_claim_at_hand_nor_what_is_tied_to_it():
    tied = [link("claim", "contradicts", "other"), said("paper", of="other", on="2020-01-01")]
    alone = judged(said("paper"), *tied)
    settled = judged(said("paper"), assessed("claim", "refuted"), assessed("other", "refuted"), *tied)
    assert settled == alone


def test_a_record_never_uses_what_was_settled_later():
    failures = past("paper", "supports", "refuted", 5)
    mine = said("paper", on="2019-01-01")
    before, after = day("2020-12-31"), day("2021-01-01")
    assert judged(mine, *failures, on=before).likelihood == judged(mine, on=before).likelihood
    assert judged(mine, *failures, on=after).likelihood < judged(mine, on=after).likelihood


def test_the_record_of_whom_it_relays_counts_for_a_relay():
    relay = said("paper", relays="ministry")
    poor = past("ministry", "supports", "refuted", 10)
    assert judged(relay, *poor).likelihood < judged(relay).likelihood - 0.05


def test_too_few_cases_suggest_no_grade():
    found = suggest_grade([case() for _ in range(4)], policy_with_records())
    assert found.grade is None
    assert "4 settled cases" in found.because
    assert "1 settled case;" in suggest_grade([case()], policy_with_records()).because


def test_a_record_suggests_the_grade_that_comes_nearest():
    good = [case(sign=sign) for _ in range(30) for sign in (1, -1)]
    bad = [replace(each, right=False) for each in good]
    assert suggest_grade(good, policy_with_records()).grade is Reliability.A
    assert suggest_grade(bad, policy_with_records()).grade is Reliability.E
