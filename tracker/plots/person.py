"""A person's life line: every reported death, denial and sign of life on one axis, and a row for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.vocabulary import Kind, Stance
from tracker.plots import drawing
from tracker.plots.figure import DataTable, Figure
from tracker.plots.lettering import folded
from tracker.plots.marks import (
    CUT,
    LEAST,
    SMALL,
    Shelf,
    Span,
    group_title,
    keys,
    mark,
    merged,
    piece_title,
    span_line,
    span_of,
    strike,
    time_axis,
)
from tracker.report import words
from tracker.report.timescale import moment_of, scale_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from claims.model import Evidence
    from tracker.plots.drawing import Element, Point
    from tracker.plots.marks import Key
    from tracker.report.pictures import Life
    from tracker.report.standing import Standing
    from tracker.report.timescale import TimeScale

WIDTH = 760.0
GUTTER, GUTTER_PART = 230.0, 0.34
"""Room on the left for the words of claims, at most, and as a part of the width."""

ROW = 30.0
STANDS = 96.0
"""Room on the right for how each claim stands."""

SIDE_BY_SIDE = 8
"""Up to so many pieces of evidence on one claim have marks of their own."""

SHELF = 19.0
"""How far apart marks are that lie over one another on the axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """One reported death or sign of life: its name on the axis, when it is said to have been, who spoke."""

    name: str
    standing: Standing
    when: Span
    day: date | None
    evidence: tuple[Evidence, ...]

    @property
    def is_death(self) -> bool:
        return self.standing.claim.kind is Kind.DEATH


def life_line(life: Life, *, width: float = WIDTH) -> Figure:
    """The life line of a person; its width is in pixels."""
    reports = _reports(life)
    scale = _scale(life, reports, width)
    denials = [
        piece
        for report in reports
        if report.is_death
        for piece in report.evidence
        if piece.stance in {Stance.DENIES, Stance.DOUBTS}
    ]
    above = _shelves(scale, [(moment_of(each.day), each) for each in reports if each.is_death and each.day])
    below = _shelves(
        scale, [(moment_of(each.day), each) for each in reports if not each.is_death and each.day]
    )
    axis = 20 + SHELF * max((row for _, row, _ in above), default=0) + 14
    floor = axis + 26 + SHELF * max((row for _, row, _ in below), default=0)
    top = floor + 16
    bottom = top + ROW * len(reports)
    drawn: list[Element] = [*time_axis(scale, 6, bottom)]
    drawn += _line(reports, scale, axis)
    drawn.append(drawing.words(8, axis - 12, "reported dead", "quiet", size=SMALL))
    drawn.append(drawing.words(8, axis + 20, "seen alive", "quiet", size=SMALL))
    for x, row, report in above:
        drawn += _badge(x, axis - 14 - SHELF * row, report)
    for x, row, report in below:
        drawn += _badge(x, axis + 14 + SHELF * row, report)
    for piece in denials:
        drawn.append(mark(scale(moment_of(piece.counts_from)), axis, piece.stance, title=_told(life, piece)))
    for number, report in enumerate(reports):
        drawn += _row(life, report, scale, top + ROW * number, width)
    if not reports:
        drawn.append(
            drawing.words(scale.left + 8, axis - 10, "No death and no sign of life is claimed.", "strong")
        )
    explained, end = keys(_keys(reports), 8, width, bottom + 38)
    return Figure(
        name=f"plot-life-{life.entity.key}",
        kind="plot-life",
        title=f"{life.entity.name}: {_title(reports, denials)}",
        description=_description(life, reports, denials),
        width=width,
        height=end + 4,
        elements=(*drawn, *explained),
        tables=_tables(life, reports),
    )


def _reports(life: Life) -> list[_Report]:
    """The claims in the order of their days, deaths numbered and signs of life lettered."""
    said: dict[str, list[Evidence]] = {each.key: [] for each in life.claims}
    for piece in life.evidence:
        if piece.claim in said:
            said[piece.claim].append(piece)
    found = []
    for standing in life.claims:
        pieces = tuple(said[standing.key])
        when = span_of(standing.claim.when)
        spoken = [piece.counts_from for piece in pieces if piece.stance is Stance.SUPPORTS]
        spoken = spoken or [piece.counts_from for piece in pieces]
        day = when.last or (min(spoken) if spoken else when.first)
        if day is not None and spoken and day > life.as_of:
            day = min(spoken)
        found.append(_Report(name="", standing=standing, when=when, day=day, evidence=pieces))
    found.sort(key=lambda each: (each.day is None, each.day, not each.is_death, each.standing.key))
    return _named(found)


