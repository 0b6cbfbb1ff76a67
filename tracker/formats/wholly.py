"""Everything that is to be written, as acts: who reads them again has the same record.

Left out is what no file of acts can say: the journal itself, with who recorded what and when, earlier
wordings, and the days on which undated evidence was logged; the bytes of documents; and approvals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.vocabulary import AssessmentState, LinkState, Withdrawal
from tracker.formats import acts as say
from tracker.formats.acttext import DATES, to_fields
from tracker.formats.merging import in_order
from tracker.formats.pinned import named_in, pinned, stands_alone

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from claims.model import Assessment, Case, Claim, Document, Entity, Evidence, Link, Question, Source
    from tracker.formats.acts import Act
    from tracker.report.extract import Extract, Portion


def acts_of(extract: Extract) -> Iterator[Act]:
    """All acts of an extract, in an order in which each names only what came before it. The portions are
    gone through twice; held in memory are the keys, and claims whose dates do not stand alone."""
    given: set[tuple[str, str]] = set()
    late: dict[str, Claim] = {}
    keys: set[str] = set()
    if extract.case is not None:
        given.add(("case", extract.case.key))
        yield _case(extract.case)
    for portion in extract.portions():
        yield from _referred(portion, given)
        for claim in portion.claims.values():
            keys.add(claim.key)
            if claim.when is None or stands_alone(claim.when):
                yield _claim(claim, ())
            else:
                late[claim.key] = claim
    yield from _referred(extract.rest(), given)
    for claim in _anchors_first(late, keys):
        yield _claim(claim, keys)
    for portion in extract.portions():
        yield from _on_claims(portion, keys)


def _referred(portion: Portion, given: set[tuple[str, str]]) -> Iterator[Act]:
    """What claims refer to, each the first time."""
    records: list[tuple[str, Mapping[str, Any]]] = [
        ("case", portion.cases),
        ("source", portion.sources),
        ("entity", portion.entities),
        ("question", portion.questions),
        ("document", portion.documents),
    ]
    for what, found in records:
        fresh = {key: it for key, it in found.items() if (what, key) not in given}
        given.update((what, key) for key in fresh)
        if what == "source":
            yield from (_source(it, portion.grades.get(it.key, ())) for it in fresh.values())
        elif what == "entity":
            told = in_order({key: entity.merged_into for key, entity in fresh.items()})
            yield from (_entity(fresh[key], merged=merged) for key, merged in told)
        else:
            yield from (_MADE[what](it) for it in fresh.values())


def _on_claims(portion: Portion, keys: Collection[str]) -> Iterator[Act]:
    """What is said of claims, and how they are linked."""
    by_claim: dict[str, list[Evidence]] = {}
    for piece in portion.evidence.values():
        by_claim.setdefault(piece.claim, []).append(piece)
    for claim in portion.claims:
        yield from (_evidence(piece, keys) for piece in _relayed_first(by_claim.get(claim, ())))
    for link in sorted(portion.links.values(), key=lambda link: link.key):
        if link.claim in portion.claims and link.other in keys:
            yield _link(link)
    for _, made in sorted(portion.assessments.items()):
        yield from map(_assessment, made)


# --- in which order -----------------------------------------------------------------------------


def _anchors_first(claims: Mapping[str, Claim], keys: Collection[str]) -> list[Claim]:
    """Claims in an order in which the date of each is known before another counts from it."""
    ordered: dict[str, Claim] = {}
    for claim in claims.values():
        path = [claim]
        while path:
            anchors = (claims[key] for key in sorted(named_in(path[-1].when, keys)) if key in claims)
            left = [each for each in anchors if each.key not in ordered and each not in path]
            if left:
                path.append(left[0])
            else:
                done = path.pop()
                ordered[done.key] = done
    return list(ordered.values())


def _relayed_first(pieces: Iterable[Evidence]) -> list[Evidence]:
    """The evidence on a claim in an order in which what is relayed comes before what relays it; pieces
    that relay each other in a ring keep the order of their keys."""
    by_key = {piece.key: piece for piece in sorted(pieces, key=lambda piece: (len(piece.key), piece.key))}
    ordered: dict[str, Evidence] = {}
    for piece in by_key.values():
        path = [piece]
        while (
            (relays := path[-1].relays or "") in by_key
            and relays not in ordered
            and by_key[relays] not in path
        ):
            path.append(by_key[relays])
        for each in reversed(path):
            ordered.setdefault(each.key, each)
    return list(ordered.values())


# --- each record --------------------------------------------------------------------------------


def _case(it: Case) -> Act:
    return say.OpenCase(
        key=it.key,
        title=it.title or None,
        about=it.about or None,
        policy=it.policy,
        rules_off=it.rules_off,
        needs_approval=it.needs_approval or None,
    )


def _source(it: Source, grades: tuple[tuple[str, str], ...]) -> Act:
    return say.RegisterSource(
        key=it.key,
        name=it.name,
        type=it.type.value,
        sides=it.sides,
        owner=it.owner,
        reliability=it.reliability and it.reliability.value,
        grades=grades if len(grades) > 1 else (),
        url=it.url,
        note=it.note,
    )


def _entity(it: Entity, *, merged: bool = True) -> Act:
    return say.RegisterEntity(
        key=it.key,
        name=it.name,
        type=it.type.value,
        aliases=it.aliases,
        wikidata=it.wikidata,
        merged_into=it.merged_into if merged else None,
        note=it.note,
    )


def _document(it: Document) -> Act:
    return say.RecordDocument(
        key=it.key,
        title=it.title,
        publisher=it.publisher,
        author=it.author,
        url=it.url,
        published=pinned(it.published),
        sha256=it.sha256,
        note=it.note,
    )


def _question(it: Question) -> Act:
    return say.PoseQuestion(
        key=it.key,
        text=it.text,
        exactly_one=it.exactly_one or None,
        counted=it.counted,
        cumulative=it.cumulative or None,
    )


_MADE: dict[str, Callable[[Any], Act]] = {"case": _case, "question": _question, "document": _document}


def _claim(it: Claim, keys: Collection[str]) -> Act:
    return say.RecordClaim(
        key=it.key,
        id=it.external_id or "",
        text=it.text,
        kind=it.kind.value,
        subject=it.subject,
        value=it.value,
        when=pinned(it.when, keys),
        where=it.where,
        question=it.question,
        case=it.case,
        lang=it.lang,
        ongoing=it.ongoing,
        note=it.note,
    )


def _evidence(it: Evidence, keys: Collection[str]) -> Act:
    withdrawn = None
    if it.withdrawn is Withdrawal.MISTAKE:
        withdrawn = "mistake"
    elif it.withdrawn is not None and it.withdrawn_on is not None:
        withdrawn = it.withdrawn_on.isoformat()
    return say.LogEvidence(
        key=it.key,
        claim=it.claim,
        source=it.source,
        stance=it.stance.value,
        published=pinned(it.published, keys),
        document=it.document,
        locator=it.locator,
        quote=it.quote,
        credibility=it.credibility and it.credibility.value,
        basis=it.basis and it.basis.value,
        side=it.side and it.side.value,
        relays=it.relays,
        note=it.note,
        withdrawn=withdrawn,
        withdrawn_reason=it.withdrawn_reason,
    )


def _link(it: Link) -> Act:
    return say.LinkClaims(
        claim=it.claim,
        relation=it.relation.value,
        other=it.other,
        reason=it.reason,
        rule=it.rule,
        state=None if it.state is LinkState.OPEN else it.state.value,
        resolution=it.resolution,
    )


def _assessment(it: Assessment) -> Act:
    return say.Assess(
        claim=it.claim,
        status=it.status.value,
        likelihood=None if it.likelihood is None else repr(it.likelihood),
        by=it.author,
        on=it.made_on.isoformat(),
        reason=it.reason,
        proposed=it.state is AssessmentState.PROPOSED or None,
    )


def fields_of(record: Any, grades: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    """One record as the plain fields of its act, its dates with their EDTF value, so that it can be read
    without the records that they count from."""
    fields = to_fields(_EACH[type(record).__name__](record))
    if len(grades) > 1:
        fields["grades"] = [list(grade) for grade in grades]
    for name in DATES:
        if (value := getattr(record, name, None)) is not None:
            fields[name], fields[f"{name}_edtf"] = value.words, value.edtf
    return fields


_EACH: dict[str, Callable[[Any], Act]] = {
    "Case": _case,
    "Source": lambda it: _source(it, ()),
    "Entity": _entity,
    "Document": _document,
    "Question": _question,
    "Claim": lambda it: _claim(it, ()),
    "Evidence": lambda it: _evidence(it, ()),
    "Link": _link,
    "Assessment": _assessment,
}
