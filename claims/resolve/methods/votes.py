"""Votes: lines that are counted and not weighed. What the methods that count have in common."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from claims.resolve.columns import rows_of
from claims.vocabulary import Stance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from claims.model import Claim, Evidence
    from claims.policy import Policy
    from claims.resolve.columns import Row, Strength
    from claims.resolve.dossier import Dossier


def vote_rows(
    dossier: Dossier,
    claims: Sequence[Claim],
    policy: Policy,
    as_of: date,
    vote: Callable[[Evidence], tuple[float, str]],
) -> list[Row]:
    """The evidence that counts on a day, each piece with its vote: ``vote`` says what it is worth in
    nats, and why. Support votes for a claim, denial and doubt against it; who mentions it does not
    vote. A vote does not age, but a state on which nobody has spoken for long is stale all the
    same."""

    def strength_of(piece: Evidence, claim: Claim) -> Strength:
        step = None
        if claim.is_state:
            stale_on = piece.counts_from + timedelta(days=policy.stale_after(claim.kind))
            step = stale_on if stale_on > as_of else None
        if piece.stance is Stance.MENTIONS:
            return 0.0, ("mentions it, and does not vote",), None
        nats, words = vote(piece)
        return nats, (words,), step

    return rows_of(dossier, claims, policy, as_of, strength_of)
