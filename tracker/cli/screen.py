"""The screen that is drawn on: how wide it is, in which letters, and how much room a text takes there.

Most text is Latin, and most output goes to no window at all. All that is looked after here; for wide
letters, and for colour, Rich is asked, which takes a while to load.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

PAGE = 100
"""The width of lines where there is no window."""

_NARROW = re.compile("[ -~\xa1-\xac\xae-\u02ff\u2010-\u2027\u2190-\u2193\u2212\u2500-\u257f]*")
"""Letters and signs that take one column each, and never join others."""

_WORD = re.compile(r"\s*\S+\s*")


@dataclass(frozen=True, slots=True)
class Screen:
    """A place to draw on: its width in columns, its encoding, and who draws in colour, if anybody does."""

    width: int
    encoding: str
    console: Console | None = None


def screen() -> Screen:
    """The screen of standard output. It honours NO_COLOR and the width of the window; where there is no
    window, lines are as wide as a page, or as COLUMNS says."""
    out = sys.stdout
    at_window = out is not None and out.isatty()
    if not (at_window or "FORCE_COLOR" in os.environ or "TTY_COMPATIBLE" in os.environ):
        return Screen(_columns(), (getattr(out, "encoding", None) or "utf-8").lower())
    from rich.console import Console

    width = None if at_window else _columns()
    console = Console(highlight=False, soft_wrap=False, width=width, markup=False, emoji=False)
    colours = console if console.color_system is not None else None
    return Screen(console.width, console.encoding, colours)


def columns() -> int | None:
    """How many columns a line of its own has: those of the window, or as COLUMNS says; None where there is
    neither, and whoever reads it may look for whole lines. Nothing is loaded for it that draws."""
    out = sys.stdout
    if "COLUMNS" in os.environ:
        return _columns()
    if out is None or not out.isatty():
        return None
    try:
        return os.get_terminal_size(out.fileno()).columns or None
    except OSError:  # a terminal that knows no size
        return None


def _columns() -> int:
    try:
        return max(40, int(os.environ["COLUMNS"]))
    except (KeyError, ValueError):
        return PAGE


def cell_len(text: str) -> int:
    """How many columns a text takes."""
    if _NARROW.fullmatch(text):
        return len(text)
    from rich.cells import cell_len as cells

    return cells(text)


def fold(text: str, width: int) -> list[str]:
    """A text on one line in lines of a width; words that are longer are broken."""
    if _NARROW.fullmatch(text) and max(map(len, text.split()), default=0) <= width:
        return [text[start:end].rstrip() for start, end in _lines(text, width)]
    from rich.console import Console
    from rich.text import Text

    drawn = Text(text).wrap(Console(width=width), width)
    return [line.plain.rstrip() for line in drawn]


def _lines(text: str, width: int) -> list[tuple[int, int]]:
    """Where the lines of a text begin and end in which no word is longer than a line."""
    starts, used = [0], 0
    for found in _WORD.finditer(text):
        word = found[0]
        if width - used < len(word.rstrip()) and used:
            starts.append(found.start())
            used = 0
        used += len(word)
    return list(zip(starts, [*starts[1:], len(text)], strict=True))
