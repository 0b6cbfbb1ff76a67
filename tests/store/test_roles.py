"""Roles on PostgreSQL, tried as the database users themselves, with the program."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import psycopg.sql
import pytest
from psycopg.errors import InsufficientPrivilege

from claims.errors import BadValue, Conflict, NotFound
from tests.conftest import Clock
from tests.support import pgserver
from tests.support.commands import CommandLine
from tests.support.members import PASSWORD, PEOPLE, Newsroom, entries
from tests.support.pgserver import Server
from tests.support.postgres import reach, text_of
from tracker.app import create_tracker, open_tracker
from tracker.errors import NotAllowed
from tracker.store import roles
from tracker.store.guard import ADDED, LOGGERS, OWNERS, REVIEWERS
from tracker.store.project import ACTS
from tracker.store.roles import check_prefix
from tracker.store.tables import metadata
from tracker.store.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.app import Tracker

pytestmark = [pytest.mark.on_postgres, pytest.mark.slow, pytest.mark.usefixtures("own_names")]


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
    *("export casebook --case harbour", "journal export", "rules", "policy list", "doctor"),
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


def test_a_reader_reads_the_views_of_other_programs(room: Newsroom) -> None:
    with room.sql("rita") as connection:
        for name in VIEWS:
            assert connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone() != (0,)


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
        assert f"--to {role}" in refused.value.hint
    assert entries(room) == before


def test_a_grade_is_given_by_no_other_act(room: Newsroom) -> None:
    payload = {"set": {"reliability": "A"}, "was": {"reliability": "B"}}
    with (
        room.open("amina") as tracker,
        pytest.raises(NotAllowed, match="needs the role"),
        tracker.act() as act,
    ):
        act.append("source.revised", "ministry", payload, "x")
    with room.open("ben") as tracker:
        with tracker.act() as act:
            act.append("source.revised", "ministry", payload, "x")
        assert tracker.source("ministry").source.reliability == "B"


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


# --- setting up -----------------------------------------------------------------------------------


def test_it_can_be_done_again_and_by_an_owner(room: Newsroom) -> None:
    with room.open("olga") as olga:
        assert not [s for s in olga.role_statements() if s.startswith(("CREATE ROLE", "REVOKE CONNECT"))]
        again = olga.apply_roles()
    assert again.users == room.granted.users


def test_in_a_tracker_in_which_nothing_is_recorded_yet_a_logger_may_be_the_first(
    newer: Callable[[str], Tracker],
) -> None:
    """The policy that is gone by is recorded before anything else, and by no logger."""
    with newer("olga") as olga:
        olga.apply_roles(given=[("logger", "amina")])
    with newer("amina") as amina:
        amina.add_source("Radio", key="radio")
        assert amina.entries()[-1].author == "amina"
        assert amina.audit().problems == ()


def test_nobody_but_the_owner_makes_tables_where_everybody_could(room: Newsroom) -> None:
    """As on a server before version 15, which lets all make tables beside those of the tracker."""
    with reach(room.url) as connection:
        connection.execute(b"GRANT CREATE ON SCHEMA public TO PUBLIC")
    with room.open("olga") as olga:
        assert [s for s in olga.role_statements() if s.startswith("REVOKE CREATE ON SCHEMA")]
    with open_tracker(room.url, clock=Clock()) as tracker:
        tracker.apply_roles()
    with room.sql("amina") as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(b"CREATE TABLE mine (id int)")


def test_tables_of_other_programs_in_the_database_are_left_alone(room: Newsroom) -> None:
    with reach(room.url) as connection:
        connection.execute(b"CREATE TABLE lunch_orders (id int)")
    try:
        with open_tracker(room.url, clock=Clock()) as tracker:
            assert not [s for s in tracker.role_statements() if "lunch_orders" in s]
    finally:
        with reach(room.url) as connection:
            connection.execute(b"DROP TABLE lunch_orders")


def test_a_table_that_comes_later_is_of_the_owner_after_an_upgrade(room: Newsroom) -> None:
    """As of a migration that an owner ran: others can read it once the rights are renewed."""
    with room.open("olga") as olga:
        with olga.database.writing() as connection:
            connection.exec_driver_sql("DROP TABLE outcomes CASCADE")
            metadata.tables["outcomes"].create(connection)
        with room.open("rita") as rita, pytest.raises(NotAllowed):
            rita.source("ministry")
        with olga.database.writing() as connection:
            olga.database.renew_rights(connection)
    with room.open("rita") as rita:
        assert rita.source("ministry").outcomes == ()


def test_a_table_that_a_rebuild_makes_is_for_loggers_as_before(room: Newsroom) -> None:
    with room.open("olga") as olga:
        olga.rebuild()  # so that nothing else is missing
        with olga.database.writing() as connection:
            connection.exec_driver_sql("DROP TABLE source_records")
        olga.rebuild()
    with room.open("amina") as amina:
        amina.log("bridge", source="ministry", stance="denies")
        assert amina.audit().problems == ()


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
        with pytest.raises(NotFound, match="the server has no user"):
            tracker.apply_roles(given=[("reader", f"{room.prefix}_owner")])
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


def test_what_is_printed_can_be_run_by_hand(room: Newsroom) -> None:
    printed = CommandLine(room.url).text("db", "roles", "--any-author")
    assert (printed.split("\n")[0], printed.rstrip().split("\n")[-1]) == ("BEGIN;", "COMMIT;")
    with reach(room.url) as server:
        server.execute(printed.encode())
    with room.open("amina", author="somebody") as tracker:
        tracker.add_source("Radio")
    with room.open("amina") as tracker, pytest.raises(NotAllowed):
        tracker.grade_source("ministry", "E", reason="x")


def test_roles_of_another_database_are_not_taken_without_a_word(room: Newsroom) -> None:
    with reach(room.url) as server:  # as in a database of nearly the same name, or one made anew
        server.execute(f"COMMENT ON FUNCTION {ADDED}() IS NULL".encode())
    with open_tracker(room.url, clock=Clock()) as tracker:
        with pytest.raises(Conflict, match=f"{room.prefix}_logger already") as refused:
            tracker.apply_roles()
        assert f"--prefix {room.prefix}" in refused.value.hint
        assert room.users["amina"] in tracker.apply_roles(prefix=room.prefix).users["logger"]


def test_a_name_may_hold_any_sign(room: Newsroom) -> None:
    name = f'50% "{room.prefix}"'
    with reach(room.url) as server:
        server.execute(psycopg.sql.SQL("CREATE ROLE {} LOGIN").format(psycopg.sql.Identifier(name)))
        try:
            with open_tracker(room.url, clock=Clock()) as tracker:
                assert name in tracker.apply_roles(given=[("logger", name)]).users["logger"]
        finally:
            server.execute(psycopg.sql.SQL("DROP ROLE {}").format(psycopg.sql.Identifier(name)))


@contextmanager
def of_the_wheel() -> Iterator[Server]:
    """A server of a version in which several may give the same role, each for themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pgserver, "INSTALLED", Path("/nowhere"))
        patch.setenv("PATH", "/nowhere")
        server = Server()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def newer(tmp_path: Path) -> Iterator[Callable[[str], Tracker]]:
    """A tracker on such a server, which olga and otto may give roles on, as one of its users has it open."""
    with of_the_wheel() as server:
        with reach(server.url()) as connection:
            for who in ("olga", "otto"):
                connection.execute(f"CREATE ROLE {who} LOGIN CREATEDB CREATEROLE".encode())
            connection.execute(b"CREATE ROLE amina LOGIN")
            connection.execute(b"CREATE DATABASE newsroom OWNER olga ENCODING UTF8 TEMPLATE template0")
        url = server.url("newsroom")
        create_tracker(text_of(url.set(username="olga")), clock=Clock()).close()
        yield lambda who: open_tracker(text_of(url.set(username=who)), clock=Clock())


