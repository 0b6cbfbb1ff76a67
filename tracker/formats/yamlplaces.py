"""Where the values of a YAML text stand in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Place:
    """Where one value stands: from ``start`` up to ``end``, in characters, and at which ``column``.

    ``block`` says that it is a mapping or list written by lines; ``collection`` that it is one at all, in
    lines or in brackets; ``listed`` that it is a list. ``end`` is exact only for what is written on one line
    or in brackets. ``keys`` and ``values`` are those of a block; ``text`` is that of a scalar.
    """

    start: int
    end: int
    column: int
    block: bool = False
    collection: bool = False
    listed: bool = False
    text: str = ""
    keys: list[Place] = field(default_factory=list)
    values: list[Place] = field(default_factory=list)

    def take(self, inner: Place) -> None:
        """Take the next value inside; in a mapping names and values take turns."""
        if not self.listed and len(self.keys) == len(self.values):
            self.keys.append(inner)
        else:
            self.values.append(inner)


def places_of(text: str) -> Place | None:
    """The places of a text that :func:`tracker.formats.yamltree.read_tree` has read already: it is
    within limits, and without aliases. None where it is empty."""
    root: Place | None = None
    stack: list[Place] = []
    events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
    for event in events:
        begins: Any = event.start_mark
        ends: Any = event.end_mark
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop().end = ends.index
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        place = Place(begins.index, ends.index, begins.column)
        if stack:
            stack[-1].take(place)
        else:
            root = place
        if isinstance(event, yaml.CollectionStartEvent):
            place.collection = True
            place.block = not event.flow_style
            place.listed = isinstance(event, yaml.SequenceStartEvent)
            stack.append(place)
        elif isinstance(event, yaml.ScalarEvent):
            place.text = event.value
    return root
