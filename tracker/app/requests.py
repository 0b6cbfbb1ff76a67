"""Requests: each write has a name, so that a second try at it is known to be one.

A program that is killed, or loses its database, while its commit is under way cannot know whether it
arrived. It asks again under the same name: what was recorded is not recorded twice.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from claims.errors import BadValue, Conflict
from tracker.errors import AlreadyRecorded
from tracker.store import journal

if TYPE_CHECKING:
    from tracker.store.database import Connection

LONGEST = 190
"""Characters of a name; the names of further acts of one request are a few longer."""


def random_request(_first: int) -> str:
    """A name that nobody has used: a UUID that begins with the time and is random otherwise (RFC 9562,
    version 7), so that those of one day lie side by side in the index over them."""
    by_chance = int.from_bytes(os.urandom(10), "big")
    since = time.time_ns() // 1_000_000
    number = since << 80 | 7 << 76 | by_chance >> 68 << 64 | 2 << 62 | by_chance & (1 << 62) - 1
    return str(UUID(int=number))


def numbered_request(first: int) -> str:
    """A name that comes out the same each time: for rehearsals, whose journals are to be alike."""
    return f"entry-{first}"


@dataclass(frozen=True, slots=True)
class Request:
    """A write by name. ``asked`` is what is asked for, as anything that JSON can say; ``made_up`` is
    whether the program itself named it, so that it cannot have been there before."""

    id: str
    asked: object = None
    made_up: bool = False

    @property
    def digest(self) -> str:
        """The SHA-256 (hex) of what is asked for."""
        return sha256(json.dumps(self.asked, sort_keys=True, default=repr).encode("ascii")).hexdigest()

    @property
    def fields(self) -> dict[str, Any]:
        """What an entry says of it."""
        return {"id": self.id, "digest": self.digest}


def check_name(name: str) -> str:
    """The name that a caller gave. Raises :class:`BadValue` for one that cannot be kept."""
    name = name.strip()
    if not name or len(name) > LONGEST or not name.isprintable() or not name.isascii():
        raise BadValue(
            f"{name[:60]!r} cannot name a request",
            f"use up to {LONGEST} letters, digits and signs of ASCII, such as a UUID",
        )
    return name


def refuse_repeated(connection: Connection, request: Request) -> None:
    """Stop an act that has been recorded. Raises :class:`AlreadyRecorded`, or :class:`Conflict` where
    something else was recorded under the same name."""
    found = journal.read_request(connection, request.id)
    if found is None:
        return
    digest, first = found
    last = first + len(journal.read_batch(connection, first)) - 1
    entries = f"entry {first}" if first == last else f"entries {first} to {last}"
    if digest != request.digest:
        raise Conflict(
            f"the request {request.id} was another one: it is recorded as {entries}",
            "see it with: tracker audit log; give this one a name of its own with --request",
        )
    raise AlreadyRecorded(request.id, first, last)
