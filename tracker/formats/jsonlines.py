"""JSON Lines of acts: one a line, everything that a tracker holds of its claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from claims.errors import BadFile, ClaimsError, Finding
from tracker.formats.acts import Group
from tracker.formats.acttext import ACT, from_fields
from tracker.formats.jsontext import value_of

if TYPE_CHECKING:
    from tracker.formats.acts import Reading

LONGEST_LINE = 4_000_000
"""Bytes of a line; the fields of an act have room for fewer."""


def read(file: BinaryIO, name: str) -> Reading:
    """The acts of a file, one a line; empty lines are passed over."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        where = f"line {number}"
        if len(line) > LONGEST_LINE:
            raise BadFile(f"{name}, {where}: it has more than {LONGEST_LINE:,} bytes", "is it JSON Lines?")
        if not line.strip():
            continue
        try:
            yield Group(where, (from_fields(_object(line)),))
        except ClaimsError as error:
            yield Finding(where, error.message, error.hint)


def _object(line: bytes) -> dict[str, Any]:
    value = value_of(line, "this")
    if not isinstance(value, dict) or ACT not in value:
        raise BadFile("this is no act", 'a line is an object such as {"act": "source", "name": "…"}')
    return value
