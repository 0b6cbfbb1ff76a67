"""One plain claim by itself: how it stood on all days that matter, in one look, and how stances on it fared.

What :mod:`claims.resolve.plaintable` and :mod:`claims.standing` say of many claims. Of one claim nothing but
weights differs from day to day: which rows are on one side, or of one line, is found out once, and all days
lie side by side. The arithmetic is the kernel's (:func:`claims.resolve.kernel.add_up`), operation by
operation, so that no bit differs.
"""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.lookedback import kept_ranks
from claims.resolve.courses import unpacked
from claims.resolve.kernel import PAIRS_UP_TO, Tally, both_sides
from claims.resolve.mapped import probabilities
from claims.resolve.plain import KINDS, SIGNS
from claims.resolve.plaintable import NEVER, Said
from claims.resolve.records import Fared
from claims.resolve.scales import probability
from claims.resolve.single import Spoken, weigh_claim
from claims.resolve.verdict import (
    CONFIDENCES,
    ClaimWeighing,
    confidence_of,
    status_codes,
    status_of,
    weighing_of,
    weighing_of_claim,
)
from claims.resolve.worth import SPAN, weights_with
from claims.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from claims.policy import RecordNumbers
    from claims.resolve.courses import Fares
    from claims.resolve.kernel import Flags, Floats, Ints
    from claims.resolve.plaintable import PlainTable
    from claims.resolve.track import Case
    from claims.resolve.verdict import Codes, Weighing

_TRUTH = {Status.CONFIRMED: 1, Status.REFUTED: -1}

_MARGIN = 1e-9
"""Likelihoods that are nearer than this to each other are not told apart by rounding alone."""
_OTHER_SIDE = [2, 3, 0, 1]
_WEIGHED = tuple(field.name for field in fields(ClaimWeighing))

CELLS = 1 << 16
"""So many comparisons of rows on days are made at once."""


def is_one(table: PlainTable) -> bool:
    """Whether a table is of one claim that is resolved here: with few rows, and without rivals."""
    return len(table.keys) == 1 and table.rivalry is None and len(table.claim) <= PAIRS_UP_TO


# --- records ----------------------------------------------------------------------------------


class Course(NamedTuple):
    """How a source fared, for claims of one kind: the days on which its record changed, in order, and how
    often on each; and how many cases stood after each, four numbers as
    :class:`claims.resolve.courses.Standing` has them: of that kind, of others, and both together, those of
    others for what they count. The first row of these is before any; of the last they are columns, and there
    are two of them: for who denied, and for who supported."""

    days: Ints
    often: Ints
    alike: Ints
    other: Ints
    parts: tuple[Floats, Floats]


def courses_for(fares: Mapping[str, Fares], kind: int, numbers: RecordNumbers) -> dict[str, Course]:
    """How some sources that have cases fared, for claims of a kind by its number; all at once, since there
    are many and of each there is little."""
    if not fares:
        return {}
    days, step, of_kind, which = unpacked(np.concatenate([each.packed for each in fares.values()]))
    counts = [each.count for each in fares.values()]
    keys = days + (np.arange(len(counts)) * SPAN).repeat(counts)
    table = np.zeros((len(keys) + 1, 8), dtype=np.int32)
    table[np.arange(1, len(keys) + 1), np.where(of_kind == kind, which, which + 4)] = step
    return dict(zip(fares, _parted(keys, table.cumsum(axis=0, dtype=np.int32), numbers), strict=True))


