"""The first schema: the journal, and the tables that are made from it.

Revision 0001, after none. It imports no project code: a migration must
mean the same for ever, whatever becomes of the tables in tracker.store.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_cases")),
    )
    op.create_table(
        "entities",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("wikidata", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("merged_into", sa.String(length=120), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["entities.key"], name=op.f("fk_entities_merged_into")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_entities")),
    )
    with op.batch_alter_table("entities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entities_merged_into"), ["merged_into"], unique=False)

    op.create_table(
        "journal",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_subject"), ["subject"], unique=False)

    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("peaks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "policies",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_policies")),
    )
    op.create_table(
        "questions",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("exactly_one", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_questions")),
    )
    op.create_table(
        "sources",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("reliability", sa.String(length=1), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sources")),
    )
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sources_folded"), ["folded"], unique=False)

    op.create_table(
        "claims",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("value_entity", sa.String(length=120), nullable=True),
        sa.Column("when_edtf", sa.Text(), nullable=True),
        sa.Column("when_words", sa.Text(), nullable=True),
        sa.Column("when_earliest", sa.Date(), nullable=True),
        sa.Column("when_latest", sa.Date(), nullable=True),
        sa.Column("when_after", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("place_entity", sa.String(length=120), nullable=True),
        sa.Column("question", sa.String(length=120), nullable=True),
        sa.Column("case_key", sa.String(length=120), nullable=True),
        sa.Column("lang", sa.String(length=35), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ongoing", sa.Boolean(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["case_key"], ["cases.key"], name=op.f("fk_claims_case_key")),
        sa.ForeignKeyConstraint(["place_entity"], ["entities.key"], name=op.f("fk_claims_place_entity")),
        sa.ForeignKeyConstraint(["question"], ["questions.key"], name=op.f("fk_claims_question")),
        sa.ForeignKeyConstraint(["subject"], ["entities.key"], name=op.f("fk_claims_subject")),
        sa.ForeignKeyConstraint(["value_entity"], ["entities.key"], name=op.f("fk_claims_value_entity")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_claims")),
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claims_case_key"), ["case_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_claims_external_id"), ["external_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claims_question"), ["question"], unique=False)
        batch_op.create_index(batch_op.f("ix_claims_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_claims_value_entity"), ["value_entity"], unique=False)

    op.create_table(
        "documents",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.String(length=120), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published_edtf", sa.Text(), nullable=True),
        sa.Column("published_words", sa.Text(), nullable=True),
        sa.Column("published_earliest", sa.Date(), nullable=True),
        sa.Column("published_latest", sa.Date(), nullable=True),
        sa.Column("published_after", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["publisher"], ["sources.key"], name=op.f("fk_documents_publisher")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_documents")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_documents_url"), ["url"], unique=False)

    op.create_table(
        "entity_names",
        sa.Column("entity", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entity"], ["entities.key"], name=op.f("fk_entity_names_entity")),
        sa.PrimaryKeyConstraint("entity", "position", name=op.f("pk_entity_names")),
    )
    with op.batch_alter_table("entity_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entity_names_folded"), ["folded"], unique=False)

    op.create_table(
        "source_grades",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=True),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_source_grades_source")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_source_grades")),
    )
    with op.batch_alter_table("source_grades", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_grades_source"), ["source"], unique=False)

    op.create_table(
        "source_sides",
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_source_sides_source")),
        sa.PrimaryKeyConstraint("source", "position", name=op.f("pk_source_sides")),
    )
    op.create_table(
        "assessments",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("claim", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=15), nullable=False),
        sa.Column("likelihood", sa.Float(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.key"], name=op.f("fk_assessments_claim")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_assessments")),
    )
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessments_claim"), ["claim"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("key", sa.String(length=250), nullable=False),
        sa.Column("claim", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("stance", sa.String(length=10), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("published_edtf", sa.Text(), nullable=True),
        sa.Column("published_words", sa.Text(), nullable=True),
        sa.Column("published_earliest", sa.Date(), nullable=True),
        sa.Column("published_latest", sa.Date(), nullable=True),
        sa.Column("published_after", sa.Text(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=True),
        sa.Column("locator", sa.Text(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("credibility", sa.String(length=1), nullable=True),
        sa.Column("basis", sa.String(length=20), nullable=True),
        sa.Column("side", sa.String(length=20), nullable=True),
        sa.Column("relays", sa.String(length=250), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("withdrawn", sa.String(length=10), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["claim"], ["claims.key"], name=op.f("fk_evidence_claim")),
        sa.ForeignKeyConstraint(["document"], ["documents.key"], name=op.f("fk_evidence_document")),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_evidence_source")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_claim"), ["claim"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_document"), ["document"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_source"), ["source"], unique=False)

    op.create_table(
        "links",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("claim", sa.String(length=120), nullable=False),
        sa.Column("relation", sa.String(length=15), nullable=False),
        sa.Column("other", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["claim"], ["claims.key"], name=op.f("fk_links_claim")),
        sa.ForeignKeyConstraint(["other"], ["claims.key"], name=op.f("fk_links_other")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_links")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_links_claim"), ["claim"], unique=False)
        batch_op.create_index(batch_op.f("ix_links_other"), ["other"], unique=False)

    op.create_table(
        "status_changes",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("claim", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("status", sa.String(length=15), nullable=False),
        sa.Column("likelihood", sa.Float(), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.Column("supporting_lines", sa.Integer(), nullable=False),
        sa.Column("opposing_lines", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Integer(), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("changed", sa.Date(), nullable=True),
        sa.Column("was", sa.String(length=15), nullable=True),
        sa.ForeignKeyConstraint(["claim"], ["claims.key"], name=op.f("fk_status_changes_claim")),
        sa.PrimaryKeyConstraint("seq", "claim", name=op.f("pk_status_changes")),
    )
    with op.batch_alter_table("status_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_status_changes_claim"), ["claim"], unique=False)
        batch_op.create_index(batch_op.f("ix_status_changes_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "statuses",
        sa.Column("claim", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=15), nullable=False),
        sa.Column("likelihood", sa.Float(), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.Column("supporting_lines", sa.Integer(), nullable=False),
        sa.Column("opposing_lines", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Integer(), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("changed", sa.Date(), nullable=True),
        sa.Column("changes_on", sa.Date(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.key"], name=op.f("fk_statuses_claim")),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_statuses")),
    )
    with op.batch_alter_table("statuses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statuses_changes_on"), ["changes_on"], unique=False)
        batch_op.create_index("ix_statuses_status", ["status"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("statuses", schema=None) as batch_op:
        batch_op.drop_index("ix_statuses_status")
        batch_op.drop_index(batch_op.f("ix_statuses_changes_on"))

    op.drop_table("statuses")
    with op.batch_alter_table("status_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_status_changes_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_status_changes_claim"))

    op.drop_table("status_changes")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_links_other"))
        batch_op.drop_index(batch_op.f("ix_links_claim"))

    op.drop_table("links")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_source"))
        batch_op.drop_index(batch_op.f("ix_evidence_document"))
        batch_op.drop_index(batch_op.f("ix_evidence_claim"))

    op.drop_table("evidence")
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessments_claim"))

    op.drop_table("assessments")
    op.drop_table("source_sides")
    with op.batch_alter_table("source_grades", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_grades_source"))

    op.drop_table("source_grades")
    with op.batch_alter_table("entity_names", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entity_names_folded"))

    op.drop_table("entity_names")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_documents_url"))
        batch_op.drop_index(batch_op.f("ix_documents_sha256"))

    op.drop_table("documents")
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claims_value_entity"))
        batch_op.drop_index(batch_op.f("ix_claims_subject"))
        batch_op.drop_index(batch_op.f("ix_claims_question"))
        batch_op.drop_index(batch_op.f("ix_claims_external_id"))
        batch_op.drop_index(batch_op.f("ix_claims_case_key"))

    op.drop_table("claims")
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sources_folded"))

    op.drop_table("sources")
    op.drop_table("questions")
    op.drop_table("policies")
    op.drop_table("journal_head")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_subject"))
        batch_op.drop_index(batch_op.f("ix_journal_recorded_at"))

    op.drop_table("journal")
    with op.batch_alter_table("entities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entities_merged_into"))

    op.drop_table("entities")
    op.drop_table("cases")
