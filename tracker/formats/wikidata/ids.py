"""The ids of Wikidata: which property or item is meant by a name, as the data file beside this says."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A property: its id, its name and the datatype of its values, in Wikidata's words.

    Where statements of it are taken as claims: their ``kind``; ``text``, what they say of ``{subject}``,
    ``{value}`` and ``{when}``; ``never``, what it means that there is no value; the ``question`` of
    which only one value can be right; what is ``counted``; and what an item that is its value
    is as an ``entity``. ``checked`` says where the id was seen.
    """

    id: str
    name: str
    datatype: str = ""
    checked: tuple[str, ...] = ()
    kind: str = ""
    text: str = ""
    question: str = ""
    never: str = ""
    counted: str = ""
    entity: str = "other"


@dataclass(frozen=True, slots=True)
class Ids:
    """All properties by id, and the names of all items by id."""

    properties: dict[str, Property]
    items: dict[str, str]


@lru_cache(maxsize=1)
def known() -> Ids:
    """What the data file says."""
    data: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(
        (files("tracker.formats.wikidata") / "ids.toml").read_text("utf-8")
    )
    properties = {
        pid: Property(id=pid, **{**row, "checked": tuple(row["checked"])})
        for pid, row in data["properties"].items()
    }
    return Ids(properties, {qid: row["name"] for qid, row in data["items"].items()})


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    ids = known()
    return {it.name: it.id for it in ids.properties.values()} | {name: qid for qid, name in ids.items.items()}


def the(name: str) -> str:
    """The id of the property or item of this name. Raises ``KeyError`` for one that is not in the file."""
    return _by_name()[name]


def name_of(some_id: str) -> str:
    """The name of a property or item, "" for one that is not in the file."""
    ids = known()
    return ids.properties[some_id].name if some_id in ids.properties else ids.items.get(some_id, "")


def property_of(pid: str) -> Property:
    """A property by its id; of one that is not in the file no more than the id is known."""
    return known().properties.get(pid) or Property(id=pid, name=pid)
