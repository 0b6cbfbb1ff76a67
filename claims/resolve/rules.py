"""Contradiction rules: which claims cannot both hold, and what it costs to hold them anyway.

Each rule looks at the claims of a dossier and yields ties; the order in which claims were logged
does not matter. Rules have strengths, set by the policy; none is absolute.
"""

from __future__ import annotations

from collections import defaultdict
from math import exp, log
from typing import TYPE_CHECKING

from claims.resolve.ties import Lean, Rivals, Tie, members_of
from claims.vocabulary import Kind, LinkState, Relation, Stance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from claims.model import Claim, Link
    from claims.policy import Policy
    from claims.resolve.dossier import Dossier


def find_ties(dossier: Dossier, policy: Policy, as_of: date) -> list[Tie | Rivals]:
    """Every tie between claims that cannot all hold, or not all fail, by what was public on a
    day, in an order that does not depend on logging."""
    ties: list[Tie | Rivals] = []
    ties.extend(_life_after_death(dossier, policy, as_of))
    ties.extend(_one_answer(dossier, policy))
    ties.extend(_contradictions(dossier, policy))
    return sorted(ties, key=lambda tie: (members_of(tie), tie.rule, tie.because))


def find_leans(dossier: Dossier, policy: Policy) -> list[Lean]:
    """Every claim that leans on another, in an order that does not depend on logging."""
    leans = []
    for link in dossier.links.values():
        if link.state is not LinkState.OPEN or not _both_there(link, dossier):
            continue
        strength = policy.rules.get(link.relation, 0.0)
        because = link.reason or f"{link.claim} {link.relation} {link.other}"
        if link.relation in (Relation.DEPENDS_ON, Relation.REFINES):
            rule = str(link.relation)
            leans.append(Lean(rule, link.claim, link.other, strength, because))
        elif link.relation is Relation.SUPPORTS:
            leans.append(Lean("supports", link.other, link.claim, strength, because, backs=True))
    return sorted(leans, key=lambda lean: (lean.claim, lean.on, lean.rule, lean.because))


def _life_after_death(dossier: Dossier, policy: Policy, as_of: date) -> Iterator[Tie]:
    """A person seen alive had not died before: a sign of life speaks against every earlier death
    of the same person, linked to it or not, and never against a later one."""
    deaths = defaultdict(list)
    alive = defaultdict(list)
    for claim in dossier.claims.values():
        if claim.subject is None:
            continue
        person = dossier.entity_of(claim.subject)
        if claim.kind is Kind.DEATH:
            deaths[person].append(claim)
        elif claim.kind is Kind.SIGN_OF_LIFE:
            alive[person].append(claim)
    strength = policy.rules["life-after-death"]
    reports = _first_reports(dossier, as_of)
    for person, died in deaths.items():
        for death in died:
            for sign in alive[person]:
                chance = chance_of_later(sign, death, reports.get(death.key))
                if chance < 0.5:
                    continue
                # The death stands if the sign of life was in truth the earlier of the two.
                price = -log((1 - chance) + chance * exp(-strength))
                yield Tie(
                    rule="life-after-death",
                    first=death.key,
                    second=sign.key,
                    price=price,
                    because=f"alive after the reported death ({_when(sign)}, death {_when(death)})",
                )


def chance_of_later(sign: Claim, death: Claim, reported: date | None) -> float:
    """How likely it is that the sign of life came after the death, from 0 to 1.

    Certain where its date was given as after that very claim; else the share of pairs of days in
    the two ranges that are in that order. A death happened by the first day on which anybody
    ``reported`` it.
    """
    if sign.when is None:
        return 0.0
    if death.key in sign.when.after:
        return 1.0
    low, high = (None, reported)
    if death.when is not None:
        low = death.when.earliest
        bounds = [day for day in (death.when.latest, reported) if day is not None]
        high = min(bounds) if bounds else None
    if high is None or sign.when.latest is None:
        return 0.0
    return _share_later(
        (sign.when.earliest or sign.when.latest, sign.when.latest),
        (min(low or high, high), high),
    )


def _first_reports(dossier: Dossier, as_of: date) -> dict[str, date]:
    """The first day on which anybody said that a claim holds, by what was public on a day."""
    first: dict[str, date] = {}
    for piece in dossier.evidence.values():
        if piece.stance is Stance.SUPPORTS and piece.was_public_by(as_of):
            first[piece.claim] = min(piece.counts_from, first.get(piece.claim, piece.counts_from))
    return first


def _share_later(later: tuple[date, date], earlier: tuple[date, date]) -> float:
    """The chance that a day drawn from the first range comes after one drawn from the second."""
    a, b = later[0].toordinal(), later[1].toordinal()
    c, d = earlier[0].toordinal(), earlier[1].toordinal()
    pairs = (b - a + 1) * (d - c + 1)
    # Every day after the second range is later than all of it, every day within than those before.
    ordered = max(b - max(a, d + 1) + 1, 0) * (d - c + 1)
    low, high = max(a, c + 1), min(b, d)
    if low <= high:
        ordered += (low - c + high - c) * (high - low + 1) // 2
    return ordered / pairs


def _when(claim: Claim) -> str:
    return claim.when.words if claim.when is not None else "on an unknown date"


def _one_answer(dossier: Dossier, policy: Policy) -> Iterator[Rivals]:
    """At most one of the rival answers to a question is right; claims that give the same answer
    are not rivals."""
    answers = defaultdict(list)
    for claim in dossier.claims.values():
        if claim.question is not None:
            answers[claim.question].append(claim)
    for key, rivals in answers.items():
        question = dossier.questions.get(key)
        text = question.text if question is not None else key
        exactly_one = question is not None and question.exactly_one
        given = defaultdict(list)
        for claim in rivals:
            given[answer_of(claim, dossier)].append(claim.key)
        if len(given) < 2 and not exactly_one:
            continue
        yield Rivals(
            rule="exactly-one" if exactly_one else "one-answer",
            question=key,
            answers=tuple(sorted(tuple(sorted(keys)) for keys in given.values())),
            price=policy.rules["one-answer"],
            none=-policy.rules["exactly-one"] if exactly_one else 0.0,
            because=f"{'one of the answers must be right' if exactly_one else 'rival answers to'}: {text}",
        )


def answer_of(claim: Claim, dossier: Dossier) -> str:
    """What a claim answers to its question: its value, else its own text."""
    if claim.value_entity is not None:
        return "entity:" + dossier.entity_of(claim.value_entity)
    if claim.value is not None:
        return "value:" + claim.value.strip().casefold()
    return "claim:" + claim.key


def _contradictions(dossier: Dossier, policy: Policy) -> Iterator[Tie]:
    """Claims that a person linked as contradicting each other."""
    for link in dossier.links.values():
        if (
            link.relation is Relation.CONTRADICTS
            and link.state is LinkState.OPEN
            and _both_there(link, dossier)
        ):
            first, second = sorted((link.claim, link.other))
            yield Tie(
                rule="contradicts",
                first=first,
                second=second,
                price=policy.rules["contradicts"],
                because=link.reason or f"{link.claim} contradicts {link.other}",
            )


def _both_there(link: Link, dossier: Dossier) -> bool:
    return link.claim in dossier.claims and link.other in dossier.claims
