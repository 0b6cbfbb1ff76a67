"""What this program wrote into STIX, read back from its extension."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue
from claims.keys import KEY_PATTERN
from tracker.formats.acttext import from_fields, names_of
from tracker.formats.jsonfields import Fields, wrong
from tracker.formats.stixparts import EXTENSION, own_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.formats.acts import Act

_SEPARATE = ("source", "entity", "question", "case")
"""Records that are told before what names them."""


class Own:
    """Reads records of the extension. With ``keep_keys`` they go by their keys: what this tracker wrote
    comes back as it was, and a claim is known again. Else keys only lead from one record of the file to
    another, as two trackers may call different things by one key."""

    def __init__(self, objects: Mapping[str, Fields], *, keep_keys: bool) -> None:
        self.objects = objects
        self.keep_keys = keep_keys
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._told: set[str] = set()
        for id_, fields in objects.items():
            held = self._held(fields)
            key = held.get("key")
            if held.get("record") == "claim" and isinstance(key, str):
                self._ids[key] = id_
            for each in (held, *_dicts(held.get("entity_records"))):
                self._learn_name(each)

    def _learn_name(self, held: dict[str, Any]) -> None:
        key, name = held.get("key"), held.get("name")
        is_entity = held.get("record", "entity") == "entity"
        if is_entity and isinstance(key, str) and isinstance(name, str):
            self._names[key] = name

    def _held(self, fields: Fields) -> dict[str, Any]:
        extensions = fields.data.get("extensions")
        held = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
        return held if isinstance(held, dict) else {}

    def is_own(self, fields: Fields) -> bool:
        """Whether an object was written by this program: read here, or of no meaning by itself."""
        held = self._held(fields)
        return bool(held) and isinstance(held.get("record"), str)

    def _record(self, fields: Fields) -> str:
        return str(self._held(fields).get("record"))

    # --- each pass ----------------------------------------------------------------------------------

    def who_and_what(self, fields: Fields) -> list[Act]:
        """Sources, entities, questions and cases, and the places and documents within other records."""
        held, record = self._held(fields), self._record(fields)
        acts = [self._act("entity", each) for each in self._records(held, "entity_records")]
        if record in _SEPARATE:
            acts.append(self._act(record, held))
        return acts

    def claim(self, fields: Fields) -> list[Act]:
        """A claim whose date counts from no other."""
        return [] if self._counts_from(fields) else self._claim_of(fields)

    def late_claim(self, fields: Fields) -> list[Act]:
        """A claim whose date counts from another claim of the file."""
        return self._claim_of(fields) if self._counts_from(fields) else []

    def _counts_from(self, fields: Fields) -> set[str]:
        words = self._held(fields).get("when")
        return set(re.findall(KEY_PATTERN, words)) & self._ids.keys() if isinstance(words, str) else set()

    def _claim_of(self, fields: Fields) -> list[Act]:
        if self._record(fields) != "claim":
            return []
        given = self._dated(own_fields(self._held(fields), "claim", names_of("claim")), "when")
        key = given.get("key")
        if isinstance(key, str):
            self._told.add(key)
        if not self.keep_keys:
            given.pop("key", None)
            given["id"] = fields.data["id"]
            for name in ("value", "where"):
                value = given.get(name)
                if isinstance(value, str):
                    given[name] = self._names.get(value, value)
        return [from_fields(given)]

    def _dated(self, given: dict[str, Any], name: str) -> dict[str, Any]:
        """Fields with a date as its words alone, where they count from claims that are known by then and
        go by the same keys; else with its EDTF value, which stands on its own."""
        words = given.get(name)
        if self.keep_keys and isinstance(words, str):
            anchors = set(re.findall(KEY_PATTERN, words)) & self._ids.keys()
            if anchors and anchors <= self._told:
                return {each: value for each, value in given.items() if each != f"{name}_edtf"}
        return given

    def links(self, fields: Fields) -> list[Act]:
        """What a claim is to others of the file."""
        acts = []
        for each in self._records(self._held(fields), "links"):
            given = own_fields(each, "link", names_of("link"))
            for name in ("claim", "other"):
                given[name] = self._claim(given.get(name))
            acts.append(from_fields(given))
        return acts

    def said(self, fields: Fields) -> list[Act]:
        """Evidence and verdicts, with the document that a piece of evidence was read in."""
        held, record = self._held(fields), self._record(fields)
        if record not in ("evidence", "assessment"):
            return []
        acts = []
        if (document := held.get("document_record")) is not None:
            if not isinstance(document, dict):
                raise wrong("document_record", document, "an object")
            acts.append(self._act("document", document))
        given = self._dated(own_fields(held, record, names_of(record)), "published")
        given["claim"] = self._claim(given.get("claim"))
        if record == "evidence" and not self.keep_keys:
            given["id"] = given.pop("key", "")
        return [*acts, from_fields(given)]

    # --- parts --------------------------------------------------------------------------------------

    def _act(self, word: str, held: dict[str, Any]) -> Act:
        given = own_fields(held, word, names_of(word))
        if word != "case" and not self.keep_keys and "key" in given:
            given["id"] = given.pop("key")
        return from_fields(given)

    def _claim(self, key: Any) -> Any:
        """What a claim of the file is called: its id there, unless keys are kept."""
        if self.keep_keys or not isinstance(key, str):
            return key
        return self._ids.get(key, key)

    def _records(self, held: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
        value = held.get(name)
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise BadValue(f"its {name} is no list of records", "see docs/stix.md")
        yield from value


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