def _named(reports: Sequence[_Report]) -> list[_Report]:
    from dataclasses import replace

    counts = {True: 0, False: 0}
    named = []
    for report in reports:
        counts[report.is_death] += 1
        number = counts[report.is_death]
        named.append(replace(report, name=f"{number}" if report.is_death else _letters(number)))
    return named


def _letters(number: int) -> str:
    """1 is a, 26 is z, 27 is aa."""
    letters = ""
    while number:
        number, at = divmod(number - 1, 26)
        letters = chr(ord("a") + at) + letters
    return letters


def _scale(life: Life, reports: Sequence[_Report], width: float) -> TimeScale:
    days = [piece.counts_from for piece in life.evidence]
    days += [end for piece in life.evidence for end in span_of(piece.published).ends]
    days += [end for report in reports for end in report.when.ends]
    days += [report.day for report in reports if report.day is not None]
    moments = [moment_of(day) for day in days if day <= life.as_of]
    return scale_of(
        [*moments, moment_of(life.as_of)],
        min(GUTTER, GUTTER_PART * width),
        width - STANDS - 8,
        cut=CUT,
        least=LEAST,
    )


def _line(reports: Sequence[_Report], scale: TimeScale, y: float) -> Iterator[Element]:
    """The axis: whole while the last report had the person alive, dotted while it had them dead."""
    whole: list[list[Point]] = []
    dotted: list[list[Point]] = []
    x, dead = scale.left, False
    for report in reports:
        if report.day is not None:
            at = scale(moment_of(report.day))
            (dotted if dead else whole).append([(x, y), (at, y)])
            x, dead = at, report.is_death
    (dotted if dead else whole).append([(x, y), (scale.right, y)])
    for lines, classes in ((whole, ("course",)), (dotted, ("course", "cut"))):
        if lines:
            yield drawing.path(lines, *classes)


def _shelves(scale: TimeScale, found: Sequence[tuple[float, _Report]]) -> list[tuple[float, int, _Report]]:
    """Where reports lie on the axis, and on which shelf over or under it, so that none lies on another."""
    shelf = Shelf(apart=20)
    return [
        (scale(moment), shelf.put(scale(moment)), report)
        for moment, report in sorted(found, key=lambda x: x[0])
    ]


def _badge(x: float, y: float, report: _Report) -> Iterator[Element]:
    """A report on the axis: a square with a number for a death, a circle with a letter for a sign of life."""
    title = f"{report.name}: {report.standing.claim.text}"
    if report.is_death:
        yield drawing.rect(x - 8.5, y - 8.5, 17, 17, "ink", title=title)
        yield drawing.words(x, y + 4, report.name, "on-ink", "strong", anchor="middle", size=SMALL)
    else:
        yield drawing.dot(x, y, 9, "alive", title=title)
        yield drawing.words(x, y + 4, report.name, "strong", anchor="middle", size=SMALL)


def _row(life: Life, report: _Report, scale: TimeScale, y: float, right: float) -> Iterator[Element]:
    standing = report.standing
    middle = y + ROW / 2
    yield drawing.path([[(scale.left, middle), (scale.right, middle)]], "thread")
    yield from _badge(17, middle, report)
    text = standing.claim.text
    lines = folded(text, scale.left - 40, SMALL, 2)
    for number, line in enumerate(lines):
        down = 4 if len(lines) == 1 else -2 + 13 * number
        yield drawing.words(32, middle + down, line, title=text if line.endswith("…") else "", size=SMALL)
    if report.when.ends and standing.claim.when is not None:
        title = f"said to be {standing.claim.when.describe()}"
        yield from _when(scale, report.when, middle - 8, title)
    for x, pieces in _placed(report.evidence, scale):
        stance = pieces[0].stance
        for span in dict.fromkeys(span_of(piece.published) for piece in pieces):
            yield from span_line(scale, span, middle + 3, stance, open_to=x)
        yield mark(x, middle + 3, stance, title=group_title([_told(life, piece) for piece in pieces]))
        if pieces[0].withdrawn is not None:
            yield strike(x, middle + 3)
    x = right - STANDS
    yield drawing.path([[(x, middle - 8), (x, middle + 9)]], "strip", standing.status)
    yield drawing.words(x + 7, middle - 1, standing.status, "strong", size=SMALL)
    yield drawing.words(x + 7, middle + 11, words.percent(standing.likelihood), "quiet", size=SMALL)


