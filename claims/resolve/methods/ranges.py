"""``range``: numbers are held in so far as they lie in the range that most reports agree on.

The count claims that answer one question are not rivals that shut each other out: "12" and "10–15"
can both hold. The lines behind them agree on a range (:mod:`claims.resolve.methods.agreement`), and
each claim gains by the share of its own numbers that lie in it, and loses by the rest. What a claim
says itself is weighed as evidence is everywhere, and earns it nothing besides: it gains only where
lines of other claims are part of the range. All other claims are resolved by the weight of
evidence, and ties that are not between such answers hold.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claims.counts import check_count
from claims.errors import BadValue
from claims.resolve.methods.agreement import Reported, Toll, overlap, toll
from claims.resolve.resolution import Effect
from claims.resolve.resolver import Counting, weigh_evidence
from claims.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from claims.counts import Count
    from claims.model import Claim
    from claims.policy import Policy
    from claims.resolve.columns import Row
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Resolution

RULE = "agreed-range"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The count claims that answer one question, by number, with what each says."""

    counts: Mapping[int, Count]
    cumulative: bool


def resolve(dossier: Dossier, policy: Policy, as_of: date) -> dict[str, Resolution]:
    """By the agreed range for counts that answer a question, by the weight of evidence for the rest."""
    questions = {key: claim.question for key, claim in dossier.claims.items() if _count(claim) is not None}

    def given(
        dossier: Dossier,
        policy: Policy,
        claims: Sequence[Claim],
        rows: Sequence[Row],
        weights: Sequence[float],
    ) -> dict[int, list[Effect]]:
        found = {}
        for numbers in _asked(dossier, claims, questions):
            found.update(_effects(numbers, policy, claims, rows, weights))
        return found

    apart = {
        key: replace(claim, question=None) if key in questions else claim
        for key, claim in dossier.claims.items()
    }
    return weigh_evidence(replace(dossier, claims=apart), policy, as_of, Counting(given=given))


def agreed_ranges(
    numbers: Numbers, claims: Sequence[Claim], rows: Sequence[Row], weights: Sequence[float]
) -> list[Toll]:
    """The range that the lines behind some counts agree on; several where it is contested. A claim
    against which as much is said as for it has no say."""
    net: dict[int, float] = defaultdict(float)
    for r in sorted(range(len(rows)), key=weights.__getitem__):
        net[rows[r].claim] += weights[r]
    reports = []
    for row, weight in zip(rows, weights, strict=True):
        count = numbers.counts.get(row.claim)
        if count is not None and weight > 0 and net[row.claim] > 0:
            low, high = _ends(count)
            key, line, day = claims[row.claim].key, row.origin.name, row.piece.counts_from
            reports.append(Reported(key, line, low, count.best, high, day, weight))
    return toll(reports, cumulative=numbers.cumulative)


def _count(claim: Claim) -> Count | None:
    """What a claim says of a number that is asked for; None where it says none."""
    if claim.kind is not Kind.COUNT or claim.value is None or claim.question is None:
        return None
    try:
        return check_count(claim.value)
    except BadValue:
        return None


def _ends(count: Count) -> tuple[Decimal | None, Decimal | None]:
    if count.low is None and count.high is None:
        return count.best, count.best
    return count.low, count.high


def _asked(dossier: Dossier, claims: Sequence[Claim], questions: Mapping[str, str | None]) -> list[Numbers]:
    asked: dict[str, dict[int, Count]] = defaultdict(dict)
    for number, claim in enumerate(claims):
        question = questions.get(claim.key)
        if question is not None and claim.value is not None:
            asked[question][number] = check_count(claim.value)
    return [
        Numbers(counts, cumulative=key in dossier.questions and dossier.questions[key].cumulative)
        for key, counts in sorted(asked.items())
    ]


def _effects(
    numbers: Numbers, policy: Policy, claims: Sequence[Claim], rows: Sequence[Row], weights: Sequence[float]
) -> dict[int, list[Effect]]:
    """What each claim gains or loses by the agreed range, where others have a part in it."""
    tolls = agreed_ranges(numbers, claims, rows, weights)
    found = {}
    for number, count in numbers.counts.items():
        key = claims[number].key
        makers = tuple(sorted({maker for each in tolls for maker in each.claims} - {key}))
        if makers:
            shares = [overlap(each, *_ends(count)) for each in tolls]
            weight = sum(
                share * policy.own["range"]["inside"] * (each.claims != (key,))
                - (1 - share) * policy.own["range"]["outside"]
                for each, share in zip(tolls, shares, strict=True)
            ) / len(tolls)
            because = _because(tolls, sum(shares) / len(shares))
            found[number] = [Effect(rule=RULE, others=makers, weight=weight, because=because)]
    return found


def _because(tolls: Sequence[Toll], share: float) -> str:
    inside = "all of it" if share == 1 else "none of it" if share == 0 else f"{share:.0%} of it"
    ranges = " or ".join(each.words for each in tolls)
    lines = " or ".join(str(each.lines) for each in tolls)
    if len(tolls) > 1:
        return f"contested: {ranges} (lines behind each: {lines}); {inside} lies there"
    return f"most weight is behind {ranges} (lines: {lines}); {inside} lies there"
