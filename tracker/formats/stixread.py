"""STIX 2.1 in: notes, attributions, opinions and sightings of a bundle, with who made them.

What this program wrote itself is read from its extension, record by record. Of what others wrote, a claim
is: a note; an ``attributed-to`` relationship; and whatever else an opinion or a sighting of the file
is about. Evidence is: an opinion, a sighting, and that a named author made a claim.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile, BadValue, ClaimsError, Finding
from tracker.formats.acts import Group
from tracker.formats.confidence import scale_named
from tracker.formats.jsonfields import Fields
from tracker.formats.jsontext import read_value
from tracker.formats.ownrecords import OwnRecord, OwnRecords
from tracker.formats.stixforeign import Foreign
from tracker.formats.stixparts import EXTENSION, fields_held, version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from typing import BinaryIO

    from tracker.formats.acts import Act, Reading

_ID = re.compile(r"[a-z][a-z0-9-]{1,249}--[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NO_BUNDLE = 'it should be a bundle: {"type": "bundle", "objects": […]}, or one STIX object, or a list of them'
_FRAME = ("identity", "marking-definition", "extension-definition", "report")
"""Objects that are not missed: they say who made others, how these are marked, and what belongs together."""

_RECORDS = ("source", "entity", "question", "case", "claim", "evidence", "assessment")


def read(file: BinaryIO, name: str, options: Mapping[str, str]) -> Reading:
    """The acts of a bundle, of a list of objects, or of one object."""
    keep_keys = keeps_keys(options)
    scale = scale_named(options.get("scale", "admiralty"))
    bundle = Bundle()
    for number, each in enumerate(_listed(read_value(file, name), name)):
        if (finding := bundle.take(each, f"objects[{number}]")) is not None:
            yield finding
    own = OwnRecords([record for each in bundle.own for record in _records(each)], keep_keys=keep_keys)
    foreign = Foreign(bundle.objects, scale, options.get("source", ""), own.names)
    reading = _Foreign(bundle, {})
    yield from own.things()
    yield from own.claims()
    yield from reading.groups(foreign.claim)
    yield from own.said()
    yield from reading.groups(foreign.said)
    if passed_over := reading.passed_over(foreign.used):
        yield Group("the rest", (), (passed_over,))


def keeps_keys(options: Mapping[str, str]) -> bool:
    """Whether records are to go by the keys in the file; raises :class:`BadValue` for another wish."""
    if (keys := options.get("keys", "")) not in ("", "keep"):
        raise BadValue(f"keys cannot be {keys!r}", "write keys=keep, or leave it out")
    return keys == "keep"


def _listed(value: Any, name: str) -> list[Any]:
    if isinstance(value, dict) and value.get("type") == "bundle":
        value = value.get("objects", [])
    elif isinstance(value, dict) and "type" in value and "id" in value:
        value = [value]
    if not isinstance(value, list):
        raise BadFile(f"{name} is no STIX", NO_BUNDLE)
    return value


class Bundle:
    """The objects of a file by their ids: of several versions of one the newest."""

    def __init__(self) -> None:
        self.objects: dict[str, Fields] = {}

    def take(self, value: Any, where: str) -> Finding | None:
        """Take an object in; a finding says why it is none."""
        if not isinstance(value, dict):
            return Finding(where, f"this is {value!r:.60}, not an object", NO_BUNDLE)
        type_, id_ = value.get("type"), value.get("id")
        if not isinstance(type_, str) or not isinstance(id_, str):
            return Finding(where, "it has no type, or no id", "every STIX object has both, as texts")
        if not _ID.fullmatch(id_) or not id_.startswith(f"{type_}--"):
            return Finding(where, f"{id_[:80]!r} is no id of a {type_[:40]}", "an id is: type--UUID")
        known = self.objects.get(id_)
        if known is None or version_of(known.data.get("modified")) <= version_of(value.get("modified")):
            self.objects[id_] = Fields(value, f"{where} ({id_})")
        return None

    @property
    def own(self) -> list[Fields]:
        """The objects that this program wrote."""
        return [each for each in self.objects.values() if _held(each)]


def _held(fields: Fields) -> dict[str, Any]:
    """What the extension of this program holds; nothing in what others wrote."""
    extensions = fields.data.get("extensions")
    held = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    return held if isinstance(held, dict) else {}


def _records(fields: Fields) -> Iterator[OwnRecord]:
    """The record that an object stands for, and those within it."""
    held, id_ = _held(fields), str(fields.data["id"])
    if (word := held.get("record")) in _RECORDS:
        yield OwnRecord(fields.where, str(word), fields_held(held), id_)
    within = (("entity", "entity_records"), ("link", "links"), ("document", "document_record"))
    for word, name in within:
        value = held.get(name, [])
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield OwnRecord(fields.where, word, fields_held(each))


@dataclass(slots=True)
class _Foreign:
    """What others wrote, being read. ``told`` says of each object whether it was understood, or refused."""

    bundle: Bundle
    told: dict[str, bool]

    def groups(self, read_acts: Callable[[Fields], list[Act]]) -> Reading:
        """The groups of all objects; what is refused once is not told of again."""
        for id_, fields in self.bundle.objects.items():
            if _held(fields) or self.told.get(id_) is False:
                continue
            try:
                acts = read_acts(fields)
            except ClaimsError as error:
                self.told[id_] = False
                yield Finding(fields.where, error.message, error.hint)
            else:
                if acts:
                    self.told[id_] = True
                    yield Group(fields.where, tuple(acts))

    def passed_over(self, used: Collection[str]) -> Finding | None:
        """How many objects of which types say nothing that is taken, and stand for nothing that is."""
        types = Counter(
            str(fields.data["type"])
            for id_, fields in self.bundle.objects.items()
            if not (_held(fields) or id_ in self.told or id_ in used)
        )
        found = ", ".join(f"{count} {type_}" for type_, count in types.items() if type_ not in _FRAME)
        return Finding("the rest", f"passed over: {found}", "see docs/stix.md") if found else None
