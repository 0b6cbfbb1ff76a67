"""Measures: how well likelihoods and calls agree with what turned out to be true.

A measure that the claims at hand do not define (no claims, one truth only) is None, never a
number that only looks like one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from claims.policy import Calls

    Floats = NDArray[np.float64]

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
    p, y = _arrays(likelihoods, truths)
    if not len(y):
        return None
    return float(np.mean(np.where(p == 0.5, 0.5, (p > 0.5) == (y > 0.5))))


def auc(likelihoods: Sequence[float], truths: Sequence[bool]) -> float | None:
    """The chance that a true claim is held likelier than a false one, ties counting half: the area
    under the ROC curve, as the Mann-Whitney statistic (Hanley and McNeil 1982). None unless there
    are claims of both truths."""
    p, y = _arrays(likelihoods, truths)
    true, false = p[y > 0.5], np.sort(p[y <= 0.5])
    if not len(true) or not len(false):
        return None
    below = np.searchsorted(false, true, side="left")
    up_to = np.searchsorted(false, true, side="right")
    return float((below + up_to).sum() / 2 / (len(true) * len(false)))


def brier(likelihoods: Sequence[float], truths: Sequence[bool]) -> float | None:
    """The mean squared error of the likelihoods (Brier 1950): 0 is perfect, .25 is one half always."""
    p, y = _arrays(likelihoods, truths)
    return float(np.mean((p - y) ** 2)) if len(y) else None


def log_loss(likelihoods: Sequence[float], truths: Sequence[bool]) -> float | None:
    """The mean of −ln of the likelihood given to what was true, in nats."""
    p, y = _arrays(likelihoods, truths)
    if not len(y):
        return None
    given = np.clip(np.where(y > 0.5, p, 1 - p), NEVER_SURE, 1 - NEVER_SURE)
    return float(-np.mean(np.log(given)))


def calibration(likelihoods: Sequence[float], truths: Sequence[bool], bins: int = BINS) -> tuple[Bin, ...]:
    """Claims by likelihood, in bins of equal width; a likelihood of exactly 1 is in the last."""
    p, y = _arrays(likelihoods, truths)
    place = np.minimum((p * bins).astype(np.int64), bins - 1)
    table = []
    for number in range(bins):
        inside = place == number
        n = int(inside.sum())
        mean, share = (float(p[inside].mean()), float(y[inside].mean())) if n else (None, None)
        table.append(Bin(number / bins, (number + 1) / bins, n, mean, share))
    return tuple(table)


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


def _arrays(likelihoods: Sequence[float], truths: Sequence[bool]) -> tuple[Floats, Floats]:
    p, y = np.asarray(likelihoods, dtype=np.float64), np.asarray(truths, dtype=np.float64)
    if p.shape != y.shape:
        raise ValueError(f"{len(p)} likelihoods for {len(y)} truths")
    return p, y
