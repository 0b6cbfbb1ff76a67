"""What may have been meant by a key that nothing has: a few keys that lie near it, not all there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from claims.names import did_you_mean
from claims.spelling import LIKE
from tracker.store import find, spellings
from tracker.store.tables import metadata
from tracker.store.words import Words, claims_like

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

BESIDE = 200
"""Keys before and after one, in their order, that are looked at: of few, all are."""

_NAMED = ("sources", "entities")
_ON_CLAIMS = ("evidence", "links", "assessments")
_LONGEST = 300


def near_keys(connection: Connection, records: str, typed: str) -> list[str]:
    """The keys of some records (named as their table is) that are most like one, the best first."""
    return did_you_mean(typed, candidates(connection, records, typed))


def candidates(connection: Connection, records: str, typed: str) -> set[str]:
    """Keys of some records that may be like one: its neighbours, and those with words like its own."""
    asked = typed.strip().lower()[:_LONGEST]
    found = _beside(connection, records, asked)
    if records == "claims":
        found.update(_of_claims(connection, asked))
    elif records in _NAMED:
        words = asked.replace("-", " ").replace(".", " ")
        matches = spellings.like_names(connection, records, words, limit=BESIDE, at_least=LIKE)
        found.update(match.key for match in matches)
    elif records in _ON_CLAIMS:
        found.update(_on_claims(connection, records, asked))
    return found


def _beside(connection: Connection, records: str, typed: str) -> set[str]:
    key: sa.Column[str] = metadata.tables[records].c.key
    after = sa.select(key).where(key >= typed).order_by(key).limit(BESIDE)
    before = sa.select(key).where(key < typed).order_by(key.desc()).limit(BESIDE)
    return {*connection.scalars(after), *connection.scalars(before)}


def _of_claims(connection: Connection, typed: str) -> list[str]:
    return [found.key for found in claims_like(Words(connection), typed, BESIDE)]


def _on_claims(connection: Connection, records: str, typed: str) -> list[str]:
    """Keys that begin with that of a claim: such claims as the beginning of what was typed may mean."""
    claim = typed.partition(".")[0]
    keys = did_you_mean(claim, [*_of_claims(connection, claim), *_beside(connection, "claims", claim)])
    return [each for key in keys for each in find.keys_beginning(connection, records, f"{key}.", BESIDE)]
