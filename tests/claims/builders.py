"""Small records for tests: say what matters, and the rest has a sensible value."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from claims.dates import UncertainDate, from_edtf
from claims.model import Assessment, Case, Claim, Document, Entity, Evidence, Link, Question, Source
from claims.policy import Policy, policy_from_data
from claims.resolve import Dossier, Resolution, resolve
from claims.resolve.rules import default_strengths
from claims.vocabulary import EntityType, Kind, Relation, SourceType, Stance, Status

POLICIES = Path(__file__).parents[2] / "tracker" / "policies"
POLICY_FILE = POLICIES / "weight-of-evidence-1.json"

LOGGED = date(2024, 1, 1)
"""The day on which evidence is logged, unless a test says otherwise: long after everything."""

TODAY = date(2024, 3, 15)

Record = Assessment | Case | Claim | Document | Entity | Evidence | Link | Question | Source


def policy_data() -> dict[str, Any]:
    """The parsed file of the policy that ships: a fresh copy, to be spoilt at will."""
    data: dict[str, Any] = json.loads(POLICY_FILE.read_text("utf-8"))
    return data


@lru_cache
def policy() -> Policy:
    """The policy that ships."""
    return policy_from_data(policy_data())


@lru_cache
def policy_with_records() -> Policy:
    """The same numbers, with track records heeded and lines joined by document and by words."""
    data = policy_data()
    data["records"] = {"prior": 8, "spoke": 8, "kind": 0.5}
    data["lines"] = {"document": 1, "near_text": 95}
    return policy_from_data(data)


def assessed(of: str, status: str, on: str = "2024-01-01", **fields: Any) -> Assessment:
    """A person's verdict on a claim."""
    key = fields.pop("key", f"{of}.assessed")
    return Assessment(key=key, claim=of, status=Status(status), author="desk", made_on=day(on), **fields)


@lru_cache
def shipped(name: str) -> Policy:
    """The first version of another policy that ships, by its name."""
    return policy_from_data(json.loads((POLICIES / f"{name}-1.json").read_text("utf-8")), name)


@lru_cache
def policy_with_all_rules() -> Policy:
    """The first policy that ships, with every contradiction rule on at the price it was made for."""
    data = policy_data()
    return policy_from_data({**data, "rules": default_strengths() | data["rules"]})


def day(text: str) -> date:
    """2018-11-23 as a date."""
    return date.fromisoformat(text)


def when(text: str, *after: str) -> UncertainDate:
    """An EDTF value as an uncertain date, said to come after the claims with these keys."""
    found = from_edtf(text)
    return UncertainDate(found.edtf, found.earliest, found.latest, found.words, after)


def claim(key: str = "claim", kind: str = "event", **fields: Any) -> Claim:
    """A claim, an event unless said otherwise; its dates may be given as EDTF text."""
    return Claim(key=key, text=f"The text of {key}.", kind=Kind(kind), **_dated(fields))


def death(key: str = "killed", **fields: Any) -> Claim:
    """That Kouffa died."""
    return claim(key, "death", **{"subject": "kouffa", **fields})


def alive(key: str = "alive", **fields: Any) -> Claim:
    """That Kouffa was seen alive."""
    return claim(key, "sign-of-life", **{"subject": "kouffa", **fields})


def source(key: str, **fields: Any) -> Source:
    """A source that nothing is known of but its name."""
    return Source(key=key, name=key.title(), **{"type": SourceType.OTHER, **fields})


def document(key: str, publisher: str | None = None) -> Document:
    """Something published."""
    return Document(key=key, title=f"The title of {key}", publisher=publisher)


def entity(key: str, kind: str = "incident", **fields: Any) -> Entity:
    """A named thing, an incident unless said otherwise."""
    return Entity(key=key, name=key.title(), type=EntityType(kind), **fields)


def question(key: str, **fields: Any) -> Question:
    """A question that only one answer can fill."""
    return Question(key=key, text=f"What about {key}?", **fields)


def said(
    by: str,
    stance: str = "supports",
    of: str = "claim",
    on: str | None = "2018-11-23",
    **fields: Any,
) -> Evidence:
    """What a source said of a claim, and when. Its key is claim.source unless given."""
    return Evidence(
        key=fields.pop("key", f"{of}.{by}"),
        claim=of,
        source=by,
        stance=Stance(stance),
        published=None if on is None else from_edtf(on),
        recorded_on=fields.pop("recorded_on", LOGGED),
        **_dated(fields),
    )


def link(one: str, relation: str, other: str, **fields: Any) -> Link:
    """What one claim is to another."""
    fields = {"key": f"{one}-{relation}-{other}", "reason": "", **fields}
    return Link(claim=one, relation=Relation(relation), other=other, **fields)


def dossier(*records: Record, merged: dict[str, str] | None = None) -> Dossier:
    """A dossier of these records. A source that is spoken of but not given is registered
    without a grade; so is an event for a claim that is spoken of but not given."""
    found: dict[type, dict[str, Any]] = {
        kind: {} for kind in (Assessment, Case, Claim, Document, Entity, Evidence, Link, Question, Source)
    }
    for record in records:
        assert record.key not in found[type(record)], f"two records have the key {record.key}"
        found[type(record)][record.key] = record
    for verdict in found[Assessment].values():
        found[Claim].setdefault(verdict.claim, claim(verdict.claim))
    for piece in found[Evidence].values():
        found[Source].setdefault(piece.source, source(piece.source))
        found[Claim].setdefault(piece.claim, claim(piece.claim))
    return Dossier(
        claims=found[Claim],
        evidence=found[Evidence],
        sources=found[Source],
        documents=found[Document],
        questions=found[Question],
        links=found[Link],
        merged=merged or {},
        assessments={
            key: tuple(each for each in found[Assessment].values() if each.claim == key)
            for key in {each.claim for each in found[Assessment].values()}
        },
        cases=found[Case],
        entities=found[Entity],
    )


def verdict(*records: Record, of: str = "claim", on: date = TODAY) -> Resolution:
    """What the policy that ships says of one claim, by these records, on a day."""
    return resolve(dossier(*records), policy(), on)[of]


def by(name: str, *records: Record, of: str = "claim", on: date = TODAY, **more: Any) -> Resolution:
    """What another policy that ships says of one claim, by these records, on a day. ``more`` are
    fields of the dossier, such as the assessments."""
    return resolve(replace(dossier(*records), **more), shipped(name), on)[of]


def rows(table: str) -> list[tuple[str, ...]]:
    """The cells of a table written as text: a row a line, cells parted by bars."""
    lines = (line.strip() for line in table.splitlines())
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines if line and line[0] != "#"]


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    if isinstance(fields.get("when"), str):
        return {**fields, "when": from_edtf(fields["when"])}
    return fields
