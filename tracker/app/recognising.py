"""Which records the acts of a file mean: those that the file has told of, and those that are known."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from claims.errors import Conflict
from claims.keys import stem_of
from claims.lookalikes import mixed_scripts
from claims.names import fold
from claims.vocabulary import EntityType, Stance, read_word
from tracker.app.lookup import Lookup
from tracker.store import find
from tracker.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from claims.model import Claim, Evidence
    from tracker.formats import acts as say
    from tracker.store.read import Reader

R = TypeVar("R")

Named = tuple[str, str]
"""A word for a kind of record, and what it is called in the file."""


class Recognising:
    """Finds the key of what an act means. What is called by an ``id`` in the file is learned as it is
    recorded; ids that a group brought are forgotten again where that group is not taken."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._look = Lookup(reader)
        self._learned: dict[Named, str] = {}
        self._met: set[str] = set()
        self._lately: dict[Named, str] = {}
        self._met_lately: set[str] = set()
        self._wikidata: dict[str, str] | None = None

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is learned in here counts from then on, unless it fails."""
        self._lately, self._met_lately = {}, set()
        try:
            yield
        except BaseException:
            self._wikidata = None
            raise
        else:
            self._learned |= self._lately
            self._met |= self._met_lately
        finally:
            self._lately, self._met_lately = {}, set()

    def learn(self, what: str, name: str, key: str, wikidata: str | None = None) -> None:
        """A record that the file calls ``name`` has this key."""
        self._lately[what, name] = key
        if what == "evidence":
            self._met_lately.add(key)
        if wikidata is not None and self._wikidata is not None:
            self._wikidata[wikidata] = key

    def key_of(self, what: str, name: str) -> str:
        """The key of what another act names: by its id in the file, or as it is known here; else the
        words as they are, for whoever looks them up to say that there is no such record."""
        named = (what, name)
        if key := self._lately.get(named) or self._learned.get(named):
            return key
        if what == "claim" and (found := self._outside(name)):
            return found.key
        if what == "document" and (
            found_in := self.reader.keys(t.documents, t.documents.c.url, [name], "key")
        ):
            return min(found_in)
        if what == "entity":
            return self._by_wikidata(name) or name
        return name

    def words_of(self, words: str) -> str:
        """Words that may name an entity: where they are the id of one in the file, its name, or its key if
        others have that name too; else as they are."""
        named = ("entity", words)
        key = self._lately.get(named) or self._learned.get(named)
        if key is None:
            return words
        name = self.reader.entities([key])[key].name
        alone = find.entities_named(self.reader.connection, fold(name)) == [key]
        return name if alone and not self.reader.entities([name]) else key

    def relayed(self, name: str) -> str:
        """The key of what evidence passes on: another piece, or a source."""
        for what in ("evidence", "source"):
            if key := self._lately.get((what, name)) or self._learned.get((what, name)):
                return key
        return name

    # --- each kind of record ----------------------------------------------------------------

    def source(self, it: say.RegisterSource) -> str | None:
        """The key of a source that is recorded already; None for a new one. Raises :class:`Conflict` where
        its name is that of several, or only looks like one that is known."""
        if it.key is not None:
            return it.key if it.key in self.reader.sources([it.key]) else None
        found = find.sources_named(self.reader.connection, fold(it.name))
        if len(found) > 1:
            raise Conflict(f"{it.name!r} names several sources: {', '.join(found)}", "merge or rename them")
        if not found:
            return None
        known = self.reader.sources(found)[found[0]]
        if it.name != known.name and (mixed := mixed_scripts(it.name)):
            raise Conflict(
                f"{it.name!r} looks like {known.name} ({known.key}), but mixes {' and '.join(mixed)} letters",
                "write the name of the source as it is recorded, or register that one by hand",
            )
        return known.key

    def entity(self, it: say.RegisterEntity) -> str | None:
        """The key of an entity that is recorded already; None for a new one. Raises :class:`Conflict`
        where its name is that of several of its type."""
        if it.key is not None:
            return it.key if it.key in self.reader.entities([it.key]) else None
        if it.wikidata is not None and (known := self._by_wikidata(it.wikidata)):
            return known
        named = find.entities_named(self.reader.connection, fold(it.name))
        kind = read_word(EntityType, it.type, "entity type") if it.type is not None else None
        found = [
            key
            for key, entity in self.reader.entities(named).items()
            if (kind is None or entity.type == kind)
            and (it.wikidata is None or entity.wikidata in (None, it.wikidata))
        ]
        standing = sorted({find.entity_that_stands_for(self.reader.connection, key) for key in found})
        if len(standing) > 1:
            keys = ", ".join(standing)
            raise Conflict(f"{it.name!r} names several entities: {keys}", "merge or rename them")
        return standing[0] if standing else None

    def _by_wikidata(self, item: str) -> str | None:
        if self._wikidata is None:
            known = self.reader.entities()
            self._wikidata = {
                each.wikidata: each.key for each in known.values() if each.wikidata and not each.withdrawn
            }
        return self._wikidata.get(item)

    def document(self, it: say.RecordDocument, publisher: str | None) -> str | None:
        """The key of a document that is recorded already; None for a new one."""
        if it.key is not None:
            return it.key if it.key in self.reader.documents([it.key]) else None
        if it.url is not None:
            return min(self.reader.keys(t.documents, t.documents.c.url, [it.url], "key"), default=None)
        return self._of_stem(
            it.title,
            self.reader.documents,
            lambda each: each.title == it.title and each.url is None and publisher in (None, each.publisher),
        )

    def question(self, it: say.PoseQuestion) -> str | None:
        """The key of a question that is recorded already; None for a new one."""
        if it.key is not None:
            return it.key if it.key in self.reader.questions([it.key]) else None
        return self._of_stem(it.text, self.reader.questions, lambda each: each.text == it.text)

    def claim(self, it: say.RecordClaim) -> Claim | None:
        """The claim, where it is recorded already."""
        if it.key is not None:
            return self.reader.claims([it.key]).get(it.key)
        if it.id:
            return self._outside(it.id)
        key = self._of_stem(
            it.text,
            self.reader.claims,
            lambda each: each.text == it.text and not each.external_id and not each.withdrawn,
        )
        return None if key is None else self.reader.claims([key])[key]

    def _outside(self, name: str) -> Claim | None:
        """The claim of an id outside, the last of several."""
        keys = self.reader.keys(t.claims, t.claims.c.external_id, [name], "key")
        found = [claim for claim in self.reader.claims(keys).values() if not claim.withdrawn]
        return max(found, key=lambda claim: claim.key, default=None)

    def evidence(self, it: say.LogEvidence, claim: str, source: str, document: str | None) -> Evidence | None:
        """The piece of evidence, where it is recorded already and no act has met it yet."""
        if it.key is not None:
            return self.reader.evidence([it.key]).get(it.key)
        speaker = self._look.source(source).key
        stance = read_word(Stance, it.stance, "stance")
        words = (
            it.published.strip() if isinstance(it.published, str) else getattr(it.published, "words", None)
        )
        for piece in self.reader.evidence_on([self._look.claim(claim).key]).values():
            same = (piece.source, piece.document) == (speaker, document)
            if same and document is None:
                said = piece.published.words if piece.published is not None else None
                same = (piece.stance, said) == (stance, words)
            if same and piece.key not in self._met and piece.key not in self._met_lately:
                return piece
        return None

    def _of_stem(
        self, words: str, read: Callable[[list[str]], Mapping[str, R]], is_it: Callable[[R], bool]
    ) -> str | None:
        """The key of the record that these words made the key of, if ``is_it`` says so of one."""
        stem = stem_of(words)
        key, number = stem, 1
        while found := read([key]):
            if is_it(found[key]):
                return key
            number += 1
            key = f"{stem}-{number}"
        return None
