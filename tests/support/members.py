"""A newsroom on a server, with a database user for each role, and ways past the program."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tests.conftest import Clock
from tests.support.postgres import reach, text_of
from tracker.app import create_tracker, open_tracker

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from tests.support.postgres import Databases
    from tracker.app import Tracker

PEOPLE = {"rita": "reader", "amina": "logger", "ben": "reviewer", "olga": "owner"}
PASSWORD = "only-for-tests"


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
            tracker.open_case("harbour")

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


def entries(room: Newsroom) -> int:
    with reach(room.url) as connection:
        (found,) = connection.execute(b"SELECT max(seq) FROM journal").fetchone() or (0,)
        return int(str(found))


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
