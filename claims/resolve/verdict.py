"""From numbers to words: the status, and how good the evidence base is, of one claim or a million."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims.vocabulary import Confidence, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from claims.policy import Thresholds
    from claims.resolve.kernel import Flags, Floats, Ints, Tally
    from claims.resolve.single import ClaimTally

    Codes = NDArray[np.int8]

STATUSES = tuple(Status)
"""What the codes of statuses stand for: the status with code k is the k-th."""

CONFIDENCES = tuple(Confidence)
"""What the codes of confidence stand for: the k-th, and the more, the better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What verdicts on many claims are made from, one number per claim: the likelihood, the nats that each
    side of the claim carries, the lines on each side, and what is known of their kind.

    ``lines`` counts origins on either side, each once; ``channels`` the supporting lines when those
    read in one document count as one; ``independent_lines`` those of them whose independence is
    established. ``good``: some line knows at first hand, or its source is graded A or B.
    """

    likelihood: Floats
    support: Floats
    opposition: Floats
    supporting_lines: Ints
    opposing_lines: Ints
    lines: Ints
    channels: Ints
    independent_lines: Ints
    largest: Floats
    good: Flags
    first_hand: Flags
    official_record: Flags
    taken_back: Flags
    overtaken_by_newer: Flags


@dataclass(slots=True)
class ClaimWeighing:
    """The same of one claim, as plain numbers that may be added to."""

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


def weighing_of(tally: Tally, likelihood: Floats, taken_back: Flags, overtaken_by_newer: Flags) -> Weighing:
    """What the evidence comes to, with what is known besides. ``taken_back``: all who supported
    the claim took it back. ``overtaken_by_newer``: another claim answers its question better."""
    return Weighing(
        likelihood=likelihood,
        support=tally.support,
        opposition=tally.opposition,
        supporting_lines=tally.supporting_lines,
        opposing_lines=tally.opposing_lines,
        lines=tally.lines,
        channels=tally.channels,
        independent_lines=tally.independent_lines,
        largest=tally.largest,
        good=tally.good,
        first_hand=tally.first_hand,
        official_record=tally.official_record,
        taken_back=taken_back,
        overtaken_by_newer=overtaken_by_newer,
    )


def weighing_of_claim(
    tally: ClaimTally, likelihood: float, *, taken_back: bool, overtaken_by_newer: bool
) -> ClaimWeighing:
    """The same for one claim."""
    return ClaimWeighing(
        likelihood,
        tally.support,
        tally.opposition,
        tally.supporting_lines,
        tally.opposing_lines,
        tally.lines,
        tally.channels,
        tally.independent_lines,
        tally.largest,
        tally.good,
        tally.first_hand,
        tally.official_record,
        taken_back,
        overtaken_by_newer,
    )


# --- the status -----------------------------------------------------------------------------


def status_of(weighing: ClaimWeighing, thresholds: Thresholds) -> Status:
    """The status of one claim.

    In this order: ``retracted`` when all who supported it took it back; ``superseded`` when a
    newer claim answers the same question better; ``refuted`` and ``confirmed`` at the ends of
    the scale, the latter only with two lines known to be independent or an official record, the
    former not by a single line against it unless that is good or the claim all but impossible;
    ``disputed`` with real weight on both sides; ``corroborated`` when likely, and not by a single
    uncertain line, or several read in one document; ``doubtful`` when unlikely; else
    ``unverified``.
    """
    conditions = _conditions(weighing, thresholds, min)
    return next((status for met, status in conditions if met), Status.UNVERIFIED)


def status_codes(weighing: Weighing, thresholds: Thresholds) -> Codes:
    """The status of each of many claims, by :func:`status_of`, as its code in :data:`STATUSES`."""
    import numpy as np  # loaded with the kernel

    conditions = _conditions(weighing, thresholds, np.minimum)
    codes = np.full(weighing.likelihood.shape, STATUSES.index(Status.UNVERIFIED), dtype=np.int8)
    for met, status in reversed(conditions):
        codes[met] = STATUSES.index(status)
    return codes


def _conditions(
    weighing: Any, thresholds: Thresholds, least: Callable[[Any, Any], Any]
) -> tuple[tuple[Any, Status], ...]:
    """Statuses, each with whether its condition is met: by one claim, or by which of many. The first that
    is met counts. ``least`` gives the less of two numbers, or of each two."""
    likelihood = weighing.likelihood
    established = (weighing.independent_lines >= 2) | weighing.official_record
    several = (least(weighing.supporting_lines, weighing.channels) >= 2) | established
    two_sided = least(weighing.support, weighing.opposition) >= thresholds.real_weight
    # Who says that a thing is not so may be one interested voice, as may who says that it is.
    gainsaid = (weighing.opposing_lines >= 2) | weighing.good | (likelihood <= thresholds.refuted_by_one)
    backed = several | weighing.first_hand | (likelihood >= thresholds.corroborated_by_one)
    return (
        (weighing.taken_back, Status.RETRACTED),
        (weighing.overtaken_by_newer, Status.SUPERSEDED),
        ((likelihood <= thresholds.refuted) & gainsaid, Status.REFUTED),
        ((likelihood >= thresholds.confirmed) & established, Status.CONFIRMED),
        (two_sided & (likelihood < thresholds.confirmed), Status.DISPUTED),
        (two_sided, Status.CORROBORATED),
        ((likelihood >= thresholds.corroborated) & backed, Status.CORROBORATED),
        (likelihood <= thresholds.doubtful, Status.DOUBTFUL),
    )


# --- the confidence -------------------------------------------------------------------------


def confidence_of(weighing: ClaimWeighing) -> Confidence:
    """How good the base of evidence of one claim is: ``high`` with three lines or more, some of them good,
    and none carrying over three quarters of all the weight; ``moderate`` with two lines, or one at first
    hand; else ``low``."""
    total = weighing.support + weighing.opposition
    high, moderate = _well_based(weighing, weighing.largest / total if total > 0 else 1.0)
    return Confidence.HIGH if high else Confidence.MODERATE if moderate else Confidence.LOW


def confidence_codes(weighing: Weighing) -> Codes:
    """The same of each of many claims, as its code in :data:`CONFIDENCES`."""
    import numpy as np  # loaded with the kernel

    total = np.asarray(weighing.support + weighing.opposition)
    share = np.divide(weighing.largest, total, out=np.ones(total.shape), where=total > 0)
    high, moderate = _well_based(weighing, share)
    codes = np.where(moderate, CONFIDENCES.index(Confidence.MODERATE), CONFIDENCES.index(Confidence.LOW))
    return np.where(high, CONFIDENCES.index(Confidence.HIGH), codes).astype(np.int8)


def _well_based(weighing: Any, share: Any) -> tuple[Any, Any]:
    """Whether the base of evidence is good, and whether it is fair at least: of one claim, or of which of
    many; ``share`` is the part of all the weight that the heaviest row carries."""
    at_first_hand = (weighing.lines >= 1) & (weighing.first_hand | weighing.official_record)
    high = (weighing.lines >= 3) & weighing.good & (share <= 0.75)
    return high, (weighing.lines >= 2) | at_first_hand
