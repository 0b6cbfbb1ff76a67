"""The dossier: everything the resolver may look at, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from claims.resolve.accounts import Accounts, accounts_of
from claims.resolve.lines import relayed_by
from claims.resolve.pieces import pieces_of
from claims.resolve.slots import facts_of, groups_of
from claims.vocabulary import EntityType, LinkState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from claims.model import (
        Assessment,
        Case,
        Claim,
        Document,
        Entity,
        Evidence,
        Link,
        Question,
        Source,
    )
    from claims.resolve.accounts import Account
    from claims.resolve.pieces import Pieces
    from claims.resolve.records import Outcome


@dataclass(frozen=True, slots=True)
class Dossier:
    """Claims with all that bears on them, each under its key.

    It must be closed: a claim that a rule can tie to one of these is among them.
    ``merged`` leads from an entity that was merged into another to that other one; ``entities`` are
    what is known of those that the claims name, and rules that hold for incidents need it;
    ``assessments`` from a claim to people's verdicts on it, oldest first. ``outcomes`` leads from a
    source to how its stances fared on settled claims, in the dossier or not: case by case, or added up,
    with those on claims of the dossier named.
    """

    claims: Mapping[str, Claim]
    evidence: Mapping[str, Evidence]
    sources: Mapping[str, Source]
    documents: Mapping[str, Document] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)
    assessments: Mapping[str, Sequence[Assessment]] = field(default_factory=dict)
    outcomes: Mapping[str, Sequence[Outcome] | Account] = field(default_factory=dict)
    entities: Mapping[str, Entity] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep the evidence in the form that knows who said what, and outcomes day by day."""
        object.__setattr__(self, "evidence", pieces_of(self.evidence))
        object.__setattr__(self, "outcomes", accounts_of(self.outcomes))

    @property
    def pieces(self) -> Pieces:
        """The evidence, in the form that knows who said what."""
        return pieces_of(self.evidence)

    @property
    def accounts(self) -> Accounts:
        """How the stances of each source fared, day by day."""
        return accounts_of(self.outcomes)

    def entity_of(self, key: str) -> str:
        """The entity that a key stands for once merges are followed."""
        seen = {key}
        while (target := self.merged.get(key)) is not None and target not in seen:
            seen.add(target)
            key = target
        return key

    def is_incident(self, entity: str) -> bool:
        """Whether an entity, with merges followed, is known to be an incident."""
        known = self.entities.get(entity)
        return known is not None and known.type is EntityType.INCIDENT

    def among(self, claims: Collection[str]) -> Dossier:
        """The part of the dossier that is about some of its claims."""
        return replace(
            self,
            claims={key: self.claims[key] for key in sorted(claims)},
            evidence={key: piece for key, piece in self.evidence.items() if piece.claim in claims},
            links={key: link for key, link in self.links.items() if link.claim in claims},
        )

    def without(self, evidence: Collection[str]) -> Dossier:
        """The same dossier as if these pieces of evidence had never been. What passed one of them on
        then passes on what that one did: it goes back to the same origin still."""
        kept = {
            key: piece if piece.relays is None else _past(piece, self.evidence, evidence)
            for key, piece in self.evidence.items()
            if key not in evidence
        }
        return replace(self, evidence=kept)


def _past(piece: Evidence, all_evidence: Mapping[str, Evidence], gone: Collection[str]) -> Evidence:
    """A piece that relays others, led past those that are gone."""
    passed: set[str] = set()
    target = relayed_by(piece, all_evidence)
    while target is not None and target.key in gone and target.key not in passed:
        passed.add(target.key)
        piece = replace(piece, relays=target.relays or target.source)
        target = relayed_by(piece, all_evidence)
    return piece


def tied_groups(dossier: Dossier) -> list[set[str]]:
    """The claims of a dossier in groups that no rule can tie together, in the order of their
    smallest keys. Resolving a group alone gives what resolving the whole gives for it."""
    parent = {key: key for key in dossier.claims}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    def join(keys: list[str]) -> None:
        for key in keys[1:]:
            one, other = sorted((root(keys[0]), root(key)))
            parent[other] = one

    facts = {key: facts_of(claim) for key, claim in dossier.claims.items()}
    for members in groups_of(facts, dossier.entity_of, dossier.is_incident):
        join(members)
    for link in dossier.links.values():
        # What a rule finds shares a slot; where it no longer does, the link is about to go.
        if link.rule is not None and link.state is LinkState.OPEN:
            continue
        if link.claim in parent and link.other in parent:
            join([link.claim, link.other])
    groups: dict[str, set[str]] = {}
    for key in sorted(parent):
        groups.setdefault(root(key), set()).add(key)
    return list(groups.values())


def split(dossier: Dossier) -> list[Dossier]:
    """A dossier for each tied group, in one pass over the whole; with the outcomes of those alone who speak
    on its claims, so that nothing it says depends on which other groups it was read with."""
    groups = tied_groups(dossier)
    place = {key: number for number, group in enumerate(groups) for key in group}
    evidence: list[dict[str, Evidence]] = [{} for _ in groups]
    for key, piece in dossier.evidence.items():
        if piece.claim in place:
            evidence[place[piece.claim]][key] = piece
    links: list[dict[str, Link]] = [{} for _ in groups]
    for key, link in dossier.links.items():
        if link.claim in place:
            links[place[link.claim]][key] = link
    return [
        replace(
            dossier,
            claims={key: dossier.claims[key] for key in group},
            evidence=evidence[number],
            links=links[number],
            outcomes=_of_those_who_speak(evidence[number], dossier),
        )
        for number, group in enumerate(groups)
    ]


def _of_those_who_speak(evidence: Mapping[str, Evidence], dossier: Dossier) -> Mapping[str, Account]:
    accounts = dossier.accounts
    if not accounts:
        return accounts
    voices = {piece.source for piece in evidence.values()}
    voices |= {piece.relays for piece in evidence.values() if piece.relays is not None}
    return Accounts((voice, accounts[voice]) for voice in sorted(voices & accounts.keys()))
