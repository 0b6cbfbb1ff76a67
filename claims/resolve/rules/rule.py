"""What a contradiction rule is: its name, what it says, an example, its strength, and how it finds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from claims.vocabulary import LinkState, Stance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from claims.model import Claim, Link
    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.ties import AnyTie, Lean
    from claims.vocabulary import Kind, Relation


class Look:
    """What the rules look at: the claims of a dossier by kind, with all that bears on them, the
    policy, and the day."""

    def __init__(self, dossier: Dossier, policy: Policy, as_of: date) -> None:
        self.dossier = dossier
        self.policy = policy
        self.as_of = as_of
        self._by_kind: dict[Kind, list[Claim]] = defaultdict(list)
        for key in sorted(dossier.claims):
            claim = dossier.claims[key]
            self._by_kind[claim.kind].append(claim)

    def strength(self, name: str) -> float:
        """What it costs in nats to break a rule. 0 where the policy does not name the rule, which is
        then off: what was said under an older policy is said again word for word."""
        return self.policy.rules.get(name, 0.0)

    def of(self, *kinds: Kind) -> Iterator[Claim]:
        """The claims of some kinds, kind after kind, by key."""
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    def entity(self, key: str | None) -> str | None:
        """The entity that a key stands for once merges are followed."""
        return None if key is None else self.dossier.entity_of(key)

    def incident(self, key: str | None) -> str | None:
        """The incident that a key stands for; None where it is not known to be one."""
        entity = self.entity(key)
        return entity if entity is not None and self.dossier.is_incident(entity) else None

    @cached_property
    def reports(self) -> dict[str, date]:
        """The first day on which anybody said that a claim holds, by what was public on the day."""
        first: dict[str, date] = {}
        for piece in self.dossier.evidence.values():
            if piece.stance is Stance.SUPPORTS and piece.was_public_by(self.as_of):
                first[piece.claim] = min(piece.counts_from, first.get(piece.claim, piece.counts_from))
        return first

    def is_on(self, rule: str, claims: Iterable[Claim]) -> bool:
        """Whether a rule is on in the cases of all these claims."""
        return all(rule not in self.rules_off(claim) for claim in claims)

    def rules_off(self, claim: Claim) -> tuple[str, ...]:
        """The rules that are switched off in the case of a claim."""
        case = self.dossier.cases.get(claim.case) if claim.case is not None else None
        return case.rules_off if case is not None else ()

    def links(self, *relations: Relation) -> Iterator[Link]:
        """The open links of some relations that people made between claims of the dossier, by key."""
        claims = self.dossier.claims
        for key in sorted(self.dossier.links):
            link = self.dossier.links[key]
            holds = link.state is LinkState.OPEN and link.rule is None and link.relation in relations
            if holds and link.claim in claims and link.other in claims:
                yield link


@dataclass(frozen=True, slots=True)
class Rule:
    """One named rule.

    ``says`` is the rule in a sentence; ``example`` a case in which it holds, ``not_this`` one near
    it in which it does not. ``strength`` is the price in nats that the rule was made for; the price
    that counts is the policy's. ``find`` yields what is tied: rules that are found together share
    one, and each tie names its rule. ``leans``: one claim follows the other, one way only.
    """

    name: str
    says: str
    example: str
    not_this: str
    strength: float
    find: Callable[[Look], Iterable[AnyTie | Lean]]
    leans: bool = False
