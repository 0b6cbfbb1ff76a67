"""The Merkle tree as the database keeps it: a few rows for each proof, whatever the journal's size."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from tracker.errors import AuditBroken
from tracker.journal.merkle import EMPTY_ROOT, CompactRange
from tracker.journal.proofs import assembled, consistency_parts, inclusion_parts, span
from tracker.store import tables as t
from tracker.store.inserting import insert_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy.engine import Connection

    from tracker.journal.merkle import Node
    from tracker.journal.proofs import Address, Part

T = TypeVar("T")

PORTION = 120
"""Addresses in one query: two parameters each, and SQLite's oldest limit is 999."""

REBUILT = 10_000
"""Entries that are hashed before their nodes are written."""

MISSING_HINT = "make the inner nodes anew from the entries: tracker db rebuild"


def inclusion_proofs(connection: Connection, seqs: Collection[int], size: int) -> dict[int, list[bytes]]:
    """For each of some entries (by number), the proof that it is among the first ``size`` ones."""
    return _proofs(connection, {seq: inclusion_parts(seq - 1, size) for seq in seqs})


def consistency_proof(connection: Connection, old: int, new: int) -> list[bytes]:
    """The proof that the first ``new`` entries begin with the first ``old``."""
    return _proofs(connection, {0: consistency_parts(old, new)})[0]


def roots_at(connection: Connection, sizes: Iterable[int]) -> dict[int, bytes]:
    """The roots that the tree had when it was of these sizes, by the stored nodes."""
    wanted = {size: [span(0, size)] for size in set(sizes) if size}
    found = {size: proof[0] for size, proof in _proofs(connection, wanted).items()}
    return {size: found.get(size, EMPTY_ROOT) for size in sizes}


def _proofs(connection: Connection, wanted: dict[int, list[Part]]) -> dict[int, list[bytes]]:
    """Several proofs, their nodes read together."""
    addresses = {address for parts in wanted.values() for part in parts for address in part}
    hashes = _read(connection, addresses)

    def node(level: int, position: int) -> bytes:
        return hashes[level, position]

    return {key: assembled(parts, node) for key, parts in wanted.items()}


def _read(connection: Connection, addresses: Collection[Address]) -> dict[Address, bytes]:
    """The hashes at some addresses: those of leaves stand in the journal, the others in a table."""
    leaves = sorted(position + 1 for level, position in addresses if level == 0)
    inner = sorted(address for address in addresses if address[0] > 0)
    found: dict[Address, bytes] = {}
    for portion in _portions(leaves):
        for seq, leaf in connection.execute(_leaves(len(portion)), _numbered("s", portion)):
            found[0, seq - 1] = _from_hex(seq, leaf)
    for some in _portions(inner):
        levels, positions = zip(*some, strict=True)
        wanted = _numbered("l", levels) | _numbered("p", positions)
        for level, position, hash_ in connection.execute(_nodes(len(some)), wanted):
            found[level, position] = bytes(hash_)
    if missing := set(addresses) - found.keys():
        raise AuditBroken(f"{len(missing)} hashes of the tree are missing that a proof needs", MISSING_HINT)
    return found


@cache
def _leaves(count: int) -> sa.TextClause:
    """The statement that reads so many leaves."""
    numbers = ", ".join(f":s{number}" for number in range(count))
    return sa.text(f"SELECT seq, leaf FROM journal WHERE seq IN ({numbers})")  # noqa: S608 - names only


@cache
def _nodes(count: int) -> sa.TextClause:
    """The statement that reads so many inner nodes. SQLite looks each of these up by its key; of
    ``(level, position) IN (...)`` it reads the whole table."""
    either = " OR ".join(f"(level = :l{number} AND position = :p{number})" for number in range(count))
    return sa.text(f"SELECT level, position, hash FROM journal_nodes WHERE {either}")  # noqa: S608


def _numbered(letter: str, values: Sequence[int]) -> dict[str, int]:
    return {f"{letter}{number}": value for number, value in enumerate(values)}


def _portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), PORTION):
        yield items[start : start + PORTION]


def _from_hex(seq: int, leaf: str) -> bytes:
    try:
        return bytes.fromhex(leaf)
    except ValueError as error:
        raise AuditBroken(f"entry {seq}: its hash cannot be read", "see: tracker audit verify") from error


def read_nodes(connection: Connection) -> Iterator[Node]:
    """Every stored inner node, in the order of level and position, for verification."""
    table = t.journal_nodes
    query = sa.select(table).order_by(table.c.level, table.c.position)
    for level, position, hash_ in connection.execute(query.execution_options(yield_per=1000)):
        yield level, position, bytes(hash_)


def insert_nodes(connection: Connection, nodes: Sequence[Node]) -> None:
    """Add inner nodes as appending completes them."""
    if nodes:
        insert_rows(connection, t.journal_nodes, nodes)


def rebuild_nodes(connection: Connection) -> None:
    """Make all inner nodes anew from the hashes of the entries, which must have been verified."""
    t.journal_nodes.create(connection, checkfirst=True)
    connection.execute(sa.delete(t.journal_nodes))
    tree = CompactRange()
    while True:
        query = sa.select(t.journal.c.leaf).where(t.journal.c.seq > tree.size)
        leaves = list(connection.scalars(query.order_by(t.journal.c.seq).limit(REBUILT)))
        if not leaves:
            return
        made: list[Node] = []
        for leaf in leaves:
            made += tree.append(bytes.fromhex(leaf))
        insert_nodes(connection, made)
