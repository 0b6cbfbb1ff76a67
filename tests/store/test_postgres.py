"""PostgreSQL: who may write when, what is said when it fails, and what must never be said."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from claims.errors import BadValue
from tests.conftest import TEMPLATES, Clock
from tests.support.cutting import at_step, cut
from tests.support.dump import dump
from tests.support.newsroom import furnish
from tests.support.pgserver import Server
from tests.support.postgres import reach, text_of
from tracker.app import create_tracker, open_tracker
from tracker.errors import Collided, Locked, NotAllowed, NoTracker, ReadOnly, StoreError, Unreachable
from tracker.store import postgres as dialect
from tracker.store import tables as t
from tracker.store.loading import begin_loading, load_columns
from tracker.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.postgres import Databases
    from tracker.app import Tracker

pytestmark = pytest.mark.on_postgres

SECRET = "correct-horse-battery"


@pytest.fixture
def url(postgres: Databases) -> Iterator[str]:
    """A tracker that holds a few records."""
    made = postgres.borrow(postgres.template("empty", TEMPLATES["empty"]))
    with opened(made) as tracker:
        furnish(tracker)
    yield made
    postgres.give_back(made)


@pytest.fixture
def fresh(postgres: Databases) -> Iterator[str]:
    """A database with nothing in it."""
    made = postgres.make()
    yield made
    postgres.drop(made)


def opened(url: str, **options: object) -> Tracker:
    return open_tracker(url, author="desk", clock=Clock(), **options)


def with_query(url: str, **query: str) -> str:
    return text_of(sa.make_url(url).update_query_dict(query))


def deny(url: str) -> None:
    """Log one piece of evidence."""
    with opened(url) as tracker:
        tracker.log("mayor-killed", source="rebels", stance="denies")


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command, in a process of its own."""
    kept = {
        "PATH": os.environ["PATH"],
        "TRACKER_AUTHOR": "desk",
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
    }
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        env=kept | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


@contextmanager
def unchanged(url: str) -> Iterator[None]:
    """Whatever happens within: all tables are the same afterwards, and the journal verifies."""
    with opened(url) as tracker:
        before = dump(tracker)
    yield
    with opened(url) as tracker:
        assert dump(tracker) == before
        assert tracker.audit().problems == ()


@contextmanager
def another_writer(url: str) -> Iterator[None]:
    """While this lasts, nobody else can write."""
    with reach(url, autocommit=False) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (dialect.LOCK,))
        yield
        connection.rollback()


class TestWritersTakeTurns:
    def test_one_waits_as_long_as_the_url_says_and_then_gives_up(self, url: str) -> None:
        with unchanged(url), another_writer(url), pytest.raises(Locked, match="another program is writing"):
            deny(with_query(url, timeout="0.2"))

    def test_or_not_at_all(self, url: str) -> None:
        with another_writer(url), pytest.raises(Locked):
            deny(with_query(url, timeout="0"))

    @pytest.mark.parametrize("nonsense", ["soon", "-1", "nan"])
    def test_what_is_no_time_is_refused(self, url: str, nonsense: str) -> None:
        with pytest.raises(BadValue, match="not a time to wait"):
            opened(with_query(url, timeout=nonsense))

    def test_a_writer_who_is_let_in_while_waiting_writes(self, url: str) -> None:
        with another_writer(url):
            waiting = threading.Thread(target=deny, args=[url])
            waiting.start()
            waiting.join(timeout=0.3)
            assert waiting.is_alive()
        waiting.join(timeout=20)
        with opened(url) as tracker:
            assert tracker.status("mayor-killed").opposing_lines == 1

    def test_readers_do_not_wait(self, url: str) -> None:
        with another_writer(url), opened(url) as tracker:
            assert tracker.status("mayor-killed").evidence == 1

    def test_a_reader_sees_one_state_from_beginning_to_end(self, url: str) -> None:
        with opened(url) as tracker, tracker.reading() as reader:
            before = reader.evidence_on(["mayor-killed"])
            deny(url)
            assert reader.evidence_on(["mayor-killed"]) == before

    def test_who_only_reads_writes_nothing_even_by_mistake(self, url: str) -> None:
        with opened(url) as tracker, pytest.raises(ReadOnly), tracker.reading() as reader:
            reader.connection.execute(sa.delete(t.evidence))

    def test_an_upgrade_waits_its_turn_too(self, fresh: str) -> None:
        with another_writer(fresh), pytest.raises(Locked):
            create_tracker(with_query(fresh, timeout="0.2"))
        with pytest.raises(NoTracker):
            opened(fresh)


