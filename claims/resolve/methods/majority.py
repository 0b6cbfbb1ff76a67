"""``majority``: more lines for a claim than against it make it likelier than not.

Every line has one vote of the same weight, whoever it goes back to and whether its independence is
known or not; ten outlets that relay one ministry are one line and have one vote. As many votes for
a claim as against it leave it at even chances, and so does no vote at all. Ties between claims hold
as they do under the weight of evidence: rival answers with one vote each are contested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.resolve.methods.votes import vote_rows
from claims.resolve.resolver import Counting, weigh_evidence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from claims.model import Claim, Evidence
    from claims.policy import Policy
    from claims.resolve.columns import Row
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Resolution


def resolve(dossier: Dossier, policy: Policy, as_of: date) -> dict[str, Resolution]:
    """By the number of lines on each side; before ties, likelier than not if and only if more lines
    support the claim than oppose it."""
    return weigh_evidence(dossier, policy, as_of, Counting(rows=_rows, in_full=True))


def _rows(dossier: Dossier, claims: Sequence[Claim], policy: Policy, as_of: date) -> list[Row]:
    nats = policy.own["votes"]["line"]

    def vote(piece: Evidence) -> tuple[float, str]:
        return nats, f"{piece.stance}: one vote of {nats:.2f}"

    return vote_rows(dossier, claims, policy, as_of, vote)
