"""The arithmetic over arrays: columns of evidence in, weights, sums and counts out, for very many claims.

Everything is an array; nothing here knows what a claim is. Claims with equally many rows are worked on
together, as a matrix with a column for each claim, and no number of one claim ever depends on another.
:mod:`claims.resolve.single` says the same of a claim alone in plain Python, to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from claims.resolve.single import GRID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.signedinteger[Any]]
    Flags = NDArray[np.bool_]
    Scalar = TypeVar("Scalar", bound=np.generic)

PAIRS_UP_TO = 32
"""Claims with at most so many rows compare every row with every other; the others sort theirs."""

CELLS = 1 << 17
"""How many comparisons are made at a time: as many as stay in a processor's cache."""

ALIKE = 1 << 15
"""Claims that come to fewer comparisons are laid out alike."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Evidence on ``len(base)`` claims as parallel arrays, one row per piece that counts.

    ``base``: base-rate log-odds (nats) of each claim. For each row: ``claim`` is the index of its
    claim (any order; ascending is fastest), ``sign`` is +1 or -1, ``strength`` its log-odds (nats,
    >= 0) standing alone, ``origin`` a number shared by the rows that go back to one origin,
    ``independent`` whether its line is known to be independent of the others.

    What is left out holds for no row, but ``takes_side`` for all: that the row is no mere mention;
    ``good``, that its source knows at first hand or has proved reliable; ``first_hand`` and
    ``official_record``, how it knows; ``channel``, a number shared by the rows that were read in
    one place, the origin unless given; ``in_full``, that its line counts in full, be its independence
    known or not. Numbers may be of any signed integer type.
    """

    base: Floats
    claim: Ints
    sign: Ints
    strength: Floats
    origin: Ints
    independent: Flags
    takes_side: Flags | None = None
    good: Flags | None = None
    first_hand: Flags | None = None
    official_record: Flags | None = None
    channel: Ints | None = None
    in_full: Flags | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What the evidence on each claim comes to, one number per claim.

    In nats: ``log_odds`` from the claim's own evidence alone. Of what takes a side: ``support`` and
    ``opposition``, all that each side weighs (>= 0); ``largest``, the heaviest row;
    ``supporting_lines``, ``opposing_lines``, ``lines`` on either, each origin once; ``channels``,
    the places that supporting lines were read in; ``independent_lines``, the supporting ones of which
    some row is known to be independent. Whether any line is ``good``, and any supporting line
    at ``first_hand`` or from an ``official_record``.
    """

    log_odds: Floats
    support: Floats
    opposition: Floats
    largest: Floats
    supporting_lines: Ints
    opposing_lines: Ints
    lines: Ints
    channels: Ints
    independent_lines: Ints
    good: Flags
    first_hand: Flags
    official_record: Flags


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the rows weigh, and what they come to. ``log_odds``: one per claim, from its own
    evidence alone. For each row: ``weight`` in signed nats, ``rank`` the k of the 1/k rule (0: adds
    nothing to its line; 1 also for lines known to be independent), ``side`` +1 or -1 where it leads
    a line that takes a side, else 0."""

    weight: Floats
    rank: Ints
    side: Ints
    tally: Tally

    @property
    def log_odds(self) -> Floats:
        """The log-odds (nats) of each claim, from its own evidence alone."""
        return self.tally.log_odds


@dataclass(frozen=True, slots=True)
class _Block:
    """Claims with about equally many rows, or all of few: one column each. ``rows`` are the numbers of the
    rows; where a claim has fewer than others, ``there`` is false and the ``sign`` is 0."""

    claims: Ints | slice
    rows: Ints
    there: Flags
    sign: Ints
    strength: Floats
    origin: Ints
    independent: Flags
    in_full: Flags


def weigh(columns: Columns) -> Weighed:
    """Add the evidence up, claim by claim.

    Within a line only the strongest row counts: whoever passes on the same origin adds nothing.
    Lines known to be independent count in full. Among the others, the k-th strongest on each side
    of a claim counts for 1/k; of equals, the one given first comes first.
    """
    count = len(columns.claim)
    weighed = Weighed(
        weight=np.zeros(count),
        rank=np.zeros(count, dtype=np.int64),
        side=np.zeros(count, dtype=np.int8),
        tally=_empty_tally(len(columns.base)),
    )
    for block in _blocks(columns):
        rank, weight, side, independent = _weigh_rows(columns, block)
        _count_up(columns, block, weight, side, independent, weighed.tally)
        rows = block.rows[block.there]
        weighed.weight[rows] = weight[block.there]
        weighed.rank[rows] = rank[block.there]
        weighed.side[rows] = side[block.there]
    return weighed


def add_up(columns: Columns) -> Tally:
    """What :func:`weigh` says of the claims, without what it says of each row."""
    tally = _empty_tally(len(columns.base))
    for block in _blocks(columns):
        _, weight, side, independent = _weigh_rows(columns, block)
        _count_up(columns, block, weight, side, independent, tally)
    return tally