def test_who_makes_the_roles_has_none_but_the_owners(newer: Callable[[str], Tracker]) -> None:
    """The server gives them all to whoever makes them, so that they can give them on."""
    with newer("olga") as olga:
        assert olga.apply_roles().users == {"reader": [], "logger": [], "reviewer": [], "owner": ["olga"]}


def test_a_role_given_twice_is_taken_away_as_a_whole(newer: Callable[[str], Tracker]) -> None:
    with newer("olga") as olga:
        olga.apply_roles(given=[("reviewer", "amina"), ("owner", "otto")])
        with olga.database.writing() as connection:
            connection.exec_driver_sql("GRANT newsroom_reviewer TO otto WITH ADMIN OPTION, INHERIT FALSE")
        with newer("otto") as otto, otto.database.writing() as connection:
            connection.exec_driver_sql("GRANT newsroom_reviewer TO amina GRANTED BY otto")
        with pytest.raises(NotAllowed, match='granted by role "otto"'):
            olga.apply_roles(given=[("logger", "amina")])
        assert "amina" in olga.apply_roles().users["reviewer"]
    with newer("tracker") as superuser:
        moved = superuser.apply_roles(given=[("logger", "amina")]).users
        assert (moved["logger"], moved["reviewer"]) == (["amina"], ["otto"])


