"""What PostgreSQL's connections are told and what its settings promise, tried without a server."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from tracker.store import postgres


@pytest.mark.parametrize(
    "name",
    [
        *("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"),
        *("pasword", "passwd", "PWD", "client_secret"),
    ],
)
def test_a_secret_is_not_shown_under_any_name_nor_a_misspelt_one(name: str) -> None:
    assert postgres.is_secret(name)
    shown = postgres.shown(sa.make_url(f"postgresql:///newsroom?{name}=correct-horse"))
    assert shown == f"postgresql:///newsroom?{name}=***"


def server(**settings: Any) -> Any:
    """A connection to a server that is whole but for some settings."""

    def answer(asked: str) -> Any:
        name = "standby" if "recovery" in asked else asked.removeprefix("SHOW ")
        sound: Any = False if name == "standby" else "on"
        return SimpleNamespace(scalar=lambda: settings.get(name, sound))

    return SimpleNamespace(exec_driver_sql=answer)


@pytest.mark.parametrize("setting", ["synchronous_commit", "fsync", "full_page_writes"])
def test_each_setting_that_loses_or_damages_something_is_warned_of(setting: str) -> None:
    """Two of them are of a whole server, and no test turns them off in one that others use."""
    (warning,) = postgres.warnings(server(**{setting: "off"}))
    assert warning.startswith(f"the server runs with {setting} = off: ")
    assert warning.endswith("; set it to on")


def test_a_standby_is_warned_of_and_a_sound_server_is_not() -> None:
    assert postgres.warnings(server(standby=True)) == [
        "the server is a standby: it can be read, and not written"
    ]
    assert postgres.warnings(server()) == []


class Fault(Exception):
    """What the driver says."""


def driver(*answers: Any) -> tuple[Any, list[Any]]:
    """A dialect whose driver answers in turn, and the answers that are left."""
    left = list(answers)

    def connect() -> Any:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return SimpleNamespace(connect=connect, loaded_dbapi=SimpleNamespace(OperationalError=Fault)), left


@pytest.mark.parametrize(
    "said",
    [
        "FATAL:  the database system is starting up",
        "FATAL:  the database system is in recovery mode",
        "FATAL:  the database system is not yet accepting connections",
    ],
)
def test_a_server_that_is_coming_up_is_waited_for(said: str) -> None:
    dialect, left = driver(Fault(said), "a connection")
    assert postgres._connected(dialect, (), {}, 5) == "a connection"
    assert left == []


def test_one_that_is_not_there_is_not() -> None:
    dialect, left = driver(Fault("connection refused"), "a connection")
    with pytest.raises(Fault, match="refused"):
        postgres._connected(dialect, (), {}, 5)
    assert left == ["a connection"]


def test_nor_one_that_comes_up_for_longer_than_one_waits() -> None:
    dialect, left = driver(Fault("starting up"), "a connection")
    with pytest.raises(Fault, match="starting up"):
        postgres._connected(dialect, (), {}, -1)
    assert left == ["a connection"]
