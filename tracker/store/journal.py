"""The journal in the database: entries are added and read, never changed."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.errors import AuditBroken
from tracker.journal.entry import Entry
from tracker.journal.merkle import CompactRange
from tracker.journal.redaction import ACT, stand_ins
from tracker.journal.verify import StoredEntry, verify
from tracker.store import nodes as inner
from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.direct import appended_at_once, ask, ask_first, tell
from tracker.store.driving import driver_rows
from tracker.store.inserting import insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from sqlalchemy.engine import Connection

    from tracker.journal.verify import Report

    Load = Callable[[Connection, sa.Table, Sequence[tuple[Any, ...]]], None]


BROKEN_HINT = "see all that is wrong with: tracker audit verify; then restore a backup"

MOST = 2**63 - 1
"""No entry has a number beyond this; databases cannot even compare with one."""


# Made once: every act needs them, and they are always the same.
_NEW_HEAD = "new head of the journal"
_SIZE_AND_ROOT = sa.select(t.journal_head.c.size, t.journal_head.c.root)
_SET_HEAD = "UPDATE journal_head SET size = ?, root = ?, peaks = ? WHERE id = 1"
_PLACE = sa.select(t.journal.c.recorded_at, t.journal.c.batch).where(t.journal.c.seq == sa.bindparam("seq"))
# That numbers begin with 1 is said so that SQLite searches from the end, and calls it so.
_LAST = (
    sa.select(t.journal.c.seq, t.journal.c.recorded_at)
    .where(t.journal.c.seq > 0)
    .order_by(t.journal.c.seq.desc())
    .limit(1)
)
_END = (
    "SELECT newest.seq, journal.recorded_at, head.size, head.root, head.peaks,"
    " EXISTS (SELECT 1 FROM pending)"
    " FROM (SELECT max(seq) AS seq FROM journal) AS newest"
    " LEFT JOIN journal ON journal.seq = newest.seq LEFT JOIN journal_head AS head ON head.id = 1"
)
"""One question instead of two: others wait for their turn meanwhile."""


def read_head(connection: Connection) -> tuple[int, str] | None:
    """The size and root (hex) of the tree over all entries, as stored."""
    row = connection.execute(_SIZE_AND_ROOT).one_or_none()
    return None if row is None else (row.size, row.root)


def check(connection: Connection, *, nodes: bool = True, sizes: Collection[int] = ()) -> Report:
    """Verify the whole journal: every entry, the tree over all of them, and what is kept of it;
    without ``nodes``, all but the stored inner nodes. ``sizes`` are those at which the root is wanted."""
    kept = connection.scalar(sa.select(t.journal_head.c.peaks))
    try:
        peaks = [str(peak) for peak in json.loads(kept)] if kept is not None else None
    except (ValueError, TypeError):
        peaks = []
    stored = inner.read_nodes(connection) if nodes else None
    return verify(read_stored(connection), read_head(connection), peaks, nodes=stored, sizes=sizes)


def read_end(connection: Connection) -> tuple[CompactRange, int, str, bool]:
    """What the next entry is added to: the tree, the number of the newest entry (0 for none), when that was
    recorded ("" for none), and whether claims are still to be resolved for it or others before."""
    seq, recorded_at, size, root, peaks, waits = ask_first(connection, _END).fetchone()
    tree = CompactRange() if size is None else _tree(size, root, peaks)
    return tree, seq or 0, recorded_at or "", bool(waits)


def read_tree(connection: Connection) -> CompactRange:
    """The tree that the next entry is added to."""
    found = ask(connection, "SELECT size, root, peaks FROM journal_head WHERE id = 1").fetchone()
    return CompactRange() if found is None else _tree(*found)


def _tree(size: int, root: str, peaks: str) -> CompactRange:
    """The tree that a stored head is of; raises :class:`AuditBroken` where that is none."""
    try:
        tree = CompactRange(size, [bytes.fromhex(peak) for peak in json.loads(peaks)])
    except (ValueError, TypeError) as error:
        raise AuditBroken(f"the head of the journal cannot be read ({error})", BROKEN_HINT) from error
    if len(tree.peaks) != tree.size.bit_count() or tree.root().hex() != root:
        raise AuditBroken("the head of the journal does not fit together", BROKEN_HINT)
    return tree


def last_entry(connection: Connection) -> tuple[int, str]:
    """The number of the newest entry, and when it was recorded; 0 and "" where there is none."""
    row = connection.execute(_LAST).one_or_none()
    return (row.seq, row.recorded_at) if row is not None else (0, "")


def first_and_count(connection: Connection) -> tuple[int, int]:
    """The number of the oldest entry (0 where there is none), and how many there are."""
    first, count = connection.execute(sa.select(sa.func.min(t.journal.c.seq), sa.func.count())).one()
    return first or 0, count


def recorded_at(connection: Connection, seq: int) -> str:
    """When an entry, which must be there, was recorded."""
    query = sa.select(t.journal.c.recorded_at).where(t.journal.c.seq == seq)
    return str(connection.execute(query).scalar_one())


def root_at(connection: Connection, size: int) -> str:
    """The root (hex) of the tree over the first so many entries; "" for none."""
    return inner.roots_at(connection, [size])[size].hex() if size else ""


def first_leaf(connection: Connection) -> str:
    """The hash (hex) of the first entry, which no other journal has; "" where there is none."""
    return connection.scalar(sa.select(t.journal.c.leaf).order_by(t.journal.c.seq).limit(1)) or ""


def last_entry_by(connection: Connection, at: str) -> int:
    """The number of the last entry that was recorded by a moment (journal form); 0 for none."""
    return _last_where(connection, lambda row: row.recorded_at <= at)


def first_entry_since(connection: Connection, at: str) -> int:
    """The number of the first entry that was recorded at a moment (journal form), or at all after it;
    one more than the newest where there is none."""
    return _last_where(connection, lambda row: row.recorded_at < at) + 1


def act_of(connection: Connection, seq: int) -> tuple[int, str] | None:
    """The number of the last entry of the act that an entry belongs to, and when that was recorded;
    None for an entry that is not there."""
    if not 0 < seq <= MOST:
        return None
    batch = connection.scalar(sa.select(t.journal.c.batch).where(t.journal.c.seq == seq))
    if batch is None:
        return None
    # Acts follow each other in the journal: this one ends where the next begins.
    last = _last_where(connection, lambda row: row.batch <= batch)
    at = connection.scalar(sa.select(t.journal.c.recorded_at).where(t.journal.c.seq == last))
    return None if at is None else (last, at)


def _last_where(connection: Connection, holds: Callable[[Any], bool]) -> int:
    """The number of the last entry of which something holds that holds of all before it as well: found
    by halves, in as many looks as the number has bits. Times and acts only ever go up."""
    low, high = 0, last_entry(connection)[0]
    while low < high:
        middle = (low + high + 1) // 2
        row = connection.execute(_PLACE, {"seq": middle}).one_or_none()
        if row is not None and holds(row):
            low = middle
        else:
            high = middle - 1
    return low


def append(
    connection: Connection, entries: Sequence[Entry], tree: CompactRange, load: Load = insert_rows
) -> None:
    """Add entries, already numbered to follow the newest, and the tree head over all.

    ``tree`` is the tree before them, as :func:`read_end` gave it in the same transaction; ``load`` is how
    very many rows are written.
    """
    if not entries:
        return
    fresh = tree.size == 0
    rows, leaves = [], []
    for entry in entries:
        body, leaf = entry.sealed()
        leaves.append(leaf)
        where = (entry.seq, entry.batch, entry.recorded_at, entry.author)
        rows.append((*where, entry.act, entry.subject, body, leaf.hex()))
    nodes = tree.extend(leaves)
    head = {
        "size": tree.size,
        "root": tree.root().hex(),
        "peaks": json.dumps([peak.hex() for peak in tree.peaks]),
    }
    if fresh:
        connection.execute(sa.insert(t.journal_head), {"id": 1, **head})
    if not appended_at_once(connection, rows, nodes, tuple(head.values())):
        load(connection, t.journal, rows)
        if nodes:
            load(connection, t.journal_nodes, nodes)
        tell(connection, _SET_HEAD, tuple(head.values()))
    connection.info[_NEW_HEAD] = (tree.size, head["root"])


def take_new_head(connection: Connection) -> tuple[int, str] | None:
    """The head (size and root, hex) that entries added on this connection left, once; None where none
    were added since."""
    head: tuple[int, str] | None = connection.info.pop(_NEW_HEAD, None)
    return head


def read_stored(connection: Connection, until: int | None = None) -> Iterator[StoredEntry]:
    """Every row of the journal in order, as the database holds it, for verification; or only those up
    to an entry."""
    query = sa.select(t.journal).order_by(t.journal.c.seq).execution_options(yield_per=1000)
    rows = connection.execute(query if until is None else query.where(t.journal.c.seq <= until))
    for row in rows.mappings():
        yield StoredEntry(**row)


def read_rows(connection: Connection, seqs: Collection[int]) -> list[StoredEntry]:
    """The rows of some entries in order, redacted or not, as the database holds them."""
    found = []
    ordered = sorted(seqs)
    for start in range(0, len(ordered), 500):
        query = sa.select(t.journal).where(t.journal.c.seq.in_(ordered[start : start + 500]))
        found += [
            StoredEntry(**row) for row in connection.execute(query.order_by(t.journal.c.seq)).mappings()
        ]
    return found


def numbers_on(connection: Connection, subjects: Collection[str], acts: Sequence[str] = ()) -> set[int]:
    """The numbers of the entries on some subjects, and of those that record certain acts."""
    found = (
        {seq for act in acts for seq in connection.scalars(sa.select(t.journal.c.seq).where(_of_act(act)))}
        if acts
        else set()
    )
    for portion in chunks(subjects):
        found.update(connection.scalars(sa.select(t.journal.c.seq).where(t.journal.c.subject.in_(portion))))
    return found


def redactions_of(connection: Connection, seqs: Collection[int]) -> set[int]:
    """The numbers of the entries that say of some others that they were redacted."""
    table = t.redactions
    return {by for seq, by in connection.execute(sa.select(table.c.seq, table.c.by_seq)) if seq in seqs}


def read_entries(
    connection: Connection,
    *,
    first: int = 1,
    last: int | None = None,
    subjects: Sequence[str] | None = None,
    act: str | None = None,
    newest: int | None = None,
    limit: int | None = None,
) -> list[Entry]:
    """Entries in order: from one number to another, on certain subjects, of one act, or of these the
    newest few, or the first."""
    query = sa.select(*_STORED).where(t.journal.c.seq >= min(max(first, 1), MOST))
    if last is not None:
        query = query.where(t.journal.c.seq <= last)
    if subjects is not None:
        query = query.where(t.journal.c.subject.in_(subjects))
    if act is not None:
        query = query.where(_of_act(act))
    if newest is not None:
        query = query.order_by(t.journal.c.seq.desc()).limit(min(newest, MOST))
        return _entries(connection, query)[::-1]
    return _entries(connection, query.order_by(t.journal.c.seq).limit(limit))


def read_entries_on(connection: Connection, subjects: Collection[str], last: int) -> list[Entry]:
    """The entries on very many subjects, up to one, in order."""
    found: list[Entry] = []
    for portion in chunks(subjects):
        found += read_entries(connection, subjects=portion, last=last)
    return sorted(found, key=lambda entry: entry.seq)


def read_few_on(connection: Connection, subjects: Collection[str]) -> list[Entry]:
    """All entries on a few subjects of which every act asks, in order: they are not read anew each time."""
    columns = (t.journal.c.seq, t.journal.c.body)
    rows = driver_rows(connection, columns, t.journal.c.subject, subjects)
    found = [_held(seq, body) if body else None for seq, body in sorted(rows)]
    whole = [entry for entry in found if entry is not None]
    return whole if len(whole) == len(found) else read_entries(connection, subjects=sorted(subjects))


def read_rare(connection: Connection, acts: Sequence[str], after: int, most: int) -> list[Entry]:
    """The first entries after one, of each of some acts at most so many; none of them a common act."""
    found: list[Entry] = []
    for act in acts:
        query = sa.select(*_STORED).where(_of_act(act), t.journal.c.seq > after)
        found += _entries(connection, query.order_by(t.journal.c.seq).limit(most))
    return sorted(found, key=lambda entry: entry.seq)


def recorded_among(connection: Connection, subjects: Collection[str], act: str, last: int) -> set[str]:
    """Those of some subjects of which an act was recorded by an entry."""
    found: set[str] = set()
    for chunk in chunks(subjects):
        query = sa.select(t.journal.c.subject).where(
            t.journal.c.subject.in_(chunk), t.journal.c.act == act, t.journal.c.seq <= last
        )
        found.update(connection.scalars(query))
    return found


def read_entry(connection: Connection, seq: int) -> Entry | None:
    """The entry of a number."""
    if not 0 < seq <= MOST:
        return None
    found = _entries(connection, sa.select(*_STORED).where(t.journal.c.seq == seq))
    return found[0] if found else None


def read_numbered(connection: Connection, seqs: Collection[int]) -> list[Entry]:
    """The entries of some numbers, in order."""
    found: list[Entry] = []
    for portion in _portions(seqs):
        query = sa.select(*_STORED).where(t.journal.c.seq.in_(portion))
        found.extend(_entries(connection, query.order_by(t.journal.c.seq)))
    return found


def read_batch(connection: Connection, batch: int) -> list[Entry]:
    """The entries of one transaction, named by its first."""
    act = act_of(connection, batch)
    if act is None:
        return []
    # No index is over acts: without its last entry all that follows would be looked at.
    query = sa.select(*_STORED).where(t.journal.c.batch == batch, t.journal.c.seq.between(batch, act[0]))
    return _entries(connection, query.order_by(t.journal.c.seq))


_STORED = (t.journal.c.seq, t.journal.c.body, t.journal.c.leaf)


def _of_act(act: str) -> sa.ColumnElement[bool]:
    """That an entry is of an act, said so that the index over the rare ones is of use."""
    named = t.journal.c.act == act
    return named if act in t.COMMON_ACTS else sa.and_(named, t.is_rare)


def _entries(connection: Connection, query: sa.Select[Any]) -> list[Entry]:
    """The entries that a query finds; where the text of one was redacted, what stands in for it."""
    rows = connection.execute(query).all()
    instead: dict[int, Entry] = {}
    if any(not row.body for row in rows):
        redactions = sa.select(t.journal.c.seq, t.journal.c.body).where(_of_act(ACT))
        newest_first = connection.execute(redactions.order_by(t.journal.c.seq.desc()))
        try:
            instead = stand_ins((row.seq, row.body) for row in newest_first)
        except (ValueError, TypeError, KeyError) as error:
            raise AuditBroken(f"a redaction cannot be read ({error})", BROKEN_HINT) from error
    return [_entry(row.seq, row.body) if row.body else _stand_in(row, instead) for row in rows]


def _stand_in(row: Any, instead: dict[int, Entry]) -> Entry:
    there = instead.get(row.seq)
    if there is None or there.redacted is None or there.redacted.leaf != row.leaf:
        raise AuditBroken(
            f"entry {row.seq}: its text is missing, and no entry says that it was redacted", BROKEN_HINT
        )
    return there


def blank(connection: Connection, seqs: Collection[int]) -> None:
    """Take the texts of entries away for ever; their hashes stay."""
    for portion in _portions(seqs):
        connection.execute(sa.update(t.journal).where(t.journal.c.seq.in_(portion)).values(body=""))


def _entry(seq: int, body: str) -> Entry:
    """The entry that a stored text is; raises :class:`AuditBroken` where it is none."""
    try:
        return Entry.from_body(body.encode("utf-8", "surrogatepass"))
    except (ValueError, TypeError) as error:
        raise AuditBroken(f"entry {seq}: its text cannot be read ({error})", BROKEN_HINT) from error


_held = lru_cache(maxsize=64)(_entry)


def read_deeds(connection: Connection, seqs: Collection[int]) -> dict[int, tuple[str, str]]:
    """The act of each of these entries, and its subject: what was done, and to what."""
    found: dict[int, tuple[str, str]] = {}
    j = t.journal.c
    for portion in _portions(seqs):
        query = sa.select(j.seq, j.act, j.subject).where(j.seq.in_(portion))
        found.update((row.seq, (row.act, row.subject)) for row in connection.execute(query))
    return found


def _portions(seqs: Collection[int]) -> Iterator[list[int]]:
    """Numbers in order, so many at a time as a statement can hold."""
    ordered = sorted(seqs)
    for start in range(0, len(ordered), 500):
        yield ordered[start : start + 500]


def read_request(connection: Connection, name: str) -> tuple[str, int] | None:
    """What was recorded under the name of a request: the digest of what it asked for, and the number
    of its first entry."""
    row = connection.execute(sa.select(t.requests).where(t.requests.c.id == name)).one_or_none()
    return None if row is None else (row.digest, row.seq)


def lost_entries(remembered: tuple[int, str] | None, head: tuple[int, str] | None) -> str | None:
    """How a journal falls short of what is remembered of it, each as the size and root (hex) of the
    tree over it; None where it does not, or nothing is remembered."""
    if remembered is None:
        return None
    size, root = head or (0, "")
    if size < remembered[0]:
        return f"the journal has {size} entries, and had {remembered[0]}: the last ones are lost"
    if size == remembered[0] and root != remembered[1]:
        return f"the journal has {size} entries, and not the {size} that were last written here"
    return None
