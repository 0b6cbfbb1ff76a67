"""A journal as a file that can be sent: JSON Lines that verify on their own.

The first line says what follows: ``{"claims-journal": 1, "origin": …, "size": n, "root": hex,
"checkpoint": note or null}``. Each further line is the canonical bytes of one entry, as they are
stored and hashed, in order; a redacted entry, whose text is gone, is ``{"redacted": leaf hex}``.
So the leaf hash of a line is SHA-256 over a zero byte and the line, and the tree over all of them
has the root that the first line names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile
from tracker.errors import AuditBroken, BadProof, Unjournalable
from tracker.journal.canonical import canonical
from tracker.journal.entry import Entry, moment
from tracker.journal.merkle import CompactRange, leaf_hash
from tracker.journal.notes import opened
from tracker.journal.redaction import ACT, stand_ins
from tracker.journal.strict import read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.journal.notes import VerifierKey
    from tracker.journal.verify import StoredEntry

VERSION = 1
MAX_BYTES = 2_000_000_000
"""The largest file that is read: some four million entries."""

FORMAT = "claims-journal"


@dataclass(frozen=True, slots=True)
class Sent:
    """An entry of another journal: its number and hash (hex) there, and itself unless redacted."""

    seq: int
    leaf: str
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class JournalFile:
    """Another journal: what it calls itself, the root (hex) of its tree, its checkpoint (a signed
    note) if it brought one, and all its entries."""

    origin: str
    root: str
    checkpoint: str | None
    entries: list[Sent]


def lines(
    rows: Iterable[StoredEntry], *, origin: str, size: int, root: str, checkpoint: str | None = None
) -> Iterator[str]:
    """The lines of a journal's file, each with its end."""
    head = {FORMAT: VERSION, "origin": origin, "size": size, "root": root, "checkpoint": checkpoint}
    yield canonical(head).decode() + "\n"
    for row in rows:
        yield (row.body or canonical({"redacted": row.leaf}).decode()) + "\n"


def read(data: bytes, name: str) -> JournalFile:
    """Another journal, verified whole.

    Raises :class:`BadFile` for what is no such file, and :class:`AuditBroken`, naming the first bad
    line, where its entries are not those that its root stands for.
    """
    raw = data.split(b"\n")
    if raw and not raw[-1]:
        raw.pop()
    head = _head(raw[0] if raw else b"", name)
    tree = CompactRange()
    entries: list[Sent] = []
    for number, line in enumerate(raw[1:], 2):
        sent = _entry(line, len(entries) + 1, entries[-1] if entries else None, f"{name}, line {number}")
        tree.append(bytes.fromhex(sent.leaf))
        entries.append(sent)
    if tree.size != head["size"] or tree.root().hex() != head["root"]:
        raise AuditBroken(
            f"{name}: its {tree.size} entries are not the {head['size']} that its first line stands for",
            "ask for the file again: it was cut short or changed on its way",
        )
    return JournalFile(head["origin"], head["root"], head["checkpoint"], _with_stand_ins(entries))


def _with_stand_ins(entries: list[Sent]) -> list[Sent]:
    """Entries, with what a later one says stands in for those whose text is gone."""
    if all(sent.entry is not None for sent in entries):
        return entries
    said = (
        (sent.seq, sent.entry.body.decode() if sent.entry is not None else "")
        for sent in reversed(entries)
        if sent.entry is None or sent.entry.act == ACT
    )
    try:
        instead = stand_ins(said)
    except (ValueError, TypeError, KeyError):
        return entries
    return [
        replace(sent, entry=there)
        if sent.entry is None and (there := instead.get(sent.seq)) is not None and _stands_for(there, sent)
        else sent
        for sent in entries
    ]


def _stands_for(there: Entry, sent: Sent) -> bool:
    """Whether what is said to stand in for an entry is one, and for this very one."""
    if there.redacted is None or there.redacted.leaf != sent.leaf:
        return False
    try:
        moment(there.recorded_at)
        Entry.from_body(canonical(there.fields))
    except (ValueError, TypeError, Unjournalable):
        return False
    return True


def vouched(sent: JournalFile, key: VerifierKey, name: str) -> None:
    """Make sure that a key signed the very entries of a file.

    Raises :class:`BadProof` where the file has no checkpoint of that key, and :class:`AuditBroken`
    where that is one of other entries.
    """
    if sent.checkpoint is None:
        raise BadProof(f"{name} brought no checkpoint", "ask for one that is signed, or leave out --key")
    _, head = opened(sent.checkpoint, (key,), key.name)
    if (head.size, head.root.hex()) != (len(sent.entries), sent.root):
        raise AuditBroken(
            f"{name}: its checkpoint is of other entries ({head.size}) than it holds",
            "ask for the file again: it was changed on its way",
        )


def _head(line: bytes, name: str) -> dict[str, Any]:
    head: Any = None
    try:
        head = read_json(line)
        sound = (
            isinstance(head, dict)
            and head.get(FORMAT) == VERSION
            and isinstance(head["origin"], str)
            and 0 < len(head["origin"]) <= 200
            and isinstance(head["size"], int)
            and isinstance(head["root"], str)
            and isinstance(head["checkpoint"], str | None)
        )
    except (ValueError, KeyError):
        sound = False
    if not sound:
        raise BadFile(
            f"{name} is not an exported journal, or one of another version",
            "make one with: tracker journal export -o FILE",
        )
    return dict(head)


def _entry(line: bytes, seq: int, before: Sent | None, where: str) -> Sent:
    """One line as the entry of a number; raises :class:`AuditBroken` where it cannot be that."""
    if leaf := _redacted(line):
        return Sent(seq, leaf, None)
    hint = "ask for the file again: it was changed on its way"
    try:
        entry = Entry.from_body(line)
        texts = (entry.recorded_at, entry.author, entry.act, entry.subject, entry.reason)
        sound = entry.body == line and all(isinstance(text, str) for text in texts)
        moment(entry.recorded_at)
    except Exception as error:
        raise AuditBroken(f"{where}: no entry of a journal ({type(error).__name__})", hint) from error
    if not sound:
        raise AuditBroken(f"{where}: its text is not in canonical form", hint)
    if entry.seq != seq:
        raise AuditBroken(f"{where}: entry {seq} was expected here, and this is {entry.seq}", hint)
    earlier = before.entry if before is not None else None
    if earlier is not None and entry.recorded_at < earlier.recorded_at:
        raise AuditBroken(f"{where}: recorded before the entry that precedes it", hint)
    return Sent(seq, leaf_hash(line).hex(), entry)


def _redacted(line: bytes) -> str | None:
    """The hash (hex) of the entry that a line stands for where its text is gone."""
    if not line.startswith(b'{"redacted":"') or len(line) != len(b'{"redacted":""}') + 64:
        return None
    leaf = line[13:77].decode("ascii", "replace")
    return leaf if all(letter in "0123456789abcdef" for letter in leaf) else None
