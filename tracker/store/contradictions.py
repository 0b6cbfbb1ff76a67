"""Contradictions that rules found, kept as links: brought up to date, and found again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from claims.vocabulary import LinkState
from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.remembering import changed
from tracker.store.rows import columns_of_link

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.engine import Connection

    from claims.model import Link


def keep(connection: Connection, claims: Collection[str], found: Mapping[str, Link]) -> None:
    """Make the open links that rules found between some whole tied groups of claims those that they
    find now. What a person resolved stays as it is."""
    held: dict[str, dict[str, Any]] = {}
    for chunk in chunks(claims):
        query = sa.select(t.links).where(t.links.c.rule.is_not(None), t.links.c.claim.in_(chunk))
        held |= {row["key"]: dict(row) for row in connection.execute(query).mappings()}
    fresh = {key: columns_of_link(link) for key, link in found.items()}
    outdated = [key for key, row in held.items() if row["state"] == LinkState.OPEN and row != fresh.get(key)]
    added = [row for key, row in sorted(fresh.items()) if key not in held or key in outdated]
    if outdated or added:
        changed(connection)
    for chunk in chunks(outdated):
        connection.execute(sa.delete(t.links).where(t.links.c.key.in_(chunk)))
    if added:
        connection.execute(sa.insert(t.links), added)
