"""Rules about one event: it has one date and one place.

Conservative on purpose: free words are never compared with each other to invent a contradiction,
only days that cannot be the same, and places that are known entities.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from claims.names import fold
from claims.resolve.rules.intervals import apart, of_days, rivals_apart
from claims.resolve.rules.rule import Rule
from claims.resolve.rules.spans import when_words
from claims.resolve.ties import Tie
from claims.vocabulary import Kind, Relation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claims.model import Claim
    from claims.resolve.rules.intervals import Interval
    from claims.resolve.rules.rule import Look
    from claims.resolve.ties import Rivals

SAME = (Relation.DUPLICATES, Relation.REFINES)
"""Links by which a person says that two claims speak of one thing."""


def two_dates(look: Look) -> Iterator[Tie | Rivals]:
    """Claims on one event whose dates have no day in common."""
    strength = look.strength("two-dates")
    if not strength:
        return
    events = _events(look, lambda claim: claim.when is not None)
    for event in sorted(events):
        days = {claim.key: _interval(claim) for claim in events[event]}
        if len(days) > 1:
            yield from rivals_apart("two-dates", event[1], days, strength, partial(_days, look))
    for one, other in _linked(look):
        known = one_event(one, look)
        if (known is None or known != one_event(other, look)) and apart(_interval(one), _interval(other)):
            yield Tie("two-dates", one.key, other.key, strength, _days(look, [one.key, other.key]))


def two_places(look: Look) -> Iterator[Tie]:
    """Claims on one event at places that are known to be two, of which neither names the other."""
    strength = look.strength("two-places")
    if not strength:
        return
    pairs = {(one.key, other.key) for one, other in _linked(look)}
    for there in _events(look, lambda claim: claim.where_entity is not None).values():
        if len({look.entity(claim.where_entity) for claim in there}) > 1:
            pairs |= {(one.key, other.key) for one, other in combinations(there, 2)}
    for pair in sorted(pairs):
        one, other = (look.dossier.claims[key] for key in pair)
        if _elsewhere(look, one, other):
            because = f"one event is at one place ({one.where}, {other.where})"
            yield Tie("two-places", one.key, other.key, strength, because)


def one_event(claim: Claim, look: Look) -> tuple[str, ...] | None:
    """What happens only once and is the same for all claims on it: an incident of that name, the
    founding of a group, the end of one, or one answer to a question. None where a claim may speak
    of any of several events."""
    if claim.kind is Kind.EVENT and (incident := look.incident(claim.subject)) is not None:
        return ("incident", incident)
    if claim.kind is Kind.FOUNDING and claim.value_entity is not None:
        return ("founding", look.dossier.entity_of(claim.value_entity))
    if claim.kind is Kind.DISSOLUTION and claim.subject is not None:
        return ("dissolution", look.dossier.entity_of(claim.subject))
    if claim.question is not None and not claim.is_state and claim.kind not in _OF_OTHER_DAYS:
        said = look.entity(claim.value_entity) or (claim.value or "").strip().casefold()
        return ("answer", claim.question, claim.kind, said) if said else None
    return None


_OF_OTHER_DAYS = (Kind.COUNT, Kind.DEATH, Kind.SIGN_OF_LIFE, Kind.STATEMENT, Kind.RESPONSIBILITY)
"""Kinds whose date is another one each time, or that have a rule of their own for it."""


def _events(look: Look, has: Callable[[Claim], bool]) -> dict[tuple[str, ...], list[Claim]]:
    """The claims that say what is asked for, by the event that they speak of, each list by key."""
    events: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in look.of(*Kind):
        if has(claim) and (event := one_event(claim, look)) is not None:
            events[event].append(claim)
    return {event: sorted(claims, key=lambda claim: claim.key) for event, claims in events.items()}


def _linked(look: Look) -> list[tuple[Claim, Claim]]:
    """Claims that a person linked as speaking of one thing that happened."""
    pairs = {(min(link.claim, link.other), max(link.claim, link.other)) for link in look.links(*SAME)}
    both = ((look.dossier.claims[one], look.dossier.claims[other]) for one, other in sorted(pairs))
    return [
        (one, other)
        for one, other in both
        if one.kind == other.kind and one.kind not in _OF_OTHER_DAYS and not (one.is_state or other.is_state)
    ]


def _interval(claim: Claim) -> Interval:
    return of_days(None, None) if claim.when is None else of_days(claim.when.earliest, claim.when.latest)


def _days(look: Look, claims: list[str]) -> str:
    days = ", ".join(when_words(look.dossier.claims[key]) for key in claims)
    return f"one event has one date ({days})"


def _elsewhere(look: Look, one: Claim, other: Claim) -> bool:
    """Whether two claims name places that are two entities, and neither speaks of the other's
    place: "Tandor, in the Eastern Province" is no contradiction to the Eastern Province."""
    here, there = look.entity(one.where_entity), look.entity(other.where_entity)
    if here is None or there is None or here == there:
        return False
    linked = {one.key, other.key}
    if any({link.claim, link.other} == linked for link in look.links(Relation.REFINES)):
        return False  # what says it more closely may well name a place within the place
    return not (_speaks_of(one, other) or _speaks_of(other, one))


def _speaks_of(claim: Claim, other: Claim) -> bool:
    """Whether a claim's own words name the place of another."""
    place = fold(other.where or "")
    words = fold(" ".join((claim.where or "", claim.text, claim.note or "")))
    return bool(place) and re.search(rf"\b{re.escape(place)}\b", words) is not None


RULES = (
    Rule(
        name="two-dates",
        says="one event has one date: claims on the same incident, on the founding or the end of the "
        "same group, with the same answer to a question, or linked as duplicates or refines, "
        "whose dates have no day in common",
        example="the raid on Tandor began on 4 May 2024; the raid on Tandor began on 6 May 2024",
        not_this="the raid on Tandor began on 4 May 2024; the raid on Tandor was in May 2024",
        strength=4.0,
        find=two_dates,
    ),
    Rule(
        name="two-places",
        says="one event is at one place: the same claims at two places that are known as two "
        "entities, where neither claim names the other's place and neither refines the other",
        example="the raid was in Tandor; the raid was in Belmar",
        not_this="the raid was in Tandor, in the Eastern Province; the raid was in the Eastern Province",
        strength=3.0,
        find=two_places,
    ),
)
