"""Questions about names and words: search, sources, entities."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from claims.resolve.records import suggest_grade
from claims.vocabulary import Kind
from tracker.app.reading import Questions
from tracker.app.registered import registered_policies
from tracker.report.models import EntityRecord, SourceRecord
from tracker.store.pages import Stretch, Wanted, claim_keys
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from claims.model import Claim, Document, Entity, Source
    from tracker.app.paging import Rows
    from tracker.app.view import View
    from tracker.report.models import Hit
    from tracker.report.policies import PolicyRecord
    from tracker.report.standing import Standing


class Finder(Questions):
    """Search, and what is known of sources and entities."""

    def search(
        self, words: str, *, limit: int = 20, recorded_by: str | int | date | None = None
    ) -> list[Hit]:
        """Entities whose names are like the words, across spellings and scripts; then claims about
        them, and claims that hold all the words or, where few do, words like them: best first, then
        by key."""
        from tracker.app.searching import search_now, search_then

        if recorded_by is not None:
            with self.part_then(recorded_by) as (part, _):
                if (found := search_then(part, words, limit)) is not None:
                    return found
        with self.record(recorded_by) as reader:
            return search_now(reader, words, limit)

    # --- policies ---------------------------------------------------------------------------

    def policies(self, *, recorded_by: str | int | date | None = None) -> list[PolicyRecord]:
        """Every registered policy, whether it is in force here, and how many cases go by it."""
        with self.listed("cases", Stretch(), recorded_by) as (reader, _):
            in_force = reader.policy_in_force() or self.policy.label
            used = Counter(case.policy for case in reader.cases().values() if not case.withdrawn)
        return [
            replace(each, in_force=each.label == in_force, cases=used[each.label])
            for each in registered_policies()
        ]

    # --- sources, entities, claims ----------------------------------------------------------

    def sources(
        self,
        *,
        after: str | None = None,
        limit: int | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Source]:
        """Sources by key: all of them, or the first ``limit`` whose keys come ``after`` one."""
        with self.listed("sources", Stretch(after or "", most=limit), recorded_by) as (reader, keys):
            return list(reader.sources(keys).values())

    def source(
        self,
        source: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> SourceRecord:
        """A source, the grades it was given, what it said, and how that fared on claims that were
        settled later."""
        with self._view_of_source(source, as_of, recorded_by) as view:
            look = self.lookup_in(view)
            found = look.source(source)
            grades = [
                {
                    "grade": row["grade"],
                    "recorded_at": row["recorded_at"],
                    "author": row["author"],
                    "reason": row["reason"],
                }
                for row in look.reader.grades_of(found.key)
            ]
            evidence = sorted(
                look.reader.evidence_by(found.key).values(),
                key=lambda piece: (piece.counts_from, piece.key),
            )
            known = look.reader.outcomes_of([found.key]).get(found.key, [])
            settled = [case for case in known if case.stands_on(view.as_of)]
            return SourceRecord(
                source=found,
                grades=tuple(grades),
                evidence=tuple(evidence),
                outcomes=tuple(sorted(settled, key=lambda case: (case.since, case.claim))),
                suggestion=suggest_grade(settled, view.choice.own),
                as_of=view.as_of,
            )

    @contextmanager
    def _view_of_source(
        self, source: str, as_of: str | date | None, recorded_by: str | int | date | None
    ) -> Iterator[View]:
        """A view in which there is a source with what it said and how that fared: of a moment only that,
        where it can be found out in short."""
        if recorded_by is not None:
            from tracker.app.pastlists import bring_source

            with self.part_then(recorded_by) as (part, until):
                if bring_source(part, source, until.day):
                    yield self.view_at(until, Reader(part.tables), as_of)
                    return
        with self.view(as_of, recorded_by) as view:
            yield view

    def entities(
        self,
        *,
        after: str | None = None,
        limit: int | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Entity]:
        """Entities by key: all of them, or a page as of :meth:`sources`."""
        with self.listed("entities", Stretch(after or "", most=limit), recorded_by) as (reader, keys):
            return list(reader.entities(keys).values())

    def documents(
        self,
        *,
        after: str | None = None,
        limit: int | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Document]:
        """Documents by key: all of them, or a page as of :meth:`sources`."""
        with self.listed("documents", Stretch(after or "", most=limit), recorded_by) as (reader, keys):
            return list(reader.documents(keys).values())

    def entity(
        self,
        entity: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> EntityRecord:
        """An entity and the claims about it; for a person, lives and deaths first."""
        if recorded_by is not None and as_of is None and (then := self._entity_then(entity, recorded_by)):
            return then
        with self.view(as_of, recorded_by) as view:
            look = self.lookup_in(view)
            found = look.entity(entity)
            merged = view.reader.merged_into(found.key)
            about = view.reader.claims_about([found.key, *merged])
            return _entity_record(
                found, merged, self.standings(view, about, as_of, recorded_by) if about else []
            )

    def _entity_then(self, entity: str, recorded_by: str | int | date) -> EntityRecord | None:
        """The same at a moment, from what was stored of it; None where it takes the whole journal to say
        which entity is meant."""
        from tracker.app.pastlists import entity_then

        with self.part_then(recorded_by) as (part, _):
            if (found := entity_then(part, entity)) is None:
                return None
        return _entity_record(*found, self.statuses(subject=entity, recorded_by=recorded_by))

    def claims(
        self,
        *,
        kind: str | None = None,
        subject: str | None = None,
        case: str | None = None,
        source: str | None = None,
        after: str | None = None,
        limit: int | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Claim]:
        """Claims that were not withdrawn, by key: all of them, or those that pass the filters; of these the
        first ``limit`` whose keys come ``after`` one."""
        stretch = Stretch(after or "", most=limit)
        of = {"kind": kind, "subject": subject, "case": case, "source": source}
        if recorded_by is not None and (then := self._claims_then(recorded_by, stretch, of)) is not None:
            return then
        with self.record(recorded_by) as reader:
            keys = claim_keys(reader.connection, self.wanted(reader, **of), stretch)
            return list(reader.claims(keys).values())

    def _claims_then(
        self, recorded_by: str | int | date, stretch: Stretch, of: Mapping[str, str | None]
    ) -> list[Claim] | None:
        """Claims that there were at a moment, of which only the entries on those that are looked at are
        read; None where it cannot be said so which these are."""
        from tracker.app.pastlists import Filters, past_list

        with self.part_then(recorded_by) as (part, until):
            listed = past_list(part, until, Wanted(), Filters(**of))
            if listed is None:
                return None

            def standing(keys: set[str]) -> Rows:
                part.bring(keys)
                are = claim_keys(part.tables, Wanted(claims=frozenset(keys)), Stretch())
                return {key: {} for key in are}

            found = listed.page(stretch, standing)
            part.bring(found)
            claims = Reader(part.tables).claims(found)
            return [claims[key] for key in found]


def _entity_record(found: Entity, merged: Sequence[str], standings: Sequence[Standing]) -> EntityRecord:
    lives = (Kind.DEATH, Kind.SIGN_OF_LIFE)
    ordered = sorted(standings, key=lambda each: (each.claim.kind not in lives, each.key))
    return EntityRecord(entity=found, merged=tuple(merged), claims=tuple(ordered))
