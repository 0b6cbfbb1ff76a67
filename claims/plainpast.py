"""Plain claims, many at once: how each changed, when their statuses did, what would flip them, and what if a
source were wrong.

What :mod:`claims.history` and :mod:`claims.resolve.explaining` say of one claim after the other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.history import NOTICEABLE, NOTICEABLE_ALONE, LookedAt
from claims.lookedback import own_days
from claims.resolve.explaining import PAIRS_LIMIT, TRIED_LIMIT, IfWrong
from claims.resolve.plain import PlainPieces, distinct, origins_of
from claims.resolve.plaintable import PlainTable
from claims.resolve.resolution import Flip
from claims.resolve.verdict import STATUSES
from claims.resolve.worth import SPAN
from claims.standing import Asked, days_of_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from claims.policy import Policy
    from claims.resolve.kernel import Ints
    from claims.resolve.plain import PlainFacts
    from claims.resolve.plaintable import Said
    from claims.resolve.track import Track
    from claims.vocabulary import Status


class Turn(NamedTuple):
    """A change of a claim, as :class:`claims.history.Change` has it."""

    at: date
    was: Status | None
    status: Status
    likelihood: float
    stale: bool
    because: tuple[str, ...]


# --- how they changed -------------------------------------------------------------------------


class Course(NamedTuple):
    """How a claim changed, and on how many days it was looked at."""

    turns: tuple[Turn, ...]
    looked_at: LookedAt


def courses_of_plain(
    facts: PlainFacts, policy: Policy, until: date, tracks: Callable[[PlainTable], Track | None]
) -> dict[str, Course]:
    """Every noticeable change of plain claims up to a day, oldest first, by the keys of the claims."""
    table = PlainTable(facts, policy)
    track = tracks(table)
    slots, of_records = _days(table, track, until.toordinal())
    said = table.on(slots // SPAN, slots % SPAN, track)
    told = _told(facts, slots, said, set(of_records.tolist()))
    return {key: told.get(place, Course((), LookedAt(0, 0, 1))) for place, key in enumerate(table.keys)}


def _days(table: PlainTable, track: Track | None, last: int) -> tuple[Ints, Ints]:
    """The days up to the last on which each claim is looked at, the number of the claim and the day in one
    number, in order; and those of them on which the records of sources changed."""
    own = own_days(table, np.arange(len(table.keys)), last)
    spoken = distinct(own // SPAN)
    of_records = np.empty(0, dtype=np.int64)
    if track is not None and len(spoken):
        first = own[np.searchsorted(own, spoken * SPAN)] % SPAN
        before = np.full(len(spoken), last + 1)
        found = list(days_of_records(Asked(table, track), spoken, first, before))
        if found:
            places = np.concatenate(found)
            of_records = spoken[places // SPAN] * SPAN + places % SPAN
    return np.unique(np.concatenate([own, of_records])), of_records


def _told(facts: PlainFacts, slots: Ints, said: Said, of_records: set[int]) -> dict[int, Course]:
    """The changes of claims by their numbers, from what is said of them on days, in order."""
    came: dict[int, list[str]] = defaultdict(list)
    pieces = facts.pieces
    for key, claim, day in zip(pieces.keys, pieces.claim.tolist(), pieces.day.tolist(), strict=True):
        came[claim * SPAN + day].append(key)
    turns: dict[int, list[Turn]] = defaultdict(list)
    days: dict[int, int] = defaultdict(int)
    columns = (slots.tolist(), said.status.tolist(), said.likelihood.tolist(), said.stale.tolist())
    for slot, code, likelihood, stale in zip(*columns, strict=True):
        claim, day = divmod(slot, SPAN)
        days[claim] += 1
        because = tuple(came.get(slot, ()))
        before = turns[claim][-1] if turns[claim] else None
        status = STATUSES[code]
        least = NOTICEABLE_ALONE if slot in of_records and not because else NOTICEABLE
        same = before is not None and (before.status, before.stale) == (status, stale)
        if before is not None and same and abs(before.likelihood - likelihood) < least:
            continue
        was = None if before is None else before.status
        turns[claim].append(Turn(date.fromordinal(day), was, status, likelihood, stale, because))
    return {claim: Course(tuple(turns[claim]), LookedAt(count, count, 1)) for claim, count in days.items()}


# --- when their statuses changed --------------------------------------------------------------


class Stretch(NamedTuple):
    """The changes that are asked for: those from a first day up to a last one, on the first only those of
    claims whose keys come after one; at most so many, all where there is no limit."""

    first: date
    after: str
    last: date
    limit: int | None


AT_ONCE = 4_096
"""So many days, each of one claim, are looked at first; then twice as many, and so on."""


def moves_of_plain(
    facts: PlainFacts, policy: Policy, asked: Stretch, tracks: Callable[[PlainTable], Track | None]
) -> list[tuple[str, Turn]]:
    """The changes of status of plain claims, each with the key of its claim, by day and then by key: those
    changes that :func:`courses_of_plain` tells with another status than before. Of the days before the first
    that is asked for only the last of each claim is looked at, and few after the last change that is told."""
    table = PlainTable(facts, policy)
    track, first = tracks(table), asked.first.toordinal()
    slots = _since(_days(table, track, asked.last.toordinal())[0], first)
    claims, days = slots // SPAN, slots % SPAN
    wanted = (days > first) | ((days == first) & (claims >= bisect_right(facts.claims, asked.after)))
    begins = np.ones(len(slots), dtype=np.bool_)
    begins[1:] = claims[1:] != claims[:-1]
    stood = np.empty(len(slots), dtype=np.int8)
    order, found = np.argsort(days, kind="stable"), np.empty(0, dtype=np.int64)
    done, size = 0, AT_ONCE
    while done < len(order) and (asked.limit is None or len(found) < asked.limit):
        at = order[done : done + size]
        stood[at] = table.status(claims[at], days[at], track)
        # What was said of the same claim on the day before in its row has been looked at by now.
        moved = wanted[at] & (begins[at] | (stood[at] != stood[at - 1]))
        found = np.concatenate([found, at[moved]])
        done, size = done + size, 2 * size
    found = found[: asked.limit]
    before = zip(begins[found].tolist(), stood[found - 1].tolist(), strict=True)
    was = [None if begun else STATUSES[code] for begun, code in before]
    return _turns(facts, slots[found], was, table.on(claims[found], days[found], track))


def _since(slots: Ints, first: int) -> Ints:
    """Of the days of claims those from a first one on, and the last of each claim before it."""
    late = slots % SPAN >= first
    last_before = np.ones(len(slots), dtype=np.bool_)
    last_before[:-1] = late[1:] | (slots[1:] // SPAN != slots[:-1] // SPAN)
    found: Ints = slots[late | last_before]
    return found


def _turns(
    facts: PlainFacts, slots: Ints, was: Sequence[Status | None], said: Said
) -> list[tuple[str, Turn]]:
    """Changes with what was said of the claims on these days, and the pieces that came on them."""
    pieces = facts.pieces
    came: dict[int, list[str]] = defaultdict(list)
    of = pieces.claim * SPAN + pieces.day
    for place in np.flatnonzero(np.isin(of, slots)).tolist():
        came[int(of[place])].append(pieces.keys[place])
    columns = (slots.tolist(), was, said.status.tolist(), said.likelihood.tolist(), said.stale.tolist())
    found = []
    for slot, before, code, likelihood, stale in zip(*columns, strict=True):
        claim, day = divmod(slot, SPAN)
        because = tuple(came.get(slot, ()))
        turn = Turn(date.fromordinal(day), before, STATUSES[code], likelihood, stale, because)
        found.append((facts.claims[claim], turn))
    return found


# --- what would change them ---------------------------------------------------------------------


class Doubts(NamedTuple):
    """What would flip a claim, and how it would stand if a source were wrong."""

    flips: tuple[Flip, ...]
    if_wrong: tuple[IfWrong, ...]


class _Trial(NamedTuple):
    """A claim, by its number, without some of its rows."""

    claim: int
    rows: tuple[int, ...]
    without: tuple[int, ...]


class _Trier:
    """Claims as they would stand without some of their evidence, very many at once."""

    def __init__(
        self,
        facts: PlainFacts,
        policy: Policy,
        as_of: date,
        tracks: Callable[[PlainTable], Track | None],
    ) -> None:
        self._facts = facts
        self._policy = policy
        self._as_of = as_of
        self._tracks = tracks

    def tried(self, trials: Sequence[_Trial]) -> list[tuple[Status, float]]:
        """The status and the likelihood of each trial."""
        if not trials:
            return []
        claims = np.array([trial.claim for trial in trials], dtype=np.int64)
        kept = [[row for row in trial.rows if row not in trial.without] for trial in trials]
        counts = np.array([len(rows) for rows in kept], dtype=np.int64)
        rows = np.array([row for some in kept for row in some], dtype=np.int64)
        pieces, facts = self._facts.pieces, self._facts
        columns = ("source", "behind", "stance", "day", "credibility", "basis", "side", "document", "line")
        varied = replace(
            facts,
            claims=[facts.claims[trial.claim] for trial in trials],
            kind=facts.kind[claims],
            ongoing=facts.ongoing[claims],
            pieces=PlainPieces(
                keys=(),
                quote=(),
                claim=np.repeat(np.arange(len(trials)), counts),
                **{name: getattr(pieces, name)[rows] for name in columns},
            ),
            verdicts={},
        )
        table = PlainTable(varied, self._policy)
        days = np.full(len(trials), self._as_of.toordinal())
        said = table.on(np.arange(len(trials)), days, self._tracks(table))
        return [
            (STATUSES[code], likelihood)
            for code, likelihood in zip(said.status.tolist(), said.likelihood.tolist(), strict=True)
        ]


def doubts_of_plain(
    facts: PlainFacts,
    policy: Policy,
    as_of: date,
    tracks: Callable[[PlainTable], Track | None],
    stands: Mapping[str, tuple[Status, float]],
) -> dict[str, Doubts]:
    """What :func:`claims.resolve.explaining.flips` and :func:`~claims.resolve.explaining.if_wrong` say of
    plain claims, by key; ``stands`` is how they stand. Left out are claims with too much evidence to try all
    of it, and those whose pieces make lines that may fall apart without one of them."""
    trier = _Trier(facts, policy, as_of, tracks)
    rows = _rows_of(facts)
    counting = {
        claim: [row for row in some if facts.pieces.day[row] <= as_of.toordinal()]
        for claim, some in rows.items()
    }
    firm = _firm(facts)
    known = {claim: some for claim, some in counting.items() if len(some) <= TRIED_LIMIT and firm[claim]}
    singles = [_Trial(claim, tuple(rows[claim]), (row,)) for claim, some in known.items() for row in some]
    flipped = _flips(facts, trier, singles, stands)
    pairs = [
        _Trial(claim, tuple(rows[claim]), pair)
        for claim, some in known.items()
        if claim not in flipped and len(some) <= PAIRS_LIMIT
        for pair in combinations(some, 2)
    ]
    flipped |= _flips(facts, trier, pairs, stands)
    wrong = _if_wrong(facts, trier, known, rows, stands)
    return {
        facts.claims[claim]: Doubts(tuple(flipped.get(claim, ())), tuple(wrong.get(claim, ())))
        for claim in known
    }


def _firm(facts: PlainFacts) -> list[bool]:
    """Of which claims each piece is of the line of its own origin, whatever the others are."""
    pieces = facts.pieces
    apart = np.ones(len(facts.claims), dtype=np.bool_)
    if len(pieces.line):
        apart[pieces.claim[origins_of(facts)[pieces.behind] != pieces.line]] = False
    found: list[bool] = apart.tolist()
    return found


def _rows_of(facts: PlainFacts) -> dict[int, list[int]]:
    """The rows of each claim, in the order of their keys."""
    found: dict[int, list[int]] = {claim: [] for claim in range(len(facts.claims))}
    for row, claim in enumerate(facts.pieces.claim.tolist()):
        found[claim].append(row)
    return found


def _flips(
    facts: PlainFacts, trier: _Trier, trials: Sequence[_Trial], stands: Mapping[str, tuple[Status, float]]
) -> dict[int, list[Flip]]:
    """The trials that give a claim another status than it has, by claim."""
    found: dict[int, list[Flip]] = {}
    keys = facts.pieces.keys
    for trial, (status, likelihood) in zip(trials, trier.tried(trials), strict=True):
        if status is not stands[facts.claims[trial.claim]][0]:
            remove = tuple(keys[row] for row in trial.without)
            found.setdefault(trial.claim, []).append(
                Flip(remove=remove, status=status, likelihood=likelihood)
            )
    return found


def _if_wrong(
    facts: PlainFacts,
    trier: _Trier,
    counting: Mapping[int, Iterable[int]],
    rows: Mapping[int, Sequence[int]],
    stands: Mapping[str, tuple[Status, float]],
) -> dict[int, list[IfWrong]]:
    """How claims would stand without each source that bears on them, what moves them most first."""
    pieces = facts.pieces
    trials: list[tuple[str, _Trial]] = []
    for claim, some in counting.items():
        behind: dict[str, list[int]] = {}
        for row in some:
            for number in {int(pieces.source[row]), int(pieces.behind[row])}:
                behind.setdefault(facts.sources[number], []).append(row)
        trials += [
            (source, _Trial(claim, tuple(rows[claim]), tuple(behind[source]))) for source in sorted(behind)
        ]
    found: dict[int, list[IfWrong]] = {}
    answers = trier.tried([trial for _, trial in trials])
    for (source, trial), (status, likelihood) in zip(trials, answers, strict=True):
        remove = tuple(sorted(pieces.keys[row] for row in trial.without))
        flips = status is not stands[facts.claims[trial.claim]][0]
        found.setdefault(trial.claim, []).append(IfWrong(source, remove, status, likelihood, flips))
    for claim, some_wrong in found.items():
        now = stands[facts.claims[claim]][1]
        some_wrong.sort(key=lambda each, now=now: (-abs(each.likelihood - now), each.source))  # type: ignore[misc]
    return found
