"""The casebook as a JSON Schema (draft 2020-12), made from the tables of its fields, for editors.

A casebook is YAML in which everything is text as it is written. An editor reads it by YAML 1.2, and takes
``12`` for a number; where text is asked for, the schema allows what a plain word may be taken for.
"""

from __future__ import annotations

import re
from typing import Any

from claims.keys import KEY_PATTERN, MAX_LENGTH
from claims.kinds import KINDS
from claims.resolve.rules.registry import RULES
from tracker.formats.casebookfields import (
    DATE,
    EVIDENCE,
    FIELDS,
    FLAG,
    GRADES,
    KEYED,
    LISTED,
    MEANINGS,
    REQUIRED,
    SECTIONS,
    TEXT,
    TEXTS,
    VERSION,
    WITHDRAWAL,
    WORDS,
)

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_PLAIN = ["string", "number", "boolean"]
_YES_OR_NO = "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo])$"
_WRITTEN_DATE = (
    "as people write them: 23 Nov 2018, May 2012, late 2018, before 2020, 2018-11-23, EDTF such as 2018-11?, "
    "or counted from a claim: a few days after its-key"
)
_YES = "^([Tt][Rr][Uu][Ee]|[Yy][Ee][Ss])$"
_FILLED = r"\S"
_SHARE = r"0*1(\.0*)?|0+(\.[0-9]*)?|\.[0-9]+"
_PERCENT = r"0*(100(\.0*)?|[0-9]{1,2}(\.[0-9]*)?)\s*%"
_LIKELIHOOD = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": rf"^\s*(\+?({_SHARE}|{_PERCENT})|-0+(\.0*)?\s*%?)\s*$"},
        {"type": "string", "pattern": r"[0-9][eE][+-]?[0-9]|[0-9]_[0-9]|[^\x00-\x7F]"},
    ],
}
"""From 0 to 1, or 0% to 100%. What else may be a number (1e-2, 0.9_5) is left to import."""

_FORMS: dict[tuple[str, str], dict[str, Any]] = {
    ("case", "key"): {"pattern": f"^{KEY_PATTERN}$", "maxLength": MAX_LENGTH},
    ("evidence", "key"): {"pattern": f"^({KEY_PATTERN})?$"},
    ("documents", "sha256"): {"pattern": r"^\s*[0-9a-fA-F]{64}\s*$"},
    ("assessments", "likelihood"): _LIKELIHOOD,
}
"""What a text of a field must look like, beyond that it is one."""

_TAKEN_BACK = {
    "oneOf": [
        {"required": ["by-source"], "properties": {"by-source": {"not": {"type": "null"}}}},
        {
            "required": ["mistake"],
            "properties": {"mistake": {"anyOf": [{"const": True}, {"type": "string", "pattern": _YES}]}},
        },
    ]
}
"""A withdrawal is by the source, or was our own mistake."""

_DOCUMENTED = {
    "if": {
        "anyOf": [
            {"required": [name], "properties": {name: {"not": {"enum": ["", None]}}}}
            for name in ("quote", "locator")
        ]
    },
    "then": {"required": ["document"]},
}
"""A quote or a locator needs the document that it was found in."""


def casebook_schema() -> dict[str, Any]:
    """The schema of a casebook, as an object for JSON.

    What :func:`tracker.formats.casebook.read` accepts and import records is valid by it, save that words of
    closed lists are to be written as they are listed, where import does not mind capitals. It cannot say
    what several places of a file must have in common, such as that a claim's subject is there.
    """
    properties: dict[str, Any] = {
        "casebook": {"enum": [int(VERSION), VERSION], "description": "The version of the form."},
        "case": {"anyOf": [_ref("case"), {"type": "null"}], "description": SECTIONS["case"]},
    }
    for name in KEYED:
        properties[name] = {
            "type": ["object", "null"],
            "propertyNames": {"pattern": f"^{KEY_PATTERN}$", "maxLength": MAX_LENGTH},
            "additionalProperties": _ref(name),
            "description": _plainly(SECTIONS[name]),
        }
    for name in LISTED:
        properties[name] = {
            "type": ["array", "null"],
            "items": _ref(name),
            "description": _plainly(SECTIONS[name]),
        }
    return {
        "$schema": DRAFT,
        "title": "casebook",
        "description": "One case as a YAML file that is written by hand: tracker import casebook FILE",
        "type": "object",
        "properties": properties,
        "required": ["casebook"],
        "additionalProperties": False,
        "$defs": {section: _section(section) for section in FIELDS},
    }


