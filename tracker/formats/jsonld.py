"""JSON-LD as it is found: one value, one on each line, or in the scripts of a saved page.

What is broken in one place is told with that place, and the rest stands: a key that is there twice, or a
number that is none, takes away the one object that it is in.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from math import isinf
from typing import TYPE_CHECKING, Any, BinaryIO

from claims.errors import BadFile, Finding
from tracker.formats import packed
from tracker.formats.jsontext import MAX_BYTES
from tracker.formats.pagetext import scripts_of
from tracker.journal.strict import LONGEST_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos|nbsp);", re.ASCII)
_VOCABULARIES = ("", "schema:", "https://schema.org/", "http://schema.org/")
"""What a name of schema.org may be preceded by."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What stood where JSON cannot be understood in one way alone, and why."""

    why: str


@dataclass(slots=True)
class Document:
    """One JSON-LD value of a file: its place ("" for the whole file), and what in it has an ``@id``."""

    where: str
    value: Any
    named: dict[str, dict[str, Any]] = field(default_factory=dict)

    def place(self, path: str) -> str:
        """The place of something in it, for people."""
        return ", ".join(part for part in (self.where, path) if part) or "the only object"

    def resolved(self, value: Any) -> Any:
        """An object, where the value is no more than a reference to one in the same document."""
        if isinstance(value, dict) and len(value) == 1 and isinstance(name := value.get("@id"), str):
            return self.named.get(name, value)
        return value


def read_documents(file: BinaryIO, name: str) -> bytes:
    """The bytes of a file of JSON-LD. Raises :class:`BadFile` where there are too many."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise packed.larger(name, MAX_BYTES)
    return data.removeprefix(b"\xef\xbb\xbf")


def documents_of(data: bytes, name: str) -> Iterator[Document | Finding]:
    """The JSON-LD in some bytes: of a page, of JSON Lines, or the one value that they are.

    Raises :class:`BadFile` where they are neither.
    """
    begins = data[:1_000].lstrip()
    if begins.startswith(b"<"):
        for place, script in scripts_of(data, name):
            yield from _document(script, place)
    elif _are_lines(data):
        yield from _lines(data)
    else:
        try:
            whole = _named(Document("", _decoded(data)))
        except ValueError as error:
            if _holds_a_line(data):
                yield from _lines(data)
                return
            hint = "check it with another program; JSON Lines have one object a line"
            raise BadFile(f"{name} is no JSON that can be read ({error})", hint) from error
        yield whole


def _lines(data: bytes) -> Iterator[Document | Finding]:
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield from _document(line, f"line {number}")


def _holds_a_line(data: bytes) -> bool:
    """Whether what is no JSON as a whole may be lines of it, some of them broken: it does not begin as a
    list, and one of its lines is an object."""
    if data[:1_000].lstrip().startswith(b"["):
        return False
    for line in data.split(b"\n"):
        bare = line.strip()
        if bare.startswith(b"{") and bare.endswith(b"}"):
            try:
                return isinstance(_decoded(bare), dict)
            except ValueError:
                continue
    return False


def _are_lines(data: bytes) -> bool:
    """Whether each line is a value by itself: the first one ends where it begins, and another follows."""
    lines = (line for line in data.split(b"\n") if line.strip())
    first, second = next(lines, b"").strip(), next(lines, b"").strip()
    return first.startswith(b"{") and first.endswith(b"}") and second.startswith(b"{")


def _document(data: bytes, where: str) -> Iterator[Document | Finding]:
    try:
        yield _named(Document(where, _decoded(data)))
    except ValueError as error:
        yield Finding(where, f"this is no JSON that can be read ({error})", "mend it, and import it again")


def _named(document: Document) -> Document:
    for _, node in walk(document.value):
        if isinstance(node, dict) and len(node) > 1 and isinstance(name := node.get("@id"), str):
            document.named.setdefault(name, node)
    return document


def walk(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any] | Broken]]:
    """Every object in a value, and whatever is broken, each with its path, in the order of the file."""
    waiting = [(path, value)]
    while waiting:
        path, each = waiting.pop()
        if isinstance(each, dict):
            yield path, each
            inner = [(_joined(path, key), it) for key, it in each.items()]
            waiting.extend((at, it) for at, it in reversed(inner) if isinstance(it, dict | list | Broken))
        elif isinstance(each, list):
            inner = [(f"{path}[{number}]", it) for number, it in enumerate(each)]
            waiting.extend((at, it) for at, it in reversed(inner) if isinstance(it, dict | list | Broken))
        elif isinstance(each, Broken):
            yield path, each


def _joined(path: str, key: str) -> str:
    """The path of what an object has under a key, in signs that can be printed."""
    shown = key[:60] if key.isprintable() else ascii(key[:60])
    return f"{path}.{shown}" if path else shown


# --- reading values -------------------------------------------------------------------------------


def types_of(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The types of an object, without what stands before names of schema.org."""
    return tuple(_bare(each) for each in texts(node.get("@type", node.get("type"))))


