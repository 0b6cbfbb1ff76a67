"""Verification: every byte, hash, number and time of a journal against what they must be.

Works on rows read from anywhere; it imports nothing of the store.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.errors import Unjournalable
from tracker.journal.entry import Entry
from tracker.journal.merkle import CompactRange, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A row of the journal as the database holds it: the body, and the columns copied from it."""

    seq: int
    batch: int
    recorded_at: str
    author: str
    act: str
    subject: str
    body: str
    leaf: str


@dataclass(slots=True)
class Report:
    """What verification found. ``root`` is the tree head over all entries (hex)."""

    entries: int = 0
    root: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was wrong."""
        return not self.problems


def verify(
    rows: Iterable[StoredEntry], head: tuple[int, str] | None, peaks: list[str] | None = None
) -> Report:
    """Check entries in order against themselves, each other, and the stored head (size, root);
    and, where given, the subtrees (hex) that are kept for adding the next entry."""
    report = Report()
    tree = CompactRange()
    before: StoredEntry | None = None
    for row in rows:
        report.problems.extend(f"entry {row.seq}: {what}" for what in _problems(row, before))
        tree.append(leaf_hash(row.body.encode("utf-8", "surrogatepass")))
        before = row
    report.entries = tree.size
    report.root = tree.root().hex()
    if head is None:
        report.problems.append("the tree head is missing")
    elif head[0] != tree.size:
        report.problems.append(
            f"the tree head is of {head[0]} entries, but {tree.size} are there: "
            "entries were removed or added behind the journal's back"
        )
    elif head[1] != report.root:
        report.problems.append("the tree head does not match the entries")
    elif peaks is not None and peaks != [peak.hex() for peak in tree.peaks]:
        report.problems.append("the subtrees kept with the tree head do not match the entries")
    return report


def _problems(row: StoredEntry, before: StoredEntry | None) -> list[str]:
    found = []
    expected = before.seq + 1 if before else 1
    if row.seq != expected:
        found.append(f"number {expected} was expected here")
    if leaf_hash(row.body.encode("utf-8", "surrogatepass")).hex() != row.leaf:
        found.append("its hash does not match its text: it was edited")
    try:
        entry = Entry.from_body(row.body.encode("utf-8", "surrogatepass"))
    except (ValueError, TypeError) as error:
        return [*found, f"its text cannot be read ({error})"]
    if not _is_canonical(row.body, entry):
        found.append("its text is not in canonical form")
    found.extend(
        f"the column {name} does not match its text"
        for name in ("seq", "batch", "recorded_at", "author", "act", "subject")
        if getattr(entry, name) != getattr(row, name)
    )
    if before is not None and row.recorded_at < before.recorded_at:
        found.append("recorded before the entry that precedes it")
    if not _batch_fits(row, before):
        found.append("does not belong to the transaction that it names")
    return found


def _is_canonical(body: str, entry: Entry) -> bool:
    """Whether a text is the one form that its entry has, so that all who read it read the same."""
    try:
        return entry.body == body.encode("utf-8", "surrogatepass")
    except Unjournalable:
        return False


def _batch_fits(row: StoredEntry, before: StoredEntry | None) -> bool:
    if row.batch == row.seq:
        return True
    return before is not None and row.batch == before.batch
