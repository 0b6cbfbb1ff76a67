"""What cases say of policies and rules, who a question counts, links by rules, and how stances fared.

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
        "outcomes",
        sa.Column("claim", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(length=250), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sign", sa.Integer(), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.key"], name=op.f("fk_outcomes_claim")),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_outcomes_source")),
        sa.PrimaryKeyConstraint("claim", "source", "since", name=op.f("pk_outcomes")),
    )
    op.create_index(op.f("ix_outcomes_source"), "outcomes", ["source"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_outcomes_source"), "outcomes")
    op.drop_table("outcomes")
    with op.batch_alter_table("links") as batch_op:
        batch_op.drop_column("rule")
    with op.batch_alter_table("questions") as batch_op:
        batch_op.drop_column("cumulative")
        batch_op.drop_column("counted")
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_column("rules_off")
        batch_op.drop_column("policy")
