"""A claim's likelihood over time: a step line over its statuses; under it who said what of it, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.vocabulary import Withdrawal
from tracker.plots import drawing
from tracker.plots.claimlanes import draw_lanes, lanes_of
from tracker.plots.figure import DataTable, Figure
from tracker.plots.lettering import width
from tracker.plots.marks import (
    CUT,
    LEAST,
    SMALL,
    TIED,
    Room,
    keys,
    known_days,
    span_of,
    time_axis,
    when_words,
)
from tracker.report import words
from tracker.report.timescale import moment_of, scale_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from claims.model import Evidence
    from tracker.plots.drawing import Element, Point
    from tracker.plots.marks import Key
    from tracker.report.models import Dossiered, Step
    from tracker.report.timescale import TimeScale

WIDTH = 760.0
GUTTER = 200.0
"""Room on the left for the names of those who speak, unless the figure is narrow."""

GUTTER_PART = 0.32

TOP, HIGH = 24.0, 150.0
"""Where the field of likelihood begins, and how high it is."""

BECAUSE, BECAUSE_IN_TABLES = 120, 400
"""How many letters are told of the causes of a change: dozens of sources may have spoken on one day."""

_BY = {"published": "", "recorded": ", as it was recorded here"}

TOLD = 12
"""So many changes are told one by one in the description; of more, the first and the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """How a claim stood from one moment until another."""

    step: Step
    left: float
    right: float

    @property
    def y(self) -> float:
        return _height(self.step.likelihood)


def claim_chart(
    dossier: Dossiered,
    steps: Sequence[Step],
    *,
    clock: str = "published",
    others: Mapping[str, Evidence] | None = None,
    width: float = WIDTH,
) -> Figure:
    """The chart of a claim, from what ``show`` and ``history`` answer, both by the same clocks.

    ``clock`` is the one by which ``steps`` are told; ``others`` are pieces on other claims that steps
    name as their cause, by key. The width is in pixels.
    """
    others = others or {}
    known = [piece for piece in dossier.evidence if piece.counts_from <= dossier.standing.as_of]
    at = _moments(known, steps, clock)
    scale = _scale(dossier, known, steps, at, clock, width)
    levels = _levels(steps, scale)
    lanes = lanes_of(dossier, known, steps, others)
    bottom = TOP + HIGH
    drawn = [*_bands(levels), *_field(scale), *time_axis(scale, TOP, bottom)]
    guides = [[(level.left, level.y), (level.left, bottom)] for level in levels]
    if guides:
        drawn.append(drawing.path(guides, "guide"))
    drawn += _course(levels, scale) if levels else _unmoved(dossier, scale)
    drawn += _values(levels, scale)
    laid, end = draw_lanes(lanes, scale, at, clock, top=bottom + 26, right=width)
    drawn += laid
    explained, end = keys(_keys(known, lanes.tied, levels, clock), 8, width, end + 16)
    return Figure(
        name=f"plot-claim-{dossier.standing.key}-{clock}",
        kind="plot-claim",
        title=f"Likelihood over time{_BY[clock]}: {dossier.standing.claim.text}",
        description=_description(dossier, known, steps, others, clock),
        width=width,
        height=end + 4,
        elements=(*drawn, *explained),
        tables=_tables(dossier, known, steps, others, clock),
    )


# --- where things lie -----------------------------------------------------------------------------


def _moments(known: Sequence[Evidence], steps: Sequence[Step], clock: str) -> dict[str, float]:
    """When each piece of evidence is marked: when it began to count, or by the clock of recording when it
    was recorded, to the moment where the history tells that."""
    if clock == "published":
        return {piece.key: moment_of(piece.counts_from) for piece in known}
    told = {key: moment_of(step.at) for step in reversed(steps) for key in step.because}
    last_on = {step.at[:10]: moment_of(step.at) for step in steps}
    return {
        piece.key: told.get(
            piece.key, last_on.get(piece.recorded_on.isoformat(), moment_of(piece.recorded_on))
        )
        for piece in known
    }


