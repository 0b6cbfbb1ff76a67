"""A scale of time: where on a line a moment lies, with long times in which nothing happened cut out.

Much of what is claimed is settled within weeks and then stands for years: on a plain line the weeks would be
a dot. So a time in which nothing happens, and that is much longer than all the rest, is cut to a short piece,
which is drawn as a cut. Moments are days since the first of January of the year 1, with fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

LONGER = 6.0
"""A time in which nothing happens is cut where it is so many times as long as all the rest."""

LONGER_AT_END = 2.0
"""The same of the time since the last thing happened: all of it looks alike."""

EDGE = 0.04
"""So much of what is shown is usually added before and behind each stretch of it."""

SHORTEST = 1.0
"""A stretch is at least a day."""

WEEK = 7.0
"""In the midst of others a time is cut out only where these take a week: days need not be seen apart."""

LAST_DAY = float(date.max.toordinal())


def moment_of(at: str | date) -> float:
    """A day, or a moment as the journal has it, as a number of days."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at) if len(at) > len("2018-12-31") else date.fromisoformat(at)
    if isinstance(at, datetime):
        since = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
        return at.toordinal() + since / timedelta(days=1)
    return float(at.toordinal())


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time that is drawn whole, from ``first`` to ``last``, between two places on the line; ``only`` is
    the moment for which alone it is there, None where there are several."""

    first: float
    last: float
    left: float
    right: float
    only: float | None = None

    def place(self, moment: float) -> float:
        """Where a moment within it lies."""
        part = (moment - self.first) / (self.last - self.first)
        return self.left + part * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Stretches of time one behind the other; between them lie the cuts."""

    stretches: tuple[Stretch, ...]

    def __call__(self, moment: float) -> float:
        """Where a moment lies; one in a cut lies in its middle, one outside at the end that is nearer."""
        before: Stretch | None = None
        for stretch in self.stretches:
            if moment < stretch.first:
                return stretch.left if before is None else (before.right + stretch.left) / 2
            if moment <= stretch.last:
                return stretch.place(moment)
            before = stretch
        return self.stretches[-1].right

    @property
    def left(self) -> float:
        """Where the line begins."""
        return self.stretches[0].left

    @property
    def right(self) -> float:
        """Where the line ends."""
        return self.stretches[-1].right

    @property
    def cuts(self) -> tuple[tuple[float, float], ...]:
        """From where to where the line is cut."""
        return tuple((a.right, b.left) for a, b in zip(self.stretches, self.stretches[1:], strict=False))


def scale_of(
    moments: Iterable[float], left: float, right: float, *, cut: float, least: float, edge: float = EDGE
) -> TimeScale:
    """The scale on which some moments, at least one, fill a line between two places; ``cut`` is how much
    of the line a cut takes, ``least`` how much each stretch gets, and ``edge`` how much of what is shown is
    added before and behind it."""
    found = sorted(set(moments))
    whole = _stretches(found)
    shown = sum(last - first for first, last in whole)
    before = max(edge * shown, SHORTEST / 2) if edge else 0.0
    behind = before or SHORTEST
    bounds = [(max(first - before, 1.0), min(last + behind, LAST_DAY + 1)) for first, last in whole]
    days = sum(last - first for first, last in bounds)
    room = right - left - cut * (len(bounds) - 1)
    widths = _widths([room * (last - first) / days for first, last in bounds], least, room)
    stretches, at = [], left
    for (first, last), (begin, end), width in zip(bounds, whole, widths, strict=True):
        stretches.append(Stretch(first, last, at, at + width, begin if begin == end else None))
        at += width + cut
    return TimeScale(tuple(stretches))


def _stretches(moments: Sequence[float]) -> list[tuple[float, float]]:
    """The first and last of moments between which nothing is cut out."""
    gaps = sorted(((b - a, at) for at, (a, b) in enumerate(pairwise(moments))), reverse=True)
    total, cuts = sum(gap for gap, _ in gaps), set()
    for gap, at in gaps[:3]:
        at_end = at == len(moments) - 2
        rest = total - gap
        longer, worth_it = (LONGER_AT_END, SHORTEST) if at_end else (LONGER, WEEK)
        if rest < worth_it or gap <= longer * rest:
            break
        cuts.add(at)
        total = rest
    starts = [0, *(at + 1 for at in sorted(cuts))]
    ends = [*sorted(cuts), len(moments) - 1]
    return [(moments[a], moments[b]) for a, b in zip(starts, ends, strict=True)]


def _widths(wanted: Sequence[float], least: float, room: float) -> list[float]:
    """Widths as wanted, but none below the least that there is room for; the others give way for it."""
    least = min(least, room / len(wanted))
    narrow = [width for width in wanted if width < least]
    wide = sum(wanted) - sum(narrow)
    left = room - least * len(narrow)
    return [least if width < least else max(width * left / wide, least) for width in wanted]


# --- ticks ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment that is named on the line: where it lies, and its name."""

    at: float
    label: str


def ticks_of(scale: TimeScale, apart: float) -> list[Tick]:
    """Round moments on a scale, about so far apart; those that matter most come first."""
    alone = [stretch for stretch in scale.stretches if stretch.only is not None]
    rest = [stretch for stretch in scale.stretches if stretch.only is None]
    return [tick for stretch in (*alone, *rest) for tick in _ticks(stretch, apart)]


def _ticks(stretch: Stretch, apart: float) -> list[Tick]:
    if stretch.only is not None:
        return [Tick(stretch.place(stretch.only), day_words(date.fromordinal(int(stretch.only))))]
    days = stretch.last - stretch.first
    most = max(int((stretch.right - stretch.left) / apart), 1)
    if days <= 3 * SHORTEST:
        return _day_ticks(stretch, 1, most)
    for step in (1, 2, 7, 14):
        if days / step <= most:
            return _day_ticks(stretch, step, most)
    for months in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12000):
        if days / (months * 30.4) <= most:
            found = _month_ticks(stretch, months)
            if found:
                return found
            break
    return _day_ticks(stretch, max(int(days / 2), 1), 1)


def _day_ticks(stretch: Stretch, step: int, most: int) -> list[Tick]:
    first = int(stretch.first) + (0 if stretch.first == int(stretch.first) else 1)
    numbers = [day for day in range(first, int(stretch.last) + 1, step) if day <= LAST_DAY]
    return [Tick(stretch.place(day), day_words(date.fromordinal(day))) for day in numbers[:most]]


def _month_ticks(stretch: Stretch, months: int) -> list[Tick]:
    begin, end = date.fromordinal(int(stretch.first)), date.fromordinal(int(min(stretch.last, LAST_DAY)))
    count = begin.year * 12 + begin.month - 1
    count += -count % months
    found = []
    while count <= end.year * 12 + end.month - 1:
        day = date(max(count // 12, 1), count % 12 + 1, 1)
        if stretch.first <= day.toordinal() <= stretch.last:
            label = f"{day.year}" if months % 12 == 0 else f"{MONTHS[day.month - 1]} {day.year}"
            found.append(Tick(stretch.place(day.toordinal()), label))
        count += months
    return found


def day_words(day: date) -> str:
    """A day for people: 3 Dec 2018."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
