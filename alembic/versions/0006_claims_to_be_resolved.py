"""Claims that an act touched and that are still to be resolved.

Revision 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pending",
        sa.Column("claim", sa.String(length=120), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("act", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.key"], name=op.f("fk_pending_claim")),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_pending")),
    )


def downgrade() -> None:
    op.drop_table("pending")
