"""``assessed``: only people's verdicts count."""

from __future__ import annotations

import pytest

from claims.history import history
from claims.model import Assessment
from claims.vocabulary import Confidence, Status
from tests.claims.builders import by, day, dossier, said, shipped, verdict


def verdict_of(status: str, on: str = "2019-05-01", number: int = 1, **fields) -> Assessment:
    key = f"claim.assessed-{number}"
    return Assessment(
        key=key,
        claim="claim",
        status=Status(status),
        author="desk",
        made_on=day(on),
        reason="we asked",
        **fields,
    )


DENIED = (said("army", "denies"), said("paper", "denies"), said("court", "denies"))


def assessed(*verdicts: Assessment, on: str = "2024-03-15"):
    return by("assessed", *DENIED, on=day(on), assessments={"claim": list(verdicts)})


def test_a_verdict_stands_against_all_evidence_which_is_listed_with_nothing():
    found = assessed(verdict_of("confirmed"))
    assert (found.status, found.likelihood) == (Status.CONFIRMED, pytest.approx(0.97))
    assert {row.weight for row in found.contributions} == {0.0}
    assert [effect.because for effect in found.effects] == [
        "desk assessed it as confirmed on 2019-05-01: we asked"
    ]


def test_its_own_likelihood_goes_before_that_of_its_status():
    assert assessed(verdict_of("disputed", likelihood=0.35)).likelihood == pytest.approx(0.35)
    assert assessed(verdict_of("refuted", likelihood=0.0)).likelihood == pytest.approx(0, abs=1e-5)


def test_without_a_verdict_it_is_unverified_at_its_base_rate():
    found = assessed()
    assert (found.status, found.likelihood) == (Status.UNVERIFIED, 0.5)


def test_the_latest_verdict_by_the_day_counts_and_a_withdrawn_one_never():
    given = (
        verdict_of("confirmed", "2019-05-01", 1),
        verdict_of("refuted", "2020-05-01", 2),
        verdict_of("disputed", "2021-05-01", 3, withdrawn=True),
    )
    assert assessed(*given, on="2019-04-30").status is Status.UNVERIFIED
    assert assessed(*given, on="2019-12-31").status is Status.CONFIRMED
    assert assessed(*given).status is Status.REFUTED
    assert assessed(given[1], given[0]).status is Status.REFUTED  # entered later, made earlier


def test_lines_and_confidence_are_those_of_the_evidence():
    found = assessed(verdict_of("confirmed"))
    assert (found.supporting_lines, found.opposing_lines) == (0, 3)
    assert found.confidence is Confidence.MODERATE


def test_history_has_a_step_on_the_day_of_each_verdict_and_names_it():
    given = [verdict_of("confirmed", "2019-05-01", 1), verdict_of("refuted", "2020-05-01", 2)]
    whole = dossier(*DENIED)
    whole = type(whole)(whole.claims, whole.evidence, whole.sources, assessments={"claim": given})
    steps = history(whole, shipped("assessed"), "claim", day("2021-01-01"))
    assert [(step.at, step.because) for step in steps if step.was is not None] == [
        (day("2019-05-01"), ("claim.assessed-1",)),
        (day("2020-05-01"), ("claim.assessed-2",)),
    ]


def test_no_other_rule_hears_a_verdict():
    for name in ("majority", "hierarchy", "latest", "range", "weight-of-evidence"):
        told = by(name, *DENIED, assessments={"claim": [verdict_of("confirmed")]})
        assert told == by(name, *DENIED)
    assert verdict(*DENIED).likelihood < 0.5
