"""Cells of a sheet that were merged into one: all of them have the value that is shown there.

A file keeps the value in the first of them alone, at the upper left.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

MOST = 100_000
"""Merged places of a sheet that are heeded; a sheet with more is made by no person."""

MOST_CELLS = 2_000_000
"""Cells of one merged place that are filled: a few bytes can name a whole sheet."""

_RANGE = re.compile(rb"""<mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']""")


class _Place(NamedTuple):
    first_row: int
    last_row: int
    first: int
    last: int


class Merged:
    """The merged places of one sheet, from its XML; rows are to be filled in their order."""

    def __init__(self, xml: bytes) -> None:
        found = []
        for match in _RANGE.finditer(xml):
            place = _Place(int(match[2]), int(match[4]), _column(match[1]), _column(match[3]))
            size = (place.last_row - place.first_row + 1) * (place.last - place.first + 1)
            if 1 < size <= MOST_CELLS:
                found.append(place)
            if len(found) == MOST:
                break
        self._waiting = sorted(found, reverse=True)
        self._open: list[tuple[_Place, Any]] = []

    def __bool__(self) -> bool:
        return bool(self._waiting or self._open)

    def filled(self, number: int, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """A row by its number, with what is shown in its merged cells; empty ones alone are filled."""
        while self._waiting and self._waiting[-1].first_row <= number:
            place = self._waiting.pop()
            if place.first_row == number and place.first < len(row):
                self._open.append((place, row[place.first]))
        self._open = [(place, value) for place, value in self._open if place.last_row >= number]
        if not self._open:
            return row
        cells = list(row)
        for place, value in self._open:
            cells += [None] * (place.last + 1 - len(cells))
            for at in range(place.first, place.last + 1):
                if cells[at] is None:
                    cells[at] = value
        return tuple(cells)


def _column(letters: bytes) -> int:
    """The place of a column by its letters: A is 0."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