class TestALostConnection:
    @pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.slow)])
    def test_an_act_that_loses_its_connection_at_any_step_leaves_nothing(self, url: str, every: int) -> None:
        with opened(url) as tracker:
            before = dump(tracker)
            for point in range(1, 500, every):
                with at_step(tracker, point, cut(url)) as count, suppress(Unreachable):
                    tracker.log("mayor-killed", source="rebels", stance="denies")
                    break
                assert dump(tracker) == before, point
            assert 10 < count[0] < point
            assert tracker.audit().problems == ()

    def test_it_is_said_in_words_and_the_next_act_finds_a_new_one(self, url: str) -> None:
        with opened(url) as tracker:
            with at_step(tracker, 8, cut(url)), pytest.raises(Unreachable) as caught:
                tracker.log("mayor-killed", source="rebels", stance="denies")
            assert caught.value.exit_status == 6
            assert "does not answer" in caught.value.message
            assert "tracker audit log" in caught.value.hint
            tracker.log("mayor-killed", source="rebels", stance="denies")

    def test_nobody_misses_one_that_is_lost_once_all_is_answered(self, url: str) -> None:
        with open_tracker(url) as tracker:
            with tracker.database.reading() as connection:
                assert connection.scalar(sa.select(sa.func.count()).select_from(t.claims)) == 2
                cut(url)(connection)
            assert len(tracker.statuses()) == 2

    def test_a_server_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(Unreachable, match="does not answer"):
            opened(f"postgresql+psycopg://desk@/newsroom?host={tmp_path}")

    def test_a_statement_that_takes_longer_than_the_server_allows(self, url: str) -> None:
        hasty = with_query(url, options="-cstatement_timeout=200")
        with unchanged(url), another_writer(url), pytest.raises(StoreError, match="the server stopped"):
            deny(hasty)


class TestWhatTheServerRefuses:
    def test_a_database_that_is_not_there(self, url: str) -> None:
        with pytest.raises(NoTracker) as caught:
            opened(text_of(sa.make_url(url).set(database="tracker_nowhere")))
        assert "createdb" in caught.value.hint

    def test_a_user_that_is_not_there(self, url: str) -> None:
        with pytest.raises(StoreError, match="nobody-here") as caught:
            opened(text_of(sa.make_url(url).set(username="nobody-here")))
        assert "check the user" in caught.value.hint

    def test_a_database_without_a_tracker(self, fresh: str) -> None:
        with pytest.raises(NoTracker, match="holds no tracker"):
            opened(fresh)

    def test_one_who_may_only_read(self, url: str) -> None:
        name = f"reader_of_{sa.make_url(url).database}"
        with reach(url) as connection:
            connection.execute(f"CREATE ROLE {name} LOGIN".encode())
            with pytest.raises(NotAllowed) as refused:
                opened(text_of(sa.make_url(url).set(username=name)))
            assert "--to reader" in refused.value.hint
            connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}".encode())
        try:
            theirs = text_of(sa.make_url(url).set(username=name))
            with opened(theirs) as tracker:
                assert tracker.status("mayor-killed").evidence == 1
            with unchanged(url), pytest.raises(ReadOnly, match="permission denied"):
                deny(theirs)
        finally:
            with reach(url) as connection:
                connection.execute(f"DROP OWNED BY {name}; DROP ROLE {name}".encode())

    def test_a_server_that_may_only_be_read(self, url: str) -> None:
        with unchanged(url), pytest.raises(ReadOnly, match="read-only"):
            deny(with_query(url, options="-cdefault_transaction_read_only=on"))

    def test_an_encoding_that_lacks_letters(self, fresh: str, postgres: Databases) -> None:
        poor = text_of(sa.make_url(fresh).set(database=f"{sa.make_url(fresh).database}_poor"))
        with reach(fresh) as connection:
            name = sa.make_url(poor).database
            words = f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'"
            connection.execute(words.encode())
        try:
            with pytest.raises(StoreError, match="SQL_ASCII"):
                create_tracker(poor)
        finally:
            postgres.drop(poor)

    def test_half_a_character_or_none(self, url: str) -> None:
        with opened(url) as tracker:
            for text in ("mayor\x00killed", "mayor\ud800killed"):
                with pytest.raises(BadValue):
                    tracker.show(text)
                with pytest.raises(BadValue):
                    tracker.add_claim(f"The {text}", key="nobody")

    def test_an_entry_slipped_in_past_the_lock_is_collided_with(self, url: str) -> None:
        def slip_in(_: sa.Connection) -> None:
            with reach(url) as other:
                other.execute(
                    "INSERT INTO journal"
                    " SELECT seq + 1, seq + 1, recorded_at, author, act, subject, body, leaf"
                    " FROM journal ORDER BY seq DESC LIMIT 1"
                )

        with opened(url) as tracker, at_step(tracker, 6, slip_in), pytest.raises(Collided):
            tracker.log("mayor-killed", source="rebels", stance="denies")


