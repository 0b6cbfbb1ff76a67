"""What a statement stands on: the grade of its source, or how that source knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.policy import STANDINGS
from claims.resolve.lines import is_known_independent, source_behind
from claims.vocabulary import Basis, Reliability

if TYPE_CHECKING:
    from claims.model import Evidence
    from claims.policy import Policy
    from claims.resolve.dossier import Dossier

_WORDS = {
    Basis.WITNESSED: "knowledge at first hand",
    Basis.OFFICIAL_RECORD: "an official record",
    "ungraded": "a source without a grade",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a statement stands on, in the terms of the policy file, and its rank: 1 is best."""

    name: str
    rank: float

    @property
    def words(self) -> str:
        """As part of a sentence: "grade B", "an official record"."""
        return _WORDS.get(self.name, f"grade {self.name}")


def standing_of(piece: Evidence, dossier: Dossier, policy: Policy) -> Standing:
    """The best of what a statement can stand on, by the ranks of the policy.

    Knowledge at first hand and official records count as such where the source speaks for itself
    and in its own words. Who passes something on stands no better than whom it was heard from. A
    grade of F says that the source cannot be judged: as if it had none.
    """
    own = _of_source(piece.source, dossier, policy)
    if piece.relays is not None:
        heard_from = _of_source(source_behind(piece, dossier.evidence), dossier, policy)
        return max(own, heard_from, key=_order)
    if piece.basis is not None and is_known_independent(piece, dossier.documents):
        return min(own, _named(piece.basis, policy), key=_order)
    return own


def _of_source(key: str, dossier: Dossier, policy: Policy) -> Standing:
    source = dossier.sources.get(key)
    grade = None if source is None else source.reliability
    return _named("ungraded" if grade in (None, Reliability.F) else str(grade), policy)


def _named(name: str, policy: Policy) -> Standing:
    return Standing(name, policy.own["ranks"][name])


def _order(standing: Standing) -> tuple[float, int]:
    return standing.rank, STANDINGS.index(standing.name)
