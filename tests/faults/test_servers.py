"""What befalls a PostgreSQL server or the way to it, in the middle of a command: one clear error, no half
of an act, and the next try goes through."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from claims.errors import ClaimsError
from tests.conftest import TEMPLATES, Clock
from tests.support.commands import CommandLine
from tests.support.cutting import at_commit, at_step, cut
from tests.support.dump import dump
from tests.support.newsroom import furnish
from tests.support.pgserver import Server
from tests.support.postgres import reach, text_of
from tests.support.proxy import Proxy
from tests.support.standby import follow
from tracker.app import create_tracker, open_tracker
from tracker.errors import AlreadyRecorded, Locked, ReadOnly, StoreError, Uncertain, Unreachable
from tracker.store.postgres import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.postgres import Databases
    from tracker.app import Tracker

pytestmark = [pytest.mark.on_postgres, pytest.mark.slow]


KEPT = b"COMMIT\0"
"""What the server is told to keep an act."""


def opened(url: str) -> Tracker:
    return open_tracker(url, author="desk", clock=Clock())


def deny(tracker: Tracker) -> None:
    tracker.log("mayor-killed", source="rebels", stance="denies")


def deny_slowly(tracker: Tracker) -> None:
    with tracker.act():
        deny(tracker)
        time.sleep(0.6)


def with_query(url: str, **query: str) -> str:
    return text_of(sa.make_url(url).update_query_dict(query))


@pytest.fixture
def url(postgres: Databases) -> Iterator[str]:
    """A newsroom on the server of this run."""
    made = postgres.borrow(postgres.template("empty", TEMPLATES["empty"]))
    with opened(made) as tracker:
        furnish(tracker)
    yield made
    postgres.give_back(made)


@contextmanager
def role(url: str, *settings: str) -> Iterator[str]:
    """The URL for somebody for whom the server has settings."""
    name = f"role_of_{sa.make_url(url).database}"
    with reach(url) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN SUPERUSER".encode())
        for setting in settings:
            connection.execute(f"ALTER ROLE {name} {setting}".encode())
    try:
        yield text_of(sa.make_url(url).set(username=name))
    finally:
        with reach(url) as connection:
            connection.execute(f"DROP ROLE {name}".encode())


@contextmanager
def unchanged(url: str) -> Iterator[None]:
    """Whatever happens within: nothing of it was kept, and afterwards the same act goes through, once."""
    with opened(url) as tracker:
        before = dump(tracker)
    yield
    with opened(url) as tracker:
        assert dump(tracker) == before
        assert tracker.audit().problems == ()
        deny(tracker)
        assert tracker.status("mayor-killed").opposing_lines == 1


class TestTheConnectionIsCut:
    def test_while_nobody_uses_it_nobody_notices(self, url: str) -> None:
        with opened(url) as tracker:
            for act in (tracker.statuses, tracker.sources, lambda: deny(tracker)):
                with reach(url) as other:
                    other.execute(
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                        " WHERE application_name = 'tracker' AND datname = current_database()"
                    )
                act()

    @pytest.mark.parametrize("point", [1, 2, 5, 9])
    def test_while_something_is_read(self, url: str, point: int) -> None:
        with opened(url) as tracker:
            right = tracker.why("mayor-killed")
            with at_step(tracker, point, cut(url)), pytest.raises(Unreachable) as caught:
                tracker.why("mayor-killed")
            assert caught.value.exit_status == 6
            assert tracker.why("mayor-killed") == right

    def test_while_it_waits_for_its_turn(self, url: str) -> None:
        """It asks again by itself: nothing was asked for yet but the turn."""
        with opened(url) as tracker, reach(url, autocommit=False) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            waiting = threading.Thread(target=deny, args=[tracker])
            waiting.start()
            with reach(url) as third:
                waits = "wait_event = 'advisory' AND datname = current_database()"
                while not third.execute(f"SELECT 1 FROM pg_stat_activity WHERE {waits}".encode()).fetchone():
                    time.sleep(0.02)
                ends = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {waits}"
                third.execute(ends.encode())
            other.rollback()
            waiting.join(30)
            assert tracker.status("mayor-killed").opposing_lines == 1

    def test_at_the_moment_of_keeping(self, url: str) -> None:
        with (
            unchanged(url),
            opened(url) as tracker,
            at_commit(tracker, cut(url)),
            pytest.raises(Unreachable),
        ):
            deny(tracker)

    def test_after_it_was_kept_and_before_that_was_said(self, url: str) -> None:
        with Proxy(sa.make_url(url)) as way, opened(way.url(url)) as tracker:
            way.cut_on = KEPT
            deny(tracker)  # it looks, and finds it
            assert tracker.status("mayor-killed").opposing_lines == 1
        with opened(url) as tracker:
            assert len(tracker.entries()) == 8

    def test_and_then_the_server_cannot_be_asked(self, url: str) -> None:
        with Proxy(sa.make_url(url)) as way:
            named = {"request": "7f3a", "asked": "to deny it"}
            with open_tracker(way.url(url), author="desk", clock=Clock(), **named) as tracker:
                way.cut_on, way.after = KEPT, "closed"
                with pytest.raises(Uncertain, match="whether it was is not known") as caught:
                    deny(tracker)
            assert "--request 7f3a" in caught.value.hint
            way.closed = False
            again = open_tracker(way.url(url), author="desk", clock=Clock(), **named)
            with again, pytest.raises(AlreadyRecorded):
                deny(again)
        with opened(url) as tracker:
            assert len(tracker.entries()) == 8


class TestTheServerSaysNothing:
    def test_a_machine_that_takes_connections_and_never_answers(self, url: str) -> None:
        with Proxy(sa.make_url(url)) as way:
            way.silent = True
            begun = time.monotonic()
            with pytest.raises(Unreachable, match="does not answer"):
                opened(way.url(url, connect_timeout="2"))
            assert time.monotonic() - begun < 8

    def test_every_connection_watches_whether_the_other_side_is_there(self, url: str) -> None:
        names = ("connect_timeout", "keepalives_idle", "tcp_user_timeout")
        for said, right in (({}, ["10", "30", "60000"]), ({"connect_timeout": "3"}, ["3", "30", "60000"])):
            with Proxy(sa.make_url(url)) as way, opened(way.url(url, **said)) as tracker:
                with tracker.reading() as reader:
                    driver = reader.connection.connection.driver_connection
                    assert driver is not None
                    told = driver.info.get_parameters()
                assert [told[name] for name in names] == right


class TestTheServerStopsIt:
    def test_a_statement_that_takes_too_long(self, url: str) -> None:
        with (
            role(url, "SET statement_timeout = '250ms'") as theirs,
            unchanged(url),
            opened(theirs) as tracker,
            reach(url, autocommit=False) as other,
        ):
            other.execute("LOCK TABLE evidence IN ACCESS EXCLUSIVE MODE")
            for act in (lambda: deny(tracker), lambda: tracker.why("mayor-killed")):
                with pytest.raises(StoreError, match="the server stopped") as caught:
                    act()
                assert "statement_timeout" in caught.value.hint
                assert caught.value.exit_status == 6
            other.rollback()

    def test_a_role_may_not_shorten_the_wait_for_a_turn(self, url: str) -> None:
        with role(url, "SET lock_timeout = '1ms'") as theirs, unchanged(url):
            hasty = with_query(theirs, timeout="0.4")
            with opened(hasty) as tracker, reach(url, autocommit=False) as other:
                other.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
                begun = time.monotonic()
                with pytest.raises(Locked):
                    deny(tracker)
                assert time.monotonic() - begun > 0.35
                other.rollback()

    def test_a_table_that_somebody_else_holds(self, url: str) -> None:
        with (
            unchanged(url),
            opened(with_query(url, timeout="0.2")) as tracker,
            reach(url, autocommit=False) as other,
        ):
            other.execute("LOCK TABLE evidence IN ACCESS EXCLUSIVE MODE")
            for act in (lambda: deny(tracker), lambda: tracker.why("mayor-killed")):
                with pytest.raises(Locked):
                    act()
            other.rollback()

    def test_an_act_that_stands_still_for_too_long(self, url: str) -> None:
        setting = "SET idle_in_transaction_session_timeout = '200ms'"
        with role(url, setting) as theirs, unchanged(url), opened(theirs) as tracker:
            with pytest.raises(StoreError, match="the server stopped") as caught:
                deny_slowly(tracker)
            assert "idle_in_transaction_session_timeout" in caught.value.hint

    def test_too_many_connections(self, url: str) -> None:
        with role(url, "NOSUPERUSER CONNECTION LIMIT 0") as theirs:
            with pytest.raises(StoreError, match="has no connection free") as caught:
                opened(theirs)
            assert "later" in caught.value.hint
            assert not isinstance(caught.value, Unreachable)

    def test_a_database_that_is_dropped_meanwhile(self, postgres: Databases) -> None:
        made = postgres.make(postgres.template("empty", TEMPLATES["empty"]))
        with opened(made) as tracker:
            with at_step(tracker, 3, lambda _: postgres.drop(made)), pytest.raises(StoreError):
                tracker.add_source("Somebody")
            with pytest.raises(StoreError, match="is not there"):
                tracker.statuses()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that may be stopped, and writes through to its disk."""
    made = Server(())
    with reach(made.url()) as connection:
        connection.execute("CREATE DATABASE newsroom")
    with create_tracker(text_of(made.url("newsroom")), author="desk", clock=Clock()) as tracker:
        furnish(tracker)
    yield made
    made.close()


