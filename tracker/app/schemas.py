"""The JSON Schemas of what the program reads and prints: listed, and given by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from claims.errors import NotFound
from claims.names import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

CASEBOOK = "casebook"


@dataclass(frozen=True, slots=True)
class SchemaName:
    """A schema that there is: its name, the file or the command whose form it is, and what that holds."""

    name: str
    of: str
    holds: str


def schema_names() -> list[SchemaName]:
    """The schemas that there are: the casebook's, then those of what commands print, by name."""
    return [SchemaName(name, *_told(schema(name))) for name in (CASEBOOK, *sorted(_shipped()))]


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a name, as an object for JSON.

    Raises :class:`NotFound` where there is none.
    """
    if name == CASEBOOK:
        from tracker.formats.casebookschema import casebook_schema

        return casebook_schema()
    known = sorted(_shipped())
    if name not in known:
        near = did_you_mean(name, (CASEBOOK, *known))
        meant = f"did you mean {' or '.join(near)}? " if near else ""
        raise NotFound(
            f"there is no schema {name!r}", f"{meant}those that there are: {', '.join((CASEBOOK, *known))}"
        )
    found: dict[str, Any] = json.loads(_folder().joinpath(f"{name}.json").read_text("utf-8"))
    return found


def _told(found: dict[str, Any]) -> tuple[str, str]:
    title = found["title"]
    return ("tracker import casebook FILE" if title == CASEBOOK else title), found["description"]


def _folder() -> Any:
    return files("tracker").joinpath("schemas")


def _shipped() -> Iterator[str]:
    return (each.name.removesuffix(".json") for each in _folder().iterdir() if each.name.endswith(".json"))
