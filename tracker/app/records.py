"""One record of any kind, found by its key: what it is, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.errors import Ambiguous, BadValue, NotFound
from claims.names import did_you_mean
from tracker.store import find
from tracker.store.nearby import candidates

if TYPE_CHECKING:
    from tracker.store.database import Connection

TABLES = {
    "claim": "claims",
    "evidence": "evidence",
    "source": "sources",
    "entity": "entities",
    "document": "documents",
    "question": "questions",
    "case": "cases",
    "assessment": "assessments",
    "link": "links",
}
"""What a record is called, and the table that holds it."""

_WORDS = {table: what for what, table in TABLES.items()}


def check_what(what: str | None) -> str | None:
    """A word for a kind of record; raises :class:`BadValue` for another."""
    if what is not None and what not in TABLES:
        near = did_you_mean(what, TABLES)
        raise BadValue(
            f"{what!r} is no kind of record",
            f"did you mean {near[0]}?" if near else f"use one of: {', '.join(TABLES)}",
        )
    return what


def find_record(connection: Connection, text: str, what: str | None = None) -> tuple[str, str]:
    """What a key names, and the whole key: given in full, or the beginning of one and no other.

    Raises :class:`NotFound` where nothing has it, :class:`Ambiguous` where several records do.
    """
    key, among = text.strip(), [TABLES[check_what(what) or what]] if what else list(TABLES.values())
    named = [(_WORDS[table], key) for table in find.records_with(connection, key) if table in among]
    if not named:
        named = [
            (_WORDS[table], found)
            for table in among
            for found in find.keys_beginning(connection, table, key, 3)
        ]
    if len(named) == 1:
        return named[0]
    if not named:
        near = did_you_mean(key, {each for table in among for each in candidates(connection, table, key)})
        hint = f"did you mean {' or '.join(near)}?" if near else "see the keys with: tracker audit log"
        raise NotFound(f"no {what or 'record'} has the key {key!r}", hint)
    if len({found for _, found in named}) > 1:
        keys = sorted({found for _, found in named})
        raise Ambiguous(f"{key!r} is the beginning of several keys", f"type more of it: {', '.join(keys)}")
    words = " and ".join(_with_article(found) for found, _ in named)
    raise Ambiguous(f"{key!r} is the key of {words}", f"say which with --what {named[0][0]}")


def _with_article(what: str) -> str:
    if what == "evidence":
        return what
    return f"{'an' if what[0] in 'ae' else 'a'} {what}"
