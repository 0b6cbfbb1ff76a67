"""Claims that go by different policies: each tied group is resolved once under each of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from claims.resolve.dossier import split
from claims.resolve.resolver import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Resolution


def resolve_each(dossier: Dossier, chosen: Mapping[str, Policy], as_of: date) -> dict[str, Resolution]:
    """Resolve every claim of a closed dossier, each by the policy chosen for it.

    Where tied claims go by different policies, the whole group is resolved under each of them, and
    each claim takes what its own policy says: no likelihood is made by two rules.
    """
    policies = {chosen[key].label: chosen[key] for key in sorted(dossier.claims)}
    if len(policies) == 1:
        return resolve(dossier, next(iter(policies.values())), as_of)
    parts = split(dossier)
    found: dict[str, Resolution] = {}
    for label, policy in policies.items():
        mine = {key for key in dossier.claims if chosen[key].label == label}
        concerned = [part for part in parts if not mine.isdisjoint(part.claims)]
        resolved = resolve(_together(dossier, concerned), policy, as_of)
        found.update((key, resolved[key]) for key in mine)
    return found


def _together(dossier: Dossier, parts: Sequence[Dossier]) -> Dossier:
    """Some groups of a dossier as one."""
    return replace(
        dossier,
        claims={key: claim for part in parts for key, claim in part.claims.items()},
        evidence={key: piece for part in parts for key, piece in part.evidence.items()},
        links={key: link for part in parts for key, link in part.links.items()},
    )
