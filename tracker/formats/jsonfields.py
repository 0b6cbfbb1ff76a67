"""The fields of JSON objects that others wrote, each by the type that it must have: what is of another
type is refused with a word, and never breaks a reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})([T ].*)?", re.DOTALL)
SHOWN = 60
"""Characters of a wrong value that are shown."""


class Fields:
    """A JSON object, and its place in the file. ``what`` is what messages call it."""

    __slots__ = ("data", "where")

    def __init__(self, data: dict[str, Any], where: str) -> None:
        self.data = data
        self.where = where

    def text(self, name: str) -> str | None:
        """A text without the blanks around it; None where it is absent or empty."""
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise wrong(name, value, "text")
        return value.strip() or None

    def texts(self, name: str) -> list[str]:
        """A list of texts; none where it is absent."""
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise wrong(name, value, "a list of texts")
        return [each.strip() for each in value if each.strip()]

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number between two, also one that is written as text, as MISP does."""
        value = self.data.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 20:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise wrong(name, value, f"a whole number from {low} to {high}")
        return value

    def flag(self, name: str) -> bool:
        """Whether something holds; not where it is absent."""
        value = self.data.get(name)
        if value in (None, ""):
            return False
        if isinstance(value, bool):
            return value
        if value in ("0", "1", 0, 1):
            return str(value) == "1"
        raise wrong(name, value, "true or false")

    def day(self, name: str) -> str | None:
        """The day of a timestamp, as the file wrote it, in its own time zone."""
        text = self.text(name)
        if text is None:
            return None
        if not (read := _DAY.fullmatch(text)):
            raise wrong(name, text, "a date")
        return read[1]

    def objects(self, name: str) -> Iterator[Fields]:
        """The objects of a list, each with its place."""
        value = self.data.get(name)
        if value is None:
            return
        if not isinstance(value, list):
            raise wrong(name, value, "a list of objects")
        for number, each in enumerate(value):
            if not isinstance(each, dict):
                raise wrong(f"{name}[{number}]", each, "an object")
            yield Fields(each, f"{self.where}, {name}[{number}]")

    def inner(self, name: str) -> Fields | None:
        """An object within; None where it is absent."""
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise wrong(name, value, "an object")
        return Fields(value, f"{self.where}, {name}")


def wrong(name: str, value: Any, wanted: str) -> BadValue:
    """What is said of a value of the wrong type."""
    shown = repr(value)
    shown = shown if len(shown) <= SHOWN else shown[:SHOWN] + "…"
    return BadValue(f"its {name} is {shown}, not {wanted}", "mend it in the file, or have its maker do so")
