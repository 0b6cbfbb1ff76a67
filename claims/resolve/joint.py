"""Joint resolution: claims tied by rules, each combination of truths weighed by what it breaks.

Exact wherever the shape of the ties allows it, however many claims they hold together: what hangs
together without a loop is worked out by messages along the ties (belief propagation, J. Pearl,
1988), each question and each lifetime in closed form; what has loops by elimination, where its
tables stay small. Only what is too entangled for that is approximated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.resolve.elimination import eliminate
from claims.resolve.factors import Factor, NotBoth, OneLife, OneOf

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Factor", "NotBoth", "OneLife", "OneOf", "Settled", "settle"]

SHARING_ROUNDS = 4
"""How often the shares of ties in a loop are refined; they are scaled to the true sum in any case."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Log-odds of each claim once the ties have had their say, and what each of its ties added.

    ``rows``: for each claim, pairs of the number of a factor that holds it and what that added
    (nats); they sum with ``own`` to ``log_odds``. ``looped``: the factors that are part of a loop;
    ``approximate``: the claims that were too entangled with others to be resolved exactly.
    """

    log_odds: list[float]
    rows: list[list[tuple[int, float]]]
    looped: frozenset[int] = frozenset()
    approximate: frozenset[int] = frozenset()

    @property
    def exact(self) -> bool:
        """Whether every claim was resolved exactly."""
        return not self.approximate


def settle(own: Sequence[float], factors: Sequence[Factor]) -> Settled:
    """Resolve tied claims from their own log-odds (nats) and the factors between them."""
    passing = _Passing(own, factors)
    passing.inwards()
    looped = frozenset(range(len(factors))) - passing.done.keys()
    passing.core()
    passing.outwards()
    return Settled(passing.belief, passing.rows(), looped, frozenset(passing.approximate))


def way_of(claims: int, factors: Sequence[Factor]) -> dict[int, int | None] | None:
    """In which order factors without loops are passed inwards, each with the place of the claim that it
    passes on to (None: all its claims have spoken). None where there is a loop."""
    passing = _Passing([0.0] * claims, factors)
    passing.inwards()
    return passing.done if len(passing.done) == len(factors) else None


@dataclass(slots=True)
class _Passing:
    """Messages on their way: first inwards, from claims with a single tie; then outwards again.

    ``belief``: log-odds of each claim by all that it has been told so far. ``told``: what each
    factor told its claims. ``done``: factors that were passed on the way in, in that order, each
    with the place of the claim that it passed on to (None: all its claims had spoken).
    ``approximate``: the claims that could not be resolved exactly.
    """

    own: Sequence[float]
    factors: Sequence[Factor]
    belief: list[float] = field(init=False)
    told: list[Sequence[float]] = field(init=False)
    ties: list[list[int]] = field(init=False)
    done: dict[int, int | None] = field(default_factory=dict)
    approximate: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.belief = list(self.own)
        self.told = [()] * len(self.factors)
        self.ties = [[] for _ in self.own]
        for number, factor in enumerate(self.factors):
            for claim in factor.members:
                self.ties[claim].append(number)

    def inwards(self) -> None:
        """Pass each factor of which all claims but one have no other way to be reached."""
        open_ties = [len(ties) for ties in self.ties]
        waiting = [len(factor.members) for factor in self.factors]
        spoken: list[int | None] = [None] * len(self.own)
        ready = [number for number, members in enumerate(waiting) if members <= 1]

        def speak(claim: int) -> None:
            last = next(tie for tie in self.ties[claim] if tie not in self.done)
            spoken[claim] = last
            waiting[last] -= 1
            if waiting[last] <= 1:
                ready.append(last)

        for claim, count in enumerate(open_ties):
            if count == 1:
                speak(claim)
        while ready:
            number = ready.pop()
            if number in self.done:
                continue
            members = self.factors[number].members
            target = next((at for at, claim in enumerate(members) if spoken[claim] != number), None)
            self.done[number] = target
            if target is None:
                continue
            heard = [self.belief[claim] for claim in members]
            heard[target] = 0.0  # what it tells a claim does not depend on that claim
            self.told[number] = self.factors[number].messages(heard)
            claim = members[target]
            self.belief[claim] += self.told[number][target]
            open_ties[claim] -= 1
            if open_ties[claim] == 1:
                speak(claim)

    def core(self) -> None:
        """Resolve what is left: ties in loops."""
        for group in self._loops():
            claims = sorted({claim for number in group for claim in self.factors[number].members})
            place = {claim: at for at, claim in enumerate(claims)}
            factors = [moved(self.factors[number], place) for number in group]
            own = [self.belief[claim] for claim in claims]
            found = eliminate(own, factors)
            if found is None:
                from claims.resolve.walks import walk

                found = walk(own, factors)
                self.approximate.update(claims)
            told = shares(own, factors, found)
            for number, messages in zip(group, told, strict=True):
                self.told[number] = messages
            for claim, odds in zip(claims, found, strict=True):
                self.belief[claim] = odds

    def _loops(self) -> list[list[int]]:
        """The factors that were not passed, in groups that share no claim."""
        seen: set[int] = set(self.done)
        groups = []
        for start in range(len(self.factors)):
            if start in seen:
                continue
            seen.add(start)
            group = [start]
            for number in group:
                for claim in self.factors[number].members:
                    fresh = [tie for tie in self.ties[claim] if tie not in seen]
                    seen.update(fresh)
                    group += fresh
            groups.append(sorted(group))
        return groups

    def outwards(self) -> None:
        """Back along the same ways, with all that is known."""
        for number, target in reversed(self.done.items()):
            factor = self.factors[number]
            heard = [self.belief[claim] for claim in factor.members]
            if target is not None:
                heard[target] -= self.told[number][target]
                if factor.members[target] in self.approximate:
                    self.approximate.update(factor.members)
            told = list(factor.messages(heard))
            for at, claim in enumerate(factor.members):
                if at == target:
                    told[at] = self.told[number][at]
                else:
                    self.belief[claim] += told[at]
            self.told[number] = told

    def rows(self) -> list[list[tuple[int, float]]]:
        """What each factor told each claim, by claim."""
        rows: list[list[tuple[int, float]]] = [[] for _ in self.own]
        for number, factor in enumerate(self.factors):
            for claim, weight in zip(factor.members, self.told[number], strict=True):
                rows[claim].append((number, weight))
        return rows


def moved(factor: Factor, place: dict[int, int]) -> Factor:
    """A factor over the same claims under other numbers."""
    if isinstance(factor, NotBoth):
        return NotBoth(place[factor.first], place[factor.second], factor.cost)
    if isinstance(factor, OneOf):
        answers = tuple(tuple(place[claim] for claim in answer) for answer in factor.answers)
        return OneOf(answers, factor.cost, factor.none)
    deaths = tuple(place[claim] for claim in factor.deaths)
    return OneLife(deaths, tuple(place[claim] for claim in factor.signs), factor.span)


def shares(own: Sequence[float], factors: Sequence[Factor], log_odds: Sequence[float]) -> list[list[float]]:
    """What of the difference between two log-odds of each claim each of its factors is due.

    By what each factor would tell the claim if there were no loop, given how likely the others are
    in truth; scaled so that the parts add up.
    """
    count = [0] * len(own)
    for factor in factors:
        for claim in factor.members:
            count[claim] += 1
    parts = [[0.0] * len(factor.members) for factor in factors]
    for _ in range(SHARING_ROUNDS):
        parts = [
            factor.messages([log_odds[c] - told for c, told in zip(factor.members, part, strict=True)])
            for factor, part in zip(factors, parts, strict=True)
        ]
        lacking = [after - before for before, after in zip(own, log_odds, strict=True)]
        size = [0.0] * len(own)
        for factor, part in zip(factors, parts, strict=True):
            for claim, told in zip(factor.members, part, strict=True):
                lacking[claim] -= told
                size[claim] += abs(told)
        # By size; where no factor says anything, evenly.
        parts = [
            [
                told + lacking[c] * (abs(told) / size[c] if size[c] else 1 / count[c])
                for c, told in zip(factor.members, part, strict=True)
            ]
            for factor, part in zip(factors, parts, strict=True)
        ]
    return parts
