"""Slots: what claims must have in common for a rule to tie them. One description, for dossiers and
for the store, of which claims must be resolved together.

A claim enters a slot as a *hub* or only *beside* one. Rules tie hubs to each other and to what is
beside them: all the claims about a man's life are tied by a report of his death, and by nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from claims.resolve.rules.actors import OF_A_DEED
from claims.resolve.rules.held import IN_A_GROUP, OF_A_GROUP, OF_THE_LIVING
from claims.resolve.rules.links import may_be_negated, without_negation
from claims.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from claims.model import Claim

    Slot = tuple[str, ...]


class Facts(NamedTuple):
    """What of a claim decides its slots."""

    kind: Kind
    text: str
    subject: str | None
    value_entity: str | None
    question: str | None


def facts_of(claim: Claim) -> Facts:
    """What of a claim decides its slots."""
    return Facts(claim.kind, claim.text, claim.subject, claim.value_entity, claim.question)


def groups_of(
    claims: Mapping[str, Facts], entity_of: Callable[[str], str], is_incident: Callable[[str], bool]
) -> list[list[str]]:
    """The claims in groups of those that share a slot with a hub; one claim may be in several.
    ``entity_of`` follows merges; ``is_incident`` says of an entity so found whether it is an
    incident."""
    negations = any(may_be_negated(claim.text) for claim in claims.values())
    return joined(
        (key, slot, hub)
        for key, claim in claims.items()
        for slot, hub in slots_of(claim, entity_of, is_incident, negations=negations)
    )


def slots_of(
    claim: Facts,
    entity_of: Callable[[str], str],
    is_incident: Callable[[str], bool],
    *,
    negations: bool = True,
) -> Iterator[tuple[Slot, bool]]:
    """The slots of a claim, and whether it is a hub there. Without ``negations`` the slots for its
    words are left out: where no text is negated, none of them has a hub."""
    kind = claim.kind
    if claim.question is not None:
        yield ("question", claim.question), True
    if claim.value_entity is not None:
        value = entity_of(claim.value_entity)
        if kind is Kind.FOUNDING:
            yield ("founding", value), True
        if kind in IN_A_GROUP:
            yield ("group", value), False
    if claim.subject is None:
        return
    subject = entity_of(claim.subject)
    if kind is Kind.DEATH or kind is Kind.SIGN_OF_LIFE or kind in OF_THE_LIVING:
        yield ("life", subject), kind is Kind.DEATH
    if kind is Kind.DISSOLUTION or kind in OF_A_GROUP:
        yield ("group", subject), kind is Kind.DISSOLUTION
    if (kind is Kind.EVENT or kind in OF_A_DEED) and is_incident(subject):
        yield ("event" if kind is Kind.EVENT else "deed", subject), True
    if negations:
        words, negated = without_negation(claim.text)
        yield ("words", kind, subject, words), negated


def joined(slots: Iterable[tuple[str, Slot, bool]]) -> list[list[str]]:
    """The claims that share a slot in which there is a hub, from (claim, slot, hub) in any order."""
    members: dict[Slot, list[str]] = defaultdict(list)
    with_hub: set[Slot] = set()
    for claim, slot, hub in slots:
        members[slot].append(claim)
        if hub:
            with_hub.add(slot)
    return [members[slot] for slot in members if slot in with_hub]