def _when(scale: TimeScale, when: Span, y: float, title: str) -> Iterator[Element]:
    """When it is said to have happened: a bar, or a tick where the day is known."""
    first = scale(moment_of(when.first)) if when.first is not None else scale.left
    last = scale(moment_of(when.last)) if when.last is not None else scale.right
    open_ = ("open",) if None in (when.first, when.last) else ()
    yield drawing.path([[(first, y), (max(last, first + 1.5), y)]], "when", *open_, title=title)


def _placed(pieces: Sequence[Evidence], scale: TimeScale) -> list[tuple[float, Sequence[Evidence]]]:
    """Where the marks of a row lie: side by side where they would lie on one another; of many, one for
    all that would."""
    at = [(scale(moment_of(piece.counts_from)), piece) for piece in pieces]
    if len(pieces) > SIDE_BY_SIDE:
        return list(merged(at))
    placed: list[tuple[float, Sequence[Evidence]]] = []
    end = float("-inf")
    for x, piece in at:
        end = max(x, end)
        placed.append((min(end, scale.right), [piece]))
        end += 9
    return placed


# --- in words -------------------------------------------------------------------------------------


def _told(life: Life, piece: Evidence) -> str:
    return f"{piece_title(piece, life.sources.get(piece.source, piece.source))} [{piece.key}]"


def _title(reports: Sequence[_Report], denials: Sequence[Evidence]) -> str:
    deaths = sum(report.is_death for report in reports)
    return (
        f"reported dead {_times(deaths)}, seen alive {_times(len(reports) - deaths)}, "
        f"death denied or doubted {_times(len(denials))}"
    )


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _description(life: Life, reports: Sequence[_Report], denials: Sequence[Evidence]) -> str:
    title = _title(reports, denials)
    told = [f"{title[0].upper()}{title[1:]}, as of {life.as_of}."]
    for report in reports[:20]:
        claim, standing = report.standing.claim, report.standing
        when = f" ({claim.when.describe()})" if claim.when is not None else ""
        kind = "Death" if report.is_death else "Sign of life"
        text = claim.text.rstrip(".")
        told.append(
            f"{kind} {report.name}{when}: {text}; {standing.status}, {standing.likelihood_words} "
            f"({words.percent(standing.likelihood)})."
        )
    if len(reports) > 20:
        told.append(f"And {len(reports) - 20} more, which the table has.")
    return " ".join(told)


def _keys(reports: Sequence[_Report]) -> Iterator[Key]:
    yield "death", "reported death"
    yield "alive", "sign of life"
    yield "course", "alive by the last report"
    yield "course cut", "dead by the last report"
    for stance in dict.fromkeys(piece.stance for report in reports for piece in report.evidence):
        yield stance, str(stance)
    if any(report.when.ends for report in reports):
        yield "when", "when it is said to have been"
    spans = [span_of(piece.published) for report in reports for piece in report.evidence]
    if any(None not in (span.first, span.last) and span.first != span.last for span in spans):
        yield "span", "published some day in this time"
    if any(None in (span.first, span.last) for span in spans):
        yield "open", "date unknown, or open at one end"


def _tables(life: Life, reports: Sequence[_Report]) -> tuple[DataTable, ...]:
    claims = DataTable(
        caption="Reported deaths and signs of life",
        columns=("No.", "Kind", "Claim", "When", "Status", "Likelihood"),
        rows=tuple(
            (
                report.name,
                str(report.standing.claim.kind),
                report.standing.claim.text,
                report.standing.claim.when.describe() if report.standing.claim.when else "",
                str(report.standing.status),
                words.percent(report.standing.likelihood),
            )
            for report in reports
        ),
    )
    evidence = DataTable(
        caption="Who said so, and who denied it",
        columns=("No.", "Stance", "Source", "Counts from", "Evidence"),
        rows=tuple(
            (
                report.name,
                str(piece.stance),
                life.sources.get(piece.source, piece.source),
                piece.counts_from.isoformat(),
                piece.key,
            )
            for report in reports
            for piece in report.evidence
        ),
    )
    return claims, evidence
