"""Assessments that a second person must approve, and the cases that ask for it.

Revision 0005, after 0004. The tables are made anew from the journal after an upgrade, which fills in the
entry that put each assessment in force.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "cases", sa.Column("needs_approval", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    for column in (
        sa.Column("state", sa.String(length=10), server_default="made", nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_reason", sa.Text(), nullable=True),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
    ):
        op.add_column("assessments", column)
    op.create_index(op.f("ix_assessments_state"), "assessments", ["state"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_assessments_state"), "assessments")
    for name in ("seq", "decided_reason", "decided_on", "decided_by", "state"):
        op.drop_column("assessments", name)
    op.drop_column("cases", "needs_approval")
