"""What a newsroom needs that shares a large record: search by words, a second person, claims that wait to be
resolved, lists and past statuses that are read through indexes, and tokens for those who come in over the
network.

Revision 0004, after 0003. The tables are made anew from the journal when the upgrade is through, which
fills all that is new; only the number of each claim is set here, as the index over words goes by it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ON_SQLITE = (
    """CREATE VIRTUAL TABLE claim_words USING fts5 (folded, content='claims',
       content_rowid='seq', columnsize=0, detail=none, tokenize='ascii', prefix='3')""",
    "INSERT INTO claim_words (claim_words) VALUES ('rebuild')",
    """CREATE TRIGGER claim_words_added AFTER INSERT ON claims BEGIN
         INSERT INTO claim_words (rowid, folded) VALUES (new.seq, new.folded);
       END""",
    """CREATE TRIGGER claim_words_gone AFTER DELETE ON claims BEGIN
         INSERT INTO claim_words (claim_words, rowid, folded) VALUES ('delete', old.seq, old.folded);
       END""",
    """CREATE TRIGGER claim_words_changed AFTER UPDATE OF folded, seq ON claims BEGIN
         INSERT INTO claim_words (claim_words, rowid, folded) VALUES ('delete', old.seq, old.folded);
         INSERT INTO claim_words (rowid, folded) VALUES (new.seq, new.folded);
       END""",
)
ON_POSTGRES = """CREATE INDEX ix_claims_words ON claims
                 USING gin (array_to_tsvector(string_to_array(folded, ' ')))"""

RARE = sa.text("act NOT IN ('claim.recorded', 'evidence.logged', 'document.recorded')")
RELAYS = sa.text("relays IS NOT NULL")
AGING = sa.text("changes_on IS NOT NULL")

REPLACED = (
    ("ix_journal_recorded_at", "journal", ["recorded_at"]),
    ("ix_claims_case_key", "claims", ["case_key"]),
    ("ix_evidence_source", "evidence", ["source"]),
    ("ix_statuses_status", "statuses", ["status"]),
    ("ix_statuses_changes_on", "statuses", ["changes_on"]),
    ("ix_status_changes_claim", "status_changes", ["claim"]),
    ("ix_status_changes_recorded_at", "status_changes", ["recorded_at"]),
    ("ix_outcomes_source", "outcomes", ["source"]),
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
    ("ix_status_changes_status_claim", "status_changes", ["status", "claim"]),
    ("ix_links_state_key", "links", ["state", "key"]),
    ("ix_links_rule_key", "links", ["rule", "key"]),
    ("ix_outcomes_source_sort", "outcomes", ["source", "kind", "sign", "right", "since", "until"]),
)


def upgrade() -> None:
    _make_search()
    _make_approvals()
    _make_pending()
    _make_lists()
    _make_records()
    _make_tokens()


def downgrade() -> None:
    op.drop_table("tokens")
    op.drop_table("source_records")
    _drop_lists()
    op.drop_table("pending")
    _drop_approvals()
    _drop_search()


# --- search: words, other spellings of words, traces of names ---------------------------------


def _make_search() -> None:
    seq = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("claims", sa.Column("seq", seq, server_default="0", nullable=False))
    op.execute(
        """UPDATE claims SET seq = (SELECT journal.seq FROM journal
           WHERE journal.act = 'claim.recorded' AND journal.subject = claims.key)"""
    )
    op.drop_index(op.f("ix_claims_subject"), "claims")
    op.drop_index(op.f("ix_claims_value_entity"), "claims")
    op.create_index("ix_claims_seq", "claims", ["seq"], unique=True)
    op.create_index("ix_claims_subject_seq", "claims", ["subject", "seq"], unique=False)
    op.create_index("ix_claims_value_entity_seq", "claims", ["value_entity", "seq"], unique=False)
    several = sa.text("value_entity IS NULL AND value LIKE '%;%'")
    op.create_index("ix_claims_several", "claims", ["key"], sqlite_where=several, postgresql_where=several)
    _create_tables()
    if op.get_bind().dialect.name == "postgresql":
        # A vector holds no word of more than 2046 letters.
        op.execute(
            r"""UPDATE claims SET folded = regexp_replace(folded, '([^ ]{64})[^ ]+', '\1', 'g')
                WHERE folded ~ '[^ ]{65}'"""
        )
        op.execute(ON_POSTGRES)
    else:
        for statement in ON_SQLITE:
            op.execute(statement)


def _create_tables() -> None:
    op.create_table(
        "words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("canon", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_words")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_words_canon"), "words", ["canon"], unique=False)
    op.create_table(
        "spellings",
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("canon", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("trace", "canon", name=op.f("pk_spellings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "name_traces",
        sa.Column("records", sa.String(length=10), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("letters", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("records", "trace", "letters", "key", name=op.f("pk_name_traces")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_name_traces_records_key", "name_traces", ["records", "key"], unique=False)


def _drop_search() -> None:
    op.drop_table("name_traces")
    op.drop_table("spellings")
    op.drop_table("words")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_claims_words")
    else:
        for name in ("added", "gone", "changed"):
            op.execute(f"DROP TRIGGER claim_words_{name}")
        op.drop_table("claim_words")
    op.drop_index("ix_claims_several", "claims")
    op.drop_index("ix_claims_value_entity_seq", "claims")
    op.drop_index("ix_claims_subject_seq", "claims")
    op.drop_index("ix_claims_seq", "claims")
    op.create_index(op.f("ix_claims_value_entity"), "claims", ["value_entity"], unique=False)
    op.create_index(op.f("ix_claims_subject"), "claims", ["subject"], unique=False)
    op.drop_column("claims", "seq")


# --- assessments that a second person must approve, and the cases that ask for it -------------


def _make_approvals() -> None:
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


def _drop_approvals() -> None:
    op.drop_index(op.f("ix_assessments_state"), "assessments")
    for name in ("seq", "decided_reason", "decided_on", "decided_by", "state"):
        op.drop_column("assessments", name)
    op.drop_column("cases", "needs_approval")


# --- claims that an act touched and that are still to be resolved -----------------------------


def _make_pending() -> None:
    op.create_table(
        "pending",
        sa.Column("claim", sa.String(length=120), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("act", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.key"], name=op.f("fk_pending_claim")),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_pending")),
    )


# --- indexes for lists that go from key to key, and what past statuses are read from ----------


def _make_lists() -> None:
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
    op.create_index(
        "ix_status_changes_aging",
        "status_changes",
        ["claim", "changes_on", "seq"],
        sqlite_where=AGING,
        postgresql_where=AGING,
    )


def _drop_lists() -> None:
    op.drop_index("ix_status_changes_aging", "status_changes")
    op.drop_index("ix_evidence_relays", "evidence")
    op.drop_index("ix_journal_act_seq", "journal")
    for name, table, _ in reversed(MADE):
        op.drop_index(name, table)
    for name, table, columns in REPLACED:
        op.create_index(name, table, columns)
    op.drop_column("status_changes", "changes_on")
    op.drop_table("status_ends")


# --- how sources with many cases fared, all in one row each -----------------------------------


def _make_records() -> None:
    op.create_table(
        "source_records",
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("changes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_records")),
    )


# --- who may come in over the network ---------------------------------------------------------


def _make_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.String(length=32), nullable=True),
        sa.Column("revoked_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_tokens")),
    )
