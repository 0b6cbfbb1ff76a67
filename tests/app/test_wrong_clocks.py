"""Clocks that jump: the record never runs backwards, and says so where it has run ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from tests.conftest import TODAY, Clock
from tests.support.newsroom import furnish

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker

PAST = [TODAY - timedelta(hours=1), datetime(1970, 1, 1, tzinfo=UTC), datetime(1969, 12, 31, tzinfo=UTC)]
SUMMER, WINTER = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))


def moments(tracker: Tracker) -> list[str]:
    return [entry.recorded_at for entry in tracker.entries()]


@pytest.mark.parametrize("past", PAST, ids=str)
def test_a_clock_that_is_set_back(tracker: Tracker, clock: Clock, past: datetime) -> None:
    furnish(tracker)
    clock.now = past
    tracker.add_source("Radio Mopti")
    assert moments(tracker)[-1] == moments(tracker)[0]
    assert tracker.outcome.ahead
    assert any("one of the two was wrong" in words for how, words in tracker.doctor() if how == "warning")
    clock.now = TODAY + timedelta(seconds=1)
    tracker.add_source("Radio Gao")
    assert not tracker.outcome.ahead
    assert moments(tracker) == sorted(moments(tracker))
    assert tracker.audit().ok


def test_a_clock_that_was_far_in_the_future(tracker: Tracker, clock: Clock) -> None:
    clock.now = datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC)
    tracker.add_source("Radio Mopti")
    clock.now = TODAY
    tracker.add_source("Radio Gao")
    assert moments(tracker)[-1].startswith("2038-01-19T03:14:08")
    assert tracker.outcome.ahead
    found = [words for how, words in tracker.doctor() if how == "warning"]
    assert any("recorded at 2038-01-19T03:14:08Z, and it is 2026-11-22T12:00:00Z" in words for words in found)
    assert tracker.audit().ok


def test_the_hour_that_comes_twice(tracker: Tracker, clock: Clock) -> None:
    clock.now = datetime(2026, 10, 25, 2, 30, tzinfo=SUMMER)
    tracker.add_source("Radio Mopti")
    clock.now = datetime(2026, 10, 25, 2, 10, tzinfo=WINTER)
    tracker.add_source("Radio Gao")
    assert [moment[11:16] for moment in moments(tracker)][1:] == ["00:30", "01:10"]


def test_the_same_microsecond(tracker: Tracker) -> None:
    for number in range(3):
        tracker.add_source(f"Source {number}")
    assert len(set(moments(tracker))) == 1
    assert tracker.audit().ok


def test_clocks_of_two_machines_may_differ_a_little(new_tracker: Callable[..., Tracker]) -> None:
    new_tracker(clock=Clock(TODAY + timedelta(minutes=4))).add_source("Radio Mopti")
    behind = new_tracker(clock=Clock())
    behind.add_source("Radio Gao")
    assert not behind.outcome.ahead
    assert not [words for how, words in behind.doctor() if "by this clock" in words]


def test_a_moment_that_is_yet_to_come_is_of_one_day_whoever_asks(tracker: Tracker, clock: Clock) -> None:
    furnish(tracker)
    last, day = tracker.entries()[-1].seq, clock.now.date()
    clock.now = TODAY - timedelta(days=3)
    tracker.add_source("Radio Mopti")

    [claim, *_] = tracker.statuses(recorded_by=last)
    assert claim.as_of == tracker.status(claim.key, recorded_by=last).as_of == day
    with tracker.view(recorded_by=last) as whole:
        assert whole.as_of == day
