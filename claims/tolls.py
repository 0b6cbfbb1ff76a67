"""Tolls: what several counts of one thing come to: a low, a best and a high, and whether a toll fell.

Made from counts with what is known of each; nothing here weighs evidence. The form (low, best,
high) is that of the Uppsala Conflict Data Program's fatality estimates; how it is filled is our own
rule, which a person can follow by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.resolve.lines import source_behind
from claims.resolve.rules.counting import count_of
from claims.vocabulary import Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from claims.counts import Count
    from claims.resolve.dossier import Dossier

SET_ASIDE = 0.5
"""A count that is less than this part as likely as the likeliest one is set aside."""

OUTGROWN = 0.5
"""A toll is outgrown by newer and higher ones once their likelihoods come to this: of those that
exclude each other, that is how likely it is that one of them holds."""


WEIGHT_DIGITS = 2
"""Likelihoods that differ by less than a percentage point print alike, and weigh alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One count that was claimed: its claim's key, its likelihood (a probability) as resolved, the
    day that it is of, and the last day on which each source that supports it gave it."""

    claim: str
    count: Count
    likelihood: float
    on: date | None = None
    sources: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Fall:
    """A cumulative toll that fell: a later count that lies wholly below an earlier one."""

    earlier: str
    later: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """What counts of one thing come to.

    ``low`` and ``high`` are the ends of all counts that stand, None where one of them is open;
    ``agreed`` is the range that the most weight of likelihood agrees on, and ``best`` the best
    value that a count in it gives, else its middle. Where several ranges that are apart have the
    same weight it is ``contested``: there is no best, and ``agreed`` runs over all of them.
    ``standing`` are the claims that were used; ``revised`` leads from a claim to the newer one by
    which it was revised or outgrown; ``unlikely`` are those set aside.
    """

    low: Decimal | None
    best: Decimal | None
    high: Decimal | None
    agreed: tuple[Decimal | None, Decimal | None]
    contested: bool
    standing: tuple[str, ...]
    revised: Mapping[str, str]
    unlikely: tuple[str, ...]
    falls: tuple[Fall, ...]


def readings_of(dossier: Dossier, likelihoods: Mapping[str, float], as_of: date) -> list[Reading]:
    """The counts among some claims whose likelihoods are given, each with who supports it by what
    counts on a day. What a source only relays is the word of the source behind it."""
    given: dict[str, dict[str, date]] = {key: {} for key in likelihoods}
    for piece in dossier.evidence.values():
        if piece.claim in given and piece.stance is Stance.SUPPORTS and piece.counts_on(as_of):
            sources = given[piece.claim]
            source = source_behind(piece, dossier.evidence)
            sources[source] = max(piece.counts_from, sources.get(source, piece.counts_from))
    readings = []
    for key in sorted(likelihoods):
        claim = dossier.claims[key]
        if (count := count_of(claim)) is not None:
            on = claim.when.latest if claim.when is not None else None
            readings.append(
                Reading(claim=key, count=count, likelihood=likelihoods[key], on=on, sources=given[key])
            )
    return readings


def toll_of(readings: Sequence[Reading], *, cumulative: bool) -> Toll | None:
    """What some counts come to; None where there are none that anybody supports.

    In this order: a count whose every source has given a newer one is revised by it; a cumulative
    toll that lies below newer ones is outgrown by them; those that are less than half as likely as
    the likeliest are set aside; the rest stand.
    """
    spoken = sorted((r for r in readings if r.sources), key=lambda r: (_day(r), r.claim))
    if not spoken:
        return None
    revised = _revised(spoken)
    falls = _falls(spoken) if cumulative else ()
    left = [r for r in spoken if r.claim not in revised]
    if cumulative:
        revised |= _outgrown(left)
        left = [r for r in left if r.claim not in revised]
    most = max(r.likelihood for r in left)
    held = [r for r in left if r.likelihood >= SET_ASIDE * most]
    standing = tuple(sorted(r.claim for r in held))
    heaviest = _heaviest(held)
    agreed = (_least(low for low, _ in heaviest), _most(high for _, high in heaviest))
    contested = len(heaviest) > 1
    return Toll(
        low=_least(r.count.bounds[0] for r in held),
        best=None if contested else _best(held, agreed),
        high=_most(r.count.bounds[1] for r in held),
        agreed=agreed,
        contested=contested,
        standing=standing,
        revised=revised,
        unlikely=tuple(sorted(r.claim for r in left if r.claim not in standing)),
        falls=falls,
    )


def _day(reading: Reading) -> date:
    return reading.on or min(reading.sources.values())


def _revised(readings: Sequence[Reading]) -> dict[str, str]:
    """The counts whose every source has given a newer one since, each with the newest of these."""
    revised = {}
    for old in readings:
        newer = {}
        for source, day in old.sources.items():
            later = [(r.sources[source], r.claim) for r in readings if r.sources.get(source, day) > day]
            if later:
                newer[source] = max(later)
        if len(newer) == len(old.sources):
            revised[old.claim] = max(newer.values())[1]
    return revised


def _outgrown(left: Sequence[Reading]) -> dict[str, str]:
    """A toll that only grows is what it last was: the counts that lie wholly below newer ones of
    which one is likely enough to hold, each with the newest of these."""
    outgrown = {}
    for old in left:
        above = [
            new for new in left if _day(new) > _day(old) and _below(old.count.bounds[1], new.count.bounds[0])
        ]
        if sum(new.likelihood for new in above) >= OUTGROWN:
            outgrown[old.claim] = max(above, key=lambda r: (_day(r), r.claim)).claim
    return outgrown


def _falls(readings: Sequence[Reading]) -> tuple[Fall, ...]:
    """Each later count that lies wholly below an earlier one, with the highest of the earlier ones."""
    falls = []
    for later in readings:
        higher = [
            r for r in readings if _day(r) < _day(later) and _below(later.count.bounds[1], r.count.bounds[0])
        ]
        if higher:
            highest = max(higher, key=lambda r: (r.count.bounds[0], r.claim))
            falls.append(Fall(highest.claim, later.claim))
    return tuple(falls)


def _below(high: Decimal | None, low: Decimal | None) -> bool:
    """Whether a range that ends at ``high`` lies wholly below one that begins at ``low``."""
    return high is not None and low is not None and high < low


def _heaviest(held: Sequence[Reading]) -> list[tuple[Decimal | None, Decimal | None]]:
    """The ranges that the most weight agrees on, of which no two overlap: where some count begins,
    how many allow that number, and up to where all of these do."""
    found: list[tuple[float, Decimal | None, Decimal | None]] = []
    for start in {r.count.bounds[0] for r in held}:
        over = [r for r in held if _covers(r, start)]
        weight = sum(r.likelihood for r in over)
        high = _least_high(r.count.bounds[1] for r in over)
        found.append((round(weight, WEIGHT_DIGITS), start, high))
    most = max(weight for weight, _, _ in found)
    return [(low, high) for weight, low, high in found if weight == most]


def _covers(reading: Reading, start: Decimal | None) -> bool:
    """Whether a count allows the value at which some other begins; None is below all of them."""
    low, high = reading.count.bounds
    if start is None:
        return low is None
    return (low is None or low <= start) and (high is None or start <= high)


def _best(held: Sequence[Reading], agreed: tuple[Decimal | None, Decimal | None]) -> Decimal | None:
    """The best value of the likeliest count that gives one within the agreed range, else its middle."""
    low, high = agreed
    given = [
        (r.likelihood, r.count.best)
        for r in held
        if r.count.best is not None
        and (low is None or low <= r.count.best)
        and (high is None or r.count.best <= high)
    ]
    if given:
        most = max(likelihood for likelihood, _ in given)
        values = {best for likelihood, best in given if likelihood == most}
        return values.pop() if len(values) == 1 else None
    return None if low is None or high is None else (low + high) / 2


def _least(values: Iterable[Decimal | None]) -> Decimal | None:
    found = list(values)
    return None if None in found else min(value for value in found if value is not None)


def _most(values: Iterable[Decimal | None]) -> Decimal | None:
    found = list(values)
    return None if None in found else max(value for value in found if value is not None)


def _least_high(values: Iterable[Decimal | None]) -> Decimal | None:
    return min((value for value in values if value is not None), default=None)
