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
from tracker.app.choosing import Choice
from tracker.app.comparing import Comparing
from tracker.app.stood import Stood
from tracker.report import jsonable
from tracker.report.models import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from claims.resolve import Dossier
    from tests.support.postgres import Databases
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


@pytest.mark.slow
def test_on_a_server_too(empty_database: Path, postgres: Databases) -> None:
    play(Sifted, empty_database, journals=12, steps=25, server=postgres)


# --- no more than is needed -------------------------------------------------------------------


@pytest.fixture
def roads(tracker: Tracker) -> Tracker:
    """Twenty closures that a paper reported in 2018, the last of them the radio; which was denied in 2019."""
    for name in ("Paper", "Radio"):
        tracker.add_source(name, key=name.lower(), type="outlet")
    tracker.add_source("Court", key="court", type="court", reliability="A")
    with tracker.act():
        for number in range(20):
            key = f"road-{number:02d}"
            tracker.add_claim(f"Road {number} is closed", key=key, kind="event", when="2018")
            source = "paper" if number < 19 else "radio"
            tracker.log(key, source=source, stance="supports", published="2018-05-01")
        tracker.log("road-19", source="court", stance="denies", published="2019-05-01", basis="witnessed")
    return tracker


@contextmanager
def worked_out() -> Iterator[list[str]]:
    """The claims that are resolved meanwhile, each as often as it is, with all that is tied to them."""
    found, whole = list[str](), Choice.resolve

    def noted(choice: Choice, dossier: Dossier, as_of: date) -> Any:
        found.extend(dossier.claims)
        return whole(choice, dossier, as_of)

    with patch.object(Choice, "resolve", noted):
        yield found


def test_of_a_list_only_what_passes_is_worked_out(roads: Tracker) -> None:
    with small_portions(first=4, most=8), worked_out() as looked_at:
        found = roads.statuses(status=["refuted"], as_of="2020", limit=5)
    assert [each.key for each in found] == ["road-19"]
    assert sorted(looked_at) == [*(f"road-{number:02d}" for number in range(4)), "road-19"]


def test_of_two_days_only_what_differs_is_worked_out(roads: Tracker) -> None:
    with small_portions(first=4, most=8), worked_out() as looked_at:
        found = roads.differences("2019-01-01", "2020")
    assert [each.key for each in found] == ["road-19"]
    assert set(looked_at) == {*(f"road-{number:02d}" for number in range(4)), "road-19"}


def test_of_two_moments_only_that_is_looked_up_of_which_something_changed(roads: Tracker) -> None:
    before = roads.entries()[-1].seq
    roads.log("road-07", source="court", stance="supports", published="2019")
    roads.withdraw_record("road-11", reason="entered twice")
    with patch.object(Stood, "told", autospec=True, side_effect=Stood.told) as told:
        found = roads.differences(before, "now", clock="recorded")
    assert [each.key for each in found] == ["road-07", "road-11"]
    assert {key for call in told.call_args_list for key in call.args[1]} == {"road-07", "road-11"}


def test_what_is_tied_is_compared_once(tracker: Tracker) -> None:
    tracker.add_source("Paper", key="paper", type="outlet")
    tracker.add_question("Who did it?", key="who")
    for number in range(12):
        tracker.add_claim(
            f"It was {number}", key=f"c{number:02d}", kind="other", question="who", value=f"{number}"
        )
        tracker.log(f"c{number:02d}", source="paper", stance="supports", published=f"20{number + 10}")
    with small_portions(first=2, most=2), worked_out() as looked_at:
        found = tracker.differences("2009", "2022")
    assert len(found) == 12
    assert len(looked_at) == 24  # each claim on both days
