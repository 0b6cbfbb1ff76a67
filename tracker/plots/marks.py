"""What figures share: a shape for each stance, spans of uncertain days, lines of time, and keys to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from claims.vocabulary import Stance, Withdrawal
from tracker.plots import drawing
from tracker.plots.lettering import SIZE, width
from tracker.report.timescale import day_words, ticks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claims.dates import UncertainDate
    from claims.model import Evidence
    from tracker.plots.drawing import Element, Point
    from tracker.report.timescale import TimeScale

RADIUS = 5.0
CUT = 44.0
"""How wide a cut in time is drawn."""

LEAST = 88.0
"""How wide a stretch of time is at least: its day can be written under it."""

TICKS_APART = 76.0
SMALL = 11
KEY_ROW = 18.0
TIED = "tied"
"""The mark of what was said of another claim."""


def mark(x: float, y: float, shape: str, *classes: str, title: str = "", radius: float = RADIUS) -> Element:
    """The mark of a stance at a point: each has a shape of its own."""
    if shape == Stance.MENTIONS:
        return drawing.dot(x, y, radius - 0.5, shape, "mark", *classes, title=title)
    return drawing.path([_outline(x, y, shape, radius)], shape, "mark", *classes, closed=True, title=title)


def _outline(x: float, y: float, shape: str, r: float) -> list[Point]:
    if shape == Stance.SUPPORTS:
        return [(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)]
    if shape == Stance.DENIES:
        return [(x, y + r), (x + r, y - r * 0.8), (x - r, y - r * 0.8)]
    if shape == Stance.DOUBTS:
        return [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    return [
        (x - r * 0.8, y - r * 0.8),
        (x + r * 0.8, y - r * 0.8),
        (x + r * 0.8, y + r * 0.8),
        (x - r * 0.8, y + r * 0.8),
    ]


def strike(x: float, y: float, title: str = "") -> Element:
    """A cross: taken back."""
    r = RADIUS + 1
    return drawing.path(
        [[(x - r, y - r), (x + r, y + r)], [(x - r, y + r), (x + r, y - r)]], "strike", title=title
    )


class Shelf:
    """Puts marks on a line on the lowest shelf on which there is room, from left to right."""

    def __init__(self, apart: float) -> None:
        self._apart = apart
        self._ends: list[float] = []

    def put(self, x: float) -> int:
        """The number of the shelf for a mark at a place."""
        for number, end in enumerate(self._ends):
            if end + self._apart <= x:
                self._ends[number] = x
                return number
        self._ends.append(x)
        return len(self._ends) - 1


APART = 2.0
"""So much room words want on either side."""


class Room:
    """Where words can still be put, without lying over others."""

    def __init__(self) -> None:
        self._taken: list[tuple[float, float, float, float]] = []

    def take(self, left: float, right: float, top: float, bottom: float) -> None:
        """Put something there, whatever is there already."""
        self._taken.append((left, right, top, bottom))

    def put(
        self, text: str, places: Iterable[Point], size: float = SIZE, *, bold: bool = False
    ) -> Point | None:
        """The first of some places at which a text can begin, which is then taken; None if all are taken."""
        wide = width(text, size, bold=bold)
        for x, y in places:
            left, right, top, bottom = x - APART, x + wide + APART, y - size * 0.8, y + size * 0.2
            if all(right < a or left > b or bottom < c or top > d for a, b, c, d in self._taken):
                self.take(left, right, top, bottom)
                return x, y
        return None


# --- when -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when something may have been; None where that end is open."""

    first: date | None
    last: date | None

    @property
    def ends(self) -> tuple[date, ...]:
        """The ends that are known."""
        return tuple(end for end in (self.first, self.last) if end is not None)


def span_of(when: UncertainDate | None) -> Span:
    """The days that a date may mean; of none, any."""
    return Span(None, None) if when is None else Span(when.earliest, when.latest)


def span_line(
    scale: TimeScale, span: Span, y: float, *classes: str, open_to: float | None = None
) -> list[Element]:
    """The line of the days that something may have been on; none for a single day. An open end goes to the
    end of the scale, or to ``open_to``, and is dashed."""
    first, last = span.first, span.last
    if first is not None and first == last:
        return []
    left = scale(first.toordinal()) if first is not None else scale.left
    right = scale(last.toordinal()) if last is not None else scale.right if open_to is None else open_to
    if right - left < 0.5:
        return []
    dashed = ("open",) if first is None or last is None else ()
    return [drawing.path([[(left, y), (right, y)]], "span", *dashed, *classes)]


def known_days(piece: Evidence) -> list[float]:
    """The days by which a scale must be wide enough for a piece of evidence."""
    days = [piece.counts_from, *span_of(piece.published).ends]
    if piece.withdrawn_on is not None:
        days.append(piece.withdrawn_on)
    return [float(day.toordinal()) for day in days]


def when_words(piece: Evidence) -> str:
    """When a piece was published, for people."""
    if piece.published is None:
        return f"of unknown date, logged {day_words(piece.recorded_on)}"
    return f"published {piece.published.describe()}"


def piece_title(piece: Evidence, who: str, line: str = "") -> str:
    """A piece of evidence in words: who, how, when, by which line, in which words, and what became of it."""
    told = [f"{who} {piece.stance}", when_words(piece)]
    if line:
        told.append(f"line {line}")
    if piece.withdrawn is Withdrawal.BY_SOURCE:
        told.append(f"taken back {day_words(piece.withdrawn_on)}" if piece.withdrawn_on else "taken back")
    elif piece.withdrawn is Withdrawal.MISTAKE:
        told.append("withdrawn as our own mistake")
    if piece.quote:
        told.append(f"“{piece.quote[:200]}{'…' if len(piece.quote) > 200 else ''}”")
    return "; ".join(told)


