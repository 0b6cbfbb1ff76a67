"""STIX 2.1 in: notes, attributions, opinions and sightings of a bundle, with who made them.

What this program wrote itself is read from its extension, record by record. Of what others wrote, a claim
is: a note; an ``attributed-to`` relationship; and whatever else an opinion or a sighting of the file
is about. Evidence is: an opinion, a sighting, and that a named author made a claim.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile, BadValue, ClaimsError, Finding
from tracker.formats.acts import Group
from tracker.formats.confidence import scale_named
from tracker.formats.jsonfields import Fields
from tracker.formats.jsontext import read_value
from tracker.formats.stixforeign import Foreign
from tracker.formats.stixown import Own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import BinaryIO

    from tracker.formats.acts import Act, Reading

_ID = re.compile(r"[a-z][a-z0-9-]{1,249}--[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NO_BUNDLE = 'it should be a bundle: {"type": "bundle", "objects": […]}, or one STIX object, or a list of them'


def read(file: BinaryIO, name: str, options: Mapping[str, str]) -> Reading:
    """The acts of a bundle, of a list of objects, or of one object."""
    keys = options.get("keys", "")
    if keys not in ("", "keep"):
        raise BadValue(f"keys cannot be {keys!r}", "write keys=keep, or leave it out")
    scale = scale_named(options.get("scale", "admiralty"))
    bundle = Bundle()
    for number, each in enumerate(_listed(read_value(file, name), name)):
        if (finding := bundle.take(each, f"objects[{number}]")) is not None:
            yield finding
    own = Own(bundle.objects, keep_keys=keys == "keep")
    foreign = Foreign(bundle.objects, scale, options.get("source", ""))
    yield from _groups(own, foreign)


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
        if known is None or str(known.data.get("modified", "")) <= str(value.get("modified", "")):
            self.objects[id_] = Fields(value, where)
        return None


def _groups(own: Own, foreign: Foreign) -> Iterator[Group | Finding]:
    """All groups: who and what before what is claimed, and that before what is said of it."""
    passes: tuple[Callable[[Fields], list[Act]], ...] = (
        *(own.who_and_what, own.claim, own.late_claim, foreign.claim, own.links, own.said, foreign.said),
    )
    own_ids = {id_ for id_ in own.objects if own.is_own(own.objects[id_])}
    refused: set[str] = set()
    for read_acts in passes:
        for id_, fields in own.objects.items():
            is_own = read_acts.__self__ is own  # type: ignore[attr-defined]
            if (id_ in own_ids) != is_own or id_ in refused:
                continue
            try:
                acts = read_acts(fields)
            except ClaimsError as error:
                refused.add(id_)
                yield Finding(f"{fields.where} ({id_})", error.message, error.hint)
            else:
                if acts:
                    yield Group(f"{fields.where} ({id_})", tuple(acts))
