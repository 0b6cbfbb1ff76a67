"""What a PostgreSQL server says in refusing, in words for those who can do something about it."""

from __future__ import annotations

import psycopg
import pytest

from claims.errors import BadValue, ClaimsError
from tracker.errors import (
    Collided,
    Corrupt,
    DiskFull,
    Locked,
    NotAllowed,
    NoTracker,
    ReadOnly,
    StoreError,
    Unreachable,
)
from tracker.store import pgfaults


def test_what_the_server_was_doing_is_not_told_with_its_rows() -> None:
    said = 'canceling statement due to statement timeout\nCONTEXT:  COPY statuses, line 7: "dam"'
    found = pgfaults.translate(psycopg.errors.QueryCanceled(said), "newsroom")
    assert "statement timeout" in found.message
    assert "dam" not in found.message


@pytest.mark.parametrize("state", ["40001", "40P01", "23505"])
def test_those_who_collide_are_told_to_run_it_again(state: str) -> None:
    found = pgfaults.translate(fault(state), "newsroom")
    assert isinstance(found, Collided)
    assert found.hint == "run the command again"
    assert found.exit_status == 6


def fault(state: str, said: str = "it said so") -> Exception:
    """An error of the driver, as the server names it."""
    return psycopg.errors.lookup(state)(said)


@pytest.mark.parametrize(
    ("state", "kind", "hint"),
    [
        ("22021", BadValue, "without that"),
        ("25006", ReadOnly, "target_session_attrs=read-write"),
        ("42501", NotAllowed, "ask its owner"),
        ("42704", NotAllowed, "tracker db roles --apply"),
        ("53100", DiskFull, "free some space"),
        ("55P03", Locked, "pg_stat_activity"),
        ("3D000", NoTracker, "createdb"),
        ("57P04", NoTracker, "createdb"),
        ("XX001", Corrupt, "restore a backup"),
        ("XX002", Corrupt, "restore a backup"),
        ("57P01", Unreachable, "tracker audit log"),
        ("57P02", Unreachable, "tracker audit log"),
        ("57P03", Unreachable, "tracker audit log"),
        ("08006", Unreachable, "tracker audit log"),
        ("57014", StoreError, "raise the server's statement_timeout"),
        ("25P03", StoreError, "raise the server's idle_in_transaction_session_timeout"),
        ("42P01", StoreError, "tracker doctor"),
    ],
)
def test_what_the_server_says_is_an_error_that_somebody_can_act_on(
    state: str, kind: type[ClaimsError], hint: str
) -> None:
    found = pgfaults.translate(fault(state), "newsroom")
    assert type(found) is kind
    assert hint in found.hint


@pytest.mark.parametrize(
    ("said", "kind", "hint"),
    [
        ("sorry, too many clients already", StoreError, "max_connections"),
        ("remaining connection slots are reserved", StoreError, "max_connections"),
        ('too many connections for role "rita"', StoreError, "max_connections"),
        ('permission denied for database "newsroom"', NotAllowed, "ask its owner"),
        ('database "newsroom" does not exist', NoTracker, "createdb"),
        ('role "rita" does not exist', StoreError, "check the user"),
        ("password authentication failed for user", StoreError, "check the user"),
        ("no pg_hba.conf entry for host", StoreError, "check the user"),
        ("the network is unreachable", Unreachable, "check that it runs"),
    ],
)
def test_what_is_said_while_connecting_is_known_by_its_words(
    said: str, kind: type[ClaimsError], hint: str
) -> None:
    found = pgfaults.translate(psycopg.OperationalError(said), "newsroom")
    assert type(found) is kind
    assert hint in found.hint


def test_of_several_addresses_that_were_tried_the_last_is_told_without_where() -> None:
    said = (
        'connection to server at "192.0.2.1", port 5432 failed: Connection refused\n'
        'connection to server at "192.0.2.2", port 5432 failed: timeout expired\n'
    )
    found = pgfaults.translate(psycopg.OperationalError(said), "newsroom")
    assert found.message == "the server of newsroom does not answer (timeout expired)"


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("permission denied for table claims", "logger"),
        ("permission denied for table assessments", "reviewer"),
        ("permission denied for table redactions", "owner"),
        ("permission denied for table alembic_version", "reader"),
        ('User does not have CONNECT privilege of "newsroom"', "reader"),
        ("the act assessment.recorded needs the role newsroom_reviewer", "reviewer"),
    ],
)
def test_who_lacks_a_right_is_told_which_role_has_it(said: str, role: str) -> None:
    found = pgfaults.translate(fault("42501", said), "newsroom")
    assert isinstance(found, NotAllowed)
    assert found.hint == f"ask its owner for the role {role}: tracker db roles --apply --to {role} USER"
