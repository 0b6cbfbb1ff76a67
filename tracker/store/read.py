"""Reading records: by key, by prefix, and everything that bears on a set of claims."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from claims.vocabulary import AssessmentState
from tracker.store import rows
from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.direct import ask
from tracker.store.driving import driver_records, driver_rows, question_of_records
from tracker.store.remembering import each_once, once

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import RowMapping, Table
    from sqlalchemy.engine import Connection

    from claims.model import Assessment, Case, Claim, Document, Entity, Evidence, Link, Question, Source
    from claims.resolve.accounts import Accounts
    from claims.resolve.dossier import Dossier
    from claims.resolve.records import Outcome
    from claims.vocabulary import Kind
    from tracker.store import driving
    from tracker.store.driving import Record


class Reader:
    """Reads records over one connection, and so in one state of the database.

    Keys that nothing answers to are simply absent from what is returned.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # --- rows -------------------------------------------------------------------------------

    def _where(self, column: sa.Column[Any], keys: Collection[str] | None) -> list[Record]:
        table = column.table
        assert isinstance(table, sa.Table)
        return driver_records(self.connection, table, column, keys)

    def _all_or(self, table: Table, keys: Collection[str] | None) -> list[Record]:
        return self._where(table.c.key, keys)

    # --- records by key ---------------------------------------------------------------------

    def cases(self, keys: Collection[str] | None = None) -> dict[str, Case]:
        """Cases by key; all of them without keys, as everywhere below."""
        return {row["key"]: rows.case_of(row) for row in self._all_or(t.cases, keys)}

    def sources(self, keys: Collection[str] | None = None) -> dict[str, Source]:
        """Sources by key."""
        if keys is None:
            return self._sources(None)
        return each_once(self.connection, "sources", keys, self._sources)

    def _sources(self, keys: Collection[str] | None) -> dict[str, Source]:
        found = self._all_or(t.sources, keys)
        sides = self._lists(t.source_sides, t.source_sides.c.source, "side", keys)
        return {row["key"]: rows.source_of(row, sides[row["key"]]) for row in found}

    def entities(self, keys: Collection[str] | None = None) -> dict[str, Entity]:
        """Entities by key."""
        found = self._all_or(t.entities, keys)
        names = self._lists(t.entity_names, t.entity_names.c.entity, "name", keys)
        return {row["key"]: rows.entity_of(row, names[row["key"]][1:]) for row in found}

    def _lists(
        self, table: Table, owner: sa.Column[Any], value: str, keys: Collection[str] | None
    ) -> dict[str, list[str]]:
        lists = defaultdict(list)
        for row in self._where(owner, keys):
            lists[row[owner.name]].append(row[value])
        return lists

    def names_of_entities(self, keys: Collection[str]) -> dict[str, str]:
        """What entities are called, by key."""
        return {row["key"]: row["name"] for row in self._where(t.entities.c.key, keys)}

    def documents(self, keys: Collection[str] | None = None) -> dict[str, Document]:
        """Documents by key."""
        return {row["key"]: rows.document_of(row) for row in self._all_or(t.documents, keys)}

    def questions(self, keys: Collection[str] | None = None) -> dict[str, Question]:
        """Questions by key."""
        return {row["key"]: rows.question_of(row) for row in self._all_or(t.questions, keys)}

    def claims(self, keys: Collection[str] | None = None) -> dict[str, Claim]:
        """Claims by key, withdrawn ones too."""
        found = (
            self._all_or(t.claims, None) if keys is None else rows_of_claims(self.connection, keys).values()
        )
        return {row["key"]: rows.claim_of(row) for row in found}

    def claim_keys(self) -> set[str]:
        """The keys of all claims, withdrawn ones too."""
        return set(self.connection.scalars(sa.select(t.claims.c.key)))

    def evidence(self, keys: Collection[str] | None = None) -> dict[str, Evidence]:
        """Evidence by key."""
        return {row["key"]: rows.evidence_of(row) for row in self._all_or(t.evidence, keys)}

    def links(self, keys: Collection[str] | None = None) -> dict[str, Link]:
        """Links by key."""
        return {row["key"]: rows.link_of(row) for row in self._all_or(t.links, keys)}

    # --- what belongs to what ---------------------------------------------------------------

    def evidence_on(self, claims: Collection[str]) -> dict[str, Evidence]:
        """All evidence on some claims."""
        found = self._where(t.evidence.c.claim, claims)
        return {row["key"]: rows.evidence_of(row) for row in found}

    def evidence_by(self, source: str) -> dict[str, Evidence]:
        """All evidence of a source."""
        found = self._where(t.evidence.c.source, [source])
        return {row["key"]: rows.evidence_of(row) for row in found}

    def links_of(self, claims: Collection[str]) -> dict[str, Link]:
        """All links from or to some claims."""
        found = self._where(t.links.c.claim, claims) + self._where(t.links.c.other, claims)
        return {row["key"]: rows.link_of(row) for row in found}

    def assessments_of(self, claims: Collection[str] | None = None) -> dict[str, list[Assessment]]:
        """The assessments of some claims, oldest first: in the order in which they came to count."""
        grouped: dict[str, list[tuple[int, Assessment]]] = defaultdict(list)
        for row in self._where(t.assessments.c.claim, claims):
            grouped[row["claim"]].append((row["seq"], rows.assessment_of(row)))
        found_by = defaultdict[str, list["Assessment"]](list)
        for claim, made in grouped.items():
            # Their keys are numbered: the tenth of a day comes after the ninth.
            made.sort(key=lambda each: (each[1].since, each[0], len(each[1].key), each[1].key))
            found_by[claim] = [assessment for _, assessment in made]
        return found_by

    def claims_of_assessments(self, keys: Collection[str]) -> dict[str, str]:
        """The claim that each of some assessments is on."""
        return {row["key"]: row["claim"] for row in self._where(t.assessments.c.key, keys)}

    def needing_approval(self, claims: Collection[str]) -> set[str]:
        """Those of some claims whose cases need a second person."""
        asking = sa.select(t.cases.c.key).where(t.cases.c.needs_approval)
        found: set[str] = set()
        for chunk in chunks(claims):
            query = sa.select(t.claims.c.key).where(
                t.claims.c.key.in_(chunk), t.claims.c.case_key.in_(asking)
            )
            found.update(self.connection.scalars(query))
        return found

    def waiting(self) -> dict[str, list[Assessment]]:
        """The assessments that wait for a second person, by claim."""
        proposed = t.assessments.c.state == AssessmentState.PROPOSED.value
        query = sa.select(t.assessments).where(proposed, ~t.assessments.c.withdrawn)
        found = defaultdict[str, list["Assessment"]](list)
        for row in self.connection.execute(query.order_by(t.assessments.c.seq)).mappings():
            found[row["claim"]].append(rows.assessment_of(row))
        return found

    def keys_of_assessments(self, claims: Collection[str]) -> set[str]:
        """The keys of all assessments of some claims."""
        return self.keys(t.assessments, t.assessments.c.claim, claims, "key")

    def outcomes_of(self, sources: Collection[str]) -> dict[str, list[Outcome]]:
        """How the stances of some sources fared on settled claims, by source."""
        from tracker.store import outcomes

        found: dict[str, list[Outcome]] = defaultdict(list)
        for outcome in outcomes.read(self.connection, t.outcomes.c.source, sources):
            found[outcome.source].append(outcome)
        return found

    def claims_of_sources(self, sources: Collection[str]) -> dict[str, set[str]]:
        """The claims that some sources speak on, or are relayed on, by source."""
        found: dict[str, set[str]] = defaultdict(set)
        for column in (t.evidence.c.source, t.evidence.c.relays):
            for chunk in chunks(sources):
                query = sa.select(column, t.evidence.c.claim).where(column.in_(chunk))
                for source, claim in self.connection.execute(query):
                    found[source].add(claim)
        return found

    def some_claims_of(self, source: str, most: int) -> list[str]:
        """The claims that a source speaks on, or is relayed on; of either at most so many."""
        found: list[str] = []
        for column in (t.evidence.c.source, t.evidence.c.relays):
            query = sa.select(t.evidence.c.claim).where(column == source).distinct().limit(most)
            found += self.connection.scalars(query)
        return found

    def grades_of(self, source: str) -> list[RowMapping]:
        """The grades that a source was given, oldest first."""
        query = (
            sa.select(t.source_grades)
            .where(t.source_grades.c.source == source)
            .order_by(t.source_grades.c.seq)
        )
        return list(self.connection.execute(query).mappings())

    def grades_of_all(self, sources: Collection[str]) -> dict[str, list[Record]]:
        """The same for many sources, by source."""
        found: dict[str, list[Record]] = defaultdict(list)
        for row in sorted(self._where(t.source_grades.c.source, sources), key=lambda row: row["seq"]):
            found[row["source"]].append(row)
        return found

    def claims_about(self, entities: Collection[str]) -> set[str]:
        """Keys of claims with one of these entities as subject or value, or among several there."""
        from tracker.store import find

        found = {key for key, _ in find.claims_of_several(self.connection, entities)}
        for column in (t.claims.c.subject, t.claims.c.value_entity):
            found |= self.keys(t.claims, column, entities, "key")
        return found

    def claims_naming(self, entities: Collection[str]) -> set[str]:
        """Keys of claims with one of these entities as subject, value or place."""
        return self.claims_about(entities) | self.keys(t.claims, t.claims.c.place_entity, entities, "key")

    def claims_in(self, case: str | None, kind: Kind | None) -> set[str]:
        """Keys of claims of a case, of a kind, or both."""
        query = sa.select(t.claims.c.key)
        if case is not None:
            query = query.where(t.claims.c.case_key == case)
        if kind is not None:
            query = query.where(t.claims.c.kind == kind.value)
        return set(self.connection.scalars(query))

    def cases_by_policy(self) -> dict[str, list[str]]:
        """The cases that go by a policy of theirs, withdrawn ones too, by its label."""
        found: dict[str, list[str]] = {}
        query = sa.select(t.cases.c.key, t.cases.c.policy).where(t.cases.c.policy.is_not(None))
        for key, label in self.connection.execute(query.order_by(t.cases.c.key)):
            found.setdefault(label, []).append(key)
        return found

    def case_labels(self) -> list[str]:
        """The labels of the policies that cases name, withdrawn cases too."""
        query = "SELECT DISTINCT policy FROM cases WHERE policy IS NOT NULL ORDER BY policy"
        return [label for (label,) in ask(self.connection, query)]

    def claims_answering(self, questions: Collection[str]) -> set[str]:
        """Keys of claims that answer one of these questions."""
        return self.keys(t.claims, t.claims.c.question, questions, "key")

    def claims_read_in(self, documents: Collection[str]) -> set[str]:
        """Keys of claims with evidence from one of these documents."""
        return self.keys(t.evidence, t.evidence.c.document, documents, "claim")

    def keys(self, table: Table, column: sa.Column[Any], values: Collection[str], give: str) -> set[str]:
        """The values of column ``give`` in the rows whose ``column`` is one of ``values``."""
        return {key for (key,) in driver_rows(self.connection, (table.c[give],), column, values)}

    def policy_in_force(self) -> str | None:
        """The label of the policy by which statuses are recorded; None before the first act."""
        row = ask(self.connection, "SELECT label FROM policies ORDER BY seq DESC LIMIT 1").fetchone()
        return None if row is None else row[0]

    # --- dossiers ---------------------------------------------------------------------------

    def merged(self) -> dict[str, str]:
        """Where each merged entity leads to."""
        return read_merged(self.connection)

    def merged_into(self, entity: str) -> list[str]:
        """The other entities that are one with this by merges, direct or through others, by key."""
        merged = self.merged()
        if not merged:
            return []
        from tracker.store.neighbours import same_entities

        return sorted(same_entities({entity}, merged) - {entity})

    def tied(self, claims: Collection[str]) -> set[str]:
        """These claims and all that a rule could tie to them, directly or through others."""
        from tracker.store.neighbours import Neighbours  # loads the rules, which most readers need not

        neighbours = Neighbours(self.connection, self.merged())
        reached: set[str] = set()
        edge = set(claims)
        while edge:
            reached |= edge
            edge = neighbours.of(edge) - reached
        return reached

    def in_company(self, claims: Collection[str]) -> set[str]:
        """Those of some claims that a rule could tie to any other, or that are linked to one."""
        from tracker.store.neighbours import Neighbours

        return Neighbours(self.connection, self.merged()).in_company(claims)

    def dossier(
        self, claims: Collection[str], *, closed: bool = False, accounts: Accounts | None = None
    ) -> Dossier:
        """All that bears on some claims and those tied to them (``closed``: they are all there is). How
        sources fared is read, unless the ``accounts`` of all that have any are given."""
        from claims.resolve.dossier import Dossier
        from tracker.store import outcomes
        from tracker.store.neighbours import final

        keys = set(claims) if closed else self.tied(claims)
        found = {key: claim for key, claim in self.claims(keys).items() if not claim.withdrawn}
        evidence = self.evidence_on(found)
        relayed = {piece.relays for piece in evidence.values() if piece.relays is not None}
        sources = {piece.source for piece in evidence.values()} | relayed
        known = self.sources(sources)
        documents = {piece.document for piece in evidence.values() if piece.document}
        questions = {claim.question for claim in found.values() if claim.question}
        merged = self.merged()
        named = {claim.subject for claim in found.values() if claim.subject}
        return Dossier(
            claims=found,
            evidence=evidence,
            sources=known,
            documents=self.documents(documents),
            questions=self.questions(questions),
            links=self.links_of(found),
            merged=merged,
            entities=self.entities({final(key, merged) for key in named}),
            cases=self.cases({claim.case for claim in found.values() if claim.case}),
            assessments=self.assessments_of(found),
            outcomes=outcomes.read_accounts(self.connection, known, found) if accounts is None else accounts,
        )


def rows_of_claims(connection: Connection, keys: Collection[str]) -> dict[str, Record]:
    """The rows of some claims, by key; nobody may alter them."""

    def read(missing: list[str]) -> dict[str, Record]:
        return {row["key"]: row for row in driver_records(connection, t.claims, t.claims.c.key, missing)}

    return each_once(connection, "claims", keys, read)


def question_on(connection: Connection, key: str) -> driving.Question:
    """What is asked for the row of a claim."""
    return question_of_records(connection, t.claims, t.claims.c.key, [key])


# Keys are not empty. Said so, SQLite looks where the few lie, and does not go through all entities.
_MERGED = t.entities.c.merged_into > sa.literal_column("''")


def read_merged(connection: Connection) -> dict[str, str]:
    """Where each merged entity leads to; nobody may alter it."""
    return once(connection, "merged", lambda: _read_merged(connection))


def _read_merged(connection: Connection) -> dict[str, str]:
    columns = (t.entities.c.key, t.entities.c.merged_into)
    return dict(driver_rows(connection, columns, columns[0], None, (_MERGED,)))
