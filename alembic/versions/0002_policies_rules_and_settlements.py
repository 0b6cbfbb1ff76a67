"""What cases say of policies and rules, who a question counts, links by rules, and settled claims.

Revision 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch_op:
        batch_op.add_column(sa.Column("policy", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("rules_off", sa.Text(), nullable=True))
    with op.batch_alter_table("questions") as batch_op:
        batch_op.add_column(sa.Column("counted", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("cumulative", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("links") as batch_op:
        batch_op.add_column(sa.Column("rule", sa.String(length=40), nullable=True))
    op.create_table(
        "settlements",
        sa.Column("claim", sa.String(length=120), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("truth", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["claim"], ["claims.key"], name=op.f("fk_settlements_claim")),
        sa.PrimaryKeyConstraint("claim", "day", name=op.f("pk_settlements")),
    )


def downgrade() -> None:
    op.drop_table("settlements")
    with op.batch_alter_table("links") as batch_op:
        batch_op.drop_column("rule")
    with op.batch_alter_table("questions") as batch_op:
        batch_op.drop_column("cumulative")
        batch_op.drop_column("counted")
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_column("rules_off")
        batch_op.drop_column("policy")
