"""A case as a matrix: its claims down, its sources across, in each field what the one says of the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from claims.vocabulary import Stance
from tracker.plots import drawing
from tracker.plots.figure import DataTable, Figure
from tracker.plots.lettering import fitted
from tracker.plots.lettering import width as width_of
from tracker.plots.marks import SMALL, keys, mark, piece_title, strike
from tracker.report import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from claims.model import Evidence
    from tracker.plots.drawing import Element
    from tracker.plots.marks import Key
    from tracker.report.pictures import Matrix
    from tracker.report.standing import Standing

WIDTH = 860.0
GUTTER, GUTTER_PART = 330.0, 0.4
"""Room for the words of claims, at least, unless the figure is narrow; and as a part of its width."""

STANDS = 122.0
ROW, COLUMN = 20.0, 26.0
HEAD = 130.0
"""Room above for the names of sources, at most."""

RISE = 0.77
"""How high a slanted name rises, as a part of its width."""

MOST_CLAIMS, MOST_SOURCES = 80, 40
"""What is drawn at most; the table has all."""

Fields = dict[tuple[str, str], list["Evidence"]]


def matrix(it: Matrix, *, width: float = WIDTH) -> Figure:
    """The matrix of a case: the likeliest claims first, the sources that say most first."""
    fields: Fields = defaultdict(list)
    for piece in it.evidence:
        fields[piece.claim, piece.source].append(piece)
    said = Counter(source for _, source in fields)
    every = [source for source, _ in sorted(said.items(), key=lambda each: (-each[1], each[0]))]
    claims = sorted(it.claims, key=lambda each: (-each.likelihood, each.key))
    least = min(GUTTER, GUTTER_PART * width)
    room = int((width - least - STANDS) / COLUMN)
    sources, shown = every[: min(room, MOST_SOURCES)], claims[:MOST_CLAIMS]
    names = [it.sources.get(source, source) for source in sources]
    head = min(max((width_of(name) * RISE for name in names), default=0.0) + 16, HEAD)
    bottom = head + ROW * len(shown)
    gutter = max(least, width - STANDS - COLUMN * len(sources) - 8)
    drawn = [*_grid(len(shown), len(sources), (gutter, head)), *_heads(names, (gutter, head))]
    for number, standing in enumerate(shown):
        drawn += _row(it, standing, sources, fields, (gutter, head + ROW * number))
    left_out = _left_out(len(claims) - len(shown), len(every) - len(sources))
    if left_out:
        drawn.append(drawing.words(8, bottom + 18, left_out, "quiet", size=SMALL))
        bottom += 18
    if not shown:
        drawn.append(drawing.words(8, head + 4, "The case has no claims.", "strong"))
    explained, end = keys(_keys(it.evidence), 8, width, bottom + 22)
    return Figure(
        name=f"plot-case-{it.case.key}",
        kind="plot-case",
        title=f"{it.case.title or it.case.key}: who says what",
        description=_description(it, claims, every, fields, left_out),
        width=width,
        height=end + 4,
        elements=(*drawn, *explained),
        tables=(_table(it, claims, fields),),
    )


def _grid(rows: int, columns: int, corner: tuple[float, float]) -> Iterator[Element]:
    gutter, head = corner
    bottom, right = head + ROW * rows, gutter + COLUMN * columns
    lines = [[(8.0, head + ROW * row), (right + STANDS, head + ROW * row)] for row in range(rows + 1)]
    lines += [
        [(gutter + COLUMN * column, head), (gutter + COLUMN * column, bottom)]
        for column in range(columns + 1)
    ]
    yield drawing.path(lines, "grid")


def _heads(names: Sequence[str], corner: tuple[float, float]) -> Iterator[Element]:
    """The names of sources, slanting over their columns."""
    gutter, head = corner
    for number, name in enumerate(names):
        shown = fitted(name, (HEAD - 16) / RISE)
        x = gutter + COLUMN * (number + 0.5) + 4
        yield drawing.slanted(x, head - 6, shown, title=name if shown != name else "")


def _row(
    it: Matrix, standing: Standing, sources: Sequence[str], fields: Fields, at: tuple[float, float]
) -> Iterator[Element]:
    gutter, y = at
    middle = y + ROW / 2
    text = standing.claim.text
    shown = fitted(text, gutter - 18)
    yield drawing.words(8, middle + 4, shown, title=text if shown != text else "")
    for number, source in enumerate(sources):
        pieces = fields.get((standing.key, source), ())
        yield from _field(it, pieces, gutter + COLUMN * number, middle)
    x = gutter + COLUMN * len(sources) + 8
    yield drawing.path([[(x, y + 3), (x, y + ROW - 3)]], "strip", standing.status)
    told = f"{standing.status} {words.percent(standing.likelihood)}"
    yield drawing.words(x + 7, middle + 4, told, size=SMALL)


def _field(it: Matrix, pieces: Sequence[Evidence], left: float, y: float) -> Iterator[Element]:
    """What one source says of one claim: a mark for each stance that it took, side by side."""
    by_stance: dict[Stance, list[Evidence]] = defaultdict(list)
    for piece in pieces:
        by_stance[piece.stance].append(piece)
    for number, (stance, some) in enumerate(by_stance.items()):
        x = left + COLUMN * (number + 1) / (len(by_stance) + 1)
        told = [
            f"{piece_title(each, it.sources.get(each.source, each.source))} [{each.key}]" for each in some
        ]
        radius = 5.0 if len(by_stance) == 1 else 3.6
        yield mark(x, y, stance, title=" · ".join(told), radius=radius)
        if all(piece.withdrawn is not None for piece in some):
            yield strike(x, y)


# --- in words -------------------------------------------------------------------------------------


def _left_out(claims: int, sources: int) -> str:
    missing = [
        words.count(number, noun)
        for number, noun in ((claims, "more claim"), (sources, "more source"))
        if number > 0
    ]
    return f"Not drawn: {words.listed(missing)}." if missing else ""


def _keys(evidence: Sequence[Evidence]) -> Iterator[Key]:
    for stance in Stance:
        if any(piece.stance is stance for piece in evidence):
            yield stance, str(stance)
    if any(piece.withdrawn is not None for piece in evidence):
        yield "strike", "taken back"


def _description(
    it: Matrix,
    claims: Sequence[Standing],
    sources: Sequence[str],
    fields: Mapping[tuple[str, str], Sequence[Evidence]],
    left_out: str,
) -> str:
    size = f"{words.count(len(claims), 'claim')} against {words.count(len(sources), 'source')}"
    told = [f"A table of {size}, as of {it.as_of}."]
    stances = Counter(piece.stance for pieces in fields.values() for piece in pieces)
    if stances:
        told.append(f"In all, {words.listed(f'{stances[each]} {each}' for each in Stance if stances[each])}.")
    spoken: dict[str, set[Stance]] = defaultdict(set)
    for (claim, _), pieces in fields.items():
        spoken[claim].update(piece.stance for piece in pieces)
    split = [each.key for each in claims if {Stance.SUPPORTS, Stance.DENIES} <= spoken[each.key]]
    if split:
        more = f" and {len(split) - 10} more" if len(split) > 10 else ""
        told.append(f"Supported by some and denied by others: {', '.join(split[:10])}{more}.")
    return " ".join([*told, *([f"{left_out} The table has all."] if left_out else [])])


def _table(it: Matrix, claims: Sequence[Standing], fields: Fields) -> DataTable:
    by_claim: dict[str, list[Evidence]] = defaultdict(list)
    for (claim, _), pieces in fields.items():
        by_claim[claim] += pieces
    rows = [
        (
            standing.claim.text,
            str(standing.status),
            words.percent(standing.likelihood),
            "; ".join(
                f"{it.sources.get(piece.source, piece.source)} {piece.stance}"
                for piece in by_claim[standing.key]
            ),
        )
        for standing in claims
    ]
    return DataTable(
        caption="Claims, and who says what of them",
        columns=("Claim", "Status", "Likelihood", "Who says what"),
        rows=tuple(rows),
    )
