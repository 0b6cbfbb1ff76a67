"""Indexes for lists that go from key to key, and what past statuses are read from.

Revision 0007, after 0006. The new column and the new table are filled when the tables are made anew
from the journal, as every upgrade does.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RARE = sa.text("act NOT IN ('claim.recorded', 'evidence.logged', 'document.recorded')")
RELAYS = sa.text("relays IS NOT NULL")

REPLACED = (
    ("ix_journal_recorded_at", "journal", ["recorded_at"]),
    ("ix_claims_case_key", "claims", ["case_key"]),
    ("ix_evidence_source", "evidence", ["source"]),
    ("ix_statuses_status", "statuses", ["status"]),
    ("ix_statuses_changes_on", "statuses", ["changes_on"]),
    ("ix_status_changes_claim", "status_changes", ["claim"]),
    ("ix_status_changes_recorded_at", "status_changes", ["recorded_at"]),
)
MADE = (
    ("ix_claims_kind_key", "claims", ["kind", "key"]),
    ("ix_claims_case_key_key", "claims", ["case_key", "key"]),
    ("ix_evidence_source_claim", "evidence", ["source", "claim"]),
    ("ix_statuses_status_claim", "statuses", ["status", "claim"]),
    ("ix_statuses_policy_claim", "statuses", ["policy", "claim"]),
    ("ix_statuses_changed_claim", "statuses", ["changed", "claim"]),
    ("ix_statuses_changes_on_claim", "statuses", ["changes_on", "claim"]),
    ("ix_status_changes_claim_seq", "status_changes", ["claim", "seq"]),
)


def upgrade() -> None:
    op.create_table(
        "status_ends",
        sa.Column("claim", sa.String(length=120), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.key"], name=op.f("fk_status_ends_claim")),
        sa.PrimaryKeyConstraint("claim", "seq", name=op.f("pk_status_ends")),
    )
    op.add_column("status_changes", sa.Column("changes_on", sa.Date(), nullable=True))
    for name, table, _ in REPLACED:
        op.drop_index(name, table)
    for name, table, columns in MADE:
        op.create_index(name, table, columns)
    op.create_index("ix_journal_act_seq", "journal", ["act", "seq"], sqlite_where=RARE, postgresql_where=RARE)
    op.create_index(
        "ix_evidence_relays", "evidence", ["relays"], sqlite_where=RELAYS, postgresql_where=RELAYS
    )


def downgrade() -> None:
    op.drop_index("ix_evidence_relays", "evidence")
    op.drop_index("ix_journal_act_seq", "journal")
    for name, table, _ in reversed(MADE):
        op.drop_index(name, table)
    for name, table, columns in REPLACED:
        op.create_index(name, table, columns)
    op.drop_column("status_changes", "changes_on")
    op.drop_table("status_ends")
