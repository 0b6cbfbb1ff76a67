"""How STIX objects are marked: with what may be done with them, such as TLP:RED, kept in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.formats.jsonfields import Fields

_TLP = {
    "marking-definition--613f2e26-407d-48c7-9eda-b8e91df99dc9": "TLP:WHITE",
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "TLP:GREEN",
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "TLP:AMBER",
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "TLP:RED",
}
"""The markings that a bundle need not define (STIX 2.1, 7.2.1.4)."""


def marked(fields: Fields, objects: Mapping[str, Fields]) -> str | None:
    """How an object is marked, in words: as a whole, or parts of it; None where it is not. Markings are by
    ``objects`` of the same file, else by their ids. Raises :class:`BadValue` for markings of no form."""
    found = [name_of(ref, objects) for ref in fields.texts("object_marking_refs")]
    found += _of_parts(fields, objects)
    return f"marked {', '.join(dict.fromkeys(found))}" if found else None


def _of_parts(fields: Fields, objects: Mapping[str, Fields]) -> Iterator[str]:
    for each in fields.objects("granular_markings"):
        selectors = ", ".join(each.texts("selectors"))
        name = each.text("marking_ref") or each.text("lang")
        if name is None:
            raise BadValue("a granular marking marks nothing", "it has a marking_ref, or a lang")
        yield f"{name_of(name, objects)} ({selectors or 'a part'})"


def name_of(ref: str, objects: Mapping[str, Fields]) -> str:
    """What a marking is called: its name, its statement, or its id where the file does not define it."""
    known = objects.get(ref)
    if known is None:
        return _TLP.get(ref, ref)
    inner = known.inner("definition")
    tlp, statement = (inner.text("tlp"), inner.text("statement")) if inner else (None, None)
    if statement:
        return f"“{statement}”"
    return known.text("name") or (f"TLP:{tlp.upper()}" if tlp else _TLP.get(ref, ref))