WAYS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class TestTheServerIsRestarted:
    @pytest.mark.parametrize(
        ("how", "point"), [("fast", 1), ("fast", "commit"), ("immediate", 5), ("immediate", "commit")]
    )
    def test_in_the_middle_of_an_act(self, server: Server, how: str, point: int | str) -> None:
        url = text_of(server.url("newsroom"))

        def restart(_: sa.Connection) -> None:
            server.stop(WAYS[how])
            server.start()

        with opened(url) as tracker:
            before = dump(tracker)
            in_the_middle = (
                at_commit(tracker, restart) if isinstance(point, str) else at_step(tracker, point, restart)
            )
            with in_the_middle, pytest.raises(Unreachable):
                tracker.add_source(f"Source {how} {point}")
            assert dump(tracker) == before
            tracker.add_source(f"Source {how} {point}")
            assert tracker.audit().problems == ()

    def test_and_is_not_there_yet(self, server: Server) -> None:
        shell = CommandLine(text_of(server.url("newsroom")))
        server.stop(signal.SIGINT)
        try:
            for words in (["status"], ["source", "add", "Somebody"], ["db", "backup", "x"], ["db", "vacuum"]):
                done = shell.run(*words)
                assert (done.returncode, done.stdout) == (6, "")
                assert done.stderr.startswith("error[unreachable]: the server of ")
                assert done.stderr.count("\n") == 2
        finally:
            server.start()
        assert shell.run("status").returncode == 0


