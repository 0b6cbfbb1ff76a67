"""The guard of the journal on PostgreSQL, tried with SQL past the program, as the database users do."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import errors

from tests.support.members import PASSWORD, Newsroom, entries, forged, insert
from tests.support.postgres import reach
from tracker.errors import NotAllowed
from tracker.store.tables import metadata

pytestmark = [pytest.mark.on_postgres, pytest.mark.slow, pytest.mark.usefixtures("own_names")]


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


def test_what_the_guard_is_made_of_is_looked_for_where_nobody_can_put_anything(room: Newsroom) -> None:
    with room.sql("olga") as connection:
        asked = b"SELECT proname, proconfig FROM pg_proc WHERE proname LIKE 'tracker_entries_%'"
        found = dict(connection.execute(asked).fetchall())
    path = ["search_path=pg_catalog, pg_temp"]
    assert found == {"tracker_entries_added": path, "tracker_entries_kept": path}


def test_it_stands_also_where_a_server_replays_what_another_did(room: Newsroom) -> None:
    with reach(room.url, autocommit=False) as connection:
        connection.execute(b"SET session_replication_role = replica")
        with pytest.raises(errors.InsufficientPrivilege, match="never changed or deleted"):
            connection.execute(b"DELETE FROM journal")
        connection.rollback()


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
    "a case's approval under a set of something else": (
        "needs the role",
        {"act": "case.recorded", "body": {"payload": {"set": {}, "needs_approval": False}}},
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


def test_several_at_once_leave_no_number_out(room: Newsroom) -> None:
    rows = [forged(room, ahead=ahead) for ahead in (1, 3)]
    places = ", ".join(f"%({name})s" for name in rows[0])
    both = ", ".join(f"({places.replace('%(', f'%(n{each}_')})" for each in (0, 1))
    values = {f"n{each}_{name}": value for each, row in enumerate(rows) for name, value in row.items()}
    add = f"INSERT INTO public.journal ({', '.join(rows[0])}) VALUES {both}".encode()
    with room.sql("amina") as connection, pytest.raises(errors.InsufficientPrivilege, match="do not follow"):
        connection.execute(add, values)


def test_copy_adds_no_more_than_insert(room: Newsroom) -> None:
    row = forged(room, ahead=3)
    add = f"COPY journal ({', '.join(row)}) FROM STDIN".encode()
    with (
        room.sql("amina") as connection,
        pytest.raises(errors.InsufficientPrivilege),
        connection.cursor().copy(add) as copy,
    ):
        copy.write_row(list(row.values()))


@pytest.mark.parametrize("who", ["ben", "olga"])
def test_the_database_lets_nobody_approve_their_own(room: Newsroom, who: str) -> None:
    """Not even an owner."""
    with room.open(who) as tracker:
        tracker.show("bridge")
        key = tracker.assess("bridge", "confirmed", reason="x", proposed=True, seen=entries(room)).key
    row = forged(room, author=room.users[who], act="assessment.approved", subject=key)
    with (
        room.sql(who) as connection,
        pytest.raises(errors.InsufficientPrivilege, match="of its own author"),
    ):
        insert(connection, row)


def test_nor_a_verdict_of_theirs_that_somebody_else_recorded(room: Newsroom) -> None:
    with room.open("olga") as olga:
        olga.show("bridge")
        seen, ben = entries(room), room.users["ben"]
        key = olga.assess("bridge", "refuted", reason="x", by=ben, proposed=True, seen=seen).key
    row = forged(room, author=ben, act="assessment.approved", subject=key)
    with (
        room.sql("ben") as connection,
        pytest.raises(errors.InsufficientPrivilege, match="of its own author"),
    ):
        insert(connection, row)


def test_nor_bring_the_approval_of_another(room: Newsroom) -> None:
    with room.open("ben") as ben:
        ben.show("bridge")
        key = ben.assess("bridge", "refuted", reason="x", proposed=True, seen=entries(room)).key
    received = {"by": room.users["ben"], "origin": "elsewhere", "seq": 1, "leaf": "0" * 64}
    row = forged(room, author="carol", act="assessment.approved", subject=key, body={"received": received})
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
