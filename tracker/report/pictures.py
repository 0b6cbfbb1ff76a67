"""Read models of figures: what a picture needs that no other answer has, or has in several."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from claims.counts import Count
    from claims.dates import UncertainDate
    from claims.measure import Bin
    from claims.model import Case, Entity, Evidence, Question
    from tracker.report.models import Dossiered, SourceRecord, Step
    from tracker.report.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a claim came to stand as it does, by one clock. ``others`` are pieces of evidence on other claims
    that moved it, by key."""

    dossier: Dossiered
    steps: tuple[Step, ...]
    clock: str = "published"
    others: Mapping[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What was reported of a person's death and life: the claims, and the evidence on them. ``sources``
    leads from keys to names."""

    entity: Entity
    claims: tuple[Standing, ...]
    evidence: tuple[Evidence, ...]
    sources: Mapping[str, str]
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The claims of a case and who speaks on them. ``sources`` leads from keys to names."""

    case: Case
    claims: tuple[Standing, ...]
    evidence: tuple[Evidence, ...]
    sources: Mapping[str, str]
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """A source's record, and how often it should have been right.

    ``expected`` is for each outcome of the record how likely the policy holds such a word to be right,
    before it knows how earlier ones fared; ``bins`` are these against how often it was. Both are empty
    where the rule of the policy does not say.
    """

    record: SourceRecord
    expected: tuple[float, ...] = ()
    bins: tuple[Bin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What counts came to from a day on: the ends and the best of those that stand, None where an end is
    open, or several are the best."""

    at: date
    low: Decimal | None
    best: Decimal | None
    high: Decimal | None
    contested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A count as it was claimed: from which day on it was spoken of, by whom, and whether it still stands.
    ``published`` is when it was first said, as far as that is known."""

    standing: Standing
    count: Count
    since: date
    published: UncertainDate | None
    sources: tuple[str, ...]
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisions:
    """How the answer to a question that counts was revised, oldest first; and the counts as claimed."""

    question: Question
    revisions: tuple[Revision, ...]
    counts: tuple[Counted, ...]
    as_of: date
