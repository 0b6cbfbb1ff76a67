"""Read models as the JSON that others build on; its shape is stable, and has a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.vocabulary import likelihood_words
from tracker.report import redactions, suspicions, verdicts

if TYPE_CHECKING:
    from decimal import Decimal

    from claims.model import Case, Claim, Document, Entity, Evidence, Link, Question, Source
    from claims.tolls import Toll
    from tracker.report.models import (
        Audit,
        Deed,
        Difference,
        Dossiered,
        EntityRecord,
        Explanation,
        Hit,
        QuestionRecord,
        RuleRecord,
        SourceRecord,
        Step,
    )
    from tracker.report.publications import Publication
    from tracker.report.standing import Standing

DIGITS = 6
"""Decimals of likelihoods and weights: enough for the rows of an explanation to add up."""


def number(value: float) -> float:
    """A likelihood or weight as it is written."""
    return round(value, DIGITS)


def standing(it: Standing) -> dict[str, Any]:
    """The status element."""
    return {
        "key": it.key,
        "kind": it.claim.kind.value,
        "text": it.claim.text,
        "subject": it.subject,
        "case": it.claim.case,
        "status": it.status.value,
        "likelihood": number(it.likelihood),
        "likelihood_words": it.likelihood_words,
        "confidence": str(it.confidence),
        "supporting_lines": it.supporting_lines,
        "opposing_lines": it.opposing_lines,
        "evidence": it.evidence,
        "stale": it.stale,
        "assessed": it.assessed and it.assessed.value,
        "waiting": [each.status.value for each in it.waiting],
        "entry": it.entry,
        "diverges": it.diverges,
        "policy": it.policy,
        "as_of": it.as_of.isoformat(),
        "recorded_by": it.recorded_by,
        "changed": it.changed and it.changed.isoformat(),
    }


def show(it: Dossiered) -> dict[str, Any]:
    """The status element and everything on the claim."""
    claim = it.standing.claim
    return {
        **standing(it.standing),
        "entity": claim.subject,
        "value": claim.value,
        "value_entity": claim.value_entity,
        "when": claim.when and claim.when.edtf,
        "when_words": claim.when and claim.when.words,
        "where": claim.where,
        "question": claim.question,
        "rivals": list(it.rivals),
        "ties": [
            {"rule": bond.rule, "claims": list(bond.claims), "because": bond.because} for bond in it.bonds
        ],
        "lang": claim.lang,
        "external_id": claim.external_id,
        "note": claim.note,
        "links": [link(each) for each in it.links],
        "assessments": [verdicts.assessment(each) for each in it.assessments],
        "publications": [publication(each) for each in it.publications],
        "evidence_count": it.standing.evidence,
        "evidence": [
            evidence(each, it.sources.get(each.source), it.lines.get(each.key)) for each in it.evidence
        ],
    }


def evidence(it: Evidence, source: Source | None, line: str | None) -> dict[str, Any]:
    """A piece of evidence; ``source`` and ``document`` are keys."""
    return {
        "key": it.key,
        "source": it.source,
        "stance": it.stance.value,
        "published": it.published and it.published.edtf,
        "published_words": it.published and it.published.words,
        "counts_from": it.counts_from.isoformat(),
        "reliability": source.reliability.value if source and source.reliability else None,
        "credibility": it.credibility and it.credibility.value,
        "basis": it.basis and it.basis.value,
        "side": it.side and it.side.value,
        "relays": it.relays,
        "line": line,
        "document": it.document,
        "locator": it.locator,
        "quote": it.quote,
        "note": it.note,
        "withdrawn": it.withdrawn
        and {
            "how": it.withdrawn.value,
            "on": it.withdrawn_on and it.withdrawn_on.isoformat(),
            "reason": it.withdrawn_reason,
        },
    }


def link(it: Link) -> dict[str, Any]:
    """A link between two claims."""
    return {
        "key": it.key,
        "claim": it.claim,
        "relation": it.relation.value,
        "other": it.other,
        "reason": it.reason,
        "state": it.state.value,
        "made_by": it.made_by,
        "rule": it.rule,
        "resolution": it.resolution,
    }


def publication(it: Publication) -> dict[str, Any]:
    """What was published where and when."""
    return {
        "entry": it.entry,
        "claim": it.claim,
        "place": it.place,
        "published_on": it.published_on.isoformat(),
        "status": it.status.value,
        "likelihood": number(it.likelihood),
        "likelihood_words": likelihood_words(it.likelihood),
        "confidence": str(it.confidence),
        "policy": it.policy,
        "note": it.note,
        "author": it.author,
        "recorded_at": it.recorded_at,
        "withdrawn": it.withdrawn,
        "superseded_by": it.superseded_by,
    }


def question(it: Question) -> dict[str, Any]:
    """A question without its answers."""
    return {
        "key": it.key,
        "text": it.text,
        "exactly_one": it.exactly_one,
        "counted": it.counted,
        "cumulative": it.cumulative,
    }


def question_record(it: QuestionRecord) -> dict[str, Any]:
    """A question with its rival answers, which leads, and what its counts come to."""
    return {
        **question(it.question),
        "contested": it.contested,
        "leading": [[each.key for each in answer.claims] for answer in it.leading],
        "answers": [
            {
                "value": answer.claims[0].claim.value,
                "likelihood": number(answer.likelihood),
                "held": answer.is_held,
                "claims": [standing(each) for each in answer.claims],
            }
            for answer in it.answers
        ],
        "toll": it.toll and toll(it.toll),
    }


def toll(it: Toll) -> dict[str, Any]:
    """What counts come to; numbers are written as text, so that none is rounded."""

    def written(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    return {
        "low": written(it.low),
        "best": written(it.best),
        "high": written(it.high),
        "agreed": [written(value) for value in it.agreed],
        "contested": it.contested,
        "standing": list(it.standing),
        "revised": dict(sorted(it.revised.items())),
        "unlikely": list(it.unlikely),
        "falls": [{"earlier": fall.earlier, "later": fall.later} for fall in it.falls],
    }


def rule(it: RuleRecord) -> dict[str, Any]:
    """A contradiction rule with its price."""
    return {
        "name": it.rule.name,
        "says": it.rule.says,
        "example": it.rule.example,
        "not_this": it.rule.not_this,
        "strength": number(it.price),
        "made_for": number(it.rule.strength),
        "policy": it.policy,
    }


def explanation(it: Explanation) -> dict[str, Any]:
    """Why a claim stands as it does: rows that add up, and what would flip it."""
    resolution = it.resolution
    return {
        "key": it.standing.key,
        "status": it.standing.status.value,
        "likelihood": number(resolution.likelihood),
        "likelihood_words": it.standing.likelihood_words,
        "confidence": str(resolution.confidence),
        "base_rate": number(resolution.base_rate),
        "base_log_odds": number(resolution.base_log_odds),
        "contributions": [
            {
                "evidence": row.evidence,
                "source": row.source,
                "stance": row.stance.value,
                "line": row.line,
                "weight": number(row.weight),
                "because": row.because,
            }
            for row in resolution.contributions
        ],
        "contradictions": [
            {
                "rule": effect.rule,
                "claims": list(effect.others),
                "weight": number(effect.weight),
                "because": effect.because,
            }
            for effect in resolution.effects
        ],
        "exact": resolution.exact,
        "flips": [
            {
                "remove": list(flip.remove),
                "status": flip.status.value,
                "likelihood": number(flip.likelihood),
            }
            for flip in it.flips
        ],
        "if_wrong": [
            {
                "source": each.source,
                "remove": list(each.remove),
                "status": each.status.value,
                "likelihood": number(each.likelihood),
                "flips": each.flips,
            }
            for each in it.if_wrong
        ],
        "lines": [
            {
                "line": line.name,
                "side": "for" if line.side > 0 else "against",
                "weight": number(line.weight),
                "independent": line.independent,
                "members": [
                    {"evidence": key, "because": because}
                    for key, because in zip(line.members, line.because, strict=True)
                ],
            }
            for line in it.lines
        ],
        "suspicions": [suspicions.on_claim(each) for each in it.suspicions],
        "stale": it.standing.stale,
        "assessed": it.standing.assessed and it.standing.assessed.value,
        "diverges": it.standing.diverges,
        "entry": it.standing.entry,
        "policy": resolution.policy,
        "as_of": resolution.as_of.isoformat(),
    }


def step(it: Step) -> dict[str, Any]:
    """One change; ``claim`` and ``entry`` where they are said."""
    written: dict[str, Any] = {
        "at": it.at,
        "status": it.status.value,
        "likelihood": number(it.likelihood),
        "because": list(it.because),
        "was": it.was and it.was.value,
        "stale": it.stale,
    }
    if it.claim is not None:
        written["claim"] = it.claim
    if it.entry is not None:
        written["entry"] = it.entry
    if it.since is not None:
        written["since"] = it.since.isoformat()
    return written


def difference(it: Difference) -> dict[str, Any]:
    """What differs in a claim between two days, or two moments."""
    return {
        "key": it.key,
        "clock": it.clock,
        "since": it.since,
        "until": it.until,
        "before": it.before and standing(it.before),
        "after": it.after and standing(it.after),
        "appeared": list(it.appeared),
        "withdrawn": list(it.withdrawn),
        "entries": [deed(each) for each in it.deeds],
    }


def deed(it: Deed) -> dict[str, Any]:
    """A journal entry behind a difference, and the change of status that it caused."""
    return {
        "entry": it.entry,
        "recorded_at": it.recorded_at,
        "author": it.author,
        "act": it.act,
        "subject": it.subject,
        "reason": it.reason,
        "was": it.was and it.was.value,
        "status": it.status and it.status.value,
    }


def hit(it: Hit) -> dict[str, Any]:
    """One thing that a search found."""
    return {
        "what": it.what,
        "key": it.key,
        "text": it.text,
        "because": it.because,
        "score": round(it.score, 3),
    }


def audit(it: Audit) -> dict[str, Any]:
    """What verification found."""
    return {
        "ok": it.ok,
        "entries": it.entries,
        "root": it.root,
        "problems": list(it.problems),
        "redacted": [redactions.redaction(each) for each in it.redacted],
        "redacted_files": list(it.files),
        "checkpoints": it.checkpoints,
        "covered": it.covered,
    }


def case(it: Case) -> dict[str, Any]:
    """A case; ``policy`` is null where the tracker's own resolves its claims."""
    return {
        "key": it.key,
        "title": it.title,
        "about": it.about,
        "policy": it.policy,
        "rules_off": list(it.rules_off),
        "needs_approval": it.needs_approval,
    }


