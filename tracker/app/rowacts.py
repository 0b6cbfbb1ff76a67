"""One row of a table by itself, through the acts that people use: where it changes what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.errors import Conflict
from claims.lookalikes import mixed_scripts
from claims.vocabulary import Stance, read_word
from tracker.app.known import folded, identity, outside_name

if TYPE_CHECKING:
    from claims.model import Claim, Document, Evidence, Source
    from tracker.app.known import Known
    from tracker.app.spreadsheets import SpreadsheetActs
    from tracker.formats.csvmap import Record

EVIDENCE_FIELDS = ("stance", "published", "quote", "credibility", "basis", "side", "note")
CLAIM_FIELDS = ("kind", "when", "lang")
"""The fields of a row that are fields of the evidence, and of the claim, besides its text."""


class RowActs:
    """What a row says, recorded act by act."""

    def __init__(self, desk: SpreadsheetActs, known: Known, reason: str) -> None:
        self.desk = desk
        self.known = known
        self.reason = reason

    def claim(self, record: Record) -> Claim:
        """The claim of a row: recorded, or revised to what the row says."""
        fields = record.fields
        given: dict[str, Any] = {name: fields[name] for name in CLAIM_FIELDS if name in fields}
        known = self.known.claims.get(outside_name(record))
        if known is None:
            return self.desk.add_claim(
                fields["claim"], external_id=fields.get("claim_id"), reason=self.reason, **given
            )
        if known.key in self.known.met:  # the first row of a claim speaks for the others
            return known
        if known.when is not None and known.when.words == given.get("when"):
            given["when"] = known.when
        return self.desk.revise_claim(
            known.key, reason=self.reason, open_new=True, text=fields["claim"], **given
        )

    def source(self, fields: dict[str, str]) -> Source:
        """The source of a row: known by its name, or registered."""
        return known_source(self.known, fields["source"]) or self.desk.add_source(
            fields["source"],
            type=fields.get("source_type", "other"),
            reliability=fields.get("reliability"),
            reason=self.reason,
        )

    def document(self, fields: dict[str, str], source: Source) -> Document | None:
        """The document of a row: known by its address, or recorded; None where it names none."""
        url = fields.get("url")
        if url is None:
            return None
        title = fields.get("title", url)
        return self.known.documents.get(url) or self.desk.add_document(
            title, url=url, publisher=source, published=fields.get("published")
        )

    def evidence(
        self, claim: Claim, source: Source, document: Document | None, fields: dict[str, str]
    ) -> Evidence:
        """The evidence of a row: logged, or corrected to what the row says."""
        given: dict[str, Any] = {name: fields[name] for name in EVIDENCE_FIELDS if name in fields}
        given["stance"] = read_word(Stance, given["stance"], "stance")
        same = same_pieces(self.known, claim, source, document, given)
        if not same:
            piece = self.desk.log(claim, source=source, document=document, reason=self.reason, **given)
            self.known.match(piece.key)
            return piece
        piece = same[0]
        if piece.published is not None and piece.published.words == given.get("published"):
            given["published"] = piece.published  # "yesterday" is the day that it was
        corrected = self.desk.correct_evidence(piece.key, reason=self.reason, **given)
        self.known.match(piece.key)
        del same[0]
        return corrected


def known_source(known: Known, name: str) -> Source | None:
    """The source that a name means; raises :class:`Conflict` where it means several, or only looks
    like the one."""
    found = known.sources.get(folded(name), [])
    if len(found) > 1:
        keys = ", ".join(source.key for source in found)
        raise Conflict(f"{name!r} names several sources: {keys}", "merge or rename them")
    if found and name != found[0].name and (mixed := mixed_scripts(name)):
        raise Conflict(
            f"{name!r} looks like {found[0].name} ({found[0].key}), but mixes {' and '.join(mixed)} letters",
            "write the name of the source as it is recorded, or register that one by hand",
        )
    return found[0] if found else None


def same_pieces(
    known: Known, claim: Claim, source: Source, document: Document | None, given: dict[str, Any]
) -> list[Evidence]:
    """The recorded evidence that a row may be, oldest first. The one that it is taken for goes."""
    of_claim = known.pieces.get(claim.key)
    if not of_claim:  # the claim is new, or all on it has been met
        return []
    found_in = document.key if document is not None else None
    return of_claim.get(identity(source.key, found_in, given["stance"], given.get("published")), [])
