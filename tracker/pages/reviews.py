"""ClaimReview of published claims, as JSON-LD for their pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.formats.reviewing import page_reviews
from tracker.report.extract import Portion

if TYPE_CHECKING:
    from tracker.report.infull import InFull


def reviews_of(it: InFull, organisation: str, url: str | None = None) -> list[str]:
    """The review of a claim, where it was published at an address on the web: JSON that is safe in a script
    element as it is."""
    if not it.dossier.publications:
        return []
    key = it.claim.key
    portion = Portion(
        claims={key: it.claim},
        evidence={piece.key: piece for piece in it.dossier.evidence},
        sources=it.dossier.sources,
        documents=it.dossier.documents,
        publications={key: it.dossier.publications},
        standings={key: replace(it.standing, explain=lambda: it.explanation)},
    )
    return page_reviews(portion, organisation, url, it.standing.as_of)
