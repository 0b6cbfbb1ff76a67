"""The changes as a feed (Atom, RFC 4287): what came to stand otherwise, the newest first."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable

ATOM = "http://www.w3.org/2005/Atom"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML can hold."""


class Item(NamedTuple):
    """A change. ``name`` tells it from all others of this tracker; ``at`` is a moment (RFC 3339)."""

    name: str
    at: str
    title: str
    text: str
    link: str | None


def feed(
    origin: str, title: str, updated: str, items: Iterable[Item], *, author: str, base: str = ""
) -> bytes:
    """A feed of the tracker whose journal begins with the entry of a hash, by an ``author``. Links are within
    the report; with ``base`` (its address) they are absolute."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed")
    _text(root, "id", _name(origin, "feed"))
    _text(root, "title", title)
    _text(root, "updated", updated)
    _text(ET.SubElement(root, f"{{{ATOM}}}author"), "name", author)
    _link(root, "self", f"{base}changes.atom", "application/atom+xml")
    _link(root, "alternate", f"{base}changes.html", "text/html")
    for item in items:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _text(entry, "id", _name(origin, item.name))
        _text(entry, "title", item.title)
        _text(entry, "updated", item.at)
        if item.link is not None:
            _link(entry, "alternate", f"{base}{item.link}", "text/html")
        _text(entry, "content", item.text)
    ET.indent(root)
    written = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{written}\n'.encode("utf-8", "replace")


def _name(origin: str, name: str) -> str:
    """The same change of the same tracker has the same id wherever the report lies (RFC 9562, version 5)."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{origin}/{name}").urn


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{tag}").text = _NOT_XML.sub("\ufffd", text)


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href, type=kind)
