"""Versions: how far the journal has come, what a record was changed by since somebody looked, and that an
entry is in the tree, for those who read over a network and write what they read an hour ago."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.errors import ChangedMeanwhile, NotFound
from tracker.app.desk import Desk
from tracker.errors import AuditBroken
from tracker.store import find, journal, nodes, statuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.app.transaction import Transaction
    from tracker.journal.entry import Entry
    from tracker.store.database import Connection
    from tracker.store.read import Reader

MOST = 10
"""Changes that are told of one record, the newest."""

CLAIM = "claim"

_LOOK = {CLAIM: "show", "source": "source show", "entity": "entity show", "case": "case list"}
"""The records of which one may say what one knows, and the command that shows each."""

VERIFY = "see all that is wrong with: tracker audit verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """That an entry is in the tree over the journal: its number, the text that was hashed (empty if that
    was redacted), its leaf hash, and the RFC 6962 audit path to the root over ``size`` entries (hex)."""

    entry: int
    text: str
    leaf: str
    path: tuple[str, ...]
    size: int
    root: str


class VersionActs(Desk):
    """Where the record stands, and what has become of a claim, a source, an entity or a case since."""

    def head(self) -> tuple[int, str]:
        """The size and root (hex) of the journal's tree; 0 and "" where nothing was recorded."""
        with self.reading() as reader:
            return journal.read_head(reader.connection) or (0, "")

    def inclusion(self, entry: int) -> Inclusion:
        """The proof that an entry is in the journal as it is now. Raises :class:`NotFound`, and
        :class:`AuditBroken` where the stored tree does not bear it out."""
        from tracker.journal.proofs import proves_inclusion

        with self.reading() as reader:
            connection = reader.connection
            size, root = journal.read_head(connection) or (0, "")
            rows = journal.read_rows(connection, [entry]) if 0 < entry <= size else []
            if not rows:
                raise NotFound(f"the journal has no entry {entry}", "see: tracker audit log")
            path = nodes.inclusion_proofs(connection, [entry], size)[entry]
        leaf = bytes.fromhex(rows[0].leaf)
        if not proves_inclusion(entry - 1, size, leaf, path, bytes.fromhex(root)):
            raise AuditBroken(f"the tree of the journal does not hold entry {entry}", VERIFY)
        return Inclusion(
            entry=entry,
            text=rows[0].body,
            leaf=rows[0].leaf,
            path=tuple(each.hex() for each in path),
            size=size,
            root=root,
        )

    def claim_version(self, claim: str) -> int:
        """The number of the newest entry on a claim itself, its evidence, links and assessments, or by
        which its status moved."""
        with self.reading() as reader:
            key = _key(reader, claim)
            return max(
                [entry.seq for entry in _entries(reader.connection, CLAIM, key)]
                + [row["seq"] for row in statuses.read_changes(reader.connection, claim=key)],
                default=0,
            )

    def record_version(self, what: str, record: str) -> int:
        """The number of the newest entry on a record: on a source, an entity or a case itself, and of a
        claim as :meth:`claim_version` has it."""
        if what == CLAIM:
            return self.claim_version(record)
        with self.reading() as reader:
            key = _key(reader, record, what)
            return max((entry.seq for entry in _entries(reader.connection, what, key)), default=0)

    @contextmanager
    def unchanged_since(self, record: str, entry: int | None, what: str = CLAIM) -> Iterator[Transaction]:
        """An act on a record that is only done if nobody has changed it after an entry, of a claim its
        evidence, links or assessments neither, nor has its status moved; None: whatever became of it.

        Raises :class:`ChangedMeanwhile`, which says what changed.
        """
        with self.act() as act:
            if entry is not None:
                self._check_unchanged(act.reader, what, record, entry)
            yield act

    def _check_unchanged(self, reader: Reader, what: str, record: str, known: int) -> None:
        key = _key(reader, record, what)
        told = [(each.seq, _words(each)) for each in _entries(reader.connection, what, key, known)]
        moved = [
            (row["seq"], f"its status went from {row['was']} to {row['status']}, entry {row['seq']}")
            for row in (
                statuses.read_changes(reader.connection, claim=key, first=known + 1) if what == CLAIM else ()
            )
            if row["was"] is not None and row["was"] is not row["status"]
        ]
        look = f"{_LOOK[what]} {key}" if what != "case" else _LOOK[what]
        if not told and not moved:
            size, _ = journal.read_head(reader.connection) or (0, "")
            if known > size:
                raise ChangedMeanwhile(
                    f"the journal has no entry {known}: what was seen of {key} is of another record",
                    f"look again: tracker {look}",
                    changes=(),
                    entry=size,
                )
            return
        changes = sorted(told + moved)[-MOST:]
        newest = changes[-1][0]
        raise ChangedMeanwhile(
            f"{key} was changed after entry {known}: {'; '.join(words for _, words in changes)}",
            f"look: tracker {look}; to go on knowingly, say that you have seen entry {newest}",
            changes=tuple(words for _, words in changes),
            entry=newest,
        )


def _key(reader: Reader, record: str, what: str = CLAIM) -> str:
    from tracker.app.lookup import Lookup

    look = Lookup(reader)
    if what == "source":
        return look.source(record).key
    if what == "entity":
        return look.entity(record).key
    return look.case(record).key if what == "case" else look.claim(record).key


def _entries(connection: Connection, what: str, key: str, after: int = 0) -> list[Entry]:
    """The entries on a record that come after one; of a claim also those on its evidence, links and
    assessments. Records of other kinds may have the same key."""
    subjects = find.subjects_about(connection, key) if what == CLAIM else [key]
    found = journal.read_entries(connection, first=after + 1, subjects=subjects)
    return found if what == CLAIM else [each for each in found if each.act.startswith(f"{what}.")]


def _words(entry: Entry) -> str:
    did = entry.act.replace(".", " ")
    why = f": {entry.reason}" if entry.reason else ""
    return f"{did} {entry.subject} by {entry.author} on {entry.recorded_at[:10]}, entry {entry.seq}{why}"
