"""Records as payloads: how the fields of a record are written into the journal, and read back."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from claims.dates import UncertainDate, from_edtf

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_PAYLOAD = frozenset({"key", "withdrawn", "merged_into", "recorded_on", "made_on", "author"})
"""Fields that the entry itself carries, or that acts of their own set."""


def payload_of(record: Any, leave_out: frozenset[str] = _NOT_PAYLOAD) -> dict[str, Any]:
    """The payload of a record (a dataclass): every field that differs from its default."""
    written = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name in leave_out or (field.default is not MISSING and value == field.default):
            continue
        written[field.name] = plain(value)
    return written


def plain(value: Any) -> Any:
    """A field's value in the plain terms that the journal holds; likelihoods become text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UncertainDate):
        return date_to_plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def date_to_plain(value: UncertainDate) -> dict[str, Any]:
    """An uncertain date in plain terms."""
    written: dict[str, Any] = {"edtf": value.edtf}
    if value.words != value.edtf:
        written["words"] = value.words
    if value.after:
        written["after"] = list(value.after)
    return written


def date_from_plain(value: Mapping[str, Any] | None) -> UncertainDate | None:
    """The uncertain date that plain terms stand for."""
    if value is None:
        return None
    read = from_edtf(value["edtf"], value.get("words", ""))
    return replace(read, after=tuple(value.get("after", ())))


def changes(before: Any, after: Any) -> dict[str, dict[str, Any]]:
    """What differs between two records of one type: ``{"set": {...}, "was": {...}}``, in plain
    terms; empty when nothing does."""
    now, was = {}, {}
    for field in fields(after):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new and field.name not in _NOT_PAYLOAD:
            now[field.name] = plain(new)
            was[field.name] = plain(old)
    return {"set": now, "was": was} if now else {}
