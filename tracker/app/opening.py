"""Opening a tracker for a part of what it can do, so that no more is loaded than is asked for."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from tracker.store.database import Database

if TYPE_CHECKING:
    from tracker.app.desk import Desk

AnyDesk = TypeVar("AnyDesk", bound="Desk")


def open_as(kind: type[AnyDesk], url: str, *, author: str | None = None, **options: Any) -> AnyDesk:
    """Open a tracker as a desk of some kind, by its database URL or the path of a SQLite file; options as
    of :class:`tracker.app.desk.Desk`.

    Raises :class:`NoTracker` where there is none, :class:`SchemaOld` or :class:`SchemaNew` where
    the database is of another version, and other :class:`StoreError` where it cannot be read.
    """
    database = Database(url)
    try:
        database.check_schema()
        return kind(database, author=author or default_author(database), **options)
    except BaseException:
        database.close()
        raise


def desk_of(room: str) -> type[Desk]:
    """The kind of desk that a room of the application has, such as ``reading:Questions``; loaded now."""
    module, _, name = room.partition(":")
    kind: type[Desk] = getattr(import_module(f"tracker.app.{module}"), name)
    return kind


def default_author(database: Database | None = None) -> str:
    """Who acts when nobody is named: ``TRACKER_AUTHOR``, else whom the database has let in, else the user of
    this machine."""
    if author := os.environ.get("TRACKER_AUTHOR") or (database.user if database is not None else None):
        return author
    import getpass  # and what it needs to ask for passwords

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
