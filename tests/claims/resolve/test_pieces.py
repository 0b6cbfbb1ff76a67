"""Pieces: who said what on which side of a claim."""

from __future__ import annotations

from hypothesis import given

from claims.resolve.lines import relayed_by
from claims.resolve.pieces import pieces_of
from claims.vocabulary import STANCE_SIGN
from tests.claims.builders import dossier, said
from tests.claims.random_dossiers import SOURCES, dossiers
from tests.support.examples import examples


@given(dossiers(pieces=20))
@examples(40)
def test_who_said_what_is_what_looking_through_all_finds(found):
    for claim in found.claims:
        for source in SOURCES:
            for sign in (1, -1):
                looked_up = found.pieces.said_by(source, claim, sign)
                assert list(looked_up) == [
                    piece
                    for piece in found.evidence.values()
                    if (piece.source, piece.claim, STANCE_SIGN[piece.stance]) == (source, claim, sign)
                ]


def test_the_evidence_of_a_dossier_is_looked_through_once_however_many_relay():
    pieces = [said("agency", key="first", relays="ministry"), said("ministry", key="own", on="2018-11-20")]
    pieces += [said(f"paper-{n}", relays="agency") for n in range(50)]
    found = dossier(*pieces)
    assert pieces_of(found.evidence) is found.evidence
    looked = []

    class Watched(type(found.evidence)):
        def values(self):
            looked.append(1)
            return super().values()

    watched = Watched(found.evidence)
    assert {relayed_by(piece, watched).key for piece in pieces[2:]} == {"first"}
    assert len(looked) == 1
