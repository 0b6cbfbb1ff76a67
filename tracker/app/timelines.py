"""Timelines: how claims came to stand as they do, on either clock, and what differs between two moments."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from claims import history as histories
from claims.errors import BadValue
from tracker.app.entries import Entries
from tracker.app.reading import Questions
from tracker.report.models import Step
from tracker.store import journal
from tracker.store.journal import read_deeds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claims.resolve.dossier import Dossier
    from tracker.app.view import View
    from tracker.store.database import Connection

CLOCKS = ("published", "recorded")
"""When evidence came out, and when it was recorded here."""


FEW_TIED, IN_PASSING = 200, 1_000
"""So many tied claims, and so many resolved on all days together, take a moment that nobody notices."""


class Timelines(Questions, Entries):
    """History and changes."""

    def history(
        self,
        claim: str,
        *,
        clock: str = "published",
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Step]:
        """How a claim changed, oldest first: by what had been published on each day, or (clock
        ``recorded``) by what this tracker said when.

        With ``as_of`` and the clock of recording: what this tracker said of that one day, and how
        that changed as more was recorded.
        """
        check_clock(clock)
        with self.view(as_of, recorded_by, about=[claim]) as view:
            key = self.lookup_in(view).claim(claim).key
            if clock == "published":
                return list(_published(view.resting(), key))
        from tracker.app import catching_up  # loads what resolves

        last = self._last_entry(recorded_by)
        with self.recorded_changes(as_of, last, key) as connection:
            return self._recorded_steps(catching_up.recorded_changes(connection, claim=key, last=last))

    def looked_at(
        self,
        claim: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> histories.LookedAt:
        """How many of the days on which something changed the history of a claim by the clock of
        publication rests on: all, but where very many claims are tied together."""
        with self.view(as_of, recorded_by, about=[claim]) as given:
            key = self.lookup_in(given).claim(claim).key
            view = given.resting()
            dossier = _group_of(view, key)
            return histories.looked_at(dossier, view.policy_of(dossier.claims[key]), key, view.as_of)

    def history_in_passing(
        self,
        claim: str,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Step]:
        """The history for those who asked for something else, and should not have to wait for it. It is by
        the clock of publication, or, where an earlier state of the record is asked for, by what this tracker
        said until then, which is stored. Nothing, where so many claims are tied together that it takes a
        while, or where it would be worked out from an earlier state of the record."""
        if recorded_by is not None:
            return [] if as_of else self.history(claim, clock="recorded", recorded_by=recorded_by)
        with self.view(as_of, about=[claim]) as given:
            key = self.lookup_in(given).claim(claim).key
            if len(given.reader.tied([key])) > FEW_TIED:
                return []
            view = given.resting()
            dossier = _group_of(view, key)
            policy = view.policy_of(dossier.claims[key])
            work = histories.looked_at(dossier, policy, key, view.as_of)
            if work.days * work.claims > IN_PASSING:
                return []
            return list(map(as_step, histories.history(dossier, policy, key, view.as_of)))

    def changes(
        self,
        since: str | date,
        *,
        clock: str = "recorded",
        after: str | None = None,
        limit: int | None = None,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Step]:
        """Every status change across claims since a day: as recorded here, or (clock
        ``published``) by the days on which the evidence came out. Clocks as in :meth:`history`. Of
        these the first ``limit`` that come ``after`` the place of a step (:attr:`Step.place`)."""
        check_clock(clock)
        day = self.read_first_day(since).isoformat()
        past = read_place(after, clock) if after is not None else ("", "")
        if clock == "recorded":
            from tracker.app import catching_up  # loads what resolves

            last = self._last_entry(recorded_by)
            with self.reading() as reader:
                first = journal.first_entry_since(reader.connection, day)
            begin = (first, "")
            if past[0]:
                begin = max(begin, (_entry_of(past[0]), past[1]))
            with self.recorded_changes(as_of, last) as connection:
                return self._recorded_steps(catching_up.recorded_moves(connection, begin, last, limit))
        from tracker.app.turning import published_moves  # loads what resolves

        with self.view(as_of, recorded_by) as view:
            return published_moves(view, max((day, ""), past), limit)

    def _last_entry(self, recorded_by: str | int | date | None) -> int | None:
        """The last entry that counts; None for all."""
        if recorded_by is None:
            return None
        with self.reading() as reader:
            return self.read_moment(recorded_by, reader).entry

    @contextmanager
    def recorded_changes(
        self, as_of: str | date | None, last: int | None, about: str | None = None
    ) -> Iterator[Connection]:
        """Where the changes on the clock of recording are, up to an entry at least, of all claims or of the
        one that they are asked ``about``. Those of what was said of one day are in no table: the journal is
        told again, resolving by what was public then."""
        with self.reading() as reader:
            if as_of is None:
                yield reader.connection
                return
            from tracker.app.replay import retold

            with retold(reader.connection, last, self.read_day(as_of), about) as connection:
                yield connection

    def _recorded_steps(self, rows: Iterable[dict[str, Any]]) -> list[Step]:
        found = list(rows)
        with self.reading() as reader:
            deeds = read_deeds(reader.connection, {row["seq"] for row in found})
        return [
            Step(
                at=row["recorded_at"],
                status=row["status"],
                likelihood=row["likelihood"],
                because=(deeds[row["seq"]][1],),
                was=row["was"],
                stale=row["stale"],
                entry=row["seq"],
                act=deeds[row["seq"]][0],
                claim=row["claim"],
                since=since,
            )
            for row, since in zip(found, _since_other_days(found), strict=True)
        ]


def _since_other_days(rows: Iterable[dict[str, Any]]) -> Iterator[date | None]:
    """Of each change since when the claim stands as it did, where that is no more the day that was said."""
    said: dict[str, date | None] = {}
    for row in rows:
        claim, since = row["claim"], row["changed"]
        yield since if row["was"] is row["status"] and said.get(claim) not in (None, since) else None
        said[claim] = since


def read_place(text: str, clock: str) -> tuple[str, str]:
    """The entry, or the day of publication, and the claim of a place in a list of changes. Raises
    :class:`BadValue` for what no list shows."""
    begin, _, claim = text.partition("/")
    if clock == "recorded":
        _entry_of(begin)
    elif not _is_day(begin):
        raise BadValue(
            f"{begin!r} is not a day such as 2018-03-01",
            "give the place that the page before ended with, such as 2018-03-01/mayor-killed",
        )
    return begin, claim


def _is_day(text: str) -> bool:
    """Whether a text is a day as lists show it; years before 1000 have four digits as well."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _entry_of(text: str) -> int:
    """The entry that a place on the clock of recording begins with."""
    if not text.isascii() or not text.isdigit():
        raise BadValue(
            f"{text!r} is not the number of an entry",
            "give the place that the page before ended with, such as 12/mayor-killed",
        )
    return min(int(text), journal.MOST)


def check_clock(clock: str) -> None:
    """Refuse what is no clock."""
    if clock not in CLOCKS:
        raise BadValue(f"{clock!r} is not a clock", f"use one of: {', '.join(CLOCKS)}")


def _published(view: View, claim: str) -> Iterator[Step]:
    """How a claim changed by what had been published on each day, up to that of the view."""
    dossier = _group_of(view, claim)
    policy = view.policy_of(dossier.claims[claim])
    yield from map(as_step, histories.history(dossier, policy, claim, view.as_of))


def _group_of(view: View, claim: str) -> Dossier:
    """All that bears on a claim and on those tied to it, and nothing on those that only a withdrawn one links
    to it, which are read along with these."""
    from claims.resolve.dossier import split  # loads what resolves

    return next(part for part in split(view.reader.dossier([claim])) if claim in part.claims)


def as_step(change: histories.Change) -> Step:
    """A change by what had been published, as it is told."""
    return Step(
        at=change.at.isoformat(),
        status=change.resolution.status,
        likelihood=change.resolution.likelihood,
        because=change.because,
        was=change.was,
        stale=change.resolution.stale,
    )
