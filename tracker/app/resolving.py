"""Resolving what an act touched, and recording the statuses that changed with the entry that caused it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claims.past import Pasts, known_from
from claims.resolve.contradictions import contradictions
from claims.resolve.dossier import split
from tracker.app.choosing import Choice
from tracker.app.plainly import Work, accounts_of_all, plain_facts, plain_links, plain_rows
from tracker.app.settling import claims_by_records, record_outcomes
from tracker.journal.entry import moment
from tracker.store import pending, rows, statuses
from tracker.store.contradictions import keep
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

    from claims.model import Link
    from claims.policy import Policy
    from claims.resolve import Resolution
    from claims.resolve.dossier import Dossier
    from claims.vocabulary import Status
    from tracker.store.database import Connection
    from tracker.store.project import Touched

PORTION = 20_000
"""How many claims are resolved at a time, with those that are tied to them: as many as memory need hold."""


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
            found = dict.fromkeys(reader.claim_keys(), self.everything) | found

        def add(keys: Iterable[str], seq: int) -> None:
            for key in keys:
                found[key] = max(seq, found.get(key, 0))

        for source, claims in reader.claims_of_sources(self.sources).items():
            add(claims, self.sources[source])
        for entity, seq in self.entities.items():
            add(reader.claims_naming([entity, *reader.merged_into(entity)]), seq)
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

    @property
    def has_moved(self) -> bool:
        """Whether a claim that was there before has another status now."""
        return self.was not in (None, self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What claims are resolved for: an act, by its last entry and when it was recorded; as of which
    day, that of recording or an earlier one; and by which policies."""

    choice: Choice
    last: int
    recorded_at: str
    as_of: date

    @property
    def today(self) -> date:
        """The day of the act."""
        return moment(self.recorded_at).date()


