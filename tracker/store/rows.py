"""Between rows and records: explicit converters, one pair for each kind of record."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from claims.dates import UncertainDate
from claims.model import (
    Assessment,
    Case,
    Claim,
    Document,
    Entity,
    Evidence,
    Link,
    Question,
    Source,
)
from claims.vocabulary import (
    AssessmentState,
    Basis,
    Credibility,
    EntityType,
    Kind,
    LinkState,
    Relation,
    Reliability,
    Side,
    SourceType,
    Stance,
    Status,
    Withdrawal,
)
from tracker.errors import Corrupt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import RowMapping

    from claims.resolve.records import Outcome

    Row = Mapping[str, Any] | RowMapping

Word = TypeVar("Word", bound=StrEnum)
Converter = TypeVar("Converter", bound="Callable[..., Any]")

MENDING = "make all tables anew from the journal: tracker db rebuild"


def _checked(converter: Converter) -> Converter:
    """Says of a row that holds what no record can that somebody else has written it."""

    @wraps(converter)
    def convert(row: Any, *more: Any) -> Any:
        try:
            return converter(row, *more)
        except (ValueError, TypeError) as error:
            raise Corrupt(f"a row of the tables cannot be read ({error})", MENDING) from error

    return convert  # type: ignore[return-value]


def columns_of_date(name: str, value: UncertainDate | None) -> dict[str, Any]:
    """The columns of an uncertain date."""
    if value is None:
        return dict.fromkeys(f"{name}_{part}" for part in ("edtf", "words", "earliest", "latest", "after"))
    return {
        f"{name}_edtf": value.edtf,
        f"{name}_words": value.words,
        f"{name}_earliest": value.earliest,
        f"{name}_latest": value.latest,
        f"{name}_after": json.dumps(list(value.after)) if value.after else None,
    }


def date_of_columns(name: str, row: Row) -> UncertainDate | None:
    """The uncertain date in a row. Its bounds are taken as stored, not read from EDTF again."""
    edtf = row[f"{name}_edtf"]
    if edtf is None:
        return None
    after = row[f"{name}_after"]
    return UncertainDate(
        edtf,
        row[f"{name}_earliest"],
        row[f"{name}_latest"],
        row[f"{name}_words"],
        tuple(json.loads(after)) if after else (),
    )


def _word(vocabulary: type[Word], text: str | None) -> Word | None:
    return None if text is None else vocabulary(text)


@_checked
def case_of(row: Row) -> Case:
    """The case in a row."""
    return Case(
        key=row["key"],
        title=row["title"],
        about=row["about"],
        policy=row["policy"],
        rules_off=tuple(json.loads(row["rules_off"])) if row["rules_off"] else (),
        needs_approval=row["needs_approval"],
        withdrawn=row["withdrawn"],
    )


@_checked
def source_of(row: Row, sides: Sequence[str]) -> Source:
    """The source in a row, with its sides, the closest first."""
    return Source(
        key=row["key"],
        name=row["name"],
        type=SourceType(row["type"]),
        sides=tuple(sides),
        owner=row["owner"],
        reliability=_word(Reliability, row["reliability"]),
        url=row["url"],
        note=row["note"],
        withdrawn=row["withdrawn"],
    )


@_checked
def entity_of(row: Row, aliases: Sequence[str]) -> Entity:
    """The entity in a row, with its other names."""
    return Entity(
        key=row["key"],
        name=row["name"],
        type=EntityType(row["type"]),
        aliases=tuple(aliases),
        wikidata=row["wikidata"],
        note=row["note"],
        merged_into=row["merged_into"],
        withdrawn=row["withdrawn"],
    )


@_checked
def document_of(row: Row) -> Document:
    """The document in a row."""
    return Document(
        key=row["key"],
        title=row["title"],
        publisher=row["publisher"],
        author=row["author"],
        url=row["url"],
        published=date_of_columns("published", row),
        sha256=row["sha256"],
        note=row["note"],
        withdrawn=row["withdrawn"],
    )


@_checked
def question_of(row: Row) -> Question:
    """The question in a row."""
    return Question(
        key=row["key"],
        text=row["text"],
        exactly_one=row["exactly_one"],
        counted=row["counted"],
        cumulative=row["cumulative"],
        withdrawn=row["withdrawn"],
    )


@_checked
def claim_of(row: Row) -> Claim:
    """The claim in a row."""
    return Claim(
        key=row["key"],
        text=row["text"],
        kind=Kind(row["kind"]),
        subject=row["subject"],
        value=row["value"],
        value_entity=row["value_entity"],
        when=date_of_columns("when", row),
        where=row["place"],
        where_entity=row["place_entity"],
        question=row["question"],
        case=row["case_key"],
        lang=row["lang"],
        external_id=row["external_id"],
        note=row["note"],
        ongoing=row["ongoing"],
        withdrawn=row["withdrawn"],
    )


@_checked
def evidence_of(row: Row) -> Evidence:
    """The evidence in a row."""
    return Evidence(
        key=row["key"],
        claim=row["claim"],
        source=row["source"],
        stance=Stance(row["stance"]),
        recorded_on=row["recorded_on"],
        published=date_of_columns("published", row),
        document=row["document"],
        locator=row["locator"],
        quote=row["quote"],
        credibility=_word(Credibility, row["credibility"]),
        basis=_word(Basis, row["basis"]),
        side=_word(Side, row["side"]),
        relays=row["relays"],
        note=row["note"],
        withdrawn=_word(Withdrawal, row["withdrawn"]),
        withdrawn_on=row["withdrawn_on"],
        withdrawn_reason=row["withdrawn_reason"],
    )


@_checked
def link_of(row: Row) -> Link:
    """The link in a row."""
    return Link(
        key=row["key"],
        claim=row["claim"],
        relation=Relation(row["relation"]),
        other=row["other"],
        reason=row["reason"],
        state=LinkState(row["state"]),
        made_by=row["made_by"],
        resolution=row["resolution"],
        rule=row["rule"],
    )


def columns_of_link(link: Link) -> dict[str, Any]:
    """The columns of a link."""
    return {
        "key": link.key,
        "claim": link.claim,
        "relation": link.relation.value,
        "other": link.other,
        "reason": link.reason,
        "state": link.state.value,
        "made_by": link.made_by,
        "resolution": link.resolution,
        "rule": link.rule,
    }


@_checked
def assessment_of(row: Row) -> Assessment:
    """The assessment in a row."""
    return Assessment(
        key=row["key"],
        claim=row["claim"],
        status=Status(row["status"]),
        author=row["author"],
        made_on=row["made_on"],
        likelihood=row["likelihood"],
        reason=row["reason"],
        withdrawn=row["withdrawn"],
        state=AssessmentState(row["state"]),
        decided_by=row["decided_by"],
        decided_on=row["decided_on"],
        decided_reason=row["decided_reason"],
    )


@_checked
def status_of(text: str) -> Status:
    """The status that a column names."""
    return Status(text)


@_checked
def outcome_of(row: Row) -> Outcome:
    """The outcome in a row."""
    from claims.resolve.records import Outcome

    return Outcome(
        source=row["source"],
        claim=row["claim"],
        evidence=row["evidence"],
        kind=Kind(row["kind"]),
        sign=row["sign"],
        right=row["right"],
        since=row["since"],
        until=row["until"],
    )


def columns_of_outcome(outcome: Outcome) -> dict[str, Any]:
    """The columns of an outcome."""
    return {
        "source": outcome.source,
        "claim": outcome.claim,
        "evidence": outcome.evidence,
        "kind": outcome.kind.value,
        "sign": outcome.sign,
        "right": outcome.right,
        "since": outcome.since,
        "until": outcome.until,
    }
