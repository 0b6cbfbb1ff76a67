"""A reader of QuickStatements V1, written from its documentation: what its commands do to an item."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

NUMBER = r"[+-]?\d+(?:\.\d+)?"
VALUES = tuple(
    re.compile(form)
    for form in (
        r"somevalue|novalue",
        r"[QPM]\d+|L\d+(?:-[FS]\d+)?",
        r'[a-z-]+:"[^\t\n|]*"',
        r'"[^\t\n|]*"',
        r"[+-]\d{4,16}-\d\d-\d\dT00:00:00Z/\d+(?:/J)?",
        rf"{NUMBER}(?:\[{NUMBER},{NUMBER}\])?(?:U\d+)?",
    )
)
RANKS = {"R+": "preferred", "R0": "normal", "R-": "deprecated"}


@dataclass
class Made:
    """A statement that commands make: its rank, its qualifiers and its references."""

    rank: str = "normal"
    qualifiers: list[tuple[str, str]] = field(default_factory=list)
    references: list[frozenset[tuple[str, str]]] = field(default_factory=list)


def run_commands(text: str) -> dict[tuple[str, str, str], Made]:
    """The statements that commands make, by item, property and value. A command on a value that is there
    already adds to it."""
    made: dict[tuple[str, str, str], Made] = {}
    for line in text.splitlines():
        item, pid, value, *rest = line.split("\t")
        assert re.fullmatch(r"Q\d+", item), line
        assert re.fullmatch(r"P\d+", pid), line
        statement = made.setdefault((item, pid, _value(value)), Made())
        if rest and rest[0] in RANKS:
            statement.rank = RANKS[rest.pop(0)]
        assert len(rest) % 2 == 0, line
        reference = []
        for key, each in zip(rest[::2], rest[1::2], strict=True):
            assert re.fullmatch(r"[PS]\d+", key), line
            if key[0] == "P":
                statement.qualifiers.append((key, _value(each)))
            else:
                reference.append((f"P{key[1:]}", _value(each)))
        if reference:
            statement.references.append(frozenset(reference))
    return made


def _value(text: str) -> str:
    assert any(form.fullmatch(text) for form in VALUES), text
    return text
