"""A figure: drawn once, written for a page, for a file, or as pixels; the same in words and as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.errors import BadValue
from tracker.plots import drawing
from tracker.plots.lettering import folded
from tracker.plots.palette import DARK, LIGHT, stylesheet

if TYPE_CHECKING:
    from tracker.plots.drawing import Element

EDGE = 12
HEADING, LEADING, LINES = 16, 21, 2
"""The size of the letters of a heading, how far apart its lines are, and how many it has at most."""

SCALE_MOST = 8.0
"""A figure of usual width has some twenty million pixels then."""

PIXELS_MOST = 1e8
"""They take four bytes each while they are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """What a figure shows, as rows of texts; for those who do not see it, and those who count on it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawn figure. ``name`` is what its names within a page begin with, ``kind`` a class of its own
    beside ``plot``; ``description`` says in sentences what is to be seen; ``tables`` have it all.
    ``width`` and ``height`` are in pixels."""

    name: str
    kind: str
    title: str
    description: str
    width: float
    height: float
    elements: tuple[Element, ...]
    tables: tuple[DataTable, ...] = ()

    def inline(self, name: str | None = None) -> str:
        """As an element of a page, whose style sheet gives the colours (:func:`stylesheet`). No two
        figures of a page may have the same name: whoever shows one twice gives it another."""
        return drawing.picture(
            self.elements,
            box=(0, 0, self.width, self.height),
            id_=name or self.name,
            title=self.title,
            description=self.description,
            classes=(self.kind,),
        )

    def standalone(self, theme: str = "auto") -> str:
        """As a file of its own, with its heading and colours: light, dark, or as the reader's screen is."""
        lines = folded(self.title, self.width, HEADING, LINES, bold=True)
        above = LEADING * len(lines) + 2 * EDGE
        box = (-EDGE, -above, self.width + 2 * EDGE, self.height + above + EDGE)
        heading = [
            drawing.words(0, LEADING * (number + 1) - above, line, "strong", size=HEADING)
            for number, line in enumerate(lines)
        ]
        drawn = drawing.picture(
            [drawing.rect(*box, "paper"), *heading, *self.elements],
            box=box,
            id_=self.name,
            title=self.title,
            description=self.description,
            classes=(self.kind,),
            style=stylesheet(theme),
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}\n'

    def png(self, scale: float = 2.0, theme: str = "light") -> bytes:
        """As pixels, ``scale`` of them for each of the figure's; light or dark.

        Raises :class:`BadValue` for another scale than 0.1 to 8, for more than a hundred million pixels,
        and where the extra is not installed.
        """
        if not 0.1 <= scale <= SCALE_MOST:
            raise BadValue(f"a scale of {scale:g} is out of bounds", "give one from 0.1 to 8")
        pixels = self.width * self.height * scale * scale
        if pixels > PIXELS_MOST:
            raise BadValue(
                f"{pixels / 1e6:,.0f} million pixels are too many",
                f"there may be {PIXELS_MOST / 1e6:.0f} million: give a smaller scale or width, or draw SVG",
            )
        try:
            import resvg_py
        except ImportError as error:
            raise BadValue(*drawing.NOT_INSTALLED) from error
        dark = theme == "dark"
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=self.standalone("dark" if dark else "light"),
                zoom=scale,
                background=(DARK if dark else LIGHT).paper,
            )
        )
