"""Rules about what ends: no role outlives its holder, or the group in which it was held."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from claims.resolve.rules.life import deaths_by_person
from claims.resolve.rules.rule import Rule
from claims.resolve.rules.spans import chance_of_later, price_if_later, when_words
from claims.resolve.ties import Tie
from claims.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.model import Claim
    from claims.resolve.rules.rule import Look

OF_THE_LIVING = (Kind.LEADERSHIP, Kind.AFFILIATION, Kind.STATEMENT, Kind.LOCATION)
"""What only the living lead, belong to, say, and are at: by subject."""

OF_A_GROUP = (Kind.AFFILIATION, Kind.STATEMENT, Kind.LOCATION)
"""The same of a group that is there, by subject."""

IN_A_GROUP = (Kind.LEADERSHIP, Kind.AFFILIATION)
"""What is held in a group, which is the value of the claim."""


def role_after_death(look: Look) -> Iterator[Tie]:
    """A role, affiliation, place or statement dated after the death of who held or made it."""
    deaths = deaths_by_person(look)
    if not deaths:
        return
    for claim in look.of(*OF_THE_LIVING):
        ends = deaths.get(look.entity(claim.subject) or "", [])
        yield from _after(look, "role-after-death", claim, ends, "death")


def role_after_dissolution(look: Look) -> Iterator[Tie]:
    """A role in a group, or something that the group was or said, dated after its end."""
    ended: dict[str, list[Claim]] = defaultdict(list)
    for claim in look.of(Kind.DISSOLUTION):
        if claim.subject is not None:
            ended[look.dossier.entity_of(claim.subject)].append(claim)
    if not ended:
        return
    for claim in look.of(*dict.fromkeys((*IN_A_GROUP, *OF_A_GROUP))):
        groups = {look.entity(claim.value_entity) if claim.kind in IN_A_GROUP else None}
        groups |= {look.entity(claim.subject) if claim.kind in OF_A_GROUP else None}
        ends = [end for group in sorted(groups - {None}, key=str) for end in ended.get(group or "", ())]
        yield from _after(look, "role-after-dissolution", claim, ends, "end")


def _after(look: Look, rule: str, claim: Claim, ends: list[Claim], what: str) -> Iterator[Tie]:
    """The ends after which a claim is dated. A claim without a date says nothing of when."""
    strength = look.strength(rule)
    if not strength or claim.when is None or not ends:
        return
    for end in ends:
        days = f"{when_words(claim)}, {what} {when_words(end)}"
        chance = chance_of_later(claim, end, look.reports.get(end.key))
        if chance >= 0.5:
            yield Tie(
                rule=rule,
                first=end.key,
                second=claim.key,
                price=price_if_later(chance, strength),
                because=f"{claim.kind} after the reported {what} ({days})",
            )


RULES = (
    Rule(
        name="role-after-death",
        says="the dead lead nothing, belong to nothing, say nothing and are nowhere: a leadership, "
        "affiliation, statement or location dated after the death of its subject",
        example="Abu Zand died in May 2019; Abu Zand led the River Front in 2021",
        not_this="Abu Zand died in May 2019; Abu Zand led the River Front in 2017",
        strength=4.0,
        find=role_after_death,
    ),
    Rule(
        name="role-after-dissolution",
        says="what is dissolved has no leaders and members, says nothing and is nowhere: a leadership "
        "or affiliation in a group, or a statement or location of it, dated after its end",
        example="the River Front was dissolved in 2018; Abu Zand led the River Front in 2021",
        not_this="the River Front was dissolved in 2018; Abu Zand led the River Front in 2017",
        strength=3.0,
        find=role_after_dissolution,
    ),
)
