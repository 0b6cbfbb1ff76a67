"""Verdicts: which numbers make which status, and how good the base of evidence is."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.policy import Thresholds
from claims.resolve.verdict import CONFIDENCES as CONFIDENCE_OF_CODE
from claims.resolve.verdict import STATUSES as STATUS_OF_CODE
from claims.resolve.verdict import Weighing, confidence_codes, confidence_of, status_codes, status_of
from claims.vocabulary import Status
from tests.claims.builders import rows

THRESHOLDS = Thresholds(
    confirmed=0.95, corroborated=0.55, corroborated_by_one=0.9, doubtful=0.3, refuted=0.05, real_weight=0.5
)


def weighing(likelihood=0.5, support=0.0, opposition=0.0, lines="0:0", largest=0.0, known=""):
    supporting, opposing = lines.split(":")
    return Weighing(
        likelihood=float(likelihood),
        support=float(support),
        opposition=float(opposition),
        supporting_lines=int(supporting),
        opposing_lines=int(opposing),
        lines=int(supporting) + int(opposing),
        channels=1 if "one document" in known else int(supporting),
        independent_lines=int(supporting) if "independent" in known else 0,
        good="first-hand" in known or "good" in known,
        largest=float(largest),
        first_hand="first-hand" in known,
        official_record="record" in known,
        taken_back="taken-back" in known,
        overtaken_by_newer="newer" in known,
    )


STATUSES = """
    # likelihood | support | opposition | lines | known       | status
    0.5          | 0       | 0          | 0:0   |             | unverified
    0.5          | 0.4     | 0.4        | 1:1   |             | unverified
    # at the upper end of the scale
    0.97         | 3.5     | 0          | 1:0   |             | corroborated
    0.97         | 3.5     | 0          | 1:0   | first-hand  | corroborated
    0.97         | 3.5     | 0          | 1:0   | record      | confirmed
    0.97         | 3.5     | 0          | 2:0   | independent | confirmed
    0.97         | 3.5     | 0          | 9:0   |             | corroborated
    0.95         | 3.5     | 0          | 2:0   | independent | confirmed
    0.9499       | 3.5     | 0          | 2:0   | independent | corroborated
    0.97         | 5       | 1          | 2:1   | independent | confirmed
    0.97         | 5       | 1          | 1:1   |             | corroborated
    # likely, but by whom
    0.7          | 1       | 0          | 1:0   |             | unverified
    0.7          | 1       | 0          | 1:0   | first-hand  | corroborated
    0.7          | 1       | 0          | 1:0   | record      | corroborated
    0.7          | 1       | 0          | 2:0   |             | corroborated
    0.7          | 1       | 0          | 9:0   | one document | unverified
    0.9          | 2       | 0          | 1:0   |             | corroborated
    0.55         | 1       | 0          | 2:0   |             | corroborated
    0.5499       | 1       | 0          | 2:0   |             | unverified
    # real weight on both sides
    0.5          | 2       | 2          | 2:2   |             | disputed
    0.8          | 2       | 0.5        | 2:1   |             | disputed
    0.8          | 2       | 0.49       | 2:1   |             | corroborated
    0.2          | 0.5     | 2          | 1:2   |             | disputed
    0.06         | 0.5     | 3          | 1:2   |             | disputed
    # at the lower end
    0.2          | 0.4     | 2          | 1:2   |             | doubtful
    0.3          | 0       | 1          | 0:1   |             | doubtful
    0.3001       | 0       | 1          | 0:1   |             | unverified
    0.05         | 2       | 5          | 2:2   |             | refuted
    0.01         | 0       | 5          | 0:1   |             | refuted
    # what goes before everything else
    0.97         | 3.5     | 0          | 2:0   | taken-back  | retracted
    0.01         | 0       | 5          | 0:1   | taken-back  | retracted
    0.01         | 2       | 5          | 1:2   | newer       | superseded
    0.5          | 2       | 2          | 2:2   | newer, taken-back | retracted
"""


@pytest.mark.parametrize("row", rows(STATUSES), ids=" ".join)
def test_numbers_become_a_status(row):
    likelihood, support, opposition, lines, known, status = row
    made = weighing(likelihood, support, opposition, lines, known=known)
    assert status_of(made, THRESHOLDS) == status


def test_claims_side_by_side_get_the_status_that_each_gets_alone():
    cases = [
        weighing(likelihood, support, opposition, lines, known=known)
        for likelihood, support, opposition, lines, known, _ in rows(STATUSES)
    ]
    together = Weighing(
        **{field.name: np.array([getattr(case, field.name) for case in cases]) for field in fields(Weighing)}
    )
    statuses = [STATUS_OF_CODE[code] for code in status_codes(together, THRESHOLDS)]
    assert statuses == [row[-1] for row in rows(STATUSES)]
    confidences = [CONFIDENCE_OF_CODE[code] for code in confidence_codes(together)]
    assert confidences == [confidence_of(case) for case in cases]


CONFIDENCES = """
    # support | opposition | lines | largest | known      | confidence
    0         | 0          | 0:0   | 0       |            | low
    1.1       | 0          | 1:0   | 1.1     |            | low
    1.4       | 0          | 1:0   | 1.4     | first-hand | moderate
    1.6       | 0          | 1:0   | 1.6     | record     | moderate
    1.6       | 0          | 2:0   | 1.1     |            | moderate
    1.1       | 2.0        | 1:1   | 2.0     |            | moderate
    2.0       | 0          | 3:0   | 1.1     | good       | high
    2.0       | 0          | 9:0   | 1.1     |            | moderate
    1.1       | 2.0        | 1:2   | 1.3     | good       | high
    4.0       | 0          | 3:0   | 3.0     | good       | high
    4.0       | 0          | 3:0   | 3.1     | good       | moderate
"""


@pytest.mark.parametrize("row", rows(CONFIDENCES), ids=" ".join)
def test_the_base_of_evidence_becomes_a_confidence(row):
    support, opposition, lines, largest, known, confidence = row
    assert confidence_of(weighing(0.5, support, opposition, lines, largest, known)) == confidence


ORDER = ["refuted", "doubtful", "unverified", "corroborated", "confirmed"]


@given(
    *[st.floats(0, 1)] * 2,
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    st.booleans(),
)
def test_without_opposition_a_likelier_claim_never_has_a_worse_status(one, other, lines, first_hand):
    known = "first-hand" if first_hand else ""
    low, high = (
        status_of(weighing(likelihood, 1, 0, f"{lines[0]}:{lines[1]}", known=known), THRESHOLDS)
        for likelihood in sorted((one, other))
    )
    assert Status.DISPUTED not in (low, high)
    assert ORDER.index(low) <= ORDER.index(high)
