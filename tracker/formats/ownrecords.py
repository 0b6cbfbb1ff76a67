"""Records that this program wrote into a file of another standard, read back: each with the fields of its
act, in whatever form the standard held them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims.errors import ClaimsError, Finding
from claims.keys import KEY_PATTERN
from tracker.formats.acts import Group
from tracker.formats.acttext import from_fields, names_of
from tracker.formats.merging import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tracker.formats.acts import Act

    Told = Iterator[Group | Finding]

_THINGS = ("source", "entity", "question", "case", "document")


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A record: its place in the file, the word for what it is, its fields, and what the file calls it."""

    where: str
    word: str
    fields: dict[str, Any]
    id: str = ""

    @property
    def key(self) -> str:
        """Its key in the tracker that wrote it; "" for none."""
        key = self.fields.get("key")
        return key if isinstance(key, str) else ""


class OwnRecords:
    """The records of one file. With ``keep_keys`` they go by their keys: what this tracker wrote comes back
    as it was, and is known again. Else keys only lead from one record of the file to another, as two
    trackers may call different things by one key; a claim is known again by its id in the file."""

    def __init__(self, records: Sequence[OwnRecord], *, keep_keys: bool) -> None:
        self.keep_keys = keep_keys
        self._by_word: dict[str, list[OwnRecord]] = {}
        for each in records:
            self._by_word.setdefault(each.word, []).append(each)
        self._claims = {each.key: each for each in self._by_word.get("claim", ())}
        self._names = {each.key: each.fields.get("name") for each in self._by_word.get("entity", ())}
        self._told: set[str] = set()

    @property
    def names(self) -> dict[str, str]:
        """What the claims of the file are called in acts, by their ids there."""
        found = (each for each in self._by_word.get("claim", ()) if each.id)
        return {each.id: each.key if self.keep_keys else each.id for each in found}

    def things(self) -> Told:
        """Sources, entities, questions, cases and documents."""
        for word in _THINGS:
            found = self._by_word.get(word, ())
            yield from self._entities(found) if word == "entity" else self._each(found, self._thing)

    def _entities(self, records: Sequence[OwnRecord]) -> Told:
        """Entities in an order in which each merge can be made. One that stands in the middle of several is
        registered with the first that was merged into it."""
        by_key = {each.key: each for each in records if each.key}
        into = {key: each.fields.get("merged_into") for key, each in by_key.items()}
        before: list[Act] = []
        for key, merged in in_order({key: it if isinstance(it, str) else None for key, it in into.items()}):
            it = by_key[key]
            try:
                act = self._thing(it, merged=merged)
            except ClaimsError as error:
                if merged:  # else it is told of below
                    yield Finding(it.where, error.message, error.hint)
                continue
            if merged or into[key] is None:
                yield Group(it.where, (*before, act))
                before = []
            else:
                before.append(act)
        yield from self._each([each for each in records if not each.key], self._thing)

    def claims(self) -> Told:
        """Claims, those first whose dates others count from, and then their links."""
        found = self._by_word.get("claim", ())
        yield from self._each(_parents_first(found, lambda each: self._anchors(each, "when")), self._claim)
        yield from self._each(self._by_word.get("link", ()), self._link)

    def said(self) -> Told:
        """Evidence, what is relayed first, and verdicts."""
        found = self._by_word.get("evidence", ())
        yield from self._each(_parents_first(found, lambda each: _words(each, "relays")), self._evidence)
        yield from self._each(self._by_word.get("assessment", ()), self._verdict)

    def _each(self, records: Iterable[OwnRecord], read: Callable[[OwnRecord], Act]) -> Told:
        for each in records:
            try:
                yield Group(each.where, (read(each),))
            except ClaimsError as error:
                yield Finding(each.where, error.message, error.hint)

    # --- each kind of record ------------------------------------------------------------------------

    def _thing(self, it: OwnRecord, *, merged: bool = True) -> Act:
        given = _known(it)
        if not merged:
            given.pop("merged_into", None)
        if not self.keep_keys and it.word != "case" and it.key:
            given["id"] = given.pop("key")
        return from_fields(given)

    def _claim(self, it: OwnRecord) -> Act:
        given = self._dated(it, "when")
        self._told.add(it.key)
        if not self.keep_keys:
            given.pop("key", None)
            given["id"] = it.id
            for name in ("value", "where"):  # where it is the key of an entity, it is that entity
                given[name] = self._names.get(str(given.get(name)), given.get(name))
        return from_fields(given)

    def _link(self, it: OwnRecord) -> Act:
        given = _known(it)
        return from_fields(given | {name: self._called(given.get(name)) for name in ("claim", "other")})

    def _evidence(self, it: OwnRecord) -> Act:
        given = self._dated(it, "published")
        given["claim"] = self._called(given.get("claim"))
        if not self.keep_keys:
            given["id"] = given.pop("key", None)
        return from_fields(given)

    def _verdict(self, it: OwnRecord) -> Act:
        given = _known(it)
        return from_fields(given | {"claim": self._called(given.get("claim"))})

    # --- parts --------------------------------------------------------------------------------------

    def _called(self, key: Any) -> Any:
        """What a claim of the file is called: its id there, unless keys are kept."""
        known = self._claims.get(key) if isinstance(key, str) else None
        return key if self.keep_keys or known is None else known.id

    def _anchors(self, it: OwnRecord, name: str) -> set[str]:
        words = it.fields.get(name)
        return set(re.findall(KEY_PATTERN, words)) & self._claims.keys() if isinstance(words, str) else set()

    def _dated(self, it: OwnRecord, name: str) -> dict[str, Any]:
        """Fields with a date as its words alone, where they count from claims that are known by then and
        go by the same keys; else with its EDTF value, which stands on its own."""
        given = _known(it)
        anchors = self._anchors(it, name)
        if self.keep_keys and anchors and anchors <= self._told:
            given.pop(f"{name}_edtf", None)
        return given


def _known(it: OwnRecord) -> dict[str, Any]:
    """The fields of a record that its act has."""
    names = names_of(it.word)
    return {"act": it.word, **{name: value for name, value in it.fields.items() if name in names}}


def _words(it: OwnRecord, name: str) -> set[str]:
    value = it.fields.get(name)
    return {value} if isinstance(value, str) else set()


def _parents_first(records: Sequence[OwnRecord], parents: Callable[[OwnRecord], set[str]]) -> list[OwnRecord]:
    """Records in an order in which those that others name come before them; where they name each other
    in a ring, in the order of the file."""
    by_key = {each.key: each for each in records if each.key}
    ordered: dict[int, OwnRecord] = {}
    for record in records:
        path, open_ = [record], {id(record)}
        while path:
            left = (by_key[key] for key in sorted(parents(path[-1])) if key in by_key)
            parent = next((it for it in left if id(it) not in ordered and id(it) not in open_), None)
            if parent is None:
                done = path.pop()
                ordered.setdefault(id(done), done)
            else:
                path.append(parent)
                open_.add(id(parent))
    return list(ordered.values())
