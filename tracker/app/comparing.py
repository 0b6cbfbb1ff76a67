"""Comparing two days, or two moments of recording: what differs in claims, and which entries made it so."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from claims.errors import BadValue, NotFound
from tracker.app import catching_up
from tracker.app.partial import MOST_CHANGED, part_of
from tracker.app.replay import acts_of, replay_act, replayed
from tracker.app.resolving import Cause
from tracker.app.timelines import Timelines, check_clock
from tracker.report.models import Deed, Difference
from tracker.store import journal
from tracker.store.read import Reader
from tracker.store.redoing import project_recorded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

    from tracker.app.moments import Moment
    from tracker.app.view import View
    from tracker.journal.entry import Entry
    from tracker.report.standing import Standing


_Seen: TypeAlias = "tuple[dict[str, Standing], dict[str, Standing], set[int]]"
"""How claims stood at the first moment and at the second, and the entries between that bear on one."""

POLICIES = ("policy.adopted", "policy.named")
"""Acts that bear on all claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """Two days, or two moments, as they are told, and how claims stood at each, by key."""

    clock: str
    since: str
    until: str
    before: Mapping[str, Standing]
    after: Mapping[str, Standing]

    def difference(self, key: str) -> Difference:
        return Difference(
            key=key,
            clock=self.clock,
            since=self.since,
            until=self.until,
            before=self.before.get(key),
            after=self.after.get(key),
        )

    def differences(self) -> Iterator[Difference]:
        """The claims that do not stand as they did, by key."""
        for key in sorted(self.before.keys() | self.after.keys()):
            found = self.difference(key)
            if not found.same:
                yield found


