"""Measures: how well likelihoods and calls agree with what turned out to be true.

A measure that the claims at hand do not define (no claims, one truth only) is None, never a
number that only looks like one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from math import fsum, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claims.policy import Calls

BINS = 5
"""Bins of equal width: with a hundred settled claims, more would hold a handful each."""

NEVER_SURE = 1e-6
"""Log loss takes no likelihood for nearer than this to 0 or 1: one sure error would cost everything."""

TRUE, FALSE, UNSETTLED = "true", "false", "unsettled"
CALLS = (TRUE, FALSE, UNSETTLED)
"""What can be said of a claim in one word, and what came of it."""


def call_of(likelihood: float, calls: Calls, *, denied: bool) -> str:
    """What a claim is called: true, false or unsettled, by the numbers of a policy. ``denied``:
    whether somebody denies or doubts it; a claim that nobody denies is seldom known to be false."""
    if likelihood >= calls.true:
        return TRUE
    return FALSE if denied and likelihood <= calls.false else UNSETTLED


@dataclass(frozen=True, slots=True)
class Bin:
    """The claims whose likelihood lies in ``[low, high)``: how many, how likely they were held to
    be on average, and the share of them that was true (both None where there are none)."""

    low: float
    high: float
    n: int
    likelihood: float | None
    true: float | None


@dataclass(frozen=True, slots=True)
class Measures:
    """How well likelihoods did on ``n`` settled claims; None where the claims do not define it."""

    n: int
    accuracy: float | None
    auc: float | None
    brier: float | None
    log_loss: float | None
    calibration_error: float | None
    bins: tuple[Bin, ...]


def measure(likelihoods: Sequence[float], truths: Sequence[bool], bins: int = BINS) -> Measures:
    """All measures of likelihoods (probabilities) against what was true, in the same order."""
    table = calibration(likelihoods, truths, bins)
    return Measures(
        n=len(truths),
        accuracy=accuracy(likelihoods, truths),
        auc=auc(likelihoods, truths),
        brier=brier(likelihoods, truths),
        log_loss=log_loss(likelihoods, truths),
        calibration_error=calibration_error(table),
        bins=table,
    )


def accuracy(likelihoods: Sequence[float], truths: Sequence[bool]) -> float | None:
    """The share of claims on the right side of one half; exactly one half is half right, as a coin
    would be."""
    return _mean(0.5 if p == 0.5 else (p > 0.5) == y for p, y in _pairs(likelihoods, truths))


def auc(likelihoods: Sequence[float], truths: Sequence[bool]) -> float | None:
    """The chance that a true claim is held likelier than a false one, ties counting half: the area
    under the ROC curve, as the Mann-Whitney statistic (Hanley and McNeil 1982). None unless there
    are claims of both truths."""
    pairs = _pairs(likelihoods, truths)
    true, false = [p for p, y in pairs if y], sorted(p for p, y in pairs if not y)
    if not true or not false:
        return None
    in_order = sum(bisect_left(false, p) + bisect_right(false, p) for p in true) / 2
    return in_order / (len(true) * len(false))


def brier(likelihoods: Sequence[float], truths: Sequence[bool]) -> float | None:
    """The mean squared error of the likelihoods (Brier 1950): 0 is perfect, .25 is one half always."""
    return _mean((p - y) ** 2 for p, y in _pairs(likelihoods, truths))


def log_loss(likelihoods: Sequence[float], truths: Sequence[bool]) -> float | None:
    """The mean of −ln of the likelihood given to what was true, in nats."""
    given = (p if y else 1 - p for p, y in _pairs(likelihoods, truths))
    return _mean(-log(min(max(p, NEVER_SURE), 1 - NEVER_SURE)) for p in given)


def calibration(likelihoods: Sequence[float], truths: Sequence[bool], bins: int = BINS) -> tuple[Bin, ...]:
    """Claims by likelihood, in bins of equal width; a likelihood of exactly 1 is in the last."""
    inside: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for p, y in _pairs(likelihoods, truths):
        inside[min(int(p * bins), bins - 1)].append((p, y))
    return tuple(
        Bin(n / bins, (n + 1) / bins, len(here), _mean(p for p, _ in here), _mean(y for _, y in here))
        for n, here in enumerate(inside)
    )


def calibration_error(table: Sequence[Bin]) -> float | None:
    """How far likelihoods are from the shares that turned out true, on average over the claims
    (expected calibration error). On few claims it is not 0 even for perfect likelihoods: some .05
    for a hundred claims in five bins."""
    total = sum(each.n for each in table)
    if not total:
        return None
    off = (
        each.n * abs(each.likelihood - each.true)
        for each in table
        if each.likelihood is not None and each.true is not None
    )
    return sum(off) / total


def confusion(called: Sequence[str], actual: Sequence[str]) -> dict[str, dict[str, int]]:
    """How often each actual class was called what: ``table[actual][called]``, all classes named."""
    counts = Counter(zip(actual, called, strict=True))
    return {one: {other: counts[one, other] for other in CALLS} for one in CALLS}


def macro_f(called: Sequence[str], actual: Sequence[str]) -> float | None:
    """The mean over classes of F1, the harmonic mean of precision and recall, each class counting
    alike however rare. Classes that no claim belongs to are left out; None without claims."""
    table = confusion(called, actual)
    scores = []
    for each in CALLS:
        hits = table[each][each]
        named = sum(table[other][each] for other in CALLS)
        there = sum(table[each].values())
        if there:
            scores.append(2 * hits / (named + there))
    return sum(scores) / len(scores) if scores else None


def _pairs(likelihoods: Sequence[float], truths: Sequence[bool]) -> list[tuple[float, bool]]:
    if len(likelihoods) != len(truths):
        raise ValueError(f"{len(likelihoods)} likelihoods for {len(truths)} truths")
    return list(zip(likelihoods, truths, strict=True))


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return fsum(found) / len(found) if found else None
