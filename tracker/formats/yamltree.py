"""YAML as a tree of plain text with line numbers, read safely.

A general loader guesses types: it turns ``no`` into false, ``2018-11-23`` into a date and
``12:30`` into 750. Here every scalar stays the text that was written, the form of the file says
what it must be, and every complaint can name its line. Aliases and tags are refused, and size and
depth are limited, so that a small file cannot grow into a large one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from claims.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 50_000_000
MAX_DEPTH = 20
MAX_NODES = 3_000_000
"""Texts, lists and mappings of one file: a few bytes of it can take a hundred times as many in memory."""
SHALLOW = "a casebook needs no more than six levels"

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What may not stand in YAML as it is (YAML 1.2, production 1)."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


@dataclass(slots=True)
class Node:
    """One value of the file: ``text`` (None for null) for a scalar, else ``items`` or ``pairs``.

    ``line`` counts from 1.
    """

    line: int
    text: str | None = None
    items: list[Node] | None = None
    pairs: list[tuple[Node, Node]] | None = None

    @property
    def is_null(self) -> bool:
        """Whether nothing was written here."""
        return self.text is None and self.items is None and self.pairs is None

    def kind(self) -> str:
        """What was written here, for messages."""
        if self.items is not None:
            return "a list"
        if self.pairs is not None:
            return "a mapping"
        return "nothing" if self.text is None else "text"


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet; of a mapping, the key whose value comes next."""

    node: Node
    key: Node | None = None


@dataclass(slots=True)
class _Builder:
    name: str
    stack: list[_Open] = field(default_factory=list)
    root: Node | None = None
    nodes: int = 0

    def add(self, node: Node) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise BadFile(f"{self.name} holds more than {MAX_NODES:,} values", "split it by case")
        if not self.stack:
            if self.root is not None:
                raise BadFile(
                    f"{self.name}, line {node.line}: a second document begins here", "put it in another file"
                )
            self.root = node
            return
        top = self.stack[-1]
        if top.node.items is not None:
            top.node.items.append(node)
        elif top.key is None:
            if node.text is None:
                raise BadFile(
                    f"{self.name}, line {node.line}: a name was expected here", "write it as name: value"
                )
            top.key = node
        else:
            assert top.node.pairs is not None
            top.node.pairs.append((top.key, node))
            top.key = None

    def open(self, node: Node) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise BadFile(f"{self.name}, line {node.line}: nested more than {MAX_DEPTH} deep", SHALLOW)
        self.add(node)
        self.stack.append(_Open(node))


def read_tree(text: str, name: str) -> Node:
    """The tree of a YAML text; ``name`` is what messages call the file.

    Raises :class:`BadFile`, with the line, for what is not plain YAML.
    """
    if len(text) > MAX_BYTES:
        raise BadFile(f"{name} is larger than {MAX_BYTES // 1_000_000} MB", "split it by case")
    builder = _Builder(name)
    if not _is_text(text):
        line = next(number for number, each in enumerate(text.split("\n"), 1) if not _is_text(each))
        raise BadFile(f"{name}, line {line}: there is what is no character", "save it as UTF-8 text")
    try:
        for event in _events(text):
            _take(event, builder)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        if "nesting depth" in (error.problem or ""):  # newer versions of the library have a limit too
            raise BadFile(f"{name}, line {line}: nested more than {MAX_DEPTH} deep", SHALLOW) from error
        raise BadFile(
            f"{name}, line {line}: this is not YAML ({error.problem})", _hint(error.problem or "")
        ) from error
    except yaml.YAMLError as error:
        first = str(error).splitlines()[0]
        found = _UNPRINTABLE.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        raise BadFile(
            f"{name}, line {line}: this is not YAML ({first})",
            r"save it as plain UTF-8; write a control character between double quotes, as \x1b",
        ) from error
    if builder.root is None:
        raise BadFile(f"{name} is empty", "a casebook begins with: casebook: 1")
    return builder.root


_HINTS = (
    (("mapping values",), "quote a text that holds a colon and a space; put a colon behind each name"),
    (("cannot start any token",), "indent with spaces, not tabs; quote a text that begins with @, ` or %"),
    (("end of stream",), "a quote that was opened is not closed"),
    (("expected ',' or",), "close the bracket or brace; quote a text that holds a comma or a bracket"),
    (("expected key", "<block end>"), "indent what belongs together alike; write a quote inside '…' twice"),
    (("comment or line break", "chomping or"), "quote a text that begins with > or |"),
)
"""What is mostly meant by what a parser says, by words of it; two parsers have words of their own."""


def _hint(problem: str) -> str:
    for words, hint in _HINTS:
        if any(each in problem for each in words):
            return f"{hint}, near that line"
    return "check indentation, quotes and colons near that line"


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_Loader)


def _take(event: Any, builder: _Builder) -> None:
    line = event.start_mark.line + 1 if event.start_mark else 1
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise BadFile(
            f"{builder.name}, line {line}: anchors and aliases are not read here",
            "write the value out",
        )
    if getattr(event, "tag", None) not in (None, "!"):
        raise BadFile(
            f"{builder.name}, line {line}: the tag {event.tag} is not read here",
            "write plain text",
        )
    if isinstance(event, yaml.ScalarEvent):
        if not _is_text(event.value):
            raise BadFile(
                f"{builder.name}, line {line}: an escape here stands for no character",
                r"take out \0 and halves of characters such as \ud83d",
            )
        null = not event.style and event.value in _NULLS  # plain is "" or None, by the parser
        builder.add(Node(line, text=None if null else event.value))
    elif isinstance(event, yaml.SequenceStartEvent):
        builder.open(Node(line, items=[]))
    elif isinstance(event, yaml.MappingStartEvent):
        builder.open(Node(line, pairs=[]))
    elif isinstance(event, yaml.CollectionEndEvent):
        builder.stack.pop()


def _is_text(text: str) -> bool:
    if text.isascii():
        return "\x00" not in text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
