"""What both journals changed: which changes made here the other desk did not know when it made its own.

A desk that has taken in a change knows it: it stands in its journal, by its hash, before what the desk
did next. A change made here that is not there was made without knowing of theirs, and theirs without
knowing of it: neither follows on the other, so that people must say which is to hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.journal.entry import Entry
    from tracker.journal.exchange import Sent

Place = tuple[str, str, str]
"""What kind of record, its key, and what of it."""

_SETTING = ("revised", "corrected", "archived")
_STANDS = {"withdrawn": False, "restored": True}
_DECIDED = {"approved": "approved", "rejected": "rejected", "reopened": None}

IN_WORDS = {
    "stands": "whether it stands",
    "merged_into": "who it is",
    "state": "whether it holds",
    "reliability": "the grade",
    "decision": "what a second person made of it",
}
"""What of a record is meant, where that is no field of it."""


def identity(entry: Entry, leaf: str) -> str:
    """The hash (hex) by which every desk knows an entry: the one that it had where it was recorded."""
    came = (entry.received or {}).get("leaf")
    return came if isinstance(came, str) else leaf


def effects(entry: Entry) -> Iterator[tuple[Place, Any]]:
    """What an entry changes of a record that was there, and to what; nothing, of other entries."""
    kind, _, done = entry.act.partition(".")
    said = entry.payload
    found: dict[str, Any] = {}
    if done in _SETTING and isinstance(said.get("set"), dict):
        found = said["set"]
    elif done == "graded":
        found = {"reliability": said.get("grade")}
    elif kind == "evidence" and done in _STANDS:
        found = {"stands": [said.get("how"), said.get("on")] if done == "withdrawn" else None}
    elif done in _STANDS:
        found = {"stands": _STANDS[done]}
    elif done in ("merged", "unmerged"):
        found = {"merged_into": said.get("into")}
    elif kind == "assessment" and done in _DECIDED:
        found = {"decision": _DECIDED[done]}
    elif kind == "link":
        found = {"state": said.get("state")}
    for name, value in found.items():
        yield (kind, entry.subject, name), value


class Theirs:
    """What another desk knew and said when it recorded each of its entries."""

    def __init__(self, sent: Iterable[Sent]) -> None:
        self._known: set[str] = set()
        self._said: dict[Place, list[Any]] = {}
        self._last: dict[Place, Any] = {}
        self._to_come: set[str] = set()
        for each in sent:
            if each.entry is not None:
                self._to_come.add(identity(each.entry, each.leaf))
                self._last.update(effects(each.entry))

    def past(self, entry: Entry | None, leaf: str) -> None:
        """Go past an entry, of which there may be only its hash: what comes later was recorded by a desk
        that knew it."""
        if entry is None:
            self._known.add(leaf)
            return
        self._known.add(identity(entry, leaf))
        self._to_come.discard(identity(entry, leaf))
        for place, value in effects(entry):
            self._said.setdefault(place, []).append(value)

    def settled(self, ours: Iterable[Entry], entry: Entry) -> bool:
        """Whether the desks are agreed on all that an entry changes: because it is there in the end what
        it is here, or because they took in later what was done here last. ``ours`` are the entries on
        the same record here, in order."""
        newest = {(kind, name): (mine, now) for mine in ours for (kind, _, name), now in effects(mine)}
        changed = [place for place, _ in effects(entry)]
        return bool(changed) and all(
            (place[0], place[2]) in newest and self._is_settled(place, *newest[place[0], place[2]])
            for place in changed
        )

    def _is_settled(self, place: Place, mine: Entry, here: Any) -> bool:
        return self._last[place] == here or identity(mine, mine.leaf.hex()) in self._to_come

    def unknown_among(self, ours: Iterable[Entry], entry: Entry) -> list[str]:
        """What an entry changes that was changed here by others of our entries, on the same record,
        which they did not know, and to something that they had not said themselves."""
        changed = {place[2] for place, _ in effects(entry)}
        kind = entry.act.partition(".")[0]
        found = []
        for mine in ours:
            if identity(mine, mine.leaf.hex()) in self._known:
                continue
            for (of, _, name), value in effects(mine):
                said = self._said.get((kind, entry.subject, name), [])
                if of == kind and name in changed and value not in said:
                    found.append(name)
        return found
