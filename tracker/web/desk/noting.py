"""What an act would note of records, in words: each field as it was and as it would be, who is whom, what was
published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.report.publications import published_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.journal.entry import Entry

NOTHING = "nothing"

_NAMES = {"reliability": "grade", "rules_off": "rules that are off"}
"""Fields that people know by another word; the others are called as they are."""


def notes(entries: Sequence[Entry]) -> list[str]:
    """What the entries of an act say of records that are there: of those that are revised, each field."""
    return [words for entry in entries for words in _of_entry(entry)]


def _of_entry(entry: Entry) -> Iterator[str]:
    said = entry.payload
    if entry.act == "source.graded":
        yield _change("reliability", said.get("was"), said.get("grade"))
    elif entry.act == "document.archived":
        yield _kept(said)
    elif entry.act == "entity.merged":
        yield f"{entry.subject} is in truth {said['into']}: what is claimed of either is of the one"
    elif entry.act == "entity.unmerged":
        yield f"{entry.subject} and {said['from']} are two again"
    elif entry.act == "claim.published":
        yield published_words(entry.subject, said)
    elif isinstance(said.get("set"), dict):
        was = said.get("was") or {}
        for name, value in said["set"].items():
            yield _change(name, was.get(name), value)


def _kept(said: Mapping[str, Any]) -> str:
    instead = " in place of the one that it has" if said["was"].get("sha256") else ""
    file = said.get("file", {})
    return f"a copy of the document{instead}: {file.get('name')}, {file.get('bytes', 0):,} bytes"


def _change(name: str, was: Any, now: Any) -> str:
    called = _NAMES.get(name, name.replace("_", " "))
    return f"{called}: {_words(was)} → {_words(now)}"


def _words(value: Any) -> str:
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    if isinstance(value, dict):  # a date
        return str(value.get("words") or value.get("edtf") or NOTHING)
    return str(value)
