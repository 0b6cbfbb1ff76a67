"""Tokens of those who come in over the network: kept by their hashes, beside the record and no part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.store.tables import tokens as table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

Row = dict[str, Any]


def add(connection: Connection, row: Row) -> None:
    """Keep a token by the columns of its row."""
    connection.execute(sa.insert(table).values(row))


def find(connection: Connection, digest: str) -> Row | None:
    """The token of a hash (SHA-256, hex)."""
    found = connection.execute(sa.select(table).where(table.c.digest == digest)).mappings().first()
    return None if found is None else dict(found)


def read(connection: Connection) -> list[Row]:
    """All tokens, in the order in which they were made."""
    query = sa.select(table).order_by(table.c.made_at, table.c.digest)
    return [dict(row) for row in connection.execute(query).mappings()]


def revoke(connection: Connection, digests: Sequence[str], at: str) -> None:
    """Note that some tokens hold no longer, from a moment on."""
    connection.execute(sa.update(table).where(table.c.digest.in_(digests)).values(revoked_at=at))