def test_a_role_that_cannot_be_taken_away_is_no_success(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what is not theirs to take back the server only warns."""
    monkeypatch.setattr(roles, "_memberships", lambda *_: [])
    amina = room.users["amina"]
    with open_tracker(room.url, clock=Clock()) as tracker:
        held = {name: [amina] if name in ("logger", "reader") else [] for name in roles.ROLES}
        monkeypatch.setattr(roles, "users", lambda *_: held)
        with pytest.raises(NotAllowed, match=f"{amina} still has the role logger"):
            tracker.apply_roles(given=[("reader", amina)])
    monkeypatch.undo()
    with open_tracker(room.url, clock=Clock()) as tracker:
        assert amina in tracker.apply_roles().users["logger"]
        assert amina not in tracker.apply_roles().users["reader"]


def test_restored_on_another_server_the_roles_are_given_anew(room: Newsroom) -> None:
    """The guard came with the tables, and asks for roles that nobody made there."""
    with of_the_wheel() as server, reach(server.url()) as connection:
        connection.execute(b"CREATE DATABASE newsroom ENCODING UTF8 TEMPLATE template0")
        url = text_of(server.url("newsroom"))
        with create_tracker(url, author="desk", clock=Clock()) as tracker:
            tracker.apply_roles(any_author=True)
            with tracker.database.writing() as inside:
                for name in ("owner", "reviewer", "logger", "reader"):
                    inside.exec_driver_sql(f"REASSIGN OWNED BY newsroom_{name} TO CURRENT_USER")
                    inside.exec_driver_sql(f"DROP OWNED BY newsroom_{name}")
                    inside.exec_driver_sql(f"DROP ROLE newsroom_{name}")
            with pytest.raises(NotAllowed, match="does not exist") as refused:
                tracker.add_source("Radio")
            assert "tracker db roles --apply" in refused.value.hint
            tracker.apply_roles()
            tracker.add_source("Radio")


@pytest.mark.parametrize(
    ("database", "prefix"),
    [
        ("Newsroom", "newsroom"),
        ("2024 news-room!", "news_room"),
        ("\u65b0\u805e", "tracker"),
        ("n" * 60, "n" * 41),
    ],
)
def test_names_of_roles_begin_with_that_of_the_database_as_far_as_they_can(
    database: str, prefix: str
) -> None:
    connection: Any = SimpleNamespace(scalar=lambda _asked: database)
    assert check_prefix(roles.default_prefix(connection)) == prefix


def test_a_file_has_no_roles(tmp_path: Any) -> None:
    create_tracker(str(tmp_path / "x.db"), author="desk").close()
    done = CommandLine(tmp_path / "x.db").run("db", "roles")
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "error[bad-value]")
