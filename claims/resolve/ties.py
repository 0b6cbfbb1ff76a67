"""Ties: what holds claims together, so that one cannot be resolved without the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True)
class Tie:
    """Two claims that cannot both hold, and the price in nats of holding both all the same."""

    rule: str
    first: str
    second: str
    price: float
    because: str


@dataclass(frozen=True, slots=True)
class Rivals:
    """The answers to one question, of which at most one is right.

    Each answer is the claims that give it, which are no rivals of each other. Every answer held
    beside another costs ``price`` nats. ``none`` is what the world in which no answer is right
    weighs besides, in nats: 0 where it is one world among others, below 0 where one must be right.
    """

    rule: str
    question: str
    answers: tuple[tuple[str, ...], ...]
    price: float
    none: float
    because: str


@dataclass(frozen=True, slots=True)
class Lifetime:
    """All reported deaths of one person, and all signs of life: the same as a tie for each sign of
    life and each death before it, where only one death is held, in a form that stays small.

    ``died`` and ``seen``: the first and last possible day of each, as ordinals; deaths in the order
    of these (first plus last). Where several deaths are held, a sign of life costs what it costs
    after the earliest. That is ``price`` (nats) where it certainly came later, or is said to
    (``after``: pairs of the keys of a death and a sign of life); less where it only probably did; and
    nothing where it probably did not. ``again`` is what each further death costs that cannot have
    been on the same day as the earliest held. ``undated``: deaths of which only the last possible
    day is known, which may have been on any day before. ``together``: pairs of keys, in any order,
    that a person found to hold beside each other; they cost nothing.
    """

    rule: str
    person: str
    deaths: tuple[str, ...]
    signs: tuple[str, ...]
    died: tuple[tuple[int, int], ...]
    seen: tuple[tuple[int, int], ...]
    price: float
    because: str
    after: frozenset[tuple[str, str]] = frozenset()
    again: float = 0.0
    undated: frozenset[str] = frozenset()
    together: frozenset[tuple[str, str]] = frozenset()


AnyTie = Tie | Rivals | Lifetime


@dataclass(frozen=True, slots=True)
class Lean:
    """A claim that leans on another: ``claim`` is ``strength`` nats less likely where ``on`` is
    false, or, for one that is merely backed, more likely where ``on`` is true.

    It works one way only. What depends on a claim was very often read in the same place as the
    claim itself, and must not make it any more likely.
    """

    rule: str
    claim: str
    on: str
    strength: float
    because: str
    backs: bool = False


def members_of(tie: AnyTie) -> tuple[str, ...]:
    """The keys of the claims that a tie holds together."""
    if isinstance(tie, Tie):
        return (tie.first, tie.second)
    if isinstance(tie, Lifetime):
        return tie.deaths + tie.signs
    return tuple(key for answer in tie.answers for key in answer)


def among_only(tie: AnyTie, claims: Collection[str]) -> AnyTie | None:
    """What is left of a tie among some claims only; None where nothing is.

    Where an answer is not among them it may be the right one, so that none of the others need be.
    """
    if isinstance(tie, Tie):
        return tie if tie.first in claims and tie.second in claims else None
    if isinstance(tie, Lifetime):
        died = dict(zip(tie.deaths, tie.died, strict=True))
        seen = dict(zip(tie.signs, tie.seen, strict=True))
        there = frozenset(claims)
        left = lifetime_of(
            replace(
                tie,
                after=frozenset(pair for pair in tie.after if there.issuperset(pair)),
                undated=tie.undated & there,
                together=frozenset(pair for pair in tie.together if there.issuperset(pair)),
            ),
            {key: days for key, days in died.items() if key in claims},
            {key: days for key, days in seen.items() if key in claims},
        )
        return left if left.deaths and len(left.deaths) + len(left.signs) > 1 else None
    answers = tuple(kept for answer in tie.answers if (kept := tuple(key for key in answer if key in claims)))
    none = tie.none if len(answers) == len(tie.answers) else 0.0
    if len(answers) < 2 and not none:
        return None
    return replace(tie, answers=answers, none=none)


def lifetime_of(
    tie: Lifetime, died: Mapping[str, tuple[int, int]], seen: Mapping[str, tuple[int, int]]
) -> Lifetime:
    """A lifetime with these deaths and signs of life, by key: each with its first and last possible
    day as ordinals."""
    deaths = sorted(died, key=lambda key: (sum(died[key]), key))
    signs = sorted(seen)
    return replace(
        tie,
        deaths=tuple(deaths),
        signs=tuple(signs),
        died=tuple(died[key] for key in deaths),
        seen=tuple(seen[key] for key in signs),
    )