class TestFailover:
    def test_to_a_standby_that_takes_over(self) -> None:
        """A real one, fed by streaming replication, with which the first server is in step."""
        primary = Server(())
        standby = None
        try:
            with reach(primary.url()) as connection:
                connection.execute("CREATE DATABASE newsroom")
            with create_tracker(text_of(primary.url("newsroom")), author="desk", clock=Clock()) as tracker:
                furnish(tracker)
            standby = follow(primary)
            self.read_and_do_not_write(text_of(standby.url("newsroom")))
            url = text_of(standby.both(primary, "newsroom"))
            with opened(url) as tracker:
                tracker.add_source("Before the failover")
                before = dump(tracker)

                def fail_over(_: sa.Connection) -> None:
                    primary.stop(signal.SIGQUIT)
                    assert standby is not None
                    standby.promote()

                with at_step(tracker, 9, fail_over), pytest.raises(Unreachable):
                    deny(tracker)
                assert dump(tracker) == before
                assert tracker.audit().problems == ()
                deny(tracker)
                assert tracker.status("mayor-killed").opposing_lines == 1
                assert not any("standby" in what for _, what in tracker.doctor())
        finally:
            for each in (standby, primary):
                if each is not None:
                    each.close()

    def read_and_do_not_write(self, url: str) -> None:
        with opened(url) as tracker:
            assert tracker.audit().problems == ()
            assert tracker.check_database().exit_status == 0
            assert any("is a standby" in what for how, what in tracker.doctor() if how == "warning")
            for act in (lambda: deny(tracker), tracker.rebuild, tracker.vacuum):
                with pytest.raises(ReadOnly) as caught:
                    act()
                assert caught.value.exit_status == 6
            with pytest.raises(ReadOnly, match="read-only") as caught:
                deny(tracker)
            assert "target_session_attrs=read-write" in caught.value.hint
        shell = CommandLine(url)
        done = shell.run("source", "add", "Somebody", TRACKER_AUTHOR="desk")
        assert done.returncode == 6
        assert done.stderr.startswith("error[read-only]")


def test_a_server_that_forgets_what_it_said_it_holds_is_never_half(server: Server) -> None:
    """Many writers, and the server dies under them: every act is whole."""
    url = text_of(server.url("newsroom"))
    stop = time.monotonic() + 1.5

    def write(number: int) -> None:
        with suppress(ClaimsError), opened(url) as tracker:
            while time.monotonic() < stop:
                with tracker.act():
                    key = f"{number}-{os.urandom(4).hex()}"
                    tracker.add_source(f"One {key}", key=f"one-{key}")
                    tracker.add_source(f"Two {key}", key=f"two-{key}")

    writers = [threading.Thread(target=write, args=[number]) for number in range(4)]
    for writer in writers:
        writer.start()
    time.sleep(0.8)
    server.stop(signal.SIGQUIT)
    server.start()
    for writer in writers:
        writer.join(30)
    with opened(url) as tracker:
        assert tracker.audit().problems == ()
        keys = {source.key for source in tracker.sources()}
        assert {key.replace("one-", "two-") for key in keys if key.startswith("one-")} <= keys
