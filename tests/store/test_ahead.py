"""What an act is going to ask comes along with what it tells a server, and is never of the state before."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.conftest import TEMPLATES, Clock
from tests.store.test_postgres import with_query
from tests.support.postgres import reach
from tracker.app import open_tracker
from tracker.errors import Locked, StoreError, Unreachable
from tracker.store import prepared
from tracker.store import tables as t
from tracker.store.direct import ask, expect
from tracker.store.inserting import write_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.postgres import Databases
    from tracker.app import Tracker
    from tracker.store.database import Connection

pytestmark = pytest.mark.on_postgres

OFTEN = 7
"""More often than the driver asks something before it is prepared."""
NAME = 'SELECT name FROM sources WHERE "key" = ?'
ADDED = "INSERT INTO requests (id, digest, seq) VALUES (?, '', 1)"
WAITING = b"SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()"
COUNTED = "SELECT count(*) FROM requests WHERE id = ?"


@pytest.fixture
def url(postgres: Databases) -> Iterator[str]:
    """An empty tracker on a server."""
    given = postgres.borrow(postgres.template("empty", TEMPLATES["empty"]))
    yield given
    postgres.give_back(given)


@pytest.fixture
def tracker(url: str) -> Iterator[Tracker]:
    """The same, open."""
    with open_tracker(url, author="desk", clock=Clock()) as opened:
        yield opened


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many things each message held that the server was sent."""
    found: list[int] = []

    def counting(name: str, size: Callable[[tuple[Any, ...]], int]) -> None:
        real = getattr(prepared, name)

        def wrapped(*given: Any) -> Any:
            found.append(size(given))
            return real(*given)

        monkeypatch.setattr(prepared, name, wrapped)

    counting("_told", lambda given: len(given[1]))
    counting("_result", lambda _: 1)
    return found


CLAIMS = [f"dam-{number}-opened" for number in range(3 * OFTEN)]


def with_claims(tracker: Tracker) -> Iterator[str]:
    """The keys of some claims that have no evidence yet."""
    tracker.add_source("Paper", key="paper")
    for number, key in enumerate(CLAIMS):
        tracker.add_claim(f"Dam {number} was opened.", key=key, kind="event")
    return iter(CLAIMS)


def log(tracker: Tracker, claims: Iterator[str], *, times: int = 1) -> None:
    for claim in islice(claims, times):
        tracker.log(claim, source="paper", stance="supports")


def assert_sound(tracker: Tracker, logged: int) -> None:
    """All claims on which something was logged stand so, and nothing else is recorded."""
    assert tracker.audit().problems == ()
    standing = [tracker.status(key).evidence for key in CLAIMS]
    assert standing == [1] * logged + [0] * (len(CLAIMS) - logged)


def warm(connection: Connection) -> None:
    """Have what these tests ask prepared."""
    for number in range(OFTEN):
        ask(connection, NAME, ("paper",))
        ask(connection, COUNTED, ("one",))
        ask(connection, ADDED, (f"warm-{number}",))


def test_one_piece_of_evidence_takes_half_of_the_messages(tracker: Tracker, trips: list[int]) -> None:
    claims = with_claims(tracker)
    log(tracker, claims)
    trips.clear()
    log(tracker, claims)
    before = len(trips)
    log(tracker, claims, times=OFTEN)
    trips.clear()
    log(tracker, claims)
    assert trips == [6, 4, 1, 1]  # the turn and the claim, the evidence, the journal, the status
    assert 1 + before >= 2 * len(trips)  # it was begun by a message that is not counted here
    assert_sound(tracker, OFTEN + 3)


def test_who_spoke_on_a_claim_is_asked_for_along_with_what_they_were_read_in(
    tracker: Tracker, trips: list[int]
) -> None:
    claims = with_claims(tracker)
    tracker.add_document("The morning edition", key="edition")
    for number in range(2 * OFTEN):
        tracker.add_source(f"Radio {number}")  # what is known of sources is forgotten by that
        trips.clear()
        tracker.log(next(claims), source="paper", stance="supports", document="edition")
    assert trips.count(3) == 1  # documents, sides, sources
    assert_sound(tracker, 2 * OFTEN)


def test_how_somebody_fared_is_asked_for_along_with_what_is_told(tracker: Tracker, trips: list[int]) -> None:
    claims = with_claims(tracker)
    for number in range(2 * OFTEN):
        tracker.add_source(f"Radio {number}", key=f"radio-{number}")
    for number in range(2 * OFTEN):
        trips.clear()
        tracker.log(next(claims), source=f"radio-{number}", stance="supports")
    assert trips == [6, 1, 1, 4, 2, 2, 1]  # the last but one: the journal, and the record of who spoke
    assert_sound(tracker, 2 * OFTEN)


def test_what_is_asked_along_is_answered_without_a_message(tracker: Tracker, trips: list[int]) -> None:
    tracker.add_source("Paper", key="paper")
    with tracker.database.writing() as connection:
        warm(connection)
        expect(connection, [(NAME, ("paper",)), (NAME, ("nobody",))])
        trips.clear()
        ask(connection, ADDED, ("one",))
        assert ask(connection, NAME, ("paper",)).fetchall() == [("Paper",)]
        assert ask(connection, NAME, ("nobody",)).fetchone() is None
        assert trips == [3]
        ask(connection, NAME, ("paper",))
        assert trips == [3, 1]


def test_it_is_asked_after_what_is_told(tracker: Tracker) -> None:
    with tracker.database.writing() as connection:
        warm(connection)
        expect(connection, [(COUNTED, ("one",))])
        ask(connection, ADDED, ("one",))
        assert ask(connection, COUNTED, ("one",)).fetchone() == (1,)


