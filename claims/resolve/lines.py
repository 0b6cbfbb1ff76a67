"""Lines: evidence grouped by where it comes from, so that origins are counted, not outlets.

The origin of a piece of evidence depends on nothing but itself and what it relays. That is on
purpose: another piece logged later can join a line but never weld two lines into one, so one
more denial can never make a claim likelier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.vocabulary import Basis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claims.model import Document, Evidence, Source


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a line starts: a name that all its members share, and the reason in words."""

    name: str
    because: str


def source_behind(evidence: Evidence, all_evidence: Mapping[str, Evidence]) -> str:
    """The key of the source whose words a piece of evidence carries in the end.

    Relays are followed to their end, through other evidence or straight to a source; a ring of
    pieces that relay each other goes back to the one whose key sorts first.
    """
    seen: list[str] = []
    piece = evidence
    while piece.relays is not None:
        seen.append(piece.key)
        target = all_evidence.get(piece.relays)
        if target is None:
            return piece.relays
        if target.key in seen:
            ring = seen[seen.index(target.key) :]
            return all_evidence[min(ring)].source
        piece = target
    return piece.source


def origin_of(
    evidence: Evidence,
    all_evidence: Mapping[str, Evidence],
    sources: Mapping[str, Source],
) -> Origin:
    """The origin that a piece of evidence goes back to: the owner of the source behind it, else
    the first side that this source belongs to, else the source itself."""
    key = source_behind(evidence, all_evidence)
    return _origin_of_source(key, sources, relayed=evidence.relays is not None)


def _origin_of_source(key: str, sources: Mapping[str, Source], *, relayed: bool) -> Origin:
    source = sources.get(key)
    name = source.name if source else key
    if source is not None and source.owner:
        return Origin(f"owner:{source.owner}", f"owned or directed by {source.owner}")
    if source is not None and source.sides:
        return Origin(f"side:{source.sides[0]}", f"speaks for the side {source.sides[0]}")
    if relayed:
        return Origin(f"source:{key}", f"passes on what {name} said")
    return Origin(f"source:{key}", f"{name} itself")


def is_second_hand(evidence: Evidence, documents: Mapping[str, Document]) -> bool:
    """Whether it was read in a document that somebody other than the source published."""
    if evidence.document is None:
        return False
    document = documents.get(evidence.document)
    if document is None or document.publisher is None:
        return False
    return document.publisher != evidence.source


def is_known_independent(evidence: Evidence, documents: Mapping[str, Document]) -> bool:
    """Whether its independence of other lines is established: the source knows at first hand,
    relays nobody, and was read in its own words."""
    return (
        evidence.basis in (Basis.WITNESSED, Basis.OFFICIAL_RECORD)
        and evidence.relays is None
        and not is_second_hand(evidence, documents)
    )
