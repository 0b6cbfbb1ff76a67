"""What STIX objects of this program have in common: their ids, their times, and the extension that
holds what STIX has no property for."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping

EXTENSION = "extension-definition--f5f4d0a1-0f5c-4d1e-9d3a-5a0d7a6f1c52"
PROGRAM = "identity--2f0b8f0e-6c58-4b7e-8f0a-9d5c0f3b7a41"
NAMESPACE = uuid.UUID("6a1c9a7e-5b5f-4a63-9b0e-0c3c8f4d2e17")
"""Of all names made here; STIX keeps 00abedb4-… for its own observables."""

FIRST_VERSION = "2026-11-26T00:00:00.000Z"
"""When the extension was defined, as it is now."""

SCHEMA = (
    "A property extension. It holds one record of a tracker of claims, in plain fields: record (what it"
    " is: source, entity, role, claim, evidence, assessment, case or question), key (what it is called"
    " there), and the fields of that record by their names. Fields that name other records hold their keys;"
    " source_ref and entity_ref hold STIX ids. document_record, entity_records and links hold records that"
    " no STIX object stands for. status, likelihood, likelihood_words, evidence_base, status_as_of and policy"
    " say how a claim stood: what was computed of it, not what anybody said."
)

IDS = ("uuid4", "uuid5")


class Ids:
    """The ids of one tracker's objects: the same record has the same id in every export of it.

    They are made of a namespace of the tracker (``origin``: the hash of its journal's first entry) and the
    name of the record. STIX 2.1 (2.9) wants ids of all but observables to be UUIDs of version 4, and strict
    validators hold to it; so by default the bits of a SHA-256 take the place of random ones. With ``uuid5``
    they are name-based UUIDs of RFC 4122, which the standard allows with a namespace of one's own.
    """

    def __init__(self, origin: str, form: str = "uuid4") -> None:
        if form not in IDS:
            raise BadValue(f"ids cannot be {form!r}", f"choose one of: {', '.join(IDS)}")
        self._form = form
        self._namespace = uuid.uuid5(NAMESPACE, origin)

    def uuid(self, *name: str) -> str:
        """The UUID of a name, whose first word says what it is of."""
        return str(named_uuid(self._namespace, "\n".join(name), self._form))

    def of(self, type_: str, *name: str) -> str:
        """The id of a record as an object of a type."""
        return f"{type_}--{self.uuid(*name)}"


def named_uuid(namespace: uuid.UUID, name: str, form: str = "uuid4") -> uuid.UUID:
    """The UUID that a name has within a namespace."""
    if form == "uuid5":
        return uuid.uuid5(namespace, name)
    return uuid.UUID(bytes=hashlib.sha256(namespace.bytes + name.encode()).digest()[:16], version=4)


def timestamp(moment: str) -> str:
    """A moment of the journal as STIX writes it, to the millisecond."""
    return moment[:23] + "Z" if "." in moment else moment.removesuffix("Z") + ".000Z"


_FRACTION = re.compile(r"(.*?)(?:\.(\d*?)0*)?Z?", re.DOTALL)


def version_of(modified: object) -> tuple[str, str]:
    """A moment of STIX in a form in which later ones are greater: with a fraction of a second or without."""
    found = _FRACTION.fullmatch(str(modified or ""))
    return (found[1], found[2] or "") if found else ("", "")


def extension(record: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The ``extensions`` of an object: fields of a record, without empty ones."""
    held: dict[str, Any] = {"extension_type": "property-extension", "record": record}
    held.update((_WRITTEN.get(name, name), value) for name, value in fields.items() if name != "act")
    if "grades" in held:
        held["grades"] = [{"grade": grade, "reason": why} for grade, why in held["grades"]]
    return {EXTENSION: {name: it for name, it in held.items() if it is not None and it not in ("", [], ())}}


_WRITTEN = {"id": "external_id", "by": "made_by", "on": "made_on"}
"""Fields whose names are too short for a property of STIX."""

_READ = {written: name for name, written in _WRITTEN.items()}


def fields_held(held: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record as an act has them, from what the extension holds."""
    fields = {_READ.get(written, written): value for written, value in held.items()}
    grades = fields.get("grades")
    if isinstance(grades, list) and all(isinstance(each, dict) for each in grades):
        fields["grades"] = [[each.get("grade", ""), each.get("reason", "")] for each in grades]
    return fields


def definitions() -> list[dict[str, Any]]:
    """The extension, and this program as who defined it: the same in every bundle."""
    common = {"spec_version": "2.1", "created": FIRST_VERSION, "modified": FIRST_VERSION}
    program = {
        "type": "identity",
        "id": PROGRAM,
        **common,
        "name": "claims-verification-tracker",
        "description": "The program that wrote this.",
        "identity_class": "system",
    }
    defined = {
        "type": "extension-definition",
        "id": EXTENSION,
        **common,
        "created_by_ref": PROGRAM,
        "name": "Records of a claims verification tracker",
        "description": "What a tracker of claims records of them that STIX has no property for.",
        "schema": SCHEMA,
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }
    return [program, defined]
