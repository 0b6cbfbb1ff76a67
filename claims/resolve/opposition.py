"""Opposition: the claims that each claim cannot hold beside, without a list for every claim.

Ten thousand rival answers have nearly ten thousand rivals each. What they have in common is kept
once for each tie, and what is asked of the opponents of a claim is worked out from that.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from claims.resolve.ties import Lifetime, Rivals, Tie

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from claims.resolve.ties import AnyTie

FEW = 64
"""Opponents that one tie gives a claim are written out for it up to this number."""


@dataclass(frozen=True, slots=True)
class Backing:
    """What backs each claim, by number: the names of the lines that support it, how many pieces of
    evidence do, and whether a good one is among them."""

    lines: Sequence[Collection[str]]
    pieces: Sequence[int]
    good: Sequence[bool]


class Opponents:
    """For each claim, by number, those that it cannot hold beside (``opponents[number]``), and what
    backs them, in all."""

    def __init__(self, ties: Sequence[AnyTie], index: Mapping[str, int]) -> None:
        self.some: dict[int, set[int]] = defaultdict(set)
        self.many: dict[int, list[_Answers | _Days]] = defaultdict(list)
        for tie in ties:
            if isinstance(tie, Tie):
                self._oppose(index[tie.first], index[tie.second])
                continue
            many = _Answers(tie, index) if isinstance(tie, Rivals) else _Days(tie, index)
            for number in many.numbers():
                if many.count(number) > FEW:
                    self.many[number].append(many)
                else:
                    self.some[number].update(many.opponents(number))
            if isinstance(tie, Lifetime):
                for death, sign in tie.after:
                    self._oppose(index[death], index[sign])

    def _oppose(self, one: int, other: int) -> None:
        self.some[one].add(other)
        self.some[other].add(one)

    def __iter__(self) -> Iterator[int]:
        """The claims that have opponents."""
        return iter(sorted({*self.many, *(number for number, others in self.some.items() if others)}))

    def __contains__(self, number: int) -> bool:
        """Whether a claim has opponents."""
        return bool(self.some.get(number)) or number in self.many

    def __getitem__(self, number: int) -> set[int]:
        """The opponents of a claim."""
        found = set(self.some.get(number, ()))
        for many in self.many.get(number, ()):
            found.update(many.opponents(number))
        return found

    def opposed(self, number: int, other: int) -> bool:
        """Whether two claims cannot hold beside each other."""
        return other in self.some.get(number, ()) or any(
            many.parts(number, other) for many in self.many.get(number, ())
        )

    def lines(self, number: int, beside: Collection[str], backing: Backing) -> int:
        """How many lines there are among those beside a claim and those behind its opponents."""
        many = self._widest(number)
        names = {*beside, *(name for other in self._others(number, many) for name in backing.lines[other])}
        if many is None:
            return len(names)
        counted = many.counted(backing)
        return counted.lines(number) + sum(not counted.has(number, name) for name in names)

    def pieces(self, number: int, backing: Backing) -> int:
        """How many pieces of evidence support its opponents."""
        many = self._widest(number)
        here = sum(backing.pieces[other] for other in self._others(number, many))
        return here + (many.counted(backing).pieces(number) if many else 0)

    def good(self, number: int, backing: Backing) -> bool:
        """Whether good evidence is behind some opponent."""
        many = self._widest(number)
        here = any(backing.good[other] for other in self._others(number, many))
        return here or (many is not None and many.counted(backing).good(number))

    def _widest(self, number: int) -> _Answers | _Days | None:
        return max(self.many.get(number, ()), key=lambda many: many.count(number), default=None)

    def _others(self, number: int, widest: _Answers | _Days | None) -> set[int]:
        """The opponents of a claim that are not counted by the tie that gives it most of them."""
        found = set(self.some.get(number, ()))
        for many in self.many.get(number, ()):
            if many is not widest:
                found.update(many.opponents(number))
        return found if widest is None else {other for other in found if not widest.parts(number, other)}


class _Answers:
    """The answers to a question: each claim's opponents are those that give another answer."""

    def __init__(self, tie: Rivals, index: Mapping[str, int]) -> None:
        self.answers = [[index[key] for key in answer] for answer in tie.answers]
        self.slot = {number: slot for slot, answer in enumerate(self.answers) for number in answer}
        self._counted: tuple[Backing, _ByAnswer] | None = None

    def numbers(self) -> Collection[int]:
        return self.slot

    def count(self, number: int) -> int:
        return len(self.slot) - len(self.answers[self.slot[number]])

    def parts(self, number: int, other: int) -> bool:
        """Whether this tie is what holds two claims apart."""
        return other in self.slot and self.slot[other] != self.slot[number]

    def opponents(self, number: int) -> set[int]:
        mine = self.slot[number]
        return {other for other, slot in self.slot.items() if slot != mine}

    def counted(self, backing: Backing) -> _ByAnswer:
        if self._counted is None or self._counted[0] is not backing:
            self._counted = (backing, _ByAnswer(self, backing))
        return self._counted[1]


