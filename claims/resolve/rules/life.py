"""Rules about lives: nobody is alive after death, or dies twice."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from claims.resolve.rules.intervals import of_days, rivals_apart
from claims.resolve.rules.rule import Rule
from claims.resolve.rules.spans import chance_of_later, price_if_later, span_of, when_words
from claims.resolve.ties import Lifetime, Tie, lifetime_of
from claims.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claims.model import Claim
    from claims.resolve.rules.rule import Look
    from claims.resolve.ties import AnyTie, Rivals

PAIRS = 100
"""So many pairs of a death and a sign of life of one person are tied one by one at most: a few rows
for each claim. Their number grows with the square of the claims, and so would time and memory."""


def of_lives(look: Look) -> Iterator[AnyTie]:
    """What one person cannot have done: die, and be seen alive later; die on two days.

    Pairs of a death and a sign of life are tied one by one, which explains best. Where a person has
    more of them than :data:`PAIRS`, or more deaths, all are one tie that also covers two deaths. A
    death or sign of life without a last possible day is no part of that.
    """
    after_death, twice = look.strength("life-after-death"), look.strength("two-deaths")
    signs = defaultdict(list)
    for sign in look.of(Kind.SIGN_OF_LIFE):
        if sign.subject is not None:
            signs[look.dossier.entity_of(sign.subject)].append(sign)
    for person, deaths in sorted(deaths_by_person(look).items()):
        seen = signs.get(person, []) if after_death else []
        if len(deaths) * max(len(seen), 1) <= PAIRS or not (seen or twice):
            yield from life_after_death(look, deaths, seen)
            yield from two_deaths(look, person, deaths)
            continue
        life = one_life(look, person, deaths, seen)
        covered = {*life.deaths, *life.signs}
        if life.deaths and len(covered) > 1:
            yield life
        for one, other in _said_after(deaths, seen):
            if not covered.issuperset((one.key, other.key)):
                yield from life_after_death(look, [one], [other])
        if not life.again:
            yield from two_deaths(look, person, deaths)


def life_after_death(look: Look, deaths: Iterable[Claim], signs: Iterable[Claim]) -> Iterator[Tie]:
    """A person seen alive had not died before: a sign of life speaks against every earlier death
    of the same person, linked to it or not, and never against a later one."""
    strength = look.strength("life-after-death")
    if not strength:
        return
    for sign in signs:
        for death in deaths:
            chance = chance_of_later(sign, death, look.reports.get(death.key))
            if chance >= 0.5:
                yield Tie(
                    rule="life-after-death",
                    first=death.key,
                    second=sign.key,
                    price=price_if_later(chance, strength),
                    because=f"alive after the reported death ({when_words(sign)}, death {when_words(death)})",
                )


def two_deaths(look: Look, person: str, deaths: Sequence[Claim]) -> Iterator[Rivals]:
    """A person dies once: deaths on days that cannot be the same exclude each other. A death of
    unknown date came by the first day on which anybody reported it."""
    strength = look.strength("two-deaths")
    if strength and len(deaths) > 1:
        spans = {claim.key: of_days(*span_of(claim, look.reports.get(claim.key))) for claim in deaths}
        yield from rivals_apart("two-deaths", person, spans, strength, partial(_days, look))


def one_life(look: Look, person: str, deaths: Sequence[Claim], signs: Sequence[Claim]) -> Lifetime:
    """All that is known of a person's death and life as one tie. It covers two deaths where both
    rules are on in the cases of all the deaths."""
    spans = {claim.key: span_of(claim, look.reports.get(claim.key)) for claim in deaths}
    died = {
        key: ((low or high).toordinal(), high.toordinal())
        for key, (low, high) in spans.items()
        if high is not None
    }
    seen = {
        sign.key: ((sign.when.earliest or sign.when.latest).toordinal(), sign.when.latest.toordinal())
        for sign in signs
        if sign.when is not None and sign.when.latest is not None
    }
    covers_both = not seen or all(look.is_on(rule, deaths) for rule in ("life-after-death", "two-deaths"))
    why = f"nobody is seen alive after death ({len(died)} reported deaths, {len(seen)} signs of life)"
    life = Lifetime(
        rule="life-after-death" if seen else "two-deaths",
        person=person,
        deaths=(),
        signs=(),
        died=(),
        seen=(),
        price=look.strength("life-after-death"),
        because=why if seen else f"one person dies once ({len(died)} reported deaths)",
        after=frozenset(
            (one.key, other.key)
            for one, other in _said_after(deaths, signs)
            if one.key in died and other.key in seen
        ),
        again=look.strength("two-deaths") if covers_both else 0.0,
        undated=frozenset(key for key, (low, high) in spans.items() if low is None and high is not None),
    )
    return lifetime_of(life, died, seen)


def _said_after(deaths: Iterable[Claim], signs: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Signs of life whose date was given as after a reported death, with that death."""
    by_key = {death.key: death for death in deaths}
    for sign in signs:
        for key in sorted(set(sign.when.after if sign.when is not None else ())):
            if key in by_key:
                yield by_key[key], sign


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
        find=of_lives,
    ),
    Rule(
        name="two-deaths",
        says="one person dies once: deaths on days that cannot be the same are rivals",
        example="Abu Zand died in May 2019; Abu Zand died in March 2021",
        not_this="Abu Zand died in spring 2019; Abu Zand died on 3 May 2019",
        strength=6.0,
        find=of_lives,
    ),
)
