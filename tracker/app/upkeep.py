"""Upkeep: reading the journal, rebuilding the tables, looking at the installation."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from typing import TYPE_CHECKING

from claims.errors import ClaimsError
from tracker.app.entries import Entries
from tracker.app.policies import policy_findings
from tracker.app.replay import project_all
from tracker.app.transaction import is_ahead
from tracker.errors import AuditBroken, NotAllowed
from tracker.journal.entry import timestamp
from tracker.signing import load_key
from tracker.store import copies, fares, fulltext, journal, nodes, pending, schema, views
from tracker.store import tables as t
from tracker.store.dialects import (
    integrity_problems,
    setting_warnings,
    version_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.store.database import Connection

Finding = tuple[str, str]
"""How well something is (ok, warning, problem), and what it is."""


class UpkeepActs(Entries):
    """The journal read, rebuild and doctor."""

    def lost_problems(self, connection: Connection, remembered: tuple[int, str] | None) -> list[str]:
        """How the journal falls short of what was remembered of it beside the database, before the
        connection began to read: what others write meanwhile must not look like a loss."""
        lost = journal.lost_entries(remembered, journal.read_head(connection))
        return [] if lost is None else [f"{lost}; {self.database.lost_hint}"]

    def end_problems(self, connection: Connection, remembered: tuple[int, str] | None) -> list[str]:
        """Where the journal ends otherwise than its head says, or lacks entries before that. What they say is
        not looked at; ``remembered`` as for :meth:`lost_problems`."""
        size, _ = journal.last_entry(connection)
        head = journal.read_head(connection)
        headed = head[0] if head else 0
        found = []
        if size != headed:
            found.append(f"the journal ends with entry {size}, but its head is of {headed} entries")
        first, count = journal.first_and_count(connection)
        if (first, count) != (min(size, 1), size):
            found.append(f"the journal has {count} entries, from {first} to {size}: some are not there")
        try:
            journal.read_tree(connection)
        except AuditBroken as error:
            found.append(error.message)
        return found + self.lost_problems(connection, remembered)

    # --- rebuild ----------------------------------------------------------------------------

    def rebuild(self) -> int:
        """Make all tables anew from the journal, in one transaction; returns the entries read.

        Raises :class:`AuditBroken` when the journal itself does not verify, and :class:`NotAllowed` for
        whoever may only add to it.
        """
        try:
            with self.database.writing() as connection:
                lacking = copies.missing(connection)
                read = rebuild_tables(connection)
                if views_lack := views.missing(connection):
                    views.drop(connection)
                    views.make(connection)
                if lacking or views_lack:
                    self.database.renew_rights(connection)
                return read
        except NotAllowed as error:
            hint = "ask its owner for the role owner: tracker db roles --apply --to owner USER"
            raise NotAllowed(error.message, hint) from error

    # --- doctor -----------------------------------------------------------------------------

    def doctor(self, *, key_file: Path | None = None) -> list[Finding]:
        """What can be said of this installation and this database, the good and the bad. ``key_file``
        is where the key that signs its checkpoints would be."""
        found: list[Finding] = [("ok", f"Python {platform.python_version()}")]
        found += list(_package_findings())
        found += [("warning", f"{finding}; {finding.hint}") for finding in policy_findings()]
        remembered = self.database.remembered()
        with self.reading() as reader:
            connection = reader.connection
            found.append(("ok", f"{self.database.name}: {version_text(connection)}"))
            found += [("warning", text) for text in setting_warnings(connection)]
            found += [("problem", text) for text in integrity_problems(connection)]
            lacking = copies.missing(connection)
            found += [("problem", text) for text in copies.told_missing(lacking)]
            found += [
                ("problem", f"the view {name} is missing; make it anew with: tracker db rebuild")
                for name in views.missing(connection)
            ]
            if gone := fulltext.missing(connection):
                lost = f"what search goes by is missing ({', '.join(gone)})"
                found.append(("problem", f"{lost}; make it anew with: tracker db rebuild"))
            found.append(("ok", f"schema {schema.HEAD}"))
            if not copies.RECORD.intersection(lacking):
                head = journal.read_head(connection)
                found.append(("ok", f"{head[0] if head else 0} journal entries"))
                found += [("problem", text) for text in self.end_problems(connection, remembered)]
                found += self._clock_findings(connection)
                found += _waiting_findings(connection)
        found.append(_key_finding(key_file))
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
    report = journal.check(connection, nodes=False)
    if not report.ok:
        raise AuditBroken(
            f"the journal does not verify: {report.problems[0]}",
            "see all of it with: tracker audit verify",
        )
    nodes.rebuild_nodes(connection)
    copies.empty(connection)
    read = project_all(connection, journal.read_entries(connection))
    fares.keep(connection)
    return read


def _waiting_findings(connection: Connection) -> Iterator[Finding]:
    """How many claims an act has left to be resolved."""
    if t.pending.name not in copies.missing(connection) and (waiting := pending.count(connection)):
        words = f"{waiting} claims are still to be resolved; until then they are whenever they are asked for"
        yield ("warning", f"{words}; carry on with: tracker db resolve")


def _key_finding(key_file: Path | None) -> Finding:
    if key_file is None or not key_file.exists():
        return ("ok", "no key signs checkpoints of this tracker; make one with: tracker audit key NAME")
    try:
        return ("ok", f"checkpoints are signed by {load_key(key_file).name}")
    except ClaimsError as error:
        return ("problem", f"{error.message}; {error.hint}")


def _package_findings() -> Iterator[Finding]:
    for name in ("sqlalchemy", "alembic", "click", "cryptography", "python-dateutil", "numpy"):
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
