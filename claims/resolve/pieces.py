"""Pieces of evidence by their keys, and by who said what: looked through once, however often asked."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from claims.model import Evidence
from claims.vocabulary import STANCE_SIGN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Pieces(dict[str, Evidence]):
    """Evidence by key; not to be changed once it was asked who said what."""

    __slots__ = ("_said",)
    _said: dict[tuple[str, str, int], list[Evidence]]

    def said_by(self, source: str, claim: str, sign: int) -> Sequence[Evidence]:
        """What a source said on one side of a claim (``sign`` is +1 or -1), be it in its own words or
        in somebody else's."""
        if not hasattr(self, "_said"):
            self._said = defaultdict(list)
            for piece in self.values():
                self._said[piece.source, piece.claim, STANCE_SIGN[piece.stance]].append(piece)
        return self._said.get((source, claim, sign), ())


def pieces_of(evidence: Mapping[str, Evidence]) -> Pieces:
    """The same evidence, in the form that knows who said what."""
    return evidence if isinstance(evidence, Pieces) else Pieces(evidence)