def _parted(keys: Ints, sums: Ints, numbers: RecordNumbers) -> Iterator[Course]:
    """The course of each source, given all changes in order as ``number of the source * SPAN + day``, and how
    many cases of any source stood before the first and after each."""
    last = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=last[:-1])
    ends = last.nonzero()[0] + 1
    often = ends.copy()
    often[1:] -= ends[:-1]
    source, days = np.divmod(keys[ends - 1], SPAN)
    first = source.searchsorted(np.arange(source[-1] + 2))
    begins = ends[first[:-1]] - often[first[:-1]]
    rows = np.empty(len(ends) + len(begins), dtype=np.int64)
    rows[np.arange(len(ends)) + source + 1] = ends
    rows[first[:-1] + np.arange(len(begins))] = begins
    standing = sums[rows] - sums[begins.repeat(first[1:] - first[:-1] + 1)]
    alike, other = standing[:, :4], standing[:, 4:]
    own = np.ascontiguousarray((alike + numbers.kind * other).T)
    turned = own[_OTHER_SIDE]
    for number, (low, high) in enumerate(pairwise(first.tolist())):
        here = slice(low + number, high + number + 1)
        parts = turned[:, here], own[:, here]
        yield Course(days[low:high], often[low:high], alike[here], other[here], parts)


class Voices:
    """The records of those who speak on a claim. ``courses`` are those of sources that have cases, by key;
    ``named`` the cases on the claim itself, which bear on it in no way."""

    def __init__(
        self,
        table: PlainTable,
        courses: Mapping[str, Course],
        named: Sequence[Case],
        numbers: RecordNumbers,
    ) -> None:
        self.table = table
        self.numbers = numbers
        self.courses = [courses.get(key) for key in table.sources]
        self._named = [[case for case in named if case.source == key] for key in table.sources]
        voices = zip(table.mention.tolist(), table.source.tolist(), table.behind.tolist(), strict=True)
        self._asked = [
            (row, voice, course)
            for row, (mention, source, behind) in enumerate(voices)
            if not mention
            for voice in dict.fromkeys((source, behind))
            if (course := self.courses[voice]) is not None
        ]
        """Rows that take a side, with each source whose record they have."""

    def put(self, strength: Floats, days: Ints) -> None:
        """Write what rows weigh by records on days over what they weigh without. Who passes on somebody's
        words vouches for them: of two records the one by which they weigh less counts."""
        if not self._asked:
            return
        table, rows = self.table, [row for row, _, _ in self._asked]
        parts = np.empty((4, len(rows), len(days)))
        for place, each in enumerate(self._asked):
            parts[:, place] = self._parts(*each, days)
        against_wrong, against_right, wrong, right = parts
        said = wrong + right
        record = right, said, right + against_wrong, said + against_wrong + against_right
        rate = np.where(table.sign[rows] > 0, table.rate[0], 1 - table.rate[0])[:, np.newaxis]
        found = weights_with(record, table.strength[rows][:, np.newaxis], rate, self.numbers)
        if len(set(rows)) == len(rows):
            strength[rows] = np.where(found != np.inf, found, strength[rows])
            return
        least = np.full(strength.shape, np.inf)
        for row, weight in zip(rows, found, strict=True):
            np.minimum(least[row], weight, out=least[row])
        np.copyto(strength, least, where=least != np.inf)

    def _parts(self, row: int, voice: int, course: Course, days: Ints) -> Floats:
        """The cases of a source on days: four numbers, for 2 * whether it took the side of the row + whether
        it was right."""
        place = course.days.searchsorted(days, side="right")
        plus = bool(self.table.sign[row] > 0)
        if not self._named[voice]:
            return course.parts[plus].take(place, axis=1)
        side = slice(None) if plus else _OTHER_SIDE
        alike, other = course.alike[place].T[side].copy(), course.other[place].T[side].copy()
        kind = KINDS[self.table.kind[0]]
        for case in self._named[voice]:
            stood = (case.since <= days) & (days < (case.until or SPAN))
            counted = alike if case.kind == kind else other
            counted[case.right + 2 * ((case.sign > 0) == plus), stood] -= 1
        parts: Floats = alike + self.numbers.kind * other
        parts[:, (parts < 0).any(axis=0)] = 0.0  # before those cases stood there was nothing to leave out
        return parts

    def changes(self, after: int, until: int) -> Ints:
        """The days after one and up to another, in order, on which records changed, of very many a growing
        selection."""
        found = [course for course in self.courses if course is not None and len(course.days)]
        begun = min((int(course.days[0]) for course in found), default=until + 1)
        first = max(after + 1, begun)
        if first > until:
            return _NONE
        days = np.concatenate([course.days for course in found]) - begun
        often = np.concatenate([course.often for course in found])
        total = np.bincount(days, often, until + 1 - begun)[first - begun : until + 1 - begun]
        for case in (case for cases in self._named for case in cases):
            for day in (case.since, case.until or SPAN):
                if first <= day <= until:
                    total[day - first] -= 1
        number = total.cumsum()
        places: Ints = number.searchsorted(kept_ranks(int(number[-1])), side="right")
        return places + first


