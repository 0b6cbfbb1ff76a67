"""Which schema this program knows, and what to say of a database that has another.

Every command asks this on opening a database, so alembic, which takes longer to import than most
commands take to run, is not imported here.
"""

from __future__ import annotations

from tracker.errors import NoTracker, SchemaNew, SchemaOld

# Every released revision, oldest first. A test compares the last with the migrations.
KNOWN: tuple[str, ...] = ("0001", "0002", "0003", "0004")
HEAD = KNOWN[-1]


def check(version: str | None) -> None:
    """Refuse a database whose schema is not the one that this program reads and writes."""
    if version == HEAD:
        return
    if version is None:
        raise NoTracker(
            "the database holds no tracker: it has no schema version",
            "run `tracker init` to make one there, or name another database with --db",
        )
    if version in KNOWN:
        raise SchemaOld(
            f"the database has schema {version}, and this program needs {HEAD}",
            "run `tracker db upgrade`",
        )
    raise SchemaNew(
        f"the database has schema {version}, which this program does not know (it knows up to {HEAD})",
        "update the program: a newer one has changed this database",
    )
