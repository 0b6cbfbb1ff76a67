"""Lettering: what of a text may stand in a figure, how wide it gets there, and how it is cut to fit.

Nobody knows the reader's letters: widths are estimates, rather too wide than too narrow, so that what
fits by them fits.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SIZE = 12
"""The height of letters, in pixels of the figure."""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may hold (XML 1.0, production 2)."""

_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of the text behind it."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+")

_WIDTHS = {
    "ijl.,:;'|!": 0.28,
    "frtI()[]/\\-· ": 0.36,
    "ABCDEFGHKLNOPQRSTUVXYZ&wm%": 0.76,
    "MW@—…": 0.98,
}
"""Widths of letters as parts of their height, after Helvetica and DejaVu Sans, the wider of the two."""

_NARROW = {ord(letter): width for letters, width in _WIDTHS.items() for letter in letters}
_USUAL = 0.63
_BOLD = 1.13
_JOINER = "\u200d"


def clean(text: str) -> str:
    """A text on one line, without what XML forbids or what turns its direction."""
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROLS.sub(" ", _TURNING.sub("", text))
    return _FORBIDDEN.sub("\ufffd", text)


@lru_cache(maxsize=4096)  # names and keys come again and again
def width(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """About how wide a text is drawn, in pixels."""
    return sum(_width(letter) for letter in text) * size * (_BOLD if bold else 1)


def fitted(text: str, room: float, size: float = SIZE) -> str:
    """A text on one line, cut with an ellipsis where it is wider than the room for it, in pixels. Letters
    that are put together of several are not parted."""
    text = clean(text)
    if len(text) * size < room or width(text, size) <= room:
        return text
    left = room / size - _width("…")
    kept = 0
    for at, letter in enumerate(text):
        left -= _width(letter)
        if left < 0:
            break
        kept = at + 1
    while 0 < kept < len(text) and _hangs_on(text, kept):
        kept -= 1
    return text[:kept].rstrip() + "…"


def folded(text: str, room: float, size: float, most: int, *, bold: bool = False) -> list[str]:
    """A text on so many lines at most, each as wide as the room for it; what is too much is cut."""
    lines: list[str] = []
    left = clean(text).split()
    room /= _BOLD if bold else 1
    while left and len(lines) < most:
        line = [left.pop(0)]
        last = len(lines) == most - 1
        while left and (last or width(" ".join([*line, left[0]]), size) <= room):
            line.append(left.pop(0))
        lines.append(fitted(" ".join(line), room, size))
    return lines


def _hangs_on(text: str, at: int) -> bool:
    """Whether a letter is no letter without the one before it."""
    return bool(unicodedata.combining(text[at])) or _JOINER in text[at - 1 : at + 1] or text[at] == "\ufe0f"


def _width(letter: str) -> float:
    known = _NARROW.get(ord(letter))
    if known is not None:
        return known
    if letter < "\u0300":
        return _USUAL
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0.0
    return 1.05 if unicodedata.east_asian_width(letter) in "WF" else 0.68