_NONE = np.empty(0, dtype=np.int64)


# --- one claim --------------------------------------------------------------------------------


class OneClaim:
    """The only claim of a table, whose rows lie beside each other on many days."""

    def __init__(self, table: PlainTable) -> None:
        self.table = table
        self._sign, self._speaks = table.sign[:, np.newaxis], ~table.mention[:, np.newaxis]
        count = np.arange(len(table.claim))
        earlier = np.less.outer(count, count)
        one_side = np.equal.outer(table.sign, table.sign)
        one_origin = np.equal.outer(table.origin, table.origin)
        self._earlier = earlier[:, :, np.newaxis]
        self._one_side = one_side[:, :, np.newaxis]
        self._one_line = _if_any_two(one_side & one_origin)
        self._one_origin = _if_any_two(one_origin)
        self._one_channel = _if_any_two(np.equal.outer(table.channel, table.channel))

    def strengths(self, days: Ints, voices: Voices | None) -> Floats:
        """What each row weighs alone on each day; nothing before it was said."""
        table = self.table
        strength = np.empty((len(table.strength), len(days)))
        strength[:] = table.strength[:, np.newaxis]
        if voices is not None:
            voices.put(strength, days)
        for factor in table.factors:
            strength *= factor[:, np.newaxis]
        if table.state[0]:
            halvings = np.maximum(days - table.day[:, np.newaxis], 0) // table.period[0]
            strength *= 0.5**halvings
        if table.silent.min(initial=NEVER) < NEVER:
            strength[days >= table.silent[:, np.newaxis]] = 0.0
        return strength

    def add_up(self, days: Ints, strength: Floats) -> Tally:
        """What the rows come to on each day, as the kernel adds it up."""
        table = self.table
        there = table.day[:, np.newaxis] <= days
        ahead = strength[:, np.newaxis] > strength
        ahead |= np.equal(strength[:, np.newaxis], strength) & self._earlier
        known = there & table.independent[:, np.newaxis]
        if self._one_line is None:
            leads, independent = there, known
        else:
            one_line = self._one_line & there[:, np.newaxis]
            leads = there & ~np.logical_or.reduce(one_line & ahead, axis=0)
            independent = leads & np.logical_or.reduce(one_line & known[:, np.newaxis], axis=0)
        shared = leads & ~independent
        ahead &= self._one_side & shared[:, np.newaxis]
        rank = np.where(shared, np.add.reduce(ahead, axis=0, dtype=np.int64) + 1, 1)
        weight = np.where(leads, self._sign * strength / rank, 0.0)
        active = leads & (strength > 0) & self._speaks
        return self._count_up(weight, active, independent)

    def _count_up(self, weight: Floats, active: Flags, independent: Flags) -> Tally:
        table = self.table
        support, opposition = both_sides(weight)
        log_odds = table.base[0] + (support - opposition)
        if table.mention.any():
            weight = np.where(self._speaks, weight, 0.0)
            support, opposition = both_sides(weight)
        backing = active & (self._sign > 0)
        supporting, lines = _count(backing), _count(active)
        return Tally(
            log_odds=log_odds,
            support=support,
            opposition=opposition,
            largest=np.maximum.reduce(np.abs(weight), axis=0, initial=0.0),
            supporting_lines=supporting,
            opposing_lines=lines - supporting,
            lines=lines if self._one_origin is None else self._distinct(self._one_origin, active),
            channels=supporting if self._one_channel is None else self._distinct(self._one_channel, backing),
            independent_lines=_count(backing & independent),
            good=_any(active, table.good),
            first_hand=_any(backing, table.witnessed),
            official_record=_any(backing, table.official),
        )

    def _distinct(self, alike: Flags, chosen: Flags) -> Ints:
        """How many different keys the chosen rows have, given which have the same."""
        again = alike & self._earlier & chosen[:, np.newaxis]
        return _count(chosen & ~np.logical_or.reduce(again, axis=0))

    def portions(self, days: Ints) -> Iterator[slice]:
        """Parts of some days that are looked at together."""
        step = max(CELLS // max(len(self.table.claim) ** 2, 1), 1)
        for first in range(0, len(days), step):
            yield slice(first, first + step)

    def days_looked_at(self, last: int, voices: Voices | None) -> Ints:
        """The last day, and from there back all those on which something was said or lost weight with age,
        or a record changed meanwhile; some perhaps twice."""
        table = self.table
        own = table.day[table.day <= last]
        if table.state[0]:
            step = int(table.period[0])
            aged = [day for said in own.tolist() for day in range(said, last + 1, step)]
            own = np.array(aged, dtype=np.int64)
        parts = [own, np.array([last])]
        if voices is not None and own.size:
            parts.append(voices.changes(int(own.min()), last))
        days = np.concatenate(parts)
        days.sort()
        return days[::-1]


def _if_any_two(alike: Flags) -> Flags | None:
    """Which of several are alike, two by two, on whatever day; None where each is only like itself."""
    return alike[:, :, np.newaxis] if np.count_nonzero(alike) > len(alike) else None


def _any(chosen: Flags, such: Flags) -> Flags:
    found: Flags = np.logical_or.reduce(chosen & such[:, np.newaxis], axis=0)
    return found


def _count(flags: Flags) -> Ints:
    found: Ints = np.add.reduce(flags, axis=0, dtype=np.int32)
    return found


def _weighed(tally: Tally) -> Weighing:
    never = np.zeros(len(tally.log_odds), dtype=np.bool_)
    return weighing_of(tally, probabilities(tally.log_odds), never, never)


# --- how it stands ------------------------------------------------------------------------------


def stand_alone(table: PlainTable, until: date, voices: Voices | None) -> tuple[Said, int]:
    """What :func:`claims.fewplain.stand` says, of the only claim of a table."""
    one, last = OneClaim(table), until.toordinal()
    days = one.days_looked_at(last, voices)
    said: Said | None = None
    since = 0
    for here in one.portions(days):
        strength = one.strengths(days[here], voices)
        weighing = _weighed(one.add_up(days[here], strength))
        status = status_codes(weighing, table.policy.thresholds)
        if said is None:
            said = _said(one, last, weighing, status, strength[:, 0])
        other = np.flatnonzero(status != said.status[0])
        run = here.start + int(other[0]) if other.size else min(here.stop, len(days))
        if run > 1:
            since = int(days[run - 1])
        if other.size:
            break
    assert said is not None
    return said, since


def _said(one: OneClaim, last: int, weighing: Weighing, status: Codes, strength: Floats) -> Said:
    """What is said on the first of some days, which is the last that counts."""
    table = one.table
    there = table.day <= last
    said = Said.empty(1)
    said.likelihood[0] = weighing.likelihood[0]
    said.status[0] = status[0]
    first = ClaimWeighing(*(getattr(weighing, field)[0].item() for field in _WEIGHED))
    said.confidence[0] = CONFIDENCES.index(confidence_of(first))
    said.supporting_lines[0] = weighing.supporting_lines[0]
    said.opposing_lines[0] = weighing.opposing_lines[0]
    said.evidence[0] = np.count_nonzero(there)
    said.stale[0], said.changes_on[0] = False, NEVER
    if table.state[0]:
        period = int(table.period[0])
        telling = table.day[there & (strength > 0) & ~table.mention]
        said.stale[0] = telling.size > 0 and last - telling.max() >= period
        speaking = table.day[there & (last < table.overtaken)].tolist()
        said.changes_on[0] = min(
            (day + period * ((last - day) // period + 1) for day in speaking), default=NEVER
        )
    return said


# --- how stances fared --------------------------------------------------------------------------


def outcomes_alone(table: PlainTable, until: date) -> list[Fared]:
    """What :func:`claims.standing.outcomes_on` says, of the only claim of a table."""
    verdicts = table.facts.verdicts.get(0, ())
    rows = _spoken(table)
    may = not table.state[0] and _may_settle(table, rows)
    if not (verdicts or may):
        return []
    last, said = until.toordinal(), table.day.tolist()
    days = {day for day in said if day <= last} | {each.since for each in verdicts if each.since <= last}
    states = dict.fromkeys(sorted(days), (0, False))
    if may:
        silent = table.silent.tolist()
        for day in states:
            there = [
                row if day < ends else row._replace(strength=0.0)
                for row, begins, ends in zip(rows, said, silent, strict=True)
                if begins <= day
            ]
            states[day] = _TRUTH.get(_status(table, there), 0), False
    for each in sorted(verdicts, key=lambda verdict: verdict.since):
        states |= {day: (each.truth, True) for day in states if day >= each.since}
    return [fared for period in _periods(states) for fared in _fared(table, *period)]


def _spoken(table: PlainTable) -> list[Spoken]:
    """The rows as they weigh without records and before they fall silent; of states, before they age."""
    strength = table.strength
    for factor in table.factors:
        strength = strength * factor
    columns = (
        *(table.sign, strength, table.origin, table.independent, ~table.mention, table.good),
        *(table.witnessed, table.official, table.channel),
    )
    return [Spoken(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _may_settle(table: PlainTable, rows: Sequence[Spoken]) -> bool:
    """Whether the claim may, on some day and by no record, be confirmed or refuted, as
    :meth:`claims.resolve.plaintable.PlainTable.may_settle` has it."""
    base, limits = float(table.base[0]), table.policy.thresholds
    support = [row for row in rows if row.sign > 0]
    if sum(2 if row.official_record else row.independent for row in support) >= 2:
        most = probability(base + sum(row.strength for row in support))
        if most >= limits.confirmed - _MARGIN:
            return True
    return probability(base - sum(row.strength for row in rows if row.sign < 0)) <= limits.refuted + _MARGIN


def _status(table: PlainTable, rows: Sequence[Spoken]) -> Status:
    tally = weigh_claim(float(table.base[0]), rows).tally
    likelihood = probability(tally.log_odds)
    weighing = weighing_of_claim(tally, likelihood, taken_back=False, overtaken_by_newer=False)
    return status_of(weighing, table.policy.thresholds)


def _periods(states: Mapping[int, tuple[int, bool]]) -> Iterator[tuple[int, int | None, int, bool]]:
    """From which day until which a claim was settled, as what, and whether by a person; ``states`` are in the
    order of days."""
    begun, (truth, by_person) = 0, (0, False)
    for day, state in states.items():
        if state != (truth, by_person):
            if truth:
                yield begun, day, truth, by_person
            begun, (truth, by_person) = day, state
    if truth:
        yield begun, None, truth, by_person


def _fared(table: PlainTable, since: int, until: int | None, truth: int, by_person: bool) -> Iterator[Fared]:
    """How the last word of each source before a settlement fared by it."""
    words: dict[int, int] = {}
    rows = range(len(table.claim))
    for row in sorted(rows, key=lambda row: int(table.day[row])):
        if not table.mention[row] and table.day[row] < since + by_person:
            words[int(table.behind[row])] = row
    for voice, row in words.items():
        sign = int(SIGNS[table.stance[row]])
        named = table.keys[0], table.sources[voice], since, until, table.facts.pieces.keys[row]
        yield Fared(*named, _NAMES[table.kind[0]], sign, sign == truth)


_NAMES = [str(kind) for kind in KINDS]
