"""Records as payloads: how the fields of a record are written into the journal, and read back."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from claims.dates import UncertainDate, from_edtf
from claims.errors import BadValue, ClaimsError
from claims.model import Assessment, Source
from claims.vocabulary import (
    Basis,
    Credibility,
    EntityType,
    Kind,
    Relation,
    Reliability,
    Side,
    SourceType,
    Stance,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_VOCABULARIES: dict[str, type[Enum]] = {
    "basis": Basis,
    "credibility": Credibility,
    "kind": Kind,
    "relation": Relation,
    "reliability": Reliability,
    "side": Side,
    "stance": Stance,
    "status": Status,
}
_LISTS = frozenset({"aliases", "rules_off", "sides"})
_YES_OR_NO = frozenset({"cumulative", "exactly_one", "needs_approval", "ongoing"})

_NOT_PAYLOAD = frozenset({"key", "withdrawn", "merged_into", "recorded_on", "made_on"})
"""Fields that the entry itself carries, or that acts of their own set."""

_OF_ENTRIES = frozenset({"author", "state", "decided_by", "decided_on", "decided_reason"})
"""The same of assessments alone."""


def payload_of(record: Any) -> dict[str, Any]:
    """The payload of a record (a dataclass): every field that differs from its default."""
    written = {}
    cls: type = type(record)
    names, defaults, values = _written(cls)
    for name, default, value in zip(names, defaults, values(record), strict=True):
        if value is default:
            continue
        if default is MISSING or value != default:
            written[name] = value if type(value) is str else plain(value)
    return written


@cache
def _written(cls: type) -> tuple[list[str], list[Any], Callable[[Any], tuple[Any, ...]]]:
    """The fields of a record that are part of its payload: their names, their defaults, and what gives
    their values."""
    part = [field for field in fields(cls) if not _is_apart(cls, field.name)]
    names = [field.name for field in part]
    return names, [field.default for field in part], attrgetter(*names)


def _is_apart(cls: type, name: str) -> bool:
    """Whether a field is no part of the payload. Whose verdict an assessment is, its entry says, and later
    ones what was decided of it; who wrote a document is a field like any other."""
    return name in _NOT_PAYLOAD or (name in _OF_ENTRIES and issubclass(cls, Assessment))


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
    return _read_date(value["edtf"], value.get("words", ""), tuple(value.get("after", ())))


@lru_cache(maxsize=8192)
def _read_date(edtf: str, words: str, after: tuple[str, ...]) -> UncertainDate:
    """A date, read once: the same days come again and again in a journal."""
    return replace(from_edtf(edtf, words), after=after)


def changes(before: Any, after: Any) -> dict[str, dict[str, Any]]:
    """What differs between two records of one type: ``{"set": {...}, "was": {...}}``, in plain
    terms; empty when nothing does."""
    now, was = {}, {}
    for field in fields(after):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new and not _is_apart(type(after), field.name):
            now[field.name] = plain(new)
            was[field.name] = plain(old)
    return {"set": now, "was": was} if now else {}


def record_of(cls: type, key: str, payload: Mapping[str, Any], **given: Any) -> Any:
    """The record that a payload records; ``given`` are the fields that the entry itself carries.

    The reverse of :func:`payload_of`, for payloads that came from elsewhere. Raises
    :class:`BadValue`, naming the field, for what is no payload of such a record.
    """
    read = fields_of(cls, payload)
    try:
        return cls(key=key, **read, **given)
    except TypeError:
        wanted = [f.name for f in fields(cls) if f.default is MISSING]
        lacking = [name for name in wanted if name not in {"key", *read, *given}]
        raise BadValue(f"{', '.join(lacking)} is missing", "the entry is not whole") from None


def fields_of(cls: type, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a record's fields that plain terms stand for; raises :class:`BadValue`."""
    known = {field.name: field for field in fields(cls) if not _is_apart(cls, field.name)}
    read: dict[str, Any] = {}
    for name, value in payload.items():
        if name not in known:
            raise BadValue(f"a {cls.__name__.lower()} has no field {name!r:.40}", "the entry is not sound")
        if value is None and known[name].default is None:
            read[name] = None
            continue
        try:
            read[name] = _reader(cls, name)(value)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, ClaimsError) as error:
            raise BadValue(f"{value!r:.60} cannot be the {name}", "the entry is not sound") from error
    return read


def _reader(cls: type, name: str) -> Callable[[Any], Any]:
    """How the plain value of a field is read."""
    if name == "type":
        return SourceType if cls is Source else EntityType
    if name in _VOCABULARIES:
        return _VOCABULARIES[name]
    if name in ("published", "when"):
        return _date
    if name in _LISTS:
        return _texts
    if name in _YES_OR_NO:
        return _yes_or_no
    return _likelihood if name == "likelihood" else _text


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError("not a list")
    return tuple(_text(item) for item in value)


def _date(value: Any) -> UncertainDate | None:
    if not isinstance(value, dict) or not {"edtf"} <= value.keys() <= {"edtf", "words", "after"}:
        raise TypeError("not a date")
    _text(value["edtf"])
    _text(value.get("words", ""))
    _texts(value.get("after", []))
    return date_from_plain(value)


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _likelihood(value: Any) -> float:
    likelihood = float(_text(value))
    if not 0 <= likelihood <= 1:
        raise ValueError("not a probability")
    return likelihood
