"""The audit: every entry, the tables, the documents and the checkpoints, against what they must be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker import archive, checkpoints
from tracker.app.redacting import archived_here, redacted_files
from tracker.app.replay import is_long, project_all
from tracker.app.upkeep import UpkeepActs
from tracker.errors import AuditBroken, BadProof
from tracker.journal.merkle import EMPTY_ROOT
from tracker.journal.notes import signers
from tracker.journal.redaction import ACT
from tracker.report.models import Audit
from tracker.store import copies, fares, journal, pending

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from tracker.checkpoints import Kept
    from tracker.journal.entry import Entry
    from tracker.journal.notes import VerifierKey
    from tracker.store.database import Connection


_LOST_HINT = "restore the newest backup; to see what else is wrong with the database: tracker db check"


class AuditActs(UpkeepActs):
    """Verifying the record."""

    def audit(
        self, since: Iterable[Path] = (), keys: tuple[VerifierKey, ...] = (), *, beside: bool = True
    ) -> Audit:
        """Verify everything: each entry's hash, number and time, the tree head and the inner nodes,
        earlier checkpoints, the tables against a rebuild from the journal, and the archived documents
        against their SHA-256.

        ``since`` are files of checkpoints kept elsewhere; those kept ``beside`` the database are
        compared too. With ``keys`` each must be signed by one of them.
        """
        gone: list[str] = []
        remembered = self.database.remembered()
        earlier = _Earlier(keys)
        beside_it = checkpoints.files(self.checkpoint_folder) if beside else []
        for path in dict.fromkeys((*since, *beside_it)):
            earlier.read(path)
        with self.reading() as reader:
            connection = reader.connection
            lacking = copies.missing(connection)
            if lost := sorted(copies.RECORD.intersection(lacking)):
                raise AuditBroken(f"the table {lost[0]} is missing: nothing can be verified", _LOST_HINT)
            with_nodes = "journal_nodes" not in lacking
            report = journal.check(connection, nodes=with_nodes, sizes=earlier.sizes)
            problems = [
                *report.problems,
                *self.lost_problems(connection, remembered),
                *earlier.problems_with(report.entries, report.roots),
            ]
            if report.ok:
                problems += report.node_problems
                problems += copies.told_missing(lacking)
                problems += _table_problems(connection, lacking)
                gone = _redacted(connection)
                kept = _archived(connection, gone)
                archived = (archive.problem_with(self.database.path, digest) for digest in kept)
                problems += [problem for problem in archived if problem is not None]
                problems += [
                    f"the archived document {digest[:12]}… was redacted, but is still there: "
                    "take it away with: tracker db scrub"
                    for digest in gone
                    if archive.path_of(self.database.path, digest).exists()
                ]
        return Audit(
            ok=not problems,
            entries=report.entries,
            root=report.root,
            problems=tuple(problems),
            checkpoints=len(earlier.kept),
            covered=earlier.covered,
            signed=bool(keys),
            redacted=tuple(report.redacted),
            files=tuple(gone),
        )

    @property
    def checkpoint_folder(self) -> Path:
        """Where checkpoints are kept unless somebody says otherwise."""
        return checkpoints.folder_for(self.database.path, self.database.name)

    @property
    def own_places(self) -> tuple[Path, ...]:
        """The database, where it is a file, and the folders of the archive and of checkpoints: nothing else
        may take their place."""
        path = self.database.path
        beside = (archive.folder_for(path), self.checkpoint_folder)
        return beside if path is None else (path, *beside)


@dataclass(slots=True)
class _Earlier:
    """Earlier checkpoints, and what is wrong with them, or with the journal by them."""

    keys: tuple[VerifierKey, ...]
    kept: list[Kept] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    covered: int = 0

    def read(self, path: Path) -> None:
        """One more checkpoint, which must be one, and signed."""
        try:
            kept = checkpoints.read(path)
            if self.keys:
                signers(kept.note, self.keys)
        except BadProof as error:
            shown = error.message if path.name in error.message else f"{path.name}: {error.message}"
            self.problems.append(shown)
        else:
            self.kept.append(kept)

    @property
    def sizes(self) -> frozenset[int]:
        """The sizes at which the root of the journal is wanted."""
        return frozenset(kept.checkpoint.size for kept in self.kept)

    def problems_with(self, entries: int, roots: Mapping[int, str]) -> list[str]:
        """How a journal of so many entries, with these roots on the way, differs from them."""
        found = list(self.problems)
        for kept in sorted(self.kept, key=lambda each: each.checkpoint.size):
            size, root = kept.checkpoint.size, kept.checkpoint.root.hex()
            if size > entries:
                found.append(
                    f"{kept.path.name}: the journal had {size} entries when it was signed, and has "
                    f"{entries} now: it was cut short, or an older copy was put in its place"
                )
            elif roots.get(size, EMPTY_ROOT.hex()) != root:
                found.append(
                    f"{kept.path.name}: the first {size} entries are not those that were signed: of "
                    f"entries {self.covered + 1} to {size} at least one was changed since"
                )
            else:
                self.covered = max(self.covered, size)
        return found


def _table_problems(connection: Connection, lacking: Collection[str]) -> list[str]:
    """How the tables, but for those that are lacking, differ from what the journal says they must hold."""
    try:
        with copies.in_memory() as fresh:
            entries = journal.read_entries(connection)
            leave = {} if "pending" in lacking else pending.read(connection)
            project_all(fresh, entries, leave=leave, by_columns=is_long(connection))
            problems = copies.differences(connection, fresh, lacking)
            if not {"outcomes", "source_records"}.intersection(lacking):
                problems += fares.problems(connection)
            return problems
    except AuditBroken as error:
        return [error.message]


def kept_files(connection: Connection) -> list[str]:
    """The SHA-256 (hex) of every document whose bytes were archived here and not redacted since."""
    return _archived(connection, _redacted(connection))


def _archived(connection: Connection, redacted: Sequence[str]) -> list[str]:
    """The SHA-256 (hex) of every document whose bytes were archived here, and must be there still."""
    entries = journal.read_entries(connection, act="document.archived")
    return sorted({digest for entry in entries for digest in archived_here(entry)}.difference(redacted))


def _redacted(connection: Connection) -> list[str]:
    """The SHA-256 (hex) of every archived document that was redacted."""
    acts = [journal.read_entries(connection, act=act) for act in ("document.archived", ACT)]
    return sorted(redacted_files(sorted((entry for each in acts for entry in each), key=_number)))


def _number(entry: Entry) -> int:
    return entry.seq
