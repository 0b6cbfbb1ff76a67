"""The rows that an entry adds, where it records something new: the same for one entry and for millions.

Acts that change rows which are there already are in :mod:`tracker.store.project`.
"""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from claims.names import fold
from claims.spelling import searched
from claims.vocabulary import AssessmentState
from tracker.journal.entry import day_of
from tracker.journal.payload import date_from_plain
from tracker.store import tables as t
from tracker.store.rows import columns_of_date

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from tracker.journal.entry import Entry

Columns = dict[str, Any]
Added = list[tuple["sa.Table", Columns]]
"""Rows by table, each as its columns by name; a column that is not named is empty. A row comes after
those that it refers to."""


def rows_of(entry: Entry) -> Added:
    """All rows that an entry adds; raises ``KeyError`` for an act that is not in :data:`ADDING`."""
    return came_with(entry) + ADDING[entry.act](entry)


def came_with(entry: Entry) -> Added:
    """The rows that say how an entry came to be, whatever it records: by which request, out of which
    journal."""
    added: Added = []
    if entry.request is not None:
        added.append((t.requests, {"seq": entry.seq, **entry.request}))
    if entry.received is not None:
        came_from = {name: entry.received[name] for name in ("leaf", "origin")}
        added.append((t.received, {"seq": entry.seq, "origin_seq": entry.received["seq"], **came_from}))
    return added


def claims_touched(entry: Entry) -> tuple[str, ...]:
    """Keys of the claims that an entry which adds rows may have changed the resolution of."""
    if entry.act == "claim.recorded":
        return (entry.subject,)
    return (entry.payload["claim"],) if entry.act in _ON_CLAIMS else ()


def recorded_on(entry: Entry) -> date:
    """The day on which it was first recorded anywhere: by then it must have been public. That
    another journal says it was later than here is no reason to believe so."""
    first = entry.recorded_at
    if entry.received is not None:
        first = min(first, entry.received["recorded_at"])
    return day_of(first)


# --- columns of each record, from the plain fields of a payload ------------------------------


def plain_columns(fields: dict[str, Any], names: dict[str, str]) -> Columns:
    """The columns for the fields that are there; ``names`` leads from field to column."""
    return {names[name]: value for name, value in fields.items() if name in names}


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


CLAIM = _same(
    *("text", "kind", "subject", "value", "value_entity", "question", "lang", "external_id"),
    *("ongoing", "note"),
) | {"where": "place", "where_entity": "place_entity", "case": "case_key"}
EVIDENCE = _same(
    *("claim", "source", "stance", "document", "locator", "quote", "credibility", "basis"),
    *("side", "relays", "note"),
)
DOCUMENT = _same("title", "publisher", "author", "url", "sha256", "note")
SOURCE = _same("name", "type", "owner", "reliability", "url", "note")
ENTITY = _same("name", "type", "wikidata", "note")


def claim_columns(key: str, fields: dict[str, Any]) -> Columns:
    """The columns of the claim of a key for the fields that are there."""
    columns = plain_columns(fields, CLAIM)
    if "text" in fields:
        columns["folded"] = searched(fields["text"], key)
    if "when" in fields:
        columns |= columns_of_date("when", date_from_plain(fields["when"]))
    return columns


def dated_columns(fields: dict[str, Any], names: dict[str, str]) -> Columns:
    """The columns of something published, for the fields that are there."""
    columns = plain_columns(fields, names)
    if "published" in fields:
        columns |= _columns_of_day(fields["published"])
    return columns


def _columns_of_day(published: dict[str, Any] | None) -> Columns:
    if published is None or published.keys() - _IN_SHORT:
        return columns_of_date("published", date_from_plain(published))
    return _columns_in_short(published["edtf"], published.get("words", ""))


_IN_SHORT = {"edtf", "words"}


@lru_cache(maxsize=8192)
def _columns_in_short(edtf: str, words: str) -> Columns:
    """The columns of a day, made once: the same days come again and again. Nobody may alter them."""
    return columns_of_date("published", date_from_plain({"edtf": edtf, "words": words}))


