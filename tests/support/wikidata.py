"""Entity JSON as Wikidata has it, made from little: statements, values and references."""

from __future__ import annotations

import json
from typing import Any

from tracker.formats.wikidata.snaks import Snak, to_json, words
from tracker.formats.wikidata.statements import Statement, read_statement, statements_in
from tracker.formats.wikidata.writing import statement_json

SANDBOX = "Q4115189"
"""The item that Wikidata has for trying things out."""


def day(text: str, *, julian: bool = False) -> str:
    """The value of a day, a month or a year: "2016-12-31", "2016-12", "2016"."""
    parts = text.split("-")
    year, month, last = (*parts, "00", "00")[:3]
    return f"+{year}-{month}-{last}T00:00:00Z/{8 + len(parts)}{'/J' if julian else ''}"


def snaks(given: dict[str, str | list[str]]) -> tuple[Snak, ...]:
    """Snaks of values by property."""
    every = [(pid, value) for pid, values in given.items() for value in _list(values)]
    return tuple(Snak(pid, value) for pid, value in every)


def _list(values: str | list[str]) -> list[str]:
    return values if isinstance(values, list) else [values]


def statement(
    pid: str,
    value: str,
    *references: dict[str, str | list[str]],
    rank: str = "normal",
    key: str = "",
    **qualifiers: str | list[str],
) -> dict[str, Any]:
    """The JSON of a statement."""
    return statement_json(
        Statement(
            main=Snak(pid, value),
            qualifiers=snaks(qualifiers),
            references=tuple(snaks(each) for each in references),
            rank=rank,
            id=key,
        )
    )


def item(
    *statements: dict[str, Any], key: str = SANDBOX, label: str = "Ada Example", human: bool = True
) -> Any:
    """The JSON of an item, a person unless it is said not to be."""
    claims: dict[str, Any] = {}
    if human:
        claims["P31"] = [{"mainsnak": to_json(Snak("P31", "Q5")), "type": "statement", "rank": "normal"}]
    for each in statements:
        claims.setdefault(each["mainsnak"]["property"], []).append(each)
    labels = {"en": {"language": "en", "value": label}} if label else {}
    return {"type": "item", "id": key, "labels": labels, "claims": claims}


def as_file(*items: Any) -> bytes:
    """A document of items, as Special:EntityData gives it."""
    return json.dumps({"entities": {each["id"]: each for each in items}}).encode()


def site(url: str, seen: str = "2017-01-02", **more: str) -> dict[str, Any]:
    """A reference to a page of the web."""
    return {"P854": words(url), "P813": day(seen), **more}


def statements_of(data: bytes) -> dict[str, list[Statement]]:
    """All statements of a document, by item."""
    entities = json.loads(data)["entities"]
    return {
        qid: [read_statement(given) for _, given in statements_in(each)] for qid, each in entities.items()
    }
