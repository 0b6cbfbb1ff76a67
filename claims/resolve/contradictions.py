"""Contradictions as links: what the rules find, in a form that can be kept, shown and resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.model import Link
from claims.resolve.rules import find_ties
from claims.resolve.ties import Tie
from claims.vocabulary import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.ties import Rivals

BY_RULE = "rule"
"""Who made a link that no person made."""


def contradictions(dossier: Dossier, policy: Policy, as_of: date) -> dict[str, Link]:
    """The links, by key, for the contradictions that rules find by what was public on a day.

    Two claims that cannot both hold are one link. Of *n* rival answers each is linked with the
    first, by the keys of the claims that give them: *n* - 1 links and not one for each pair. A
    person's own link is not found again.
    """
    found: dict[str, Link] = {}
    for tie in find_ties(dossier, policy, as_of):
        if tie.rule == Relation.CONTRADICTS:
            continue
        for one, other in _pairs(tie):
            link = link_of(one, tie.rule, other, tie.because)
            found.setdefault(link.key, link)
    return found


def link_of(claim: str, rule: str, other: str, because: str) -> Link:
    """The link for a contradiction that a rule found between two claims."""
    return Link(
        key=f"{claim}:{rule}:{other}",
        claim=claim,
        relation=Relation.CONTRADICTS,
        other=other,
        reason=because,
        made_by=BY_RULE,
        rule=rule,
    )


def _pairs(tie: Tie | Rivals) -> Iterator[tuple[str, str]]:
    if isinstance(tie, Tie):
        yield tie.first, tie.second
        return
    first, *others = tie.answers
    for other in others:
        yield first[0], other[0]
