"""The casebook: one case as a YAML file that a person writes by hand, and reviews in a pull request.

Reading gives items of plain text, each with its line; what the words mean is for the application
to say. Writing takes the same items.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile, Finding
from claims.keys import is_key, number_key, stem_of
from claims.names import did_you_mean
from tracker.formats.casebookfields import (
    DATE,
    FIELDS,
    FLAG,
    GRADES,
    KEYED,
    LISTED,
    REQUIRED,
    SINGULAR,
    TEXT,
    TEXTS,
    VERSION,
    WITHDRAWAL,
)
from tracker.formats.registry import Format
from tracker.formats.yamltext import write_yaml
from tracker.formats.yamltree import Node, read_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(slots=True)
class Item:
    """One record of a casebook: its key ("" where it has none), its fields as written, its line, and the
    lines of its fields."""

    key: str
    fields: dict[str, Any]
    line: int = 0
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Casebook:
    """A casebook as items, in the order of the file. Evidence is nested in its claim's fields."""

    name: str = "casebook"
    case: Item | None = None
    sources: list[Item] = field(default_factory=list)
    entities: list[Item] = field(default_factory=list)
    documents: list[Item] = field(default_factory=list)
    questions: list[Item] = field(default_factory=list)
    claims: list[Item] = field(default_factory=list)
    links: list[Item] = field(default_factory=list)
    assessments: list[Item] = field(default_factory=list)

    def where(self, line: int) -> str:
        """The file and a line of it, for messages."""
        return f"{self.name}, line {line}"


class BadCasebook(BadFile):
    """A casebook that cannot be taken as it is. ``findings`` lists everything wrong with it, by line;
    ``found`` has them with their lines, and ``book`` what of it could be read."""

    def __init__(self, found: Iterable[tuple[int, Finding]], book: Casebook | None = None) -> None:
        self.found = sorted(found, key=lambda pair: pair[0])
        self.book = book
        self.findings = [finding for _, finding in self.found]
        first = self.findings[0]
        more = len(self.findings) - 1
        tail = f" (and {more} more)" if more else ""
        super().__init__(f"{first}{tail}", first.hint or "mend the file and import it again")


# --- reading ------------------------------------------------------------------------------------


def read(text: str, name: str = "casebook") -> Casebook:
    """The items of a casebook. Raises :class:`BadCasebook` with every finding, or :class:`BadFile`
    where it is not even YAML."""
    return _Reading(name).read(read_tree(text, name))


