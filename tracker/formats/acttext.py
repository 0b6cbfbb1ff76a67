"""Acts as plain fields, by their names, and back: one object a line in JSON Lines, one row in a table.

Nothing is lost between the two. A date that means what it does only with its EDTF value has that beside its
words: ``when`` and ``when_edtf``.
"""

from __future__ import annotations

import json
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from claims.dates import from_edtf
from claims.errors import BadValue, ClaimsError
from claims.names import did_you_mean
from tracker.formats.acts import ACTS, word_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.formats.acts import Act

ACT = "act"
"""The field that says which act it is."""

DATES = frozenset(("when", "published"))
FLAGS = frozenset(("needs_approval", "exactly_one", "cumulative", "ongoing", "proposed"))
LISTS = frozenset(("rules_off", "sides", "aliases"))
PAIRS = frozenset(("grades",))
_EDTF = "_edtf"
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


@cache
def names_of(word: str) -> tuple[str, ...]:
    """The names of the fields of an act, in order."""
    found = []
    for each in fields(ACTS[word]):
        found.append(each.name)
        if each.name in DATES:
            found.append(each.name + _EDTF)
    return tuple(found)


@cache
def all_names() -> tuple[str, ...]:
    """The names of the fields of all acts, each once: the headings of a table that holds any of them."""
    return (ACT, *dict.fromkeys(name for word in ACTS for name in names_of(word)))


def to_fields(act: Act) -> dict[str, Any]:
    """What an act says, by the names of its fields: texts, flags, and lists of texts or of pairs."""
    word = word_of(act)
    found: dict[str, Any] = {ACT: word}
    for each in fields(ACTS[word]):
        value = getattr(act, each.name)
        if value is None or value == () or (each.name == "id" and not value):
            continue
        if each.name in DATES and not isinstance(value, str):
            found[each.name], found[each.name + _EDTF] = value.words, value.edtf
        elif isinstance(value, tuple):
            found[each.name] = [list(it) if isinstance(it, tuple) else it for it in value]
        else:
            found[each.name] = value
    return found


def to_cells(act: Act) -> dict[str, str]:
    """The same as texts: flags as true and false, lists as JSON."""
    found = {}
    for name, value in to_fields(act).items():
        if isinstance(value, bool):
            found[name] = "true" if value else "false"
        else:
            found[name] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return found


def from_fields(given: Mapping[str, Any]) -> Act:
    """The act that fields say; empty ones say nothing. Raises :class:`BadValue` for what is no act, or has no
    such field, or lacks one that it needs."""
    word = given.get(ACT)
    if not isinstance(word, str) or word not in ACTS:
        raise BadValue(f"{str(word)[:60]!r} is no act", f"there are: {', '.join(ACTS)}")
    known = names_of(word)
    read: dict[str, Any] = {}
    for name, value in given.items():
        if name == ACT or value in (None, "", []):
            continue
        if name not in known:
            near = did_you_mean(name, known)
            meant = f"did you mean {' or '.join(near)}? " if near else ""
            raise BadValue(f"{name[:60]!r} is no field of {word}", f"{meant}there are: {', '.join(known)}")
        read[name] = _value(name, value)
    for name in [each for each in read if each.endswith(_EDTF)]:
        edtf, of = read.pop(name), name.removesuffix(_EDTF)
        try:
            read[of] = from_edtf(edtf, read.get(of) or "")
        except ClaimsError as error:
            raise BadValue(f"{name}: {error.message}", error.hint) from error
    try:
        return ACTS[word](**read)
    except TypeError:
        lacking = [each.name for each in fields(ACTS[word]) if _needed(each) and each.name not in read]
        raise BadValue(f"the {word} lacks its {lacking[0]}", f"give it: {lacking[0]}") from None


def _needed(field: Any) -> bool:
    from dataclasses import MISSING

    return field.default is MISSING


def _value(name: str, value: Any) -> Any:
    if name in FLAGS:
        return _flag(name, value)
    if name in LISTS or name in PAIRS:
        return _list(name, value)
    if not isinstance(value, str):
        raise BadValue(f"{name} is {value!r:.60}, not text", "put it in quotes")
    return value


def _flag(name: str, value: Any) -> bool:
    said = str(value).lower()
    if said not in (*_TRUE, *_FALSE):
        raise BadValue(f"{name} is {value!r:.60}", "write true or false")
    return said in _TRUE


def _list(name: str, value: Any) -> tuple[Any, ...]:
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.startswith("[") else [value]
        except ValueError as error:
            raise BadValue(f"{name} is no list ({error})", 'write it as JSON: ["one", "two"]') from error
    form = "a list of pairs" if name in PAIRS else "a list of texts"
    if not isinstance(value, list):
        raise BadValue(f"{name} is {value!r:.60}, not {form}", "write it as JSON")
    if name in LISTS and all(isinstance(each, str) for each in value):
        return tuple(value)
    if name in PAIRS and all(_is_pair(each) for each in value):
        return tuple((str(one), str(two)) for one, two in value)
    raise BadValue(f"{name} is {value!r:.60}, not {form}", "write it as JSON")


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(each, str) for each in value)
