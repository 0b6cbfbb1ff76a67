"""All rows of all tables, for comparing one database with another, or with itself later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.store.tables import metadata

if TYPE_CHECKING:
    from tracker.app import Tracker


def dump(tracker: Tracker) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the order of the primary keys."""
    with tracker.reading() as reader:
        return {
            table.name: [
                tuple(row)
                for row in reader.connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }
