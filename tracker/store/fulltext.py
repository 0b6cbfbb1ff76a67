"""The index over the words of claims: FTS5 on SQLite, ``tsvector`` on PostgreSQL.

What a word is, no database decides: ``claims.folded`` holds words of ``a`` to ``z`` and digits, one blank
between them, and only such words ever reach a query. So what a person types is never read as the syntax
of a query, and both databases find the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
from sqlalchemy import event

from tracker.errors import StoreError
from tracker.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

ON_SQLITE = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS claim_words USING fts5 (folded, content='claims',
       content_rowid='seq', columnsize=0, detail=none, tokenize='ascii', prefix='3')""",
    """CREATE TRIGGER IF NOT EXISTS claim_words_added AFTER INSERT ON claims BEGIN
         INSERT INTO claim_words (rowid, folded) VALUES (new.seq, new.folded);
       END""",
    """CREATE TRIGGER IF NOT EXISTS claim_words_gone AFTER DELETE ON claims BEGIN
         INSERT INTO claim_words (claim_words, rowid, folded) VALUES ('delete', old.seq, old.folded);
       END""",
    """CREATE TRIGGER IF NOT EXISTS claim_words_changed AFTER UPDATE OF folded, seq ON claims BEGIN
         INSERT INTO claim_words (claim_words, rowid, folded) VALUES ('delete', old.seq, old.folded);
         INSERT INTO claim_words (rowid, folded) VALUES (new.seq, new.folded);
       END""",
)
"""The table of FTS5, with an index over beginnings of three letters, and what keeps it, so that whoever
writes a claim need not think of it."""

ON_POSTGRES = """CREATE INDEX IF NOT EXISTS ix_claims_words ON claims
                 USING gin (array_to_tsvector(string_to_array(folded, ' ')))"""

MOST_ASKED = 60
"""Words of one query that the index is asked for: of more, the claims found are looked at in full."""


@event.listens_for(t.claims, "after_create")
def _created(_table: object, connection: Connection, **_options: object) -> None:
    prepare(connection)


def prepare(connection: Connection) -> None:
    """Make the index where there is none. Raises :class:`StoreError` where SQLite has no FTS5."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(ON_POSTGRES)
        return
    if missing := sqlite_problem(connection):
        raise StoreError(*missing)
    for statement in ON_SQLITE:
        connection.exec_driver_sql(statement)


def sqlite_problem(connection: Connection) -> tuple[str, str] | None:
    """What this Python's SQLite lacks for searching, and what to do; None if it has all."""
    if connection.dialect.name != "sqlite":
        return None
    named = "SELECT 1 FROM pragma_module_list WHERE name = 'fts5'"
    if connection.exec_driver_sql(named).first() is not None:
        return None
    return NO_FTS5


NO_FTS5 = (
    "this Python's SQLite was built without full-text search (FTS5), which a tracker needs",
    "use a Python whose SQLite has it, such as that of python.org, of uv, or of your system's packages",
)


def missing(connection: Connection) -> list[str]:
    """The names of what the index is made of and that is not there."""
    if connection.dialect.name == "postgresql":
        there = connection.exec_driver_sql("SELECT to_regclass('ix_claims_words')").scalar()
        return [] if there else ["ix_claims_words"]
    made = {"claim_words", "claim_words_added", "claim_words_changed", "claim_words_gone"}
    return sorted(made - set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars()))


def drop(connection: Connection) -> None:
    """Take the index away, words and all: rows that are deleted one by one leave theirs in it for long,
    and FTS5 takes it for damage when they are not there."""
    if connection.dialect.name == "sqlite":
        for name in ("added", "changed", "gone"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS claim_words_{name}")
        connection.exec_driver_sql("DROP TABLE IF EXISTS claim_words")


# --- looking ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Words of which a claim must hold one: whole, or ``beginning`` as the beginning of one."""

    whole: tuple[str, ...] = ()
    beginning: str | None = None


class Holding(NamedTuple):
    """A claim that holds what is looked for: its key, its words, and the entry that recorded it."""

    key: str
    folded: str
    seq: int


def claims_holding(
    connection: Connection,
    asked: Sequence[AnyOf],
    most: int,
    *,
    last: int | None = None,
    withdrawn: bool = False,
) -> list[Holding]:
    """The newest standing claims that hold a word of each group; of all, or of those that were recorded up
    to an entry, and the ``withdrawn`` too.

    Words are such as ``claims.spelling.words_of`` gives: letters ``a`` to ``z`` and digits.
    """
    groups = list(dict.fromkeys(asked))[:MOST_ASKED]
    if not groups or not all(group.whole or group.beginning for group in groups):
        return []
    sqlite = connection.dialect.name != "postgresql"
    match = (_FTS5 if sqlite else _TSQUERY).query(groups)
    query = _ON_SQLITE if sqlite else _ON_POSTGRES
    if not withdrawn:
        query += " AND NOT claims.withdrawn"
    if last is not None:
        query += f" AND {'claim_words.rowid' if sqlite else 'claims.seq'} <= :last"
    newest = f" ORDER BY {'claim_words.rowid' if sqlite else 'claims.seq'} DESC LIMIT :most"
    found = connection.execute(sa.text(query + newest), {"match": match, "most": most, "last": last})
    return [Holding(*row) for row in found]


_ON_SQLITE = """SELECT claims.key, claims.folded, claims.seq
    FROM claim_words JOIN claims ON claims.seq = claim_words.rowid WHERE claim_words MATCH :match"""
_ON_POSTGRES = """SELECT claims.key, claims.folded, claims.seq FROM claims
    WHERE array_to_tsvector(string_to_array(folded, ' ')) @@ CAST(:match AS tsquery)"""


@dataclass(frozen=True, slots=True)
class _Grammar:
    """How a kind of database writes a query: signs around a word and after a beginning, and, or."""

    quote: str
    star: str
    all_of: str
    any_of: str

    def query(self, groups: Sequence[AnyOf]) -> str:
        """All groups, and of each any word."""
        return self.all_of.join(f"({self.any_of.join(self._group(group))})" for group in groups)

    def _group(self, group: AnyOf) -> list[str]:
        written = [self._quoted(word) for word in group.whole]
        return written if group.beginning is None else [*written, self._quoted(group.beginning) + self.star]

    def _quoted(self, word: str) -> str:
        if not (word.isascii() and word.isalnum()):
            raise ValueError(f"{word!r} is no word")
        return f"{self.quote}{word}{self.quote}"


_FTS5 = _Grammar('"', "*", " AND ", " OR ")
_TSQUERY = _Grammar("'", ":*", " & ", " | ")