def _scale(
    dossier: Dossiered,
    known: Sequence[Evidence],
    steps: Sequence[Step],
    at: Mapping[str, float],
    clock: str,
    width: float,
) -> TimeScale:
    moments = [moment_of(step.at) for step in steps] + list(at.values())
    if clock == "published":
        moments += [day for piece in known for day in known_days(piece)]
        moments = [moment for moment in moments if moment <= moment_of(dossier.standing.as_of)]
    moments.append(max([moment_of(dossier.standing.as_of), *moments]))
    return scale_of(moments, min(GUTTER, GUTTER_PART * width), width - 10, cut=CUT, least=LEAST)


def _height(likelihood: float) -> float:
    return TOP + (1 - likelihood) * HIGH


def _levels(steps: Sequence[Step], scale: TimeScale) -> list[_Level]:
    starts = [scale(moment_of(step.at)) for step in steps]
    ends = [*starts[1:], scale.right][: len(starts)]
    return [
        _Level(step=step, left=left, right=right)
        for step, left, right in zip(steps, starts, ends, strict=True)
    ]


# --- the field ------------------------------------------------------------------------------------


def _field(scale: TimeScale) -> Iterator[Element]:
    lines = [[(scale.left, _height(part)), (scale.right, _height(part))] for part in (0.25, 0.5, 0.75, 1)]
    yield drawing.path(lines, "grid")
    for part in (0, 0.5, 1):
        yield drawing.words(
            scale.left - 6, _height(part) + 4, f"{part:.0%}", "quiet", anchor="end", size=SMALL
        )
    yield drawing.words(8, TOP + 4, "likelihood", "quiet", size=SMALL)


def _bands(levels: Sequence[_Level]) -> Iterator[Element]:
    """The statuses behind the line, each with its name where that has room."""
    for status, left, right in _periods(levels):
        yield drawing.rect(left, TOP, right - left, HIGH, "band", status, title=status)
        yield drawing.path([[(left, TOP - 2), (right, TOP - 2)]], "strip", status)
        if width(status, bold=True) + 4 <= right - left:
            yield drawing.words(left + 1, TOP - 9, status, "strong")


def _periods(levels: Sequence[_Level]) -> list[tuple[str, float, float]]:
    """Each status with the place where it begins and ends; none that nobody could see."""
    found: list[tuple[str, float, float]] = []
    for level in levels:
        if found and found[-1][0] == level.step.status:
            found[-1] = (found[-1][0], found[-1][1], level.right)
        else:
            found.append((str(level.step.status), level.left, level.right))
    return [(status, left, right) for status, left, right in found if right - left >= 0.5]


def _course(levels: Sequence[_Level], scale: TimeScale) -> Iterator[Element]:
    """The line of likelihood: whole, and dotted where time is cut out."""
    whole: list[list[Point]] = [[]]
    dotted: list[list[Point]] = []
    for level in levels:
        at = level.left
        whole[-1].append((at, level.y))
        for left, right in scale.cuts:
            begin, end = max(left, at), min(right, level.right)
            if begin < end:
                whole[-1].append((begin, level.y))
                dotted.append([(begin, level.y), (end, level.y)])
                whole.append([(end, level.y)])
                at = end
        whole[-1].append((level.right, level.y))
    yield drawing.path([points for points in whole if points], "course")
    if dotted:
        yield drawing.path(dotted, "course", "cut")
    for level in levels:
        yield drawing.dot(
            level.left, level.y, 3, "ink", title=f"{level.step.at[:10]}: {words.step_words(level.step)}"
        )


def _unmoved(dossier: Dossiered, scale: TimeScale) -> Iterator[Element]:
    """What is drawn of a claim that no evidence has moved: what it would be without any."""
    standing = dossier.standing
    y = _height(standing.likelihood)
    yield drawing.path([[(scale.left, y), (scale.right, y)]], "course", "supposed")
    told = f"{standing.status}: no evidence has moved it yet ({words.percent(standing.likelihood)})"
    yield drawing.words(scale.left + 8, y - 8 if y > TOP + 30 else y + 18, told, "strong", "halo")


def _values(levels: Sequence[_Level], scale: TimeScale) -> Iterator[Element]:
    """The likelihoods beside the line, the last first, as far as there is room for them."""
    room = Room()
    for level in [*levels[-1:], *levels[:-1]]:
        text = words.percent(level.step.likelihood)
        left = min(level.left + 5, scale.right - width(text, bold=True) - 4)
        heights = [y for y in (level.y - 6, level.y + 15) if TOP + 10 <= y <= TOP + HIGH - 3]
        place = room.put(text, [(left, y) for y in heights], bold=True)
        if place is not None:
            yield drawing.words(*place, text, "strong", "halo")


