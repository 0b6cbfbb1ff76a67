"""What is asked again and again is prepared on the server, and answered as the driver's cursors answer it."""

from __future__ import annotations

import select
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import BadValue
from tests.conftest import TEMPLATES, Clock
from tracker.app import open_tracker
from tracker.errors import StoreError
from tracker.store import prepared
from tracker.store.direct import ask, stream
from tracker.store.loading import begin_loading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.postgres import Databases
    from tracker.app import Tracker
    from tracker.store.database import Connection

pytestmark = pytest.mark.on_postgres

OFTEN = 7
"""More often than the driver asks something before it is prepared."""
SOURCES = 'SELECT name FROM sources WHERE "key" = ?'


@pytest.fixture
def tracker(postgres: Databases) -> Iterator[Tracker]:
    """An empty tracker on a server."""
    url = postgres.borrow(postgres.template("empty", TEMPLATES["empty"]))
    with open_tracker(url, author="desk", clock=Clock()) as opened:
        yield opened
    postgres.give_back(url)


def ask_often(connection: Connection, words: str, values: tuple[Any, ...] = ()) -> list[Any]:
    """The answers to the same question, each time."""
    return [ask(connection, words, values).fetchall() for _ in range(OFTEN)]


def prepared_on(connection: Connection) -> list[str]:
    """The statements that the server holds prepared for this connection, by name."""
    return [name for (name,) in stream(connection, "SELECT name FROM pg_prepared_statements").fetchall()]


def test_an_answer_is_the_same_before_and_after_it_is_prepared(tracker: Tracker) -> None:
    words = "SELECT 'ä', 5, 0.1::float8, true, date '2026-01-02', '\\x00ff'::bytea, NULL, ARRAY['a', 'b']"
    row = ("ä", 5, 0.1, True, date(2026, 1, 2), b"\x00\xff", None, ["a", "b"])
    with tracker.database.reading() as connection:
        assert ask_often(connection, words) == [[row]] * OFTEN
        assert stream(connection, words).fetchall() == [row]
        assert len(prepared_on(connection)) == 1


def test_values_of_every_form_arrive(tracker: Tracker) -> None:
    given = ("ä'?", 2**40, 0.1, False, date(2026, 1, 2), b"\x00\xff", None, ["a", 'b"', "{c}"])
    types = ("text", "bigint", "float8", "boolean", "date", "bytea", "text", "text[]")
    words = f"SELECT {', '.join(f'?::{each}' for each in types)}"
    with tracker.database.reading() as connection:
        assert ask_often(connection, words, given) == [[given]] * OFTEN


def test_what_is_prepared_outlives_a_transaction_that_is_rolled_back(tracker: Tracker) -> None:
    tracker.add_source("Paper", key="paper")
    names = []
    for _ in range(2):
        with tracker.database.reading() as connection:
            assert ask_often(connection, SOURCES, ("paper",)) == [[("Paper",)]] * OFTEN
            names.append(prepared_on(connection))
    assert names[0] == names[1] != []


def test_nothing_is_prepared_where_the_url_says_so(tracker: Tracker) -> None:
    with tracker.database.reading() as connection:
        names = prepared.Names(None)
        assert [names.fresh(SOURCES) for _ in range(OFTEN)] == [None] * OFTEN
        connection.info["tracker_prepared"] = names
        ask_often(connection, SOURCES, ("paper",))
        assert prepared_on(connection) == []


def test_what_is_asked_no_more_often_than_the_url_says_is_not_prepared() -> None:
    names = prepared.Names(2)
    assert [names.fresh(SOURCES) for _ in range(3)] == [None, None, b"tracker_1"]
    assert names.fresh("SELECT 1") is None


def test_what_was_prepared_for_small_tables_is_prepared_anew_for_what_grows(tracker: Tracker) -> None:
    with tracker.database.writing() as connection:
        ask_often(connection, SOURCES, ("paper",))
        (before,) = prepared_on(connection)
        begin_loading(connection)()
        ask(connection, SOURCES, ("paper",))
        assert [name for name in prepared_on(connection) if name != before]


def test_a_text_that_the_server_cannot_hold_is_refused(tracker: Tracker) -> None:
    with pytest.raises(BadValue), tracker.database.reading() as connection:
        ask(connection, SOURCES, ("pa\x00per",))


def test_a_fault_is_told_and_the_connection_goes_on(tracker: Tracker) -> None:
    for _ in range(OFTEN):
        with pytest.raises(StoreError), tracker.database.reading() as connection:
            ask(connection, "SELECT 1 / (length(?::text) - 5)", ("paper",))
    with tracker.database.reading() as connection:
        assert ask(connection, "SELECT 1").fetchone() == (1,)
        assert ask(connection, SOURCES, ("nobody",)).fetchone() is None


def test_who_is_stopped_while_waiting_loses_the_connection_and_no_act(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker.add_source("Paper", key="paper")

    def stopped(_connection: Any, **_: bool) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(prepared, "_wait", stopped)
        with pytest.raises(KeyboardInterrupt):
            tracker.add_source("Radio", key="radio")
    tracker.add_source("Radio", key="radio")
    assert tracker.audit().problems == ()
    assert [entry.subject for entry in tracker.outcome.entries] == ["radio"]


@pytest.mark.parametrize("polling", [True, False])
def test_what_is_too_long_to_be_sent_at_once_arrives(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, *, polling: bool
) -> None:
    if not polling:  # as on Windows
        monkeypatch.delattr(select, "poll")
    long = "x" * 5_000_000
    with tracker.database.reading() as connection:
        assert ask(connection, "SELECT length(?::text), ?::text", (long, long)).fetchone() == (
            len(long),
            long,
        )
