"""What figures are drawn from: answers that other questions have, put together, and a count's revisions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from claims.errors import BadValue
from claims.policy import RULE
from claims.vocabulary import EntityType, Kind, Stance
from tracker.app.asking import Asking
from tracker.app.finding import Finder
from tracker.app.timelines import Timelines
from tracker.report.pictures import Calibrated, Counted, Course, Life, Matrix, Revision, Revisions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from claims.model import Evidence, Question
    from claims.resolve.dossier import Dossier
    from claims.tolls import Toll
    from tracker.app.view import View
    from tracker.report.models import SourceRecord
    from tracker.report.standing import Standing

LIVES = (Kind.DEATH, Kind.SIGN_OF_LIFE)


class Plotting(Finder, Asking, Timelines):
    """One question for each figure; the clocks are those of all other questions."""

    def course(
        self,
        claim: str,
        *,
        clock: str = "published",
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> Course:
        """How a claim came to stand as it does, with all evidence on it, and what moved it besides."""
        steps = self.history(claim, clock=clock, as_of=as_of, recorded_by=recorded_by)
        dossier = self.show(claim, as_of=as_of, recorded_by=recorded_by)
        own = {piece.key for piece in dossier.evidence}
        causes = {key for step in steps for key in step.because} - own
        others = self.pieces(causes, recorded_by=recorded_by) if causes else {}
        return Course(dossier=dossier, steps=tuple(steps), clock=clock, others=others)

    def life(
        self,
        person: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> Life:
        """Every reported death of a person, and every sign of life, with who said or denied it. Raises
        :class:`BadValue` for a thing that does not live."""
        with self.view(as_of, recorded_by) as view:
            entity = self.lookup_in(view).entity(person)
            if entity.type is not EntityType.PERSON:
                raise BadValue(
                    f"{entity.key} is no person but of the type {entity.type}",
                    f"see what is claimed of it: tracker entity show {entity.key}",
                )
            about = view.reader.claims_about([entity.key, *view.reader.merged_into(entity.key)])
            told = self.standings(view, about, as_of, recorded_by) if about else []
            claims = [each for each in told if each.claim.kind in LIVES]
            evidence, sources = _said_on(view, claims)
            return Life(
                entity=entity, claims=tuple(claims), evidence=evidence, sources=sources, as_of=view.as_of
            )

    def matrix(
        self,
        case: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> Matrix:
        """The claims of a case, and who speaks on them."""
        with self.view(as_of, recorded_by) as view:
            found = self.lookup_in(view).case(case)
            keys = view.reader.claims_in(found.key, None)
            claims = self.standings(view, keys, as_of, recorded_by) if keys else []
            evidence, sources = _said_on(view, claims)
            return Matrix(
                case=found, claims=tuple(claims), evidence=evidence, sources=sources, as_of=view.as_of
            )

    def calibrated(
        self,
        source: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> Calibrated:
        """A source's record, and how often it should have been right by what the policy holds such words to
        be worth."""
        record = self.source(source, as_of=as_of, recorded_by=recorded_by)
        with self.view(as_of, recorded_by) as view:
            return calibrated_in(view, record)

    def revisions(
        self,
        question: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> Revisions:
        """How the answer to a question that counts was revised, by what was public on each day on which
        anything changed. Raises :class:`BadValue` for a question that no count answers."""
        from claims.resolve.rules.counting import count_of

        with self.view(as_of, recorded_by) as view:
            found = self.lookup_in(view).question(question)
            keys = view.reader.claims_answering([found.key])
            standings = self.standings(view, keys, as_of, recorded_by) if keys else []
            counts = {each.key: each for each in standings if count_of(each.claim) is not None}
            if not counts:
                raise BadValue(
                    f"no count answers the question {found.key}",
                    f"see what does: tracker question show {found.key}",
                )
            return revisions_in(view, found, counts, view.reader.dossier(set(counts)))


def _said_on(view: View, claims: Sequence[Standing]) -> tuple[tuple[Evidence, ...], dict[str, str]]:
    """The evidence on some claims as of the day of a view, in the order in which it began to count, and who
    gives it."""
    if not claims:
        return (), {}
    found = view.reader.evidence_on([each.key for each in claims]).values()
    known = sorted(
        (piece for piece in found if piece.counts_from <= view.as_of),
        key=lambda piece: (piece.counts_from, piece.key),
    )
    sources = view.reader.sources({piece.source for piece in known})
    return tuple(known), {key: source.name for key, source in sources.items()}


# --- sources --------------------------------------------------------------------------------------


def calibrated_in(view: View, record: SourceRecord) -> Calibrated:
    """A source's record beside what the policy of a view holds its words to be worth."""
    from claims.measure import calibration
    from claims.resolve.columns import expected_right

    policy = view.choice.own
    if policy.rule != RULE:
        return Calibrated(record=record)
    dossier = _words_of(view, record)
    known = [case for case in record.outcomes if case.evidence in dossier.evidence]
    expected = [expected_right(dossier.evidence[case.evidence], dossier, policy) for case in known]
    record = replace(record, outcomes=tuple(known))
    bins = calibration(expected, [case.right for case in known])
    return Calibrated(record=record, expected=tuple(expected), bins=bins)


