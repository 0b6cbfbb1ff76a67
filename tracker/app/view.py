"""A view: the record as it stood, on either clock or both, and the statuses that it shows."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from claims.errors import BadDate, FutureDate
from claims.resolve.dossier import split
from tracker.app.choosing import Choice
from tracker.app.desk import Desk
from tracker.app.lookup import Lookup
from tracker.app.policies import find_policy, load_policy
from tracker.app.replay import replayed
from tracker.app.settling import record_outcomes
from tracker.journal.entry import moment, timestamp
from tracker.store import statuses
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from claims.model import Claim
    from claims.policy import Policy


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
        recorded_by: str | None = None,
    ) -> None:
        self.reader = reader
        self.choice = choice
        self.as_of = as_of
        self.stored = stored
        self.recorded_by = recorded_by

    def statuses(self, claims: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
        """The status columns of some claims, or of all, by key."""
        if not self.stored:
            return self._computed(claims)
        found = statuses.read(self.reader.connection, claims)
        for row in found.values():
            row["as_of"] = self.as_of
        outdated = statuses.due(self.reader.connection, self.as_of, claims)
        # After an update of the program the policy may be newer than the statuses.
        named = self.reader.case_policies(claims)
        outdated |= {key for key, row in found.items() if row["policy"] != self.choice.label(named.get(key))}
        return found | self._computed(outdated) if outdated else found

    def policy_of(self, claim: Claim) -> Policy:
        """The policy that a claim goes by."""
        return self.choice.policy(claim, self.reader.cases([claim.case]) if claim.case else {})

    def _computed(self, claims: Collection[str] | None) -> dict[str, dict[str, Any]]:
        if claims is None:
            dossier = self.reader.dossier(self.reader.claims(), closed=True)
        else:
            dossier = self.reader.dossier(claims)
        wanted = dossier.claims if claims is None else set(claims)
        resolutions = self.choice.resolve(dossier, self.as_of)
        found = {}
        for part in split(dossier):
            here = {key: resolutions[key] for key in part.claims if key in wanted}
            changed = self.choice.changed(part, here)
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
        recorded_by: str | datetime | None = None,
        policy: str | None = None,
    ) -> Iterator[View]:
        """The record as of a day of publication, as recorded by a moment, or both.

        A date that spans several days means its last; days to come are refused. ``policy``, the name
        of one or the path of its file, is for all claims; without it each goes by that of its case,
        or by the tracker's own.
        """
        choice = Choice(self.policy) if policy is None else Choice(find_policy(policy), everywhere=True)
        if recorded_by is None:
            day = self.read_day(as_of) if as_of is not None else self.today
            stored = as_of is None and policy is None
            with self.reading() as reader:
                yield View(reader, choice, day, stored=stored)
            return
        until = self.read_moment(recorded_by)
        day = min(self.read_day(as_of) if as_of is not None else self.today, moment(until).date())
        with self.reading() as reader, replayed(reader.connection, until) as connection:
            reader_then = Reader(connection)
            if policy is None:  # what was said then was said by the policy that was in force then
                choice = Choice(load_policy(reader_then.policy_in_force() or self.policy.label))
            until_day = moment(until).date()
            record_outcomes(reader_then, reader_then.claims(), {}, choice.own, until_day, last=0)
            yield View(reader_then, choice, day, stored=False, recorded_by=until)

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

    def read_moment(self, text: str | datetime) -> str:
        """The moment that a person means on the clock of recording, in the journal's form: an exact
        time as given, or the end of a day."""
        if isinstance(text, datetime):
            return timestamp(text)
        if "T" in text and ":" in text:
            try:
                exact = datetime.fromisoformat(text)
            except ValueError as error:
                raise BadDate(f"{text!r} is not a time", "for example 2026-03-01T12:00:00Z") from error
            return timestamp(exact if exact.tzinfo else exact.replace(tzinfo=UTC))
        return timestamp(datetime.combine(self.read_day(text), time.max, UTC))
