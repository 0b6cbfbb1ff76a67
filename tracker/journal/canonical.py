"""Canonical JSON (RFC 8785): one value, one sequence of bytes, so that a hash means something.

RFC 8785 leaves number formatting and key order as its hard parts. The journal holds no floats, no
integer of 2**53 or more, and ASCII keys only; for such values Python's sorted, compact writer
gives exactly the bytes that the RFC asks for, much sooner than a general one would.
Everything else is refused. The tests compare with an independent implementation.
"""

from __future__ import annotations

import json
from contextlib import suppress
from functools import lru_cache
from typing import Any

from tracker.errors import Unjournalable

SAFE_INTEGER = 2**53
"""Integers from here on are not exact in every JSON reader (RFC 7493, section 2.2)."""

MAX_DEPTH = 32


# Circles are looked for before: nothing is nested as deep as they are.
_WRITE = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False
).encode


def canonical(value: Any) -> bytes:
    """The canonical bytes of a value made of dicts, lists, strings, integers, booleans and None.

    Raises :class:`Unjournalable`, saying where, for anything else.
    """
    if _is_plain([value], -1):
        text = _WRITE(value)
        if NUL not in text:
            with suppress(UnicodeEncodeError):
                return text.encode("utf-8")
    _check(value, "$", 0)  # says where and why, or that all is well
    return _WRITE(value).encode("utf-8")


quoted = json.encoder.encode_basestring
"""A text as JSON writes it; whether it has a canonical form is for the caller to see."""


def plain_text(value: dict[str, Any]) -> str | None:
    """The canonical text of a dict, its characters aside; None where it takes the slow check to say
    whether there is one. Field by field is quicker than any general writer: texts nearly all, under
    names that come again and again."""
    if type(value) is not dict:
        return _WRITE(value) if _is_plain(value, 0) else None
    return _text_of(value, 0)


def _text_of(value: dict[str, Any], depth: int) -> str | None:
    named = _in_order(tuple(value))
    if named is None:
        return None
    parts = []
    for key, name in named:
        item = value[key]
        kind = type(item)
        if kind is str:
            parts.append(name + quoted(item))
        elif kind is dict and depth + 1 < MAX_DEPTH:
            inner = _text_of(item, depth + 1)
            if inner is None:
                return None
            parts.append(name + inner)
        elif _is_plain((item,), depth):
            parts.append(name + _WRITE(item))
        else:
            return None
    return "{" + ",".join(parts) + "}"


@lru_cache(maxsize=1024)
def _in_order(keys: tuple[str, ...]) -> list[tuple[str, str]] | None:
    """The names of fields in order, each with how it is written before its value; None where one may not have
    a form."""
    if any(type(key) is not str or not key.isascii() for key in keys):
        return None
    return [(key, f"{quoted(key)}:") for key in sorted(keys)]


NUL = "\\u0000"
"""How NUL is written. A text may hold these very letters; that is for the slow check to see."""


def _is_plain(container: Any, depth: int) -> bool:
    """Whether a dict or list certainly has a canonical form, its characters aside, in a fraction of the
    time that it takes to say what is wrong with one that has none."""
    if depth >= MAX_DEPTH:
        return False
    items = container
    if type(container) is dict:
        items = container.values()
        for key in container:
            if type(key) is not str or not key.isascii():
                return False
    for item in items:
        kind = type(item)
        if kind is str or item is None or kind is bool:
            continue
        if kind is int:
            if -SAFE_INTEGER < item < SAFE_INTEGER:
                continue
            return False
        if (kind is dict or kind is list) and _is_plain(item, depth + 1):
            continue
        return False
    return True


def _check(value: Any, where: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Unjournalable(f"{where[:80]} is nested more than {MAX_DEPTH} deep", "flatten it")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value, where)
    elif isinstance(value, int):
        if abs(value) >= SAFE_INTEGER:
            bits = value.bit_length()
            shown = str(value) if bits < 128 else f"an integer of {bits} bits"
            raise Unjournalable(f"{where}: {shown} is too large to be exact", "write it as text, in quotes")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _check(item, f"{where}[{number}]", depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise Unjournalable(f"{where}: the key {key!r:.60} is not plain ASCII text", "rename it")
            _check_text(key, f"{where}: the key {key!r:.60}")
            _check(item, f"{where}.{key}", depth + 1)
    else:
        raise Unjournalable(f"{where}: a {type(value).__name__} has no canonical form", "write it as text")


def _check_text(text: str, where: str) -> None:
    if "\x00" in text:
        raise Unjournalable(f"{where} holds a NUL character", "remove it")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unjournalable(
            f"{where} holds half of a character (a lone surrogate)", "save the text as UTF-8"
        ) from error
