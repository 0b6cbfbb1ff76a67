"""What MISP events of this program have in common: objects for each kind of record, which any MISP takes
as they are, with a template of their own."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tracker.formats.stixparts import NAMESPACE, named_uuid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.formats.jsonfields import Fields

RECORDS = {
    "claim": "A claim that can be checked, and how it stands.",
    "evidence": "What a source says of a claim.",
    "assessment": "A person's own verdict on a claim.",
    "link": "What one claim is to another.",
    "source": "Who speaks, with the reliability that it was given.",
    "entity": "A person, group, place or incident that claims are about.",
    "document": "What was published, and where evidence was read.",
    "question": "What rival claims answer.",
    "case": "A body of claims that belong together.",
}
"""The objects, each for one kind of record."""

TEMPLATES = {str(named_uuid(NAMESPACE, f"template {word}")): word for word in RECORDS}
"""The kind of record of each template."""

_TEMPLATE_OF = {word: template for template, word in TEMPLATES.items()}
LISTED = ("sides", "aliases", "rules_off")
"""Fields with several values: an attribute each."""


def epoch(moment: str) -> str:
    """A moment of the journal as MISP writes it: whole seconds since 1970, as text."""
    return str(int(datetime.fromisoformat(moment).timestamp()))


def day_of(seconds: int | None) -> str | None:
    """The day (UTC) of such a moment; None for 0, by which MISP means that there is none."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}" if seconds else None


def misp_object(word: str, id_: str, at: str, attributes: list[dict[str, Any]]) -> dict[str, Any]:
    """An object of a kind of record; ``at`` is when it last changed."""
    return {
        "name": f"claims-{word}",
        "meta-category": "misc",
        "description": RECORDS[word],
        "template_uuid": _TEMPLATE_OF[word],
        "template_version": "1",
        "uuid": id_,
        "timestamp": epoch(at),
        "distribution": "5",
        "Attribute": attributes,
    }


def attributes_of(id_: str, at: str, fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The attributes of an object, from the fields of an act."""
    found = []
    namespace = uuid.UUID(id_)
    for name, value in fields.items():
        if name == "act" or value in (None, "", [], ()):
            continue
        for number, each in enumerate(value if isinstance(value, list) else [value]):
            comment = ""
            if name == "grades":
                each, comment = each  # noqa: PLW2901 - a grade with its reason
            text = str(each).lower() if isinstance(each, bool) else str(each)
            type_, category = _type_of(name, text)
            made = {
                "uuid": str(named_uuid(namespace, f"{name} {number}")),
                "object_relation": name.replace("_", "-"),
                "type": type_,
                "category": category,
                "value": text,
                "comment": comment,
                "to_ids": False,
                "disable_correlation": True,
                "distribution": "5",
                "timestamp": epoch(at),
            }
            found.append(made)
    return found


def _type_of(name: str, text: str) -> tuple[str, str]:
    """The type and category of an attribute: a hash and a web address as such, all else as text."""
    if name == "sha256":
        return "sha256", "External analysis"
    if name == "url" and text.startswith(("http://", "https://")):
        return "link", "External analysis"
    return "text", "Other"


def tag(attributes: list[dict[str, Any]], name: str, *tags: str) -> None:
    """Put tags on the attribute of a name."""
    for each in attributes:
        if each["object_relation"] == name and tags:
            each["Tag"] = [{"name": name} for name in tags]


def fields_of_object(it: Fields) -> dict[str, Any]:
    """The fields of an act, from the attributes of an object of this program."""
    found: dict[str, Any] = {}
    for each in it.objects("Attribute"):
        name = (each.text("object_relation") or "").replace("-", "_")
        value = each.data.get("value")
        if not isinstance(value, str) or each.flag("deleted"):
            continue
        if name == "grades":
            found.setdefault(name, []).append([value, each.text("comment") or ""])
        elif name in LISTED:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found
