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
    from collections.abc import Collection, Iterable

    from tracker.journal.merkle import Node

HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A row of the journal as the database holds it: the body, and the columns copied from it.

    Where the body is the empty text, the entry was redacted: of what was hashed only the hash is left.
    """

    seq: int
    batch: int
    recorded_at: str
    author: str
    act: str
    subject: str
    body: str
    leaf: str

    @property
    def is_redacted(self) -> bool:
        """Whether the text was removed."""
        return not self.body

    @property
    def hashed(self) -> bytes:
        """The leaf hash that goes into the tree: of the text; of a redacted entry, the one kept of it."""
        if self.is_redacted:
            try:
                return bytes.fromhex(self.leaf)
            except ValueError:
                pass
        return leaf_hash(self.body.encode("utf-8", "surrogatepass"))


@dataclass(slots=True)
class Report:
    """What verification found. ``root`` is the tree head over all entries (hex); ``redacted`` the
    entries whose text is gone, as a later entry says.

    ``roots`` (hex) are the heads that the tree had at the sizes that were asked for. ``node_problems``
    are what is wrong with the stored inner nodes, which follow from the entries.
    """

    entries: int = 0
    root: str = ""
    problems: list[str] = field(default_factory=list)
    redacted: list[Redaction] = field(default_factory=list)
    roots: dict[int, str] = field(default_factory=dict)
    node_problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was wrong with the entries and their head."""
        return not self.problems


def verify(
    rows: Iterable[StoredEntry],
    head: tuple[int, str] | None,
    peaks: list[str] | None = None,
    *,
    nodes: Iterable[Node] | None = None,
    sizes: Collection[int] = (),
) -> Report:
    """Check entries in order against themselves, each other, and the stored head (size, root); and,
    where given, the subtrees (hex) that are kept for adding the next entry, and the stored inner
    nodes, in the order of level and position. ``sizes`` are those at which the root is wanted."""
    report = Report()
    tree = CompactRange()
    inner = _InnerNodes()
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
        completed = tree.append(row.hashed)
        if nodes is not None:
            inner.add(completed)
        if tree.size in sizes:
            report.roots[tree.size] = tree.root().hex()
        before = row
    report.problems, report.redacted = _with_redactions(found, blanks, redactions)
    report.entries = tree.size
    report.root = tree.root().hex()
    report.problems += _head_problems(tree, head, peaks)
    if nodes is not None:
        report.node_problems = inner.problems_with(nodes)
    return report


class _InnerNodes:
    """The inner nodes of a tree as it grows, level by level, each in its place."""

    def __init__(self) -> None:
        self._levels: list[bytearray] = []

    def add(self, completed: list[Node]) -> None:
        """The nodes that an entry completed."""
        for level, _, node in completed:
            if level > len(self._levels):
                self._levels.append(bytearray())
            self._levels[level - 1] += node

    def problems_with(self, nodes: Iterable[Node]) -> list[str]:
        """Stored nodes that are not these, or missing."""
        levels = self._levels
        seen = [0] * len(levels)
        wrong, strange = [], 0
        for level, position, node in nodes:
            if not 0 < level <= len(levels) or position * HASH_BYTES >= len(levels[level - 1]):
                strange += 1
                continue
            at = position * HASH_BYTES
            seen[level - 1] += 1
            if bytes(levels[level - 1][at : at + HASH_BYTES]) != node:
                first, last = (position << level) + 1, (position + 1) << level
                wrong.append(f"the stored hash over entries {first} to {last} is not theirs")
        missing = sum(len(hashes) // HASH_BYTES for hashes in levels) - sum(seen)
        if strange:
            wrong.append(f"{strange} stored hashes are over no entries")
        if missing:
            wrong.append(f"{missing} stored hashes over entries are missing")
        return wrong


def _head_problems(tree: CompactRange, head: tuple[int, str] | None, peaks: list[str] | None) -> list[str]:
    if head is None:
        # A tracker in which nothing has been recorded yet has none.
        return ["the tree head is missing"] if tree.size else []
    if head[0] != tree.size:
        counts = f"the tree head is of {head[0]} entries, but {tree.size} are there"
        return [f"{counts}: entries were removed or added behind the journal's back"]
    if head[1] != tree.root().hex():
        return ["the tree head does not match the entries"]
    if peaks is not None and peaks != [peak.hex() for peak in tree.peaks]:
        return ["the subtrees kept with the tree head do not match the entries"]
    return []


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
