"""Claims in full, for pages: all that show, why, history and the journal tell, of many claims at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims import resolve
from claims.assessing import as_it_was
from claims.resolve.dossier import split
from claims.resolve.lines import lines_of
from claims.resolve.rules import find_ties
from claims.resolve.rules.counting import count_of
from claims.resolve.ties import members_of
from claims.vocabulary import AssessmentState
from tracker.app import catching_up
from tracker.app.exporting import said_by
from tracker.app.plotting import revisions_in
from tracker.app.published import read_publications
from tracker.app.reading import beside
from tracker.app.suspecting import suspicions_on
from tracker.app.timelines import IN_PASSING, Timelines
from tracker.report.infull import InFull
from tracker.report.models import Bond, Dossiered, Explanation
from tracker.store import find, journal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from claims.model import Assessment, Entity, Evidence, Link
    from claims.resolve import Dossier, Resolution
    from tracker.app.plainly import Work
    from tracker.app.unfolding import Unfolded
    from tracker.app.view import View
    from tracker.journal.entry import Entry
    from tracker.report.models import Step
    from tracker.report.pictures import Revisions
    from tracker.report.publications import Publication
    from tracker.report.standing import Standing


MADE, APPROVED = AssessmentState.MADE, AssessmentState.APPROVED

_OF_A_DAY = ("evidence.withdrawn", "claim.published")
"""Acts whose entries say on which day it was that what they tell of happened."""


class ClaimsInFull(Timelines):
    """Everything on claims at once."""

    def claim_in_full(
        self,
        claim: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
        suspicions: bool = True,
    ) -> InFull:
        """Everything on one claim, in one state of the record; with ``suspicions`` also whether its sources
        may be copying, which takes long where they have said much. Raises :class:`NotFound`."""
        with self.view(as_of, recorded_by, about=[claim]) as given:
            key = self.lookup_in(given).claim(claim).key
            self._note(given, [key], as_of)
            found = given.statuses([key])
            return self.in_full(given, found, as_of, recorded_by, suspicions=suspicions)[0]

    def in_full(
        self,
        given: View,
        found: Mapping[str, Mapping[str, Any]],
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
        *,
        suspicions: bool = True,
        work: Work | None = None,
    ) -> list[InFull]:
        """Everything on some claims, by key, from their status columns in a view. As of a day that was asked
        for, without what had not been published by then. ``suspicions``: with the sources whose lines may
        be one, which takes long, and is for the desk alone. ``work`` keeps what many portions need."""
        from tracker.app.unfolding import unfold

        view = given.resting()
        dossier = view.reader.dossier(found)
        parts = {key: part for part in split(dossier) for key in part.claims if key in found}
        read = _Read.of(view, parts, view.as_of if as_of is not None else None)
        resolutions = view.choice.resolve(dossier, view.as_of)
        unfolded = unfold(view, parts, resolutions, work)
        wanted = set(parts) | {other for key in parts for other in read.others_of(key)}
        columns = dict(found) | view.statuses(wanted - set(found))
        told = {each.key: each for each in self.told(view, columns, as_of, recorded_by)}
        entries = self._entries_on(read, given.entry)
        recorded = self._recorded_of(parts, given.entry) if as_of is None else {}
        revised = _revised(view, parts, read, told)
        return [
            _in_full(
                *(view, parts[key], read, resolutions[key], unfolded[key], told, entries.get(key, ())),
                recorded=recorded.get(key, ()),
                revised=revised.get(key),
                suspicions=suspicions,
            )
            for key in sorted(parts)
        ]

    def _recorded_of(self, claims: Collection[str], last: int) -> dict[str, list[Step]]:
        """How claims changed by the clock of recording, up to an entry."""
        with self.reading() as now:
            rows = catching_up.recorded_changes_of(now.connection, claims, last)
        found: dict[str, list[Step]] = defaultdict(list)
        for step in self._recorded_steps(rows):
            found[step.claim or ""].append(step)
        return found

    def _entries_on(self, read: _Read, last: int) -> dict[str, list[Entry]]:
        """The entries of the journal on some claims and what hangs on them, oldest first."""
        with self.reading() as now:  # a record of the past is looked at without its journal
            about = find.claims_behind_subjects(now.connection, read.claims)
            found: dict[str, list[Entry]] = defaultdict(list)
            for entry in journal.read_entries_on(now.connection, about, last):
                for key in about[entry.subject] if not read.is_later(entry) else ():
                    found[key].append(entry)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read of some claims besides their dossiers, by the keys of the claims."""

    claims: Collection[str]
    evidence: Mapping[str, list[Evidence]]
    bonds: Mapping[str, list[Bond]]
    links: Mapping[str, list[Link]]
    rivals: Mapping[str, set[str]]
    publications: Mapping[str, list[Publication]]
    entities: Mapping[str, Entity]
    unheard: Collection[str]
    """Keys of evidence and verdicts that came after the day that was asked for."""
    day: date | None

    @classmethod
    def of(cls, view: View, parts: Mapping[str, Dossier], day: date | None) -> _Read:
        reader = view.reader
        everything = reader.evidence_on(parts)
        said = said_by(everything, day)
        evidence: dict[str, list[Evidence]] = defaultdict(list)
        for piece in said.values():
            evidence[piece.claim].append(piece)
        verdicts = [each for key, part in parts.items() for each in part.assessments.get(key, ())]
        later = {each.key for each in verdicts if day is not None and each.made_on > day}
        links: dict[str, list[Link]] = defaultdict(list)
        for _, link in sorted(view.links(parts).items()):
            for key in dict.fromkeys((link.claim, link.other)):
                links[key].append(link)
        publications: dict[str, list[Publication]] = defaultdict(list)
        for each in read_publications(reader, parts):
            if not each.withdrawn and each.published_on <= view.as_of:
                publications[each.claim].append(each)
        subjects = {part.claims[key].subject for key, part in parts.items()}
        return cls(
            claims=list(parts),
            evidence=evidence,
            bonds=_bonds(view, parts),
            links=links,
            rivals=_rivals(parts),
            publications=publications,
            entities=reader.entities({subject for subject in subjects if subject}),
            unheard=(everything.keys() - said.keys()) | later,
            day=day,
        )

    def is_later(self, entry: Entry) -> bool:
        """Whether an entry tells of what came after the day that was asked for: evidence, a verdict, that a
        source took something back, or that a claim was published."""
        on = entry.payload.get("on") if entry.act in _OF_A_DAY else None
        late = self.day is not None and isinstance(on, str) and on > self.day.isoformat()
        return late or entry.subject in self.unheard

    def others_of(self, claim: str) -> set[str]:
        """The claims that one is tied or linked to, or answers a question beside."""
        found = {key for bond in self.bonds.get(claim, ()) for key in bond.claims}
        found |= {key for link in self.links.get(claim, ()) for key in (link.claim, link.other)}
        return (found | self.rivals.get(claim, set())) - {claim}


