"""Which sources seem to copy one another, over the whole record or around one claim."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tracker.app.view import View, Views

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from claims.model import Evidence
    from claims.resolve import Dossier
    from claims.resolve.explaining import Line
    from claims.suspecting import SuspectedLines
    from tracker.report.models import Suspects
    from tracker.store.read import Reader

FEWEST_SHARED = 5
"""Claims on which at least two of the sources spoke, before they are looked at: fewer tell nothing."""

MOST_READ = 500
"""Claims that are read to look around one claim: those first on which most of its sources spoke."""


class Suspicions(Views):
    """Suspected syndicates."""

    def suspects(
        self, *, as_of: str | date | None = None, recorded_by: str | int | date | None = None
    ) -> Suspects:
        """The groups of sources that may be copying one another, by all evidence that was public."""
        from claims.suspecting import assertions, suspect
        from tracker.report.models import Suspects

        with self.view(as_of, recorded_by) as view:
            reader = view.reader
            claims = {key: claim for key, claim in reader.claims().items() if not claim.withdrawn}
            sources = reader.sources()
            said = assertions(claims, reader.evidence(), sources, view.as_of)
            spoke = Counter(each.slot for each in said)
            return Suspects(
                found=tuple(suspect(said, sources)),
                sources=len({each.voice for each in said}),
                questions=sum(voices > 1 for voices in spoke.values()),
                as_of=view.as_of,
                recorded_by=view.recorded_by,
            )


def suspicions_on(view: View, dossier: Dossier, lines: Sequence[Line]) -> tuple[SuspectedLines, ...]:
    """The suspicions by which several lines on one side of a claim may be one.

    Only what the sources on the claim spoke on is read, with what others said there; so what is
    found may differ a little from what the whole record shows.
    """
    from claims.suspecting import assertions, separate_lines, suspect, suspected_on

    sides = separate_lines(lines, dossier.evidence, dossier.sources)
    behind = {source for found in sides.values() for voices in found for source in voices.values()}
    if not behind:
        return ()
    reader = view.reader_of(behind)
    keys = _shared_claims(reader, behind)
    if not keys:
        return ()
    claims = {key: claim for key, claim in reader.claims(keys).items() if not claim.withdrawn}
    evidence = reader.evidence_on(claims)
    sources = reader.sources(_speakers(evidence.values()))
    found = suspect(assertions(claims, evidence, sources, view.as_of), sources)
    return suspected_on(sides, found, sources)


def _shared_claims(reader: Reader, sources: Collection[str]) -> list[str]:
    """The claims that sources spoke on, the most shared first; none where too few are shared."""
    spoke = Counter(key for claims in reader.claims_of_sources(sources).values() for key in claims)
    if sum(many > 1 for many in spoke.values()) < FEWEST_SHARED:
        return []
    return sorted(spoke, key=lambda key: (-spoke[key], key))[:MOST_READ]


def _speakers(evidence: Collection[Evidence]) -> set[str]:
    """The sources that speak in some evidence, and whatever it relays."""
    return {piece.source for piece in evidence} | {piece.relays for piece in evidence if piece.relays}
