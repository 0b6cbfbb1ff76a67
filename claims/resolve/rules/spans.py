"""Days: between which of them something happened, and how likely one thing came after another."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from claims.model import Claim

    Span = tuple[date | None, date | None]


def span_of(claim: Claim, reported: date | None) -> Span:
    """The first and the last day on which it can have happened: not after it was ``reported``."""
    low, latest = (None, None) if claim.when is None else (claim.when.earliest, claim.when.latest)
    high = min((day for day in (latest, reported) if day is not None), default=None)
    # Who reports a thing before its date has erred somewhere; the report bounds it all the same.
    return (low if low is None or high is None else min(low, high)), high


def chance_of_later(later: Claim, earlier: Claim, reported: date | None) -> float:
    """How likely it is that one thing came after another, from 0 to 1.

    Certain where its date was given as after that very claim; else the share of pairs of days in
    the two ranges that are in that order. The earlier one happened by the first day on which
    anybody ``reported`` it.
    """
    if later.when is None:
        return 0.0
    if earlier.key in later.when.after:
        return 1.0
    low, high = span_of(earlier, reported)
    if high is None or later.when.latest is None:
        return 0.0
    return share_later(
        _ordinals(later.when.earliest or later.when.latest, later.when.latest),
        _ordinals(low or high, high),
    )


def price_if_later(chance: float, strength: float) -> float:
    """What it costs in nats to hold both, where one came after the other by some chance: both
    stand if in truth it was the earlier of the two."""
    return -log((1 - chance) + chance * exp(-strength))


def _ordinals(first: date, last: date) -> tuple[int, int]:
    return first.toordinal(), last.toordinal()


def share_later(later: tuple[int, int], earlier: tuple[int, int]) -> float:
    """The chance that a day drawn from the first range comes after one drawn from the second; ranges are
    first and last day, as ordinals."""
    a, b = later
    c, d = earlier
    pairs = (b - a + 1) * (d - c + 1)
    # Every day after the second range is later than all of it, every day within than those before.
    ordered = max(b - max(a, d + 1) + 1, 0) * (d - c + 1)
    low, high = max(a, c + 1), min(b, d)
    if low <= high:
        ordered += (low - c + high - c) * (high - low + 1) // 2
    return ordered / pairs


def when_words(claim: Claim) -> str:
    """When a claim says it happened, in its own words."""
    return claim.when.words if claim.when is not None else "on an unknown date"