def _empty_tally(claims: int) -> Tally:
    return Tally(*(np.zeros(claims, dtype=dtype) for dtype in _TALLIED))


_DTYPES: dict[str, Any] = {"Floats": np.float64, "Ints": np.int32, "Flags": np.bool_}
_TALLIED = tuple(_DTYPES[str(field.type)] for field in fields(Tally))


# --- claims side by side --------------------------------------------------------------------


def _blocks(columns: Columns) -> Iterator[_Block]:
    """All claims, those with equally many rows side by side, no more at a time than fit the cache."""
    claim = columns.claim
    order = None
    if (claim[1:] < claim[:-1]).any():
        order = np.argsort(claim, kind="stable")
    counts = np.bincount(claim, minlength=len(columns.base))
    starts = np.cumsum(counts) - counts
    widths = _widths(counts)
    if isinstance(widths, int):
        if len(counts):
            yield _block(columns, order, slice(None), starts, counts, widths)
        return
    for width in np.flatnonzero(np.bincount(widths)).tolist():
        claims = np.flatnonzero(widths == width)
        compared = width * (width if width <= PAIRS_UP_TO else 1)
        step = max(CELLS // max(compared, 1), 1)
        for at in range(0, len(claims), step):
            some = claims[at : at + step]
            yield _block(columns, order, some, starts[some], counts[some], width)


def _widths(counts: Ints) -> Ints | int:
    """How many rows to lay out for claims that have so many: up to eight exactly so many, and
    above that the next power of two. Few claims are all laid out alike: to work on more than one matrix
    takes longer than to work on a larger one."""
    most = int(counts.max(initial=0))
    if most <= PAIRS_UP_TO and len(counts) * most * most <= ALIKE:
        return most
    if most <= 8:
        return counts
    powers = np.exp2(np.ceil(np.log2(np.maximum(counts, 1)))).astype(np.int64)
    return np.where(counts <= 8, counts, powers)


def _block(
    columns: Columns, order: Ints | None, claims: Ints | slice, starts: Ints, counts: Ints, width: int
) -> _Block:
    slot = np.arange(width)[:, np.newaxis]
    there = slot < counts
    rows = starts + np.minimum(slot, counts - 1)
    if order is not None:
        rows = order[rows]
    independent = columns.independent[rows]
    return _Block(
        claims=claims,
        rows=rows,
        there=there,
        sign=columns.sign[rows] * there,
        strength=columns.strength[rows],
        origin=columns.origin[rows],
        independent=independent,
        in_full=independent if columns.in_full is None else independent | columns.in_full[rows],
    )


def _weigh_rows(columns: Columns, block: _Block) -> tuple[Ints, Floats, Ints, Flags]:
    """Rank, weight and side of each row of a block, and which lead a line of which some row is known
    to be independent."""
    few = len(block.rows) <= PAIRS_UP_TO
    rank, independent = _ranks_by_pairs(block) if few else _ranks_by_sorting(block)
    leads = rank > 0
    weight = np.zeros(rank.shape)
    np.divide(block.sign * block.strength, rank, out=weight, where=leads)
    weight += 0.0  # makes of -0 a 0: a denial that weighs nothing takes nothing
    active = leads & (block.strength > 0)
    if columns.takes_side is not None:
        active &= columns.takes_side[block.rows]
    return rank, weight, block.sign * active, independent


def _count_up(
    columns: Columns, block: _Block, weight: Floats, side: Ints, independent: Flags, tally: Tally
) -> None:
    """Write what the rows of a block come to at the places of its claims."""
    claims, rows = block.claims, block.rows
    support, opposition = both_sides(weight)
    tally.log_odds[claims] = columns.base[claims] + (support - opposition)
    if columns.takes_side is not None:
        weight = np.where(columns.takes_side[rows], weight, 0.0)
        support, opposition = both_sides(weight)
    tally.support[claims] = support
    tally.opposition[claims] = opposition
    tally.largest[claims] = np.maximum.reduce(np.abs(weight), axis=0, initial=0.0)
    distinct = _distinct_by_pairs if len(rows) <= PAIRS_UP_TO else _distinct_by_sorting
    active, backing = side != 0, side > 0
    supporting = _sum(backing)
    tally.supporting_lines[claims] = supporting
    tally.opposing_lines[claims] = _sum(active) - supporting
    tally.lines[claims] = distinct(block.origin, active)
    tally.independent_lines[claims] = _sum(backing & independent)
    tally.channels[claims] = (
        supporting if columns.channel is None else distinct(columns.channel[rows], backing)
    )
    if columns.good is not None:
        tally.good[claims] = _any(active & columns.good[rows])
    if columns.first_hand is not None:
        tally.first_hand[claims] = _any(backing & columns.first_hand[rows])
    if columns.official_record is not None:
        tally.official_record[claims] = _any(backing & columns.official_record[rows])


def _any(flags: Flags) -> Flags:
    """Whether any is set, along the first axis."""
    found: Flags = np.logical_or.reduce(flags, axis=0)
    return found


def _sum(flags: Flags) -> Ints:
    """How many are set, along the first axis."""
    found: Ints = np.add.reduce(flags, axis=0, dtype=np.int32)
    return found


def both_sides(weight: Floats) -> tuple[Floats, Floats]:
    """What the rows of each claim weigh for it and against it (nats, >= 0)."""
    units = np.rint(weight * GRID)
    support = np.add.reduce(np.maximum(units, 0.0), axis=0)
    opposition = np.add.reduce(np.maximum(-units, 0.0), axis=0)
    return support / GRID, opposition / GRID


# --- few rows: every one beside every other -------------------------------------------------


def _ranks_by_pairs(block: _Block) -> tuple[Ints, Flags]:
    """The k of the 1/k rule for each row, 0 where it leads no line; and which rows lead a line of
    which some row is known to be independent."""
    same_side = _pairs_equal(block.sign)
    same_line = same_side & _pairs_equal(block.origin)
    ahead = block.strength[:, np.newaxis] > block.strength
    ahead |= _pairs_equal(block.strength) & _given_first(len(block.rows))
    leads = ~_any(same_line & ahead) & block.there
    independent = leads & _any(same_line & block.independent[:, np.newaxis])
    in_full = independent
    if block.in_full is not block.independent:
        in_full = leads & _any(same_line & block.in_full[:, np.newaxis])
    shared = leads & ~in_full
    before = _count(same_side & ahead & shared[:, np.newaxis])
    return np.where(shared, before + 1, leads), independent


def _distinct_by_pairs(keys: Ints, chosen: Flags) -> Ints:
    """How many different keys the chosen rows of each claim have."""
    again = _pairs_equal(keys) & _given_first(len(keys)) & chosen[:, np.newaxis]
    return _count(chosen & ~_any(again))


def _pairs_equal(values: Ints | Floats) -> Flags:
    """For each claim, which of its rows (first axis) has the value of which other (second axis)."""
    return np.equal(values[:, np.newaxis], values)


@lru_cache(maxsize=PAIRS_UP_TO + 1)
def _given_first(width: int) -> Flags:
    """Which row (first axis) was given before which other (second axis); nobody may alter it."""
    slot = np.arange(width)
    return np.less(slot[:, np.newaxis], slot)[:, :, np.newaxis]


def _count(flags: Flags) -> Ints:
    """How many of the few along the first axis are set."""
    return np.asarray(np.add.reduce(flags.view(np.int8), axis=0, dtype=np.int8))


# --- many rows: sorted ----------------------------------------------------------------------


def _ranks_by_sorting(block: _Block) -> tuple[Ints, Flags]:
    """The same as :func:`_ranks_by_pairs`, in time that hardly more than doubles when rows do."""
    sign, origin, strength = _flat(block.sign), _flat(block.origin), _flat(block.strength)
    claim = np.repeat(np.arange(block.rows.shape[1]), len(block.rows))
    order = np.lexsort((-strength, origin, sign, claim))
    starts = np.flatnonzero(_starts(claim[order], sign[order], origin[order]))
    in_full = np.logical_or.reduceat(_flat(block.in_full)[order], starts)
    leaders = order[starts]
    independent = np.zeros(len(claim), dtype=np.bool_)
    independent[leaders] = np.logical_or.reduceat(_flat(block.independent)[order], starts)
    rank = np.zeros(len(claim), dtype=np.int64)
    rank[leaders[in_full]] = 1
    shared = np.sort(leaders[~in_full])  # of equals, the one given first comes first
    order = shared[np.lexsort((-strength[shared], sign[shared], claim[shared]))]
    first = np.flatnonzero(_starts(claim[order], sign[order]))
    sizes = np.diff(first, append=len(order))
    rank[order] = np.arange(len(order)) - np.repeat(first, sizes) + 1
    shape = block.rows.T.shape
    return rank.reshape(shape).T * block.there, independent.reshape(shape).T & block.there


def _distinct_by_sorting(keys: Ints, chosen: Flags) -> Ints:
    """The same as :func:`_distinct_by_pairs`."""
    claims = keys.shape[1]
    claim = np.repeat(np.arange(claims), len(keys))[_flat(chosen)]
    key = _flat(keys)[_flat(chosen)]
    order = np.lexsort((key, claim))
    return np.bincount(claim[order][_starts(claim[order], key[order])], minlength=claims)


def _flat(block: NDArray[Scalar]) -> NDArray[Scalar]:
    """The rows of a block as one column, claim by claim."""
    return block.T.ravel()


def _starts(*keys: Ints) -> Flags:
    """Marks the rows at which any of the sorted keys differs from the row before."""
    marks = np.ones(len(keys[0]), dtype=np.bool_)
    if len(marks):
        marks[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return marks
