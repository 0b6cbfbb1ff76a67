"""When records were made and last changed: read from the journal, for files that say so of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from tracker.store import tables as t
from tracker.store.dialects import chunks

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.engine import Connection

Times = tuple[str, str, str]
"""When a record was made and last changed, and who made it."""

_WHATS = {"claims": "link"}
"""What an act is about, where its first word does not say so."""


def moments_of(connection: Connection, keys: Collection[str], until: int) -> dict[tuple[str, str], Times]:
    """When the records of some keys were made and last changed, and who made them, by what each is and
    its key; from the entries up to a number."""
    table = t.journal.c
    columns = (table.act, table.subject, table.recorded_at, table.author)
    found: dict[tuple[str, str], Times] = {}
    for portion in chunks(keys):
        query = sa.select(*columns).where(table.subject.in_(portion), table.seq <= until).order_by(table.seq)
        for act, subject, at, author in connection.execute(query):
            word = act.partition(".")[0]
            name = (_WHATS.get(word, word), subject)
            first, last, by = found.get(name, (at, at, author))
            found[name] = (first, max(last, at), by)
    return found


def status_moments(connection: Connection, claims: Collection[str], until: int) -> dict[str, str]:
    """When the computed status of claims last changed, or its likelihood, by their keys."""
    table = t.status_changes.c
    found: dict[str, str] = {}
    for portion in chunks(claims):
        query = (
            sa.select(table.claim, sa.func.max(table.recorded_at))
            .where(table.claim.in_(portion), table.seq <= until)
            .group_by(table.claim)
        )
        found.update((claim, at) for claim, at in connection.execute(query))
    return found


def founded(connection: Connection) -> Times | None:
    """When the first entry was recorded, and by whom; None where there is none."""
    table = t.journal.c
    row = connection.execute(sa.select(table.recorded_at, table.author).order_by(table.seq).limit(1)).first()
    return None if row is None else (row.recorded_at, row.recorded_at, row.author)
