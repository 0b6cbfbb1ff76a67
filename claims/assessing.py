"""People's verdicts beside what a policy says: which one counts, and when the two diverge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from claims.vocabulary import AssessmentState, Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from claims.model import Assessment

CAMPS: tuple[frozenset[Status], ...] = (
    frozenset({Status.CONFIRMED, Status.CORROBORATED}),
    frozenset({Status.REFUTED, Status.DOUBTFUL}),
    frozenset({Status.UNVERIFIED, Status.DISPUTED}),
    frozenset({Status.RETRACTED}),
    frozenset({Status.SUPERSEDED}),
)
"""Statuses that agree with each other: held to be true, held to be false, left open, and two that
say what became of the claim and agree with nothing but themselves."""


def latest(assessments: Iterable[Assessment], as_of: date) -> Assessment | None:
    """The verdict that counts on a day: of those in force by then the last, and of several of one day
    the one that comes last in the order given, oldest first."""
    made = [each for each in assessments if each.in_force and each.since <= as_of]
    return max(enumerate(made), key=lambda each: (each[1].since, each[0]))[1] if made else None


def as_it_was(assessment: Assessment, day: date) -> Assessment:
    """A verdict as it stood on a day: what was decided of it later was not decided yet."""
    if assessment.decided_on is None or assessment.decided_on <= day:
        return assessment
    return replace(
        assessment, state=AssessmentState.PROPOSED, decided_by=None, decided_on=None, decided_reason=None
    )


def diverges(assessed: Status, computed: Status) -> bool:
    """Whether a person's verdict and the computed status are of different camps: "confirmed" and
    "corroborated" agree, "confirmed" and "disputed" diverge."""
    return not any(assessed in camp and computed in camp for camp in CAMPS)
