"""Projection: what each act of the journal does to the tables.

Nothing else writes them. Replaying a journal into empty tables gives the same rows again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from claims.names import fold
from claims.resolve.contradictions import link_of
from tracker.errors import AuditBroken
from tracker.store import tables as t
from tracker.store import verdicts
from tracker.store.adding import (
    DOCUMENT,
    ENTITY,
    EVIDENCE,
    SOURCE,
    came_with,
    case_columns,
    claim_columns,
    claims_touched,
    dated_columns,
    grade_columns,
    name_columns,
    plain_columns,
    recorded_on,
    rows_of,
)
from tracker.store.loading import load_together
from tracker.store.rows import columns_of_link
from tracker.store.spellings import learn, learn_names, learn_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from tracker.journal.entry import Entry
    from tracker.store.adding import Added


@dataclass(slots=True)
class Touched:
    """Keys of what an act may have changed the resolution of."""

    claims: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    questions: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    everything: bool = False


def project(connection: Connection, entry: Entry) -> Touched:
    """Apply one entry to the tables, and say what it touched.

    Raises :class:`AuditBroken` for an act that this program does not know.
    """
    handler = _HANDLERS.get(entry.act)
    if handler is None:
        raise AuditBroken(
            f"entry {entry.seq} records {entry.act!r}, which this program does not know",
            "update the program: a newer one wrote this journal",
        )
    if handler is not _added:
        _add(connection, came_with(entry))
    return handler(connection, entry)


def _add(connection: Connection, added: Added) -> None:
    load_together(connection, added)
    for table in dict.fromkeys(table for table, _ in added):
        learn(connection, table, [columns for into, columns in added if into is table])


def _added(connection: Connection, entry: Entry) -> Touched:
    _add(connection, rows_of(entry))
    return Touched(claims=set(claims_touched(entry)))


def _update(connection: Connection, table: sa.Table, key: str, values: dict[str, Any]) -> None:
    if values:
        connection.execute(sa.update(table).where(table.c.key == key).values(**values))


def _policy_adopted(connection: Connection, entry: Entry) -> Touched:
    connection.execute(
        sa.insert(t.policies).values(seq=entry.seq, label=entry.subject, recorded_at=entry.recorded_at)
    )
    return Touched(everything=True)


def _policy_named(connection: Connection, entry: Entry) -> Touched:
    going_by_it = sa.select(t.cases.c.key).where(t.cases.c.policy == entry.subject)
    return Touched(cases=set(connection.scalars(going_by_it)))


# --- cases, questions, documents ----------------------------------------------------------------


def _case_revised(connection: Connection, entry: Entry) -> Touched:
    fields = entry.payload["set"]
    _update(connection, t.cases, entry.subject, case_columns(fields))
    return Touched(cases={entry.subject} if fields.keys() & {"policy", "rules_off"} else set())


def _question_revised(connection: Connection, entry: Entry) -> Touched:
    _update(connection, t.questions, entry.subject, entry.payload["set"])
    return Touched(questions={entry.subject})


def _document_revised(connection: Connection, entry: Entry) -> Touched:
    columns = dated_columns(entry.payload["set"], DOCUMENT)
    _update(connection, t.documents, entry.subject, columns)
    return Touched(documents={entry.subject})


# --- sources and entities -----------------------------------------------------------------------


def _source_revised(connection: Connection, entry: Entry) -> Touched:
    fields = entry.payload["set"]
    columns = plain_columns(fields, SOURCE)
    columns.pop("reliability", None)  # a grade is given by an act of its own, which says since when
    if "name" in fields:
        columns["folded"] = fold(fields["name"])
    _update(connection, t.sources, entry.subject, columns)
    if "name" in fields:
        learn_names(connection, "sources", entry.subject, [fields["name"]])
    if "sides" in fields:
        _set_sides(connection, entry.subject, fields["sides"])
    return Touched(sources={entry.subject})


def _source_graded(connection: Connection, entry: Entry) -> Touched:
    grade = entry.payload["grade"]
    _update(connection, t.sources, entry.subject, {"reliability": grade})
    connection.execute(sa.insert(t.source_grades), grade_columns(entry, grade))
    return Touched(sources={entry.subject})


def _set_sides(connection: Connection, source: str, sides: list[str]) -> None:
    connection.execute(sa.delete(t.source_sides).where(t.source_sides.c.source == source))
    rows = [{"source": source, "position": n, "side": side} for n, side in enumerate(sides)]
    if rows:
        connection.execute(sa.insert(t.source_sides), rows)


def _entity_revised(connection: Connection, entry: Entry) -> Touched:
    fields = entry.payload["set"]
    _update(connection, t.entities, entry.subject, plain_columns(fields, ENTITY))
    if "name" in fields or "aliases" in fields:
        names = connection.scalars(
            sa.select(t.entity_names.c.name)
            .where(t.entity_names.c.entity == entry.subject)
            .order_by(t.entity_names.c.position)
        ).all()
        name = fields.get("name", names[0])
        aliases = fields.get("aliases", list(names[1:]))
        _set_names(connection, entry.subject, name, aliases)
    return Touched(entities={entry.subject})


def _set_names(connection: Connection, entity: str, name: str, aliases: list[str]) -> None:
    connection.execute(sa.delete(t.entity_names).where(t.entity_names.c.entity == entity))
    rows = [name_columns(entity, n, text) for n, text in enumerate([name, *aliases])]
    connection.execute(sa.insert(t.entity_names), rows)
    learn_names(connection, "entities", entity, [name, *aliases])


def _entity_merged(connection: Connection, entry: Entry) -> Touched:
    into = entry.payload["into"]
    _update(connection, t.entities, entry.subject, {"merged_into": into})
    return Touched(entities={entry.subject, into})


def _entity_unmerged(connection: Connection, entry: Entry) -> Touched:
    _update(connection, t.entities, entry.subject, {"merged_into": None})
    return Touched(entities={entry.subject, entry.payload["from"]})


# --- claims and evidence ------------------------------------------------------------------------


def _claim_revised(connection: Connection, entry: Entry) -> Touched:
    was = entry.payload["was"]
    about: set[str] = set()
    if was.keys() & {"kind", "subject", "value_entity"}:
        before = sa.select(t.claims.c.subject, t.claims.c.value_entity).where(t.claims.c.key == entry.subject)
        about.update(key for key in connection.execute(before).one() if key is not None)
    columns = claim_columns(entry.subject, entry.payload["set"])
    _update(connection, t.claims, entry.subject, columns)
    learn_words(connection, columns.get("folded", "").split())
    # Claims that it was tied to until now must be looked at again as well.
    return Touched(
        claims={entry.subject},
        entities=about,
        questions={was["question"]} if was.get("question") else set(),
    )


def _claim_of_evidence(connection: Connection, key: str) -> set[str]:
    found = connection.scalar(sa.select(t.evidence.c.claim).where(t.evidence.c.key == key))
    return {found} if found is not None else set()


def _evidence_corrected(connection: Connection, entry: Entry) -> Touched:
    columns = dated_columns(entry.payload["set"], EVIDENCE)
    _update(connection, t.evidence, entry.subject, columns)
    return Touched(claims=_claim_of_evidence(connection, entry.subject))


def _evidence_withdrawn(connection: Connection, entry: Entry) -> Touched:
    on = entry.payload.get("on")
    values = {
        "withdrawn": entry.payload["how"],
        "withdrawn_on": date.fromisoformat(on) if on else None,
        "withdrawn_reason": entry.reason,
    }
    _update(connection, t.evidence, entry.subject, values)
    return Touched(claims=_claim_of_evidence(connection, entry.subject))


def _evidence_restored(connection: Connection, entry: Entry) -> Touched:
    values = dict.fromkeys(("withdrawn", "withdrawn_on", "withdrawn_reason"))
    _update(connection, t.evidence, entry.subject, values)
    return Touched(claims=_claim_of_evidence(connection, entry.subject))


# --- links and assessments ----------------------------------------------------------------------


def _claims_linked(connection: Connection, entry: Entry) -> Touched:
    fields = entry.payload
    connection.execute(
        sa.insert(t.links).values(
            key=entry.subject,
            reason=entry.reason,
            state="open",
            made_by=entry.author,
            **fields,
        )
    )
    return Touched(claims={fields["claim"], fields["other"]})


def _link_state(connection: Connection, entry: Entry) -> Touched:
    link = sa.select(t.links.c.claim, t.links.c.other).where(t.links.c.key == entry.subject)
    row = connection.execute(link).one_or_none()
    if row is None:
        # Found by a rule: no entry made it, and where nothing was resolved meanwhile it is not there.
        found = link_of(*(entry.payload[name] for name in ("claim", "rule", "other", "because")))
        connection.execute(sa.insert(t.links).values(**columns_of_link(found)))
        row = connection.execute(link).one()
    state = entry.payload["state"]
    resolution = entry.reason if state != "open" else None
    _update(connection, t.links, entry.subject, {"state": state, "resolution": resolution})
    return Touched(claims={row.claim, row.other})


def _assessment(connection: Connection, entry: Entry) -> Touched:
    return Touched(claims=verdicts.apply(connection, entry, recorded_on(entry)))


# --- redactions and publications ----------------------------------------------------------------


def _entry_redacted(connection: Connection, entry: Entry) -> Touched:
    redacted = {each["seq"]: each.get("by", entry.seq) for each in entry.payload["entries"]}
    for seq, by in redacted.items():
        connection.execute(sa.delete(t.redactions).where(t.redactions.c.seq == seq))
        connection.execute(sa.insert(t.redactions).values(seq=seq, by_seq=by))
    return Touched()


def _claim_published(connection: Connection, entry: Entry) -> Touched:
    said = entry.payload
    connection.execute(
        sa.insert(t.publications).values(
            seq=entry.seq,
            claim=entry.subject,
            published_on=date.fromisoformat(said["on"]),
            likelihood=float(said["likelihood"]),
            note=said.get("note"),
            author=entry.author,
            recorded_at=entry.recorded_at,
            withdrawn=False,
            **{name: said[name] for name in ("place", "status", "confidence", "policy")},
        )
    )
    return Touched()


def _publication(*, withdrawn: bool) -> Any:
    def handler(connection: Connection, entry: Entry) -> Touched:
        which = t.publications.c.seq == entry.payload["publication"]
        connection.execute(sa.update(t.publications).where(which).values(withdrawn=withdrawn))
        return Touched()

    return handler


def _withdraws(table: sa.Table, *, withdrawn: bool, touches_claim: bool = False) -> Any:
    def handler(connection: Connection, entry: Entry) -> Touched:
        _update(connection, table, entry.subject, {"withdrawn": withdrawn})
        return Touched(claims={entry.subject} if touches_claim else set())

    return handler


_HANDLERS: dict[str, Callable[[Connection, Entry], Touched]] = {
    "policy.adopted": _policy_adopted,
    "policy.named": _policy_named,
    "case.recorded": _added,
    "case.revised": _case_revised,
    "question.recorded": _added,
    "question.revised": _question_revised,
    "document.recorded": _added,
    "document.revised": _document_revised,
    "document.archived": _document_revised,
    "source.registered": _added,
    "source.revised": _source_revised,
    "source.graded": _source_graded,
    "entity.registered": _added,
    "entity.revised": _entity_revised,
    "entity.merged": _entity_merged,
    "entity.unmerged": _entity_unmerged,
    "claim.recorded": _added,
    "claim.revised": _claim_revised,
    "evidence.logged": _added,
    "evidence.corrected": _evidence_corrected,
    "evidence.withdrawn": _evidence_withdrawn,
    "evidence.restored": _evidence_restored,
    "claims.linked": _claims_linked,
    "link.resolved": _link_state,
    "link.reopened": _link_state,
    "assessment.made": _added,
    **dict.fromkeys(verdicts.ACTS, _assessment),
    "claim.withdrawn": _withdraws(t.claims, withdrawn=True, touches_claim=True),
    "claim.restored": _withdraws(t.claims, withdrawn=False, touches_claim=True),
    "case.withdrawn": _withdraws(t.cases, withdrawn=True),
    "case.restored": _withdraws(t.cases, withdrawn=False),
    "source.withdrawn": _withdraws(t.sources, withdrawn=True),
    "source.restored": _withdraws(t.sources, withdrawn=False),
    "entity.withdrawn": _withdraws(t.entities, withdrawn=True),
    "entity.restored": _withdraws(t.entities, withdrawn=False),
    "question.withdrawn": _withdraws(t.questions, withdrawn=True),
    "question.restored": _withdraws(t.questions, withdrawn=False),
    "document.withdrawn": _withdraws(t.documents, withdrawn=True),
    "document.restored": _withdraws(t.documents, withdrawn=False),
    "claim.published": _claim_published,
    "publication.withdrawn": _publication(withdrawn=True),
    "publication.restored": _publication(withdrawn=False),
    "entry.redacted": _entry_redacted,
}

ACTS = tuple(_HANDLERS)
"""Every act that the journal can hold."""
