"""Names that an act brought in and that can be taken for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.lookalikes import twins
from tracker.app.desk import Desk
from tracker.store import find, spellings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.lookalikes import Twin
    from tracker.journal.entry import Entry
    from tracker.store.read import Reader

_NAMING = {
    "source.registered": "source",
    "source.revised": "source",
    "entity.registered": "entity",
    "entity.revised": "entity",
}


class Twins(Desk):
    """Looking at what the last act named."""

    def twins(self) -> dict[str, list[Twin]]:
        """The names that the last act gave and that look like other names, or mix alphabets: those of
        sources, of entities, and of authors (whose key is empty). A person must judge them: that two
        are alike is no fault of either.

        An author's name is looked at where it is not all ASCII.
        """
        named: dict[str, list[tuple[str, str]]] = {"source": [], "entity": [], "author": []}
        for entry in self.outcome.entries:
            if what := _NAMING.get(entry.act):
                named[what] += [(entry.subject, name) for name in _names(entry)]
        if self.outcome.entries and not self.author.isascii():
            named["author"] = [(self.author, self.author)]
        if not any(named.values()):
            return {}
        with self.reading() as reader:
            found = {what: twins(new, _known(what, new, reader)) for what, new in named.items() if new}
        return {what: alike for what, alike in found.items() if alike}

    def named_alike(self, name: str) -> list[tuple[str, str]]:
        """Sources whose names are like a name across spellings, as (key, name), the best first."""
        with self.reading() as reader:
            matches = spellings.like_names(reader.connection, "sources", name)
            return [(each.key, each.name) for each in matches]


def _names(entry: Entry) -> Iterator[str]:
    """The names that an entry gives a record."""
    given = entry.payload.get("set", entry.payload)
    if "name" in given:
        yield given["name"]
    yield from given.get("aliases", ())


def _known(what: str, new: list[tuple[str, str]], reader: Reader) -> list[tuple[str, str]]:
    """The names, as (key, name), among which those that look like new ones are."""
    if what == "author":
        return [(name, name) for name in find.authors(reader.connection)]
    names = [name for _, name in new]
    if what == "source":
        keys = spellings.drawn_alike(reader.connection, "sources", names)
        return [(each.key, each.name) for each in reader.sources(keys).values() if not each.withdrawn]
    found = reader.entities(spellings.drawn_alike(reader.connection, "entities", names))
    standing = (each for each in found.values() if not (each.withdrawn or each.merged_into))
    return [(each.key, name) for each in standing for name in (each.name, *each.aliases)]
