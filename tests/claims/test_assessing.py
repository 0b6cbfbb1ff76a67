"""Which verdict of a person counts, and when it diverges from what a policy says."""

from __future__ import annotations

from datetime import date

import pytest

from claims.assessing import CAMPS, as_it_was, diverges, latest
from claims.model import Assessment
from claims.vocabulary import AssessmentState, Status


@pytest.mark.parametrize(
    ("assessed", "computed", "divergent"),
    [
        ("confirmed", "corroborated", False),
        ("refuted", "doubtful", False),
        ("unverified", "disputed", False),
        ("confirmed", "disputed", True),
        ("refuted", "retracted", True),
        ("superseded", "refuted", True),
        ("corroborated", "doubtful", True),
    ],
)
def test_statuses_of_one_camp_agree_and_others_diverge(assessed, computed, divergent):
    assert diverges(Status(assessed), Status(computed)) is divergent
    assert diverges(Status(computed), Status(assessed)) is divergent


def test_every_status_is_in_one_camp_and_agrees_with_itself():
    assert sorted(status for camp in CAMPS for status in camp) == sorted(Status)
    assert not any(diverges(status, status) for status in Status)


MADE = Assessment(key="a", claim="c", status=Status.CONFIRMED, author="amina", made_on=date(2026, 1, 10))
APPROVED = Assessment(
    key="b",
    claim="c",
    status=Status.REFUTED,
    author="amina",
    made_on=date(2026, 1, 5),
    state=AssessmentState.APPROVED,
    decided_by="ben",
    decided_on=date(2026, 1, 20),
)


def test_an_approved_verdict_counts_from_the_day_of_its_approval():
    both = [MADE, APPROVED]
    assert latest(both, date(2026, 1, 9)) is None
    assert latest(both, date(2026, 1, 19)) is MADE
    assert latest(both, date(2026, 1, 20)) is APPROVED


def test_before_that_day_it_shows_as_proposed():
    before = as_it_was(APPROVED, date(2026, 1, 19))
    assert (before.state, before.decided_by, before.in_force) == (AssessmentState.PROPOSED, None, False)
    assert as_it_was(APPROVED, date(2026, 1, 20)) is APPROVED
    assert as_it_was(MADE, date(2026, 1, 1)) is MADE


@pytest.mark.parametrize("state", [AssessmentState.PROPOSED, AssessmentState.REJECTED])
def test_what_waits_or_was_rejected_never_counts(state):
    verdict = Assessment(
        key="c", claim="c", status=Status.REFUTED, author="x", made_on=date(2026, 1, 5), state=state
    )
    assert latest([verdict], date(2026, 2, 1)) is None
