"""From the record to the report that is published: read in portions, in one state of the record."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from claims.resolve.records import suggest_grade
from claims.resolve.rules.actors import several_in
from tracker.app.infull import ClaimsInFull
from tracker.app.plainly import Work
from tracker.app.plotting import calibrated_in
from tracker.report.models import SourceRecord, Step
from tracker.report.reported import Reported
from tracker.store import journal, statuses
from tracker.store.pages import Stretch, Wanted, claim_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from claims.model import Case, Claim, Entity, Source
    from tracker.app.view import View
    from tracker.report.infull import InFull
    from tracker.report.pictures import Calibrated
    from tracker.store.read import Reader

PORTION = 500
"""Claims that are held in full at a time."""


class Reporting(ClaimsInFull):
    """Giving out all that a report shows."""

    @contextmanager
    def report(
        self,
        case: str | None = None,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> Iterator[Reported]:
        """The claims of a case, or of the whole tracker, to be shown while this is open; the clocks are those
        of :meth:`Questions.status`. Raises :class:`NotFound` for a case that is not there."""
        with self.view(as_of, recorded_by) as view:
            reader = view.reader
            chosen = self.lookup_in(view).case(case) if case is not None else None
            keys = claim_keys(reader.connection, Wanted(case=chosen.key if chosen else None), Stretch())
            sources, entities, cases = _referred(reader, keys, chosen)

            def in_full() -> Iterator[list[InFull]]:
                work = Work(everything=True)
                for start in range(0, len(keys), PORTION):
                    found = view.statuses(keys[start : start + PORTION])
                    yield self.in_full(view, found, as_of, recorded_by, suspicions=False, work=work)

            def records(some: Collection[str]) -> Iterator[SourceRecord]:
                yield from _records(view, [sources[key] for key in some])

            def calibrated(record: SourceRecord) -> Calibrated:
                return calibrated_in(view, record)

            def moves(most: int) -> list[Step]:
                # Of a case, its own are asked for: all of the newest may be of other claims.
                starts = range(0, len(keys), PORTION) if chosen is not None else ()
                portions: list[Sequence[str] | None] = [keys[start : start + PORTION] for start in starts]
                with self.reading() as now:
                    rows = [
                        row
                        for portion in portions or [None]
                        for row in statuses.newest_moves(now.connection, view.entry, most, portion)
                    ]
                rows.sort(key=lambda row: (row["seq"], row["claim"]), reverse=True)
                return self._recorded_steps([row for row in rows if row["claim"] in wanted][:most])

            wanted = set(keys)
            with self.reading() as now:  # a record of the past is looked at without its journal
                at = journal.recorded_at(now.connection, view.entry) if view.entry else ""
                root = journal.root_at(now.connection, view.entry)
                origin = journal.first_leaf(now.connection)
            yield Reported(
                case=chosen,
                as_of=view.as_of,
                recorded_by=view.recorded_by,
                entry=view.entry,
                recorded_at=at,
                root=root,
                origin=origin,
                policy=view.choice.own.label,
                claims=wanted,
                sources=sources,
                entities=entities,
                merged=reader.merged(),
                cases=cases,
                in_full=in_full,
                records=records,
                calibrated=calibrated,
                moves=moves,
            )


def _referred(
    reader: Reader, keys: Sequence[str], case: Case | None
) -> tuple[dict[str, Source], dict[str, Entity], dict[str, Case]]:
    """The sources, entities and cases that claims refer to; of the whole tracker, all there are."""
    if case is None:
        return (
            {key: each for key, each in reader.sources().items() if not each.withdrawn},
            {key: each for key, each in reader.entities().items() if not each.withdrawn},
            {key: each for key, each in reader.cases().items() if not each.withdrawn},
        )
    sources: set[str] = set()
    entities: set[str] = set()
    for start in range(0, len(keys), PORTION):
        portion = keys[start : start + PORTION]
        sources |= {piece.source for piece in reader.evidence_on(portion).values()}
        for claim in reader.claims(portion).values():
            entities |= named_in(claim)
    return reader.sources(sources), reader.entities(entities), {case.key: case}


def named_in(claim: Claim) -> set[str]:
    """The entities that a claim names."""
    named = (claim.subject, claim.value_entity, claim.where_entity, *several_in(claim.value))
    return {key for key in named if key}


def _records(view: View, sources: Sequence[Source]) -> Iterator[SourceRecord]:
    """How stances of sources fared on claims that were settled by the day, and their grades."""
    for start in range(0, len(sources), PORTION):
        portion = sources[start : start + PORTION]
        keys = [source.key for source in portion]
        grades, outcomes = view.reader.grades_of_all(keys), view.reader.outcomes_of(keys)
        for source in portion:
            settled = [case for case in outcomes.get(source.key, ()) if case.stands_on(view.as_of)]
            names = ("grade", "recorded_at", "author", "reason")
            yield SourceRecord(
                source=source,
                grades=tuple({name: row[name] for name in names} for row in grades.get(source.key, ())),
                evidence=(),
                outcomes=tuple(sorted(settled, key=lambda case: (case.since, case.claim))),
                suggestion=suggest_grade(settled, view.choice.own),
                as_of=view.as_of,
            )
