"""Resolving what an act touched, and recording the statuses that changed with the entry that caused it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claims.past import Pasts
from claims.resolve.contradictions import contradictions
from claims.resolve.dossier import split
from tracker.app.choosing import Choice
from tracker.app.settling import record_outcomes
from tracker.journal.entry import moment
from tracker.store import statuses
from tracker.store.contradictions import keep
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from claims.policy import Policy
    from claims.resolve import Resolution
    from claims.vocabulary import Status
    from tracker.store.database import Connection
    from tracker.store.project import Touched


@dataclass(slots=True)
class Cause:
    """What the entries of an act touched, and the last entry that touched each."""

    claims: dict[str, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    entities: dict[str, int] = field(default_factory=dict)
    questions: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    everything: int | None = None

    def add(self, seq: int, touched: Touched) -> None:
        """Note what an entry touched."""
        for name in ("claims", "sources", "entities", "questions", "documents", "cases"):
            mine: dict[str, int] = getattr(self, name)
            mine.update(dict.fromkeys(getattr(touched, name), seq))
        if touched.everything:
            self.everything = seq

    def all_claims(self, reader: Reader) -> dict[str, int]:
        """Every claim touched, directly or through what it rests on, with the entry that did it."""
        found = dict(self.claims)
        if self.everything is not None:
            found = dict.fromkeys(reader.claims(), self.everything) | found

        def add(keys: Iterable[str], seq: int) -> None:
            for key in keys:
                found[key] = max(seq, found.get(key, 0))

        for source, claims in reader.claims_of_sources(self.sources).items():
            add(claims, self.sources[source])
        for entity, seq in self.entities.items():
            add(reader.claims_naming([entity]), seq)
        for question, seq in self.questions.items():
            add(reader.claims_answering([question]), seq)
        for case, seq in self.cases.items():
            add(reader.claims_in(case, None), seq)
        for document, seq in self.documents.items():
            add(reader.claims_read_in([document]), seq)
        return found


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A claim that was resolved anew: what its status was (None: it is new), what it is now, how
    likely, and by which entry. The status may have stayed while the likelihood moved."""

    claim: str
    was: Status | None
    status: Status
    likelihood: float
    seq: int


def record_statuses(
    connection: Connection,
    cause: Cause,
    policy: Policy,
    recorded_at: str,
    last_seq: int,
    *,
    as_of: date | None = None,
    recorded: Mapping[str, Policy] | None = None,
) -> list[StatusChange]:
    """Resolve all that was touched, as of the day of recording or an earlier one, and store what differs.
    ``recorded`` are policies of cases, by label, as they were recorded by then."""
    reader = Reader(connection)
    touched = cause.all_claims(reader)
    if not touched:
        return []
    today = moment(recorded_at).date()
    as_of = today if as_of is None else min(as_of, today)
    tied = reader.tied(touched)
    pasts = Pasts()
    if reached := record_outcomes(reader, tied, touched, policy, today, last_seq, pasts):
        touched = reached | touched
        tied = reader.tied(touched)
    dossier = reader.dossier(tied, closed=True)
    keep(connection, tied, contradictions(dossier, policy, as_of))
    stored = statuses.read(connection, tied)
    fresh: list[dict[str, Any]] = []
    moved: list[StatusChange] = []
    choice = Choice(policy, recorded=recorded or {})
    resolutions = choice.resolve(dossier, as_of)
    for part in split(dossier):
        of_group = max((touched[key] for key in part.claims if key in touched), default=last_seq)
        anew = {
            key: resolutions[key]
            for key in sorted(part.claims)
            if key not in stored or not statuses.same(stored[key], resolutions[key])
        }
        changed = choice.changed(part, anew, pasts)
        for key, resolution in anew.items():
            seq = _cause_of(resolution, touched, of_group)
            fresh.append({**statuses.columns(resolution), "changed": changed[key], "seq": seq})
            was = stored[key]["status"] if key in stored else None
            moved.append(StatusChange(key, was, resolution.status, resolution.likelihood, seq))
    gone = [key for key in stored if key not in dossier.claims]
    statuses.write(connection, fresh, stored, gone, recorded_at)
    return sorted(moved, key=lambda change: (change.seq, change.claim))


def _cause_of(resolution: Resolution, touched: Mapping[str, int], of_group: int) -> int:
    """The last entry that touched a claim or one that has a say in it; else the last that touched
    its group, where one that had a say no longer does."""
    having_a_say = {resolution.claim, *(key for effect in resolution.effects for key in effect.others)}
    return max((touched[key] for key in having_a_say if key in touched), default=of_group)