def _words_of(view: View, record: SourceRecord) -> Dossier:
    """What a source said on claims that were settled, with all that decides what such words weigh."""
    from claims.resolve.dossier import Dossier

    reader = view.reader
    keys = {case.evidence for case in record.outcomes}
    evidence = reader.evidence(keys)
    relayed = {piece.relays for piece in evidence.values() if piece.relays}
    evidence |= reader.evidence(relayed)
    speak = {piece.source for piece in evidence.values()} | relayed
    return Dossier(
        claims=reader.claims({piece.claim for piece in evidence.values()}),
        evidence=evidence,
        sources=reader.sources(speak),
        documents=reader.documents({piece.document for piece in evidence.values() if piece.document}),
    )


# --- counts ---------------------------------------------------------------------------------------


def revisions_in(
    view: View, question: Question, counts: Mapping[str, Standing], dossier: Dossier
) -> Revisions:
    """How the answer to a question was revised, from the counts that answer it, by key, and what decides
    how these stand."""
    tolls = list(_tolls(view, dossier, set(counts), cumulative=question.cumulative))
    return Revisions(
        question=question,
        revisions=_revisions(tolls),
        counts=tuple(_counted(counts.values(), dossier, view.as_of, tolls[-1][1] if tolls else None)),
        as_of=view.as_of,
    )


def _tolls(
    view: View, dossier: Dossier, counts: set[str], *, cumulative: bool
) -> Iterable[tuple[date, Toll]]:
    """What some counts came to on each day on which anything about them changed."""
    from claims.history import days_of_change
    from claims.tolls import readings_of, toll_of

    any_claim = dossier.claims[min(counts)]
    for day in sorted(days_of_change(dossier, view.policy_of(any_claim), view.as_of)):
        resolved = view.choice.resolve(dossier, day)
        likelihoods = {key: resolved[key].likelihood for key in counts if key in resolved}
        toll = toll_of(readings_of(dossier, likelihoods, day), cumulative=cumulative)
        if toll is not None:
            yield day, toll


def _revisions(tolls: Iterable[tuple[date, Toll]]) -> tuple[Revision, ...]:
    """The days on which what counts came to changed."""
    found: list[Revision] = []
    before: tuple[object, ...] = ()
    for day, toll in tolls:
        now = (toll.low, toll.best, toll.high, toll.contested)
        if now != before:
            found.append(
                Revision(at=day, low=toll.low, best=toll.best, high=toll.high, contested=toll.contested)
            )
        before = now
    return tuple(found)


def _counted(
    counts: Iterable[Standing], dossier: Dossier, as_of: date, toll: Toll | None
) -> Iterable[Counted]:
    """Each count that somebody supported by a day, from when on, and by whom."""
    from claims.resolve.rules.counting import count_of

    for each in counts:
        said = [
            piece
            for piece in dossier.evidence.values()
            if piece.claim == each.key and piece.stance is Stance.SUPPORTS and piece.was_public_by(as_of)
        ]
        count = count_of(each.claim)
        if not said or count is None:
            continue
        said.sort(key=lambda piece: (piece.counts_from, piece.key))
        names = dict.fromkeys(
            dossier.sources[piece.source].name if piece.source in dossier.sources else piece.source
            for piece in said
        )
        yield Counted(
            standing=each,
            count=count,
            since=said[0].counts_from,
            published=said[0].published,
            sources=tuple(names),
            stands=toll is not None and each.key in toll.standing,
        )
