"""The journal in the database: entries are added and read, never changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tracker.journal.entry import Entry
from tracker.journal.merkle import CompactRange
from tracker.journal.verify import StoredEntry
from tracker.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy.engine import Connection


def read_head(connection: Connection) -> tuple[int, str] | None:
    """The size and root (hex) of the tree over all entries, as stored."""
    row = connection.execute(sa.select(t.journal_head.c.size, t.journal_head.c.root)).one_or_none()
    return None if row is None else (row.size, row.root)


def read_tree(connection: Connection) -> CompactRange:
    """The tree that the next entry is added to."""
    row = connection.execute(sa.select(t.journal_head)).mappings().one_or_none()
    if row is None:
        return CompactRange()
    return CompactRange(row["size"], [bytes.fromhex(peak) for peak in json.loads(row["peaks"])])


def last_recorded_at(connection: Connection) -> str | None:
    """When the newest entry was recorded."""
    newest = sa.select(t.journal.c.recorded_at).order_by(t.journal.c.seq.desc()).limit(1)
    return connection.scalar(newest)


def append(connection: Connection, entries: Sequence[Entry], tree: CompactRange) -> None:
    """Add entries, already numbered to follow the newest, and the tree head over all.

    ``tree`` is the tree before them, as :func:`read_tree` gave it in the same transaction.
    """
    if not entries:
        return
    fresh = tree.size == 0
    rows = []
    for entry in entries:
        tree.append(entry.leaf)
        rows.append(
            {
                "seq": entry.seq,
                "batch": entry.batch,
                "recorded_at": entry.recorded_at,
                "author": entry.author,
                "act": entry.act,
                "subject": entry.subject,
                "body": entry.body.decode("utf-8"),
                "leaf": entry.leaf.hex(),
            }
        )
    connection.execute(sa.insert(t.journal), rows)
    head = {
        "size": tree.size,
        "root": tree.root().hex(),
        "peaks": json.dumps([peak.hex() for peak in tree.peaks]),
    }
    if fresh:
        connection.execute(sa.insert(t.journal_head).values(id=1, **head))
    else:
        connection.execute(sa.update(t.journal_head).where(t.journal_head.c.id == 1).values(**head))


def read_stored(connection: Connection) -> Iterator[StoredEntry]:
    """Every row of the journal in order, as the database holds it, for verification."""
    rows = connection.execution_options(yield_per=1000).execute(
        sa.select(t.journal).order_by(t.journal.c.seq)
    )
    for row in rows.mappings():
        yield StoredEntry(**row)


def read_entries(
    connection: Connection,
    *,
    recorded_by: str | None = None,
    subjects: Sequence[str] | None = None,
    newest: int | None = None,
) -> list[Entry]:
    """Entries in order: up to a moment, on certain subjects, or the newest few."""
    query = sa.select(t.journal.c.body)
    if recorded_by is not None:
        query = query.where(t.journal.c.recorded_at <= recorded_by)
    if subjects is not None:
        query = query.where(t.journal.c.subject.in_(subjects))
    if newest is not None:
        query = query.order_by(t.journal.c.seq.desc()).limit(newest)
        bodies = list(reversed(connection.scalars(query).all()))
    else:
        bodies = list(connection.scalars(query.order_by(t.journal.c.seq)).all())
    return [Entry.from_body(body.encode("utf-8")) for body in bodies]


def read_entry(connection: Connection, seq: int) -> Entry | None:
    """The entry of a number."""
    body = connection.scalar(sa.select(t.journal.c.body).where(t.journal.c.seq == seq))
    return None if body is None else Entry.from_body(body.encode("utf-8"))


def read_batch(connection: Connection, batch: int) -> list[Entry]:
    """The entries of one transaction, named by its first."""
    query = sa.select(t.journal.c.body).where(t.journal.c.batch == batch, t.journal.c.seq >= batch)
    bodies = connection.scalars(query.order_by(t.journal.c.seq)).all()
    return [Entry.from_body(body.encode("utf-8")) for body in bodies]


def read_subjects(connection: Connection, seqs: Collection[int]) -> dict[int, str]:
    """The subject of each of these entries: what was acted on."""
    found: dict[int, str] = {}
    ordered = sorted(seqs)
    for start in range(0, len(ordered), 500):
        portion = ordered[start : start + 500]
        query = sa.select(t.journal.c.seq, t.journal.c.subject).where(t.journal.c.seq.in_(portion))
        found.update((row.seq, row.subject) for row in connection.execute(query))
    return found
