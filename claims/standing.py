"""Plain claims through time, many at once: when they were settled, and since when they stand as they do.

What :mod:`claims.settling` and :mod:`claims.history` say of one claim after the other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.lookedback import is_kept, own_days, within
from claims.oftenchanged import OFTEN, Speakers, days_kept, own_changes
from claims.resolve.plain import KINDS, SIGNS, distinct
from claims.resolve.plaintable import NEVER, UNSURE, PlainTable
from claims.resolve.records import Fared
from claims.resolve.sheet import Sheet
from claims.resolve.verdict import STATUSES
from claims.resolve.worth import SPAN
from claims.rivals import days_of_answers, since_of_answers
from claims.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.kernel import Flags, Ints
    from claims.resolve.plain import PlainFacts
    from claims.resolve.rivalry import Rivalry
    from claims.resolve.track import Track
    from claims.resolve.verdict import Codes

_TRUTH = np.array([{Status.CONFIRMED: 1, Status.REFUTED: -1}.get(status, 0) for status in STATUSES])
_NAMES = [str(kind) for kind in KINDS]


# --- how stances fared ------------------------------------------------------------------------


class _Settlements(NamedTuple):
    """The times during which claims were settled, as parallel arrays: as true (1) or as false (-1), from a
    day on, until another (0: they still are), and whether by a person."""

    claim: Ints
    truth: Ints
    since: Ints
    until: Ints
    by_person: Flags


def outcomes_of_plain(facts: PlainFacts, policy: Policy, until: date) -> list[Fared]:
    """How every stance on plain claims fared, by what was public up to a day."""
    return outcomes_on(PlainTable(facts, replace(policy, records=None)), until)


def outcomes_on(table: PlainTable, until: date) -> list[Fared]:
    """The same of the claims of a table; what settles a claim rests on no record."""
    judged, may = _judged(table), table.may_settle()
    if not (judged | may).any():
        return []
    return _outcomes(table, _settlements(table, until.toordinal(), judged, may & ~table.state))


def _judged(table: PlainTable) -> Flags:
    """Which claims somebody has judged."""
    judged = np.zeros(len(table.keys), dtype=np.bool_)
    judged[list(table.facts.verdicts)] = True
    return judged


def _settlements(table: PlainTable, last: int, judged: Flags, may: Flags) -> _Settlements:
    """``judged`` are the claims that somebody has judged, ``may`` those that the evidence may settle."""
    verdicts = table.facts.verdicts
    known = (table.day <= last) & (may | judged)[table.claim]
    said = [
        claim * SPAN + each.since for claim, some in verdicts.items() for each in some if each.since <= last
    ]
    own = [table.claim[known] * SPAN + table.day[known], np.array(said, dtype=np.int64)]
    if table.rivalry is not None:
        slots = days_of_answers(table.rivalry, last)
        own.append(slots[~table.state[slots // SPAN] | judged[slots // SPAN]])
    slots = distinct(np.concatenate(own))
    claims, days = slots // SPAN, slots % SPAN
    truth = np.zeros(len(slots), dtype=np.int64)
    computed = np.flatnonzero(may[claims])
    truth[computed] = _TRUTH[table.status(claims[computed], days[computed], None)]
    by_person = np.zeros(len(slots), dtype=np.bool_)
    for claim, some in verdicts.items():
        for each in sorted(some, key=lambda verdict: verdict.since):  # of one day the one that comes last
            low, high = np.searchsorted(slots, (claim * SPAN + each.since, (claim + 1) * SPAN)).tolist()
            truth[low:high] = each.truth
            by_person[low:high] = True
    begins = np.ones(len(slots), dtype=np.bool_)
    begins[1:] = (claims[1:] != claims[:-1]) | (truth[1:] != truth[:-1]) | (by_person[1:] != by_person[:-1])
    starts = np.flatnonzero(begins)
    of, since = claims[starts], days[starts]
    ends = np.append(starts[1:], len(slots))
    goes_on = np.append(of[1:] != of[:-1], True) if len(starts) else begins
    ended = np.where(goes_on, 0, np.append(days, 0)[ends])
    settled = truth[starts] != 0
    found = (of, truth[starts], since, ended, by_person[starts])
    return _Settlements(*(column[settled] for column in found))


def _outcomes(table: PlainTable, settled: _Settlements) -> list[Fared]:
    """How the last word of each source before each settlement fared by it."""
    rows, at = table.rows_of(settled.claim)
    since = settled.since[at] + settled.by_person[at]
    before = ~table.mention[rows] & (table.day[rows] < since)
    rows, at = rows[before], at[before]
    order = np.lexsort((rows, table.day[rows], table.behind[rows], at))
    rows, at = rows[order], at[order]
    last = np.ones(len(rows), dtype=np.bool_)
    last[:-1] = (at[1:] != at[:-1]) | (table.behind[rows][1:] != table.behind[rows][:-1])
    rows, at = rows[last], at[last]
    claims, sources, keys = table.keys, table.sources, table.facts.pieces.keys
    sign = SIGNS[table.stance[rows]]
    columns = (
        settled.claim[at].tolist(),
        table.behind[rows].tolist(),
        settled.since[at].tolist(),
        settled.until[at].tolist(),
        rows.tolist(),
        table.kind[settled.claim[at]].tolist(),
        sign.tolist(),
        (sign == settled.truth[at]).tolist(),
    )
    return [
        Fared(claims[claim], sources[source], begun, ended or None, keys[row], _NAMES[kind], way, right)
        for claim, source, begun, ended, row, kind, way, right in zip(*columns, strict=True)
    ]


# --- since when -------------------------------------------------------------------------------


def since_when(table: PlainTable, claims: Ints, status: Ints, until: date, track: Track | None) -> Ints:
    """Since which day some claims, which have a status on a day, have had it; 0 where they have had it
    since before any evidence.

    Between two days on which something was said, or lost weight with age, only the records of sources
    change. Where these cannot have altered the status the days between are passed over; else each
    of them is looked at; and of claims of which there are many such days all that are left, at once.
    """
    last = until.toordinal()
    if table.rivalry is not None and (table.rivalry.place[claims] >= 0).any():
        return _with_rivals(table, table.rivalry, claims, status, until, track)
    slots = own_days(table, claims, last)
    if track is not None and not track.by_steps:
        return _looked_for(table, claims, status, slots, last, track)
    return _Past(table, claims, status, slots, last, track).looked_through()


class _Past:
    """Claims through time: their own days (of one from ``low`` on and before ``high`` are left to be looked
    at), and since when each stood as it does, as is known ``since`` and from the day ``known`` on."""

    def __init__(
        self, table: PlainTable, claims: Ints, status: Ints, slots: Ints, last: int, track: Track | None
    ) -> None:
        """``slots`` are the own days, as :func:`claims.lookedback.own_days` has them."""
        self.table = table
        self.claims, self.status = claims, status
        self.slots, self.days, self.last = slots, slots % SPAN, last
        bounds = np.searchsorted(slots, np.arange(len(claims) + 1) * SPAN)
        self.low, self.high = bounds[:-1], bounds[1:].copy()
        self.since = np.zeros(len(claims), dtype=np.int64)
        self.known = np.full(len(claims), last + 1)
        self.sheet = Sheet(table, track) if track is not None else None

    def looked_through(self) -> Ints:
        """Since when each has had its status."""
        if self.sheet is not None:
            self._pass_over_ages(self.sheet)
        rounds = 0
        while (looking := np.flatnonzero(self.high > self.low)).size:
            if self.sheet is None:
                self._turn(looking, lambda claims, days, _: self.table.status(claims, days, None))
            elif rounds < ROUNDS:
                self._turn(looking, self.sheet.surely)
            else:
                self._look_at_all(looking, self.sheet)
            rounds += 1
        return self.since

    def _pass_over_ages(self, sheet: Sheet) -> None:
        """Leave out, of the days after the newest word on a claim, those since when it has surely had its
        status although it aged; where they begin is found by halving."""
        rows, at = self.table.rows_of(self.claims)
        spoken = self.table.day[rows] <= self.last
        newest = np.zeros(len(self.claims), dtype=np.int64)
        np.maximum.at(newest, at[spoken], self.table.day[rows[spoken]])
        low = np.searchsorted(self.slots, np.arange(len(newest)) * SPAN + newest)
        low = np.where(self.high - low > AT_ONCE, low, self.high)
        while (some := np.flatnonzero(low < self.high)).size:
            middle = (low[some] + self.high[some]) // 2
            last = np.full(len(some), self.last)
            stood = sheet.surely(self.claims[some], self.days[middle], last, aged=True)
            same = stood == self.status[some]
            self._stood_so(some[same], middle[same])
            low[some[~same]] = middle[~same] + 1

    def _stood_so(self, some: Ints, places: Ints) -> None:
        """Note that some claims have stood as they do since their days at some places."""
        self.high[some] = places
        self.since[some] = self.known[some] = self.days[places]

    def _turn(self, looking: Ints, ask: Callable[[Ints, Ints, Ints], Codes]) -> None:
        """Look at the newest days that are left of some claims, each with those up to the next."""
        count = np.minimum(self.high[looking] - self.low[looking], AT_ONCE)
        starts, back, of = np.cumsum(count) - count, within(count), np.repeat(looking, count)
        places = self.high[of] - 1 - back
        before = np.append(self.days, 0)[places + 1]
        before[starts] = self.known[looking]
        stood = ask(self.claims[of], self.days[places], before - 1)
        run = np.minimum.reduceat(np.where(stood == self.status[of], AT_ONCE, back), starts)
        run = np.minimum(run, count)
        some = run > 0
        self._stood_so(looking[some], (self.high[looking] - run)[some])
        turned = run < count
        stopped, first = looking[turned], stood[(starts + run)[turned]]
        unsure = stopped[first == UNSURE]
        self.high[stopped[first != UNSURE]] = self.low[stopped[first != UNSURE]]
        if unsure.size and self.sheet is not None:
            self._look_between(unsure, self.sheet)

    def _look_between(self, some: Ints, sheet: Sheet) -> None:
        """Look at the days between the last own day that is left of some claims and what is known of them."""
        self.high[some] -= 1
        first = self.days[self.high[some]]
        search = _Search(sheet, self.claims[some], self.status[some], self.last)
        self.since[some], same = search.back(first, self.known[some], self.since[some])
        self.known[some] = first
        self.high[some[~same]] = self.low[some[~same]]

    def _look_at_all(self, some: Ints, sheet: Sheet) -> None:
        """Look at all days that are left of some claims."""
        low, count = self.low[some], self.high[some] - self.low[some]
        own = np.repeat(np.arange(len(some)), count) * SPAN + self.days[np.repeat(low, count) + within(count)]
        search = _Search(sheet, self.claims[some], self.status[some], self.last)
        self.since[some], _ = search.back(self.days[low], self.known[some], self.since[some], own)
        self.high[some] = low


def _with_rivals(
    table: PlainTable, rivalry: Rivalry, claims: Ints, status: Ints, until: date, track: Track | None
) -> Ints:
    """The same of claims of which some have rivals."""
    since = np.zeros(len(claims), dtype=np.int64)
    answers = rivalry.place[claims] >= 0
    since[answers] = since_of_answers(rivalry, claims[answers], until.toordinal(), track)
    since[~answers] = since_when(table, claims[~answers], status[~answers], until, track)
    return since


class Asked:
    """The statuses of a few claims, each day by the kernel."""

    def __init__(self, table: PlainTable, track: Track) -> None:
        self.table = table
        self.track = track

    def status(self, claims: Ints, days: Ints) -> Codes:
        """The status of claims on days, each claim on one, as its code."""
        return self.table.status(claims, days, self.track)


def _looked_for(table: PlainTable, claims: Ints, status: Ints, slots: Ints, last: int, track: Track) -> Ints:
    """Since when a few claims have had their status, all days looked at; ``slots`` are their own days."""
    since = np.zeros(len(claims), dtype=np.int64)
    spoken = distinct(slots // SPAN)
    first = slots[np.searchsorted(slots, spoken * SPAN)] % SPAN
    own = np.searchsorted(spoken, slots // SPAN) * SPAN + slots % SPAN
    search = _Search(Asked(table, track), claims[spoken], status[spoken], last)
    since[spoken], _ = search.back(first, np.full(len(spoken), last + 1), since[spoken], own)
    return since


class _Search:
    """Looking for the days on which claims came to stand as they do, while nothing but the records of
    sources changed."""

    def __init__(self, sheet: Sheet | Asked, claims: Ints, status: Ints, last: int) -> None:
        self.sheet = sheet
        self.claims = claims
        self.status = status
        self.last = last

    def back(self, first: Ints, before: Ints, since: Ints, own: Ints | None = None) -> tuple[Ints, Flags]:
        """From the days before some others back to first ones: since when each claim stood as it does, given
        since when it has done so after them, and whether it did so on the first day too."""
        since = since.copy()
        days, bounds = self._days(first, before, own)
        low, high = bounds[:-1], bounds[1:].copy()
        size = BLOCK if len(first) <= FEW else FIRST_BLOCK
        stood = np.ones(len(first), dtype=np.bool_)
        while (looking := np.flatnonzero(stood & (high > low))).size:
            self._look(looking, low, high, days, size, since, stood)
            size = min(2 * size, BLOCK)
        return since, stood

    def _look(
        self, looking: Ints, low: Ints, high: Ints, days: Ints, most: int, since: Ints, stood: Flags
    ) -> None:
        """Look at so many of the days that are left of some claims, from the newest on."""
        size = np.minimum(high[looking] - low[looking], most)
        at = np.repeat(looking, size)
        back = within(size)
        on = days[high[at] - 1 - back]
        same = on == self.last
        asked = np.flatnonzero(~same)
        of = at[asked]
        same[asked] = self.sheet.status(self.claims[of], on[asked]) == self.status[of]
        run = np.minimum.reduceat(np.where(same, most, back), np.cumsum(size) - size)
        stood[looking] = run >= size
        run = np.minimum(run, size)
        high[looking] -= run
        some = looking[run > 0]
        since[some] = days[high[some]]

    def _days(self, first: Ints, before: Ints, own: Ints | None) -> tuple[Ints, Ints]:
        """The days to look at from first ones on and before others, and the bounds of those of each claim."""
        count = np.arange(len(first))
        kept = [count * SPAN + first, *days_of_records(self.sheet, self.claims, first, before)]
        slots = distinct(np.concatenate(kept if own is None else [own, *kept]))
        return slots % SPAN, np.searchsorted(slots, np.arange(len(first) + 1) * SPAN)


ROUNDS = 5
"""After so many turns with some of the days of each claim all that are left are looked at."""

AT_ONCE, FIRST_BLOCK, BLOCK = 2, 6, 48
"""So many days of a claim are looked at in one go: at first, and at most."""

FEW = 20
"""Of so few claims as many as at most are looked at from the first on: to ask again takes longer."""


def days_of_records(sheet: Sheet | Asked, claims: Ints, first: Ints, before: Ints) -> Iterator[Ints]:
    """The days, from first ones on and before others, on which the records of the sources of each claim
    changed, once somebody had spoken of it; of very many a growing selection."""
    table, track = sheet.table, sheet.track
    rows, at = table.rows_of(claims)
    spoke = np.full(len(claims), NEVER)
    np.minimum.at(spoke, at, table.day[rows])
    for_each = np.concatenate([at, at]), np.concatenate([table.source[rows], table.behind[rows]])
    pairs = distinct(for_each[0] * SPAN + for_each[1])
    at, source = pairs // SPAN, pairs % SPAN
    if track.by_steps and (tally := track.cases.tally) is not None:
        many = track.often(claims, at, source, first, before) >= OFTEN
        counted = many[at]
        some, voice = at[counted], track.source[source[counted]]
        own = own_changes(track, some, track.claim[claims[some]], voice)
        speakers = Speakers(some, voice, spoke, own)
        yield days_kept(speakers, tally, np.flatnonzero(many), first, before)
        at, source = at[~counted], source[~counted]
    earlier, found = sheet.track.changes_of(claims, at, source, spoke, first, before)
    for portion in found:
        place = portion // SPAN
        starts = np.searchsorted(place, np.arange(len(claims)))
        rank = np.arange(len(portion)) - starts[place] + earlier[place]
        yield portion[is_kept(rank)]
