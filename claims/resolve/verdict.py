"""From numbers to words: the status, and how good the evidence base is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.vocabulary import Confidence, Status

if TYPE_CHECKING:
    from claims.policy import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What a verdict is made from: the likelihood, the nats that each side of the claim carries,
    the lines on each side, and what is known of their kind.

    ``lines`` counts origins on either side, each once; ``channels`` the supporting lines when those
    read in one document count as one; ``independent_lines`` those of them whose independence is
    established. ``good``: some line knows at first hand, or its source is graded A or B.
    """

    likelihood: float
    support: float
    opposition: float
    supporting_lines: int
    opposing_lines: int
    lines: int
    channels: int
    independent_lines: int
    largest: float
    good: bool
    first_hand: bool
    official_record: bool
    taken_back: bool
    overtaken_by_newer: bool


def status_of(weighing: Weighing, thresholds: Thresholds) -> Status:
    """The status of a claim.

    In this order: ``retracted`` when all who supported it took it back; ``superseded`` when a
    newer claim answers the same question better; ``refuted`` and ``confirmed`` at the ends of
    the scale, the latter only with two lines known to be independent or an official record;
    ``disputed`` with real weight on both sides; ``corroborated`` when likely, and not by a single
    uncertain line, or several read in one document; ``doubtful`` when unlikely; else
    ``unverified``.
    """
    likelihood = weighing.likelihood
    if weighing.taken_back:
        return Status.RETRACTED
    if weighing.overtaken_by_newer:
        return Status.SUPERSEDED
    if likelihood <= thresholds.refuted:
        return Status.REFUTED
    established = weighing.independent_lines >= 2 or weighing.official_record
    if likelihood >= thresholds.confirmed and established:
        return Status.CONFIRMED
    several = min(weighing.supporting_lines, weighing.channels) >= 2 or established
    if min(weighing.support, weighing.opposition) >= thresholds.real_weight:
        if likelihood < thresholds.confirmed:
            return Status.DISPUTED
        return Status.CORROBORATED
    if likelihood >= thresholds.corroborated and (
        several or weighing.first_hand or likelihood >= thresholds.corroborated_by_one
    ):
        return Status.CORROBORATED
    if likelihood <= thresholds.doubtful:
        return Status.DOUBTFUL
    return Status.UNVERIFIED


def confidence_of(weighing: Weighing) -> Confidence:
    """How good the evidence base is: ``high`` with three lines or more, some of them good, and none
    carrying over three quarters of all the weight; ``moderate`` with two lines, or one at first
    hand; else ``low``."""
    lines = weighing.lines
    total = weighing.support + weighing.opposition
    share = weighing.largest / total if total > 0 else 1.0
    if lines >= 3 and weighing.good and share <= 0.75:
        return Confidence.HIGH
    if lines >= 2 or (lines == 1 and (weighing.first_hand or weighing.official_record)):
        return Confidence.MODERATE
    return Confidence.LOW