def _bonds(view: View, parts: Mapping[str, Dossier]) -> dict[str, list[Bond]]:
    """What rules tie claims to, by what was public."""
    found: dict[str, list[Bond]] = defaultdict(list)
    for key, part in parts.items():
        for tie in find_ties(part, view.choice.policy(part.claims[key], part.cases), view.as_of):
            members = members_of(tie)
            if key in members and tie.rule != "contradicts":
                others = tuple(each for each in members if each not in beside(tie, key))
                found[key].append(Bond(rule=tie.rule, claims=others, because=tie.because))
    return found


def _rivals(parts: Mapping[str, Dossier]) -> dict[str, set[str]]:
    """The other claims that answer the same questions: whoever does is tied to these."""
    found = {}
    for key, part in parts.items():
        question = part.claims[key].question
        if question is not None:
            found[key] = {each.key for each in part.claims.values() if each.question == question} - {key}
    return found


def _revised(
    view: View, parts: Mapping[str, Dossier], read: _Read, told: Mapping[str, Standing]
) -> dict[str, Revisions]:
    """How counts were revised that answer a question with others, by the keys of these; not of so many that
    a page would have to wait."""
    by_question: dict[str, Revisions] = {}
    found: dict[str, Revisions] = {}
    for key, part in parts.items():
        question = part.claims[key].question or ""
        if count_of(part.claims[key]) is None or question not in part.questions:
            continue
        if question not in by_question:
            answers = sorted({key, *read.rivals.get(key, ())} & told.keys())
            counts = {each: told[each] for each in answers if count_of(told[each].claim) is not None}
            if len(counts) < 2 or len(part.claims) * len(part.evidence) > IN_PASSING:
                continue
            by_question[question] = revisions_in(view, part.questions[question], counts, part)
        found[key] = by_question[question]
    return found


