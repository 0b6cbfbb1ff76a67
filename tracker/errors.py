"""What can go wrong in the application: the store, the journal, and the file system.

The classes carry the exit status that the command line gives; :mod:`claims.errors` has the rest.
"""

from __future__ import annotations

from typing import ClassVar

from claims.errors import ClaimsError, Conflict


class StoreError(ClaimsError):
    """The database cannot do what was asked."""

    code: ClassVar[str] = "store"
    exit_status: ClassVar[int] = 6


class NoTracker(StoreError):
    """There is no tracker where one was looked for."""

    code = "no-tracker"


class TrackerExists(ClaimsError):
    """There is a tracker already where one was to be made."""

    code = "tracker-exists"
    exit_status = 4


class Locked(StoreError):
    """Another process holds the database, and did not let go in time."""

    code = "locked"


class Collided(Locked):
    """Two programs changed the database at the same moment, and this one was stopped: run it again."""


class Unreachable(StoreError):
    """The server does not answer, or the connection to it was lost."""

    code = "unreachable"


class ReadOnly(StoreError):
    """The database or its folder cannot be written."""

    code = "read-only"


class NotAllowed(ReadOnly):
    """The server does not let this database user do that."""

    code = "not-allowed"


class RoleNeeded(NotAllowed):
    """The token that somebody came in by has too low a role for that."""


class Corrupt(StoreError):
    """The file is not a database, or a damaged one."""

    code = "corrupt"


class DiskFull(StoreError):
    """There is no room left where the database lives."""

    code = "disk-full"


class SchemaOld(StoreError):
    """The database was made by an earlier version of the program."""

    code = "schema-old"


class SchemaNew(StoreError):
    """The database was made by a later version of the program."""

    code = "schema-new"


class AuditBroken(ClaimsError):
    """The journal does not verify."""

    code = "audit-broken"
    exit_status = 5


class BadProof(ClaimsError):
    """A key, signature, checkpoint or proof that does not hold, or is none."""

    code = "bad-proof"
    exit_status = 5


class NoKey(ClaimsError):
    """There is no key to sign with, or one that others can read."""

    code = "no-key"
    exit_status = 4


class NoToken(ClaimsError):
    """A token that is missing, unknown, expired or revoked; or nobody has one who could come in by it."""

    code = "no-token"
    exit_status = 4


class AddressInUse(Conflict):
    """Another program listens at the address."""


class Unjournalable(ClaimsError):
    """A value that the journal cannot hold: a float, an integer of 2^53 or more, half of a character."""

    code = "bad-value"


class AlreadyRecorded(ClaimsError):
    """A request that was carried out before: it is not done again, and nothing is wrong.

    ``request`` is its name; ``first`` and ``last`` are the numbers of the entries that it left.
    """

    code: ClassVar[str] = "already-recorded"
    exit_status: ClassVar[int] = 0

    def __init__(self, request: str, first: int, last: int) -> None:
        entries = f"entry {first}" if first == last else f"entries {first} to {last}"
        super().__init__(
            f"the request {request} is already recorded as {entries}; nothing was done again",
            "see what it did with: tracker audit log",
        )
        self.request = request
        self.first = first
        self.last = last


class Uncertain(StoreError):
    """The database was lost while it was told to keep an act: whether it did is not known."""

    code = "uncertain"
