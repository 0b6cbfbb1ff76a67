"""What is known already of the rows of a table, looked up for a few thousand rows at a time."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from claims.errors import Conflict
from claims.keys import stem_of
from claims.names import fold
from tracker.app.evidencing import LONGEST_KEY
from tracker.app.knownnames import KnownNames
from tracker.formats.rowsaid import ROW_ID, slug
from tracker.store import tables as t
from tracker.store.passing import Meetings, Met

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claims.model import Claim, Document, Entity, Evidence, Question, Source
    from tracker.app.freshkeys import FreshKeys
    from tracker.formats.rowsaid import Record
    from tracker.journal.entry import Entry
    from tracker.store.read import Reader

Identity = tuple[str | None, ...]
"""What makes a row the same piece of evidence as one that is recorded: claim and source, and the
document; or, without a document, the stance and the date as written."""

MOST = 50_000
"""Sources, and documents, that are kept at hand between portions."""


folded = lru_cache(maxsize=MOST)(fold)
"""The search form of a name; those of sources come again and again."""

stem = lru_cache(maxsize=MOST)(stem_of)
"""The key that words make; each is asked for twice, and more often where keys are many times the same."""


def identity(source: str, document: str | None, stance: str, published: str | None) -> Identity:
    """What a piece of evidence on a claim is known by."""
    return (source, document) if document is not None else (source, None, stance, published)


BY_KEY = "\x00"
"""What begins the name of a claim that a row calls by its key here: no cell holds that character."""


def outside_name(record: Record) -> str:
    """What a row calls its claim: its key here, the name that it has outside, or else its words."""
    fields = record.fields
    if "key" in fields:
        return BY_KEY + fields["key"]
    return fields.get("claim_id", fields["claim"])


def row_key(claim: str, fields: dict[str, str]) -> str | None:
    """The key of the evidence of a row, where the table says it, or the map says which columns name the row;
    None where neither does."""
    if "evidence_key" in fields:
        return fields["evidence_key"]
    if ROW_ID not in fields:
        return None
    row_id = fields[ROW_ID]
    short = slug(row_id)
    whole = f"{claim}.{short}"
    if short and short == row_id.lower() and len(whole) <= LONGEST_KEY:
        return whole
    digest = blake2b(row_id.encode(), digest_size=5).hexdigest()
    room = LONGEST_KEY - len(claim) - len(digest) - 2
    return f"{claim}.{short[:room].strip('-')}-{digest}" if short else f"{claim}.{digest}"


def document_name(fields: dict[str, str]) -> str | None:
    """What a row calls its document: its address, or else what it is called; None where it names none."""
    if "url" in fields:
        return fields["url"]
    return BY_KEY + fields["document"] if "document" in fields else None


class Known:
    """What rows may speak of: claims by what they are called outside, sources by folded name, documents
    by address, and the evidence on claims from before the import that no row has met yet."""

    def __init__(self, reader: Reader, keys: FreshKeys) -> None:
        self._reader = reader
        self._keys = keys
        self.names = KnownNames(reader)
        self._meetings = Meetings(reader.connection)
        self.claims: dict[str, Claim] = {}
        self.met: dict[str, Met] = {}
        self.pieces: dict[str, dict[Identity, list[Evidence]]] = {}
        self.sources: dict[str, list[Source]] = {}
        self.documents: dict[str, Document | None] = {}
        self._met_before: set[str] = set()
        self._matched: list[str] = []
        self._of_rows: dict[str, Evidence] = {}
        self._rows_met: set[str] = set()

    # --- before a portion -------------------------------------------------------------------

    def look_up(self, records: Sequence[Record]) -> None:
        """Find all that these rows may speak of."""
        self._find_claims(records)
        fresh: list[str] = []
        self._find_sources({r.fields["source"] for r in records if "stance" in r.fields}, fresh)
        self._keys.expect("sources", fresh)
        self._find_rows(records)
        questions = {r.fields["question"] for r in records if "question" in r.fields}
        if questions:
            self._keys.expect("questions", {stem(words) for words in questions})
        self._find_documents([r for r in records if "stance" in r.fields and "url" in r.fields])
        self._find_titles(
            {r.fields["document"] for r in records if "document" in r.fields and "url" not in r.fields}
        )

    def _find_claims(self, records: Sequence[Record]) -> None:
        texts = {(outside_name(record), record.fields["claim"]) for record in records}
        called = self._meetings.called({name for name, _ in texts if not name.startswith(BY_KEY)})
        by_key = {name: name.removeprefix(BY_KEY) for name, _ in texts if name.startswith(BY_KEY)}
        found = self._reader.claims([*(key for keys in called.values() for key in keys), *by_key.values()])
        self.claims = {name: found[keys[-1]] for name, keys in called.items()}
        self.claims |= {name: found[key] for name, key in by_key.items() if key in found}
        self.met = self._meetings.of([claim.key for claim in self.claims.values()])
        self._met_before = set(self.met)
        self._find_pieces([key for key in found if key not in self.met or not self.met[key].made])
        # The first row of a claim gives its words, unless that row is refused.
        stems = {stem(text) for name, text in texts if name not in self.claims}
        self._keys.expect("claims", stems)

    def _find_rows(self, records: Sequence[Record]) -> None:
        """Find the evidence of rows that the map names by their columns."""
        self._rows_met = set()
        keys = set()
        for record in records:
            claim = self.claims.get(outside_name(record))
            if claim is not None and (key := row_key(claim.key, record.fields)) is not None:
                keys.add(key)
        self._of_rows = self._reader.evidence(keys) if keys else {}
        left = self._meetings.unmatched(self._of_rows)
        made = {key for key, met in self.met.items() if met.made}
        self._rows_met = {
            key for key, piece in self._of_rows.items() if key not in left or piece.claim in made
        }

    def _find_pieces(self, claims: Sequence[str]) -> None:
        self.pieces = {key: defaultdict(list) for key in claims}
        if not claims:
            return
        pieces = self._reader.evidence_on(claims)
        left = self._meetings.unmatched(pieces)
        for piece in sorted(pieces.values(), key=lambda piece: (len(piece.key), piece.key)):
            if piece.key in left:
                words = piece.published.words if piece.published is not None else None
                of_claim = self.pieces[piece.claim]
                of_claim[identity(piece.source, piece.document, piece.stance, words)].append(piece)

    def _find_sources(self, names: set[str], fresh: list[str]) -> None:
        forms = {folded(name) for name in names}
        if len(self.sources) > MOST:
            self.sources = {name: self.sources[name] for name in forms if name in self.sources}
        wanted = [name for name in forms if name not in self.sources]
        keys = self._reader.keys(t.sources, t.sources.c.folded, wanted, "key")
        for name in wanted:
            self.sources[name] = []
        for source in self._reader.sources(keys).values():
            if not source.withdrawn:
                self.sources.setdefault(folded(source.name), []).append(source)
        fresh += {stem(name) for name in names if not self.sources[folded(name)]}

    def _find_documents(self, records: Sequence[Record]) -> None:
        urls = {record.fields["url"] for record in records}
        if len(self.documents) > MOST:
            self.documents = {url: self.documents[url] for url in urls if url in self.documents}
        wanted = [url for url in urls if url not in self.documents]
        keys = self._reader.keys(t.documents, t.documents.c.url, wanted, "key")
        for url in wanted:
            self.documents[url] = None
        for document in self._reader.documents(keys).values():
            if document.url:
                self.documents[document.url] = document
        fields = [record.fields for record in records if self.documents[record.fields["url"]] is None]
        self._keys.expect("documents", {stem(each.get("title", each["url"])) for each in fields})

    def _find_titles(self, titles: set[str]) -> None:
        """Find documents that have no address, by what they are called: their keys are made of that."""
        if not titles:
            return
        stems = {title: stem(title) for title in titles}
        self._keys.expect("documents", set(self._keys.expected("documents")) | set(stems.values()))
        wanted = {key for each in stems.values() for key in (each, *(f"{each}-{n}" for n in range(2, 10)))}
        named = {
            document.title: document
            for document in self._reader.documents(wanted).values()
            if document.url is None and not document.withdrawn
        }
        for title in titles:
            self.documents[BY_KEY + title] = named.get(title)

    # --- evidence that a row means ----------------------------------------------------------

    def piece_of_row(self, key: str, undo: list[Callable[[], object]]) -> Evidence | None:
        """The evidence that an earlier import made of a row which the map names by its columns. Raises
        :class:`Conflict` where another row of this table has the same name."""
        if key in self._rows_met:
            raise Conflict(
                "another row before it has the same in the columns that name a row",
                "let the identity of the map have more columns",
            )
        self._rows_met.add(key)
        undo.append(lambda: self._rows_met.discard(key))
        piece = self._of_rows.get(key)
        if piece is not None:
            self.match(key, undo)
        return piece

    def take_piece(self, same: list[Evidence], undo: list[Callable[[], object]]) -> None:
        """A row has met the first of these pieces; no other row will."""
        piece = same.pop(0)
        undo.append(lambda: same.insert(0, piece))
        self.match(piece.key, undo)

    def match(self, key: str, undo: list[Callable[[], object]]) -> None:
        """A row has met this piece of evidence, or made it; no other row will."""
        self._matched.append(key)
        undo.append(lambda: self._matched.remove(key))

    # --- questions --------------------------------------------------------------------------

    def question_stem(self, words: str) -> str:
        """A fresh key for a question in these words."""
        return self._keys.fresh("questions", stem(words))

    def entity_stem(self, words: str) -> str:
        """A fresh key for an entity of this name."""
        return self._keys.fresh("entities", stem(words))

    def register(self, entity: Entity, undo: list[Callable[[], object]]) -> None:
        """A row has registered an entity."""
        self._keys.take("entities", entity.key)
        self.names.learn_entity(entity)
        undo.append(lambda: self._keys.give_back("entities", entity.key))
        undo.append(lambda: self.names.forget_entity(entity))

    def pose(self, question: Question, undo: list[Callable[[], object]]) -> None:
        """A row has posed a question."""
        self._keys.take("questions", question.key)
        self.names.learn_question(question)
        undo.append(lambda: self._keys.give_back("questions", question.key))
        undo.append(lambda: self.names.forget_question(question))

    # --- in it, and after it ----------------------------------------------------------------

    def call(self, name: str, claim: Claim, undo: list[Callable[[], object]]) -> None:
        """A row calls a claim by a name, and was taken."""
        before = self.claims.get(name)
        if before is claim:
            return
        self.claims[name] = claim
        if before is None:
            undo.append(lambda: self.claims.pop(name, None))
        else:
            undo.append(lambda: self.claims.update({name: before}))

    def meet(self, claim: Claim, undo: list[Callable[[], object]], *, made: bool) -> Met:
        """A row has spoken of a claim, and was taken."""
        met = self.met.get(claim.key)
        if met is None:
            met = self.met[claim.key] = Met(made)
            undo.append(lambda: self.met.pop(claim.key, None))
        return met

    def take_key(self, records: str, key: str, undo: list[Callable[[], object]]) -> None:
        """A record has got a key."""
        self._keys.take(records, key)
        undo.append(lambda: self._keys.give_back(records, key))

    def logged(self, entries: Sequence[Entry]) -> None:
        """Entries were written. Evidence among them on a claim from before the import is its own."""
        for entry in entries:
            if entry.act == "evidence.logged" and not self.met[entry.payload["claim"]].made:
                self._matched.append(entry.subject)

    def note(self) -> None:
        """Keep, for later portions, what the rows of this one have met."""
        self._meetings.note(self.met, self._met_before)
        self._meetings.match(self._matched)
        self._matched = []
        made = {key for key, met in self.met.items() if met.made} - self._met_before
        new = [claim for claim in self.claims.values() if claim.key in made and not claim.external_id]
        self._meetings.name_by_text((claim.text, claim.key) for claim in new)

    @property
    def meetings(self) -> Meetings:
        """What all rows have met."""
        return self._meetings
