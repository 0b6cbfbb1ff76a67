"""A glance at the keys in a SQLite tracker, for completion: with the standard library alone.

Whoever presses Tab waits for it, and loading SQLAlchemy would take far longer than the glance.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

LIMIT = 200
PATIENCE = 0.25
"""Seconds to wait for a writer: longer than that, and no completion is the better one."""

_KEYS = {
    "claims": ("text", "withdrawn = 0"),
    "sources": ("name", "withdrawn = 0"),
    "entities": ("name", "withdrawn = 0"),
    "evidence": ("stance", "withdrawn IS NULL"),
    "links": ("relation", "state = 'open'"),
    "cases": ("title", "withdrawn = 0"),
    "questions": ("text", "withdrawn = 0"),
    "documents": ("title", "withdrawn = 0"),
}
"""Tables whose keys are completed: what is shown beside a key, and which rows are offered."""


def keys(url: str, table: str, beginning: str) -> list[tuple[str, str]]:
    """Keys of a table that begin with ``beginning``, each with a few words on what it names.

    Nothing for a tracker that is no SQLite file. Raises what the driver raises.
    """
    path = sqlite_file(url)
    if path is None or not path.is_file():
        return []
    words, offered = _KEYS[table]
    # Both names come from the table above, never from outside.
    query = (
        f"SELECT key, {words} FROM {table} WHERE {offered}"  # noqa: S608
        " AND key >= ? AND key < ? || char(1114111) ORDER BY key LIMIT ?"
    )
    place = f"file:{quote(str(path.absolute()))}?mode=ro"
    with closing(sqlite3.connect(place, uri=True, timeout=PATIENCE)) as connection:
        return connection.execute(query, (beginning, beginning, LIMIT)).fetchall()


def sqlite_file(url: str) -> Path | None:
    """The file that a database URL or a plain path means; None where it is no file of SQLite."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return Path(url).expanduser()
    if scheme.partition("+")[0] != "sqlite":
        return None
    name = rest.partition("?")[0].removeprefix("/")
    return None if name in {"", ":memory:"} else Path(name)
