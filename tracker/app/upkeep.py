"""Upkeep: verifying the record, reading the journal, rebuilding the tables, looking at the installation."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from typing import TYPE_CHECKING

from tracker.app.policies import policy_findings
from tracker.app.redacting import redacted_files
from tracker.app.replay import project_all
from tracker.app.transaction import is_ahead
from tracker.app.view import Views
from tracker.archive import path_of, problem_with
from tracker.errors import AuditBroken
from tracker.journal.entry import timestamp
from tracker.journal.redaction import ACT
from tracker.report.models import Audit
from tracker.store import copies, find, journal, schema
from tracker.store.dialects import (
    integrity_problems,
    setting_warnings,
    version_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tracker.journal.entry import Entry
    from tracker.store.database import Connection

Finding = tuple[str, str]
"""How well something is (ok, warning, problem), and what it is."""


class UpkeepActs(Views):
    """Audit, rebuild and doctor."""

    # --- audit ------------------------------------------------------------------------------

    def audit(self) -> Audit:
        """Verify everything: each entry's hash, number and time, the tree head, the tables against
        a rebuild from the journal, and the archived documents against their SHA-256."""
        gone: list[str] = []
        remembered = self.database.remembered()
        with self.reading() as reader:
            connection = reader.connection
            report = journal.check(connection)
            problems = [*report.problems, *self.lost_problems(connection, remembered)]
            if report.ok:
                problems += self._table_problems(connection)
                gone = _redacted(connection)
                kept = _archived(connection, gone)
                archived = (problem_with(self.database.path, digest) for digest in kept)
                problems += [problem for problem in archived if problem is not None]
                problems += [
                    f"the archived document {digest[:12]}… was redacted, but is still there: "
                    "take it away with: tracker db scrub"
                    for digest in gone
                    if path_of(self.database.path, digest).exists()
                ]
        return Audit(
            ok=not problems,
            entries=report.entries,
            root=report.root,
            problems=tuple(problems),
            redacted=tuple(report.redacted),
            files=tuple(gone),
        )

    def lost_problems(self, connection: Connection, remembered: tuple[int, str] | None) -> list[str]:
        """How the journal falls short of what was remembered of it beside the database, before the
        connection began to read: what others write meanwhile must not look like a loss."""
        lost = journal.lost_entries(remembered, journal.read_head(connection))
        return [] if lost is None else [f"{lost}; {self.database.lost_hint}"]

    def _table_problems(self, connection: Connection) -> list[str]:
        """How the tables differ from what the journal says they must hold."""
        try:
            with copies.in_memory() as fresh:
                project_all(fresh, journal.read_entries(connection))
                return copies.differences(connection, fresh)
        except AuditBroken as error:
            return [error.message]

    def entries(
        self,
        subject: str | None = None,
        *,
        newest: int | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Entry]:
        """The journal, up to a moment: all of it, the newest few entries, or those on one key and what
        hangs on it."""
        with self.reading() as reader:
            last = None if recorded_by is None else self.read_moment(recorded_by, reader).entry
            subjects = None if subject is None else find.subjects_about(reader.connection, subject)
            return journal.read_entries(reader.connection, subjects=subjects, newest=newest, last=last)

    # --- rebuild ----------------------------------------------------------------------------

    def rebuild(self) -> int:
        """Make all tables anew from the journal, in one transaction; returns the entries read.

        Raises :class:`AuditBroken` when the journal itself does not verify.
        """
        with self.database.writing() as connection:
            return rebuild_tables(connection)

    # --- doctor -----------------------------------------------------------------------------

    def doctor(self) -> list[Finding]:
        """What can be said of this installation and this database, the good and the bad."""
        found: list[Finding] = [("ok", f"Python {platform.python_version()}")]
        found += list(_package_findings())
        found += [("warning", f"{finding}; {finding.hint}") for finding in policy_findings()]
        remembered = self.database.remembered()
        with self.reading() as reader:
            connection = reader.connection
            found.append(("ok", f"{self.database.name}: {version_text(connection)}"))
            found += [("warning", text) for text in setting_warnings(connection)]
            found += [("problem", text) for text in integrity_problems(connection)]
            found += [
                ("problem", f"the table {name} is missing; make it anew with: tracker db rebuild")
                for name in copies.missing(connection)
            ]
            found.append(("ok", f"schema {schema.HEAD}"))
            head = journal.read_head(connection)
            found.append(("ok", f"{head[0] if head else 0} journal entries"))
            found += [("problem", text) for text in self.lost_problems(connection, remembered)]
            found += self._clock_findings(connection)
        return found

    def _clock_findings(self, connection: Connection) -> list[Finding]:
        """Whether the newest entry was recorded later than it is now."""
        _, last = journal.last_entry(connection)
        now = timestamp(self.now)
        if not is_ahead(last, self.now):
            return []
        words = (
            f"the newest entry was recorded at {last[:19]}Z, and it is {now[:19]}Z by this clock: "
            "one of the two was wrong, and until that moment has come every new entry will bear it"
        )
        return [("warning", words)]


def rebuild_tables(connection: Connection) -> int:
    """Make all tables anew from the journal; returns the entries read.

    Raises :class:`AuditBroken` when the journal itself does not verify.
    """
    report = journal.check(connection)
    if not report.ok:
        raise AuditBroken(
            f"the journal does not verify: {report.problems[0]}",
            "see all of it with: tracker audit verify",
        )
    copies.empty(connection)
    return project_all(connection, journal.read_entries(connection))


def _archived(connection: Connection, redacted: Sequence[str]) -> list[str]:
    """The SHA-256 (hex) of every document whose bytes were archived here, and must be there still."""
    entries = journal.read_entries(connection, act="document.archived")
    return sorted({entry.payload["set"]["sha256"] for entry in entries}.difference(redacted))


def _redacted(connection: Connection) -> list[str]:
    """The SHA-256 (hex) of every archived document that was redacted."""
    acts = [journal.read_entries(connection, act=act) for act in ("document.archived", ACT)]
    return sorted(redacted_files(sorted((entry for each in acts for entry in each), key=_number)))


def _number(entry: Entry) -> int:
    return entry.seq


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
