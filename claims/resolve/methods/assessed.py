"""``assessed``: only people's verdicts count; what has no verdict is unverified.

The one method in which an assessment gives the likelihood. The latest verdict on a claim counts,
with its own likelihood or the one that the policy has for its status. Evidence is listed and has no
weight; lines and confidence still tell how good the evidence is, counted as everywhere. Ties add
nothing: whoever gave the verdict has weighed the contradictions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from claims.assessing import latest
from claims.resolve.methods.votes import vote_rows
from claims.resolve.resolution import Effect
from claims.resolve.resolver import Counting, weigh_evidence
from claims.resolve.scales import logit, probability
from claims.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from claims.model import Assessment, Claim, Evidence
    from claims.policy import Policy
    from claims.resolve.columns import Row
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Resolution

CERTAIN = 1e-6
"""A verdict of 0 or 1 is this far from it: log-odds have no end."""


def resolve(dossier: Dossier, policy: Policy, as_of: date) -> dict[str, Resolution]:
    """By the latest verdict that a person gave on each claim by a day."""
    counted = weigh_evidence(dossier, policy, as_of, Counting(rows=_rows, in_full=True))
    return {
        key: _resolution(resolution, latest(dossier.assessments.get(key, ()), as_of), policy)
        for key, resolution in counted.items()
    }


def _resolution(counted: Resolution, verdict: Assessment | None, policy: Policy) -> Resolution:
    silent = tuple(
        replace(row, weight=0.0, because="only people's verdicts count") for row in counted.contributions
    )
    effects: tuple[Effect, ...] = ()
    status = Status.UNVERIFIED
    if verdict is not None:
        chance = verdict.likelihood
        given = chance if chance is not None else policy.own["verdicts"][verdict.status]
        weight = logit(min(max(given, CERTAIN), 1 - CERTAIN)) - counted.base_log_odds
        effects = (Effect(rule="assessment", others=(), weight=weight, because=_because(verdict)),)
        status = verdict.status
    total = counted.base_log_odds + sum(effect.weight for effect in effects)
    return replace(
        counted,
        status=status,
        likelihood=probability(total),
        contributions=silent,
        effects=effects,
        exact=True,
    )


def _because(verdict: Assessment) -> str:
    by_hand = "" if verdict.likelihood is None else f", likelihood {verdict.likelihood:g}"
    reason = f": {verdict.reason}" if verdict.reason else ""
    approved = f", approved by {verdict.decided_by}" if verdict.decided_by else ""
    return f"{verdict.author} assessed it as {verdict.status} on {verdict.made_on}{by_hand}{approved}{reason}"


def _rows(dossier: Dossier, claims: Sequence[Claim], policy: Policy, as_of: date) -> list[Row]:
    return vote_rows(dossier, claims, policy, as_of, _one)


def _one(piece: Evidence) -> tuple[float, str]:
    return 1.0, f"{piece.stance}: counted, not weighed"
