"""Drawing for people: tables and lines of words, in any terminal, in colour where that is wanted.

Everything that is drawn may come from outside: control characters are made visible, and square
brackets are never taken for markup. Colour only repeats what the words say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.cli.failing import plain
from tracker.cli.screen import Screen, cell_len, fold, screen
from tracker.report.tables import Column, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from tracker.report.models import Step

GAP = "  "
INDENT = " " * 4
NARROWEST = 8
"""A column that wraps never gets narrower than this, even where the window is."""

STYLES = {
    "unverified": "dim",
    "corroborated": "green",
    "confirmed": "bold green",
    "disputed": "bold yellow",
    "doubtful": "yellow",
    "refuted": "bold red",
    "retracted": "red",
    "superseded": "magenta",
}
"""One colour for each status, wherever its word stands in a table."""

PLAINER = str.maketrans({"−": "-", "–": "-", "×": "x", "→": ">", "…": "...", "“": '"', "”": '"', "’": "'"})
"""Signs of our own, for terminals that do not have them."""

Piece = tuple[str, str]
"""Some text, and the style it is drawn in."""


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], keys: str = "key") -> None:
    """Draw a table of plain cells; the widest columns are wrapped where the window is too narrow, but for
    that of ``keys``."""
    columns = tuple(
        Column(heading, wraps=True, status=heading == "status", keys=heading == keys) for heading in headings
    )
    draw(Table(columns, tuple(Row(tuple(row)) for row in rows)))


def draw(table: Table) -> None:
    """Draw a table: headings, a rule, and each row with what stands under it."""
    if not table.rows:
        show_lines(["(none)"])
        return
    drawn_on = screen()
    dash = "─" if _can_show("─", drawn_on) else "-"
    width = drawn_on.width
    widths = _widths(table, width)
    lines = _cells([column.heading for column in table.columns], widths, ["bold"] * len(widths))
    lines.append([(GAP.join(dash * width for width in widths), "dim")])
    for row in table.rows:
        lines.extend(_row(table, row, widths, width))
    _put(lines, drawn_on)


def show_lines(lines: Iterable[str]) -> None:
    """Print lines of words as they are; those that head a section stand out."""
    _put([[(_safe(line), "bold" if _is_heading(line) else "")] for line in lines], screen())


def show_chart(steps: Sequence[Step], until: date, indent: str = "") -> None:
    """Print a history as a chart on one line; in digits where the terminal has no blocks."""
    from tracker.report.chartline import BLOCKS, CUTS, DIGITS, chart_line

    drawn_on = screen()
    levels = BLOCKS if _can_show(BLOCKS + CUTS[BLOCKS], drawn_on) else DIGITS
    if line := chart_line(steps, until, drawn_on.width - len(indent), levels):
        _put([[(indent + line, "")]], drawn_on)


def window_width() -> int:
    """How many columns there are to write in."""
    return screen().width


def _is_heading(line: str) -> bool:
    return line.endswith(":") and not line.startswith(" ")


def _safe(text: str) -> str:
    # Nearly all text is printable, and a long report has a great deal of it.
    return text if text.isprintable() else plain(text.replace("\t", " "))


# --- widths -----------------------------------------------------------------------------------


def _widths(table: Table, width: int) -> list[int]:
    """How wide each column is: as wide as its cells, unless the window is too narrow for that."""
    widths = [
        max(cell_len(_safe(part)) for cell in column for part in cell.split("\n"))
        for column in zip((c.heading for c in table.columns), *(row.cells for row in table.rows), strict=True)
    ]
    room = width - len(GAP) * (len(widths) - 1)
    while sum(widths) > room:
        wide = [i for i, column in enumerate(table.columns) if column.wraps and widths[i] > NARROWEST]
        if not wide:
            break
        widest = max(wide, key=lambda i: widths[i])
        widths[widest] -= 1
    return widths


def _folded(text: str, width: int) -> list[str]:
    """A text in lines that fit a width."""
    lines = []
    for part in text.split("\n"):
        safe = _safe(part)
        if cell_len(safe) <= width:
            lines.append(safe)
        else:
            lines.extend(fold(safe, max(width, NARROWEST)))
    return lines


# --- rows -------------------------------------------------------------------------------------


def _row(table: Table, row: Row, widths: Sequence[int], width: int) -> list[list[Piece]]:
    styles = [
        STYLES.get(cell, "") if column.status else ""
        for column, cell in zip(table.columns, row.cells, strict=True)
    ]
    lines = _beside(table.columns, row.cells, widths, styles, width)
    for label, text in row.under:
        lines.extend(_under(label, text, width))
    return lines


def _beside(
    columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int], styles: Sequence[str], width: int
) -> list[list[Piece]]:
    """The cells of a row side by side. A key that is wider than its column stays whole, so that it can be
    copied: it takes the rest of its line, and what comes after it stands below, in its own columns."""
    lines: list[list[Piece]] = []
    start = 0
    for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        key, room = _safe(cell), sum(widths[:place]) + len(GAP) * place
        if not column.keys or cell_len(key) <= widths[place]:
            continue
        before = _from(start, cells[:place])
        if room + cell_len(key) <= width:
            lines += _cells([*before, key], [*widths[:place], cell_len(key)], styles[: place + 1])
        else:
            lines += _cells(before, widths[:place], styles[:place]) if any(before) else []
            lines.append([(" " * max(0, width - cell_len(key)), ""), (key, styles[place])])
        start = place + 1
    after = _from(start, cells)
    return lines + _cells(after, widths, styles) if any(after) or not lines else lines


def _from(start: int, cells: Sequence[str]) -> list[str]:
    """The cells of a row from one on, and nothing in those before it."""
    return ["" if place < start else cell for place, cell in enumerate(cells)]


def _cells(cells: Sequence[str], widths: Sequence[int], styles: Sequence[str]) -> list[list[Piece]]:
    """The cells of a row side by side, in as many lines as the longest of them needs."""
    folded = [_folded(cell, width) for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for number in range(max(len(parts) for parts in folded)):
        line: list[Piece] = []
        for parts, width, style in zip(folded, widths, styles, strict=True):
            text = parts[number] if number < len(parts) else ""
            line += [(text, style), (" " * (width - cell_len(text)) + GAP, "")]
        lines.append(line[:-1])
    return lines


def _under(label: str, text: str, width: int) -> list[list[Piece]]:
    label = _safe(label)
    if cell_len(label) > width - len(INDENT) and " " not in label:  # a key, which stays whole
        return [[(INDENT, ""), (label, "bold")], *(_under("", text, width) if text else [])]
    words = f"{label}{GAP if label and text else ''}{text}"
    first, *rest = _folded(words, width - len(INDENT))
    lines: list[list[Piece]] = [[(INDENT, ""), (first, "")]]
    if label and first.startswith(label):
        lines = [[(INDENT, ""), (label, "bold"), (first.removeprefix(label), "")]]
    return lines + [[(INDENT, ""), (line, "")] for line in rest]


# --- the screen -------------------------------------------------------------------------------


def _can_show(text: str, on: Screen) -> bool:
    try:
        text.encode(on.encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _showable(text: str, on: Screen) -> str:
    """The text in the letters that the terminal has."""
    if text.isascii() or _can_show(text, on):
        return text
    encoding = on.encoding
    return text.translate(PLAINER).encode(encoding, "replace").decode(encoding)


def _put(lines: Iterable[Sequence[Piece]], on: Screen) -> None:
    import click

    if on.console is None:
        # Without a style there is nothing to draw, and a report may be long.
        text = "\n".join("".join(piece for piece, _ in line).rstrip() for line in lines)
        click.echo(_showable(text, on))
        return
    from rich.text import Text

    drawn = Text()
    for line in lines:
        for piece, style in line:
            drawn.append(_showable(piece, on), style or None)
        drawn.append("\n")
    on.console.print(drawn, soft_wrap=True, end="")
