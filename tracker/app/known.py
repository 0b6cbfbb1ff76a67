"""What is known already of the rows of a table, looked up for a few thousand rows at a time."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from claims.keys import stem_of
from claims.names import fold
from tracker.store import tables as t
from tracker.store.passing import Meetings, Met

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claims.model import Claim, Document, Evidence, Source
    from tracker.app.freshkeys import FreshKeys
    from tracker.formats.csvmap import Record
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


def outside_name(record: Record) -> str:
    """What a row calls its claim: the name that it has outside, or else its words."""
    return record.fields.get("claim_id", record.fields["claim"])


class Known:
    """What rows may speak of: claims by what they are called outside, sources by folded name, documents
    by address, and the evidence on claims from before the import that no row has met yet."""

    def __init__(self, reader: Reader, keys: FreshKeys) -> None:
        self._reader = reader
        self._keys = keys
        self._meetings = Meetings(reader.connection)
        self.claims: dict[str, Claim] = {}
        self.met: dict[str, Met] = {}
        self.pieces: dict[str, dict[Identity, list[Evidence]]] = {}
        self.sources: dict[str, list[Source]] = {}
        self.documents: dict[str, Document | None] = {}
        self._met_before: set[str] = set()
        self._matched: list[str] = []

    # --- before a portion -------------------------------------------------------------------

    def look_up(self, records: Sequence[Record]) -> None:
        """Find all that these rows may speak of."""
        self._find_claims(records)
        fresh: list[str] = []
        self._find_sources({r.fields["source"] for r in records if "stance" in r.fields}, fresh)
        self._keys.expect("sources", fresh)
        self._find_documents([r for r in records if "stance" in r.fields and "url" in r.fields])

    def _find_claims(self, records: Sequence[Record]) -> None:
        texts = {(outside_name(record), record.fields["claim"]) for record in records}
        called = self._meetings.called({name for name, _ in texts})
        found = self._reader.claims([key for keys in called.values() for key in keys])
        self.claims = {name: found[keys[-1]] for name, keys in called.items()}
        self.met = self._meetings.of([claim.key for claim in self.claims.values()])
        self._met_before = set(self.met)
        self._find_pieces([key for key in found if key not in self.met or not self.met[key].made])
        # The first row of a claim gives its words, unless that row is refused.
        stems = {stem(text) for name, text in texts if name not in self.claims}
        self._keys.expect("claims", stems)

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

    # --- in it, and after it ----------------------------------------------------------------

    def meet(self, claim: Claim, *, made: bool) -> Met:
        """A row has spoken of a claim, and was taken."""
        met = self.met.get(claim.key)
        if met is None:
            met = self.met[claim.key] = Met(made)
        return met

    def match(self, evidence: str) -> None:
        """A row has met this piece of evidence, or made it; no other row will."""
        self._matched.append(evidence)

    def logged(self, entries: Sequence[Entry]) -> None:
        """Entries were written. Evidence among them on a claim from before the import is its own."""
        for entry in entries:
            if entry.act == "evidence.logged" and not self.met[entry.payload["claim"]].made:
                self.match(entry.subject)

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
