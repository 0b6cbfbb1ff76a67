"""No password is anywhere that anybody could see it: not in what commands say, keep, or start."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from tests.conftest import Clock
from tests.support.commands import CommandLine
from tests.support.dump import dump
from tests.support.newsroom import furnish
from tests.support.pgserver import Server, binaries
from tests.support.postgres import reach, text_of
from tracker.app import create_tracker, open_tracker
from tracker.app.reading import Questions
from tracker.cli.main import COMMANDS
from tracker.store import pgfaults, postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.on_postgres, pytest.mark.slow]

MARK = "Zx9q7"
"""What is looked for: whatever is done to the signs around it, it stays as it is."""
SECRET = f"p@ss:w/rd%{MARK}'\\ "
WRONG = f"wr@ng:w/rd%{MARK}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that asks one of its users for a password."""
    made = Server()
    with reach(made.url()) as connection:
        connection.execute("SET password_encryption = 'scram-sha-256'")
        literal = SECRET.replace("'", "''")
        connection.execute(f"CREATE ROLE desk LOGIN CREATEDB PASSWORD '{literal}'".encode())
        connection.execute("CREATE DATABASE newsroom OWNER desk")
        rules = made.folder / "data" / "pg_hba.conf"
        rules.write_text("local all desk scram-sha-256\nlocal all all trust\n", "utf-8")
        connection.execute("SELECT pg_reload_conf()")
    with create_tracker(text_of(made.url("newsroom").set(username="desk", password=SECRET))) as tracker:
        furnish(tracker)
    yield made
    made.close()


@dataclass(frozen=True)
class Told:
    """How the password is told: the URL, and what the environment has."""

    url: str
    environment: dict[str, str]


def at(server: Server) -> sa.URL:
    """The tracker, without a password."""
    return server.url("newsroom").set(username="desk")


def in_its_place(server: Server, folder: Path, secret: str) -> Told:
    return Told(text_of(at(server).set(password=secret)), {})


def in_the_query(server: Server, folder: Path, secret: str) -> Told:
    # Each sign in its own way, as a person may write it.
    odd = "".join(f"%{ord(c):02x}" if c in "%'\\ :@/" else c for c in secret)
    return Told(f"{text_of(at(server))}&password={odd}&sslpassword={odd}", {})


def in_the_environment(server: Server, folder: Path, secret: str) -> Told:
    return Told(text_of(at(server)), {"PGPASSWORD": secret})


def in_a_passfile(server: Server, folder: Path, secret: str) -> Told:
    file = folder / "passwords"
    escaped = secret.replace("\\", "\\\\").replace(":", "\\:")
    file.write_text(f"*:*:*:desk:{escaped}\n", "utf-8")
    file.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return Told(text_of(at(server).update_query_dict({"passfile": str(file)})), {})


def in_a_service(server: Server, folder: Path, secret: str) -> Told:
    file = folder / "services"
    # Such a file keeps no blank at the end of a line.
    told = in_a_passfile(server, folder, secret)
    query = sa.make_url(told.url).query
    lines = ["[newsroom]", f"host={query['host']}", "user=desk", "dbname=newsroom"]
    file.write_text("\n".join([*lines, f"passfile={query['passfile']}", ""]), "utf-8")
    return Told("postgresql+psycopg://?service=newsroom", {"PGSERVICEFILE": str(file)})


PLACES = {
    "in its place": in_its_place,
    "in the query": in_the_query,
    "in the environment": in_the_environment,
    "in a passfile": in_a_passfile,
    "in a service": in_a_service,
}