def terms_of(
    policy: Policy,
    recorded_at: str,
    last: int,
    *,
    as_of: date | None = None,
    recorded: Mapping[str, Policy] | None = None,
) -> Terms:
    """The terms of an act by a policy, as of its day or an earlier one. ``recorded`` are policies of
    cases, by label, as they were recorded by then."""
    today = moment(recorded_at).date()
    return Terms(
        choice=Choice(policy, recorded=recorded or {}),
        last=last,
        recorded_at=recorded_at,
        as_of=today if as_of is None else min(as_of, today),
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an act reaches: the claims that it touched, with the entries that did it, also those of
    sources whose records it altered; and these with all that is tied to them."""

    touched: Mapping[str, int]
    tied: Collection[str]


def reach(connection: Connection, cause: Cause, terms: Terms, work: Work) -> Reach:
    """How far an act reaches. The records of sources are brought up to date on the way, and what was
    resolved for that is left in ``work``."""
    reader = Reader(connection)
    touched = cause.all_claims(reader)
    tied = _tied(reader, touched, cause)
    altered: dict[str, set[str]] = {}
    for portion in portions(reader, tied):
        moved = record_outcomes(reader, portion, terms.choice.own, terms.today, _kept(work, tied))
        if cause.everything is None:  # else all claims are touched as it is
            for source, claims in moved.items():
                altered.setdefault(source, set()).update(claims)
    if altered:
        touched = claims_by_records(reader, altered, touched, terms.last) | touched
        tied = reader.tied(touched)
    return Reach(touched, tied)


def _tied(reader: Reader, touched: Mapping[str, int], cause: Cause) -> Collection[str]:
    """The claims touched and all that is tied to them."""
    return set(touched) if cause.everything is not None else reader.tied(touched)


def _kept(work: Work, claims: Collection[str]) -> Work:
    """Where to keep what is resolved on the way: of many claims it would be too much."""
    if len(claims) > PORTION:
        work.pasts = Pasts()
    return work


def portions(reader: Reader, tied: Collection[str]) -> Iterator[Collection[str]]:
    """Whole tied groups of claims, in portions of about :data:`PORTION` claims."""
    if len(tied) <= PORTION:
        if tied:
            yield tied
        return
    left = set(tied)
    waiting = iter(sorted(tied))
    while left:
        chosen: list[str] = []
        for key in waiting:
            if key in left:
                chosen.append(key)
            if len(chosen) == PORTION:
                break
        portion = reader.tied(chosen)
        left -= portion
        yield portion


def record_statuses(
    connection: Connection,
    cause: Cause,
    terms: Terms,
    *,
    leave: Mapping[str, pending.Waiting] | None = None,
    by_columns: bool = True,
) -> list[StatusChange]:
    """Resolve all that an act touched, and store what differs.

    Claims in ``leave`` that are to wait after this act are noted as still to be resolved instead.
    """
    work = Work(by_columns=by_columns)
    reached = reach(connection, cause, terms, work)
    if leave:
        left = {key for key in reached.tied if key in leave and leave[key].act == terms.last}
        pending.note(connection, sorted(left), reached.touched, terms.last)
        reached = Reach(reached.touched, set(reached.tied) - left)
    return resolve_reached(connection, reached, terms, work)


def resolve_reached(
    connection: Connection, reached: Reach, terms: Terms, work: Work | None = None
) -> list[StatusChange]:
    """Resolve claims, which must be whole tied groups, and store what differs from what is stored."""
    reader = Reader(connection)
    work = work or Work()
    moved: list[StatusChange] = []
    for portion in portions(reader, reached.tied):
        kept = _kept(work, reached.tied)
        moved += _resolve_portion(reader, Reach(reached.touched, portion), terms, kept)
    return sorted(moved, key=lambda change: (change.seq, change.claim))


def _resolve_portion(reader: Reader, reached: Reach, terms: Terms, work: Work) -> list[StatusChange]:
    connection = reader.connection
    stored = statuses.read(connection, reached.tied)
    fresh, there = rows_anew(reader, reached, stored, terms, work, keeping=True)
    gone = {key: reached.touched.get(key, terms.last) for key in stored if key not in there}
    statuses.write(connection, fresh, stored, gone, terms.recorded_at)
    return [_change_of(row, stored) for row in fresh]


def rows_anew(
    reader: Reader,
    reached: Reach,
    stored: Mapping[str, Mapping[str, Any]],
    terms: Terms,
    work: Work,
    *,
    keeping: bool = False,
) -> tuple[list[dict[str, Any]], set[str]]:
    """The rows of statuses for claims that do not stand as they are stored, and which of the claims are
    there, not withdrawn; with ``keeping``, the contradictions that rules find are kept on the way."""
    connection = reader.connection
    fresh: list[dict[str, Any]] = []
    there: set[str] = set()
    found: dict[str, Link] = {}
    answers: set[str] = set()
    if facts := plain_facts(connection, reached.tied, terms.choice.own, work):
        there.update(facts.claims)
        answers, found = plain_links(facts)
        fresh += plain_rows(connection, facts, stored, reached.touched, terms, work)
    if rest := set(reached.tied) - there:
        accounts = accounts_of_all(connection, rest, terms.choice.own, work)
        dossier = reader.dossier(rest, closed=True, accounts=accounts)
        there.update(dossier.claims)
        found |= contradictions(dossier, terms.choice.own, terms.as_of) if keeping else {}
        if work.by_columns:
            work.pasts.known = known_from(dossier)
        fresh += _fresh_rows(dossier, stored, reached.touched, terms, work.pasts)
    if keeping and (rest or answers):
        keep(connection, rest | answers, found)
    return fresh, there


def _fresh_rows(
    dossier: Dossier,
    stored: Mapping[str, Mapping[str, Any]],
    touched: Mapping[str, int],
    terms: Terms,
    pasts: Pasts,
) -> Iterator[dict[str, Any]]:
    """The rows of statuses for the claims of a closed dossier that do not stand as they are stored."""
    resolutions = terms.choice.resolve(dossier, terms.as_of)
    for part in split(dossier):
        of_group = max((touched[key] for key in part.claims if key in touched), default=terms.last)
        keys = sorted(part.claims)
        anew = {key for key in keys if key not in stored or not statuses.same(stored[key], resolutions[key])}
        asked = [key for key in keys if key in anew or key in touched]
        # What stands as it did may have done so since another day, as by a date that is corrected.
        if len(asked) < len(keys) and terms.choice.every_day_counts(part, terms.as_of, pasts):
            asked = keys
        changed = terms.choice.changed(part, {key: resolutions[key] for key in asked}, pasts)
        for key in asked:
            if key in anew or stored[key]["changed"] != changed[key]:
                seq = _cause_of(resolutions[key], touched, of_group)
                yield {**statuses.columns(resolutions[key]), "changed": changed[key], "seq": seq}


def _change_of(row: Mapping[str, Any], stored: Mapping[str, Mapping[str, Any]]) -> StatusChange:
    key = row["claim"]
    was = stored[key]["status"] if key in stored else None
    return StatusChange(key, was, rows.status_of(row["status"]), row["likelihood"], row["seq"])


def _cause_of(resolution: Resolution, touched: Mapping[str, int], of_group: int) -> int:
    """The last entry that touched a claim or one that has a say in it; else the last that touched
    its group, where one that had a say no longer does."""
    having_a_say = {resolution.claim, *(key for effect in resolution.effects for key in effect.others)}
    return max((touched[key] for key in having_a_say if key in touched), default=of_group)
