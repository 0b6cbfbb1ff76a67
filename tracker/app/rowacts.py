"""One row of a table by itself, through the acts that people use: where it changes what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.errors import Conflict
from claims.lookalikes import mixed_scripts
from claims.vocabulary import Stance, read_word
from tracker.app.known import document_name, folded, identity, outside_name, row_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from claims.dates import UncertainDate
    from claims.model import Claim, Document, Evidence, Source
    from tracker.app.known import Known
    from tracker.app.spreadsheets import SpreadsheetActs
    from tracker.formats.rowsaid import Record

EVIDENCE_FIELDS = ("stance", "published", "locator", "quote", "credibility", "basis", "side", "note")
CLAIM_FIELDS = ("kind", "when", "lang", "subject", "value", "where", "case")
"""The fields of a row that are fields of the evidence, and of the claim, besides its text."""


class RowActs:
    """What a row says, recorded act by act. ``dated`` gives the date that a row means by some words;
    ``undo`` is told how what is known is put back where the row comes to nothing."""

    def __init__(
        self,
        desk: SpreadsheetActs,
        known: Known,
        reason: str,
        dated: Callable[[str], str | UncertainDate],
        undo: list[Callable[[], object]],
    ) -> None:
        self.desk = desk
        self.known = known
        self.reason = reason
        self.dated = dated
        self.undo = undo

    def claim(self, record: Record) -> Claim:
        """The claim of a row: recorded, or revised to what the row says."""
        fields = record.fields
        given: dict[str, Any] = {name: fields[name] for name in CLAIM_FIELDS if name in fields}
        if "claim_note" in fields:
            given["note"] = fields["claim_note"]
        known = self.known.claims.get(outside_name(record))
        if known is not None and known.key in self.known.met:
            return known  # the first row of a claim speaks for the others
        self._register(fields)
        if "question" in fields or "question_key" in fields:
            given["question"] = self._question(fields)
        if known is None:
            if "when" in given:
                given["when"] = self.dated(given["when"])
            return self.desk.add_claim(
                fields["claim"],
                key=fields.get("key"),
                external_id=fields.get("claim_id"),
                reason=self.reason,
                **given,
            )
        if "when" in given:
            same = known.when is not None and known.when.words == given["when"]
            given["when"] = known.when if same else self.dated(given["when"])
        for name in ("value", "where"):
            there, entity = getattr(known, name), getattr(known, f"{name}_entity")
            if name in given and self.known.names.same(given[name], there, entity):
                del given[name]  # whom it named then stays whom it names
        return self.desk.revise_claim(
            known.key, reason=self.reason, open_new=True, text=fields["claim"], **given
        )

    def _register(self, fields: dict[str, str]) -> None:
        """Make known whom a claim is about, and whom it names, where the map says what they are."""
        names = self.known.names
        for name in ("subject", "value"):
            if name in fields and f"{name}_type" in fields and names.entity(fields[name]) is None:
                with self.desk.lookup() as look:
                    known = look.entity_or_none(fields[name])
                if known is None:
                    entity = self.desk.add_entity(
                        fields[name], type=fields[f"{name}_type"], reason=self.reason
                    )
                    self.undo.append(names.forget)
                    names.learn_entity(entity)
        if "case" in fields and not names.has_case(fields["case"]):
            self.undo.append(names.forget)
            names.learn_case(fields["case"])

    def _question(self, fields: dict[str, str]) -> str:
        from tracker.app.rowdrafts import question_of

        names = self.known.names
        known = names.question(fields.get("question_key"), fields.get("question"))
        if known is not None:
            return known
        question = question_of(fields, self.known.question_stem)
        posed = self.desk.add_question(
            question.text,
            key=question.key,
            exactly_one=question.exactly_one,
            counted=question.counted,
            cumulative=question.cumulative,
            reason=self.reason,
        )
        self.known.pose(posed, self.undo)
        return posed.key

    def source(self, fields: dict[str, str]) -> Source:
        """The source of a row: known by its name, or registered."""
        return known_source(self.known, fields["source"]) or self.desk.add_source(
            fields["source"],
            type=fields.get("source_type", "other"),
            reliability=fields.get("reliability"),
            sides=(fields["side_of"],) if "side_of" in fields else (),
            owner=fields.get("owner"),
            reason=self.reason,
        )

    def document(self, fields: dict[str, str], source: Source) -> Document | None:
        """The document of a row: known by its address, or recorded; None where it names none."""
        name, url = document_name(fields), fields.get("url")
        if name is None:
            return None
        title = fields["document"] if url is None else fields.get("title", url)
        published = fields.get("published")
        return self.known.documents.get(name) or self.desk.add_document(
            title,
            url=url,
            publisher=source,
            published=None if published is None else self.dated(published),
        )

    def evidence(
        self, claim: Claim, source: Source, document: Document | None, fields: dict[str, str]
    ) -> Evidence:
        """The evidence of a row: logged, or corrected to what the row says."""
        given: dict[str, Any] = {name: fields[name] for name in EVIDENCE_FIELDS if name in fields}
        given["stance"] = read_word(Stance, given["stance"], "stance")
        if "relays" in fields:
            given["relays"] = fields["relays"]
        piece: Evidence | None = None
        same: list[Evidence] = []
        if (key := row_key(claim.key, fields)) is not None:
            piece = self.known.piece_of_row(key, self.undo)
        elif same := same_pieces(self.known, claim, source, document, given):
            piece = same[0]
        if "published" in given:
            known = piece.published if piece is not None else None
            # Its words, or how a table is written that went out from here.
            as_known = known is not None and given["published"] in (known.words, known.edtf)
            given["published"] = known if as_known else self.dated(given["published"])
        if piece is None:
            logged = self.desk.log(
                claim, source=source, document=document, key=key, reason=self.reason, **given
            )
            self.known.match(logged.key, self.undo)
            return self._taken_back(logged, fields)
        if key is not None:
            given |= {"source": source, "document": document} if document else {"source": source}
        corrected = self.desk.correct_evidence(piece.key, reason=self.reason, **given)
        if key is None:
            self.known.take_piece(same, self.undo)
        return self._taken_back(corrected, fields)

    def _taken_back(self, piece: Evidence, fields: dict[str, str]) -> Evidence:
        """The piece, withdrawn where the row says that its source took it back."""
        if "withdrawn" not in fields or piece.withdrawn is not None:
            return piece
        on = self.desk.read_day(fields["withdrawn"]).isoformat()
        why = fields.get("withdrawn_reason") or self.reason
        return self.desk.withdraw(piece.key, by_source=on, reason=why)


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
