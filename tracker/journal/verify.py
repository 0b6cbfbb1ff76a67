"""Verification: every byte, hash, number and time of a journal against what they must be.

Works on rows read from anywhere; it imports nothing of the store.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.errors import Unjournalable
from tracker.journal.entry import Entry
from tracker.journal.merkle import CompactRange, leaf_hash
from tracker.journal.redaction import ACT, COLUMNS, Blank, Redaction, judge

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
    """What verification found. ``root`` is the tree head over all entries (hex); ``redacted`` the
    entries whose text is gone, as a later entry says."""

    entries: int = 0
    root: str = ""
    problems: list[str] = field(default_factory=list)
    redacted: list[Redaction] = field(default_factory=list)

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
    found: list[tuple[int, str]] = []
    blanks: list[Blank] = []
    redactions: list[StoredEntry] = []
    for row in rows:
        found.extend((tree.size, f"entry {row.seq}: {what}") for what in _problems(row, before))
        if not row.body:
            columns = {name: getattr(row, name) for name in COLUMNS}
            blanks.append(Blank(tree.size, row.seq, columns, row.leaf))
        if row.act == ACT:
            redactions.append(row)
        tree.append(_leaf(row))
        before = row
    report.problems, report.redacted = _with_redactions(found, blanks, redactions)
    report.entries = tree.size
    report.root = tree.root().hex()
    if head is None:
        # A tracker in which nothing has been recorded yet has none.
        report.problems += ["the tree head is missing"] if report.entries else []
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


def _leaf(row: StoredEntry) -> bytes:
    """The hash of an entry's text; of a redacted one, the hash that is kept of it."""
    if not row.body:
        try:
            return bytes.fromhex(row.leaf)
        except ValueError:
            pass
    return leaf_hash(row.body.encode("utf-8", "surrogatepass"))


def _with_redactions(
    found: list[tuple[int, str]], blanks: list[Blank], redactions: list[StoredEntry]
) -> tuple[list[str], list[Redaction]]:
    """All that is wrong, in the order of the entries, and what was redacted."""
    reasons = {}
    for row in redactions:
        try:
            reasons[row.seq] = Entry.from_body(row.body.encode("utf-8", "surrogatepass"))
        except (ValueError, TypeError):
            continue  # found already, or redacted itself
    newest_first = [(row.seq, row.body) for row in reversed(redactions)]
    wrong, sound = judge(blanks, newest_first, reasons)
    return [what for _, what in sorted(found + wrong, key=lambda each: each[0])], sound


def _problems(row: StoredEntry, before: StoredEntry | None) -> list[str]:
    found = []
    expected = before.seq + 1 if before else 1
    if row.seq != expected:
        found.append(f"number {expected} was expected here")
    if row.body:
        found.extend(_problems_of_text(row))
    if before is not None and row.recorded_at < before.recorded_at:
        found.append("recorded before the entry that precedes it")
    if not _batch_fits(row, before):
        found.append("does not belong to the transaction that it names")
    return found


def _problems_of_text(row: StoredEntry) -> list[str]:
    found = []
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
