"""A view of the past on a few claims: as stored, or else resolved from a part of the journal."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tracker.app.pastlists import sort_out
from tracker.app.view import View
from tracker.store import pages
from tracker.store.bearing import said_of
from tracker.store.pages import Stretch
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from contextlib import AbstractContextManager, ExitStack

    from claims.model import Claim
    from tracker.app.partial import Part


class Kept:
    """A view of the whole record at a moment: opened when it is first needed, if ever, and kept until a
    stack is closed, as to open it again takes as long again."""

    def __init__(self, stack: ExitStack, opening: Callable[[], AbstractContextManager[View]]) -> None:
        self._stack = stack
        self._opening = opening
        self.opened: View | None = None

    @contextmanager
    def __call__(self) -> Iterator[View]:
        """The view, which stays open."""
        if self.opened is None:
            self.opened = self._stack.enter_context(self._opening())
        yield self.opened


class _Spoken(Reader):
    """Reads what sources that spoke very often said on claims. Which claims these are is told by the tables
    of today, but for those that were ``touched`` since; those that are asked for are brought."""

    def __init__(self, part: Part, touched: set[str]) -> None:
        super().__init__(part.tables)
        self._part = part
        self._touched = touched

    def claims_of_sources(self, sources: Collection[str]) -> dict[str, set[str]]:
        """The claims that some sources spoke on, or were relayed on, by source."""
        now = Reader(self._part.source).claims_of_sources(sources)
        then = super().claims_of_sources(sources)
        return {
            source: (now.get(source, set()) - self._touched) | (then.get(source, set()) & self._touched)
            for source in now.keys() | then.keys()
        }

    def claims(self, keys: Collection[str] | None = None) -> dict[str, Claim]:
        """Claims by key, with what was said of them."""
        assert keys is not None
        self._part.bring(set(keys) | said_of(self._part.source, keys))
        self._part.bring_ground()
        return super().claims(keys)


class PastView(View):
    """The record at a moment, in so far as it bears on some claims: ``part`` holds that. ``as_said``:
    it is asked what was said then, and neither another day nor another policy. ``whole`` opens the view
    of the whole record, which is needed where more bears on a claim than could be brought."""

    def __init__(self, seen: View, part: Part, whole: Kept, *, as_said: bool) -> None:
        super().__init__(
            seen.reader, seen.choice, seen.as_of, stored=False, until=seen.until, keeping=seen.keeping
        )
        self._part = part
        self._whole = whole
        self._as_said = as_said

    def computed(self, claims: Collection[str], *, closed: bool = False) -> dict[str, dict[str, Any]]:
        """The status columns of some claims: what was stored, and worked out what that does not say."""
        if not self._as_said:
            return self._worked_out(claims, closed=closed)
        assert self.until is not None
        now = Reader(self._part.source)
        rows = pages.past_statuses_of(now.connection, self.until.entry, claims)
        waiting = pages.waiting_keys(now.connection, self.until.entry, Stretch(), frozenset(claims))
        sure, unsure = sort_out(now, self.until, rows, waiting)
        return sure | self._worked_out(unsure, closed=False)

    def resting(self) -> View:
        """The view with the records of sources, where these count."""
        if not self.choice.heeds_records(self.reader.case_labels()):
            return self
        if not (self._part.bring_records() or self._part.bring_cases(self.as_of)):
            with self._whole() as view:
                return view
        self.settle()
        return self

    @cached_property
    def sieve(self) -> None:
        """A part is not sifted."""
        return None

    def reader_of(self, sources: Collection[str]) -> Reader:
        """Reads all that some sources said."""
        if self._part.bring_said_by(sources):
            return self.reader
        if self._part.touched is not None:
            return _Spoken(self._part, self._part.touched)
        with self._whole() as view:
            return view.reader

    def _worked_out(self, claims: Collection[str], *, closed: bool) -> dict[str, dict[str, Any]]:
        if not claims:
            return {}
        resting = self.resting()
        if resting is not self:
            return resting.computed(claims, closed=closed)
        return super().computed(claims, closed=closed)
