"""``hierarchy``: the best source that took a side decides; all others are listed and count nothing.

Sources rank by what they stand on: their grade, knowledge at first hand, an official record, each as
the policy ranks them; sources without a grade come last. Among the statements of the best rank each
line has one vote, worth what the policy gives that standing. Ties between claims hold: what the
winners of one claim say bears on its rivals.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from claims.resolve.methods.standing import standing_of
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
    """By the lines of the best-graded sources that took a side."""
    return weigh_evidence(dossier, policy, as_of, Counting(rows=best_rows, in_full=True))


def best_rows(dossier: Dossier, claims: Sequence[Claim], policy: Policy, as_of: date) -> list[Row]:
    """The evidence that counts on a day, with a vote for what stands on the best ground, claim by
    claim, and none for the rest."""

    def vote(piece: Evidence) -> tuple[float, str]:
        standing = standing_of(piece, dossier, policy)
        nats = policy.own["votes"][standing.name]
        return nats, f"{piece.stance}: one vote of {nats:.2f} on {standing.words}"

    rows = vote_rows(dossier, claims, policy, as_of, vote)
    best: dict[int, Row] = {}
    for row in rows:
        if row.strength > 0 and (
            row.claim not in best or _rank(row, dossier, policy) < _rank(best[row.claim], dossier, policy)
        ):
            best[row.claim] = row
    return [
        _outranked(row, best[row.claim], dossier, policy)
        if row.strength > 0 and _rank(row, dossier, policy) > _rank(best[row.claim], dossier, policy)
        else row
        for row in rows
    ]


def _rank(row: Row, dossier: Dossier, policy: Policy) -> float:
    return standing_of(row.piece, dossier, policy).rank


def _outranked(row: Row, by: Row, dossier: Dossier, policy: Policy) -> Row:
    source = dossier.sources.get(by.piece.source)
    who = source.name if source is not None else by.piece.source
    mine, theirs = (standing_of(each.piece, dossier, policy).words for each in (row, by))
    return replace(row, strength=0.0, factors=(f"{mine}, outranked by {theirs} ({who})",))