SESSION = """
init
status
doctor
demo
source add "Harbour office" --key harbour
entity add "The harbour master" --key master --type person
case add storm --title "The storm"
question add "What sank?" --key sank
claim add "The ferry has sunk" --key ferry --question sank
document add "The log book" --key log-book
document list
log ferry --source harbour --stance supports
log ferry --source nobody --stance supports
withdraw ferry.harbour --mistake --reason "another ferry"
restore ferry.harbour --reason "the same after all"
correct ferry.harbour --stance doubts --reason misread
publish ferry --where print
publications
review
redact ferry.harbour --field note --reason "private" --yes
link ferry contradicts mayor-fled --reason "so it seems"
assess ferry confirmed --reason "seen"
approve ferry
reject ferry --reason "not so"
undo --reason "on second thoughts"
import casebook nowhere.yaml
show ferry
why ferry
history ferry
diff ferry 2018 2019
changes --since 2019
rules
search ferry
export casebook
policy list
audit key newsroom.example.org
audit checkpoint
audit verify
audit log
audit prove 1
journal export
db check
db vacuum
db rebuild
db scrub
db upgrade
db backup newsroom.dump
completion bash
formats
schema casebook
plot claim ferry -o ferry.svg
report pages
token add eve --role logger
token list
serve --host 0.0.0.0
status --db no:such
--version
--help
""".strip().splitlines()