class TestNoPasswordIsShown:
    @pytest.fixture
    def locked_in(self, url: str) -> tuple[str, ...]:
        """The URL with a password in its place, and as a part of the query."""
        return (
            text_of(sa.make_url(url).set(password=SECRET)),
            with_query(url, password=SECRET),
            with_query(url, options=f"-capplication_name=password={SECRET}"),
        )

    def test_not_in_what_a_database_is_called(self, locked_in: tuple[str, ...]) -> None:
        for place in locked_in:
            with opened(place) as tracker:
                assert SECRET not in tracker.database.name
                assert "***" in tracker.database.name
                assert SECRET not in str(tracker.doctor())
                assert SECRET in tracker.database.url

    def test_not_in_what_goes_wrong(self, locked_in: tuple[str, ...], tmp_path: Path) -> None:
        for place in locked_in:
            told = []
            for wrong in (
                text_of(sa.make_url(place).set(database="tracker_nowhere")),
                with_query(place, host=str(tmp_path)),
                with_query(place, sslmode="nonsense"),
                with_query(place, no_such_option="1"),
                with_query(place, timeout="soon"),
                place.replace("postgresql+psycopg", "postgresql+nodriver"),
                place.replace("postgresql+psycopg", "oracle"),
                place.replace("/tracker_test", ":port/tracker_test"),
            ):
                with pytest.raises((StoreError, BadValue)) as caught:
                    opened(wrong)
                told.append(f"{caught.value} {caught.value.hint}")
            with another_writer(place), pytest.raises(Locked) as locked:
                deny(with_query(place, timeout="0"))
            assert SECRET not in f"{told} {locked.value}"

    @pytest.mark.parametrize(
        "url",
        [
            f"postgresql:desk:{SECRET}",
            "postgres:desk:geheim@db.example.org/newsroom",
            "POSTGRESQL+psycopg:desk:geheim@db.example.org/newsroom",
            "host=db.example.org user=desk password=geheim",
            "dbname=newsroom passwd = geheim",
            "file:newsroom?password=geheim",
            "postgresql+psycopg//desk:geheim@db.example.org/newsroom",
            "desk:geheim@db.example.org/newsroom",
            "postgresql://desk:geheim@extra@db.example.org/newsroom",
            "postgresql://desk:gehe/im@db.example.org/newsroom",
            "postgresql://desk:gehe?im@db.example.org/newsroom",
            "postgresql://desk:gehe?im=1@db.example.org/newsroom",
            "postgresql://desk:gehe#im@extra@db.example.org/newsroom",
        ],
    )
    def test_not_in_a_url_with_its_signs_in_the_wrong_place(self, url: str) -> None:
        with pytest.raises((BadValue, StoreError)) as caught:
            opened(url)
        assert "gehe" not in f"{caught.value} {caught.value.hint}"  # type: ignore[attr-defined]
        assert SECRET not in f"{caught.value} {caught.value.hint}"  # type: ignore[attr-defined]

    @pytest.mark.slow
    def test_not_by_any_command_nor_in_the_journal(self, locked_in: tuple[str, ...], fresh: str) -> None:
        said = ""
        place = text_of(sa.make_url(fresh).set(password=SECRET))
        for words in (["demo"], ["init"], ["status"], ["doctor"], ["audit", "verify"], ["db", "upgrade"]):
            for debug in ({}, {"TRACKER_DEBUG": "1"}):
                done = run(*words, "--db", place, **debug)
                said += done.stdout + done.stderr
        for words in (["init"], ["log", "nobody", "--source", "x", "--stance", "denies"]):
            done = run(*words, "--db", with_query(locked_in[0], no_such_option="1"), TRACKER_DEBUG="1")
            said += done.stdout + done.stderr
        assert "no_such_option" in said
        assert "***" in said
        assert SECRET not in said
        with opened(place) as tracker:
            assert SECRET not in str(dump(tracker))