# --- in words -------------------------------------------------------------------------------------


def _keys(known: Sequence[Evidence], tied: bool, levels: Sequence[_Level], clock: str) -> Iterator[Key]:
    for stance in dict.fromkeys(piece.stance for piece in known):
        yield stance, str(stance)
    if tied:
        yield TIED, "said of a claim tied to it"
    if known:
        yield "bracket", "one line of evidence"
    if clock == "published":
        spans = [span_of(piece.published) for piece in known]
        if any(None not in (span.first, span.last) and span.first != span.last for span in spans):
            yield "span", "some day in this time"
        if any(None in (span.first, span.last) for span in spans):
            yield "open", "date unknown, or open at one end"
    if any(piece.withdrawn is not None for piece in known):
        yield "strike", "taken back"
    named = {
        status for status, left, right in _periods(levels) if width(status, bold=True) + 4 <= right - left
    }
    for status in dict.fromkeys(str(level.step.status) for level in levels):
        if status not in named:
            yield f"band {status}", status


def _description(
    dossier: Dossiered,
    known: Sequence[Evidence],
    steps: Sequence[Step],
    others: Mapping[str, Evidence],
    clock: str,
) -> str:
    standing = dossier.standing
    by = (
        "by what had been published on each day" if clock == "published" else "by what had been recorded here"
    )
    told = [f"A step line of how likely the claim is, {by}, as of {standing.as_of}."]
    if not steps:
        told.append(
            f"No evidence has moved it yet: it is {standing.status} ({words.percent(standing.likelihood)})."
        )
    pieces = {piece.key: piece for piece in known} | dict(others)
    shown = steps if len(steps) <= TOLD else [*steps[: TOLD // 2], *steps[-TOLD // 2 :]]
    for number, step in enumerate(shown):
        if number == TOLD // 2 and len(steps) > TOLD:
            told.append(f"Then {len(steps) - TOLD} more changes, which the table has.")
        because = shortened(words.because_words(step, pieces, standing.key), BECAUSE)
        told.append(f"{words.moment_words(step.at)}: {words.step_words(step)}, because {because}.")
    lines = len({dossier.lines.get(piece.key, piece.key) for piece in known})
    told.append(
        f"{words.count(len(known), 'piece')} of evidence in {words.count(lines, 'line')}.".capitalize()
    )
    return " ".join(told)


def shortened(text: str, most: int) -> str:
    """A text of so many letters at most."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _tables(
    dossier: Dossiered,
    known: Sequence[Evidence],
    steps: Sequence[Step],
    others: Mapping[str, Evidence],
    clock: str,
) -> tuple[DataTable, ...]:
    pieces = {piece.key: piece for piece in known} | dict(others)
    changes = DataTable(
        caption=f"How it changed, by the days on which evidence was {clock}",
        columns=("When", "Status", "Likelihood", "Because"),
        rows=tuple(
            (
                words.moment_words(step.at),
                str(step.status),
                words.percent(step.likelihood),
                shortened(words.because_words(step, pieces, dossier.standing.key), BECAUSE_IN_TABLES),
            )
            for step in steps
        ),
    )
    evidence = DataTable(
        caption="The evidence",
        columns=("Stance", "Source", "Published", "Counts from", "Recorded", "Line", "Withdrawn"),
        rows=tuple(_row(dossier, piece) for piece in known),
    )
    return changes, evidence


def _row(dossier: Dossiered, piece: Evidence) -> tuple[str, ...]:
    source = dossier.sources.get(piece.source)
    gone = "our own mistake" if piece.withdrawn is Withdrawal.MISTAKE else str(piece.withdrawn_on or "yes")
    return (
        str(piece.stance),
        source.name if source is not None else piece.source,
        when_words(piece).removeprefix("published "),
        piece.counts_from.isoformat(),
        piece.recorded_on.isoformat(),
        dossier.lines.get(piece.key, ""),
        gone if piece.withdrawn is not None else "",
    )
