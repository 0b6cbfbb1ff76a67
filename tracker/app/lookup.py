"""Finding records by what a person typed: a key, the beginning of one, or a name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from claims.errors import Ambiguous, NotFound
from claims.names import fold
from tracker.store import find, nearby, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claims.model import Case, Claim, Document, Entity, Evidence, Link, Question, Source
    from tracker.store.read import Reader

    R = TypeVar("R")

SHOWN = 5


class Lookup:
    """Finds one record, or says clearly why not: nothing answers, or several things do."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.connection = reader.connection

    # --- by key -----------------------------------------------------------------------------

    def key(self, records: str, text: str, what: str, listing: str) -> str:
        """The full key that ``text`` is, or is the only beginning of.

        Raises :class:`NotFound` with what was perhaps meant, :class:`Ambiguous` with the choices.
        """
        wanted = text.strip()
        if find.is_taken(self.connection, records, wanted):
            return wanted
        found = self._with_prefix(records, wanted)
        if len(found) == 1:
            return found[0]
        if found:
            more = " …" if len(found) > SHOWN else ""
            raise Ambiguous(
                f"{wanted!r} is the beginning of several {what} keys",
                f"type more of it: {', '.join(found[:SHOWN])}{more}",
            )
        near = self.near(records, wanted)
        hint = f"did you mean {' or '.join(near)}?" if near else f"list them with: {listing}"
        raise NotFound(f"no {what} has the key {wanted!r}", hint)

    def _read(
        self, read: Callable[[Sequence[str]], dict[str, R]], records: str, text: str, what: str, listing: str
    ) -> R:
        """The record of a key, which most often is given in full, or of the beginning of one."""
        wanted = text.strip()
        exact = read([wanted]).get(wanted)
        if exact is not None:
            return exact
        key = self.key(records, text, what, listing)
        return read([key])[key]

    def _with_prefix(self, records: str, prefix: str) -> list[str]:
        return find.keys_beginning(self.connection, records, prefix, SHOWN + 1)

    def taken(self, records: str) -> Callable[[str], bool]:
        """Whether a key is in use already."""
        return partial(find.is_taken, self.connection, records)

    def near(self, records: str, text: str) -> list[str]:
        """The keys that are most like one that nothing has."""
        return nearby.near_keys(self.connection, records, text)

    # --- claims, evidence, links ------------------------------------------------------------

    def claim(self, text: str | Claim) -> Claim:
        """The claim that a key or its beginning names; a claim at hand is itself."""
        if not isinstance(text, str):
            return text
        claim = self._read(self.reader.claims, "claims", text, "claim", "tracker claim list")
        if claim.withdrawn:
            raise _gone("claim", claim.key)
        return claim

    def claim_or_none(self, text: str) -> Claim | None:
        """The claim of exactly this key, if there is one that stands."""
        found = self.reader.claims([text.strip()]).get(text.strip())
        return None if found is None or found.withdrawn else found

    def evidence(self, text: str) -> Evidence:
        """The evidence that a key or its beginning names."""
        return self._read(self.reader.evidence, "evidence", text, "evidence", "tracker show CLAIM")

    def document(self, text: str | Document) -> Document:
        """The document that a key or its beginning names; a document at hand is itself."""
        if not isinstance(text, str):
            return text
        return self._read(self.reader.documents, "documents", text, "document", "tracker show CLAIM")

    def link(self, text: str) -> Link:
        """The link that a key or its beginning names."""
        return self._read(self.reader.links, "links", text, "link", "tracker show CLAIM")

    def question(self, text: str) -> Question:
        """The question that a key or its beginning names."""
        found = self._read(self.reader.questions, "questions", text, "question", "tracker question list")
        if found.withdrawn:
            raise _gone("question", found.key)
        return found

    def case(self, text: str) -> Case:
        """The case that a key or its beginning names."""
        found = self._read(self.reader.cases, "cases", text, "case", "tracker case list")
        if found.withdrawn:
            raise _gone("case", found.key)
        return found

    # --- sources and entities, by name too --------------------------------------------------

    def source(self, text: str | Source) -> Source:
        """The source of a key, a name, or the beginning of a key; a source at hand is itself."""
        if not isinstance(text, str):
            return text
        found = self._source(text)
        if found.withdrawn:
            raise _gone("source", found.key)
        return found

    def _source(self, text: str) -> Source:
        exact = self.reader.sources([text.strip()])
        if exact:
            return exact[text.strip()]
        named = find.sources_named(self.connection, fold(text))
        if not named and (begins := self._with_prefix("sources", text.strip())):
            named = [self.key("sources", text, "source", "tracker source list")] if begins else []
        key = self._only(named, text, "source")
        if key is None:
            raise self._unknown(text, "source", "sources", "tracker source add")
        return self.reader.sources([key])[key]

    def entity(self, text: str) -> Entity:
        """The entity of a key, a name or alias, or the beginning of a key; merges followed."""
        found = self.entity_or_none(text)
        if found is not None and found.withdrawn:
            raise _gone("entity", found.key)
        if found is not None:
            return found
        raise self._unknown(text, "entity", "entities", "tracker entity add --type TYPE")

    def entity_or_none(self, text: str) -> Entity | None:
        """As :meth:`entity`, but None where nothing answers."""
        wanted = text.strip()
        exact = self.reader.entities([wanted])
        if exact:
            return exact[wanted]
        found = find.entities_named(self.connection, fold(wanted))
        named = sorted({find.entity_that_stands_for(self.connection, key) for key in found})
        if not named and self._with_prefix("entities", wanted):
            named = [self.key("entities", wanted, "entity", "tracker entity list")]
        key = self._only(named, wanted, "entity")
        return None if key is None else self.reader.entities([key])[key]

    def _only(self, keys: list[str], text: str, what: str) -> str | None:
        if len(keys) > 1:
            raise Ambiguous(
                f"{text!r} names several {what} records", f"use one of the keys: {', '.join(keys)}"
            )
        return keys[0] if keys else None

    def _unknown(self, text: str, what: str, records: str, adding: str) -> NotFound:
        near = spellings.like_names(self.connection, records, text, limit=3)
        if near:
            meant = " or ".join(f"{match.name} ({match.key})" for match in near)
            return NotFound(f"no {what} is called {text!r}", f"did you mean {meant}?")
        return NotFound(f"no {what} is called {text!r}", f'make it known with: {adding} "{text}"')

    def relayed(self, text: str, claim: str) -> str:
        """The key of what evidence on a claim relays: another piece on that claim, or a source."""
        wanted = text.strip()
        if wanted in self.reader.sources([wanted]):
            return wanted
        piece = self.reader.evidence([wanted]).get(wanted)
        if piece is None and wanted.startswith(claim + "."):
            piece = self.evidence(wanted)
        if piece is None:
            return self.source(wanted).key
        if piece.claim != claim:
            raise NotFound(
                f"{piece.key} is evidence on another claim",
                f"relay a source, or evidence on {claim}",
            )
        return piece.key


def _gone(what: str, key: str) -> NotFound:
    return NotFound(
        f"the {what} {key} was taken back as a mistake",
        f"see how and why: tracker audit log {key}; undoing that brings it back",
    )
