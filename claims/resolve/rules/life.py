"""Rules about lives: nobody is alive after death, or dies twice."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from claims.resolve.rules.intervals import of_days, rivals_apart
from claims.resolve.rules.rule import Rule
from claims.resolve.rules.spans import chance_of_later, price_if_later, span_of, when_words
from claims.resolve.ties import Tie
from claims.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.model import Claim
    from claims.resolve.rules.rule import Look
    from claims.resolve.ties import Rivals


def life_after_death(look: Look) -> Iterator[Tie]:
    """A person seen alive had not died before: a sign of life speaks against every earlier death
    of the same person, linked to it or not, and never against a later one."""
    strength = look.strength("life-after-death")
    deaths = deaths_by_person(look)
    if not strength or not deaths:
        return
    for sign in look.of(Kind.SIGN_OF_LIFE):
        for death in deaths.get(look.entity(sign.subject) or "", ()):
            chance = chance_of_later(sign, death, look.reports.get(death.key))
            if chance >= 0.5:
                yield Tie(
                    rule="life-after-death",
                    first=death.key,
                    second=sign.key,
                    price=price_if_later(chance, strength),
                    because=f"alive after the reported death ({when_words(sign)}, death {when_words(death)})",
                )


def two_deaths(look: Look) -> Iterator[Rivals]:
    """A person dies once: deaths on days that cannot be the same exclude each other. A death of
    unknown date came by the first day on which anybody reported it."""
    strength = look.strength("two-deaths")
    several = {who: died for who, died in deaths_by_person(look).items() if len(died) > 1}
    if not strength or not several:
        return
    for person in sorted(several):
        spans = {
            claim.key: of_days(*span_of(claim, look.reports.get(claim.key))) for claim in several[person]
        }
        yield from rivals_apart("two-deaths", person, spans, strength, partial(_days, look))


def deaths_by_person(look: Look) -> dict[str, list[Claim]]:
    """The reported deaths of each person."""
    deaths = defaultdict(list)
    for claim in look.of(Kind.DEATH):
        if claim.subject is not None:
            deaths[look.dossier.entity_of(claim.subject)].append(claim)
    return deaths


def _days(look: Look, deaths: list[str]) -> str:
    days = ", ".join(when_words(look.dossier.claims[key]) for key in deaths)
    return f"one person dies once ({days})"


RULES = (
    Rule(
        name="life-after-death",
        says="nobody is seen alive after death: a sign of life speaks against every earlier death of "
        "the same person, linked to it or not, and against no later one",
        example="Abu Zand died in May 2019; Abu Zand spoke in a video of August 2019",
        not_this="Abu Zand spoke in a video of August 2019; Abu Zand died in May 2020",
        strength=6.0,
        find=life_after_death,
    ),
    Rule(
        name="two-deaths",
        says="one person dies once: deaths on days that cannot be the same are rivals",
        example="Abu Zand died in May 2019; Abu Zand died in March 2021",
        not_this="Abu Zand died in spring 2019; Abu Zand died on 3 May 2019",
        strength=6.0,
        find=two_deaths,
    ),
)
