"""What somebody can do who has the database and this very program: a journal made anew that verifies."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.app import open_tracker
from tracker.journal.canonical import canonical
from tracker.journal.merkle import CompactRange, leaf_hash, root_of
from tracker.store import journal
from tracker.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.journal.entry import Entry


def forge(place: str, edit: Callable[[list[Entry]], list[Entry]], *, tables: bool = True) -> None:
    """Change the entries of a journal as somebody does who covers all tracks: numbers, hashes, inner
    nodes, head and, unless told otherwise, tables are made to fit."""
    with open_tracker(place) as tracker:
        with tracker.database.writing() as connection:
            before = journal.read_entries(connection)
            entries = renumbered(before, edit(before))
            for table in (t.journal, t.journal_nodes, t.journal_head):
                connection.execute(sa.delete(table))
            journal.append(connection, entries, CompactRange())
        if tables:
            tracker.rebuild()


def renumbered(before: list[Entry], after: list[Entry]) -> list[Entry]:
    """Entries with numbers without gaps, in the order of time; from the first that is another than it
    was, each is a transaction of its own."""
    same = [one == other for one, other in zip(before, after, strict=False)]
    kept = same.index(False) if False in same else len(same)
    times = sorted(entry.recorded_at for entry in after)
    changed = [
        replace(entry, seq=seq, batch=seq, recorded_at=at, request=None)
        for seq, (entry, at) in enumerate(zip(after, times, strict=True), start=1)
    ]
    return after[:kept] + changed[kept:]


def journal_file(*entries: dict[str, Any] | bytes, origin: str = "desks.example/forger") -> bytes:
    """A journal's file that verifies, of any entries at all: fields that are not given are filled in,
    and lines that are given as bytes are taken as they are."""
    usual = {"author": "eve", "payload": {}, "reason": "", "recorded_at": "2026-01-01T00:00:00.000000Z"}
    lines = [
        each
        if isinstance(each, bytes)
        else canonical({**usual, "batch": seq, "seq": seq, "subject": "gazette", **each})
        for seq, each in enumerate(entries, start=1)
    ]
    leaves = [
        bytes.fromhex(json.loads(line)["redacted"]) if line.startswith(b'{"redacted":"') else leaf_hash(line)
        for line in lines
    ]
    head = {"claims-journal": 1, "origin": origin, "size": len(lines), "root": root_of(leaves).hex()}
    return b"\n".join([canonical({**head, "checkpoint": None}), *lines]) + b"\n"
