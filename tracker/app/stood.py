"""How claims stood at a moment: told as it was stored then, or resolved from a part of the journal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tracker.app.choosing import Choice
from tracker.app.partial import part_of
from tracker.app.pastlists import sort_out
from tracker.app.view import View
from tracker.store import journal, pages
from tracker.store.pages import Stretch
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from contextlib import ExitStack
    from datetime import date

    from claims.vocabulary import Status
    from tracker.app.moments import Moment
    from tracker.app.paging import Rows
    from tracker.app.reading import Questions
    from tracker.report.standing import Standing

FEW = 4
ENTRIES = 100_000
"""To find out what bore on some hundred claims takes as long as to replay so many entries, at worst; a few
times it is done in any case."""


class Stood:
    """How claims stood at one moment: as of its day and by the policies in force then, or as of another day
    or by another policy. What is opened for it stays open as long as a stack."""

    def __init__(
        self,
        desk: Questions,
        reader: Reader,
        until: Moment,
        stack: ExitStack,
        as_of: str | date | None = None,
        policy: str | None = None,
        wanted: Sequence[Status] = (),
    ) -> None:
        """``wanted``: the statuses by which claims are looked for, where all are worked out anew."""
        self.part = stack.enter_context(part_of(reader.connection, until.entry))
        self.until = until
        self._desk = desk
        self._reader = reader
        self._as_of = as_of
        self._policy = policy
        self._whole = desk.whole_then(stack, reader, until, as_of, policy)
        self._wanted = () if self.as_said else wanted
        self._opened = 0

    @property
    def as_said(self) -> bool:
        """Whether it is asked what was said then, so that what was stored answers."""
        return self._as_of is None and self._policy is None

    def there(self, claims: Collection[str]) -> set[str]:
        """Those of some claims that had been recorded."""
        return journal.recorded_among(self._reader.connection, claims, "claim.recorded", self.until.entry)

    def rows(self, claims: Collection[str]) -> Rows:
        """The status columns of those of some claims that there were."""
        if not self.as_said:
            return self.computed(claims)
        connection, last = self._reader.connection, self.until.entry
        rows = pages.past_statuses_of(connection, last, claims)
        waiting = pages.waiting_keys(connection, last, Stretch(), frozenset(claims))
        sure, unsure = sort_out(self._reader, self.until, rows, waiting)
        return sure | self.computed(unsure)

    def computed(self, claims: Collection[str]) -> Rows:
        """The same, worked out anew where what was stored does not say it."""
        there = self.there(claims)
        if not there:
            return {}
        with self.view_of(there) as view:
            if self._wanted and (sieve := view.sieve):
                there = sieve.standing(there, view.as_of, self._wanted)
            return view.computed(there)

    @contextmanager
    def view_of(self, claims: Collection[str]) -> Iterator[View]:
        """The record with all that bears on some claims that there were. Where very many are asked for, some
        after the others, the whole journal is replayed in the end."""
        self._opened += 1
        if self._opened > max(FEW, self.until.entry // ENTRIES):
            with self._whole() as whole:
                yield whole
                return
        with self._desk.view_then(
            self._reader, self.until, self._whole, self._as_of, self._policy, sorted(claims)
        ) as view:
            yield view

    def told(self, found: Rows, recorded_by: str | int | date) -> list[Standing]:
        """Standings, by key, from the status columns of claims."""
        self.part.bring_shown(found)
        day = self._desk.day_then(self.until, self._as_of)
        then = Reader(self.part.tables)
        view = View(then, Choice(self._desk.policy), day, stored=False, until=self.until)
        return self._desk.told(view, found, self._as_of, recorded_by, self._policy)
