"""Flat tables for people and for other programs: a row a piece of evidence, a claim, or a source.

The columns of evidence are the fields of a map, so that such a table is read again without one; what is
computed stands in columns of its own, which nobody reads back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.vocabulary import Withdrawal
from tracker.formats.flatlosses import Losses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claims.dates import UncertainDate
    from claims.errors import Finding
    from claims.model import Evidence
    from tracker.report.extract import Extract, Portion

Row = dict[str, Any]

_OF_CLAIM = (
    *("key", "claim", "claim_id", "kind", "subject", "subject_type", "value", "value_type", "when", "where"),
    *("question_key", "question", "counted", "cumulative", "exactly_one", "case", "lang", "claim_note"),
)
_COMPUTED = (
    *("computed_status", "computed_likelihood", "computed_confidence", "computed_since"),
    *("computed_by", "computed_as_of"),
)
_OF_EVIDENCE = (
    *(
        "source",
        "source_type",
        "reliability",
        "side_of",
        "owner",
        "stance",
        "published",
        "url",
        "title",
        "document",
    ),
    *("locator", "quote", "credibility", "basis", "side", "relays", "note"),
)
EVIDENCE = (*_OF_CLAIM, *_OF_EVIDENCE, "evidence_key", "withdrawn", "withdrawn_reason", *_COMPUTED)
CLAIMS = (
    *_OF_CLAIM,
    *("supporting_lines", "opposing_lines", "evidence", "stale", "assessed", "assessed_by", "assessed_on"),
    *_COMPUTED,
)
SOURCES = ("key", "name", "type", "sides", "owner", "reliability", "url", "note")


def evidence(extract: Extract) -> Iterator[Row | Finding]:
    """A row for each piece of evidence that was no mistake, and for each claim without any; at last, what
    is known and has no place here."""
    losses = Losses()
    for portion in losses.watched(extract):
        by_claim: dict[str, list[Evidence]] = {}
        for piece in portion.evidence.values():
            if piece.withdrawn is not Withdrawal.MISTAKE:
                by_claim.setdefault(piece.claim, []).append(piece)
        for key in portion.claims:
            of_claim = {**_claim(portion, key), **_computed(portion, key)}
            pieces = sorted(by_claim.get(key, ()), key=lambda piece: (piece.counts_from, piece.key))
            for piece in pieces:
                yield {**of_claim, **_piece(portion, piece)}
            if not pieces:
                yield of_claim
    yield from losses.findings()


def claims(extract: Extract) -> Iterator[Row]:
    """A row for each claim."""
    for portion in extract.portions():
        for key in portion.claims:
            standing = portion.standings[key]
            verdict = standing.assessment
            yield {
                **_claim(portion, key),
                **_computed(portion, key),
                "supporting_lines": standing.supporting_lines,
                "opposing_lines": standing.opposing_lines,
                "evidence": standing.evidence,
                "stale": standing.stale,
                "assessed": verdict and verdict.status.value,
                "assessed_by": verdict and verdict.author,
                "assessed_on": verdict and verdict.made_on.isoformat(),
            }


def sources(extract: Extract) -> Iterator[Row]:
    """A row for each source."""
    given: set[str] = set()
    for portion in (*extract.portions(), extract.rest()):
        for key, source in portion.sources.items():
            if key not in given:
                given.add(key)
                yield {
                    "key": key,
                    "name": source.name,
                    "type": source.type.value,
                    "sides": "; ".join(source.sides),
                    "owner": source.owner,
                    "reliability": source.reliability and source.reliability.value,
                    "url": source.url,
                    "note": source.note,
                }


TABLES: dict[str, tuple[tuple[str, ...], Callable[[Extract], Iterator[Row | Finding]]]] = {
    "evidence": (EVIDENCE, evidence),
    "claims": (CLAIMS, claims),
    "sources": (SOURCES, sources),
}
"""Each flat table: its columns, and its rows, with what has no place in them."""


def _claim(portion: Portion, key: str) -> Row:
    it = portion.claims[key]
    subject = portion.entities.get(it.subject or "")
    value = portion.entities.get(it.value_entity or "")
    question = portion.questions.get(it.question or "")
    return {
        "key": key,
        "claim": it.text,
        "claim_id": it.external_id,
        "kind": it.kind.value,
        "subject": subject.name if subject else it.subject,
        "subject_type": subject and subject.type.value,
        "value": value.name if value else it.value,
        "value_type": value and value.type.value,
        "when": _date(it.when),
        "where": it.where,
        "question_key": it.question,
        "question": question and question.text,
        "counted": question and question.counted,
        "cumulative": (question and question.cumulative) or None,
        "exactly_one": (question and question.exactly_one) or None,
        "case": it.case,
        "lang": it.lang,
        "claim_note": it.note,
    }


def _computed(portion: Portion, key: str) -> Row:
    it = portion.standings[key]
    return {
        "computed_status": it.status.value,
        "computed_likelihood": round(it.likelihood, 6),
        "computed_confidence": it.confidence.value,
        "computed_since": it.changed and it.changed.isoformat(),
        "computed_by": it.policy,
        "computed_as_of": it.as_of.isoformat(),
    }


def _piece(portion: Portion, it: Evidence) -> Row:
    source = portion.sources[it.source]
    document = portion.documents.get(it.document or "")
    return {
        "source": source.name,
        "source_type": source.type.value,
        "reliability": source.reliability and source.reliability.value,
        "side_of": source.sides[0] if source.sides else None,
        "owner": source.owner,
        "stance": it.stance.value,
        "published": _date(it.published),
        "url": document and document.url,
        "title": document and document.url and document.title,
        "document": document.title if document and not document.url else None,
        "locator": it.locator,
        "quote": it.quote,
        "credibility": it.credibility and it.credibility.value,
        "basis": it.basis and it.basis.value,
        "side": it.side and it.side.value,
        "relays": it.relays,
        "note": it.note,
        "evidence_key": it.key,
        "withdrawn": it.withdrawn_on and it.withdrawn_on.isoformat(),
        "withdrawn_reason": it.withdrawn_reason,
    }


def _date(value: UncertainDate | None) -> str | None:
    """A date by its words, where these mean the same on any day; else by its EDTF value."""
    from tracker.formats.pinned import stands_alone

    if value is None:
        return None
    return value.words if stands_alone(value) else value.edtf