CHANGES: dict[str, Callable[[Connection], object]] = {
    "told": lambda connection: ask(connection, ADDED, ("one",)),
    "by SQLAlchemy": lambda connection: connection.execute(
        sa.insert(t.requests).values(id="one", digest="", seq=1)
    ),
    "copied": lambda connection: write_rows(connection, t.requests, [("one", "", 1), ("two", "", 1)]),
}


@pytest.mark.parametrize("how", CHANGES)
def test_an_answer_is_worth_nothing_once_anything_is_changed(tracker: Tracker, how: str) -> None:
    with tracker.database.writing() as connection:
        warm(connection)
        expect(connection, [(COUNTED, ("one",))])
        ask(connection, NAME, ("paper",))
        CHANGES[how](connection)
        assert ask(connection, COUNTED, ("one",)).fetchone() == (1,)


def test_an_answer_is_worth_nothing_in_another_transaction(tracker: Tracker, url: str) -> None:
    with tracker.database.writing() as connection:
        warm(connection)
        expect(connection, [(COUNTED, ("one",))])
        ask(connection, NAME, ("paper",))
    with open_tracker(url, author="colleague") as other, other.database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO requests (id, digest, seq) VALUES ('one', '', 1)")
    with tracker.database.writing() as connection:
        assert ask(connection, COUNTED, ("one",)).fetchone() == (1,)


def test_two_that_write_by_turns_see_what_the_other_has_written(tracker: Tracker, url: str) -> None:
    claims = with_claims(tracker)
    with open_tracker(url, author="colleague", clock=Clock()) as other:
        for _ in range(OFTEN):
            log(tracker, claims)
            log(other, claims)
    assert_sound(tracker, 2 * OFTEN)


def test_what_is_asked_with_the_turn_is_answered_once_it_has_come(tracker: Tracker, url: str) -> None:
    claims = with_claims(tracker)
    with (
        open_tracker(url, author="colleague", clock=Clock()) as other,
        reach(url) as watching,
        ThreadPoolExecutor(1) as aside,
    ):
        log(other, claims, times=OFTEN)
        with tracker.act():
            first = tracker.log(CLAIMS[-1], source="paper", stance="supports")
            second = aside.submit(other.log, CLAIMS[-1], source="paper", stance="denies")
            while not (second.done() or watching.execute(WAITING).fetchall()):
                time.sleep(0.01)
    assert (first.key, second.result().key) == (f"{CLAIMS[-1]}.paper", f"{CLAIMS[-1]}.paper-2")
    assert tracker.audit().problems == ()


def test_who_does_not_get_the_turn_is_told_and_can_go_on(tracker: Tracker, url: str) -> None:
    claims = with_claims(tracker)
    with open_tracker(with_query(url, timeout="0.2"), author="colleague", clock=Clock()) as other:
        log(other, claims, times=OFTEN)
        with tracker.database.writing(), pytest.raises(Locked):
            log(other, iter(CLAIMS))
        log(other, claims)
    assert_sound(tracker, OFTEN + 1)


@pytest.mark.parametrize("message", range(4))
def test_a_connection_that_is_lost_is_told_and_leaves_no_half_act(
    tracker: Tracker, url: str, monkeypatch: pytest.MonkeyPatch, message: int
) -> None:
    claims = with_claims(tracker)
    log(tracker, claims, times=OFTEN + 2)
    at = iter(range(100))

    def cut_off(real: Callable[..., Any]) -> Callable[..., Any]:
        def told(*given: Any) -> Any:
            if next(at) == message:
                end_all_others(url)
            return real(*given)

        return told

    with monkeypatch.context() as patch:
        for name in ("_told", "_result"):
            patch.setattr(prepared, name, cut_off(getattr(prepared, name)))
        if message == 0:  # nothing was begun yet: it is tried again
            log(tracker, claims)
        else:
            with pytest.raises(Unreachable):
                log(tracker, iter(CLAIMS[OFTEN + 2 :]), times=1)
    log(tracker, claims)
    assert_sound(tracker, OFTEN + 3 + (message == 0))


def end_all_others(url: str) -> None:
    """As a restart of the server does."""
    ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    with reach(url) as connection:
        connection.execute(f"{ended} AND pid <> pg_backend_pid()".encode())


@pytest.mark.parametrize("at", ["first", "along"])
def test_a_fault_of_one_of_several_is_told_and_the_connection_goes_on(tracker: Tracker, at: str) -> None:
    divided = "SELECT 1 / (length(?::text) - 5)"
    claims = with_claims(tracker)
    with tracker.database.writing() as connection:
        warm(connection)
        for _ in range(OFTEN):
            ask(connection, divided, ("four",))
    asked = [(NAME, ("paper",)), (divided, ("paper",))]
    expected, told = (asked, (COUNTED, ("one",))) if at == "along" else (asked[:1], asked[1])

    def act() -> None:
        with tracker.database.writing() as connection:
            expect(connection, expected)
            ask(connection, *told)

    with pytest.raises(StoreError):
        act()
    log(tracker, claims)
    assert tracker.status(CLAIMS[0]).evidence == 1


def test_an_old_library_is_asked_one_thing_after_the_other(
    url: str, monkeypatch: pytest.MonkeyPatch, trips: list[int]
) -> None:
    monkeypatch.setattr(prepared, "can_be_told_several", lambda: False)
    with open_tracker(url, author="desk", clock=Clock()) as tracker:
        log(tracker, with_claims(tracker), times=2 * OFTEN)
        assert set(trips) == {1}
        assert_sound(tracker, 2 * OFTEN)
