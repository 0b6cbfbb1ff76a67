"""What a resolution says, and the rows that explain it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from claims.vocabulary import Confidence, Stance, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one piece of evidence adds to the log-odds (nats, signed), which line it belongs to,
    and why it weighs what it weighs."""

    evidence: str
    source: str
    stance: Stance
    line: str
    weight: float
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one tie to other claims adds to the log-odds (nats, signed)."""

    rule: str
    others: tuple[str, ...]
    weight: float
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """Evidence without which the status would be another."""

    remove: tuple[str, ...]
    status: Status
    likelihood: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a policy says of a claim on a day.

    ``likelihood`` is a probability; ``base_log_odds`` plus the weights of ``contributions`` plus
    those of ``effects`` is its log-odds. ``supporting_lines`` and ``opposing_lines`` count origins,
    not outlets; opposing are also the lines that support a claim which cannot be true together
    with this one. ``evidence`` counts the pieces in those lines and all others that were weighed.
    ``exact`` is false where the tied group was too large for exact joint resolution.
    ``changes_on`` is the next day on which the passage of time alone would change the result.
    """

    claim: str
    status: Status
    likelihood: float
    confidence: Confidence
    supporting_lines: int
    opposing_lines: int
    evidence: int
    stale: bool
    policy: str
    as_of: date
    base_rate: float
    base_log_odds: float
    contributions: tuple[Contribution, ...] = ()
    effects: tuple[Effect, ...] = ()
    exact: bool = True
    changes_on: date | None = None
