"""Keeping the database safe: is the file whole, is the journal all there, and a copy that can be trusted."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from claims.errors import BadFile
from tracker.app.auditing import AuditActs, kept_files
from tracker.archive import folder_for, path_of
from tracker.errors import AuditBroken, Corrupt, DiskFull
from tracker.journal.merkle import EMPTY_ROOT
from tracker.store import copies, journal
from tracker.store.database import Database
from tracker.store.dialects import copy_into, integrity_problems

CORRUPT, BROKEN = Corrupt.exit_status, AuditBroken.exit_status


@dataclass(frozen=True, slots=True)
class Check:
    """What a quick look at the database found. ``file`` is what is wrong with the database itself,
    ``record`` what is wrong with the journal's end; ``entries`` is how many there are."""

    entries: int
    file: tuple[str, ...] = ()
    record: tuple[str, ...] = ()

    @property
    def exit_status(self) -> int:
        """0, or that of the error that the worst finding is."""
        return CORRUPT if self.file else BROKEN if self.record else 0


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was made: where, of how many entries, with which root (hex), and how many documents."""

    path: Path
    entries: int
    root: str
    documents: int


@dataclass(frozen=True, slots=True)
class Vacuumed:
    """What giving back room came to: the bytes before and after, and whether it was ``complete``, or
    somebody still reads an earlier state, whose room goes with him."""

    before: int
    after: int
    complete: bool


class KeepingActs(AuditActs):
    """Checking the database file, copying it, and giving back room."""

    def vacuum(self) -> Vacuumed:
        """Give back the room of what is gone, and have the database learn anew how its rows lie, which
        decides how quickly it finds them. Nothing of the record changes, and whoever is stopped on the
        way leaves it as it was.

        On SQLite it waits its turn among writers; on PostgreSQL nobody waits for it.
        """
        return Vacuumed(*self.database.vacuum())

    def check_database(self) -> Check:
        """Whether the file is whole, every row refers to rows that are there, no table is missing, and
        the journal ends where its head, and what is remembered of it, say. Much quicker than an
        audit, which also reads every entry."""
        remembered = self.database.remembered()
        with self.reading() as reader:
            connection = reader.connection
            file = integrity_problems(connection)
            lacking = copies.missing(connection)
            file += copies.told_missing(lacking)
            if copies.RECORD.intersection(lacking):
                return Check(0, tuple(file))
            head = journal.read_head(connection)
            return Check(
                head[0] if head else 0, tuple(file), tuple(self.end_problems(connection, remembered))
            )

    def backup(self, file: str | Path) -> Backup:
        """Copy the database and its archived documents to a new file and a folder beside it, through
        the database itself, while others may write; then verify the copy.

        Of a SQLite file the copy is one too, and is verified like any tracker. Of a PostgreSQL database it
        is an archive of ``pg_dump``, in which every table is looked for and every entry hashed anew.

        Raises :class:`BadFile` where there is something already, :class:`StoreError` where ``pg_dump`` is
        missing or fails, :class:`AuditBroken` where the copy does not verify, which is then removed.
        """
        target = Path(file).expanduser()
        if not target.name or str(file) == "-":
            raise BadFile(f"{str(file)!r} is not the name of a file", "name one: tracker db backup FILE")
        _check_free(target)
        # Somebody else may be making one of the same name.
        partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
        try:
            made = self._copy(partial) if self.database.path is not None else self._dump(partial)
            _put(partial, target)
            _sync(target.parent)
        except OSError as error:
            raise (DiskFull if error.errno == errno.ENOSPC else BadFile)(
                f"{target} cannot be written ({error.strerror or error})", "choose another place"
            ) from error
        finally:
            _remove(partial)
        return Backup(target, *made)

    def _copy(self, partial: Path) -> tuple[int, str, int]:
        """Copy to a place where nobody looks yet, and verify that."""
        assert self.database.path is not None
        with self.reading() as reader:
            copy_into(reader.connection, partial)
        documents = folder_for(self.database.path)
        if documents.exists():
            shutil.copytree(documents, folder_for(partial), ignore=shutil.ignore_patterns("*.partial"))
        copied = KeepingActs(Database(str(partial)), author=self.author)
        try:
            audit = copied.audit()
        finally:
            copied.close()
        if not audit.ok:
            raise AuditBroken(
                f"the copy does not verify, and was removed: {audit.problems[0]}",
                "what is wrong is in the tracker itself: see tracker audit verify",
            )
        kept = sum(1 for path in folder_for(partial).rglob("*") if path.is_file())
        return audit.entries, audit.root, kept

    def _dump(self, partial: Path) -> tuple[int, str, int]:
        """Copy a PostgreSQL database, and the documents that were archived on this machine."""
        from tracker.store import pgdump  # which only this needs, and all commands would wait for

        partial.touch()  # which fails in words of its own
        with self.reading() as reader:
            connection = reader.connection
            head = journal.read_head(connection) or (0, EMPTY_ROOT.hex())
            programs = pgdump.write(connection, partial, self.database.patience)
            kept = kept_files(connection)
        pgdump.check_tables(programs, partial)
        copied = pgdump.read_head(programs, partial)
        if copied != head:
            raise AuditBroken(
                f"the copy was removed: it holds {copied[0]} entries with the root {copied[1]}, "
                f"and not {head[0]} with {head[1]}",
                "what is wrong may be in the tracker itself: see tracker audit verify",
            )
        there = [digest for digest in kept if path_of(None, digest).exists()]
        for digest in there:
            place = folder_for(partial) / digest[:2] / digest
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path_of(None, digest), place)
        return *head, len(there)


def _check_free(target: Path) -> None:
    if os.path.lexists(target) or os.path.lexists(folder_for(target)):
        raise BadFile(f"{target} is there already", "choose another name: a backup overwrites nothing")


def _put(partial: Path, target: Path) -> None:
    """Give a copy its name, and its documents theirs, unless somebody has taken it meanwhile."""
    try:
        os.link(partial, target)  # which, unlike a rename, never takes the place of anything
    except FileExistsError:
        _check_free(target)
        raise
    except OSError:  # there are no links here
        _check_free(target)
        partial.rename(target)
    if folder_for(partial).exists():
        try:
            folder_for(partial).rename(folder_for(target))
        except OSError:
            target.unlink()
            raise


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can do that."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _remove(partial: Path) -> None:
    """Take away what is left of a copy that came to nothing."""
    for extra in ("", "-wal", "-shm", "-journal", ".lock"):
        with suppress(OSError):
            partial.with_name(partial.name + extra).unlink(missing_ok=True)
    shutil.rmtree(folder_for(partial), ignore_errors=True)
