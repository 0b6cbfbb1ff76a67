"""The lanes under a claim's chart: each piece of evidence on a row of its own, those of one line together; of
very many, a row for each line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.vocabulary import Withdrawal
from tracker.plots import drawing
from tracker.plots.lettering import fitted
from tracker.plots.marks import (
    RADIUS,
    TIED,
    group_title,
    mark,
    merged,
    piece_title,
    span_line,
    span_of,
    strike,
)
from tracker.report.timescale import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from claims.model import Evidence
    from tracker.plots.drawing import Element
    from tracker.report.models import Dossiered, Step
    from tracker.report.timescale import TimeScale

ROW = 19.0
TIGHT = 11.5
"""How far apart marks are that are stacked in one lane."""

ONE_BY_ONE = 18
"""Up to so many pieces have a row each."""

MOST_LANES = 24
STACKED = 6
"""So many marks stand one over the other before they go on beside."""

OTHERS = 4
"""Up to so many other claims have a row each."""

DRAWN_EACH = 300
"""Of more pieces, those that are alike and near to each other share a mark."""

LEFT = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is marked in a lane: its shape, what it is in words, and its piece of evidence or its moment."""

    shape: str
    title: str
    piece: Evidence | None = None
    moment: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A row: who speaks in it, the name of the line that it is part of, and its marks."""

    who: str
    line: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """All rows; ``tied``: whether other claims are among them."""

    rows: tuple[Lane, ...]
    tied: bool


def lanes_of(
    dossier: Dossiered, known: Sequence[Evidence], steps: Sequence[Step], others: Mapping[str, Evidence]
) -> Lanes:
    """The rows for the evidence on a claim, and for what was said of others and moved it."""
    lines: dict[str, list[Evidence]] = defaultdict(list)
    for piece in known:
        lines[dossier.lines.get(piece.key) or piece.source].append(piece)
    rows: list[Lane] = []
    for line, pieces in lines.items():
        if len(known) <= ONE_BY_ONE:
            rows += [_lane(dossier, line, [piece]) for piece in pieces]
        else:
            rows.append(_lane(dossier, line, pieces))
    if len(rows) > MOST_LANES:
        rest = [marked for lane in rows[MOST_LANES - 1 :] for marked in lane.marks]
        more = len(rows) - MOST_LANES + 1
        rows = [*rows[: MOST_LANES - 1], Lane(who=f"{more} more lines", line="", marks=tuple(rest))]
    tied = _tied(dossier, steps, others)
    return Lanes((*rows, *tied), bool(tied))


def _lane(dossier: Dossiered, line: str, pieces: Sequence[Evidence]) -> Lane:
    names = dict.fromkeys(_name(dossier, piece.source) for piece in pieces)
    first, *rest = names
    marks = tuple(
        Mark(
            shape=piece.stance,
            title=f"{piece_title(piece, _name(dossier, piece.source), line)} [{piece.key}]",
            piece=piece,
        )
        for piece in pieces
    )
    return Lane(who=f"{first} +{len(rest)}" if rest else first, line=line, marks=marks)


def _name(dossier: Dossiered, source: str) -> str:
    known = dossier.sources.get(source)
    return known.name if known is not None else source


def _tied(dossier: Dossiered, steps: Sequence[Step], others: Mapping[str, Evidence]) -> list[Lane]:
    """A row for each other claim by which this one was moved; for more than a few, one for all."""
    own = {piece.key for piece in dossier.evidence} | {dossier.standing.key}
    told: dict[str, list[Mark]] = defaultdict(list)
    for step in steps:
        causes: dict[str, list[str]] = defaultdict(list)
        for key in step.because:
            if key not in own:
                piece = others.get(key)
                of = piece.claim if piece is not None else key.partition(".")[0]
                causes[of].append(f"{piece.source} {piece.stance} {of}" if piece is not None else key)
        for of, said in causes.items():
            more = f" and {len(said) - 4} more" if len(said) > 4 else ""
            title = f"{step.at[:10]}: {', '.join(said[:4])}{more}"
            told[of].append(Mark(shape=TIED, title=title, moment=moment_of(step.at)))
    if len(told) > OTHERS:
        return [Lane(who=f"{len(told)} tied claims", line="", marks=_by_day(told))]
    return [Lane(who=f"by {of}", line="", marks=tuple(marks)) for of, marks in told.items()]


def _by_day(told: Mapping[str, Sequence[Mark]]) -> tuple[Mark, ...]:
    """One mark for all that other claims did at one moment."""
    at: dict[float, list[str]] = defaultdict(list)
    for marks in told.values():
        for marked in marks:
            at[marked.moment].append(marked.title)
    return tuple(
        Mark(
            shape=TIED,
            title=f"{titles[0]}{f' and {len(titles) - 1} more' if titles[1:] else ''}",
            moment=moment,
        )
        for moment, titles in at.items()
    )


# --- drawing --------------------------------------------------------------------------------------


def draw_lanes(
    lanes: Lanes, scale: TimeScale, at: Mapping[str, float], clock: str, *, top: float, right: float
) -> tuple[list[Element], float]:
    """The rows under the field, from a height on, and the height at which they end."""
    drawn: list[Element] = []
    y, threads, brackets = top, [], []
    began = y
    crowded = sum(len(lane.marks) for lane in lanes.rows) > DRAWN_EACH
    for number, lane in enumerate(lanes.rows):
        marks = _shared(lane.marks, at, scale) if crowded else lane.marks
        placed, high = _stack([_moment(each, at) for each in marks], scale)
        middle = y + ROW / 2
        threads.append([(scale.left, middle), (right - 10, middle)])
        shown = fitted(lane.who, scale.left - LEFT - 18)
        whole = lane.who if shown != lane.who else ""
        drawn.append(drawing.words(LEFT + 8, middle + 4, shown, title=whole))
        for marked, (x, down) in zip(marks, placed, strict=True):
            drawn += _drawn(marked, x, middle + down, scale, clock)
        y += max(ROW, high + ROW - TIGHT)
        following = lanes.rows[number + 1] if number + 1 < len(lanes.rows) else None
        if lane.line and (following is None or following.line != lane.line):
            brackets.append(
                drawing.path([[(LEFT, began + 3), (LEFT, y - 3)]], "bracket", title=f"line {lane.line}")
            )
        if following is None or following.line != lane.line or not lane.line:
            began = y
    if threads:
        drawn.insert(0, drawing.path(threads, "thread"))
    return [*drawn, *brackets], y


def _moment(marked: Mark, at: Mapping[str, float]) -> float:
    return marked.moment if marked.piece is None else at[marked.piece.key]


def _shared(marks: Sequence[Mark], at: Mapping[str, float], scale: TimeScale) -> tuple[Mark, ...]:
    """The marks of a lane, those of one stance that lie close together as one."""
    titles = {marked.piece.key: marked.title for marked in marks if marked.piece is not None}
    pieces = sorted(
        ((scale(at[marked.piece.key]), marked.piece) for marked in marks if marked.piece is not None),
        key=lambda placed: placed[0],
    )
    shared = tuple(
        Mark(shape=some[0].stance, title=group_title([titles[piece.key] for piece in some]), piece=some[0])
        for _, some in merged(pieces)
    )
    return (*shared, *(marked for marked in marks if marked.piece is None))


def _stack(moments: Sequence[float], scale: TimeScale) -> tuple[list[tuple[float, float]], float]:
    """Where marks lie in a lane, none over another: below the one before, and where that is full, beside."""
    ends: list[float] = []
    placed: list[tuple[float, float]] = [(0.0, 0.0)] * len(moments)
    for number in sorted(range(len(moments)), key=lambda number: moments[number]):
        x = scale(moments[number])
        row = next((row for row, end in enumerate(ends) if end <= x), None)
        if row is None and len(ends) < STACKED:
            row = len(ends)
            ends.append(x)
        if row is None:
            row = min(range(len(ends)), key=lambda row: ends[row])
            x = ends[row]
        ends[row] = x + 2 * RADIUS + 1
        placed[number] = (x, row * TIGHT)
    return placed, max(len(ends), 1) * TIGHT


def _drawn(marked: Mark, x: float, y: float, scale: TimeScale, clock: str) -> Iterator[Element]:
    piece = marked.piece
    if piece is None:
        yield mark(x, y, marked.shape, title=marked.title, radius=RADIUS - 0.5)
        return
    if clock == "published":
        yield from span_line(scale, span_of(piece.published), y, marked.shape, open_to=x)
    if piece.withdrawn is Withdrawal.BY_SOURCE and piece.withdrawn_on is not None and clock == "published":
        end = max(scale(moment_of(piece.withdrawn_on)), x)
        yield drawing.path([[(x, y), (end, y)]], "guide")
        yield mark(x, y, marked.shape, title=marked.title)
        yield strike(end, y, title=marked.title)
        return
    gone = ("gone",) if piece.withdrawn is not None else ()
    yield mark(x, y, marked.shape, *gone, title=marked.title)
    if gone:
        yield strike(x, y, title=marked.title)
