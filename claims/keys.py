"""Keys: short human names for records, made from their words unless given, and never changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.errors import BadValue
from claims.names import fold

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_LENGTH = 80
WORDS = 6

KEY_PATTERN = r"[a-z0-9]+(?:[-.][a-z0-9]+)*"
"""What a key looks like, wherever it stands in a text."""

_VALID = re.compile(KEY_PATTERN + r"\Z")
_SMALL_WORDS = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "had", "has"),
        *("have", "he", "her", "his", "in", "is", "it", "its", "of", "on", "or", "she", "that"),
        *("the", "their", "they", "this", "to", "was", "were", "which", "who", "will", "with"),
    )
)


def is_key(text: str) -> bool:
    """Whether a text could be a key: well formed, and not too long."""
    return len(text) <= MAX_LENGTH and _VALID.match(text) is not None


def check_key(key: str, what: str = "key", longest: int = MAX_LENGTH) -> str:
    """The key, if it is well formed; raises :class:`BadValue` if not."""
    if len(key) > longest or not _VALID.match(key):
        shown = key if len(key) <= longest else key[:longest] + "…"
        raise BadValue(
            f"{shown!r} cannot be a {what}",
            f"use up to {longest} lower-case letters, digits and hyphens: kouffa-killed-2018",
        )
    return key


def make_key(text: str, taken: Callable[[str], bool]) -> str:
    """A fresh key from the words of a text: its first few that carry meaning, and a number where
    another record has that key already."""
    return number_key(stem_of(text), taken)


def stem_of(text: str) -> str:
    """The key that the words of a text make, whether or not another record has it."""
    words = fold(text).split()
    telling = [word for word in words if word not in _SMALL_WORDS] or words or ["item"]
    stem = ""
    for word in telling[:WORDS]:
        longer = f"{stem}-{word}" if stem else word[: MAX_LENGTH - 10]
        if len(longer) > MAX_LENGTH - 10:
            break
        stem = longer
    return stem


def number_key(stem: str, taken: Callable[[str], bool]) -> str:
    """The stem itself, or the first of stem-2, stem-3, … that is not taken."""
    key, number = stem, 1
    while taken(key):
        number += 1
        key = f"{stem}-{number}"
    return key
