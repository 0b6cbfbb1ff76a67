"""The items of a file of entity JSON, one after another, in each of the forms that there are.

- one document: an item by itself, an array of them, or an object of them under ``entities``
  (``Special:EntityData``, ``wbgetentities``);
- lines: an item a line, as in the dumps, whose lines end in a comma and stand between brackets.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, BinaryIO

from claims.errors import BadFile, Finding
from tracker.formats.jsontext import MAX_BYTES, read_value, value_of
from tracker.formats.wikidata.snaks import ITEM

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 50_000_000
"""Bytes of an item: the largest that Wikidata allows are a tenth of that."""


MOST_BLANK = 100
"""Lines that are looked at to see whether a file is of lines: blank ones may stand between."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be an item, and where in the file it was found."""

    where: str
    data: Any


def items_of(file: BinaryIO, name: str) -> Iterator[Found | Finding]:
    """The items of a file: of lines as they are read, of a document once all of it is read.

    Raises :class:`BadFile` for what is no JSON, and for JSON without any item.
    """
    first = _line(file, name, 1)
    head = [first]
    while len(head) < MOST_BLANK and head[-1] and (len(head) == 1 or not head[-1].strip()):
        head.append(_line(file, name, len(head) + 1))
    start, second = first.strip().removeprefix(b"\xef\xbb\xbf"), head[-1]
    if start == b"[" and _is_whole(second):
        yield from _lines(file, name, head)
    elif _is_whole(start) and second.strip() and len(head) > 1:
        yield from _lines(file, name, [start, *head[1:]])
    else:
        rest = file.read(MAX_BYTES + 1)
        yield from _of_document(read_value(io.BytesIO(b"".join(head) + rest), name), name)


def _line(file: BinaryIO, name: str, number: int) -> bytes:
    line = file.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise BadFile(
            f"{name}, line {number}: it has more than {LONGEST_LINE:,} bytes", "no item is so large"
        )
    return line


def _is_whole(line: bytes) -> bool:
    """Whether a line looks like one whole item."""
    bare = line.strip().rstrip(b",")
    return len(bare) > 2 and bare.startswith(b"{") and bare.endswith(b"}")


def _lines(file: BinaryIO, name: str, head: list[bytes]) -> Iterator[Found | Finding]:
    """The items of lines, of which the first were read already."""
    for number in count(1):
        line = head[number - 1] if number <= len(head) else _line(file, name, number)
        if not line:
            return
        bare, where = line.strip().rstrip(b","), f"line {number}"
        if bare in (b"", b"[", b"]"):
            continue
        try:
            data = value_of(bare, where)
        except BadFile as error:
            yield Finding(where, error.message, error.hint)
            continue
        yield from _several(data, where)


def _of_document(data: Any, name: str) -> Iterator[Found | Finding]:
    if isinstance(data, list):
        for place, each in enumerate(data):
            yield from _several(each, f"item [{place}]")
    elif isinstance(data, dict) and data.keys() & {"entities", "id", "claims", "redirect"}:
        yield from _several(data, "item")
    else:
        raise BadFile(
            f"{name} holds no items of Wikidata",
            "get one from https://www.wikidata.org/wiki/Special:EntityData/",
        )


def _several(data: Any, where: str) -> Iterator[Found]:
    """The entities under ``entities``, or the one that this is."""
    entities = data.get("entities") if isinstance(data, dict) else None
    if isinstance(entities, dict):
        for key, each in entities.items():
            yield Found(key if ITEM.fullmatch(key) else where, each)
    elif isinstance(entities, list):
        for place, each in enumerate(entities):
            yield Found(f"{where}, entities[{place}]", each)
    else:
        yield Found(where, data)


# --- what an item is called ---------------------------------------------------------------------


def label_of(item: Any, languages: tuple[str, ...]) -> str | None:
    """What an item is called, in the first of some languages that it is called something in; else in any."""
    labels = item.get("labels") if isinstance(item, dict) else None
    if not isinstance(labels, dict):
        return None
    for language in (*languages, *labels):
        label = labels.get(language)
        said = label.get("value") if isinstance(label, dict) else None
        if isinstance(said, str) and said.strip():
            return said.strip()
    return None


def aliases_of(item: dict[str, Any], languages: tuple[str, ...]) -> tuple[str, ...]:
    """What else an item is called, in the first of some languages that has an alias."""
    aliases = item.get("aliases")
    if not isinstance(aliases, dict):
        return ()
    for language in languages:
        given = aliases.get(language)
        if isinstance(given, list) and given:
            said = (each.get("value") if isinstance(each, dict) else None for each in given)
            return tuple(
                dict.fromkeys(each.strip() for each in said if isinstance(each, str) and each.strip())
            )
    return ()