def case_columns(fields: dict[str, Any]) -> Columns:
    """The columns of a case for the fields that are there."""
    if "rules_off" not in fields:
        return fields
    return {**fields, "rules_off": json.dumps(fields["rules_off"]) if fields["rules_off"] else None}


# --- acts that add ----------------------------------------------------------------------------


def _case(entry: Entry) -> Added:
    fields = case_columns({"title": "", "about": "", "needs_approval": False} | entry.payload)
    return [(t.cases, {"key": entry.subject, "withdrawn": False, **fields})]


def _question(entry: Entry) -> Added:
    fields = {"exactly_one": False, "cumulative": False} | entry.payload
    return [(t.questions, {"key": entry.subject, "withdrawn": False, **fields})]


def _document(entry: Entry) -> Added:
    columns = dated_columns(entry.payload, DOCUMENT)
    return [(t.documents, {"key": entry.subject, "withdrawn": False, **columns})]


def _source(entry: Entry) -> Added:
    columns = plain_columns(entry.payload, SOURCE)
    columns["folded"] = fold(entry.payload["name"])
    added: Added = [(t.sources, {"key": entry.subject, "withdrawn": False, **columns})]
    for position, side in enumerate(entry.payload.get("sides", [])):
        added.append((t.source_sides, {"source": entry.subject, "position": position, "side": side}))
    if entry.payload.get("reliability"):
        added.append((t.source_grades, grade_columns(entry, entry.payload["reliability"])))
    return added


def _entity(entry: Entry) -> Added:
    columns = plain_columns(entry.payload, ENTITY)
    added: Added = [(t.entities, {"key": entry.subject, "withdrawn": False, **columns})]
    for position, name in enumerate([entry.payload["name"], *entry.payload.get("aliases", [])]):
        added.append((t.entity_names, name_columns(entry.subject, position, name)))
    return added


def name_columns(entity: str, position: int, name: str) -> Columns:
    """The row that keeps one of the names of an entity."""
    return {"entity": entity, "position": position, "name": name, "folded": fold(name)}


def grade_columns(entry: Entry, grade: str | None) -> Columns:
    """The row that keeps the grade which an entry gave a source."""
    return {
        "seq": entry.seq,
        "source": entry.subject,
        "grade": grade,
        "recorded_at": entry.recorded_at,
        "author": entry.author,
        "reason": entry.reason,
    }


def _claim(entry: Entry) -> Added:
    columns = claim_columns(entry.subject, entry.payload)
    columns |= {"key": entry.subject, "withdrawn": False, "recorded_at": entry.recorded_at, "seq": entry.seq}
    return [(t.claims, columns)]


def _evidence(entry: Entry) -> Added:
    columns = dated_columns(entry.payload, EVIDENCE)
    columns["key"] = entry.subject
    columns["recorded_on"] = recorded_on(entry)
    return [(t.evidence, columns)]


def _assessment(entry: Entry) -> Added:
    said = entry.payload
    likelihood, on = said.get("likelihood"), said.get("on")
    columns = {
        "key": entry.subject,
        "claim": said["claim"],
        "status": said["status"],
        "likelihood": float(likelihood) if likelihood is not None else None,
        "author": said.get("by", entry.author),
        "made_on": date.fromisoformat(on) if on else recorded_on(entry),
        "reason": entry.reason,
        "withdrawn": False,
        "state": (AssessmentState.PROPOSED if said.get("proposed") else AssessmentState.MADE).value,
        "seq": entry.seq,
    }
    return [(t.assessments, columns)]


_ON_CLAIMS = frozenset({"evidence.logged", "assessment.made"})

ADDING: dict[str, Callable[[Entry], Added]] = {
    "case.recorded": _case,
    "question.recorded": _question,
    "document.recorded": _document,
    "source.registered": _source,
    "entity.registered": _entity,
    "claim.recorded": _claim,
    "evidence.logged": _evidence,
    "assessment.made": _assessment,
}
"""The acts that add rows and change none."""
