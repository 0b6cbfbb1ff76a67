"""Rows written beside: in their order, seen by whoever asks next, and kept with their act or not at all."""

from __future__ import annotations

import concurrent.futures
import sys
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tracker.errors import StoreError
from tracker.journal.entry import Entry
from tracker.store import journal
from tracker.store import tables as t
from tracker.store.beside import Beside, write
from tracker.store.direct import ask, stream, tell
from tracker.store.inserting import insert_new_rows
from tracker.store.loading import load_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import Connection

    from tracker.app import Tracker

pytestmark = pytest.mark.on_both

ROWS = [(f"w{n}", "c") for n in range(700)]
COUNTED = sa.select(sa.func.count()).select_from(t.words)


def count(tracker: Tracker) -> int:
    with tracker.database.reading() as connection:
        return connection.scalar(COUNTED) or 0


def held(connection: Connection) -> threading.Event:
    """What is given from now on waits for this."""
    free = threading.Event()
    assert write(connection, lambda _: free.wait() and None)
    return free


def test_whoever_asks_sees_what_was_written_in_its_order(tracker: Tracker) -> None:
    with tracker.database.writing() as connection:
        assert not write(connection, lambda _: None)
        beside = Beside(connection)
        free = held(connection)
        load_rows(connection, t.words, ROWS)
        insert_new_rows(connection, t.words, [("w1", "other"), ("new", "other")])
        tell(connection, "UPDATE words SET canon = ? WHERE word = ?", ("changed", "w2"))
        free.set()
        found = dict(connection.execute(sa.select(t.words.c.word, t.words.c.canon)).all())
        assert found == dict(ROWS) | {"new": "other", "w2": "changed"}
        load_rows(connection, t.words, [("last", "c")])
        beside.close()
    assert count(tracker) == len(ROWS) + 2


WAYS: dict[str, Callable[[Connection], Any]] = {
    "through SQLAlchemy": lambda connection: connection.scalar(COUNTED),
    "straight": lambda connection: ask(connection, "SELECT count(*) FROM words").fetchone()[0],
    "by portions": lambda connection: stream(connection, "SELECT count(*) FROM words").fetchone()[0],
}


@pytest.mark.parametrize("way", WAYS)
def test_whichever_way_one_asks(tracker: Tracker, way: str) -> None:
    with tracker.database.writing() as connection, closing(Beside(connection)):
        free = held(connection)
        load_rows(connection, t.words, ROWS)
        threading.Timer(0.05, free.set).start()
        assert WAYS[way](connection) == len(ROWS)


def test_a_few_entries_follow_on_what_is_being_written(tracker: Tracker) -> None:
    with tracker.database.writing() as connection, closing(Beside(connection)):
        tree, size, *_ = journal.read_end(connection)
        free = held(connection)
        load_rows(connection, t.words, ROWS)
        threading.Timer(0.05, free.set).start()
        now = "2026-11-22T12:00:00.000000Z"
        entry = Entry(size + 1, size + 1, now, "desk", "ship.sunk", "ship", "", {"text": "It sank"})
        journal.append(connection, [entry], tree)
        assert connection.scalar(COUNTED) == len(ROWS)
    with tracker.database.reading() as connection:
        assert journal.check(connection).ok


def test_the_thread_is_gone_at_the_end_and_all_is_as_before(tracker: Tracker) -> None:
    threads, switched = threading.active_count(), sys.getswitchinterval()
    with tracker.database.writing() as connection:
        beside = Beside(connection)
        load_rows(connection, t.words, ROWS)
        assert sys.getswitchinterval() < switched
        beside.close()
        assert (threading.active_count(), sys.getswitchinterval()) == (threads, switched)
        assert not write(connection, lambda _: None)
        load_rows(connection, t.words, [("last", "c")])
    assert count(tracker) == len(ROWS) + 1


@contextmanager
def an_act(tracker: Tracker) -> Iterator[Connection]:
    """An act that writes beside and does not close that: something goes wrong."""
    found: list[Beside] = []
    try:
        with tracker.database.writing() as connection:
            found.append(Beside(connection))
            yield connection
    finally:
        found[0].close()


@pytest.mark.parametrize("asking", [True, False])
def test_what_goes_wrong_is_told_to_who_comes_next_and_nothing_is_kept(
    tracker: Tracker, asking: bool
) -> None:
    def act() -> None:
        with an_act(tracker) as connection:
            load_rows(connection, t.words, [*ROWS, ROWS[0]])
            load_rows(connection, t.words, [("after", "c")])
            if asking:
                connection.scalar(COUNTED)
                pytest.fail("it was asked in vain")

    with pytest.raises(StoreError):
        act()
    assert count(tracker) == 0


def test_nothing_is_written_beyond_the_end_of_an_act_that_failed(tracker: Tracker) -> None:
    def act() -> None:
        with an_act(tracker) as connection:
            free = held(connection)
            load_rows(connection, t.words, ROWS)
            threading.Timer(0.05, free.set).start()
            raise KeyError

    with pytest.raises(KeyError):
        act()
    assert count(tracker) == 0


def test_ctrl_c_is_heard_once_the_database_is_left_alone(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []
    wait = concurrent.futures.wait

    def act() -> None:
        with an_act(tracker) as connection:
            free = held(connection)
            load_rows(connection, t.words, ROWS)

            def pressed(given: Any) -> Any:
                waits.append(len(given))
                if len(waits) == 1:
                    free.set()
                    raise KeyboardInterrupt
                return wait(given)

            monkeypatch.setattr(concurrent.futures, "wait", pressed)
            connection.scalar(COUNTED)

    with pytest.raises(KeyboardInterrupt):
        act()
    assert waits == [2, 2]
    assert count(tracker) == 0