def files_below(folder: Path) -> str:
    """All that was written there, as text."""
    found = [
        path for path in folder.rglob("*") if path.is_file() and path.name not in {"passwords", "services"}
    ]
    return "".join(f"{path} {path.read_bytes().decode('utf-8', 'replace')}" for path in found)


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """PostgreSQL's own programs, which leave word of how they were called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("pg_dump", "pg_restore"):
        real = shutil.which(name) or binaries() / name
        (folder / name).write_text(f'#!/bin/sh\necho "$0 $@" >> {tmp_path}/started\nexec {real} "$@"\n')
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return folder


def command_line(told: Told, home: Path) -> tuple[CommandLine, dict[str, str]]:
    """The command line, and its environment: all that it writes is in one folder."""
    home.mkdir(exist_ok=True)
    data = {"XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config")}
    return CommandLine(told.url), {"HOME": str(home), "TRACKER_AUTHOR": "desk", **data, **told.environment}


def test_every_command_is_tried_here() -> None:
    assert {line.split()[0] for line in SESSION if not line.startswith("-")} >= set(COMMANDS)


def test_by_no_command_nor_in_anything_that_it_writes(server: Server, tmp_path: Path) -> None:
    told = in_its_place(server, tmp_path, SECRET)
    shell, environment = command_line(told, tmp_path / "home")
    said = []
    for line in SESSION:
        words = shlex.split(line)
        done = shell.run(*words, **environment)
        assert done.returncode != 70, (line, done.stderr)
        said.append(done.stdout + done.stderr)
    assert MARK not in "".join(said)
    assert "***" in "".join(said)
    assert (tmp_path / "newsroom.dump").exists()
    assert "pg_dump" in (tmp_path / "started").read_text()
    assert MARK not in files_below(tmp_path)
    with open_tracker(told.url) as tracker:
        assert MARK not in str(dump(tracker))
        assert MARK not in "".join(tracker.export_journal())


@pytest.mark.parametrize("place", PLACES)
def test_wherever_it_is_told_it_lets_us_in_and_is_not_shown(
    server: Server, tmp_path: Path, place: str
) -> None:
    shell, environment = command_line(PLACES[place](server, tmp_path, SECRET), tmp_path / "home")
    said = ""
    for line in ("status", "doctor", "source add Somebody", "db backup newsroom.dump", "audit checkpoint"):
        done = shell.run(*line.split(), TRACKER_DEBUG="1", **environment)
        assert done.returncode == 0 or line.startswith("audit"), (line, done.stderr)
        said += done.stdout + done.stderr
    assert MARK not in said
    assert MARK not in files_below(tmp_path)


@pytest.mark.parametrize("place", PLACES)
def test_a_wrong_one_is_refused_and_not_shown(server: Server, tmp_path: Path, place: str) -> None:
    shell, environment = command_line(PLACES[place](server, tmp_path, WRONG), tmp_path / "home")
    for words in (["status"], ["source", "add", "Somebody"], ["db", "backup", "newsroom.dump"]):
        done = shell.run(*words, TRACKER_DEBUG="1", **environment)
        assert done.returncode == 6
        assert "does not let us in" in done.stderr
        assert MARK not in done.stdout + done.stderr


FAULTS = {
    "no such database": lambda url: url.set(database="nowhere"),
    "no such server": lambda url: url.update_query_dict({"host": "/nowhere"}),
    "no such machine": lambda url: url.update_query_dict({"host": "nowhere.invalid"}),
    "an option that is none": lambda url: url.update_query_dict({"no_such_option": "1"}),
    "a setting that is none": lambda url: url.update_query_dict({"sslmode": "nonsense"}),
    "no time": lambda url: url.update_query_dict({"timeout": "soon"}),
    "no driver": lambda url: url.set(drivername="postgresql+nodriver"),
    "no database of that kind": lambda url: url.set(drivername="oracle"),
    "a misspelt option": lambda url: url.update_query_dict({"Password": SECRET, "sslpasswd": SECRET}),
    "stopped at once": lambda url: url.update_query_dict({"options": "-cstatement_timeout=1"}),
    "read-only": lambda url: url.update_query_dict({"options": "-cdefault_transaction_read_only=on"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_not_in_what_goes_wrong(server: Server, tmp_path: Path, fault: str) -> None:
    url = FAULTS[fault](at(server).set(password=SECRET))
    shell, environment = command_line(Told(text_of(url), {}), tmp_path / "home")
    for words in (["init"], ["status"], ["doctor"], ["db", "backup", "x"], ["claim", "add", "A ship sank"]):
        done = shell.run(*words, TRACKER_DEBUG="1", **environment)
        assert MARK not in done.stdout + done.stderr, words


@pytest.mark.parametrize(
    "secret", [SECRET, WRONG, f"a@{MARK}", f"a/b@{MARK}/c", f"{MARK}:5432@x", f"?{MARK}@"]
)
def test_not_where_it_was_written_as_it_is(server: Server, tmp_path: Path, secret: str) -> None:
    """Signs that mean something in a URL, not written as they must be."""
    url = text_of(at(server)).replace("desk@", f"desk:{secret}@")
    shell, environment = command_line(Told(url, {}), tmp_path / "home")
    for words in (["status"], ["init"], ["doctor"]):
        done = shell.run(*words, TRACKER_DEBUG="1", **environment)
        assert done.returncode in (2, 6), done.stderr
        assert MARK not in done.stdout + done.stderr


def test_not_in_the_config_file_that_cannot_be_read(server: Server, tmp_path: Path) -> None:
    told = in_its_place(server, tmp_path, SECRET)
    home = tmp_path / "home"
    (home / "config" / "tracker").mkdir(parents=True)
    config = home / "config" / "tracker" / "config.toml"
    for text in (f"db = {json.dumps(told.url)}", f"db = [{json.dumps(told.url)}]", f"db = '{told.url}"):
        config.write_text(text + "\n", "utf-8")
        shell, environment = command_line(Told("", {}), home)
        done = shell.run("status", TRACKER_DEBUG="1", **environment)
        assert MARK not in done.stdout + done.stderr, text


def test_not_by_a_bug(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = in_its_place(server, tmp_path, SECRET)
    shell, environment = command_line(told, tmp_path / "home")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("this should not be")

    for place, name in ((Questions, "statuses"), (postgres, "_connected"), (pgfaults, "translate")):
        with monkeypatch.context() as patch:
            patch.setattr(place, name, fail)
            done = shell.run("status", TRACKER_DEBUG="1", **environment)
            if name != "translate":
                assert done.returncode == 70
            assert MARK not in done.stdout + done.stderr


def test_not_by_completion_nor_in_the_list_of_processes(server: Server, tmp_path: Path) -> None:
    told = in_its_place(server, tmp_path, SECRET)
    shell, environment = command_line(told, tmp_path / "home")
    for words in ("tracker show ", f"tracker --db {shlex.quote(told.url)} show "):
        done = shell.process(
            _TRACKER_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD="2", **environment
        )
        assert MARK not in done.stdout + done.stderr
    assert shell.run("db", "backup", "newsroom.dump", **environment).returncode == 0
    started = (tmp_path / "started").read_text()
    assert "--dbname=" in started
    assert MARK not in started
    assert quote(SECRET) not in started


def test_a_connection_that_is_lost_says_nothing_of_it(server: Server, tmp_path: Path) -> None:
    told = in_its_place(server, tmp_path, SECRET)
    with open_tracker(told.url, author="desk", clock=Clock()) as tracker:
        tracker.statuses()
        with reach(server.url()) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tracker'"
            )
        assert MARK not in repr(tracker.database.engine)
        assert MARK not in str(tracker.doctor())
