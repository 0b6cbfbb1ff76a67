"""The arithmetic on one claim, in plain Python: what :mod:`claims.resolve.kernel` does with columns of
evidence on many.

To lay five rows out as arrays takes longer than to add them up. Both come to the same, bit for bit: the sums
are exact on one grid, the divisions are those of IEEE 754, and nothing else is rounded; a test compares all
that they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

GRID = 2.0**40
"""Weights are added up as whole multiples of 1/GRID nats. Such sums are exact (below eight thousand
nats), so that no order of rows can show in them, not even in the last bit."""


class Spoken(NamedTuple):
    """One piece of evidence that counts on a claim, with the fields of
    :class:`claims.resolve.kernel.Columns`. ``origin`` and ``channel`` may be numbers or names; without a
    ``channel`` a piece was read where its origin is."""

    sign: int
    strength: float
    origin: Hashable
    independent: bool
    takes_side: bool = True
    good: bool = False
    first_hand: bool = False
    official_record: bool = False
    channel: Hashable | None = None
    in_full: bool = False


@dataclass(slots=True)
class ClaimTally:
    """What the evidence on one claim comes to, with the fields of :class:`claims.resolve.kernel.Tally`."""

    log_odds: float
    support: float
    opposition: float
    largest: float
    supporting_lines: int
    opposing_lines: int
    lines: int
    channels: int
    independent_lines: int
    good: bool
    first_hand: bool
    official_record: bool


class ClaimWeighed(NamedTuple):
    """What the rows of one claim weigh, and what they come to: ``weight``, ``rank`` and ``side`` of each as
    in :class:`claims.resolve.kernel.Weighed`."""

    weight: list[float]
    rank: list[int]
    side: list[int]
    tally: ClaimTally


def weigh_claim(base: float, rows: Sequence[Spoken]) -> ClaimWeighed:
    """Add the evidence on one claim up, from its base-rate log-odds (nats); as
    :func:`claims.resolve.kernel.weigh` says it of many."""
    rank = _ranks(rows)
    weight = [
        row.sign * row.strength / place + 0.0 if place else 0.0  # + 0.0 makes of -0 a 0
        for row, place in zip(rows, rank, strict=True)
    ]
    side = [
        row.sign if place and row.strength > 0 and row.takes_side else 0
        for row, place in zip(rows, rank, strict=True)
    ]
    return ClaimWeighed(weight, rank, side, _tally(base, rows, weight, side))


def _ranks(rows: Sequence[Spoken]) -> list[int]:
    """The k of the 1/k rule for each row, 0 where it leads no line: rows are gone through from the
    strongest on; of equals, the one given first comes first."""
    in_full = {(row.sign, row.origin) for row in rows if row.independent or row.in_full}
    rank = [0] * len(rows)
    led = set()
    shared = {1: 0, -1: 0}
    for number in sorted(range(len(rows)), key=lambda number: -rows[number].strength):
        row = rows[number]
        line = (row.sign, row.origin)
        if line in led:
            continue
        led.add(line)
        if line in in_full:
            rank[number] = 1
        else:
            shared[row.sign] += 1
            rank[number] = shared[row.sign]
    return rank


def _tally(base: float, rows: Sequence[Spoken], weight: Sequence[float], side: Sequence[int]) -> ClaimTally:
    support, opposition = _both_sides(weight)
    log_odds = base + (support - opposition)
    mentions = [number for number, row in enumerate(rows) if not row.takes_side]
    if mentions:
        weight = [each if row.takes_side else 0.0 for row, each in zip(rows, weight, strict=True)]
        support, opposition = _both_sides(weight)
    active = [row for row, each in zip(rows, side, strict=True) if each]
    backing = [row for row in active if row.sign > 0]
    known = {row.origin for row in rows if row.independent and row.sign > 0}
    return ClaimTally(
        log_odds=log_odds,
        support=support,
        opposition=opposition,
        largest=max(map(abs, weight), default=0.0),
        supporting_lines=len(backing),
        opposing_lines=len(active) - len(backing),
        lines=len({row.origin for row in active}),
        channels=len({row.origin if row.channel is None else row.channel for row in backing}),
        independent_lines=sum(row.origin in known for row in backing),
        good=any(row.good for row in active),
        first_hand=any(row.first_hand for row in backing),
        official_record=any(row.official_record for row in backing),
    )


def _both_sides(weight: Sequence[float]) -> tuple[float, float]:
    """What the rows of a claim weigh for it and against it (nats, >= 0)."""
    units = [round(each * GRID) for each in weight]
    return sum(x for x in units if x > 0) / GRID, -sum(x for x in units if x < 0) / GRID
