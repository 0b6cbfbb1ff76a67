"""Upkeep: verifying the record, reading the journal, rebuilding the tables, looking at the installation."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.app.desk import Desk
from tracker.app.replay import empty_tables, project_all
from tracker.archive import problem_with
from tracker.errors import AuditBroken
from tracker.report.models import Audit
from tracker.store import journal, schema
from tracker.store import tables as t
from tracker.store.dialects import (
    engine_for,
    has_wal_reset_bug,
    integrity_problems,
    version_text,
)
from tracker.store.tables import PROJECTED, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from tracker.journal.entry import Entry

SAFE_SQLITE = "; 3.51.3 or later does not"

Finding = tuple[str, str]
"""How well something is (ok, warning, problem), and what it is."""


class UpkeepActs(Desk):
    """Audit, rebuild and doctor."""

    # --- audit ------------------------------------------------------------------------------

    def audit(self) -> Audit:
        """Verify everything: each entry's hash, number and time, the tree head, the tables against
        a rebuild from the journal, and the archived documents against their SHA-256."""
        with self.reading() as reader:
            connection = reader.connection
            report = journal.check(connection)
            problems = list(report.problems)
            if report.ok:
                problems += self._table_problems(connection)
                archived = (problem_with(self.database.path, digest) for digest in _archived(connection))
                problems += [problem for problem in archived if problem is not None]
        return Audit(ok=not problems, entries=report.entries, root=report.root, problems=tuple(problems))

    def _table_problems(self, connection: Connection) -> list[str]:
        """How the tables differ from what the journal says they must hold."""
        engine = engine_for("sqlite://", must_exist=False)
        try:
            with engine.connect() as fresh:
                metadata.create_all(fresh)
                project_all(fresh, journal.read_entries(connection))
                return [problem for table in PROJECTED for problem in _differences(table, connection, fresh)]
        except AuditBroken as error:
            return [error.message]
        finally:
            engine.dispose()

    def entries(self, subject: str | None = None, *, newest: int | None = None) -> list[Entry]:
        """The journal: all of it, the newest few entries, or those on one key and what hangs on it."""
        with self.reading() as reader:
            subjects = None if subject is None else self._subjects(reader.connection, subject)
            return journal.read_entries(reader.connection, subjects=subjects, newest=newest)

    def _subjects(self, connection: Connection, key: str) -> list[str]:
        """A key and the keys of all evidence, links and assessments on it."""
        found = {key}
        for table in (t.evidence, t.assessments):
            found.update(connection.scalars(sa.select(table.c.key).where(table.c.claim == key)))
        either = sa.or_(t.links.c.claim == key, t.links.c.other == key)
        found.update(connection.scalars(sa.select(t.links.c.key).where(either)))
        return sorted(found)

    # --- rebuild ----------------------------------------------------------------------------

    def rebuild(self) -> int:
        """Make all tables anew from the journal, in one transaction; returns the entries read.

        Raises :class:`AuditBroken` when the journal itself does not verify.
        """
        with self.database.writing() as connection:
            report = journal.check(connection)
            if not report.ok:
                raise AuditBroken(
                    f"the journal does not verify: {report.problems[0]}",
                    "see all of it with: tracker audit verify",
                )
            empty_tables(connection)
            return project_all(connection, journal.read_entries(connection))

    # --- doctor -----------------------------------------------------------------------------

    def doctor(self) -> list[Finding]:
        """What can be said of this installation and this database, the good and the bad."""
        found: list[Finding] = [("ok", f"Python {platform.python_version()}")]
        found += list(_package_findings())
        with self.reading() as reader:
            connection = reader.connection
            found.append(("ok", f"{self.database.name}: {version_text(connection)}"))
            if connection.dialect.name == "sqlite" and has_wal_reset_bug():
                found.append(
                    (
                        "warning",
                        f"this SQLite can lose commits when two programs write at once{SAFE_SQLITE}",
                    )
                )
            found += [("problem", text) for text in integrity_problems(connection)]
            found.append(("ok", f"schema {schema.HEAD}"))
            head = journal.read_head(connection)
            found.append(("ok", f"{head[0] if head else 0} journal entries"))
        return found


def _archived(connection: Connection) -> list[str]:
    """The SHA-256 (hex) of every document whose bytes were archived here."""
    entries = journal.read_entries(connection, act="document.archived")
    return sorted({entry.payload["set"]["sha256"] for entry in entries})


def _package_findings() -> Iterator[Finding]:
    for name in ("sqlalchemy", "alembic", "click", "python-dateutil", "numpy"):
        try:
            yield ("ok", f"{name} {version(name)}")
        except PackageNotFoundError:
            yield ("problem", f"{name} is not installed")
    # Other packages on the public index install modules of these names, and silently replace ours.
    owners = packages_distributions()
    for module in ("claims", "tracker"):
        others = sorted(set(owners.get(module, [])))
        if len(others) > 1:
            several = f"the module {module} is claimed by several packages: {', '.join(others)}"
            yield ("problem", f"{several}; install this program into an environment of its own")


def _differences(table: sa.Table, held: Connection, fresh: Connection) -> list[str]:
    """The rows in which a table differs from a rebuilt one, by key."""
    keys = [column.name for column in table.primary_key.columns]
    query = sa.select(table).order_by(*table.primary_key.columns)
    mine = {tuple(row[key] for key in keys): dict(row) for row in held.execute(query).mappings()}
    theirs = {tuple(row[key] for key in keys): dict(row) for row in fresh.execute(query).mappings()}
    problems = []
    for key in sorted(mine.keys() | theirs.keys(), key=str):
        name = f"table {table.name}, row {'/'.join(str(part) for part in key)}"
        if key not in theirs:
            problems.append(f"{name}: it follows from no entry of the journal")
        elif key not in mine:
            problems.append(f"{name}: missing, though the journal records it")
        elif differing := [c for c in mine[key] if not _alike(mine[key][c], theirs[key][c])]:
            problems.append(f"{name}: {', '.join(differing)} is not what the journal says")
    return problems


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 1e-9  # other machines may add up in another order
    return bool(one == other)
