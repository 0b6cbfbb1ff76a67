"""Claims that are sifted by columns before any is worked out: what passes is all that there is to tell, in
lists as of another day and in differences between two."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from claims.vocabulary import Status
from tests.app.test_paging import pages
from tests.app.test_two_clocks import comparable, differing
from tests.support.anything import Newsroom, play
from tracker.app import sifting, stood
from tracker.app.comparing import Comparing
from tracker.report import jsonable
from tracker.report.models import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.app import Tracker

DAYS = ["2012", "2014-06-01", "2018-12-31", "2019-06-01", "2020-01-01", "2026-05"]


@contextmanager
def small_portions(first: int = 1, most: int = 3) -> Iterator[None]:
    """All but the first claim are sifted."""
    with patch.multiple(sifting, FIRST=first, MOST=most):
        yield


@contextmanager
def whole_replays() -> Iterator[None]:
    """Of the past everything is replayed at once, and then sifted."""
    with patch.multiple(stood, FEW=0, ENTRIES=10**9):
        yield


def stood_otherwise(tracker: Tracker, one: str, other: str, **clock: Any) -> list[Any]:
    """The claims that do not stand alike on two days, each day worked out of the whole record, as JSON but
    for what was recorded in between."""
    seen = []
    for day in sorted(tracker.read_day(each) for each in (one, other)):
        with tracker.view(day, **clock) as view:
            seen.append({each.key: each for each in tracker.standings(view, None)})
    found = []
    for key in sorted({*seen[0], *seen[1]}):
        it = Difference(
            key=key, clock="published", since="", until="", before=seen[0].get(key), after=seen[1].get(key)
        )
        if not it.same:
            found.append(bare(it))
    return found


def bare(it: Difference) -> Any:
    """A claim and how it stood both times."""
    return it.key, comparable([jsonable.standing(each) for each in (it.before, it.after) if each])


class Sifted(Newsroom):
    """Somebody does anything at all, and asks how claims stood on other days, and what came to differ."""

    @precondition(lambda self: self.claims)
    @rule(
        one=st.sampled_from(DAYS),
        other=st.sampled_from(DAYS),
        back=st.sampled_from([None, None, 0, 3, 9]),
        whole=st.booleans(),
    )
    def compare_two_days(self, one: str, other: str, back: int | None, whole: bool) -> None:
        clock = {} if back is None else {"recorded_by": self.entry(back)}
        in_whole = stood_otherwise(self.tracker, one, other, **clock)
        ask = partial(self.tracker.differences, one, other, **clock)
        with small_portions():
            if whole:
                with whole_replays():
                    found = ask()
            else:
                found = ask()
            assert list(map(bare, found)) == in_whole, (one, other, clock)
            assert list(map(comparable, map(jsonable.difference, pages(ask, 2)))) == list(
                map(comparable, map(jsonable.difference, found))
            )

    @precondition(lambda self: self.claims)
    @rule(back=st.integers(1, 12), further=st.integers(1, 8))
    def compare_two_moments(self, back: int, further: int) -> None:
        one, other = self.entry(back + further), self.entry(back)
        ask = partial(self.tracker.differences, one, other, clock="recorded")
        with patch.object(
            Comparing,
            "_all_by_recording",
            lambda it, first, second, _: it._by_recording(first, second, None, None),
        ):
            in_whole = list(map(jsonable.difference, ask()))
        with small_portions():
            for in_part in (ask(), pages(ask, 2)):
                told = comparable(list(map(jsonable.difference, in_part)))
                assert not list(differing(comparable(in_whole), told)), (one, other)

    @precondition(lambda self: self.claims)
    @rule(
        day=st.sampled_from(DAYS),
        back=st.sampled_from([None, None, 0, 3, 9]),
        wanted=st.sets(st.sampled_from(list(Status)), min_size=1, max_size=3),
    )
    def list_those_that_stood_so(self, day: str, back: int | None, wanted: set[Status]) -> None:
        clock = {} if back is None else {"recorded_by": self.entry(back)}
        with self.tracker.view(day, **clock) as view:
            whole = [each for each in self.tracker.standings(view, None) if each.status in wanted]
        words = sorted(str(status) for status in wanted)
        ask = partial(self.tracker.statuses, status=words, as_of=day, **clock)
        with small_portions(), whole_replays():
            paged = pages(ask, 2)
        assert comparable(list(map(jsonable.standing, paged))) == comparable(
            list(map(jsonable.standing, whole))
        )

    def entry(self, back: int) -> str:
        return f"entry:{max(self.tracker.entries()[-1].seq - back, 1)}"

    def at_the_end(self) -> None:
        if self.claims:
            self.compare_two_days(one=DAYS[0], other=DAYS[-1], back=None, whole=False)
            self.compare_two_moments(back=0, further=20)


def test_what_passes_is_all_that_there_is_to_tell(empty_database: Path) -> None:
    play(Sifted, empty_database, journals=8, steps=25)


@pytest.mark.slow
def test_of_long_journals_too(empty_database: Path) -> None:
    play(Sifted, empty_database, journals=40, steps=60)
