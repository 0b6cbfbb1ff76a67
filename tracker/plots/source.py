"""A source's record: how often it turned out right, as that grew, and how often it should have been."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING

from tracker.plots import drawing
from tracker.plots.figure import DataTable, Figure
from tracker.plots.marks import CUT, LEAST, SMALL, time_axis
from tracker.plots.numbers import round_steps
from tracker.report import words
from tracker.report.timescale import moment_of, scale_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claims.measure import Bin
    from claims.resolve.records import Outcome
    from tracker.plots.drawing import Element, Point
    from tracker.report.pictures import Calibrated
    from tracker.report.timescale import TimeScale

WIDTH = 760.0
TOP, HIGH = 30.0, 200.0
LEFT = 46.0
SQUARE = 200.0
"""The side of the field of calibration."""

NARROW = 300.0
"""With less room for the record beside it, the calibration is drawn below it."""

SURE = 1.96
"""Standard errors to either side within which the truth lies in 19 cases of 20."""


def calibration(it: Calibrated, *, width: float = WIDTH) -> Figure:
    """The record of a source: on the left how its right and wrong words added up, on the right how often
    it was right against how often the policy expected it to be, in bins with the number of cases."""
    cases = sorted(it.record.outcomes, key=lambda each: (each.since, each.evidence))
    drawn: list[Element] = []
    beside = width - SQUARE - 82
    stacked = beside < NARROW
    down = TOP + HIGH + 60 if stacked and it.expected else 0.0
    if cases:
        drawn += _record(it, cases, width if stacked else beside)
    else:
        drawn.append(drawing.words(8, TOP + 20, "Nothing that it said has been settled yet.", "strong"))
    if it.expected:
        drawn += _calibration(it.bins, LEFT if stacked else width - SQUARE - 20, TOP + down)
    elif cases:
        told = "This policy expects nothing of a source."
        drawn.append(drawing.words(LEFT + 8, TOP + 16, told, "quiet", size=SMALL))
    return Figure(
        name=f"plot-source-{it.record.source.key}",
        kind="plot-source",
        title=f"{it.record.source.name}: {_right_of(cases)}",
        description=_description(it, cases),
        width=width,
        height=down + TOP + HIGH + 44 if cases else 80,
        elements=tuple(drawn),
        tables=_tables(it, cases),
    )


# --- how it added up ------------------------------------------------------------------------------


def _record(it: Calibrated, cases: Sequence[Outcome], right: float) -> Iterator[Element]:
    scale = scale_of(
        [moment_of(each.since) for each in cases] + [moment_of(it.record.as_of)],
        LEFT,
        right - 62,
        cut=CUT,
        least=LEAST,
    )
    counts = Counter(each.right for each in cases)
    most = max(counts.values())
    steps = round_steps(0, most, 4, whole=True)
    top = max(most, steps[-1])

    def height(number: float) -> float:
        return TOP + HIGH * (1 - number / top)

    yield drawing.words(LEFT, TOP - 14, "words that turned out right or wrong", "quiet", size=SMALL)
    yield drawing.path([[(scale.left, height(step)), (scale.right, height(step))] for step in steps], "grid")
    for step in steps:
        yield drawing.words(LEFT - 6, height(step) + 4, f"{step:g}", "quiet", anchor="end", size=SMALL)
    yield from time_axis(scale, TOP, TOP + HIGH)
    ends = {}
    for is_right in (True, False):
        points = _added_up([each for each in cases if each.right is is_right], scale, height)
        shape = "supports" if is_right else "denies"
        yield drawing.path([points], "tally", shape)
        ends[is_right] = points[-1][1]
    if abs(ends[True] - ends[False]) < 14:
        middle = (ends[True] + ends[False]) / 2
        ahead = counts[True] >= counts[False]
        ends = {ahead: middle - 7, not ahead: middle + 7}
    for is_right, y in ends.items():
        told = f"{'▲ right' if is_right else '▼ wrong'} {counts[is_right]}"
        yield drawing.words(scale.right + 6, y + 4, told, "strong", size=SMALL)


def _added_up(cases: Sequence[Outcome], scale: TimeScale, height: object) -> list[Point]:
    """How a number of cases grew, as a step line."""
    assert callable(height)
    points: list[Point] = [(scale.left, height(0))]
    days = Counter(each.since for each in cases)
    total = 0
    for day in sorted(days):
        x = scale(moment_of(day))
        points.append((x, height(total)))
        total += days[day]
        points.append((x, height(total)))
    return [*points, (scale.right, height(total))]


# --- against what was expected --------------------------------------------------------------------


def _calibration(bins: Sequence[Bin], left: float, top: float) -> Iterator[Element]:
    def at(part: float) -> float:
        return left + part * SQUARE

    def height(part: float) -> float:
        return top + (1 - part) * SQUARE

    yield drawing.words(left, top - 14, "right as often as expected?", "quiet", size=SMALL)
    edges = [each.low for each in bins] + [1.0]
    lines = [[(at(edge), height(0)), (at(edge), height(1))] for edge in edges]
    lines += [[(at(0), height(part)), (at(1), height(part))] for part in (0, 0.25, 0.5, 0.75, 1)]
    yield drawing.path(lines, "grid")
    yield drawing.path([[(at(0), height(0)), (at(1), height(1))]], "guide")
    for part in (0, 0.5, 1):
        yield drawing.words(at(0) - 6, height(part) + 4, f"{part:.0%}", "quiet", anchor="end", size=SMALL)
        yield drawing.words(at(part), height(0) + 16, f"{part:.0%}", "quiet", anchor="middle", size=SMALL)
    yield drawing.words(at(0.5), height(0) + 32, "expected", "quiet", anchor="middle", size=SMALL)
    for each in bins:
        if each.likelihood is None or each.true is None:
            continue
        x, y = at(each.likelihood), height(each.true)
        low, high = interval(each.true, each.n)
        title = f"{_bin_words(each)}: right in {each.true:.0%} of {words.count(each.n, 'case')}"
        yield drawing.path([[(x, height(low)), (x, height(high))]], "tally", "supports")
        yield drawing.dot(x, y, min(3 + sqrt(each.n), 11), "supports", "mark", title=title)
    for each in bins:
        if each.n:
            middle = at((each.low + each.high) / 2)
            yield drawing.words(middle, height(0) - 6, f"n={each.n}", "halo", anchor="middle", size=SMALL)


def interval(share: float, n: int) -> tuple[float, float]:
    """Between which bounds the true share lies in 19 cases of 20, given one of ``n`` cases (Wilson 1927)."""
    square = SURE**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = SURE / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(middle - half, 0.0), min(middle + half, 1.0)


# --- in words -------------------------------------------------------------------------------------


def _right_of(cases: Sequence[Outcome]) -> str:
    if not cases:
        return "no record yet"
    return f"right in {sum(each.right for each in cases)} of {words.count(len(cases), 'settled case')}"


def _bin_words(each: Bin) -> str:
    return f"expected right in {each.low:.0%} to {each.high:.0%}"


def _description(it: Calibrated, cases: Sequence[Outcome]) -> str:
    told = [f"As of {it.record.as_of}: {_right_of(cases)}."]
    for sign, did in ((1, "supported"), (-1, "denied or doubted")):
        some = [each for each in cases if each.sign == sign]
        if some:
            right = sum(each.right for each in some)
            told.append(f"When it {did}: right in {right} of {len(some)}.")
    told += [
        f"{_bin_words(each).capitalize()}: was right in {each.true:.0%} ({each.n})."
        for each in it.bins
        if each.true is not None
    ]
    grade = it.record.source.reliability
    told.append(f"Its grade is {grade}." if grade is not None else "It has no grade.")
    return " ".join(told)


def _tables(it: Calibrated, cases: Sequence[Outcome]) -> tuple[DataTable, ...]:
    bins = DataTable(
        caption="Expected and found",
        columns=("Expected right", "Cases", "On average", "Was right"),
        rows=tuple(
            (
                f"{each.low:.0%} to {each.high:.0%}",
                str(each.n),
                "" if each.likelihood is None else f"{each.likelihood:.0%}",
                "" if each.true is None else f"{each.true:.0%}",
            )
            for each in it.bins
        ),
    )
    settled = DataTable(
        caption="Settled cases",
        columns=("Since", "Claim", "It", "Turned out"),
        rows=tuple(
            (
                each.since.isoformat(),
                each.claim,
                "supported" if each.sign > 0 else "denied or doubted",
                "right" if each.right else "wrong",
            )
            for each in cases
        ),
    )
    return (bins, settled) if it.bins else (settled,)
