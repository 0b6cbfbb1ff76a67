"""From the record to the read model that formats write: claims with all that they refer to, in portions."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING

from claims.assessing import as_it_was
from claims.errors import BadValue, NotFound
from claims.vocabulary import AssessmentState
from tracker.app.exporting import is_kept, referred, said_by
from tracker.app.paging import page_of
from tracker.app.published import read_publications
from tracker.app.reading import Questions
from tracker.report.extract import Extract, Portion, Recorded, Table
from tracker.store import journal, recorded
from tracker.store.pages import Stretch, Wanted
from tracker.store.views import VIEWS
from tracker.store.views import read as read_view

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from claims.model import Assessment
    from tracker.app.view import View
    from tracker.report.extract import Moments
    from tracker.report.publications import Publication
    from tracker.store.database import Connection
    from tracker.store.read import Reader

PORTION = 1_000
"""Claims that a writer is given at a time."""


class Extracting(Questions):
    """Giving out what is recorded."""

    @contextmanager
    def extract(
        self,
        case: str | None = None,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> Iterator[Extract]:
        """The claims of a case, or of the whole tracker, with all that they refer to, to be written while
        this is open.

        As of a day: without what had not been published by then, what had not been taken back still
        standing, and without later verdicts. As recorded by a moment: as it was written here then.
        Raises :class:`NotFound` for a case that is not there.
        """
        with self.view(as_of, recorded_by) as view:
            chosen = view.reader.cases([case]).get(case) if case is not None else None
            if case is not None and (chosen is None or chosen.withdrawn):
                standing = (key for key, each in view.reader.cases().items() if not each.withdrawn)
                known = ", ".join(standing) or "none"
                raise NotFound(f"there is no case {case!r}", f"the cases here are: {known}")
            day = view.as_of if as_of is not None else None

            def portions() -> Iterator[Portion]:
                after = ""
                while found := page_of(view, Wanted(case=case), Stretch(after, most=PORTION)):
                    yield self._portion(view, found, day, as_of, recorded_by)
                    after = max(found)

            def rest() -> Portion:
                return _portion_of_rest(view.reader) if case is None else Portion()

            def whole() -> Portion:
                return _joined([*portions(), rest()])

            def table(name: str) -> Table:
                if as_of is not None or recorded_by is not None:
                    raise BadValue(
                        "the tables are those of the present", "leave out --as-of and --recorded-by"
                    )
                return _table(view.reader, name, case)

            def moments(portion: Portion) -> Moments:
                with self.reading() as now:
                    return _moments(now.connection, portion, view.entry)

            with self.reading() as now:  # a record of the past is looked at without its journal
                origin, founder = journal.first_leaf(now.connection), recorded.founded(now.connection)
            yield Extract(
                case=chosen,
                as_of=view.as_of,
                made=self.now,
                portions=portions,
                rest=rest,
                whole=whole,
                table=table,
                moments=moments,
                origin=origin,
                founded=Recorded(*founder) if founder is not None else None,
            )

    def _portion(
        self,
        view: View,
        found: dict[str, dict[str, object]],
        day: date | None,
        as_of: str | date | None,
        recorded_by: str | int | date | None,
    ) -> Portion:
        reader = view.reader
        claims = {key: claim for key, claim in reader.claims(found).items() if not claim.withdrawn}
        evidence = said_by(reader.evidence_on(claims), day)
        sources, documents, entities, questions = referred(reader, claims, evidence, everything=False)
        standings = {each.key: each for each in self.told(view, found, as_of, recorded_by)}
        published: dict[str, list[Publication]] = defaultdict(list)
        for each in read_publications(reader, claims):
            if not each.withdrawn and each.published_on <= view.as_of:
                published[each.claim].append(each)
        return Portion(
            claims=claims,
            evidence=evidence,
            sources=sources,
            entities=entities,
            documents=documents,
            questions=questions,
            cases=reader.cases({claim.case for claim in claims.values() if claim.case}),
            links={key: link for key, link in reader.links_of(claims).items() if is_kept(link)},
            assessments=_verdicts(reader, set(claims), day),
            grades=_grades(reader, sources),
            publications={key: tuple(made) for key, made in published.items()},
            standings=standings,
        )


def _table(reader: Reader, name: str, case: str | None) -> Table:
    if name not in VIEWS:
        raise NotFound(f"there is no table {name!r}", f"the tables are: {', '.join(VIEWS)}")
    columns = {column: kind for column, (kind, _, _) in VIEWS[name].columns.items()}
    return Table(name=name, columns=columns, portions=read_view(reader.connection, name, case))


def _moments(connection: Connection, portion: Portion, until: int) -> Moments:
    """When the records of a portion were made and changed, by the journal up to an entry."""
    kinds = (
        *(portion.claims, portion.evidence, portion.sources, portion.entities, portion.documents),
        *(portion.questions, portion.cases, portion.links),
    )
    keys = {key for kind in kinds for key in kind}
    keys.update(made.key for verdicts in portion.assessments.values() for made in verdicts)
    times = recorded.moments_of(connection, keys, until)
    found = {name: Recorded(*each) for name, each in times.items()}
    for claim, at in recorded.status_moments(connection, portion.claims, until).items():
        found["status", claim] = Recorded(at, at, "")
    return found


def _verdicts(reader: Reader, claims: set[str], day: date | None) -> dict[str, tuple[Assessment, ...]]:
    """The verdicts on claims, as they stood on a day, without those that were withdrawn or rejected."""
    found = {}
    for key, made in reader.assessments_of(claims).items():
        then = (each if day is None else as_it_was(each, day) for each in made)
        found[key] = tuple(
            each
            for each in then
            if not each.withdrawn
            and each.state is not AssessmentState.REJECTED
            and (day is None or each.made_on <= day)
        )
    return found


def _portion_of_rest(reader: Reader) -> Portion:
    """All that claims may refer to, be it referred to or not."""
    sources = {k: it for k, it in reader.sources().items() if not it.withdrawn}
    return Portion(
        sources=sources,
        grades=_grades(reader, sources),
        entities={k: it for k, it in reader.entities().items() if not it.withdrawn},
        documents={k: it for k, it in reader.documents().items() if not it.withdrawn},
        questions={k: it for k, it in reader.questions().items() if not it.withdrawn},
        cases={k: it for k, it in reader.cases().items() if not it.withdrawn},
    )


def _grades(reader: Reader, sources: Iterable[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """All reliability grades of some sources, with reasons."""
    return {
        key: tuple((row["grade"] or "", row["reason"] or "") for row in reader.grades_of(key))
        for key in sources
    }


def _joined(portions: list[Portion]) -> Portion:
    """Portions as one."""
    parts = {}
    for each in fields(Portion):
        parts[each.name] = {k: it for portion in portions for k, it in getattr(portion, each.name).items()}
    return Portion(**parts)