def _section(section: str) -> dict[str, Any]:
    needed = REQUIRED[section]
    fields = {
        name: _field(section, name, form, needed=name in needed) for name, form in FIELDS[section].items()
    }
    return {
        "type": "object",
        "description": _plainly(SECTIONS[section]),
        "properties": fields,
        "required": list(needed),
        "additionalProperties": False,
        **_BETWEEN.get(section, {}),
    }


def _of_kinds() -> list[dict[str, Any]]:
    """The fields that a claim of each kind cannot be without, or cannot have."""
    found = []
    for kind, rules in KINDS.items():
        needs = {"subject": rules.needs_subject, "value": rules.needs_value, "when": rules.needs_when}
        names = [name for name, is_needed in needs.items() if is_needed]
        fields: dict[str, Any] = {name: {"not": {"type": "null"}} for name in names}
        if rules.value == "none":
            fields["value"] = {"enum": [None, ""]}
        if fields:
            is_one = {"properties": {"kind": {"const": kind.value}}, "required": ["kind"]}
            found.append({"if": is_one, "then": {"required": names, "properties": fields}})
    return found


_BETWEEN: dict[str, dict[str, Any]] = {
    "evidence": _DOCUMENTED,
    "withdrawn": _TAKEN_BACK,
    "claims": {"allOf": _of_kinds()},
}
"""What the fields of an item must have in common."""


def _field(section: str, name: str, form: str, *, needed: bool) -> dict[str, Any]:
    meaning = _plainly(MEANINGS[section][name])
    if (section, name) in WORDS:
        return {"enum": _terms(WORDS[section, name], needed=needed), "description": meaning}
    if form == DATE:
        meaning = f"{meaning}; {_WRITTEN_DATE}"
    shape = _shape(form, none=[] if needed else ["null"])
    if (section, name) == ("case", "rules-off"):
        shape["items"] = {"enum": list(RULES)}
    elif (section, name) in _FORMS:
        shape |= _or_null(_FORMS[section, name], needed=needed)
    elif form == TEXT and needed and section in (*KEYED, *LISTED, "evidence"):
        shape["pattern"] = _FILLED
    return {**shape, "description": meaning}


def _or_null(form: dict[str, Any], *, needed: bool) -> dict[str, Any]:
    """The form of a field that may be left empty, if it is not needed."""
    if needed or "anyOf" not in form:
        return form
    return {"anyOf": [*form["anyOf"], {"type": "null"}]}


def _terms(words: tuple[str, ...], *, needed: bool) -> list[str | int | None]:
    """The words of a closed list, those that are digits also as numbers."""
    terms: list[str | int | None] = [*words, *(int(word) for word in words if word.isdigit())]
    return terms if needed else [*terms, None]


def _shape(form: str, none: list[str]) -> dict[str, Any]:
    text = {"type": [*_PLAIN, *none]}
    shapes: dict[str, dict[str, Any]] = {
        TEXT: text,
        FLAG: {"type": ["boolean", "string", *none], "pattern": _YES_OR_NO},
        TEXTS: {"type": ["array", *none], "items": {"type": _PLAIN}},
        DATE: {"anyOf": [text, _ref("date")]},
        WITHDRAWAL: {"anyOf": [_ref("withdrawn"), {"type": "null"}]},
        GRADES: {"type": ["array", *none], "items": _ref("grades")},
        EVIDENCE: {"type": ["array", *none], "items": _ref("evidence")},
    }
    return shapes[form]


def _ref(section: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{section}"}


def _plainly(meaning: str) -> str:
    """A meaning as the pages have it, without their links and marks."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", meaning).replace("`", "")
