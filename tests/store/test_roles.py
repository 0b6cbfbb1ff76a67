"""Roles on PostgreSQL, tried as the database users themselves: with the program, and with SQL past it."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import errors

from claims.errors import BadValue, Conflict, NotFound
from tests.conftest import Clock
from tests.support.commands import CommandLine
from tests.support.postgres import reach, text_of
from tracker.app import create_tracker, open_tracker
from tracker.errors import NotAllowed
from tracker.store.guard import LOGGERS, OWNERS, REVIEWERS
from tracker.store.project import ACTS
from tracker.store.roles import check_prefix
from tracker.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.postgres import Databases
    from tracker.app import Tracker

pytestmark = [pytest.mark.on_postgres, pytest.mark.slow]

PEOPLE = {"rita": "reader", "amina": "logger", "ben": "reviewer", "olga": "owner"}
PASSWORD = "only-for-tests"

_numbers = count(1)


class Newsroom:
    """A tracker on a server with a database user for each role, and one, ``nora``, without any."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self.url = databases.make()
        self.prefix = f"{sa.make_url(self.url).database}"
        self.users = {who: f"{who}_{self.prefix}" for who in (*PEOPLE, "nora")}
        self._do(*(f"CREATE ROLE {user} LOGIN PASSWORD '{PASSWORD}'" for user in self.users.values()))
        with create_tracker(self.url, clock=Clock()) as tracker:
            given = [(role, self.users[who]) for who, role in PEOPLE.items()]
            self.granted = tracker.apply_roles(given=given)
            tracker.add_source("Ministry", key="ministry", reliability="B")
            tracker.add_claim("The bridge fell", key="bridge", kind="event")
            tracker.log("bridge", source="ministry", stance="supports")
            tracker.assess("bridge", "confirmed", reason="went there")

    def _do(self, *statements: str) -> None:
        with reach(self._databases.server) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def as_(self, who: str) -> str:
        """The URL for one of them."""
        return text_of(sa.make_url(self.url).set(username=self.users[who], password=PASSWORD))

    def open(self, who: str, **options: Any) -> Tracker:
        return open_tracker(self.as_(who), clock=Clock(), **options)

    @contextmanager
    def sql(self, who: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        """A plain connection of theirs, past the program; nothing of it is kept."""
        with reach(self.as_(who), autocommit=False) as connection:
            yield connection
            connection.rollback()

    def close(self) -> None:
        self._databases.drop(self.url)
        roles = [f"{self.prefix}_{role}" for role in PEOPLE.values()]
        self._do(*(f"DROP ROLE IF EXISTS {role}" for role in (*self.users.values(), *roles)))


@pytest.fixture(scope="module")
def room(postgres: Databases) -> Iterator[Newsroom]:
    made = Newsroom(postgres)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _own_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.delenv("TRACKER_AUTHOR", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def entries(room: Newsroom) -> int:
    with reach(room.url) as connection:
        (found,) = connection.execute(b"SELECT max(seq) FROM journal").fetchone() or (0,)
        return int(str(found))


# --- who one is -----------------------------------------------------------------------------------


def test_every_act_is_given_to_a_role() -> None:
    assert set(ACTS) == LOGGERS | REVIEWERS | OWNERS
    assert not LOGGERS & REVIEWERS | REVIEWERS & OWNERS
    assert {"claim.recorded", "evidence.withdrawn", "claims.linked", "entity.merged"} <= LOGGERS
    assert {"assessment.made", "assessment.approved", "claim.published", "source.graded"} <= REVIEWERS


def test_who_has_which_role_is_told(room: Newsroom) -> None:
    for who, role in PEOPLE.items():
        assert room.users[who] in room.granted.users[role]


def test_the_author_is_the_database_user_unless_named(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    with room.open("amina") as tracker:
        assert tracker.author == room.users["amina"]
    monkeypatch.setenv("TRACKER_AUTHOR", "somebody")
    with room.open("amina") as tracker:
        assert tracker.author == "somebody"


def test_nobody_signs_with_the_name_of_another(room: Newsroom) -> None:
    before = entries(room)
    with room.open("amina", author=room.users["ben"]) as tracker, pytest.raises(NotAllowed) as refused:
        tracker.add_source("Radio")
    assert f"an entry of {room.users['amina']} cannot be by {room.users['ben']}" in refused.value.message
    assert "leave out --as" in refused.value.hint
    assert entries(room) == before


# --- what one may do, through the program ---------------------------------------------------------

READING = (
    *("status", "status bridge", "show bridge", "why bridge", "history bridge", "changes --since 2020"),
    *("history bridge --clock recorded", "diff 2026-11-21 2026-11-22 --clock recorded", "search bridge"),
    *("claim list", "source list", "source show ministry", "entity list", "case list", "link list"),
    *("question list", "document list", "publications", "review", "audit log", "audit verify", "db check"),
    *("export casebook", "journal export", "rules", "policy list", "doctor"),
    *("status --recorded-by entry:3", "status --as-of 2020-01-01", "status --policy majority"),
)


def test_a_reader_reads_everything_and_writes_nothing(room: Newsroom) -> None:
    line = CommandLine(room.as_("rita"))
    for words in READING:
        done = line.run(*words.split())
        assert done.returncode == 0, (words, done.stderr)
    before = entries(room)
    for words in (
        "source add Radio",
        "log bridge --source ministry --stance denies",
        "assess bridge refuted --reason x --seen entry:5",
        "db rebuild",
        "undo --reason x",
    ):
        done = line.run(*words.split())
        assert (done.returncode, done.stderr.split(":")[0]) == (6, "error[not-allowed]"), (words, done.stderr)
        assert "Traceback" not in done.stderr
        assert PASSWORD not in done.stderr
    assert entries(room) == before


LOGGING: dict[str, Callable[[Tracker], Any]] = {
    "source": lambda t: t.add_source("Radio", key="radio", reliability="C"),
    "source revised": lambda t: t.revise_source("radio", note="on 98.2", reason="x"),
    "entity": lambda t: t.add_entity("The bridge", key="the-bridge", type="place"),
    "second entity": lambda t: t.add_entity("Old bridge", key="old-bridge", type="place"),
    "alias": lambda t: t.alias_entity("old-bridge", ["Ponte"]),
    "merge": lambda t: t.merge_entity("old-bridge", "the-bridge", reason="x"),
    "question": lambda t: t.add_question("When did it fall?", key="when"),
    "case": lambda t: t.open_case("river", title="The river"),
    "claim": lambda t: t.add_claim(
        "It fell at noon", key="noon", kind="event", case="river", subject="the-bridge"
    ),
    "claim revised": lambda t: t.revise_claim("noon", when="2025", reason="x"),
    "document": lambda t: t.add_document("News at ten", key="ten"),
    "logged": lambda t: t.log("noon", source="radio", stance="supports", document="ten", quote="it fell"),
    "corrected": lambda t: t.correct_evidence("noon.radio", credibility="2", reason="x"),
    "withdrawn": lambda t: t.withdraw("noon.radio", mistake=True, reason="x"),
    "restored": lambda t: t.restore("noon.radio", reason="x"),
    "link": lambda t: t.link("noon", "depends-on", "bridge", reason="x"),
    "link resolved": lambda t: t.resolve_link("noon:depends-on:bridge", reason="x"),
    "undo": lambda t: t.undo(reason="x"),
    "casebook": lambda t: t.import_casebook("casebook: 1\nsources: {tv: {name: TV}}\n"),
}


def test_a_logger_logs(room: Newsroom) -> None:
    with room.open("amina") as tracker:
        for what, act in LOGGING.items():
            before = entries(room)
            act(tracker)
            assert entries(room) > before, what
            assert {entry.author for entry in tracker.outcome.entries} == {room.users["amina"]}, what
    with room.open("rita") as tracker:
        assert tracker.audit().problems == ()


def test_a_logger_imports_a_table_and_no_verdicts(room: Newsroom, tmp_path: Any) -> None:
    """In bulk: by COPY, and with tables that pass with the act."""
    columns = 'claim = "claim"\nsource = "source"\nstance = "stance"\nassessment = "ended"\n'
    map_ = tmp_path / "map.toml"
    map_.write_text(f"[columns]\n{columns}", "utf-8")
    rows = b"claim,source,stance,ended\nIt rained,TV,supports,\nIt snowed,TV,denies,\n"
    with room.open("amina") as tracker:
        assert tracker.import_csv(rows, map_name=str(map_)).recorded == 2
        with pytest.raises(NotAllowed):
            tracker.import_csv(rows.replace(b"denies,", b"denies,refuted"), map_name=str(map_))
        assert tracker.audit().problems == ()


def test_a_logger_takes_in_what_another_desk_recorded(room: Newsroom, tmp_path: Any) -> None:
    with create_tracker(str(tmp_path / "other.db"), author="somebody elsewhere", clock=Clock()) as other:
        other.add_source("A paper elsewhere")
        sent = "".join(other.export_journal()).encode()
    with room.open("amina") as tracker:
        assert tracker.import_journal(sent).recorded == 1
        entry = tracker.entries()[-1]
    assert (entry.author, entry.received["by"]) == ("somebody elsewhere", room.users["amina"])


NEEDING_MORE: dict[str, tuple[str, Callable[[Tracker], Any]]] = {
    "assess": ("reviewer", lambda t: t.assess("bridge", "refuted", reason="x", seen=t.entries()[-1].seq)),
    "withdraw an assessment": ("reviewer", lambda t: t.withdraw_record("bridge.assessed", reason="x")),
    "publish": ("reviewer", lambda t: t.publish("bridge", where="print")),
    "grade": ("reviewer", lambda t: t.grade_source("ministry", "E", reason="x")),
    "a case's policy": ("reviewer", lambda t: t.open_case("other", policy="majority")),
    "rules off": ("reviewer", lambda t: t.open_case("other", rules_off=["two-deaths"])),
    "approval": ("reviewer", lambda t: t.open_case("other", needs_approval=True)),
    "redact": ("owner", lambda t: t.redact("bridge", field="text", reason="x")),
    "rebuild": ("owner", lambda t: t.rebuild()),
}


@pytest.mark.parametrize("act", NEEDING_MORE)
def test_what_needs_more_is_refused_by_the_database(room: Newsroom, act: str) -> None:
    role, do = NEEDING_MORE[act]
    before = entries(room)
    below = ["amina"] if role == "reviewer" else ["amina", "ben"]
    for who in below:
        with room.open(who) as tracker, pytest.raises(NotAllowed) as refused:
            do(tracker)
        assert refused.value.exit_status == 6
        assert (role in refused.value.hint) or act == "rebuild", refused.value.hint
    assert entries(room) == before


def test_a_reviewer_reviews_and_an_owner_redacts(room: Newsroom) -> None:
    with room.open("ben") as ben:
        ben.show("bridge")
        ben.assess("bridge", "refuted", reason="it stands")
        ben.grade_source("ministry", "C", reason="x")
        ben.publish("bridge", where="print, page 3")
        ben.open_case("quay", needs_approval=True, policy="majority")
        ben.add_claim("The quay sank", key="quay", kind="event", case="quay")
        ben.assess("quay", "confirmed", reason="saw it")
        with pytest.raises(Conflict, match="a second person"):
            ben.approve("quay")
    with room.open("olga") as olga:
        olga.approve("quay")
        olga.add_source("A private person", key="private")
        assert olga.redact("private", field="name", reason="asked to be left out").entries
        assert olga.rebuild() == entries(room)
        assert olga.audit().problems == ()


# --- what one may do, past the program ------------------------------------------------------------

ATTEMPTS = {
    "update": "UPDATE journal SET author = 'nobody' WHERE seq = 1",
    "update of nothing": "UPDATE journal SET author = 'nobody' WHERE false",
    "redaction": "UPDATE journal SET body = '' WHERE seq = 2",
    "delete": "DELETE FROM journal WHERE seq = 2",
    "delete all": "DELETE FROM journal",
    "delete using": "WITH gone AS (DELETE FROM journal RETURNING *) SELECT * FROM gone",
    "truncate": "TRUNCATE journal",
    "on conflict": "INSERT INTO journal SELECT * FROM journal WHERE seq = 2"
    " ON CONFLICT (seq) DO UPDATE SET author = 'nobody'",
    "merge": "MERGE INTO journal j USING (SELECT 2::bigint AS seq) s ON j.seq = s.seq"
    " WHEN MATCHED THEN UPDATE SET author = 'nobody'",
    "merge to delete": "MERGE INTO journal j USING (SELECT 2::bigint AS seq) s ON j.seq = s.seq"
    " WHEN MATCHED THEN DELETE",
    "select for update": "SELECT * FROM journal FOR UPDATE",
    "drop the trigger": "DROP TRIGGER tracker_entries_added ON journal",
    "disable triggers": "ALTER TABLE journal DISABLE TRIGGER ALL",
    "disable user triggers": "ALTER TABLE journal DISABLE TRIGGER USER",
    "drop the table": "DROP TABLE journal",
    "rename the table": "ALTER TABLE journal RENAME TO old",
    "another owner": "ALTER TABLE journal OWNER TO CURRENT_USER",
    "drop a column": "ALTER TABLE journal DROP COLUMN author",
    "replica": "SET session_replication_role = replica",
    "a rule": "CREATE RULE no AS ON INSERT TO journal DO INSTEAD NOTHING",
    "a trigger": "CREATE TRIGGER mine BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION"
    " suppress_redundant_updates_trigger()",
    "a policy": "CREATE POLICY mine ON journal USING (false)",
    "replace the guard": "CREATE OR REPLACE FUNCTION tracker_entries_kept() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NEW; END'",
    "drop the guard": "DROP FUNCTION tracker_entries_kept() CASCADE",
    "a function in the schema": "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a table in the schema": "CREATE TABLE mine (id int)",
    "a schema": "CREATE SCHEMA mine",
    "an extension": "CREATE EXTENSION dblink",
    "role of the owner": "SET ROLE {prefix}_owner",
    "session of the owner": "SET SESSION AUTHORIZATION {olga}",
    "make oneself owner": "GRANT {prefix}_owner TO CURRENT_USER",
    "index": "CREATE INDEX mine ON journal (author)",
    "delete a node": "DELETE FROM journal_nodes",
    "update a node": "UPDATE journal_nodes SET hash = ''",
    "delete the head": "DELETE FROM journal_head",
    "delete a request": "DELETE FROM requests",
    "forge an assessment": "UPDATE assessments SET status = 'refuted'",
    "forge a publication": "DELETE FROM publications",
    "forge a redaction": "INSERT INTO redactions VALUES (2, 3)",
    "forge the schema": "UPDATE alembic_version SET version_num = '0001'",
    "adopt a policy": "DELETE FROM policies",
    "large object": "COPY journal TO PROGRAM 'true'",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_logger_changes_no_entry_by_any_statement(room: Newsroom, attempt: str) -> None:
    statement = ATTEMPTS[attempt].format(prefix=room.prefix, olga=room.users["olga"])
    with room.sql("amina") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize("who", ["ben", "olga"])
@pytest.mark.parametrize("attempt", ["update", "delete", "truncate", "merge to delete", "on conflict"])
def test_neither_does_a_reviewer_nor_an_owner_by_the_usual_ones(
    room: Newsroom, who: str, attempt: str
) -> None:
    with room.sql(who) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(ATTEMPTS[attempt].encode())


def test_an_owner_takes_out_a_text_and_nothing_else(room: Newsroom) -> None:
    with room.sql("olga") as connection:
        connection.execute(b"UPDATE journal SET body = '' WHERE seq = 2")
    for statement in (
        "UPDATE journal SET body = '', act = 'x' WHERE seq = 2",
        "UPDATE journal SET leaf = ''",
    ):
        with room.sql("olga") as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement.encode())


def test_a_logger_gives_nobody_more(room: Newsroom) -> None:
    with room.sql("amina") as connection:
        connection.execute(b"GRANT ALL ON journal TO CURRENT_USER")  # which says that nothing was granted
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(b"DELETE FROM journal")


def test_a_function_of_a_loggers_own_is_no_way_round(room: Newsroom) -> None:
    make = (
        "CREATE FUNCTION pg_temp.mine() RETURNS void LANGUAGE sql SECURITY DEFINER AS"
        " 'DELETE FROM public.journal'"
    )
    with room.sql("amina") as connection:
        connection.execute(make.encode())
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(b"SELECT pg_temp.mine()")


def test_a_table_of_a_loggers_own_in_front_of_the_journal_fools_no_guard(room: Newsroom) -> None:
    """Names without a schema are looked for among temporary tables first."""
    with room.sql("amina") as connection:
        connection.execute(b"CREATE TEMP TABLE journal (LIKE public.journal)")
        connection.execute(
            b"CREATE FUNCTION pg_temp.pg_has_role(name, text, text) RETURNS bool LANGUAGE sql"
            b" AS 'SELECT true'"
        )
        connection.execute(b"SET search_path = pg_temp, public, pg_catalog")
        row = forged(room, author=room.users["amina"], act="assessment.made")
        with pytest.raises(errors.InsufficientPrivilege, match="needs the role"):
            insert(connection, row)


def forged(room: Newsroom, *, ahead: int = 1, **fields: Any) -> dict[str, Any]:
    """The row of a next entry, as somebody would make it past the program; ``body`` overrides what its
    text says."""
    seq = entries(room) + ahead
    within = fields.pop("body", {})
    columns = {
        "seq": seq,
        "batch": seq,
        "recorded_at": "2026-11-22T12:00:00.000000Z",
        "author": room.users["amina"],
        "act": "source.registered",
        "subject": "forged",
    } | fields
    columns.pop("leaf", None)
    body = json.dumps({**columns, "payload": {"name": "Forged"}, "reason": "", **within})
    leaf = fields.get("leaf") or hashlib.sha256(b"\x00" + body.encode()).hexdigest()
    return {**columns, "body": body, "leaf": leaf}


def insert(connection: psycopg.Connection[Any], row: dict[str, Any]) -> None:
    places = ", ".join(f"%({name})s" for name in row)
    connection.execute(f"INSERT INTO public.journal ({', '.join(row)}) VALUES ({places})".encode(), row)


FORGED: dict[str, tuple[str, dict[str, Any]]] = {
    # what is wrong with it: (what the server says, the row)
    "a gap": ("do not follow on", {"ahead": 2}),
    "before the first": ("do not follow on", {"ahead": -1000}),
    "another act in the text": ("columns of entry", {"body": {"act": "assessment.made"}}),
    "another number in the text": ("columns of entry", {"body": {"seq": 1}}),
    "another author in the text": ("columns of entry", {"body": {"author": "nobody"}}),
    "another subject in the text": ("columns of entry", {"body": {"subject": "another"}}),
    "another hash": ("columns of entry", {"leaf": "0" * 64}),
    "another's name": ("cannot be by", {"author": "somebody"}),
    "an unknown act": ("needs the role", {"act": "tracker.taken-over"}),
    "a verdict": ("needs the role", {"act": "assessment.made"}),
    "an approval": ("needs the role", {"act": "assessment.approved"}),
    "a case's policy": (
        "needs the role",
        {"act": "case.recorded", "body": {"payload": {"policy": "majority@1"}}},
    ),
    "a case's approval": (
        "needs the role",
        {"act": "case.revised", "body": {"payload": {"set": {"needs_approval": False}, "was": {}}}},
    ),
}


@pytest.mark.parametrize("wrong", FORGED)
def test_an_entry_by_hand_must_follow_on_and_be_what_it_says(room: Newsroom, wrong: str) -> None:
    said, fields = FORGED[wrong]
    with room.sql("amina") as connection, pytest.raises(errors.InsufficientPrivilege, match=said):
        insert(connection, forged(room, **fields))


def test_an_entry_by_hand_as_the_program_would_write_it_is_one(room: Newsroom) -> None:
    with room.sql("amina") as connection:
        insert(connection, forged(room))
    with room.sql("amina") as connection, pytest.raises(errors.UniqueViolation):
        insert(connection, forged(room, ahead=0))
    with room.sql("amina") as connection, pytest.raises(errors.Error):
        insert(connection, forged(room) | {"body": "no JSON"})


def test_copy_adds_no_more_than_insert(room: Newsroom) -> None:
    row = forged(room, ahead=3)
    add = f"COPY journal ({', '.join(row)}) FROM STDIN".encode()
    with (
        room.sql("amina") as connection,
        pytest.raises(errors.InsufficientPrivilege),
        connection.cursor().copy(add) as copy,
    ):
        copy.write_row(list(row.values()))


def test_the_database_lets_nobody_approve_their_own(room: Newsroom) -> None:
    with room.open("ben") as ben:
        ben.show("bridge")
        key = ben.assess("bridge", "confirmed", reason="x", proposed=True).key
    row = forged(room, author=room.users["ben"], act="assessment.approved", subject=key)
    with (
        room.sql("ben") as connection,
        pytest.raises(errors.InsufficientPrivilege, match="of its own author"),
    ):
        insert(connection, row)


def test_who_has_no_role_does_not_even_connect(room: Newsroom) -> None:
    with pytest.raises(NotAllowed) as refused, room.open("nora"):
        pass
    assert PASSWORD not in refused.value.message
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        reach(room.as_("nora"))


def test_a_reader_writes_nothing_past_the_program_either(room: Newsroom) -> None:
    with room.sql("rita") as connection:
        for table in metadata.tables:
            for statement in (f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1"):
                with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
                    connection.execute(statement.encode())


# --- setting up -----------------------------------------------------------------------------------


def test_it_can_be_done_again_and_by_an_owner(room: Newsroom) -> None:
    with room.open("olga") as olga:
        assert not [s for s in olga.role_statements() if s.startswith(("CREATE ROLE", "REVOKE CONNECT"))]
        again = olga.apply_roles()
    assert again.users == room.granted.users


def test_a_table_that_comes_later_is_of_the_owner_after_an_upgrade(room: Newsroom) -> None:
    """As of a migration that an owner ran: others can read it once the rights are renewed."""
    with room.open("olga") as olga:
        with olga.database.writing() as connection:
            connection.exec_driver_sql("DROP TABLE outcomes")
            metadata.tables["outcomes"].create(connection)
        with room.open("rita") as rita, pytest.raises(NotAllowed):
            rita.source("ministry")
        with olga.database.writing() as connection:
            olga.database.renew_rights(connection)
    with room.open("rita") as rita:
        assert rita.source("ministry").outcomes == ()


def test_a_role_is_taken_away_and_changed(room: Newsroom) -> None:
    nora = room.users["nora"]
    with open_tracker(room.url, clock=Clock()) as tracker:
        assert nora in tracker.apply_roles(given=[("reader", nora)]).users["reader"]
        with room.open("nora") as reading:
            assert reading.status("bridge")
        moved = tracker.apply_roles(given=[("logger", nora)]).users
        assert nora in moved["logger"]
        assert nora not in moved["reader"]
        assert not [
            names for names in tracker.apply_roles(given=[("none", nora)]).users.values() if nora in names
        ]
        with pytest.raises(NotFound, match="the server has no user"):
            tracker.apply_roles(given=[("reader", "nobody-at-all")])
        with pytest.raises(BadValue, match="is no role"):
            tracker.apply_roles(given=[("king", nora)])
        with pytest.raises(Conflict, match="the roles here begin with"):
            tracker.apply_roles(prefix="other")
        with pytest.raises(BadValue, match="cannot begin"):
            check_prefix('x"; DROP TABLE journal; --')


def test_where_names_are_free_one_user_signs_for_many(room: Newsroom) -> None:
    with open_tracker(room.url, clock=Clock()) as tracker:
        tracker.apply_roles(any_author=True)
        try:
            with room.open("amina", author="Amina Keita") as amina:
                amina.add_source("Another radio")
                assert amina.outcome.entries[-1].author == "Amina Keita"
            tracker.apply_roles()  # as it is
            with room.open("amina", author="Amina Keita") as amina:
                amina.add_source("A third radio")
        finally:
            tracker.apply_roles(any_author=False)


def test_the_command_prints_what_it_would_do_and_does_it(room: Newsroom) -> None:
    line = CommandLine(room.url)
    before = entries(room)
    printed = line.text("db", "roles", "--to", "logger", room.users["nora"])
    assert f"GRANT {room.prefix}_logger TO {room.users['nora']};" in printed
    assert "CREATE TRIGGER tracker_entries_added" in printed
    done = line.text("db", "roles", "--apply")
    assert f"logger    {room.users['amina']}" in done
    assert entries(room) == before
    refused = CommandLine(room.as_("amina")).run("db", "roles", "--apply")
    assert (refused.returncode, refused.stderr.split(":")[0]) == (6, "error[not-allowed]")


def test_a_file_has_no_roles(tmp_path: Any) -> None:
    create_tracker(str(tmp_path / "x.db"), author="desk").close()
    done = CommandLine(tmp_path / "x.db").run("db", "roles")
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "error[bad-value]")
