"""Contradictions as links: what the rules find, in a form that can be kept, shown and resolved."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from claims.model import Link
from claims.resolve.rules import find_ties
from claims.resolve.ties import Lifetime, Tie
from claims.vocabulary import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.ties import AnyTie

BY_RULE = "rule"
"""Who made a link that no person made."""


def contradictions(dossier: Dossier, policy: Policy, as_of: date) -> dict[str, Link]:
    """The links, by key, for the contradictions that rules find by what was public on a day.

    Two claims that cannot both hold are one link. Of *n* rival answers each is linked with the
    first, by the keys of the claims that give them: *n* - 1 links and not one for each pair. Of one
    person's many deaths and signs of life, each is linked with the nearest that it cannot hold
    beside. A person's own link is not found again.
    """
    found: dict[str, Link] = {}
    for tie in find_ties(dossier, policy, as_of):
        if tie.rule == Relation.CONTRADICTS:
            continue
        for rule, one, other in _pairs(tie):
            link = link_of(one, rule, other, tie.because)
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


def _pairs(tie: AnyTie) -> Iterator[tuple[str, str, str]]:
    """The rule and the two claims of each link."""
    if isinstance(tie, Tie):
        yield tie.rule, tie.first, tie.second
    elif isinstance(tie, Lifetime):
        for death, sign in _seen_after(tie):
            yield "life-after-death", death, sign
        for one, other in _died_again(tie):
            yield "two-deaths", one, other
    else:
        for answer in tie.answers[1:]:
            yield tie.rule, tie.answers[0][0], answer[0]


def _seen_after(life: Lifetime) -> Iterator[tuple[str, str]]:
    """Each death with the first sign of life that probably came after it, and each sign of life with
    the last death before it; besides, those that were said to follow each other."""
    signs = sorted(zip(map(sum, life.seen), life.signs, strict=True))
    days_seen, days_died = [day for day, _ in signs], [sum(days) for days in life.died]
    pairs = set(life.after)
    for day, death in zip(days_died, life.deaths, strict=True):
        later = range(bisect_right(days_seen, day), len(signs))
        pairs |= _first_open(life, ((death, signs[at][1]) for at in later))
    for day, sign in signs:
        before = range(bisect_left(days_died, day) - 1, -1, -1)
        pairs |= _first_open(life, ((life.deaths[at], sign) for at in before))
    return iter(sorted(pair for pair in pairs if not _may_both_hold(life, pair)))


def _died_again(life: Lifetime) -> Iterator[tuple[str, str]]:
    """Each death with the first that was certainly later."""
    if not life.again:
        return
    firsts = sorted(
        (first, death)
        for (first, _), death in zip(life.died, life.deaths, strict=True)
        if death not in life.undated
    )
    days = [day for day, _ in firsts]
    for (_, last), death in zip(life.died, life.deaths, strict=True):
        later = range(bisect_right(days, last), len(firsts))
        yield from _first_open(life, ((death, firsts[at][1]) for at in later))


def _first_open(life: Lifetime, pairs: Iterator[tuple[str, str]]) -> set[tuple[str, str]]:
    """The first of some pairs that no person found compatible, if there is one."""
    found = next((pair for pair in pairs if not _may_both_hold(life, pair)), None)
    return set() if found is None else {found}


def _may_both_hold(life: Lifetime, pair: tuple[str, str]) -> bool:
    return pair in life.together or pair[::-1] in life.together
