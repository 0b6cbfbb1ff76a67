"""YAML written as text that a person reviews by eye."""

from __future__ import annotations

import re
from typing import Any

import yaml

WIDTH = 100

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of a line. A casebook is reviewed by eye: they are written as what
they are, \\u202e, between double quotes, where that means the same."""


_NUMBER = re.compile(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
"""Texts that YAML 1.2 takes for numbers (its core schema, 10.3.2): the library, which goes by YAML 1.1, knows
only some of them."""


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes texts as the library does, but those with such a character between double quotes, and those
    that look like numbers to others between single ones. What is there twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent(dumper: Any, text: str) -> Any:
    style = '"' if _TURNING.search(text) else "'" if _NUMBER.fullmatch(text) else None
    if style is None and _has_plain_lines(text):
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _has_plain_lines(text: str) -> bool:
    """Whether a text has several lines that can stand under each other as they are."""
    lines = text.split("\n")
    are_plain = all(line.isprintable() and line == line.rstrip() for line in lines)
    return len(lines) > 1 and are_plain and lines[-1] != "" and lines[0] != "" and not text[0].isspace()


_Dumper.add_representer(str, _represent)


def write_yaml(value: Any, *, step: int = 2, flow: bool = False) -> str:
    """A value (mappings, lists, texts, numbers, true and false) as YAML, in its own order; ``step`` is how
    far what is inside is indented, ``flow`` asks for braces and brackets."""
    text: str = yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=WIDTH,
        indent=step,
        default_flow_style=flow,
    )
    return _TURNING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
