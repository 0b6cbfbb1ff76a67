"""Comparing two days, or two moments of recording: what differs in claims, and which entries made it so."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from claims.errors import BadValue, NotFound
from tracker.app import catching_up
from tracker.app.momentwords import is_now, read_entry
from tracker.app.partial import part_of
from tracker.app.replay import acts_of, replay_act, replayed
from tracker.app.resolving import Cause
from tracker.app.timelines import Timelines, check_clock
from tracker.report.models import Deed, Difference
from tracker.store import journal
from tracker.store.pages import Stretch, Wanted, claim_keys, claims_ever, keys_between
from tracker.store.read import Reader
from tracker.store.redoing import project_recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from tracker.app.moments import Moment
    from tracker.app.view import View
    from tracker.journal.entry import Entry
    from tracker.report.standing import Standing


_Seen: TypeAlias = "tuple[dict[str, Standing], dict[str, Standing], set[int]]"
"""How claims stood at the first moment and at the second, and the entries between that bear on one."""


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
        return self._by_publication(first, second, recorded_by, key)

    def differences(
        self,
        first: str | date,
        second: str | date,
        *,
        clock: str = "published",
        after: str | None = None,
        limit: int | None = None,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Difference]:
        """The same for all claims, by key: those that do not stand as they did, or of these the first
        ``limit`` whose keys come ``after`` one. On the clock of recording, with the entries that changed
        their statuses."""
        check_clocks(clock, as_of, recorded_by)
        stretch = Stretch(after or "", most=limit)
        if clock == "published":
            return self._all_by_publication(first, second, recorded_by, stretch)
        if as_of is None:
            return self._all_by_recording(first, second, stretch)
        found = self._by_recording(first, second, as_of, None)
        wanted = set(stretch.of([each.key for each in found]))
        return [each for each in found if each.key in wanted]

    # --- the clock of publication -----------------------------------------------------------

    def _by_publication(
        self, first: str | date, second: str | date, recorded_by: str | int | date | None, key: str
    ) -> Difference:
        one, other = self._two_days(first, second)
        with self.view(other, recorded_by, about=[key]) as view:
            return self._between_days(view.resting(), one, other, [key], always=True)[0]

    def _two_days(self, *days: str | date) -> list[date]:
        for text in days:
            if isinstance(text, str) and (is_now(text) or read_entry(text) is not None):
                raise BadValue(
                    f"{text!r} is a moment of recording, and two days of publication are compared",
                    "give two days, such as today; or compare two moments: --clock recorded",
                )
        return sorted(map(self.read_day, days))

    def _all_by_publication(
        self, first: str | date, second: str | date, recorded_by: str | int | date | None, stretch: Stretch
    ) -> list[Difference]:
        from tracker.app.sifting import sifted  # of all claims only
        from tracker.app.stood import Stood

        one, other = self._two_days(first, second)
        if recorded_by is None:
            with self.view(other) as view:
                keys_of = partial(claim_keys, view.reader.connection, Wanted())
                assert view.sieve is not None  # all claims are here
                keys = sifted(keys_of, stretch.after, partial(view.sieve.differing, one=one, other=other))
                compare = partial(self._between_days, view, one, other)
                return _first(stretch, keys, _ByGroups(view.reader, compare))
        with self.reading() as reader, ExitStack() as stack:
            stood = Stood(self, reader, self.read_moment(recorded_by, reader), stack, other)

            def compare_then(keys: list[str]) -> list[Difference]:
                if not (there := sorted(stood.there(keys))):
                    return []
                with stood.view_of(there) as part:
                    view = part.resting()
                    if view.sieve is not None:
                        days = (min(day, view.as_of) for day in (one, other))
                        there = sorted(view.sieve.differing(there, *days))
                    return self._between_days(view, one, other, there)

            keys = sifted(partial(claims_ever, reader.connection, Wanted()), stretch.after, None)
            return _first(stretch, keys, compare_then)

    def _between_days(
        self, view: View, one: date, other: date, keys: list[str], *, always: bool = False
    ) -> list[Difference]:
        """What differs in some claims, of which a view holds all that bears on them; or (``always``) that
        nothing does."""
        earlier, later = view.on(min(one, view.as_of)), view.on(min(other, view.as_of))
        span = _Span(
            clock="published",
            since=earlier.as_of.isoformat(),
            until=later.as_of.isoformat(),
            before=self._standing_in(earlier, keys),
            after=self._standing_in(later, keys),
        )
        found = [_there(span, key) for key in keys] if always else list(span.differences())
        return [self._with_evidence(later, earlier.as_of, each) for each in found]

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
            one, other = self._two_moments(now, first, second)
            if as_of is not None:
                self.read_day(as_of)  # what is no day is told, be the claim there or not
            seen = None if key is None else self._seen_in_part(now, one, other, as_of, key)
            if seen is None:
                seen = self._seen_in_whole(now, one, other, as_of, key)
        before, after, bearing = seen
        span = _Span(clock="recorded", since=one.told, until=other.told, before=before, after=after)
        found = list(span.differences()) if key is None else [_there(span, key)]
        return list(self._with_entries(found, one, other, as_of, bearing))

    def _two_moments(self, now: Reader, *moments: str | date) -> list[Moment]:
        read = (self.read_moment(each, now) for each in moments)
        return sorted(read, key=lambda each: (each.entry, each.at))

    def _all_by_recording(self, first: str | date, second: str | date, stretch: Stretch) -> list[Difference]:
        """The differences between all claims as they were said to stand: of those alone is anything looked
        up of which something changed in between."""
        from tracker.app.sifting import sifted
        from tracker.app.stood import Stood

        with self.reading() as now, ExitStack() as stack:
            one, other = self._two_moments(now, first, second)
            stood = [Stood(self, now, until, stack) for until in (one, other)]
            aged = max(one.day, other.day) if one.day != other.day else None

            def keys_of(following: Stretch) -> list[str]:
                return keys_between(now.connection, one.entry + 1, other.entry, following, aged)

            def compare(keys: list[str]) -> Iterator[Difference]:
                before, after = (
                    {each.key: each for each in then.told(then.rows(keys), then.until.told)} for then in stood
                )
                span = _Span(clock="recorded", since=one.told, until=other.told, before=before, after=after)
                return self._with_entries(list(span.differences()), one, other, None, ())

            return _first(stretch, sifted(keys_of, stretch.after, None), compare)

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
        """The same of what bears on the claim at either moment or bore on it between, and what was recorded
        on that meanwhile; None where this is very much."""
        with part_of(now.connection, one.entry) as part:
            if not part.bring_ever([key]):
                return None
            bearing = _bearing(Reader(part.tables), part.entries_until(other.entry), key)
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
        found: Sequence[Difference],
        one: Moment,
        other: Moment,
        as_of: str | date | None,
        bearing: Collection[int],
    ) -> Iterator[Difference]:
        """Differences with the entries behind them: what bears on the claim, and what changed its
        status, be it only through the record of a source."""
        about = found[0].key if len(found) == 1 else None
        with self.recorded_changes(as_of, other.entry, about) as changed, self.reading() as reader:
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


class _ByGroups:
    """Compares claims, all that are tied together at once, as one is not worked out without the others; and
    remembers it until these are asked for."""

    def __init__(self, reader: Reader, compare: Callable[[list[str]], list[Difference]]) -> None:
        self._reader = reader
        self._compare = compare
        self._done: dict[str, Difference | None] = {}

    def __call__(self, keys: list[str]) -> list[Difference]:
        """What differs in some claims."""
        if missing := set(keys) - self._done.keys():
            fresh = self._reader.tied(missing) - self._done.keys()
            self._done |= dict.fromkeys(fresh)
            self._done |= {each.key: each for each in self._compare(sorted(fresh))}
        return [each for key in keys if (each := self._done[key]) is not None]


def _first(
    stretch: Stretch, portions: Iterable[list[str]], compare: Callable[[list[str]], Iterable[Difference]]
) -> list[Difference]:
    """The differences of a stretch: no more claims are compared than come before its end."""
    found: list[Difference] = []
    for keys in portions:
        found += compare(keys)
        if stretch.most is not None and len(found) >= stretch.most:
            break
    return found[: stretch.most]


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