class TestTheTables:
    def test_text_goes_by_its_bytes_and_has_no_length(self, url: str) -> None:
        with reach(url) as connection:
            found = connection.execute(
                "SELECT table_name, column_name, data_type, collation_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
                " AND data_type IN ('text', 'character varying')"
            ).fetchall()
        assert len(found) > 60
        assert {row[2:] for row in found} == {("text", "C")}

    def test_keys_that_sqlite_takes_are_not_too_long(self, url: str) -> None:
        long = "k" * 78
        with opened(url) as tracker:
            tracker.add_source("Somebody", key=f"s{long}")
            for number in (1, 2):
                tracker.add_claim("Something", key=f"{long}{number}")
                tracker.log(f"{long}{number}", source=f"s{long}", stance="supports")
            tracker.link(f"{long}1", "contradicts", f"{long}2", reason="one or the other")
            assert tracker.audit().problems == ()

    def test_a_table_changed_behind_the_journals_back_is_found_and_made_anew(self, url: str) -> None:
        with reach(url) as connection:
            connection.execute("UPDATE statuses SET status = 'confirmed', likelihood = 0.99")
            connection.execute("DELETE FROM evidence")
            connection.execute("DROP TABLE entity_names")
        with opened(url) as tracker:
            assert any("entity_names is missing" in what for _, what in tracker.doctor())
            tracker.rebuild()
            assert tracker.audit().problems == ()

    def test_every_change_behind_the_journals_back_is_named(self, url: str) -> None:
        with reach(url) as connection:
            connection.execute("UPDATE statuses SET likelihood = 0.99 WHERE claim = 'mayor-killed'")
            connection.execute("DELETE FROM evidence")
            connection.execute(
                "INSERT INTO sources (key, name, folded, type, withdrawn)"
                " VALUES ('ghost', 'G', 'g', 'other', false)"
            )
        with opened(url) as tracker:
            problems = tracker.audit().problems
        assert "table statuses, row mayor-killed: likelihood is not what the journal says" in problems
        assert "table sources, row ghost: it follows from no entry of the journal" in problems
        assert any(problem.endswith("missing, though the journal records it") for problem in problems)

    def test_an_edited_entry_is_found(self, url: str) -> None:
        with reach(url) as connection:
            connection.execute("UPDATE journal SET body = replace(body, 'killed', 'wounded') WHERE seq = 5")
        with opened(url) as tracker:
            assert tracker.audit().problems[0].startswith("entry 5: its hash does not match its text")


class TestAConnection:
    @pytest.mark.parametrize(("given", "shown"), [({}, "tracker"), ({"application_name": "desk"}, "desk")])
    def test_bears_the_name_of_the_program_unless_the_url_has_another(
        self, url: str, given: dict[str, str], shown: str
    ) -> None:
        with opened(with_query(url, **given)) as tracker, tracker.reading() as read:
            assert read.connection.exec_driver_sql("SHOW application_name").scalar() == shown


