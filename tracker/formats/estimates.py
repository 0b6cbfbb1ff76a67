"""What a tag of MISP's taxonomy estimative-language says, as a verdict of whoever tagged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.vocabulary import LIKELIHOOD_TERMS
from tracker.formats import acts as say

if TYPE_CHECKING:
    from tracker.formats.acts import Act
    from tracker.formats.confidence import Tagged

_MIDDLES = {
    words: (low + high) / 2
    for (low, _), (high, words) in zip([(0.0, ""), *LIKELIHOOD_TERMS[:-1]], LIKELIHOOD_TERMS, strict=True)
}
"""The middle of what each term of ICD 203 spans."""

_STATUSES = {
    "almost certain": "corroborated",
    "very likely": "corroborated",
    "very unlikely": "doubtful",
    "almost no chance": "doubtful",
}


def estimate(said: Tagged, claim: str, by: str, on: str | None) -> list[Act]:
    """A likelihood in words as a verdict: it is the tagger's own, and stands beside the computed one. None
    where the tags say nothing of how likely it is, or how good its evidence."""
    words = said.likelihood
    if words is None and said.confidence is None:
        return []
    parts = [f"likelihood: {words}" if words else "", f"confidence: {said.confidence or 'not said'}"]
    verdict = say.Assess(
        claim=claim,
        status=_STATUSES.get(words or "", "unverified"),
        likelihood=f"{_MIDDLES[words]:.3f}" if words else None,
        by=by,
        on=on,
        reason="; ".join(part for part in parts if part) + " (estimative-language)",
    )
    return [verdict]
