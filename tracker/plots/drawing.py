"""Drawing: the elements of which figures are made, each with its words and names made harmless.

The one module that knows the library for SVG, which writes what it is given as it is: all text goes
through :func:`escaped` here. Colours are left to classes, so that a page can be dark, or printed, and no
element has a style of its own: the strictest of content security policies lets such figures be.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from claims.errors import BadValue
from tracker.plots.lettering import SIZE, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NOT_INSTALLED = (
    "figures need libraries that are not installed",
    "install them: pip install 'claims-verification-tracker[plots]'",
)

try:
    import svg
except ImportError as error:
    raise BadValue(*NOT_INSTALLED) from error

Element = svg.Element
Point = tuple[float, float]

FONTS = "system-ui, Segoe UI, Roboto, Helvetica Neue, Arial, Noto Sans, DejaVu Sans, sans-serif"

_QUOTED = {'"': "&quot;", "'": "&#39;"}


def escaped(text: str) -> str:
    """A text that is nothing but text, in an element as in an attribute."""
    return escape(clean(text), _QUOTED)


def near(value: float) -> float | int:
    """A coordinate to a tenth of a pixel."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def _named(title: str) -> list[Element] | None:
    return [svg.Title(text=escaped(title))] if title else None


def words(
    x: float, y: float, text: str, *classes: str, anchor: str = "start", title: str = "", size: float = SIZE
) -> Element:
    """Some words, their baseline beginning, ending or centred at a point; ``title`` is the whole of what
    they are cut from."""
    drawn: list[Element] | None = None
    if title:
        drawn = [svg.Title(text=escaped(title)), svg.TSpan(text=escaped(text))]
    return svg.Text(
        x=near(x),
        y=near(y),
        class_=list(classes) or None,
        text_anchor=None if anchor == "start" else anchor,  # type: ignore[arg-type]
        font_size=None if size == SIZE else near(size),
        text=None if drawn else escaped(text),
        elements=drawn,
    )


def slanted(x: float, y: float, text: str, *, title: str = "") -> Element:
    """Some words that rise from a point to the right."""
    drawn = words(x, y, text, title=title)
    assert isinstance(drawn, svg.Text)
    drawn.transform = [svg.Rotate(-50, near(x), near(y))]
    return drawn


def rect(x: float, y: float, wide: float, high: float, *classes: str, title: str = "") -> Element:
    """A rectangle by its upper left corner; never of no width, so that it can be seen."""
    return svg.Rect(
        x=near(x),
        y=near(y),
        width=near(max(wide, 0.5)),
        height=near(max(high, 0.5)),
        class_=list(classes),
        elements=_named(title),
    )


def dot(x: float, y: float, radius: float, *classes: str, title: str = "") -> Element:
    """A circle around a point."""
    return svg.Circle(cx=near(x), cy=near(y), r=near(radius), class_=list(classes), elements=_named(title))


def path(parts: Iterable[Sequence[Point]], *classes: str, closed: bool = False, title: str = "") -> Element:
    """Lines through points, several of them apart; ``closed`` ones end where they begin."""
    steps = [_Steps("L".join(f"{near(x)} {near(y)}" for x, y in points), closed) for points in parts]
    return svg.Path(
        d=list(steps), class_=list(classes), fill=None if closed else "none", elements=_named(title)
    )


@dataclass
class _Steps(svg.PathData):
    """Lines from point to point: in one piece, as the library takes its time over each step."""

    command = "M"
    points: str
    closed: bool

    def __str__(self) -> str:
        return f"M{self.points}{'Z' if self.closed else ''}"


def group(elements: Iterable[Element], *classes: str) -> Element:
    """Elements that share classes."""
    return svg.G(elements=list(elements), class_=list(classes) or None)


def picture(
    elements: Iterable[Element],
    *,
    box: tuple[float, float, float, float],
    id_: str,
    title: str,
    description: str,
    classes: Sequence[str],
    style: str = "",
) -> str:
    """A whole picture as SVG. ``box`` is its left, top, width and height; its title and description are
    its text alternative. Names of elements within begin with ``id_``."""
    left, top, wide, high = map(near, box)
    told: list[Element] = [
        svg.Title(id=f"{escaped(id_)}-title", text=escaped(title)),
        svg.Desc(id=f"{escaped(id_)}-desc", text=escaped(description)),
    ]
    if style:
        told.append(svg.Style(text=style))
    drawn = svg.SVG(
        id=escaped(id_),
        class_=["plot", *classes],
        viewBox=svg.ViewBoxSpec(left, top, wide, high),
        width=wide,
        height=high,
        elements=[*told, *elements],
        extra={
            "font-family": FONTS,
            "font-size": f"{SIZE}",
            "role": "img",
            "aria-labelledby": f"{escaped(id_)}-title {escaped(id_)}-desc",
        },
    )
    return written(drawn)


_APART = frozenset(("elements", "text", "data", "extra"))
"""What of an element is no attribute."""


@lru_cache(maxsize=256)
def _attribute(field: str) -> str:
    return field.rstrip("_").replace("__", ":").replace("_", "-")


def _value(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value)


def written(element: Element) -> str:
    """An element of such as are made here as text: word for word what the library makes of it, which takes
    its time over all that an element might have."""
    name = element.element_name
    given = "".join(
        [
            f' {_attribute(field)}="{_value(value)}"'
            for field, value in vars(element).items()
            if value is not None and field not in _APART
        ]
    )
    if element.extra:
        given += "".join([f' {key}="{value}"' for key, value in element.extra.items()])
    within = element.text or "".join([written(each) for each in element.elements or ()])
    return f"<{name}{given}>{within}</{name}>" if within else f"<{name}{given}/>"
