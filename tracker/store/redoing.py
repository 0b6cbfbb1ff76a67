"""Doing again what a journal records, which somebody may have written past the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from claims import vocabulary as words
from tracker.errors import AuditBroken
from tracker.store.project import project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from sqlalchemy.engine import Connection

    from tracker.journal.entry import Entry
    from tracker.store.project import Touched

UNFIT = (
    *(KeyError, TypeError, ValueError, AttributeError, IndexError),
    *(sa.exc.IntegrityError, sa.exc.DataError, sa.exc.InterfaceError, sa.exc.CompileError),
)
"""What comes of applying an entry that says what no act of this program does."""

WORDS: Mapping[str, Mapping[str, type[StrEnum]]] = {
    "claim": {"kind": words.Kind},
    "evidence": {
        "stance": words.Stance,
        "credibility": words.Credibility,
        "basis": words.Basis,
        "side": words.Side,
    },
    "assessment": {"status": words.Status},
    "source": {"reliability": words.Reliability},
}
"""The fields of each kind of record whose words are of a vocabulary: the tables take any."""


def project_recorded(connection: Connection, entry: Entry) -> Touched:
    """As :func:`project`, of an entry that stands in a journal. Raises :class:`AuditBroken` also for one that
    cannot be applied as it is written: somebody wrote it past the program."""
    try:
        touched = project(connection, entry)
        _check_words(entry)
    except _unfit(connection) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())[:200]
        raise AuditBroken(
            f"entry {entry.seq}: {entry.act} of {entry.subject} cannot be done as it is written "
            f"({type(error).__name__}: {reason})",
            "somebody wrote it past the program; restore a backup from before it",
        ) from error
    return touched


def _unfit(connection: Connection) -> tuple[type[Exception], ...]:
    """The same with what the driver itself raises, where it is asked past SQLAlchemy."""
    driver = connection.dialect.loaded_dbapi
    return (*UNFIT, driver.IntegrityError, driver.DataError, driver.InterfaceError)


def _check_words(entry: Entry) -> None:
    of = WORDS.get(entry.act.partition(".")[0], {})
    said = {**entry.payload, **entry.payload.get("set", {})}
    for name, vocabulary in of.items():
        if said.get(name) is not None:
            vocabulary(said[name])