class TestDoctor:
    def test_says_which_server_it_is(self, url: str) -> None:
        with opened(url) as tracker:
            assert any(what.split(": ")[-1].startswith("postgresql ") for _, what in tracker.doctor())

    @pytest.mark.parametrize("setting", ["on", "off"])
    def test_warns_of_a_server_that_forgets_what_it_acknowledged(self, url: str, setting: str) -> None:
        name = sa.make_url(url).database
        with reach(url) as connection:
            connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = {setting}".encode())
        try:
            with opened(url) as tracker:
                warned = [what for how, what in tracker.doctor() if how == "warning"]
        finally:
            with reach(url) as connection:
                connection.execute(f"ALTER DATABASE {name} RESET synchronous_commit".encode())
        assert any("synchronous_commit = off" in what for what in warned) is (setting == "off")


@pytest.mark.slow
class TestAServerThatComesAndGoes:
    def test_a_command_says_so_and_the_next_one_works(self) -> None:
        server = Server()
        try:
            with reach(server.url()) as connection:
                connection.execute("CREATE DATABASE newsroom")
            url = text_of(server.url("newsroom"))
            with create_tracker(url, author="desk", clock=Clock()) as tracker:
                furnish(tracker)
                with at_step(tracker, 12, lambda _: server.stop()), pytest.raises(Unreachable):
                    tracker.log("mayor-killed", source="rebels", stance="denies")
                with pytest.raises(Unreachable):
                    tracker.statuses()
                server.start()
                assert tracker.audit().problems == ()
                assert tracker.status("mayor-killed").opposing_lines == 0
                tracker.log("mayor-killed", source="rebels", stance="denies")
                assert tracker.status("mayor-killed").opposing_lines == 1
        finally:
            server.close()
        assert not server.folder.exists()

    def test_one_that_is_only_coming_up_is_waited_for(self) -> None:
        server = Server()
        try:
            with reach(server.url()) as connection:
                connection.execute("CREATE DATABASE newsroom")
            url = text_of(server.url("newsroom"))
            create_tracker(url, author="desk").close()
            victim = reach(url)
            os.kill(victim.info.backend_pid, 9)  # the server cuts everybody off, and recovers
            begun = time.monotonic()
            while time.monotonic() - begun < 10:
                with suppress(Unreachable), opened(url) as tracker:
                    tracker.add_source("Somebody")
                    break
            victim.close()
            with opened(url) as tracker:
                assert tracker.audit().problems == ()
                assert len(tracker.sources()) == 1
        finally:
            server.close()


def test_the_tables_that_are_there_are_those_of_the_program(url: str) -> None:
    with reach(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert {str(name) for (name,) in found} == {*metadata.tables, "alembic_version"}


def test_what_has_grown_within_a_transaction_is_looked_up_by_an_index(url: str) -> None:
    """Of tables that have just begun to grow the server would read every row, each time anew."""
    asked = "EXPLAIN SELECT key FROM claims WHERE external_id = ANY(array['x3', 'x4'])"
    claim = {"kind": "event", "text": "t", "folded": "t", "withdrawn": False, "recorded_at": ""}
    with opened(url) as tracker:
        for ready, wanted in ((False, "Seq Scan"), (True, "Index Scan")):
            with tracker.database.writing() as connection:
                end = begin_loading(connection) if ready else None
                names = [f"{wanted} {n}" for n in range(40)]
                rows = [
                    {"key": f"c {each}", "external_id": each, "seq": 100 + 2 * n + ready}
                    for n, each in enumerate(names)
                ]
                load_columns(connection, t.claims, [claim | row for row in rows])
                assert wanted in " ".join(connection.scalars(sa.text(asked)))
            if end is not None:
                end()
        with tracker.database.reading() as connection:
            assert connection.exec_driver_sql("SHOW enable_seqscan").scalar() == "on"