def _bare(name: str) -> str:
    for each in reversed(_VOCABULARIES):
        if each and name.startswith(each):
            return name.removeprefix(each)
    return name


def get(node: Any, name: str) -> Any:
    """A property of an object, however its name is written; None where it has none."""
    if isinstance(node, dict):
        for each in _VOCABULARIES:
            if (value := node.get(each + name)) is not None:
                return value
    return None


def listed(value: Any) -> list[Any]:
    """A value as a list: of one, of none for null, or of what a list or ``@list`` holds."""
    if isinstance(value, dict) and isinstance(inner := value.get("@list", value.get("@set")), list):
        value = inner
    if isinstance(value, list):
        return [each for each in value if each is not None]
    return [] if value is None else [value]


def texts(value: Any) -> list[str]:
    """The texts in a value, without space around them and without empty ones; numbers as they are read.

    Character references of HTML are what they stand for: JSON has none, and many pages write them all the
    same.
    """
    found = []
    for each in listed(value):
        it = each.get("@value") if isinstance(each, dict) else each
        if isinstance(it, str) and (said := _REFERENCE.sub(lambda one: unescape(one[0]), it).strip()):
            found.append(said)
        elif isinstance(it, int | float) and not isinstance(it, bool):
            found.append(str(it))
    return found


def text(node: Any, *names: str) -> str:
    """The first text among some properties of an object; "" where there is none."""
    for name in names:
        if found := texts(get(node, name)):
            return found[0]
    return ""


def broken_in(node: dict[str, Any]) -> str:
    """Why an object cannot be taken, with where in it; "" where it can."""
    for path, each in walk(node):
        if isinstance(each, Broken):
            return f"{path}: {each.why}" if path else each.why
        for key, value in each.items():
            for it in (key, *listed(value)):
                if isinstance(it, str) and not _is_text(it):
                    return f"{_joined(path, key)}: half of a character"
    return ""


def _is_text(it: str) -> bool:
    try:
        it.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


# --- reading JSON ---------------------------------------------------------------------------------


def _decoded(data: bytes) -> Any:
    """The value, with :class:`Broken` in the place of what two readers could take for two things."""
    try:
        return _DECODER.decode(data.decode("utf-8").strip())
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not UTF-8") from error
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Broken:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(key for key, _ in pairs)
        twice = next(key for key in times if times[key] > 1)
        return Broken(f"the key {twice[:40]!a} is there twice")
    return found


def _integer(written: str) -> int | Broken:
    return int(written) if len(written) <= LONGEST_NUMBER else _too_long(written)


def _fraction(written: str) -> float | Broken:
    if len(written) > LONGEST_NUMBER:
        return _too_long(written)
    value = float(written)
    return Broken(f"the number {written[:40]} is too large") if isinf(value) else value


def _too_long(written: str) -> Broken:
    return Broken(f"a number has {len(written):,} digits and signs, more than {LONGEST_NUMBER}")


def _constant(word: str) -> Broken:
    return Broken(f"{word} is no number of JSON")


# Line ends and tabs within texts are no JSON, and common in pages; they mean one thing only.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_once,
    parse_int=_integer,
    parse_float=_fraction,
    parse_constant=_constant,
    strict=False,
)

LONGEST_ADDRESS = 8_000
_WEB = re.compile(r"https?://[^\s/?#\\][^\s\x00-\x1f]*", re.IGNORECASE)


def web(address: str) -> str | None:
    """The address, if it is one of a web page; None for ``javascript:`` and all else."""
    return address if len(address) <= LONGEST_ADDRESS and _WEB.fullmatch(address) else None


def host_of(address: str) -> str:
    """Whose web site an address is of: its host without "www." and port; "" for what is no address."""
    if web(address) is None:
        return ""
    host = re.split(r"[/?#]", address.split("://", 1)[1], maxsplit=1)[0]
    return host.rsplit("@", 1)[-1].split(":", 1)[0].lower().removeprefix("www.")
