"""Questions to a tracker: how claims stand, and why."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from claims import resolve
from claims.assessing import as_it_was, latest
from claims.vocabulary import Confidence, Kind, Status, read_word
from tracker.app.judged import Looking
from tracker.app.lookup import Lookup
from tracker.app.paging import page_of
from tracker.app.suspecting import Suspicions, suspicions_on
from tracker.report.standing import Standing
from tracker.store.pages import Stretch, Wanted
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from claims.model import Assessment, Claim, Evidence
    from claims.resolve.ties import AnyTie
    from tracker.app.view import View
    from tracker.report.models import Bond, Dossiered, Explanation


class Questions(Looking, Suspicions):
    """Status, show and why."""

    # --- status -----------------------------------------------------------------------------

    def status(
        self,
        claim: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
        policy: str | None = None,
    ) -> Standing:
        """How one claim stands. Raises :class:`NotFound` for a claim that is not there."""
        return self.statuses([claim], as_of=as_of, recorded_by=recorded_by, policy=policy)[0]

    def statuses(
        self,
        claims: Sequence[str] = (),
        *,
        kind: str | None = None,
        subject: str | None = None,
        case: str | None = None,
        status: Sequence[str] = (),
        source: str | None = None,
        changed_since: str | date | None = None,
        after: str | None = None,
        limit: int | None = None,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
        policy: str | None = None,
    ) -> list[Standing]:
        """How claims stand: the named ones in the order given, or all that pass the filters, by key. Of
        either the first ``limit`` whose keys come ``after`` one; these are by key in any case."""
        stretch = Stretch(after or "", most=limit)
        wanted = Wanted(
            status=tuple(read_word(Status, word, "status") for word in status),
            changed_since=self.read_first_day(changed_since) if changed_since else None,
        )
        of = {"kind": kind, "subject": subject, "case": case, "source": source}
        if not claims and recorded_by is not None:
            past = self._past(recorded_by, wanted, stretch, of, as_of, policy)
            if past is not None:
                return past
        with self.view(as_of, recorded_by, policy, about=claims) as view:
            look = self.lookup_in(view)
            named = list(dict.fromkeys(look.claim(text).key for text in claims))
            are = self.wanted(view.reader, **of)
            if named:
                only = frozenset(named)
                are = replace(are, claims=only if are.claims is None else only & are.claims)
            wanted = replace(are, status=wanted.status, changed_since=wanted.changed_since)
            told = self.told(view, page_of(view, wanted, stretch), as_of, recorded_by, policy)
            if named:  # what was not shown was not seen
                self._note(view, [each.key for each in told], as_of)
            order = {key: n for n, key in enumerate(named)} if stretch == Stretch() else {}
            return sorted(told, key=lambda each: (order.get(each.key, 0), each.key))

    def _note(self, view: View, claims: Sequence[str], as_of: str | date | None) -> None:
        """Note that the author has looked at claims, where it is at their present state."""
        if claims and view.until is None and as_of is None:
            self.note_shown(claims, view.entry)

    def _past(
        self,
        recorded_by: str | int | date,
        wanted: Wanted,
        stretch: Stretch,
        of: Mapping[str, str | None],
        as_of: str | date | None,
        policy: str | None,
    ) -> list[Standing] | None:
        """How claims stood at a moment, from what was stored of it; but for those that had aged by then
        nothing is resolved, unless it is asked as of another day or by another policy, and of the journal
        only what bears on what is shown is replayed. None where it cannot be said so which claims these
        were."""
        from tracker.app.pastlists import Filters, past_list
        from tracker.app.stood import Stood

        with self.reading() as reader, ExitStack() as stack:
            until = self.read_moment(recorded_by, reader)
            stood = Stood(self, reader, until, stack, as_of, policy, wanted.status)
            listed = past_list(stood.part, until, wanted, Filters(**of), stored=stood.as_said)
            if listed is None:
                return None
            return stood.told(listed.page(stretch, stood.computed), recorded_by)

    def wanted(
        self, reader: Reader, *, kind: str | None, subject: str | None, case: str | None, source: str | None
    ) -> Wanted:
        """Which claims a list is of, by what a person typed of what they are. Raises :class:`NotFound` for
        an entity, a case or a source that is not there, and :class:`BadValue` for what is no kind."""
        look = Lookup(reader)
        about = None
        if subject is not None:
            entity = look.entity(subject).key
            about = frozenset(reader.claims_about({entity, *reader.merged_into(entity)}))
        return Wanted(
            kind=read_word(Kind, kind, "kind of claim") if kind else None,
            case=look.case(case).key if case is not None else None,
            source=look.source(source).key if source is not None else None,
            claims=about,
        )

    def standings(
        self,
        view: View,
        wanted: Collection[str] | None,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
        policy: str | None = None,
    ) -> list[Standing]:
        """The standings of some claims, or of all, in a view, by key."""
        return self.told(view, view.statuses(wanted), as_of, recorded_by, policy)

    def told(
        self,
        view: View,
        found: Mapping[str, Mapping[str, Any]],
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
        policy: str | None = None,
    ) -> list[Standing]:
        """Standings, by key, from the status columns of claims in a view."""
        claims = view.reader.claims(found)
        subjects = {claim.subject for claim in claims.values() if claim.subject is not None}
        names = view.reader.names_of_entities(subjects)
        assessed = view.reader.assessments_of(found)
        entry = view.entry
        standings = []
        for key in sorted(found):
            row, claim = found[key], claims[key]
            standings.append(
                Standing(
                    claim=claim,
                    subject=names.get(claim.subject or ""),
                    status=row["status"],
                    likelihood=row["likelihood"],
                    confidence=Confidence(row["confidence"]),
                    supporting_lines=row["supporting_lines"],
                    opposing_lines=row["opposing_lines"],
                    evidence=row["evidence"],
                    stale=row["stale"],
                    assessment=latest(assessed.get(key, ()), view.as_of),
                    policy=row["policy"],
                    as_of=view.as_of,
                    recorded_by=view.recorded_by,
                    changed=row["changed"],
                    waiting=tuple(_waiting(assessed.get(key, ()), view.as_of)),
                    entry=entry,
                    explain=partial(self.why, key, as_of=as_of, recorded_by=recorded_by, policy=policy),
                )
            )
        return standings

    # --- one claim --------------------------------------------------------------------------

    def show(
        self,
        claim: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> Dossiered:
        """Everything on one claim."""
        from claims.resolve.lines import lines_of
        from tracker.app.published import read_publications
        from tracker.report.models import Dossiered

        with self.view(as_of, recorded_by, about=[claim]) as view:
            reader = view.reader
            found = self.lookup_in(view).claim(claim)
            self._note(view, [found.key], as_of)
            standing = self._one_standing(view, found, as_of, recorded_by)
            evidence = reader.evidence_on([found.key])
            sources = reader.sources({piece.source for piece in evidence.values()})
            question = reader.questions([found.question]) if found.question else {}
            rivals = reader.claims_answering([found.question]) if found.question else set()
            documents = reader.documents({piece.document for piece in evidence.values() if piece.document})
            lines = lines_of(
                list(evidence.values()), evidence, sources, documents, view.policy_of(found).lines
            )
            return Dossiered(
                standing=standing,
                entity=reader.entities([found.subject])[found.subject] if found.subject else None,
                question=question.get(found.question or ""),
                rivals=tuple(sorted(rivals - {found.key})),
                bonds=self._bonds(view, found.key),
                links=tuple(link for _, link in sorted(view.links([found.key]).items())),
                assessments=tuple(
                    as_it_was(each, view.as_of)
                    for each in reader.assessments_of([found.key]).get(found.key, ())
                    if not each.withdrawn and each.made_on <= view.as_of
                ),
                evidence=tuple(sorted(evidence.values(), key=lambda piece: (piece.counts_from, piece.key))),
                lines={key: line.name for key, line in lines.items()},
                sources=sources,
                documents=documents,
                publications=tuple(
                    each
                    for each in read_publications(reader, [found.key])
                    if not each.withdrawn and each.published_on <= view.as_of
                ),
            )

    def _bonds(self, view: View, claim: str) -> tuple[Bond, ...]:
        """What rules tie a claim to, by what was public; links by hand are shown as such."""
        from claims.resolve.rules import find_ties
        from claims.resolve.ties import members_of
        from tracker.report.models import Bond

        dossier = view.reader.dossier([claim])
        bonds = []
        for tie in find_ties(dossier, view.policy_of(dossier.claims[claim]), view.as_of):
            members = members_of(tie)
            if claim in members and tie.rule != "contradicts":
                others = tuple(key for key in members if key not in beside(tie, claim))
                bonds.append(Bond(rule=tie.rule, claims=others, because=tie.because))
        return tuple(bonds)

    def _one_standing(
        self,
        view: View,
        claim: Claim,
        as_of: str | date | None,
        recorded_by: str | int | date | None,
        policy: str | None = None,
    ) -> Standing:
        standings = self.standings(view, [claim.key], as_of, recorded_by, policy)
        return standings[0]

    def why(
        self,
        claim: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
        policy: str | None = None,
    ) -> Explanation:
        """Why a claim stands as it does: every row of the sum, and what would flip it."""
        from tracker.report.models import Explanation

        with self.view(as_of, recorded_by, policy, about=[claim]) as given:
            found = self.lookup_in(given).claim(claim)
            self._note(given, [found.key], as_of)
            standing = self._one_standing(given, found, as_of, recorded_by, policy)
            view = given.resting()
            dossier = view.reader.dossier([found.key])
            chosen = view.policy_of(found)
            resolution = resolve.resolve(dossier, chosen, view.as_of)[found.key]
            lines = resolve.lines_behind(dossier, chosen, resolution)
            return Explanation(
                standing=standing,
                resolution=resolution,
                flips=tuple(resolve.flips(dossier, chosen, view.as_of, found.key)),
                if_wrong=tuple(resolve.if_wrong(dossier, chosen, view.as_of, found.key)),
                lines=lines,
                sources={key: source.name for key, source in dossier.sources.items()},
                evidence={row.evidence: dossier.evidence[row.evidence] for row in resolution.contributions},
                suspicions=suspicions_on(view, dossier, lines),
            )

    def pieces(
        self, keys: Collection[str], *, recorded_by: str | int | date | None = None
    ) -> dict[str, Evidence]:
        """Pieces of evidence by their full keys; what is not evidence is left out."""
        if recorded_by is None:
            with self.reading() as reader:
                return reader.evidence(keys)
        with self.part_then(recorded_by) as (part, _):
            part.bring(keys)
            return Reader(part.tables).evidence(keys)


def _waiting(made: Iterable[Assessment], day: date) -> list[Assessment]:
    """The verdicts on a claim that waited for a second person on a day."""
    from tracker.app.approving import waiting_among

    return waiting_among(as_it_was(each, day) for each in made if each.made_on <= day)


def beside(tie: AnyTie, claim: str) -> Collection[str]:
    """The claims that a tie lets hold beside one: itself, and those that give the same answer."""
    from claims.resolve.ties import Rivals

    if isinstance(tie, Rivals) and len(tie.answers) > 1:
        return next(answer for answer in tie.answers if claim in answer)
    return (claim,)
