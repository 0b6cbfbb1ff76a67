"""The journal in the database: what it is asked, and how much it looks at for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.counting import steps_of
from tracker.store import journal
from tracker.store import tables as t
from tracker.store.inserting import insert_rows

if TYPE_CHECKING:
    from tracker.app import Tracker


def three_acts(tracker: Tracker) -> None:
    tracker.add_source("One", key="one")
    with tracker.act():
        tracker.add_source("Two", key="two")
        tracker.add_source("Three", key="three")
    tracker.add_source("Four", key="four")


def test_the_entries_of_an_act_by_the_number_of_its_first(tracker: Tracker) -> None:
    three_acts(tracker)
    with tracker.reading() as reader:
        found = [
            [entry.subject for entry in journal.read_batch(reader.connection, n)] for n in (0, 1, 3, 4, 5, 9)
        ]
    first = [tracker.entries()[0].subject, "one"]
    assert found == [[], first, ["two", "three"], [], ["four"], []]


@pytest.mark.sqlite_only
def test_what_follows_an_act_is_not_looked_at(tracker: Tracker) -> None:
    three_acts(tracker)
    with tracker.database.engine.connect() as connection:
        steps = []
        for rows in (30, 3_000):
            entry = ("2026-11-22T12:00:00.000000Z", "desk", "source.registered", "x", "", "")
            begin = journal.last_entry(connection)[0] + 1
            insert_rows(connection, t.journal, [(n, n, *entry) for n in range(begin, begin + rows)])
            with steps_of(connection) as counted:
                assert len(journal.read_batch(connection, 3)) == 2
            steps.append(counted.done)
    assert steps[1] < 3 * steps[0]
