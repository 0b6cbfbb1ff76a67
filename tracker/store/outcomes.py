"""How sources' stances fared on settled claims, as stored: kept per claim, read per source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from tracker.store import rows
from tracker.store import tables as t
from tracker.store.dialects import chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy.engine import Connection

    from claims.resolve.records import Outcome


def read(connection: Connection, column: sa.Column[str], keys: Collection[str]) -> list[Outcome]:
    """The outcomes whose ``column`` (claim or source) is one of some keys, in a fixed order."""
    found: list[Outcome] = []
    order = (t.outcomes.c.source, t.outcomes.c.claim, t.outcomes.c.since)
    for chunk in chunks(keys):
        query = sa.select(t.outcomes).where(column.in_(chunk)).order_by(*order)
        found.extend(rows.outcome_of(row) for row in connection.execute(query).mappings())
    return found


def replace(connection: Connection, claims: Collection[str], fresh: Iterable[Outcome]) -> dict[str, set[str]]:
    """Keep these outcomes of some claims, and no others of them.

    Returns the sources whose records changed by it, each with the claims that changed them.
    """
    before = set(read(connection, t.outcomes.c.claim, claims))
    now = set(fresh)
    moved: dict[str, set[str]] = {}
    for outcome in before ^ now:
        moved.setdefault(outcome.source, set()).add(outcome.claim)
    stale = {outcome.claim for outcome in before ^ now}
    for chunk in chunks(stale):
        connection.execute(sa.delete(t.outcomes).where(t.outcomes.c.claim.in_(chunk)))
    kept = sorted((o for o in now if o.claim in stale), key=lambda o: (o.claim, o.source, o.since))
    if kept:
        connection.execute(sa.insert(t.outcomes), [rows.columns_of_outcome(outcome) for outcome in kept])
    return moved
