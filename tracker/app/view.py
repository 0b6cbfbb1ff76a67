"""A view: the record as it stood, on either clock or both, and the statuses that it shows."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from claims.errors import BadDate, FutureDate
from claims.vocabulary import LinkState
from tracker.app.choosing import Choice
from tracker.app.desk import Desk
from tracker.app.lookup import Lookup
from tracker.app.paging import page_of
from tracker.store import pending
from tracker.store.pages import Stretch, Wanted, record_keys, unsure_keys
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from claims.model import Claim, Link
    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from tracker.app.bygone import Kept
    from tracker.app.moments import Moment
    from tracker.app.partial import Part
    from tracker.app.sifting import Sieve

FEW_CLAIMS = 100
"""In a record of so few claims the records of sources are worked out without what is made for very many."""


class View:
    """One state of the record, seen as of one day, each claim by the policy chosen for it.

    ``stored``: whether the statuses kept in the tables are those of this view; if not, they are
    computed. The tables hold them as of the day of recording, so what has aged since is computed
    in any case.
    """

    def __init__(
        self,
        reader: Reader,
        choice: Choice,
        as_of: date,
        *,
        stored: bool,
        until: Moment | None = None,
        keeping: Policy | None = None,
    ) -> None:
        self.reader = reader
        self.choice = choice
        self.as_of = as_of
        self.stored = stored
        self.until = until
        self.keeping = keeping or choice.own
        """The tracker's own policy, by which the records of sources are kept, whoever asks by what other."""

    def settle(self) -> None:
        """Work out the records that sources had at the moment, and keep them with what was replayed."""
        from tracker.app.settling import record_few_outcomes, record_outcomes

        assert self.until is not None
        claims = self.reader.claim_keys()
        record = record_few_outcomes if len(claims) <= FEW_CLAIMS else record_outcomes
        record(self.reader, claims, self.keeping, self.until.day)

    def resting(self) -> View:
        """The view in which all is there that the resolution of the claims rests on that were asked about."""
        return self

    @cached_property
    def sieve(self) -> Sieve | None:
        """What sifts the claims; None where not all of them are here."""
        from tracker.app.sifting import Sieve

        return Sieve(self)

    def reader_of(self, sources: Collection[str]) -> Reader:
        """Reads all that some sources said, and what others said on the same claims."""
        return self.reader

    @property
    def recorded_by(self) -> str | None:
        """The moment up to which the record is read, as answers name it; None for all of it."""
        return None if self.until is None else self.until.told

    @property
    def entry(self) -> int:
        """The number of the newest entry that is looked at; 0 where there is none."""
        if self.until is not None:
            return self.until.entry
        from tracker.store.journal import last_entry

        return last_entry(self.reader.connection)[0]

    def on(self, day: date) -> View:
        """The same record, seen as of another day."""
        return View(self.reader, self.choice, day, stored=False, until=self.until, keeping=self.keeping)

    def statuses(self, claims: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
        """The status columns of some claims, or of all, by key."""
        only = None if claims is None else frozenset(claims)
        return page_of(self, Wanted(claims=only), Stretch())

    def unsure(self, wanted: Wanted, stretch: Stretch) -> list[str]:
        """Of the claims that are what is wanted, those whose stored status may not be the one of this
        view, in order: the one place that says so."""
        reader, own = self.reader, self.choice.own.label
        return unsure_keys(
            reader.connection, wanted, stretch, today=self.as_of, own=own, cases=reader.cases_by_policy
        )

    def policy_of(self, claim: Claim) -> Policy:
        """The policy that a claim goes by."""
        return self.choice.policy(claim, self.reader.cases([claim.case]) if claim.case else {})

    def links(self, claims: Collection[str] | None = None) -> dict[str, Link]:
        """The links from or to some claims, or all, by key: those that people made, and the
        contradictions that rules find by what was public."""
        kept = self.reader.links() if claims is None else self.reader.links_of(claims)
        anew = None if claims is None else set(claims)
        if self.stored and not (anew := pending.keys(self.reader.connection, claims)):
            return kept
        from claims.resolve.contradictions import contradictions

        def is_of_those(link: Link) -> bool:
            return anew is None or link.claim in anew or link.other in anew

        made = {
            key: link
            for key, link in kept.items()
            if link.rule is None or link.state != LinkState.OPEN or not is_of_those(link)
        }
        tied = None if anew is None else self.reader.in_company(anew)
        found = contradictions(self._dossier(tied), self.choice.own, self.as_of)
        return {key: link for key, link in found.items() if is_of_those(link)} | made

    def _dossier(self, claims: Collection[str] | None) -> Dossier:
        """All that bears on some claims, or on all, but for how their sources fared on others."""
        from claims.resolve.accounts import Accounts

        keys = self.reader.claim_keys() if claims is None else claims
        return self.reader.dossier(keys, closed=claims is None, accounts=Accounts())

    def computed(self, claims: Collection[str], *, closed: bool = False) -> dict[str, dict[str, Any]]:
        """The status columns of some claims, worked out anew (``closed``: they are all there are); of
        those that were withdrawn none."""
        if not claims:
            return {}
        from claims.past import Pasts, Patience, known_from
        from claims.resolve.dossier import split
        from tracker.store import statuses

        dossier = self.reader.dossier(claims, closed=closed)
        wanted = set(claims)
        resolutions = self.choice.resolve(dossier, self.as_of)
        # Sources speak on many of these claims: their cases are laid out once for all.
        found, pasts = {}, Pasts(Patience(), cache(lambda: known_from(dossier)))
        for part in split(dossier):
            here = {key: resolutions[key] for key in part.claims if key in wanted}
            changed = self.choice.changed(part, here, pasts)
            for key, resolution in here.items():
                found[key] = {
                    **statuses.columns(resolution),
                    "status": resolution.status,
                    "changed": changed[key],
                }
        return found


class Views(Desk):
    """Opening a view from what a person asked for."""

    @contextmanager
    def view(
        self,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
        policy: str | None = None,
        *,
        about: Sequence[str] | None = None,
    ) -> Iterator[View]:
        """The record as of a day of publication, as recorded by a moment, or both.

        A date that spans several days means its last; days to come are refused. A moment of recording
        is a day (its end), a time, the number of an entry (``entry:12``), or ``now``; nothing counts
        then that was published after its day. ``policy``, the name of one or the path of its file, is
        for all claims; without it each goes by that of its case, or by the tracker's own: the one that
        was in force then. Who asks only ``about`` some claims, and what is tied to them, and says so,
        need not wait for the whole record of a moment.
        """
        if recorded_by is None:
            choice = Choice(self.policy) if policy is None else Choice(_named(policy), everywhere=True)
            day = self.read_day(as_of) if as_of is not None else self.today
            stored = as_of is None and policy is None
            with self.reading() as reader:
                yield View(reader, choice, day, stored=stored)
            return
        with self.reading() as reader:
            until = self.read_moment(recorded_by, reader)
            with ExitStack() as stack:
                whole = self.whole_then(stack, reader, until, as_of, policy)
                with self.view_then(reader, until, whole, as_of, policy, about) as view:
                    yield view

    def whole_then(
        self,
        stack: ExitStack,
        reader: Reader,
        until: Moment,
        as_of: str | date | None = None,
        policy: str | None = None,
    ) -> Kept:
        """The whole record as it was at a moment, for when it is needed; then open as long as a stack is."""
        from tracker.app.bygone import Kept

        return Kept(stack, lambda: self._replayed(reader, until, as_of, policy))

    @contextmanager
    def view_then(
        self,
        reader: Reader,
        until: Moment,
        whole: Kept,
        as_of: str | date | None = None,
        policy: str | None = None,
        about: Sequence[str] | None = None,
    ) -> Iterator[View]:
        """The record as it was at a moment: replayed from the journal, if it can be only in part, and if
        the ``whole`` is not open anyhow."""
        from tracker.app.bygone import PastView
        from tracker.app.partial import part_of
        from tracker.store import journal

        if whole.opened is not None:
            yield whole.opened
            return
        keys = [text.strip() for text in about or ()]
        with part_of(reader.connection, until.entry) as part:
            there = journal.recorded_among(reader.connection, keys, "claim.recorded", until.entry)
            known = keys and there.issuperset(keys)
            if known and part.bring_bearing(keys):
                seen = self.view_at(until, Reader(part.tables), as_of, policy, settle=False)
                as_said = as_of is None and policy is None
                yield PastView(seen, part, whole, as_said=as_said)
                return
        with whole() as view:
            yield view

    @contextmanager
    def _replayed(
        self, reader: Reader, until: Moment, as_of: str | date | None, policy: str | None
    ) -> Iterator[View]:
        from tracker.app.replay import replayed

        if _is_present(reader, until):
            yield self.view_at(until, reader, as_of, policy, settle=False)
            return
        with replayed(reader.connection, until.entry) as connection:
            yield self.view_at(until, Reader(connection), as_of, policy)

    def view_at(
        self,
        until: Moment,
        reader: Reader,
        as_of: str | date | None = None,
        policy: str | None = None,
        *,
        settle: bool = True,
    ) -> View:
        """The view of a record that was replayed up to a moment: as of its day, or an earlier one; unless
        told not to ``settle``, with the records that sources had."""
        from tracker.app.recorded import policy_of, recorded_policies

        # What was said then was said by the policy that was in force then.
        own = reader.policy_in_force() or self.policy.label
        with self.reading() as now:
            recorded = recorded_policies(now.connection, {own, *reader.case_labels()}, until.entry)
        keeping = policy_of(own, recorded)
        choice = Choice(keeping, recorded=recorded)
        if policy is not None:
            choice = Choice(_named(policy), everywhere=True)
        day = self.day_then(until, as_of)
        view = View(reader, choice, day, stored=False, until=until, keeping=keeping)
        if settle:
            view.settle()
        return view

    def day_then(self, until: Moment, as_of: str | date | None) -> date:
        """The day of publication as of which the record at a moment is seen."""
        # Where a clock was set back, the day of an entry may be one that is yet to come.
        return until.day if as_of is None else min(self.read_day(as_of), until.day)

    def policy_then(self, recorded_by: str | int | date | None, policy: str | None = None) -> Policy:
        """The tracker's own policy, as it was in force at a moment, or one that is named."""
        if recorded_by is None:
            return self.policy if policy is None else _named(policy)
        with self.part_then(recorded_by) as (part, until):
            return self.view_at(until, Reader(part.tables), policy=policy, settle=False).choice.own

    @contextmanager
    def part_then(self, recorded_by: str | int | date) -> Iterator[tuple[Part, Moment]]:
        """An empty part of the journal up to a moment, for whoever knows what to bring."""
        from tracker.app.partial import part_of

        with self.reading() as reader:
            until = self.read_moment(recorded_by, reader)
            with part_of(reader.connection, until.entry) as part:
                yield part, until

    @contextmanager
    def record(self, recorded_by: str | int | date | None = None) -> Iterator[Reader]:
        """What is recorded now, or had been by a moment: everything but what is computed from it."""
        with self.reading() as reader:
            if recorded_by is None:
                yield reader
                return
            from tracker.app.replay import replayed

            until = self.read_moment(recorded_by, reader)
            if _is_present(reader, until):
                yield reader
                return
            with replayed(reader.connection, until.entry) as connection:
                yield Reader(connection)

    @contextmanager
    def listed(
        self, records: str, stretch: Stretch, recorded_by: str | int | date | None
    ) -> Iterator[tuple[Reader, list[str]]]:
        """The keys of a page of standing records, named as their table is, and what reads them: as they are
        now, or were at a moment."""
        with self.reading() as reader:
            until = None if recorded_by is None else self.read_moment(recorded_by, reader)
            if until is None or _is_present(reader, until):
                yield reader, record_keys(reader.connection, records, stretch)
                return
            from tracker.app.partial import part_of
            from tracker.app.pastrecords import page_then

            with part_of(reader.connection, until.entry) as part:
                yield Reader(part.tables), page_then(part, records, stretch)

    def read_day(self, text: str | date) -> date:
        """The day that a date means on a clock: its last, and no later than today."""
        first, last = (text, text) if not isinstance(text, str) else self._span(text)
        if first > self.today:
            raise FutureDate(f"{text} is in the future (today is {self.today})", "give a day that has been")
        return min(last, self.today)

    def _span(self, text: str) -> tuple[date, date]:
        read = self.read_date(text)
        assert read is not None
        first = read.earliest or read.latest
        if first is None:
            raise BadDate(f"{text!r} has no day to look from", "give a day, a month or a year")
        return first, read.latest or self.today

    def read_first_day(self, text: str | date) -> date:
        """The first day that a date means, for "since"."""
        if not isinstance(text, str):
            return text
        read = self.read_date(text)
        assert read is not None
        if read.earliest is None:
            raise BadDate(f"{text!r} has no first day", "give a day, a month or a year")
        return read.earliest

    def lookup_in(self, view: View) -> Lookup:
        """Finds records in a view."""
        return Lookup(view.reader)

    def read_moment(self, text: str | int | date, reader: Reader) -> Moment:
        """The moment that a person means on the clock of recording: ``now``, the number of an entry
        (``entry:12``), an exact time, or the end of a day."""
        from tracker.app.moments import read_moment

        return read_moment(text, reader.connection, self.now, self.read_day)


def _is_present(reader: Reader, until: Moment) -> bool:
    """Whether nothing was recorded since a moment, and all that was is resolved: so that the tables hold what
    there was."""
    from tracker.store import journal

    newest, _ = journal.last_entry(reader.connection)
    return until.entry == newest and not pending.is_any(reader.connection)


def _named(policy: str) -> Policy:
    from tracker.app.policies import find_policy

    return find_policy(policy)
