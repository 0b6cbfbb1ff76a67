"""What was published: which status of a claim, where and when, as stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from tracker.store import tables as t
from tracker.store.dialects import chunks

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import RowMapping
    from sqlalchemy.engine import Connection


def read(connection: Connection, claims: Collection[str] | None = None) -> list[RowMapping]:
    """The rows of some claims, or of all, in the order of publication."""
    query = sa.select(t.publications)
    queries = [query]
    if claims is not None:
        queries = [query.where(t.publications.c.claim.in_(chunk)) for chunk in chunks(claims)]
    found = [row for each in queries for row in connection.execute(each).mappings()]
    return sorted(found, key=lambda row: (row["published_on"], row["seq"]))