class Comparing(Timelines):
    """What differs between two days, or two moments."""

    def diff(
        self,
        claim: str,
        first: str | date,
        second: str | date,
        *,
        clock: str = "published",
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> Difference:
        """What changed in a claim between two days of publication, and because of what evidence; or
        (clock ``recorded``) between two moments of recording, and because of which journal entries.

        On the clock of recording each moment is seen as of its own day, or both as of one day.
        Raises :class:`NotFound` for a claim that is there neither time, and :class:`BadValue` where
        ``as_of`` or ``recorded_by`` would set the very clock on which two times are compared.
        """
        check_clocks(clock, as_of, recorded_by)
        with self.lookup() as look:
            key = look.key("claims", claim, "claim", "tracker claim list")
        if clock == "recorded":
            return self._by_recording(first, second, as_of, key)[0]
        return self._by_publication(first, second, recorded_by, key)[0]

    def differences(
        self,
        first: str | date,
        second: str | date,
        *,
        clock: str = "published",
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Difference]:
        """The same for all claims, by key: those that do not stand as they did. On the clock of
        recording, with the entries that changed their statuses."""
        check_clocks(clock, as_of, recorded_by)
        if clock == "recorded":
            return self._by_recording(first, second, as_of, None)
        return self._by_publication(first, second, recorded_by, None)

    # --- the clock of publication -----------------------------------------------------------

    def _by_publication(
        self,
        first: str | date,
        second: str | date,
        recorded_by: str | int | date | None,
        key: str | None,
    ) -> list[Difference]:
        one, other = sorted((self.read_day(first), self.read_day(second)))
        with self.view(other, recorded_by) as view:
            earlier = view.on(min(one, view.as_of))
            keys = None if key is None else [key]
            span = _Span(
                clock="published",
                since=earlier.as_of.isoformat(),
                until=view.as_of.isoformat(),
                before=self._standing_in(earlier, keys),
                after=self._standing_in(view, keys),
            )
            found = list(span.differences()) if key is None else [_there(span, key)]
            return [self._with_evidence(view, earlier.as_of, each) for each in found]

    def _with_evidence(self, view: View, since: date, it: Difference) -> Difference:
        """A difference with the evidence on the claim, and on those tied to it, that came out or was
        taken back in between, and with the entries that recorded that, or a person's verdict."""
        dossier = view.reader.dossier([it.key])
        until = view.as_of
        pieces = dossier.evidence.values()
        appeared = sorted(p.key for p in pieces if p.counts_on(until) and not p.counts_on(since))
        withdrawn = sorted(p.key for p in pieces if p.counts_on(since) and not p.counts_on(until))
        verdicts = [
            made.key
            for made in dossier.assessments.get(it.key, ())
            if made.in_force and since < made.since <= until
        ]
        acts = {
            "evidence.logged": appeared,
            "evidence.withdrawn": withdrawn,
            "assessment.made": verdicts,
            "assessment.approved": verdicts,
        }
        last = view.until.entry if view.until is not None else None
        with self.reading() as reader:
            entries = [
                entry
                for subject in (*appeared, *withdrawn, *verdicts)
                for entry in journal.read_entries(reader.connection, subjects=[subject], last=last)
                if subject in acts.get(entry.act, ())
            ]
        deeds = tuple(_deed(entry) for entry in sorted(entries, key=lambda entry: entry.seq))
        return replace(it, appeared=tuple(appeared), withdrawn=tuple(withdrawn), deeds=deeds)

    # --- the clock of recording -------------------------------------------------------------

    def _by_recording(
        self, first: str | date, second: str | date, as_of: str | date | None, key: str | None
    ) -> list[Difference]:
        with self.reading() as now:
            moments = (self.read_moment(first, now), self.read_moment(second, now))
            one, other = sorted(moments, key=lambda each: (each.entry, each.at))
            seen = None if key is None else self._seen_in_part(now, one, other, as_of, key)
            if seen is None:
                seen = self._seen_in_whole(now, one, other, as_of, key)
        before, after, bearing = seen
        span = _Span(clock="recorded", since=one.told, until=other.told, before=before, after=after)
        found = list(span.differences()) if key is None else [_there(span, key)]
        return list(self._with_entries(found, one, other, as_of, bearing))

    def _seen_in_whole(
        self, now: Reader, one: Moment, other: Moment, as_of: str | date | None, key: str | None
    ) -> _Seen:
        """Replay up to the first moment and look, go on to the second noting what bears on the claim,
        and look again."""
        keys = None if key is None else [key]
        with replayed(now.connection, one.entry) as connection:
            reader = Reader(connection)
            before = self._standing_in(self.view_at(one, reader, as_of), keys)
            entries = journal.read_entries(now.connection, first=one.entry + 1, last=other.entry)
            bearing = _bearing(reader, entries, key)
            return before, self._standing_in(self.view_at(other, reader, as_of), keys), bearing

    def _seen_in_part(
        self, now: Reader, one: Moment, other: Moment, as_of: str | date | None, key: str
    ) -> _Seen | None:
        """The same of what bears on the claim at either moment, and what was recorded on that between; None
        where this is very much, or where something else may have borne on it only between the two."""
        with part_of(now.connection, one.entry) as part, part_of(now.connection, other.entry) as later:
            # By one change claims are tied as before it or as after it; by several also as between them.
            if len(part.tying(until=other.entry)) > 1:
                return None
            if not (part.bring_bearing([key]) and later.bring_bearing([key])):
                return None
            subjects = part.brought | later.brought
            entries = journal.read_entries_on(now.connection, subjects, other.entry)
            between = [entry for entry in entries if entry.seq > one.entry]
            policies = journal.read_rare(now.connection, POLICIES, one.entry, MOST_CHANGED)
            between += [entry for entry in policies if entry.seq <= other.entry]
            bearing = _bearing(Reader(part.tables), sorted(between, key=lambda entry: entry.seq), key)
        with ExitStack() as stack:
            found = []
            for until in (one, other):
                whole = self.whole_then(stack, now, until, as_of)
                if journal.recorded_among(now.connection, [key], "claim.recorded", until.entry):
                    view = stack.enter_context(self.view_then(now, until, whole, as_of, about=[key]))
                    found.append(self._standing_in(view, [key]))
                else:
                    found.append({})
        return found[0], found[1], bearing

    def _with_entries(
        self,
        found: Collection[Difference],
        one: Moment,
        other: Moment,
        as_of: str | date | None,
        bearing: Collection[int],
    ) -> Iterator[Difference]:
        """Differences with the entries behind them: what bears on the claim, and what changed its
        status, be it only through the record of a source."""
        with self.recorded_changes(as_of, other.entry) as changed, self.reading() as reader:
            for each in found:
                rows = catching_up.recorded_changes(
                    changed, claim=each.key, first=one.entry + 1, last=other.entry
                )
                moves = {row["seq"]: row for row in rows}
                entries = journal.read_numbered(reader.connection, {*bearing, *moves})
                deeds = (_deed(entry, moves.get(entry.seq)) for entry in entries)
                yield replace(each, deeds=tuple(deeds))

    def _standing_in(self, view: View, keys: list[str] | None) -> dict[str, Standing]:
        """How claims stand in a view, by key: those of the named ones that are there, or all."""
        found = self.standings(view, keys, view.as_of, view.recorded_by)
        return {each.key: each for each in found}


def check_clocks(clock: str, as_of: str | date | None, recorded_by: str | int | date | None) -> None:
    """Refuse what is no clock, and to set the clock by which two times are compared."""
    check_clock(clock)
    if clock == "published" and as_of is not None:
        raise BadValue(
            "two days of publication are compared, so there is no third to look from",
            "leave out --as-of, or compare two moments of recording: --clock recorded",
        )
    if clock == "recorded" and recorded_by is not None:
        raise BadValue(
            "two moments of recording are compared, so there is no third to look from",
            "leave out --recorded-by, or compare two days of publication: --clock published",
        )


def _there(span: _Span, key: str) -> Difference:
    """The difference in a claim that is there at least once."""
    found = span.difference(key)
    if found.before is None and found.after is None:
        raise NotFound(
            f"the claim {key} was there neither at {span.since} nor at {span.until}",
            f"see when it was recorded: tracker audit log {key}",
        )
    return found


def _bearing(reader: Reader, entries: Iterable[Entry], key: str | None) -> set[int]:
    """Go on replaying, act by act; the numbers of the entries that bear on a claim: on itself, or on
    one that a rule can tie to it."""
    found: set[int] = set()
    tied: set[str] = set() if key is None else reader.tied([key])
    for act in acts_of(entries):
        if key is None:
            replay_act(reader.connection, act)
            continue
        causes = []
        for entry in act:
            cause = Cause()
            cause.add(entry.seq, project_recorded(reader.connection, entry))
            causes.append((entry.seq, cause))
        before, tied = tied, reader.tied([key])
        found.update(seq for seq, cause in causes if not (before | tied).isdisjoint(cause.all_claims(reader)))
    return found


def _deed(entry: Entry, moved: Mapping[str, Any] | None = None) -> Deed:
    """An entry, and the change of status that it caused."""
    return Deed(
        entry=entry.seq,
        recorded_at=entry.recorded_at,
        author=entry.author,
        act=entry.act,
        subject=entry.subject,
        reason=entry.reason,
        was=moved["was"] if moved else None,
        status=moved["status"] if moved else None,
    )
