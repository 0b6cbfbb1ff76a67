"""What claims are searched by: an index over their words, other spellings of words, traces of names.

Revision 0004, after 0003. The rows are made from the journal when the upgrade is through; only the number
of each claim is set here, as the index goes by it.
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


def upgrade() -> None:
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


def downgrade() -> None:
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