class _ByAnswer:
    """What backs the answers of a question, answer by answer."""

    def __init__(self, many: _Answers, backing: Backing) -> None:
        self.slot = many.slot
        self.names = [{name for n in answer for name in backing.lines[n]} for answer in many.answers]
        self.heard = Counter(name for names in self.names for name in names)
        self.alone = [sum(self.heard[name] == 1 for name in names) for names in self.names]
        self.pieces_of = [sum(backing.pieces[n] for n in answer) for answer in many.answers]
        self.total = sum(self.pieces_of)
        self.good_of = [any(backing.good[n] for n in answer) for answer in many.answers]
        self.all_good = sum(self.good_of)

    def lines(self, number: int) -> int:
        return len(self.heard) - self.alone[self.slot[number]]

    def has(self, number: int, name: str) -> bool:
        return self.heard[name] > (name in self.names[self.slot[number]])

    def pieces(self, number: int) -> int:
        return self.total - self.pieces_of[self.slot[number]]

    def good(self, number: int) -> bool:
        return self.all_good > self.good_of[self.slot[number]]


class _Days:
    """The deaths and signs of life of a person: a sign of life opposes the deaths that probably
    came before, which are those whose first and last day come earlier taken together."""

    def __init__(self, tie: Lifetime, index: Mapping[str, int]) -> None:
        self.deaths = {index[key]: -sum(days) for key, days in zip(tie.deaths, tie.died, strict=True)}
        self.signs = {index[key]: sum(days) for key, days in zip(tie.signs, tie.seen, strict=True)}
        self._counted: tuple[Backing, _ByDay] | None = None
        self._ordered = {True: sorted(self.signs.values()), False: sorted(self.deaths.values())}

    def numbers(self) -> Collection[int]:
        return [*self.deaths, *self.signs]

    def facing(self, number: int) -> tuple[bool, int]:
        """Whether a claim is a death, and the place in time that its opponents must be beyond: for a
        sign of life, with time turned round."""
        is_death = number in self.deaths
        return is_death, -(self.deaths if is_death else self.signs)[number]

    def count(self, number: int) -> int:
        is_death, beyond = self.facing(number)
        ordered = self._ordered[is_death]
        return len(ordered) - bisect_right(ordered, beyond)

    def parts(self, number: int, other: int) -> bool:
        """Whether this tie is what holds two claims apart."""
        is_death, beyond = self.facing(number)
        return (self.signs if is_death else self.deaths).get(other, beyond) > beyond

    def opponents(self, number: int) -> set[int]:
        is_death, beyond = self.facing(number)
        others = self.signs if is_death else self.deaths
        return {other for other, place in others.items() if place > beyond}

    def counted(self, backing: Backing) -> _ByDay:
        if self._counted is None or self._counted[0] is not backing:
            self._counted = (backing, _ByDay(self, backing))
        return self._counted[1]


class _ByDay:
    """What backs the deaths and the signs of life of a person, by how far each is from the other."""

    def __init__(self, many: _Days, backing: Backing) -> None:
        self.facing = many.facing
        self.sides = {True: _Side(many.signs, backing), False: _Side(many.deaths, backing)}

    def lines(self, number: int) -> int:
        is_death, beyond = self.facing(number)
        farthest = self.sides[is_death].ordered
        return len(farthest) - bisect_right(farthest, beyond)

    def has(self, number: int, name: str) -> bool:
        is_death, beyond = self.facing(number)
        return self.sides[is_death].farthest.get(name, beyond) > beyond

    def pieces(self, number: int) -> int:
        is_death, beyond = self.facing(number)
        side = self.sides[is_death]
        return side.sums[-1] - side.sums[bisect_right(side.places, beyond)]

    def good(self, number: int) -> bool:
        is_death, beyond = self.facing(number)
        return self.sides[is_death].farthest_good > beyond


class _Side:
    """Deaths or signs of life in order, with what backs them."""

    def __init__(self, places: Mapping[int, int], backing: Backing) -> None:
        order = sorted(places, key=places.__getitem__)
        self.places = [places[number] for number in order]
        self.sums = [0, *accumulate(backing.pieces[number] for number in order)]
        self.farthest = {name: places[number] for number in order for name in backing.lines[number]}
        self.ordered = sorted(self.farthest.values())
        good = [places[number] for number in order if backing.good[number]]
        self.farthest_good = good[-1] if good else -(1 << 60)
