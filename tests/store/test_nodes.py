"""The tree as it is stored: the proofs of the definition, from a few rows whatever the size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tests.support.newsroom import change
from tracker.app import open_tracker
from tracker.errors import AuditBroken
from tracker.journal.entry import Entry
from tracker.journal.merkle import root_of
from tracker.journal.proofs import consistency_proof, inclusion_proof, proves_consistency, proves_inclusion
from tracker.store import journal, nodes
from tracker.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.app import Tracker
    from tracker.store.database import Connection


SIZE = 300


def entry(seq: int) -> Entry:
    at = "2026-01-01T00:00:00.000000Z"
    return Entry(seq, seq, at, "desk", "source.registered", f"source-{seq}", "", {"name": str(seq)})


@pytest.fixture
def connection(tracker: Tracker) -> Iterator[Connection]:
    with tracker.database.writing() as written:
        tree = journal.read_tree(written)
        for first in range(1, SIZE + 1, 7):  # some in portions: the nodes must be the same
            journal.append(written, [entry(seq) for seq in range(first, min(first + 7, SIZE + 1))], tree)
    with tracker.database.reading() as read:
        yield read


@pytest.fixture
def leaves() -> list[bytes]:
    return [entry(seq).leaf for seq in range(1, SIZE + 1)]


class Counted:
    """The rows that the database gave."""

    def __init__(self, connection: Connection) -> None:
        self.statements = 0
        self.parameters = 0
        event.listen(connection, "before_cursor_execute", self._count)

    def _count(self, connection, cursor, statement, parameters, context, many) -> None:
        self.statements += 1
        self.parameters += len(parameters)


def test_proofs_of_entries_hold(connection: Connection, leaves: list[bytes]) -> None:
    for size in (1, 2, 3, 64, 100, 255, 299, SIZE):
        root = root_of(leaves[:size])
        assert nodes.roots_at(connection, [size]) == {size: root}
        proofs = nodes.inclusion_proofs(connection, range(1, size + 1), size)
        for seq, proof in proofs.items():
            assert proves_inclusion(seq - 1, size, leaves[seq - 1], proof, root)


def test_proofs_of_growth_hold(connection: Connection, leaves: list[bytes]) -> None:
    for old in (1, 2, 5, 128, 150, 299, SIZE):
        proof = nodes.consistency_proof(connection, old, SIZE)
        assert proves_consistency(old, SIZE, root_of(leaves[:old]), root_of(leaves), proof)


def test_a_proof_reads_a_few_rows_of_a_large_journal(connection: Connection) -> None:
    counted = Counted(connection)
    nodes.inclusion_proofs(connection, [150], SIZE)
    assert counted.statements <= 2
    # Two parameters name a node, one a leaf: of 300 entries a proof has 9 hashes, and the roots at the
    # right edge are made of as many more at most.
    assert counted.parameters <= 2 * 2 * SIZE.bit_length()
    nodes.consistency_proof(connection, 150, SIZE)
    assert counted.statements <= 4
    assert counted.parameters <= 4 * 2 * SIZE.bit_length()


def test_many_proofs_are_read_together(connection: Connection) -> None:
    counted = Counted(connection)
    nodes.inclusion_proofs(connection, range(1, SIZE + 1), SIZE)
    assert counted.statements <= 2 * (2 * SIZE // nodes.PORTION + 1)


def test_the_stored_nodes_alone_make_the_same_proofs(connection: Connection, leaves: list[bytes]) -> None:
    stored = {(0, number): leaf for number, leaf in enumerate(leaves)}
    stored |= {(level, position): node for level, position, node in nodes.read_nodes(connection)}

    def node(level: int, position: int) -> bytes:
        return stored[level, position]

    assert nodes.inclusion_proofs(connection, [42], SIZE)[42] == inclusion_proof(41, SIZE, node)
    assert nodes.consistency_proof(connection, 42, SIZE) == consistency_proof(42, SIZE, node)


def test_a_node_that_is_gone_is_said_to_be(tracker: Tracker, connection: Connection) -> None:
    connection.rollback()
    change(tracker.database.url, "DELETE FROM journal_nodes WHERE level = 3")
    with pytest.raises(AuditBroken, match="hashes of the tree are missing") as caught:
        nodes.inclusion_proofs(connection, [150], SIZE)
    assert "tracker db rebuild" in caught.value.hint


def test_the_nodes_are_made_anew_from_the_entries(tracker: Tracker) -> None:
    for number in range(20):
        tracker.add_source(f"Source {number}")
    before = stored(tracker)
    tracker.close()
    url = tracker.database.url
    change(url, "DELETE FROM journal_nodes WHERE level > 1", "UPDATE journal_nodes SET hash = zeroblob(1)")
    with open_tracker(url) as again:
        assert not again.audit().ok
        again.rebuild()
        assert again.audit().ok
        assert stored(again) == before


def stored(tracker: Tracker) -> list[tuple[int, int, bytes]]:
    query = sa.select(t.journal_nodes).order_by(t.journal_nodes.c.level, t.journal_nodes.c.position)
    with tracker.database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]
