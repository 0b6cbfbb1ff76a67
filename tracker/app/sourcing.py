"""Acts on who speaks and where it was read: sources, their grades, and documents."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile, BadValue, Conflict
from claims.keys import check_key, make_key
from claims.model import Document, Source
from claims.vocabulary import Reliability, SourceType, read_word
from tracker.app.desk import Desk, need_reason
from tracker.app.limits import check_revision, distinct_words, need_words
from tracker.archive import keep
from tracker.journal.payload import changes, payload_of
from tracker.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claims.dates import UncertainDate
    from tracker.app.lookup import Lookup

LARGEST_DOCUMENT = 1_000_000_000
"""Bytes of a document that is kept: it is held in memory on its way."""


DOCUMENTED = ("title", "publisher", "author", "url", "published", "sha256", "note")
"""The fields of a document that can be revised."""


def read_grade(text: str | Reliability | None) -> Reliability | None:
    """A grade from A to F; a dash or nothing means not assessed."""
    if text is None or text in ("", "-"):
        return None
    return read_word(Reliability, text, "reliability grade")


class SourceActs(Desk):
    """Registering, revising and grading sources; recording documents."""

    def add_source(
        self,
        name: str,
        *,
        key: str | None = None,
        type: str = "other",  # noqa: A002 - the field's own word
        sides: Sequence[str] = (),
        owner: str | None = None,
        reliability: str | None = None,
        url: str | None = None,
        note: str | None = None,
        reason: str = "",
    ) -> Source:
        """Register a source. Raises :class:`Conflict` where the key is taken."""
        with self.act() as act, self.lookup() as look:
            taken = look.taken("sources")
            source = Source(
                key=fresh_key(key, name, taken, "source"),
                name=need_words(name, "the name of a source"),
                type=read_word(SourceType, type, "source type"),
                sides=distinct_words(sides),
                owner=owner,
                reliability=read_grade(reliability),
                url=url,
                note=note,
            )
            act.append("source.registered", source.key, payload_of(source), reason)
            return source

    def revise_source(self, source: str, *, reason: str, **fields: Any) -> Source:
        """Change what is known of a source: name, type, sides, owner, url, note; None takes one out."""
        check_revision(
            fields, ("name", "type", "sides", "owner", "url", "note"), ("name", "type"), "a source"
        )
        if "type" in fields:
            fields["type"] = read_word(SourceType, fields["type"], "source type")
        if "sides" in fields:
            fields["sides"] = distinct_words(fields["sides"] or ())
        if "name" in fields:
            fields["name"] = need_words(fields["name"], "the name of a source")
        with self.act() as act, self.lookup() as look:
            before = look.source(source)
            after = replace(before, **fields)
            if changed := changes(before, after):
                act.append("source.revised", before.key, changed, need_reason(reason))
            return after

    def grade_source(self, source: str, grade: str | None, *, reason: str) -> Source:
        """Give a source another Admiralty grade, from now on and for all that it said."""
        with self.act() as act, self.lookup() as look:
            before = look.source(source)
            new = read_grade(grade)
            if new != before.reliability:
                was = before.reliability
                payload = {"grade": new and new.value, "was": was and was.value}
                act.append("source.graded", before.key, payload, need_reason(reason))
            return replace(before, reliability=new)

    def add_document(
        self,
        title: str,
        *,
        key: str | None = None,
        publisher: str | Source | None = None,
        author: str | None = None,
        url: str | None = None,
        published: str | UncertainDate | None = None,
        file: str | Path | None = None,
        sha256: str | None = None,
        note: str | None = None,
    ) -> Document:
        """Record a document; with a file, its bytes are kept in the archive and their SHA-256 here.
        ``sha256`` says what the bytes hash to where they are kept elsewhere.
        """
        with self.act() as act, self.lookup() as look:
            document = Document(
                key=fresh_key(key, title, look.taken("documents"), "document"),
                title=need_words(title, "the title of a document"),
                publisher=look.source(publisher).key if publisher else None,
                author=author,
                url=url,
                published=self.read_published(published),
                sha256=_read_digest(sha256),
                note=note,
            )
            act.append("document.recorded", document.key, payload_of(document))
            return self._archive(document, file) if file is not None else document

    def revise_document(self, key: str, *, reason: str, **fields: Any) -> Document:
        """Change what is known of a document: title, publisher, author, url, published, sha256, note; None
        takes one out."""
        check_revision(fields, DOCUMENTED, ("title",), "a document")
        with self.act() as act, self.lookup() as look:
            before = look.document(key)
            if "title" in fields:
                fields["title"] = need_words(fields["title"], "the title of a document")
            if "published" in fields:
                fields["published"] = self.read_published(fields["published"])
            if fields.get("publisher") is not None:
                fields["publisher"] = look.source(fields["publisher"]).key
            after = replace(before, **fields)
            if changed := changes(before, after):
                act.append("document.revised", before.key, changed, need_reason(reason))
            return after

    def keep_file(self, document: str, file: str | Path) -> Document:
        """Keep a copy of a document that is recorded already: the bytes of a file in the archive, and their
        SHA-256 in the record. Raises :class:`BadFile` where it cannot be read."""
        with self.act(), self.lookup() as look:
            return self._archive(look.document(document), file)

    def _archive(self, document: Document, file: str | Path) -> Document:
        self.refuse_own(file)
        try:
            path = Path(file).expanduser()
            with path.open("rb") as opened:
                data = opened.read(LARGEST_DOCUMENT + 1)
        except (OSError, ValueError, RuntimeError) as error:
            why = getattr(error, "strerror", None) or error
            raise BadFile(f"{str(file)!r} cannot be read ({why})", "check the path") from error
        if len(data) > LARGEST_DOCUMENT:
            raise BadFile(
                f"{str(file)!r} is larger than {LARGEST_DOCUMENT // 1_000_000:,} MB",
                "keep it elsewhere, and its SHA-256 here: the sha256 of a document in a casebook",
            )
        digest = hashlib.sha256(data).hexdigest()
        with self.act() as act:
            if not self.dry_run:
                path_there, made = keep(self.database.path, digest, data)
                act.files += [path_there] if made else []
            payload = {"set": {"sha256": digest}, "was": {"sha256": document.sha256}}
            payload["file"] = {"name": path.name, "bytes": len(data)}
            act.append("document.archived", document.key, payload)
        return replace(document, sha256=digest)

    def document_for(
        self, look: Lookup, document: str | Document | None, url: str | None, file: str | Path | None
    ) -> str | None:
        """The key of the document that a piece of evidence was found in: a known one by key or by
        URL, else one recorded for it here; None where none was named."""
        if document is not None:
            found = look.document(document)
            if file is not None:
                self._archive(found, file)
            return found.key
        if url is None and file is None:
            return None
        known = sorted(look.reader.keys(t.documents, t.documents.c.url, [url], "key")) if url else []
        if known:
            if file is not None:
                self._archive(look.reader.documents(known[:1])[known[0]], file)
            return known[0]
        title = url or Path(str(file)).name
        return self.add_document(title, url=url, file=file).key


def _read_digest(text: str | None) -> str | None:
    if text is None:
        return None
    if not re.fullmatch("[0-9a-fA-F]{64}", text.strip()):
        raise BadValue(f"{text[:80]!r} is not a SHA-256", "it has 64 hexadecimal digits")
    return text.strip().lower()


def fresh_key(key: str | None, words: str, taken: Any, what: str) -> str:
    """The key asked for, checked, or one made from the words.

    Raises :class:`Conflict` where the key asked for is taken.
    """
    if key is None:
        return make_key(words, taken)
    check_key(key)
    if taken(key):
        raise Conflict(
            f"there is a {what} with the key {key!r} already",
            f"use that one, or choose another key{_how_to_revise(what, key)}",
        )
    return key


def _how_to_revise(what: str, key: str) -> str:
    known = what != "case"
    return f"; to change it: tracker {what} revise {key} --reason …" if known else ""
