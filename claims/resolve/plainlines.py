"""The lines of plain claims: pieces of different origin on a side that make one line on whatever day.

What :mod:`claims.resolve.lines` says of the pieces that count on a day, said once for all days. That goes
where no day parts what others join: where, on each day, the pieces of a line that count then are joined
by each other already. Claims of which that is not so are not plain.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.lines import FEWEST_WORDS
from claims.resolve.plain import BASES, SIGNS, origins_of, second_hand, slots_of_two
from claims.vocabulary import Basis

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from claims.policy import LineNumbers, Policy
    from claims.resolve.kernel import Flags, Ints
    from claims.resolve.plain import PlainFacts

    Bonds = set[tuple[int, int]]


FEW = 100
"""So few rows are gone through one by one: of few that takes less than arrays do."""


def with_lines(facts: PlainFacts, policy: Policy) -> PlainFacts:
    """The same with the line of each piece, but for the claims that turn out not to be plain."""
    pieces = facts.pieces
    origins = origins_of(facts)
    origin = origins[pieces.behind] if len(origins) else pieces.behind
    line = origin.copy()
    odd = np.zeros(len(facts.claims), dtype=np.bool_)
    if policy.lines is not None and len(line):
        _join(facts, policy.lines, origin, line, odd)
    if (line == pieces.line).all() and not odd.any():
        return facts  # as most: no two sources share an origin, and no two pieces have anything in common
    return replace(facts, pieces=replace(pieces, line=line)).without(odd)


def _join(facts: PlainFacts, numbers: LineNumbers, origin: Ints, line: Ints, odd: Flags) -> None:
    """Join the lines on the sides of claims where pieces have something in common; or mark the claims."""
    pieces = facts.pieces
    read = int(np.count_nonzero(pieces.document >= 0))
    if read + len(pieces.quote) - pieces.quote.count(None) < 2:
        return  # of most claims no two pieces can have anything in common
    sided = pieces.claim * 2 + (SIGNS[pieces.stance] > 0)
    bonds: dict[int, Bonds] = defaultdict(set)
    if numbers.document and read > 1:
        _bind_by_document(facts, sided, origin, bonds)
    if numbers.near_text:
        _bind_by_words(facts, sided, origin, numbers.near_text, bonds)
    for side, some in bonds.items():
        claim = side // 2
        low, high = np.searchsorted(pieces.claim, (claim, claim + 1)).tolist()
        rows = [row for row in range(low, high) if sided[row] == side]
        others = {int(origin[row]) for row in range(low, high) if sided[row] != side}
        odd[claim] |= not _join_side(rows, some, pieces.day, origin, line, others)


def _join_side(
    rows: Sequence[int], bonds: Bonds, day: Ints, origin: Ints, line: Ints, others: Collection[int]
) -> bool:
    """Join the rows on one side; False where that depends on the day, or on what the other side says."""
    near: dict[int, set[int]] = {row: set() for row in rows}
    for one, other in combinations(rows, 2):
        if (one, other) in bonds or origin[one] == origin[other]:
            near[one].add(other)
            near[other].add(one)
    left = set(rows)
    while left:
        part = _reached(min(left), near, left)
        left -= part
        names = {int(origin[row]) for row in part}
        if len(names) == 1:
            continue
        if not names.isdisjoint(others) or not _always_whole(part, near, day):
            return False
        line[sorted(part)] = min(names)
    return True


def _always_whole(part: set[int], near: dict[int, set[int]], day: Ints) -> bool:
    """Whether those rows of a part that count on a day hang together by themselves, on each day."""
    for on in {int(day[row]) for row in part}:
        there = {row for row in part if day[row] <= on}
        if _reached(min(there), near, there) != there:
            return False
    return True


def _reached(start: int, near: dict[int, set[int]], among: set[int]) -> set[int]:
    found, edge = {start}, {start}
    while edge:
        edge = {other for row in edge for other in near[row] & among} - found
        found |= edge
    return found


# --- what joins two pieces ----------------------------------------------------------------------


def _bind_by_document(facts: PlainFacts, sided: Ints, origin: Ints, bonds: dict[int, Bonds]) -> None:
    """Pieces of different origin that were read in one document. Two witnesses heard in one report are two
    witnesses still."""
    pieces = facts.pieces
    rows = np.flatnonzero((pieces.document >= 0) & ~_independent(facts))
    slots = slots_of_two(sided[rows], pieces.document[rows], len(facts.headlines))
    for together in _alike_by(slots, rows):
        bonds[int(sided[together[0]])].update(
            pair for pair in combinations(together, 2) if origin[pair[0]] != origin[pair[1]]
        )


def _bind_by_words(
    facts: PlainFacts, sided: Ints, origin: Ints, least: float, bonds: dict[int, Bonds]
) -> None:
    """Pieces of different origin whose quotes, or else whose headlines, are worded alike. A headline is not
    in the words of those who speak for themselves."""
    pieces = facts.pieces
    headed = np.array([bool(headline) for headline in facts.headlines] + [False])[pieces.document]
    headed &= ~_independent(facts)
    quoted = np.fromiter(map(bool, pieces.quote), dtype=np.bool_, count=len(pieces.quote))
    rows = np.flatnonzero(quoted | headed)
    if len(rows) < 2:
        return
    for together in _alike_by(sided[rows] * 2 + quoted[rows], rows):
        texts = [pieces.quote[row] or facts.headlines[pieces.document[row]] or "" for row in together]
        found = {
            (together[one], together[other])
            for one, other in _alike(texts, least)
            if origin[together[one]] != origin[together[other]]
        }
        if found:
            bonds[int(sided[together[0]])].update(found)


def _independent(facts: PlainFacts) -> Flags:
    """Which pieces are known to be independent (:func:`claims.resolve.lines.is_known_independent`)."""
    found: Flags = _FIRST_HAND[facts.pieces.basis] & ~second_hand(facts) & ~facts.pieces.relayed
    return found


_FIRST_HAND = np.array([basis in (str(Basis.WITNESSED), str(Basis.OFFICIAL_RECORD)) for basis in BASES])
"""Which codes of how a source knows are first hand."""


def _alike_by(slots: Ints, rows: Ints) -> list[list[int]]:
    """The rows, in order, of each slot that has several."""
    if len(rows) <= FEW:
        found: dict[int, list[int]] = defaultdict(list)
        for slot, row in zip(slots.tolist(), rows.tolist(), strict=True):
            found[slot].append(row)
        return [found[slot] for slot in sorted(found) if len(found[slot]) > 1]
    order = np.argsort(slots, kind="stable")
    rows, slots = rows[order], slots[order]
    starts = np.flatnonzero(np.append(True, slots[1:] != slots[:-1])[: len(slots)])
    ends = np.append(starts[1:], len(slots))
    several = ends - starts > 1
    return [
        rows[low:high].tolist()
        for low, high in zip(starts[several].tolist(), ends[several].tolist(), strict=True)
    ]


def _alike(texts: Sequence[str], least: float) -> list[tuple[int, int]]:
    """The pairs of texts, by place, that are worded alike (rapidfuzz token_sort_ratio)."""
    from rapidfuzz import fuzz, process, utils

    words = [utils.default_process(text) for text in texts]
    kept = [at for at, text in enumerate(words) if len(text.split()) >= FEWEST_WORDS]
    if len(kept) < 2:
        return []
    words = [words[at] for at in kept]
    if len(kept) == 2:  # as nearly always: for one pair alone no matrix is made
        alike = fuzz.token_sort_ratio(*words, score_cutoff=least) >= least
        return [(kept[0], kept[1])] if alike else []
    likeness = process.cdist(words, words, scorer=fuzz.token_sort_ratio, score_cutoff=least)
    return [(kept[i], kept[j]) for i, j in combinations(range(len(kept)), 2) if likeness[i, j] >= least]