def _in_full(
    view: View,
    part: Dossier,
    read: _Read,
    resolution: Resolution,
    unfolded: Unfolded,
    told: Mapping[str, Standing],
    entries: Collection[Entry],
    *,
    recorded: Collection[Step],
    revised: Revisions | None,
    suspicions: bool,
) -> InFull:
    """One claim in full, from the dossier of its tied group."""
    key = resolution.claim
    claim = part.claims[key]
    policy = view.choice.policy(claim, part.cases)
    names = {source.key: source.name for source in part.sources.values()}
    lines = resolve.lines_behind(part, policy, resolution)
    causes = {cause for step in unfolded.steps for cause in step.because}
    return InFull(
        dossier=_dossiered(view, part, read, told[key]),
        explanation=Explanation(
            standing=told[key],
            resolution=resolution,
            flips=unfolded.flips,
            if_wrong=unfolded.if_wrong,
            lines=lines,
            sources=names,
            evidence={row.evidence: part.evidence[row.evidence] for row in resolution.contributions},
            suspicions=suspicions_on(view, part, lines) if suspicions else (),
        ),
        steps=unfolded.steps,
        looked_at=unfolded.looked_at,
        pieces={cause: part.evidence[cause] for cause in causes if cause in part.evidence},
        others={other: told[other] for other in sorted(read.others_of(key)) if other in told},
        sources=names,
        entries=tuple(entries),
        recorded=tuple(recorded),
        revised=revised,
        undecided=frozenset(
            each.key for each in part.assessments.get(key, ()) if each.state not in (MADE, APPROVED)
        ),
    )


def _dossiered(view: View, part: Dossier, read: _Read, standing: Standing) -> Dossiered:
    claim = standing.claim
    pieces = sorted(read.evidence.get(claim.key, ()), key=lambda piece: (piece.counts_from, piece.key))
    lines = lines_of(
        pieces, part.evidence, part.sources, part.documents, view.choice.policy(claim, part.cases).lines
    )
    speakers = {piece.source for piece in pieces}
    return Dossiered(
        standing=standing,
        entity=read.entities.get(claim.subject or ""),
        question=part.questions.get(claim.question or ""),
        rivals=tuple(sorted(read.rivals.get(claim.key, ()))),
        bonds=tuple(read.bonds.get(claim.key, ())),
        links=tuple(read.links.get(claim.key, ())),
        assessments=_verdicts(part, claim.key, view.as_of),
        evidence=tuple(pieces),
        lines={key: line.name for key, line in lines.items()},
        sources={key: source for key, source in part.sources.items() if key in speakers},
        documents={piece.document: part.documents[piece.document] for piece in pieces if piece.document},
        publications=tuple(read.publications.get(claim.key, ())),
    )


def _verdicts(part: Dossier, claim: str, day: date) -> tuple[Assessment, ...]:
    """What people had made of a claim by a day."""
    return tuple(
        as_it_was(each, day)
        for each in part.assessments.get(claim, ())
        if not each.withdrawn and each.made_on <= day
    )
