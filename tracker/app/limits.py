"""What texts may be: as long as a person needs, too short to choke a tracker on, and text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.errors import BadValue
from claims.lookalikes import unseen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST = 100_000
"""Characters in any one text: some fifty printed pages. What is longer is a document."""

LONGEST_NAME = 1_000

_NAMES = frozenset(("name", "aliases", "sides", "owner", "title", "author", "wikidata", "external_id", "by"))
_LONGEST = dict.fromkeys(_NAMES, LONGEST_NAME) | {"url": 8_000, "lang": 35}
SHORT = min(_LONGEST.values())
"""Characters that there is room for in any text."""
_NESTED = (dict, list)
_SEEN = frozenset(("name", "aliases", "sides", "owner", "author", "by"))
"""What people and sources are called: read by eye, and so without anything that no eye can see."""


def check_texts(payload: Mapping[str, Any], reason: str, author: str) -> None:
    """Refuse texts that are too long, or hold what is no character; raises :class:`BadValue`."""
    check_of_entry(reason, author)
    check_payload(payload)


def check_of_entry(reason: str, author: str) -> None:
    """The same of the texts of an entry beside its payload."""
    _check("reason", reason)
    _check("author", author)


def check_payload(payload: Mapping[str, Any]) -> None:
    """The same of a payload alone."""
    for name, value in payload.get("set", payload).items():
        # Of a short text that anybody can read no more need be asked, and nearly all are.
        if type(value) is str and len(value) <= SHORT and value.isascii() and value.isprintable():
            continue
        _check(name, value)


def _check(name: str, value: Any) -> None:
    if isinstance(value, str):
        longest = _LONGEST.get(name, LONGEST)
        if len(value) <= longest and value.isascii() and value.isprintable():
            return
        _check_characters(name, value)
        if name in _SEEN:
            check_seen(name, value)
        if len(value) > longest:
            raise BadValue(
                f"the {name.replace('_', ' ')} has {len(value):,} characters, more than the {longest:,} "
                "that there is room for",
                "shorten it; a whole text is better kept as a document, with --file",
            )
    elif isinstance(value, _NESTED):
        for inner in value.values() if isinstance(value, dict) else value:
            if type(inner) is str and len(inner) <= SHORT and inner.isascii() and inner.isprintable():
                continue
            _check(name, inner)


def _check_characters(name: str, text: str) -> None:
    what = "a NUL character" if "\x00" in text else ""
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            what = "half of a character (a lone surrogate)"
    if what:
        raise BadValue(f"the {name.replace('_', ' ')} holds {what}", "write it as UTF-8 text, without that")


def check_seen(what: str, name: str) -> None:
    """Refuse a name that holds what cannot be seen; raises :class:`BadValue`."""
    if not (name.isascii() and name.isprintable()) and (hidden := unseen(name)):
        raise BadValue(f"the {what} {name[:60]!a} holds {hidden}", "write it without that character")


def check_revision(fields: Mapping[str, Any], known: Sequence[str], needed: Sequence[str], what: str) -> None:
    """Refuse to revise fields that a record does not have, or to take out what it must have; raises
    :class:`BadValue`."""
    if unknown := sorted(set(fields) - set(known)):
        raise BadValue(f"{what} has no {unknown[0]!r} that could be revised", f"it has: {', '.join(known)}")
    if gone := [name for name in needed if name in fields and fields[name] is None]:
        raise BadValue(f"{what} must have its {gone[0].replace('_', ' ')}", "give another instead of none")


def need_words(text: str | None, what: str) -> str:
    """The text without space around it; raises :class:`BadValue` where nothing is left."""
    if text is None or not text.strip():
        raise BadValue(f"{what} cannot be empty", "write what it is called, or what it says")
    return text.strip()


def distinct_words(texts: Sequence[str]) -> tuple[str, ...]:
    """Texts without space around them, without empty ones, each once, in order."""
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
