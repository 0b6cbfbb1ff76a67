"""Ties: what holds claims together, so that one cannot be resolved without the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


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


def members_of(tie: Tie | Rivals) -> tuple[str, ...]:
    """The keys of the claims that a tie holds together."""
    if isinstance(tie, Tie):
        return (tie.first, tie.second)
    return tuple(key for answer in tie.answers for key in answer)


def rivals_of(tie: Tie | Rivals, claim: str) -> tuple[str, ...]:
    """The claims that a tie does not let hold beside one of its members."""
    if isinstance(tie, Tie):
        return tuple(key for key in (tie.first, tie.second) if key != claim)
    return tuple(key for answer in tie.answers if claim not in answer for key in answer)


def among_only(tie: Tie | Rivals, claims: Collection[str]) -> Tie | Rivals | None:
    """What is left of a tie among some claims only; None where nothing is.

    Where an answer is not among them it may be the right one, so that none of the others need be.
    """
    if isinstance(tie, Tie):
        return tie if tie.first in claims and tie.second in claims else None
    answers = tuple(kept for answer in tie.answers if (kept := tuple(key for key in answer if key in claims)))
    none = tie.none if len(answers) == len(tie.answers) else 0.0
    if len(answers) < 2 and not none:
        return None
    return replace(tie, answers=answers, none=none)