def claim(it: Claim) -> dict[str, Any]:
    """A claim without its status."""
    return {
        "key": it.key,
        "kind": it.kind.value,
        "text": it.text,
        "subject": it.subject,
        "value": it.value,
        "when": it.when and it.when.edtf,
        "where": it.where,
        "question": it.question,
        "case": it.case,
    }


def source(it: Source) -> dict[str, Any]:
    """A source."""
    return {
        "key": it.key,
        "name": it.name,
        "type": it.type.value,
        "sides": list(it.sides),
        "owner": it.owner,
        "reliability": it.reliability and it.reliability.value,
        "url": it.url,
        "note": it.note,
    }


def record_rows(it: SourceRecord) -> list[dict[str, Any]]:
    """How often a source was right, by kind of claim and stance."""
    counts: dict[tuple[str, str], list[bool]] = {}
    for case in it.outcomes:
        stance = "supports" if case.sign > 0 else "denies"
        counts.setdefault((case.kind.value, stance), []).append(case.right)
    return [
        {"kind": kind, "stance": stance, "right": sum(fared), "of": len(fared)}
        for (kind, stance), fared in sorted(counts.items())
    ]


def source_record(it: SourceRecord) -> dict[str, Any]:
    """A source with its grades, what it said, and how that fared."""
    return {
        **source(it.source),
        "as_of": it.as_of.isoformat(),
        "grades": list(it.grades),
        "record": record_rows(it),
        "suggested_grade": it.suggestion.grade and it.suggestion.grade.value,
        "suggested_because": it.suggestion.because,
        "cases": [
            {
                "claim": case.claim,
                "kind": case.kind.value,
                "evidence": case.evidence,
                "stance": "supports" if case.sign > 0 else "denies",
                "right": case.right,
                "settled": "true" if case.right == (case.sign > 0) else "false",
                "since": case.since.isoformat(),
            }
            for case in it.outcomes
        ],
        "evidence": [
            {
                "key": piece.key,
                "claim": piece.claim,
                "stance": piece.stance.value,
                "published": piece.published and piece.published.edtf,
                "withdrawn": piece.withdrawn and piece.withdrawn.value,
            }
            for piece in it.evidence
        ],
    }


def entity(it: Entity) -> dict[str, Any]:
    """An entity with its names."""
    return {
        "key": it.key,
        "name": it.name,
        "type": it.type.value,
        "aliases": list(it.aliases),
        "wikidata": it.wikidata,
        "note": it.note,
        "merged_into": it.merged_into,
    }


def entity_record(it: EntityRecord) -> dict[str, Any]:
    """An entity with the claims about it."""
    return {
        **entity(it.entity),
        "merged": list(it.merged),
        "claims": [standing(each) for each in it.claims],
    }


def document(it: Document) -> dict[str, Any]:
    """A document."""
    return {
        "key": it.key,
        "title": it.title,
        "publisher": it.publisher,
        "author": it.author,
        "url": it.url,
        "published": it.published and it.published.edtf,
        "sha256": it.sha256,
    }