MERGED = 6.0
"""Marks of one stance that lie nearer to each other than so many pixels are one, where there are many."""


def merged(placed: Iterable[tuple[float, Evidence]]) -> list[tuple[float, list[Evidence]]]:
    """Pieces by where they lie and their stance; each group lies where its first piece does."""
    groups: list[tuple[float, list[Evidence]]] = []
    newest: dict[Stance, tuple[float, list[Evidence]]] = {}
    for x, piece in placed:
        group = newest.get(piece.stance)
        if (
            group is None
            or x - group[0] > MERGED
            or (piece.withdrawn is None) != (group[1][0].withdrawn is None)
        ):
            group = newest[piece.stance] = (x, [])
            groups.append(group)
        group[1].append(piece)
    return groups


def group_title(titles: Sequence[str]) -> str:
    """What a mark for several pieces says: the first of them, and how many more there are."""
    more = f" · and {len(titles) - 3} more" if len(titles) > 3 else ""
    return " · ".join(titles[:3]) + more


# --- the line of time -----------------------------------------------------------------------------


def time_axis(scale: TimeScale, top: float, y: float) -> list[Element]:
    """The line of time at a height, its ticks as lines from ``top`` on, its names below, and its cuts."""
    placed: list[tuple[float, float]] = []
    labels, lines = [], []
    for (left, right), (a, b) in zip(scale.cuts, _cut_times(scale), strict=True):
        middle = (left + right) / 2
        placed.append((left + 2, right - 2))
        labels.append(drawing.words(middle, y + 16, _long(b - a), "quiet", anchor="middle", size=10))
    for tick in ticks_of(scale, TICKS_APART):
        half = width(tick.label, SMALL) / 2 + 3
        centre = min(max(tick.at, scale.left + half - 8), scale.right - half + 8)
        lines.append([(tick.at, top), (tick.at, y + 4)])
        if any(centre - half < right and left < centre + half for left, right in placed):
            continue
        placed.append((centre - half, centre + half))
        labels.append(drawing.words(centre, y + 16, tick.label, "quiet", anchor="middle", size=SMALL))
    drawn = [drawing.path(lines, "grid")] if lines else []
    drawn += [drawing.path([[(scale.left, y), (scale.right, y)]], "axis"), *labels]
    for (left, right), (a, b) in zip(scale.cuts, _cut_times(scale), strict=True):
        middle = (left + right) / 2
        strokes = [[(middle - 6 + at, y + 5), (middle + at, y - 5)] for at in (0, 6)]
        drawn.append(drawing.path(strokes, "axis", title=f"left out: {_long(b - a)}"))
    return drawn


def _cut_times(scale: TimeScale) -> list[tuple[float, float]]:
    return [(a.last, b.first) for a, b in zip(scale.stretches, scale.stretches[1:], strict=False)]


def _long(days: float) -> str:
    """How long a time is, roughly."""
    for unit, size in (("years", 365.25), ("months", 30.4), ("weeks", 7.0)):
        if days >= 1.5 * size:
            return f"{days / size:.0f} {unit}"
    return f"{days:.0f} days"


# --- keys -----------------------------------------------------------------------------------------

Key = tuple[str, str]
"""The shape or class that a key explains, and the words for it."""


def keys(found: Iterable[Key], left: float, right: float, y: float) -> tuple[list[Element], float]:
    """What the marks of a figure mean, in rows between two places, and the height at which they end."""
    drawn: list[Element] = []
    x, row = left, y
    for shape, meaning in found:
        wide = 18 + width(meaning, SMALL) + 16
        if x + wide > right and x > left:
            x, row = left, row + KEY_ROW
        drawn += [*_sample(x + 7, row, shape), drawing.words(x + 18, row + 4, meaning, "quiet", size=SMALL)]
        x += wide
    return drawn, row + KEY_ROW / 2


def _sample(x: float, y: float, shape: str) -> Sequence[Element]:
    """What stands beside the words of a key."""
    across, down = [[(x - 7, y), (x + 7, y)]], [[(x, y - 7), (x, y + 7)]]
    lines = {
        "span": (across, ("span", Stance.SUPPORTS)),
        "open": (across, ("span", "open", Stance.SUPPORTS)),
        "bracket": (down, ("bracket",)),
        "when": (across, ("when",)),
        "open-count": (across, ("tally", "open", "stands")),
        "span-count": (across, ("span", "stands")),
        "course": (across, ("course",)),
        "course cut": (across, ("course", "cut")),
    }
    if shape in lines:
        points, classes = lines[shape]
        return [drawing.path(points, *classes)]
    if shape in {"stands", "fallen"}:
        return [drawing.path(down, "tally", shape), drawing.dot(x, y, 4, "mark", shape)]
    if shape.startswith("band "):
        status = shape.removeprefix("band ")
        strip = drawing.path([[(x - 7, y - 5), (x + 7, y - 5)]], "strip", status)
        return [drawing.rect(x - 7, y - 5, 14, 11, "band", status), strip]
    return [_sample_mark(x, y, shape)]


def _sample_mark(x: float, y: float, shape: str) -> Element:
    if shape == "strike":
        return strike(x, y)
    if shape == "area":
        return drawing.rect(x - 7, y - 5, 14, 10, "area")
    if shape == "death":
        return drawing.rect(x - 6, y - 6, 12, 12, "ink")
    if shape == "alive":
        return drawing.dot(x, y, 6, "alive")
    return mark(x, y, shape)
