"""YAML as editors read it, by the core schema of YAML 1.2: plain words become numbers, true and false, and
null, but neither dates nor "yes"."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import yaml


class _Core(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


_NUMBERS = list("-+.0123456789")
for _tag, _form, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", _NUMBERS),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", _NUMBERS),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_form})$"), _first)


def read_core(text: str) -> Any:
    """What an editor makes of a YAML text."""
    return yaml.load(text, Loader=_Core)
