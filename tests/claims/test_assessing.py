"""Which verdict of a person counts, and when it diverges from what a policy says."""

from __future__ import annotations

import pytest

from claims.assessing import CAMPS, diverges
from claims.vocabulary import Status


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
