"""The inner nodes of the tree over the journal; requests, receipts, redactions and publications.

Revision 0003, after 0002. The nodes of the entries that are there already are hashed here, by the
rule of RFC 6962, section 2.1, from the leaf hashes that the journal holds.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PORTION = 10_000


def upgrade() -> None:
    nodes = op.create_table(
        "journal_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_journal_nodes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    op.create_table(
        "received",
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("origin_seq", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_received")),
    )
    op.create_table(
        "redactions",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("by_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_redactions")),
    )
    op.create_table(
        "publications",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("claim", sa.String(length=120), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=15), nullable=False),
        sa.Column("likelihood", sa.Float(), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.key"], name=op.f("fk_publications_claim")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_publications")),
    )
    op.create_index(op.f("ix_publications_claim"), "publications", ["claim"], unique=False)
    _fill(nodes)


def _fill(nodes: sa.Table) -> None:
    journal = sa.table("journal", sa.column("seq", sa.BigInteger), sa.column("leaf", sa.String))
    connection = op.get_bind()
    peaks: list[bytes] = []
    last, size = 0, 0
    while True:
        query = sa.select(journal.c.seq, journal.c.leaf).where(journal.c.seq > last)
        rows = connection.execute(query.order_by(journal.c.seq).limit(PORTION)).all()
        if not rows:
            return
        last = rows[-1].seq
        made: list[dict[str, object]] = []
        for row in rows:
            made += _completed(peaks, size, bytes.fromhex(row.leaf))
            size += 1
        if made:
            connection.execute(sa.insert(nodes), made)


def _completed(peaks: list[bytes], position: int, node: bytes) -> Iterator[dict[str, object]]:
    """The rows of the inner nodes that a leaf completes; ``peaks`` are the subtrees so far."""
    level = 0
    while position & 1:
        node = sha256(b"\x01" + peaks.pop() + node).digest()
        position >>= 1
        level += 1
        yield {"level": level, "position": position, "hash": node}
    peaks.append(node)


def downgrade() -> None:
    op.drop_index(op.f("ix_publications_claim"), "publications")
    op.drop_table("publications")
    op.drop_table("redactions")
    op.drop_table("received")
    op.drop_table("requests")
    op.drop_table("journal_nodes")
