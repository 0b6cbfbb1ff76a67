"""From the record to the items of a casebook."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from claims.assessing import as_it_was
from claims.vocabulary import AssessmentState, EntityType, LinkState, SourceType, Withdrawal
from tracker.formats.casebook import Casebook, Item
from tracker.formats.pinned import pinned

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from claims.dates import UncertainDate
    from claims.model import Case, Claim, Document, Entity, Evidence, Link, Question, Source
    from tracker.store.read import Reader

AnyRecord = TypeVar("AnyRecord", "Source", "Entity", "Document", "Question")


def casebook_of(
    reader: Reader,
    case: Case | None,
    *,
    everything: bool,
    as_of: date | None = None,
    besides: Casebook | None = None,
) -> Casebook:
    """The items of one case, or of the whole tracker, with all that its claims refer to; with a day, only
    what had been said by then. ``besides`` is an older casebook, whose claims of other cases, and whose
    sources, entities, documents and questions that no claim refers to, are asked for too."""
    key = case.key if case is not None else None
    chosen = None if everything else [*reader.claims_in(key, None), *_of_other_cases(reader, besides)]
    claims = {k: claim for k, claim in reader.claims(chosen).items() if not claim.withdrawn}
    evidence = said_by(reader.evidence_on(claims), as_of)
    links = [
        link
        for link in reader.links_of(claims).values()
        if link.claim in claims and link.other in claims and is_kept(link)
    ]
    sources, documents, entities, questions = referred(reader, claims, evidence, everything=everything)
    if besides is not None:
        sources |= _standing(reader.sources([item.key for item in besides.sources]))
        entities |= _standing(reader.entities([item.key for item in besides.entities]))
        documents |= _standing(reader.documents([item.key for item in besides.documents]))
        questions |= _standing(reader.questions([item.key for item in besides.questions]))
    book = Casebook()
    if case is not None:
        fields = {
            "title": case.title or None,
            "about": case.about or None,
            "policy": case.policy,
            "rules-off": list(case.rules_off),
            "needs-approval": case.needs_approval or None,
        }
        book.case = Item(case.key, _filled(fields))
    book.sources = [source_item(source, reader) for source in sources.values()]
    book.entities = [entity_item(entity) for entity in entities.values()]
    book.documents = [document_item(document) for document in documents.values()]
    book.questions = [question_item(questions[k]) for k in sorted(questions)]
    by_claim: dict[str, list[Evidence]] = {}
    for piece in evidence.values():
        by_claim.setdefault(piece.claim, []).append(piece)
    book.claims = [_claim(claim, by_claim.get(claim.key, []), key, claims) for claim in claims.values()]
    book.links = [_link(link) for link in sorted(links, key=lambda link: link.key)]
    for _, made in sorted(reader.assessments_of(claims).items()):
        for each in (it if as_of is None else as_it_was(it, as_of) for it in made):
            rejected = each.state is AssessmentState.REJECTED
            if not each.withdrawn and not rejected and (as_of is None or each.made_on <= as_of):
                fields = {
                    "claim": each.claim,
                    "status": each.status.value,
                    "likelihood": None if each.likelihood is None else repr(each.likelihood),
                    "by": each.author,
                    "on": each.made_on.isoformat(),
                    "reason": each.reason,
                    "proposed": each.state is AssessmentState.PROPOSED or None,
                }
                book.assessments.append(Item("", _filled(fields)))
    return book


def _of_other_cases(reader: Reader, book: Casebook | None) -> list[str]:
    """The claims of a casebook that are in it though it gives them another case, if they are in that."""
    claims = book.claims if book is not None else []
    elsewhere = {item.key: item.fields["case"] for item in claims if item.fields.get("case")}
    return [key for key, claim in reader.claims(elsewhere).items() if claim.case == elsewhere[key]]


def _standing(records: dict[str, AnyRecord]) -> dict[str, AnyRecord]:
    return {key: record for key, record in records.items() if not record.withdrawn}


def said_by(evidence: dict[str, Evidence], day: date | None) -> dict[str, Evidence]:
    """The evidence that was out by a day, each piece as it stood then."""
    if day is None:
        return evidence
    said = {key: piece for key, piece in evidence.items() if piece.counts_from <= day}
    for key, piece in said.items():
        if piece.withdrawn_on is not None and piece.withdrawn_on > day:
            said[key] = replace(piece, withdrawn=None, withdrawn_on=None, withdrawn_reason=None)
        if piece.relays in evidence and piece.relays not in said:
            # Whom it passed on is known, though that piece came out later.
            said[key] = replace(said[key], relays=evidence[piece.relays].source)
    return said


def referred(
    reader: Reader, claims: dict[str, Claim], evidence: dict[str, Evidence], *, everything: bool
) -> tuple[dict[str, Source], dict[str, Document], dict[str, Entity], dict[str, Any]]:
    """What the claims and their evidence refer to; of the whole tracker, all there is."""
    if everything:
        return (
            {k: s for k, s in reader.sources().items() if not s.withdrawn},
            {k: d for k, d in reader.documents().items() if not d.withdrawn},
            {k: e for k, e in reader.entities().items() if not e.withdrawn},
            {k: q for k, q in reader.questions().items() if not q.withdrawn},
        )
    documents = reader.documents({p.document for p in evidence.values() if p.document})
    speakers = {p.source for p in evidence.values()}
    speakers |= {p.relays for p in evidence.values() if p.relays}
    speakers |= {d.publisher for d in documents.values() if d.publisher}
    named = {
        entity
        for claim in claims.values()
        for entity in (claim.subject, claim.value_entity, claim.where_entity)
        if entity is not None
    }
    if named and (merged := reader.merged()):
        from tracker.store.neighbours import same_entities  # loads the rules, which most need not

        named = same_entities(named, merged)
    questions = {claim.question for claim in claims.values() if claim.question}
    return (
        reader.sources(speakers),
        documents,
        reader.entities(named),
        reader.questions(questions),
    )


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [], ())}


def _date(value: UncertainDate | None, claims: Collection[str] = ()) -> str | dict[str, str] | None:
    """A date in a form that reads back the same on any day: its words, if they stand on their own
    or count from a claim; else its EDTF value with the words beside it."""
    written = pinned(value, claims)
    if written is None or isinstance(written, str):
        return written
    return {"edtf": written.edtf, "words": written.words}


def source_item(source: Source, reader: Reader) -> Item:
    """A source as an item, with its grades where it had several."""
    grades = [
        _filled({"grade": row["grade"], "reason": row["reason"]}) for row in reader.grades_of(source.key)
    ]
    fields = {
        "name": source.name,
        "type": None if source.type is SourceType.OTHER else source.type.value,
        "sides": list(source.sides),
        "owner": source.owner,
        "reliability": source.reliability and source.reliability.value,
        "url": source.url,
        "note": source.note,
        "grades": grades if len(grades) > 1 else None,
    }
    return Item(source.key, _filled(fields))


def entity_item(entity: Entity) -> Item:
    """An entity as an item."""
    fields = {
        "name": entity.name,
        "type": None if entity.type is EntityType.OTHER else entity.type.value,
        "aliases": list(entity.aliases),
        "wikidata": entity.wikidata,
        "note": entity.note,
        "merged-into": entity.merged_into,
    }
    return Item(entity.key, _filled(fields))


def document_item(document: Document) -> Item:
    """A document as an item."""
    fields = {
        "title": document.title,
        "publisher": document.publisher,
        "author": document.author,
        "url": document.url,
        "published": _date(document.published),
        "sha256": document.sha256,
        "note": document.note,
    }
    return Item(document.key, _filled(fields))


def _claim(claim: Claim, evidence: list[Evidence], case: str | None, keys: Collection[str]) -> Item:
    fields: dict[str, Any] = {
        "text": claim.text,
        "kind": claim.kind.value,
        "subject": claim.subject,
        "value": claim.value,
        "when": _date(claim.when, keys),
        "where": claim.where,
        "question": claim.question,
        "lang": claim.lang,
        "external-id": claim.external_id,
        "ongoing": claim.ongoing,
        "note": claim.note,
    }
    fields = _filled(fields)
    if claim.case != case:
        fields["case"] = claim.case
    if evidence:
        fields["evidence"] = [
            _evidence(piece, keys) for piece in sorted(evidence, key=lambda piece: piece.key)
        ]
    return Item(claim.key, fields)


def _evidence(piece: Evidence, keys: Collection[str]) -> Item:
    withdrawn: dict[str, Any] | None = None
    if piece.withdrawn is Withdrawal.MISTAKE:
        withdrawn = {"mistake": True, "reason": piece.withdrawn_reason}
    elif piece.withdrawn is not None:
        on = piece.withdrawn_on.isoformat() if piece.withdrawn_on else None
        withdrawn = {"by-source": on, "reason": piece.withdrawn_reason}
    fields = {
        "key": piece.key,
        "source": piece.source,
        "stance": piece.stance.value,
        "published": _date(piece.published, keys),
        "document": piece.document,
        "locator": piece.locator,
        "quote": piece.quote,
        "credibility": piece.credibility and piece.credibility.value,
        "basis": piece.basis and piece.basis.value,
        "side": piece.side and piece.side.value,
        "relays": piece.relays,
        "note": piece.note,
        "withdrawn": withdrawn,
    }
    return Item("", _filled(fields))


def question_item(question: Question) -> Item:
    """A question as an item."""
    fields = {
        "text": question.text,
        "exactly-one": question.exactly_one or None,
        "counted": question.counted,
        "cumulative": question.cumulative or None,
    }
    return Item(question.key, _filled(fields))


def is_kept(link: Link) -> bool:
    """Whether a link is what people made of it: rules find the others again."""
    return link.state is not LinkState.WITHDRAWN and (link.rule is None or link.state is LinkState.RESOLVED)


def _link(link: Link) -> Item:
    state = None if link.state is LinkState.OPEN else link.state.value
    fields = {
        "claim": link.claim,
        "relation": link.relation.value,
        "to": link.other,
        "rule": link.rule,
        "reason": link.reason,
        "state": state,
        "resolution": link.resolution,
    }
    return Item("", _filled(fields))
