"""JSON read strictly: what two readers could take for two things is refused.

The standard library's reader keeps the last of two equal keys, makes infinity of a number that is too
large, and takes ``NaN``, which is no JSON, and halves of characters, which cannot be written again.
Whoever checks a record with another reader must see what we see (RFC 8259, section 4; RFC 7493).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from math import isinf
from typing import Any, NoReturn

LONGEST_NUMBER = 400
"""Digits and signs of one number: what is longer is beyond every double, and slow to read."""

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
"""How a half of a character is written, and each half of a whole one too."""


def read_json(data: bytes) -> Any:
    """The value that JSON in UTF-8 stands for.

    Raises ``ValueError``, saying what is wrong, for what is no JSON, an object with one key twice,
    NaN and infinities, a number too large, half of a character, and nesting past what can be read.
    """
    try:
        value = _DECODER.decode(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not UTF-8") from error
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    if _HALF.search(data):
        _whole(value)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(key for key, _ in pairs)
        twice = next(key for key in times if times[key] > 1)
        raise ValueError(f"the key {twice[:40]!r} is there twice")
    return found


def _integer(text: str) -> int:
    _short_enough(text)
    return int(text)


def _fraction(text: str) -> float:
    _short_enough(text)
    value = float(text)
    if isinf(value):
        raise ValueError(f"the number {text[:40]} is too large")
    return value


def _short_enough(text: str) -> None:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a number has {len(text):,} digits and signs, more than {LONGEST_NUMBER}")


def _constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _whole(value: Any) -> None:
    """Refuse halves of characters, wherever they are in a value."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str) and not each.isascii():
            try:
                each.encode("utf-8")
            except UnicodeEncodeError as error:
                raise ValueError("a text holds half of a character (a lone surrogate)") from error
        elif isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, dict):
            waiting.extend((*each, *each.values()))


_DECODER = json.JSONDecoder(
    object_pairs_hook=_once, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)
