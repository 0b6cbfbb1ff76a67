"""A count as it was revised: the range of what stands, the best of it, and each count as it was claimed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tracker.plots import drawing
from tracker.plots.figure import DataTable, Figure
from tracker.plots.lettering import fitted, width
from tracker.plots.marks import CUT, LEAST, SMALL, Room, keys, span_line, span_of, time_axis
from tracker.plots.numbers import round_steps
from tracker.report import words
from tracker.report.timescale import day_words, moment_of, scale_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.plots.drawing import Element, Point
    from tracker.plots.marks import Key
    from tracker.report.pictures import Counted, Revision, Revisions
    from tracker.report.timescale import TimeScale

WIDTH = 760.0
LEFT = 64.0
TOP, HIGH = 24.0, 240.0
SIDE_BY_SIDE = 9.0
"""How far apart counts of one day are drawn."""

NAMED = 14
"""Up to so many counts have the names of their sources beside them."""


class _Field:
    """Where days and numbers lie."""

    def __init__(self, it: Revisions, right: float) -> None:
        moments = [moment_of(each.at) for each in it.revisions]
        moments += [moment_of(each.since) for each in it.counts]
        days = [end for each in it.counts for end in span_of(each.published).ends]
        moments += [moment_of(day) for day in days if day <= it.as_of]
        self.at: TimeScale = scale_of([*moments, moment_of(it.as_of)], LEFT, right - 12, cut=CUT, least=LEAST)
        numbers = [float(end) for each in it.counts for end in _ends(each) if end is not None]
        numbers += [float(end) for each in it.revisions for end in (each.low, each.high) if end is not None]
        least, most = min(numbers, default=0.0), max(numbers, default=1.0)
        if least > 0 and (least < most * 0.6 or least == most):
            least = 0.0
        self.steps = round_steps(least, most, 5)

    def height(self, number: float | Decimal | None, *, otherwise: float) -> float:
        """Where a number lies; ``otherwise`` where the end is open."""
        if number is None:
            return otherwise
        least, most = self.steps[0], self.steps[-1]
        return TOP + HIGH * (1 - (float(number) - least) / (most - least))

    def low(self, number: Decimal | None) -> float:
        return self.height(number, otherwise=TOP + HIGH)

    def high(self, number: Decimal | None) -> float:
        return self.height(number, otherwise=TOP)


def revisions(it: Revisions, *, width: float = WIDTH) -> Figure:
    """How a count was revised: a band from its low to its high, its best as a line, and at the day on which
    it was first given each count that was claimed, with its range."""
    field = _Field(it, width)
    drawn = [
        *_axes(field),
        *_bands(field, it.revisions),
        *_best(field, it.revisions),
        *_counts(field, it.counts),
        *_labels(field, it),
    ]
    if it.revisions:
        last = it.revisions[-1]
        drawn.append(drawing.words(width - 12, TOP - 9, _now(last), "strong", anchor="end"))
    explained, end = keys(_keys(it), 8, width, TOP + HIGH + 38)
    counted = f" ({it.question.counted})" if it.question.counted else ""
    return Figure(
        name=f"plot-count-{it.question.key}",
        kind="plot-count",
        title=f"{it.question.text}{counted}",
        description=_description(it),
        width=width,
        height=end + 4,
        elements=(*drawn, *explained),
        tables=_tables(it),
    )


def _axes(field: _Field) -> Iterator[Element]:
    left, right = field.at.left, field.at.right
    heights = [field.height(step, otherwise=0) for step in field.steps]
    yield drawing.path([[(left, y), (right, y)] for y in heights], "grid")
    for step, y in zip(field.steps, heights, strict=True):
        yield drawing.words(left - 6, y + 4, _number(step), "quiet", anchor="end", size=SMALL)
    yield from time_axis(field.at, TOP, TOP + HIGH)


def _periods(field: _Field, found: Sequence[Revision]) -> list[tuple[Revision, float, float]]:
    starts = [field.at(moment_of(each.at)) for each in found]
    return list(zip(found, starts, [*starts[1:], field.at.right][: len(starts)], strict=True))


def _bands(field: _Field, found: Sequence[Revision]) -> Iterator[Element]:
    """What stands, from low to high; at least a line where both are the same."""
    for each, left, right in _periods(field, found):
        top, bottom = field.high(each.high), field.low(each.low)
        title = f"from {day_words(each.at)}: {_range_words(each)}"
        yield drawing.rect(left, top, right - left, max(bottom - top, 2), "area", title=title)


def _best(field: _Field, found: Sequence[Revision]) -> Iterator[Element]:
    """The best number as a step line; where there is none, because several are, there is no line."""
    lines: list[list[Point]] = [[]]
    for each, left, right in _periods(field, found):
        if each.best is None:
            lines.append([])
            continue
        y = field.height(each.best, otherwise=0)
        lines[-1] += [(left, y), (right, y)]
    drawn = [points for points in lines if points]
    if drawn:
        yield drawing.path(drawn, "course")


def _labels(field: _Field, it: Revisions) -> Iterator[Element]:
    """The best numbers, the last first, and beside counts who gave them, as far as there is room."""
    room = Room()
    counts = _placed(field, it.counts)
    for each, x in counts:
        y = _middle(field, each)
        room.take(x - 4, x + 4, y - 4, y + 4)
    for revision, left, _ in reversed(_periods(field, it.revisions)):
        text = "contested" if revision.best is None else _number(revision.best)
        y = field.low(revision.low) - 6 if revision.best is None else field.height(revision.best, otherwise=0)
        if revision.best is None and not revision.contested:
            continue
        wide = width(text, bold=True)
        places = [(x, y + down) for down in (-7, 15) for x in (left + 5, left - wide - 5)]
        fitting = [
            (x, at) for x, at in places if field.at.left <= x <= field.at.right - wide and at >= TOP + 10
        ]
        if (place := room.put(text, fitting, bold=True)) is not None:
            yield drawing.words(*place, text, "strong", "halo")
    if len(counts) <= NAMED:
        for each, x in counts:
            yield from _name(field, room, each, x)


def _name(field: _Field, room: Room, each: Counted, x: float) -> Iterator[Element]:
    """Who gave a count, beside it, on a side that has room."""
    name = each.sources[0] if len(each.sources) == 1 else f"{each.sources[0]} +{len(each.sources) - 1}"
    y = _middle(field, each) + 4
    shown = fitted(name, min(150.0, max(field.at.right - x, x - field.at.left) - 12), SMALL)
    wide = width(shown, SMALL)
    places = [(at, y + down) for at in (x + 8, x - 8 - wide) for down in (0, 14, -14)]
    fitting = [
        (at, down)
        for at, down in places
        if field.at.left <= at <= field.at.right - wide and TOP + 10 <= down <= TOP + HIGH - 2
    ]
    if (place := room.put(shown, fitting, SMALL)) is not None:
        yield drawing.words(*place, shown, "quiet", "halo", size=SMALL)


def _middle(field: _Field, each: Counted) -> float:
    """Where the mark of a count lies: at its best, or at the end that it has."""
    low, high = _ends(each)
    best = each.count.best if each.count.best is not None else low if low is not None else high
    return field.height(best, otherwise=TOP)


def _placed(field: _Field, counts: Sequence[Counted]) -> list[tuple[Counted, float]]:
    """Counts, each at the day on which it was first given, those of one day side by side."""
    found, end = [], float("-inf")
    for each in sorted(counts, key=lambda each: (each.since, each.standing.key)):
        end = min(max(field.at(moment_of(each.since)), end + SIDE_BY_SIDE), field.at.right)
        found.append((each, end))
    return found


def _counts(field: _Field, counts: Sequence[Counted]) -> Iterator[Element]:
    """Each count that was claimed: its range, and its best."""
    for each, x in _placed(field, counts):
        low, high = _ends(each)
        top, bottom = field.high(high), field.low(low)
        shape = "stands" if each.stands else "fallen"
        title = (
            f"{each.standing.claim.value}, {day_words(each.since)}, {', '.join(each.sources)}; "
            f"{each.standing.status} ({words.percent(each.standing.likelihood)}) [{each.standing.key}]"
        )
        yield from span_line(field.at, span_of(each.published), _middle(field, each), shape, open_to=x)
        open_ = ("open",) if low is None or high is None else ()
        yield drawing.path([[(x, top), (x, max(bottom, top + 0.5))]], "tally", shape, *open_)
        yield drawing.dot(x, _middle(field, each), 4, "mark", shape, title=title)


# --- in words -------------------------------------------------------------------------------------


def _ends(each: Counted) -> tuple[Decimal | None, Decimal | None]:
    return each.count.bounds


def _number(number: float | Decimal | None) -> str:
    if number is None:
        return "?"
    text = f"{number:,f}" if isinstance(number, Decimal) else f"{Decimal(str(number)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _range_words(each: Revision) -> str:
    low, high = each.low, each.high
    if low is None or high is None:
        span = f"at least {_number(low)}" if low is not None else f"at most {_number(high)}"
        if low is None and high is None:
            span = "without bounds"
    else:
        span = _number(low) if low == high else f"{_number(low)} to {_number(high)}"
    if each.contested:
        return f"{span}, contested"
    return span if each.best is None or low == high else f"{span}, best {_number(each.best)}"


def _now(last: Revision) -> str:
    return f"now {_range_words(last)}"


def _keys(it: Revisions) -> Iterator[Key]:
    if it.revisions:
        yield "area", "from low to high"
        yield "course", "best"
    if any(each.stands for each in it.counts):
        yield "stands", "a count that stands"
    if any(not each.stands for each in it.counts):
        yield "fallen", "revised, outgrown or unlikely"
    spans = [span_of(each.published) for each in it.counts]
    if any(span.first != span.last or span.first is None for span in spans):
        yield "span-count", "published some day in this time"
    if any(None in _ends(each) for each in it.counts):
        yield "open-count", "open at one end"


def _description(it: Revisions) -> str:
    told = [f"{words.count(len(it.counts), 'count')} claimed, as of {it.as_of}."]
    shown = it.revisions if len(it.revisions) <= 12 else [*it.revisions[:6], *it.revisions[-6:]]
    for number, each in enumerate(shown):
        if number == 6 and len(it.revisions) > 12:
            told.append(f"Then {len(it.revisions) - 12} more revisions, which the table has.")
        told.append(f"From {day_words(each.at)}: {_range_words(each)}.")
    if not it.revisions:
        told.append("Nobody supports any.")
    return " ".join(told)


def _tables(it: Revisions) -> tuple[DataTable, ...]:
    revised = DataTable(
        caption="What the counts came to",
        columns=("From", "Low", "Best", "High"),
        rows=tuple(
            (
                each.at.isoformat(),
                _number(each.low),
                "contested" if each.contested else _number(each.best),
                _number(each.high),
            )
            for each in it.revisions
        ),
    )
    counts = DataTable(
        caption="The counts as they were claimed",
        columns=("Since", "Published", "Count", "Sources", "Status", "Likelihood", "Stands"),
        rows=tuple(
            (
                each.since.isoformat(),
                each.published.describe() if each.published is not None else "on an unknown day",
                each.standing.claim.value or "",
                ", ".join(each.sources),
                str(each.standing.status),
                words.percent(each.standing.likelihood),
                "yes" if each.stands else "no",
            )
            for each in it.counts
        ),
    )
    return revised, counts
