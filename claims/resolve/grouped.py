"""Groups: claims that ties hold together, with each tie ready to be resolved among some of them.

A claim on which no evidence counts has no say over the others of its group; it only hears them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, TypeVar

from claims.resolve.joint import NotBoth, OneLife, OneOf, settle
from claims.resolve.lifetimes import Lifespan
from claims.resolve.ties import Lifetime, Rivals, Tie, members_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from claims.resolve.joint import Factor, Settled
    from claims.resolve.ties import AnyTie

    Key = TypeVar("Key", int, str)

AFRESH = 4_000
"""Claims that only listen are each resolved with all others, so that they hear exactly what these
say together, as long as that takes no more than so many claims in all."""


@dataclass(slots=True)
class Outcome:
    """What a group comes to: log-odds of each claim; what each tie, by its number in the group, adds
    to each; and the claims for which that is approximate."""

    odds: dict[int, float] = field(default_factory=dict)
    rows: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    approximate: set[int] = field(default_factory=set)


class Group:
    """Claims, by number, that ties hold together, and the ties in a given order."""

    def __init__(self, ties: Sequence[AnyTie], index: Mapping[str, int]) -> None:
        self.ties = ties
        self.keys = [members_of(tie) for tie in ties]
        self.shapes = [_shape_of(tie, index) for tie in ties]
        self.ties_of: dict[int, list[int]] = defaultdict(list)
        for number, keys in enumerate(self.keys):
            for key in keys:
                self.ties_of[index[key]].append(number)
        self.members = sorted(self.ties_of)

    def among(self, claims: Sequence[int]) -> Sequence[int]:
        """Those of some claims, in order, that are of this group."""
        if len(claims) > len(self.members):
            there = set(claims)
            return [claim for claim in self.members if claim in there]
        return [claim for claim in claims if claim in self.ties_of]

    def members_of(self, tie: int) -> Collection[int]:
        """The claims that a tie, by its number in the group, holds together."""
        return self.shapes[tie].members

    def resolved(
        self, odds: Mapping[int, float], speaking: Collection[int], wanted: Iterable[int]
    ) -> Outcome:
        """Resolve the claims that speak jointly, and each of the wanted that does not by what it
        hears of them; ``odds`` are the log-odds of each by its own."""
        speakers = sorted(speaking)
        place = {claim: at for at, claim in enumerate(speakers)}
        numbers, factors = self.factors_among(speakers, place)
        settled = settle([odds[claim] for claim in speakers], factors)
        found = Outcome()
        mutes = []
        for claim in wanted:
            if claim in place:
                at = place[claim]
                found.odds[claim] = settled.log_odds[at]
                found.rows[claim] = [(numbers[factor], weight) for factor, weight in settled.rows[at]]
                if at in settled.approximate:
                    found.approximate.add(claim)
            elif claim in self.ties_of:
                mutes.append(claim)
        if self.hears_afresh(len(mutes)):
            for claim in mutes:
                self._hear_afresh(claim, odds, speakers, found)
        elif mutes:
            _Hearing(self, speakers, numbers, factors, settled).tell(mutes, odds, found)
        return found

    def hears_afresh(self, mutes: int) -> bool:
        """Whether so many claims that only listen are each resolved with all others."""
        return mutes * len(self.members) <= AFRESH

    def listening(self, mutes: Sequence[int]) -> list[tuple[int, list[int]]]:
        """The ties that some claims which only listen hear, by number, with those that hear each."""
        found: dict[int, list[int]] = defaultdict(list)
        for mute in mutes:
            for number in self.ties_of[mute]:
                found[number].append(mute)
        return sorted(found.items())

    def heard(
        self, tie: int, speaking: set[int], listeners: Sequence[int]
    ) -> Iterator[tuple[list[int], Factor]]:
        """A tie as those that only listen to it hear it, in lots that hear it alike: its claims, in the order
        of the members of the factor that it is."""
        shape = self.shapes[tie]
        for some in _listening_alike(shape, speaking, listeners):
            claims = sorted(speaking | set(some))
            place = {claim: at for at, claim in enumerate(claims)}
            factor = _as_heard(shape, speaking, some).among(place)
            if factor is not None:
                yield [claims[at] for at in factor.members], factor

    def _hear_afresh(
        self, mute: int, odds: Mapping[int, float], speakers: Sequence[int], found: Outcome
    ) -> None:
        """What a claim comes to by what it hears: as if it spoke, but by itself alone."""
        reached = self.reached(mute, set(speakers))
        place = {claim: at for at, claim in enumerate(reached)}
        numbers, factors = self.factors_among(reached, place)
        settled = settle([odds[claim] for claim in reached], factors)
        at = place[mute]
        found.odds[mute] = settled.log_odds[at]
        found.rows[mute] = [(numbers[factor], weight) for factor, weight in settled.rows[at]]
        if at in settled.approximate:
            found.approximate.add(mute)

    def reached(self, start: int, speakers: set[int]) -> list[int]:
        """A claim and those that it hears of, directly or through each other."""
        there = speakers | {start}
        seen = {start}
        ties: set[int] = set()
        found = [start]
        for claim in found:
            for number in self.ties_of[claim]:
                if number in ties:
                    continue
                ties.add(number)
                fresh = set(_both(self.shapes[number].members, there)) - seen
                seen |= fresh
                found += sorted(fresh)
        return sorted(found)

    def factors_among(
        self, claims: Sequence[int], place: Mapping[int, int]
    ) -> tuple[list[int], list[Factor]]:
        """The ties that are left among some claims, by number and as factors over their places."""
        numbers = sorted({number for claim in claims for number in self.ties_of.get(claim, ())})
        left = [(number, self.shapes[number].among(place)) for number in numbers]
        return [n for n, factor in left if factor is not None], [f for _, f in left if f is not None]


@dataclass(frozen=True, slots=True)
class _Pair:
    first: int
    second: int
    price: float

    @property
    def members(self) -> Collection[int]:
        return (self.first, self.second)

    def among(self, place: Mapping[int, int]) -> Factor | None:
        if self.first not in place or self.second not in place:
            return None
        return NotBoth(place[self.first], place[self.second], self.price)


@dataclass(frozen=True, slots=True)
class _Question:
    """``answers``: for each claim, the number of the answer that it gives, of so many."""

    answers: Mapping[int, int]
    count: int
    price: float
    none: float

    @property
    def members(self) -> Collection[int]:
        return self.answers.keys()

    def among(self, place: Mapping[int, int]) -> Factor | None:
        """Where an answer is not among the claims it may be the right one, so that none of the
        others need be."""
        given: dict[int, list[int]] = defaultdict(list)
        for claim in _both(self.answers, place):
            given[self.answers[claim]].append(place[claim])
        kept = tuple(tuple(given[answer]) for answer in sorted(given))
        none = self.none if len(kept) == self.count else 0.0
        return OneOf(kept, self.price, none) if len(kept) > 1 or (kept and none) else None

    def answered(self, claims: Collection[int]) -> set[int]:
        """The answers that some of its claims give."""
        return {self.answers[claim] for claim in claims}


@dataclass(frozen=True, slots=True)
class _Life:
    deaths: tuple[int, ...]
    signs: tuple[int, ...]
    tie: Lifetime
    after: frozenset[tuple[int, int]]
    undated: frozenset[int]
    beside: frozenset[tuple[int, int]]
    alike: frozenset[tuple[int, int]]

    @property
    def members(self) -> Collection[int]:
        return (*self.deaths, *self.signs)

    def among(self, place: Mapping[int, int]) -> Factor | None:
        deaths = [at for at, claim in enumerate(self.deaths) if claim in place]
        signs = [at for at, claim in enumerate(self.signs) if claim in place]
        if not deaths or len(deaths) + len(signs) < 2:
            return None
        death, sign = {at: new for new, at in enumerate(deaths)}, {at: new for new, at in enumerate(signs)}
        span = Lifespan(
            died=[self.tie.died[at] for at in deaths],
            seen=[self.tie.seen[at] for at in signs],
            after=_placed(self.after, death, sign),
            price=self.tie.price,
            again=self.tie.again,
            undated=tuple(death[at] for at in sorted(self.undated) if at in death),
            beside=_placed(self.beside, death, sign),
            alike=_placed(self.alike, death, death),
        )
        return OneLife(
            tuple(place[self.deaths[at]] for at in deaths),
            tuple(place[self.signs[at]] for at in signs),
            span,
        )


def _placed(
    pairs: Iterable[tuple[Key, Key]], one: Mapping[Key, int], other: Mapping[Key, int]
) -> tuple[tuple[int, int], ...]:
    """Pairs by their new places, where both have one."""
    return tuple((one[a], other[b]) for a, b in sorted(pairs) if a in one and b in other)


_Shape = _Pair | _Question | _Life


def _shape_of(tie: AnyTie, index: Mapping[str, int]) -> _Shape:
    """A tie over the numbers of claims instead of their keys."""
    if isinstance(tie, Tie):
        return _Pair(index[tie.first], index[tie.second], tie.price)
    if isinstance(tie, Rivals):
        answers = {index[key]: number for number, answer in enumerate(tie.answers) for key in answer}
        return _Question(answers, len(tie.answers), tie.price, tie.none)
    death, sign = {k: at for at, k in enumerate(tie.deaths)}, {k: at for at, k in enumerate(tie.signs)}
    return _Life(
        deaths=tuple(index[key] for key in tie.deaths),
        signs=tuple(index[key] for key in tie.signs),
        tie=tie,
        after=frozenset(_placed(tie.after, death, sign)),
        undated=frozenset(death[key] for key in tie.undated),
        beside=frozenset(_placed((*tie.together, *_turned(tie.together)), death, sign)),
        alike=frozenset(_placed(tie.together, death, death)),
    )


def _turned(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((other, one) for one, other in pairs)


def _both(some: Collection[int], others: Collection[int]) -> list[int]:
    """The claims in both of two collections, in order; ``others`` is a set or a mapping."""
    if isinstance(some, tuple) or len(some) <= len(others):
        return sorted(claim for claim in some if claim in others)
    return sorted(claim for claim in others if claim in some)


class _Hearing:
    """What many claims hear that have no say: for all of a tie at once, by what those that speak
    would tell the tie without it.

    Exact for a claim that hears of those that speak in ways that are independent of each other;
    else, as its ties are taken to be so, approximate.
    """

    def __init__(
        self,
        group: Group,
        speakers: Sequence[int],
        numbers: Sequence[int],
        factors: Sequence[Factor],
        settled: Settled,
    ) -> None:
        self.group = group
        self.odds = dict(zip(speakers, settled.log_odds, strict=True))
        self.told = {
            (numbers[factor], speaker): weight
            for speaker, rows in zip(speakers, settled.rows, strict=True)
            for factor, weight in rows
        }
        self.looped = {numbers[factor] for factor in settled.looped}
        self.approximate = {speakers[at] for at in settled.approximate}
        self.part = self._parts(speakers, factors)

    @staticmethod
    def _parts(speakers: Sequence[int], factors: Sequence[Factor]) -> dict[int, int]:
        """For each that speaks, the number of the part of those that ties connect."""
        ties: list[list[int]] = [[] for _ in speakers]
        for number, factor in enumerate(factors):
            for at in factor.members:
                ties[at].append(number)
        part: dict[int, int] = {}
        followed: set[int] = set()
        for start in range(len(speakers)):
            if start in part:
                continue
            part[start] = start
            found = [start]
            for at in found:
                for number in ties[at]:
                    if number in followed:
                        continue
                    followed.add(number)
                    fresh = [other for other in factors[number].members if other not in part]
                    part.update(dict.fromkeys(fresh, start))
                    found += fresh
        return {speakers[at]: root for at, root in part.items()}

    def tell(self, mutes: Sequence[int], odds: Mapping[int, float], found: Outcome) -> None:
        """Let each of some claims hear all its ties."""
        found.rows.update((mute, []) for mute in mutes)
        reached: dict[int, list[int]] = defaultdict(list)
        for number, listeners in self.group.listening(mutes):
            heard, parts = self._told_by(number, listeners)
            for mute, weight in heard.items():
                found.rows[mute].append((number, weight))
                reached[mute] += parts
        for mute in mutes:
            found.odds[mute] = odds[mute] + sum(weight for _, weight in found.rows[mute])
            parts = reached[mute]
            if len(set(parts)) < len(parts) or -1 in parts:
                found.approximate.add(mute)

    def _told_by(self, number: int, listeners: Sequence[int]) -> tuple[dict[int, float], list[int]]:
        """What a tie tells claims that only listen; and the parts of those that speak by it: -1
        where they depend on each other in other ways than by this tie."""
        shape = self.group.shapes[number]
        speaking = set(_both(shape.members, self.odds))
        spoken = any((number, claim) in self.told for claim in speaking)
        parts = [self.part[claim] for claim in sorted(speaking)]
        parts = list(dict.fromkeys(parts)) if spoken else parts
        if number in self.looped or speaking & self.approximate:
            parts.append(-1)
        heard: dict[int, float] = {}
        for claims, factor in self.group.heard(number, speaking, listeners):
            told = factor.messages([self._without(number, claim) for claim in claims])
            pairs = zip(claims, told, strict=True)
            heard.update((claim, weight) for claim, weight in pairs if claim not in speaking)
        return heard, parts

    def _without(self, number: int, claim: int) -> float:
        """The log-odds of a claim without what a tie told it."""
        if claim not in self.odds:
            return -inf  # it says nothing
        return self.odds[claim] - self.told.get((number, claim), 0.0)


def _listening_alike(shape: _Shape, speaking: set[int], listeners: Sequence[int]) -> list[list[int]]:
    """Those that only listen to a tie, in lots for which what the tie says of there being no answer
    at all is the same: those that would make the answers complete, and the others."""
    if not isinstance(shape, _Question):
        return [list(listeners)]
    heard = shape.answered(speaking)
    if len(heard) + 1 != shape.count:
        return [list(listeners)]
    completing = [claim for claim in listeners if shape.answers[claim] not in heard]
    others = [claim for claim in listeners if shape.answers[claim] in heard]
    return [some for some in (completing, others) if some]


def _as_heard(shape: _Shape, speaking: set[int], some: Sequence[int]) -> _Shape:
    """A question as each of some listeners hears it, who hears it alone: complete only if it is
    complete with that one."""
    if not isinstance(shape, _Question):
        return shape
    complete = len(shape.answered({*speaking, some[0]})) == shape.count
    there = shape.answered({*speaking, *some})
    return _Question(shape.answers, len(there), shape.price, shape.none if complete else 0.0)
