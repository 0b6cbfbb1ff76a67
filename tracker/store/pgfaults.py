"""What a PostgreSQL server refuses, or does not answer, as errors that a user can act on."""

from __future__ import annotations

import re

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

_BY_STATE: dict[str, type[ClaimsError]] = {
    "22021": BadValue,
    "25006": ReadOnly,
    "42501": NotAllowed,
    "42704": NotAllowed,
    "53100": DiskFull,
    "55P03": Locked,
    "40001": Collided,
    "40P01": Collided,
    "23505": Collided,
    "3D000": NoTracker,
    "57P04": NoTracker,
    "XX001": Corrupt,
    "XX002": Corrupt,
    "57P01": Unreachable,
    "57P02": Unreachable,
    "57P03": Unreachable,
}
"""By SQLSTATE (PostgreSQL's manual, appendix A)."""

_BY_WORDS: tuple[tuple[str, type[ClaimsError]], ...] = (
    ("cannot contain nul", BadValue),
    ("permission denied for database", NotAllowed),
    ('role "', StoreError),
    ("does not exist", NoTracker),
    ("invalid sslmode value", StoreError),
    ("unrecognized configuration parameter", StoreError),
    ("authentication failed", StoreError),
    ("no password supplied", StoreError),
    ("no pg_hba.conf entry", StoreError),
    ("too many clients", StoreError),
    ("too many connections", StoreError),
    ("remaining connection slots", StoreError),
)
"""While connecting, the driver passes on words alone."""


def _kind(fault: BaseException, text: str) -> type[ClaimsError]:
    state = getattr(fault, "sqlstate", None) or ""
    if state in _BY_STATE:
        return _BY_STATE[state]
    if state:
        return Unreachable if state.startswith("08") else StoreError
    known = next((kind for words, kind in _BY_WORDS if words in text.lower()), None)
    if known is not None:
        return known
    kinds = {kind.__name__ for kind in type(fault).__mro__}
    return Unreachable if "OperationalError" in kinds else StoreError


def _reason(words: str) -> str:
    """Why a connection failed, without where to, which the name says: of several tries, the last."""
    found = [line.rpartition(" failed: ")[2].strip() for line in words.splitlines() if " failed: " in line]
    return found[-1] if found else ""


def translate(fault: BaseException, name: str) -> ClaimsError:
    """The error that a user can act on, for one that the driver gave."""
    # What the server was doing may be told with what it was doing it to.
    text = " ".join(str(fault).partition("\nCONTEXT:")[0].split())[:300] or type(fault).__name__
    kind = _kind(fault, text)
    if kind is Unreachable:
        # A connection may be lost in the very moment of keeping an act: nobody here knows then.
        return Unreachable(
            f"the server of {name} does not answer ({_reason(str(fault)) or text})",
            "check that it runs and can be reached; tracker audit log says whether the act was recorded",
        )
    if kind is BadValue:
        return BadValue("a text holds a NUL character", "write it as UTF-8 text, without that")
    if kind is Collided:
        return Collided(
            f"another program changed {name} at the same moment ({text}); nothing of this act was kept",
            "run the command again",
        )
    if kind is Locked:
        return Locked(
            f"another program is writing to {name} and did not finish in time",
            "try again; if it lasts, find the program in the server's pg_stat_activity",
        )
    if kind is NoTracker:
        return NoTracker(
            f"{name} is not there ({text})", "make the database first, with createdb, then: tracker init"
        )
    if kind is NotAllowed:
        return _not_allowed(fault, name)
    if kind is ReadOnly:
        return ReadOnly(f"{name} cannot be written ({text})", _write_hint(fault))
    if kind is DiskFull:
        return DiskFull(
            f"no room is left to write {name}; nothing of this act was kept",
            "free some space on the server and run the command again",
        )
    if kind is Corrupt:
        return Corrupt(f"{name} is damaged ({text})", "restore a backup; see: tracker audit verify")
    return _refused(fault, name, text)


def _not_allowed(fault: BaseException, name: str) -> NotAllowed:
    """What the server denied: by a guard of ours, which says why, or for want of a right."""
    from tracker.store.roles import READER, needed_for  # it asks tables, of which this room knows nothing

    said = (
        getattr(getattr(fault, "diag", None), "message_primary", None) or " ".join(str(fault).split())[:300]
    )
    if "cannot be by" in said:
        return NotAllowed(
            f"{name} refused: {said}",
            "leave out --as and TRACKER_AUTHOR: entries bear your database user's name",
        )
    table = re.search(r"permission denied for table (\w+)", said)
    needed = re.search(r"needs the role (\w+)", said)
    role = needed[1].rpartition("_")[2] if needed else ""
    if table or "CONNECT privilege" in said:
        # The version of the schema is read before anything else: who may not read that has no role yet.
        role = needed_for(table[1]) if table and table[1] != "alembic_version" else READER
    if getattr(fault, "sqlstate", None) == "42704":
        hint = "as after restoring on another server; give it its roles anew: tracker db roles --apply"
    elif role:
        hint = f"ask its owner for the role {role}: tracker db roles --apply --to {role} USER"
    else:
        hint = "ask its owner: only who owns the tracker and may make roles can do that; see docs/team.md"
    return NotAllowed(f"{name} refused: {said}; nothing of this was kept", hint)


def _write_hint(fault: BaseException) -> str:
    if getattr(fault, "sqlstate", None) == "25006":
        return (
            "it is a standby, or set to be only read: name the server that can be written too, "
            "as in ?host=a,b&target_session_attrs=read-write"
        )
    return "ask whoever runs the server for the right to write there"


_TOO_LONG = {
    "57014": "statement_timeout",
    "25P03": "idle_in_transaction_session_timeout",
    "25P04": "transaction_timeout",
}
"""Settings of the server by which it stops what takes too long, by SQLSTATE."""

_FULL = ("too many", "remaining connection slots")


def _refused(fault: BaseException, name: str, text: str) -> StoreError:
    state = getattr(fault, "sqlstate", None)
    if state in _TOO_LONG:
        return StoreError(
            f"the server stopped what was asked of {name} ({text}); nothing of this act was kept",
            f"raise the server's {_TOO_LONG[state]}, and run the command again",
        )
    if state is None and any(words in text.lower() for words in _FULL):
        return StoreError(
            f"{name} has no connection free ({text})",
            "run the command again later, or have the server's max_connections raised",
        )
    if state is None:
        return StoreError(f"{name} does not let us in ({text})", "check the user, the password and the URL")
    return StoreError(f"{name} refused: {text}", "run: tracker doctor")
