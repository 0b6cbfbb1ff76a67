"""Rows of evidence as the arrays that the kernel works on: for who asks something of very many at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.kernel import Columns
from claims.resolve.lines import is_known_independent
from claims.resolve.resolver import is_good
from claims.resolve.scales import logit
from claims.vocabulary import Basis, Stance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claims.model import Claim
    from claims.policy import Policy
    from claims.resolve.columns import Row
    from claims.resolve.dossier import Dossier


def columns_of(rows: Sequence[Row], claims: Sequence[Claim], policy: Policy, dossier: Dossier) -> Columns:
    """What each row weighs, and which line it is of."""
    origins = {name: number for number, name in enumerate(sorted({r.origin.name for r in rows}))}
    return Columns(
        base=np.array([logit(policy.base_rate_of(claim.kind)) for claim in claims]),
        claim=np.array([row.claim for row in rows], dtype=np.int64),
        sign=np.array([row.sign for row in rows], dtype=np.int64),
        strength=np.array([row.strength for row in rows], dtype=np.float64),
        origin=np.array([origins[row.origin.name] for row in rows], dtype=np.int64),
        independent=np.array(
            [is_known_independent(row.piece, dossier.documents) for row in rows], dtype=np.bool_
        ),
    )


def marked(columns: Columns, rows: Sequence[Row], dossier: Dossier) -> Columns:
    """The same with what is known of each row besides."""
    places: dict[str, int] = {}
    pieces = [row.piece for row in rows]
    read_in = [places.setdefault(row.piece.document or row.origin.name, len(places)) for row in rows]
    return replace(
        columns,
        takes_side=np.array([piece.stance is not Stance.MENTIONS for piece in pieces], dtype=np.bool_),
        good=np.array([is_good(piece, dossier) for piece in pieces], dtype=np.bool_),
        first_hand=np.array([piece.basis is Basis.WITNESSED for piece in pieces], dtype=np.bool_),
        official_record=np.array([piece.basis is Basis.OFFICIAL_RECORD for piece in pieces], dtype=np.bool_),
        channel=np.array(read_in, dtype=np.int64),
    )