class _Reading:
    """One reading of one file, collecting what is wrong with it."""

    def __init__(self, name: str) -> None:
        self.book = Casebook(name)
        self.findings: list[tuple[int, Finding]] = []

    def complain(self, node: Node, message: str, hint: str) -> None:
        self.findings.append((node.line, Finding(f"{self.book.name}, line {node.line}", message, hint)))

    def read(self, root: Node) -> Casebook:
        known = ("casebook", "case", *KEYED, *LISTED)
        sections = self._mapping(root, "a casebook", known)
        version = sections.get("casebook")
        if version is None or version.text != VERSION:
            self.complain(
                version or root,
                f"this program reads casebooks of version {VERSION}",
                f"begin the file with: casebook: {VERSION}",
            )
        if (case := sections.get("case")) is not None and not case.is_null:
            fields = self._fields(case, "case")
            self.book.case = Item(str(fields.pop("key", "")), fields, case.line, _lines(case))
        for name in KEYED:
            if (node := sections.get(name)) is not None and not node.is_null:
                setattr(self.book, name, self._keyed(node, name))
        for name in LISTED:
            if (node := sections.get(name)) is not None and not node.is_null:
                setattr(self.book, name, self._listed(node, name))
        if self.findings:
            raise BadCasebook(self.findings, self.book)
        return self.book

    def _keyed(self, node: Node, section: str) -> list[Item]:
        expected = f"write each under its key: its-key: {{{REQUIRED[section][0]}: …}}"
        items = []
        for key, value in self._pairs(node, f"the {section}", expected):
            assert key.text is not None
            items.append(Item(key.text, self._fields(value, section), key.line, _lines(value)))
        return items

    def _listed(self, node: Node, section: str) -> list[Item]:
        if node.items is None:
            self.complain(node, f"the {section} must be a list, not {node.kind()}", "begin each with -")
            return []
        return [Item("", self._fields(item, section), item.line, _lines(item)) for item in node.items]

    def _fields(self, node: Node, section: str) -> dict[str, Any]:
        what = SINGULAR[section]
        forms = FIELDS[section]
        fields = {}
        for name, value in self._mapping(node, what, tuple(forms)).items():
            fields[name] = self._value(value, forms[name], f"{name} of {what}")
        written = {key.text for key, value in node.pairs or () if not value.is_null}
        for name in REQUIRED[section]:
            if node.pairs is not None and name not in written:
                self.complain(node, f"{what} lacks its {name}", f"add a line: {name}: …")
        return fields

    def _value(self, node: Node, form: str, what: str) -> Any:
        if node.is_null:
            return None
        if form == DATE:
            return node.text if node.text is not None else self._fields(node, "date")
        if form in (TEXT, FLAG):
            if node.text is None:
                self.complain(node, f"the {what} must be text, not {node.kind()}", "quote it")
                return None
            return self._flag(node, what) if form == FLAG else node.text
        if form == WITHDRAWAL:
            return self._fields(node, "withdrawn")
        items = node.items
        if items is None:
            each = "write [one, two]" if form == TEXTS else "begin each of them with -"
            self.complain(node, f"the {what} must be a list, not {node.kind()}", each)
            return []
        if form == TEXTS:
            for item in items:
                if item.is_null:
                    self.complain(item, f"the {what} has an empty item", "take it out, or quote it")
            return [self._value(item, TEXT, what) for item in items]
        if form == GRADES:
            return [self._fields(item, "grades") for item in items]
        return [Item("", self._fields(item, "evidence"), item.line, _lines(item)) for item in items]

    def _flag(self, node: Node, what: str) -> bool | None:
        word = (node.text or "").lower()
        if word not in ("true", "false", "yes", "no"):
            self.complain(node, f"the {what} is true or false, not {node.text!r}", "write true or false")
            return None
        return word in ("true", "yes")

    def _mapping(self, node: Node, what: str, known: tuple[str, ...]) -> dict[str, Node]:
        found = {}
        expected = f"write name: value for each; the names are: {', '.join(known)}"
        for key, value in self._pairs(node, what, expected):
            assert key.text is not None
            if key.text not in known:
                near = did_you_mean(key.text, known)
                meant = f"did you mean {' or '.join(near)}? " if near else ""
                self.complain(
                    key,
                    f"{key.text!r} is not a field of {what}",
                    f"{meant}expected one of: {', '.join(known)}",
                )
                continue
            found[key.text] = value
        return found

    def _pairs(self, node: Node, what: str, expected: str) -> list[tuple[Node, Node]]:
        if node.pairs is None:
            self.complain(node, f"{what} must have named fields, not {node.kind()}", expected)
            return []
        seen: dict[str | None, int] = {}
        for key, _ in node.pairs:
            if key.text in seen:
                self.complain(
                    key, f"{key.text!r} is there twice (see line {seen[key.text]})", "keep one of them"
                )
            seen.setdefault(key.text, key.line)
        return node.pairs


def _lines(node: Node) -> dict[str, int]:
    """The lines of the fields of an item."""
    return {key.text or "": key.line for key, _ in node.pairs or ()}


# --- writing ------------------------------------------------------------------------------------


def write(book: Casebook) -> str:
    """A casebook as text; :func:`read` gives the same items back."""
    return write_yaml({"casebook": int(VERSION), **contents(book)})


def contents(book: Casebook) -> dict[str, Any]:
    """The sections of a casebook that are not empty, as plain mappings and lists."""
    document: dict[str, Any] = {}
    if book.case is not None:
        document["case"] = {"key": book.case.key, **_written(book.case.fields)}
    for name in KEYED:
        items: list[Item] = getattr(book, name)
        if items:
            document[name] = {item.key: _written(item.fields) for item in items}
    for name in LISTED:
        items = getattr(book, name)
        if items:
            document[name] = [_written(item.fields) for item in items]
    return document


def _written(fields: Mapping[str, Any]) -> dict[str, Any]:
    written = {}
    for name, value in fields.items():
        if isinstance(value, list):
            written[name] = [_written(item.fields) if isinstance(item, Item) else item for item in value]
        else:
            written[name] = value
    return written


def evidence_keys(claim: str, pieces: Iterable[Mapping[str, Any]]) -> list[str]:
    """The keys of the evidence on a claim, in the order of the file: those given, else made from claim and
    source (of one that is named by its name: from its words), with a number for the further ones."""
    keys: list[str] = []
    for piece in pieces:
        source = piece["source"].strip()
        stem = source if is_key(source) else stem_of(source)
        keys.append(piece.get("key") or number_key(f"{claim}.{stem}", keys.__contains__))
    return keys


FORMATS = (
    Format(
        name="casebook",
        summary="one case as a YAML file that is written by hand",
        endings=(".yaml", ".yml"),
        page="docs/casebook.md",
        kind="casebook",
        reads=True,
        writes=True,
    ),
)
