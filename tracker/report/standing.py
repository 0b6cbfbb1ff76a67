"""The read model of a status: by itself, since most commands that read need no other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.assessing import diverges
from claims.vocabulary import likelihood_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from claims.model import Assessment, Claim
    from claims.vocabulary import Confidence, Status
    from tracker.report.models import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a claim stands: its status, likelihood and confidence on a day, and since when.

    ``subject`` is the name of whom it is about; ``changed`` the first day (of publication) of the
    present status, None if no evidence ever moved it; ``assessment`` is a person's latest own
    verdict, ``waiting`` are those that wait for a second person. ``policy`` is the label of the policy
    that it stands by; ``entry`` is the number of the newest journal entry that was looked at.
    ``as_of`` is the day whose published evidence counts; ``recorded_by`` the moment up to which
    the record was read, None for all of it.
    """

    claim: Claim
    subject: str | None
    status: Status
    likelihood: float
    confidence: Confidence
    supporting_lines: int
    opposing_lines: int
    evidence: int
    stale: bool
    assessment: Assessment | None
    policy: str
    as_of: date
    recorded_by: str | None
    changed: date | None
    waiting: tuple[Assessment, ...] = ()
    entry: int = field(default=0, compare=False)
    explain: Callable[[], Explanation] | None = field(default=None, repr=False, compare=False)

    @property
    def key(self) -> str:
        """The claim's key."""
        return self.claim.key

    @property
    def likelihood_words(self) -> str:
        """The ICD 203 term for the likelihood."""
        return likelihood_words(self.likelihood)

    @property
    def assessed(self) -> Status | None:
        """The status that a person gave it last; None where nobody did."""
        return self.assessment.status if self.assessment is not None else None

    @property
    def diverges(self) -> bool:
        """Whether a person's verdict is of another camp than the computed status."""
        return self.assessed is not None and diverges(self.assessed, self.status)

    def why(self) -> Explanation:
        """The explanation, row by row; ``print`` gives it in words."""
        assert self.explain is not None
        return self.explain()

    def __str__(self) -> str:
        from tracker.report.words import percent  # words need this model, so not at the top

        return f"{self.key}: {self.status}, {self.likelihood_words} ({percent(self.likelihood)})"
