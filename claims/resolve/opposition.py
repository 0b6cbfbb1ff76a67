"""Opposition: the claims that each claim cannot hold beside, without a list for every claim.

Ten thousand rival answers have nearly ten thousand rivals each. What they have in common is kept
once for each tie, and what is asked of the opponents of a claim is worked out from that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Any, TypeAlias

from claims.resolve.lifetimes import EVER
from claims.resolve.ties import Lifetime, Rivals, Tie

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from claims.resolve.ties import AnyTie

    Values: TypeAlias = NDArray[Any]

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
                if many.count(number) > FEW and number not in many.spared:
                    self.many[number].append(many)
                else:
                    self.some[number].update(many.opponents(number))
            if isinstance(tie, Lifetime):
                for death, sign in tie.after - tie.together - {pair[::-1] for pair in tie.together}:
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

    def largest(self, values: Values) -> Callable[[int], Values]:
        """For each claim that has opponents, the largest of the ``values`` of these, which are numbers or
        flags: one row for each claim."""
        import numpy as np

        ties = {many for some in self.many.values() for many in some}
        beyond = {many: many.beyond(values) for many in ties}

        def of(number: int) -> Values:
            rows = [row for many in self.many.get(number, ()) for row in beyond[many](number)]
            if some := self.some.get(number):
                rows.append(values[list(some)].max(axis=0))
            return np.asarray(np.maximum.reduce(rows))

        return of

    def among(self, others: Sequence[int]) -> Among:
        """Finds the opponents of one claim after the other among a few."""
        return Among(self, others)

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


class Among:
    """A few claims in a given order, among which the opponents of each of many are found: all of
    the few are compared with it at once, or, of very few, one after the other."""

    def __init__(self, opponents: Opponents, others: Sequence[int]) -> None:
        self.opponents = opponents
        self.others = others
        self._parted: dict[_Answers | _Days, Callable[[int], NDArray[np.bool_]]] = {}

    def of(self, number: int, most: int) -> list[int]:
        """The first of the few that a claim cannot hold beside: so many at most, in their order."""
        if len(self.others) <= FEW:
            opposed = (other for other in self.others if self.opponents.opposed(number, other))
            return list(islice(opposed, most))
        import numpy as np

        apart = np.zeros(len(self.others), dtype=np.bool_)
        if some := self.opponents.some.get(number):
            apart |= np.isin(self.others, list(some))
        for many in self.opponents.many.get(number, ()):
            if many not in self._parted:
                self._parted[many] = many.parted(self.others)
            apart |= self._parted[many](number)
        return [self.others[at] for at in np.flatnonzero(apart)[:most].tolist()]


def _upto(rows: Values) -> Callable[[int], list[Values]]:
    """The largest of the first so many rows; of none, nothing."""
    import numpy as np

    largest = np.maximum.accumulate(rows, axis=0)
    return lambda count: [largest[count - 1]] if count else []


class _Answers:
    """The answers to a question: each claim's opponents are those that give another answer."""

    spared: Collection[int] = ()

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

    def parted(self, others: Sequence[int]) -> Callable[[int], NDArray[np.bool_]]:
        """For each claim of the tie, which of some others it holds apart from it."""
        import numpy as np

        slots = np.array([self.slot.get(other, -1) for other in others])
        return lambda number: (slots >= 0) & (slots != self.slot[number])

    def beyond(self, values: Values) -> Callable[[int], list[Values]]:
        """For each claim of the tie, rows of which the largest is the largest of the values of those that the
        tie holds apart from it."""
        import numpy as np

        order = [number for answer in self.answers for number in answer]
        starts = np.cumsum([0, *map(len, self.answers[:-1])])
        each = np.maximum.reduceat(values[order], starts, axis=0)
        before, after = _upto(each), _upto(each[::-1])

        def of(number: int) -> list[Values]:
            slot = self.slot[number]
            return [*before(slot), *after(len(each) - slot - 1)]

        return of

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
    came before, which are those whose first and last day come earlier taken together; a death, where
    nobody dies twice, those that cannot have been on the same day. ``spared``: the claims of which
    a person found that they can hold beside one of these."""

    def __init__(self, tie: Lifetime, index: Mapping[str, int]) -> None:
        self.died: dict[int, tuple[int, int, int]] = {}
        for key, (first, last) in zip(tie.deaths, tie.died, strict=True):
            low, high = (EVER if key in tie.undated else first, last) if tie.again else (EVER, -EVER)
            self.died[index[key]] = (first + last, low, high)
        self.seen = {index[key]: sum(days) for key, days in zip(tie.signs, tie.seen, strict=True)}
        pairs = {(index[one], index[other]) for one, other in tie.together}
        self.together = pairs | {(other, one) for one, other in pairs}
        self.spared: Collection[int] = {number for pair in pairs for number in pair}
        # Signs of life in the order of their days; deaths by the middle, the first and the last of theirs.
        self._alive, self._signs = _in_order(self.seen)
        (self._dead, self._deaths), (self._born, self._firsts), (self._gone, self._lasts) = (
            _in_order({death: days[at] for death, days in self.died.items()}) for at in range(3)
        )
        self._counted: tuple[Backing, _ByDay] | None = None

    def numbers(self) -> Collection[int]:
        return [*self.died, *self.seen]

    def count(self, number: int) -> int:
        if number in self.seen:
            return bisect_left(self._deaths, self.seen[number])
        middle, low, high = self.died[number]
        later = len(self._firsts) - bisect_right(self._firsts, high)
        return len(self._signs) - bisect_right(self._signs, middle) + later + bisect_left(self._lasts, low)

    def parts(self, number: int, other: int) -> bool:
        """Whether this tie is what holds two claims apart."""
        if (number, other) in self.together:
            return False
        if number in self.seen:
            return other in self.died and self.died[other][0] < self.seen[number]
        middle, low, high = self.died[number]
        if other in self.seen:
            return self.seen[other] > middle
        return other in self.died and (self.died[other][1] > high or self.died[other][2] < low)

    def parted(self, others: Sequence[int]) -> Callable[[int], NDArray[np.bool_]]:
        """For each claim of the tie that is not spared, which of some others it holds apart from it."""
        import numpy as np

        seen = np.array([self.seen.get(other, EVER) for other in others], dtype=np.int64)
        nowhere = (-EVER, EVER, -EVER)  # neither before a sign of life nor on another day than a death
        died = np.array([self.died.get(other, nowhere) for other in others], dtype=np.int64)
        middles, firsts, lasts = died.reshape(-1, 3).T

        def apart(number: int) -> NDArray[np.bool_]:
            if number in self.seen:
                return np.asarray(middles < self.seen[number])
            middle, low, high = self.died[number]
            return np.asarray((seen > middle) | (firsts > high) | (lasts < low))

        return apart

    def beyond(self, values: Values) -> Callable[[int], list[Values]]:
        """For each claim of the tie that is not spared, rows of which the largest is the largest of the
        values of those that the tie holds apart from it."""
        dead, gone = _upto(values[self._dead]), _upto(values[self._gone])
        alive, born = _upto(values[self._alive[::-1]]), _upto(values[self._born[::-1]])

        def of(number: int) -> list[Values]:
            if number in self.seen:
                return dead(bisect_left(self._deaths, self.seen[number]))
            middle, low, high = self.died[number]
            signs, later = bisect_right(self._signs, middle), bisect_right(self._firsts, high)
            return [
                *alive(len(self._signs) - signs),
                *born(len(self._firsts) - later),
                *gone(bisect_left(self._lasts, low)),
            ]

        return of

    def opponents(self, number: int) -> set[int]:
        if number in self.seen:
            found = {*self._dead[: bisect_left(self._deaths, self.seen[number])]}
        else:
            middle, low, high = self.died[number]
            found = {
                *self._alive[bisect_right(self._signs, middle) :],
                *self._born[bisect_right(self._firsts, high) :],
                *self._gone[: bisect_left(self._lasts, low)],
            }
        return {other for other in found if (number, other) not in self.together}

    def counted(self, backing: Backing) -> _ByDay:
        if self._counted is None or self._counted[0] is not backing:
            self._counted = (backing, _ByDay(self, backing))
        return self._counted[1]


def _in_order(places: Mapping[int, int]) -> tuple[list[int], list[int]]:
    """Claims by where they have a place, and the places."""
    order = sorted(places, key=places.__getitem__)
    return order, [places[number] for number in order]


class _ByDay:
    """What backs the deaths and the signs of life of a person, by how far each is from the others."""

    def __init__(self, many: _Days, backing: Backing) -> None:
        import numpy as np

        self.died, self.seen = many.died, many.seen
        self.signs = _Ordered(many.seen, backing)
        self.deaths, self.later, self.earlier = (
            # Those before a day are those beyond it with time turned round.
            _Ordered({number: turn * days[at] for number, days in many.died.items()}, backing)
            for at, turn in ((0, -1), (1, 1), (2, -1))
        )
        names = list(self.signs.farthest | self.deaths.farthest)
        self.none = np.zeros(len(names), dtype=np.bool_)
        for side in (self.signs, self.deaths, self.later, self.earlier):
            side.reach = np.array([side.farthest.get(name, NOWHERE) for name in names], dtype=np.int64)

    def _beyond(self, number: int) -> Iterator[tuple[_Ordered, int]]:
        """Where the opponents of a claim are, and the place that each must be beyond."""
        if number in self.seen:
            yield self.deaths, -self.seen[number]
            return
        middle, low, high = self.died[number]
        yield self.signs, middle
        yield self.later, high
        yield self.earlier, -low

    def lines(self, number: int) -> int:
        there = self.none
        for side, beyond in self._beyond(number):
            there = there | (side.reach > beyond)
        return int(there.sum())

    def has(self, number: int, name: str) -> bool:
        return any(side.farthest.get(name, beyond) > beyond for side, beyond in self._beyond(number))

    def pieces(self, number: int) -> int:
        return sum(side.pieces_beyond(beyond) for side, beyond in self._beyond(number))

    def good(self, number: int) -> bool:
        return any(side.farthest_good > beyond for side, beyond in self._beyond(number))


NOWHERE = 2 * EVER
"""Before every place that a claim can have in time."""


class _Ordered:
    """Deaths or signs of life in order, with what backs them. ``reach`` is how far each line gets,
    by its number among all that back either."""

    reach: NDArray[np.int64]

    def __init__(self, places: Mapping[int, int], backing: Backing) -> None:
        order = sorted(places, key=places.__getitem__)
        self.places = [places[number] for number in order]
        self.sums = [0, *accumulate(backing.pieces[number] for number in order)]
        self.farthest = {name: places[number] for number in order for name in backing.lines[number]}
        self.farthest_good = max((places[n] for n in order if backing.good[n]), default=NOWHERE)

    def pieces_beyond(self, place: int) -> int:
        return self.sums[-1] - self.sums[bisect_right(self.places, place)]
