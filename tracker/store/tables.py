"""The tables. The journal is the truth; every other table is made from it and can be dropped."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

KEY = sa.String(120)
SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A journal number; in SQLite plain INTEGER, which makes a primary key the row's own address."""


def _uncertain(name: str) -> list[sa.Column[object]]:
    """The columns of an uncertain date: its EDTF value, the words it was written in, its bounds,
    and the keys of what it is said to have come after."""
    return [
        sa.Column(f"{name}_edtf", sa.Text),
        sa.Column(f"{name}_words", sa.Text),
        sa.Column(f"{name}_earliest", sa.Date),
        sa.Column(f"{name}_latest", sa.Date),
        sa.Column(f"{name}_after", sa.Text),
    ]


def _withdrawn() -> sa.Column[bool]:
    return sa.Column("withdrawn", sa.Boolean, nullable=False, default=False)


journal = sa.Table(
    "journal",
    metadata,
    sa.Column("seq", SEQ, primary_key=True, autoincrement=False),
    sa.Column("batch", sa.BigInteger, nullable=False),
    sa.Column("recorded_at", sa.String(27), nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("act", sa.String(40), nullable=False),
    sa.Column("subject", KEY, nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("leaf", sa.String(64), nullable=False),
)

COMMON_ACTS = ("claim.recorded", "evidence.logged", "document.recorded")
"""What nearly all entries record: nobody looks for them by their act."""

is_rare = journal.c.act.not_in([sa.literal_column(f"'{act}'") for act in COMMON_ACTS])
"""What a query by act must say besides the act, for the index over all others to be of use."""

journal_head = sa.Table(
    "journal_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("root", sa.String(64), nullable=False),
    sa.Column("peaks", sa.Text, nullable=False),
)

journal_nodes = sa.Table(
    "journal_nodes",
    metadata,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
"""The inner nodes of the tree over the journal, so that a proof reads a few rows and not all of it."""

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
)

received = sa.Table(
    "received",
    metadata,
    sa.Column("leaf", sa.String(64), primary_key=True),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("origin_seq", sa.BigInteger, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
)

redactions = sa.Table(
    "redactions",
    metadata,
    sa.Column("seq", SEQ, primary_key=True, autoincrement=False),
    sa.Column("by_seq", sa.BigInteger, nullable=False),
)

policies = sa.Table(
    "policies",
    metadata,
    sa.Column("seq", SEQ, primary_key=True, autoincrement=False),
    sa.Column("label", sa.String(60), nullable=False),
    sa.Column("recorded_at", sa.String(27), nullable=False),
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("policy", sa.String(60)),
    sa.Column("rules_off", sa.Text),
    sa.Column("needs_approval", sa.Boolean, nullable=False, server_default=sa.false()),
    _withdrawn(),
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False, index=True),
    sa.Column("type", sa.String(20), nullable=False),
    sa.Column("owner", sa.Text),
    sa.Column("reliability", sa.String(1)),
    sa.Column("url", sa.Text),
    sa.Column("note", sa.Text),
    _withdrawn(),
)

source_sides = sa.Table(
    "source_sides",
    metadata,
    sa.Column("source", KEY, sa.ForeignKey("sources.key"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("side", sa.Text, nullable=False),
)

source_grades = sa.Table(
    "source_grades",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("source", KEY, sa.ForeignKey("sources.key"), nullable=False, index=True),
    sa.Column("grade", sa.String(1)),
    sa.Column("recorded_at", sa.String(27), nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

entities = sa.Table(
    "entities",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("type", sa.String(20), nullable=False),
    sa.Column("wikidata", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("merged_into", KEY, sa.ForeignKey("entities.key"), index=True),
    _withdrawn(),
)

entity_names = sa.Table(
    "entity_names",
    metadata,
    sa.Column("entity", KEY, sa.ForeignKey("entities.key"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False, index=True),
)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("publisher", KEY, sa.ForeignKey("sources.key")),
    sa.Column("author", sa.Text),
    sa.Column("url", sa.Text, index=True),
    *_uncertain("published"),
    sa.Column("sha256", sa.String(64), index=True),
    sa.Column("note", sa.Text),
    _withdrawn(),
)

questions = sa.Table(
    "questions",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("exactly_one", sa.Boolean, nullable=False),
    sa.Column("counted", sa.Text),
    sa.Column("cumulative", sa.Boolean, nullable=False, server_default=sa.false()),
    _withdrawn(),
)

claims = sa.Table(
    "claims",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("subject", KEY, sa.ForeignKey("entities.key")),
    sa.Column("value", sa.Text),
    sa.Column("value_entity", KEY, sa.ForeignKey("entities.key")),
    *_uncertain("when"),
    sa.Column("place", sa.Text),
    sa.Column("place_entity", KEY, sa.ForeignKey("entities.key")),
    sa.Column("question", KEY, sa.ForeignKey("questions.key"), index=True),
    sa.Column("case_key", KEY, sa.ForeignKey("cases.key")),
    sa.Column("lang", sa.String(35)),
    sa.Column("external_id", sa.Text, index=True),
    sa.Column("note", sa.Text),
    sa.Column("ongoing", sa.Boolean),
    _withdrawn(),
    sa.Column("recorded_at", sa.String(27), nullable=False),
    sa.Column("seq", SEQ, nullable=False, server_default="0"),
)
"""``seq`` is the entry that recorded the claim: its number in the index over the words of claims."""

# The newest first, without sorting all: of many claims about one entity only a few are ever asked for.
sa.Index("ix_claims_seq", claims.c.seq, unique=True)
sa.Index("ix_claims_subject_seq", claims.c.subject, claims.c.seq)
sa.Index("ix_claims_value_entity_seq", claims.c.value_entity, claims.c.seq)

names_several = claims.c.value_entity.is_(None) & claims.c.value.like(sa.literal_column("'%;%'"))
"""Where the value of a claim may be several entities, in words; written out, for the index to be of use."""

sa.Index("ix_claims_several", claims.c.key, sqlite_where=names_several, postgresql_where=names_several)

words = sa.Table(
    "words",
    metadata,
    sa.Column("word", sa.Text, primary_key=True),
    sa.Column("canon", sa.Text, nullable=False, index=True),
    sqlite_with_rowid=False,
)
"""Every word that a claim has held, but for what begins with a digit, and what it has in common with its
other spellings."""

spellings = sa.Table(
    "spellings",
    metadata,
    sa.Column("trace", sa.Text, primary_key=True),
    sa.Column("canon", sa.Text, primary_key=True),
    sqlite_with_rowid=False,
)
"""What words of claims and names can be found again by when they are spelled otherwise: their ends with a
letter left out, and their consonants."""

name_traces = sa.Table(
    "name_traces",
    metadata,
    sa.Column("records", sa.String(10), primary_key=True),
    sa.Column("trace", sa.Text, primary_key=True),
    sa.Column("letters", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", KEY, primary_key=True),
    sqlite_with_rowid=False,
)
"""What the names of sources and entities can be found by, with how many letters the name has."""

sa.Index("ix_name_traces_records_key", name_traces.c.records, name_traces.c.key)

# Lists go from key to key: an index that ends with the key gives a page of them without sorting all.
sa.Index("ix_claims_kind_key", claims.c.kind, claims.c.key)
sa.Index("ix_claims_case_key_key", claims.c.case_key, claims.c.key)

evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("key", sa.String(250), primary_key=True),
    sa.Column("claim", KEY, sa.ForeignKey("claims.key"), nullable=False, index=True),
    sa.Column("source", KEY, sa.ForeignKey("sources.key"), nullable=False),
    sa.Column("stance", sa.String(10), nullable=False),
    sa.Column("recorded_on", sa.Date, nullable=False),
    *_uncertain("published"),
    sa.Column("document", KEY, sa.ForeignKey("documents.key"), index=True),
    sa.Column("locator", sa.Text),
    sa.Column("quote", sa.Text),
    sa.Column("credibility", sa.String(1)),
    sa.Column("basis", sa.String(20)),
    sa.Column("side", sa.String(20)),
    sa.Column("relays", sa.String(250)),
    sa.Column("note", sa.Text),
    sa.Column("withdrawn", sa.String(10)),
    sa.Column("withdrawn_on", sa.Date),
    sa.Column("withdrawn_reason", sa.Text),
)

sa.Index("ix_evidence_source_claim", evidence.c.source, evidence.c.claim)

links = sa.Table(
    "links",
    metadata,
    sa.Column("key", sa.String(300), primary_key=True),
    sa.Column("claim", KEY, sa.ForeignKey("claims.key"), nullable=False, index=True),
    sa.Column("relation", sa.String(15), nullable=False),
    sa.Column("other", KEY, sa.ForeignKey("claims.key"), nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("resolution", sa.Text),
    sa.Column("rule", sa.String(40)),
)

sa.Index("ix_links_state_key", links.c.state, links.c.key)
sa.Index("ix_links_rule_key", links.c.rule, links.c.key)

assessments = sa.Table(
    "assessments",
    metadata,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("claim", KEY, sa.ForeignKey("claims.key"), nullable=False, index=True),
    sa.Column("status", sa.String(15), nullable=False),
    sa.Column("likelihood", sa.Float),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("made_on", sa.Date, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    _withdrawn(),
    sa.Column("state", sa.String(10), nullable=False, server_default="made", index=True),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_on", sa.Date),
    sa.Column("decided_reason", sa.Text),
    # The entry that put it in force, or proposed it: of two of one day the later counts.
    sa.Column("seq", sa.BigInteger, nullable=False, server_default="0"),
)


def _resolution() -> list[sa.Column[object]]:
    return [
        sa.Column("status", sa.String(15), nullable=False),
        sa.Column("likelihood", sa.Float, nullable=False),
        sa.Column("confidence", sa.String(10), nullable=False),
        sa.Column("supporting_lines", sa.Integer, nullable=False),
        sa.Column("opposing_lines", sa.Integer, nullable=False),
        sa.Column("evidence", sa.Integer, nullable=False),
        sa.Column("stale", sa.Boolean, nullable=False),
        sa.Column("policy", sa.String(60), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("changed", sa.Date),
        sa.Column("changes_on", sa.Date),
    ]


statuses = sa.Table(
    "statuses",
    metadata,
    sa.Column("claim", KEY, sa.ForeignKey("claims.key"), primary_key=True),
    *_resolution(),
    sa.Column("seq", sa.BigInteger, nullable=False),
)

for _name in ("status", "policy", "changed", "changes_on"):
    sa.Index(f"ix_statuses_{_name}_claim", statuses.c[_name], statuses.c.claim)

status_changes = sa.Table(
    "status_changes",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("claim", KEY, sa.ForeignKey("claims.key"), primary_key=True),
    sa.Column("recorded_at", sa.String(27), nullable=False),
    *_resolution(),
    sa.Column("was", sa.String(15)),
)

sa.Index("ix_status_changes_claim_seq", status_changes.c.claim, status_changes.c.seq)
sa.Index("ix_status_changes_status_claim", status_changes.c.status, status_changes.c.claim)

status_ends = sa.Table(
    "status_ends",
    metadata,
    sa.Column("claim", KEY, sa.ForeignKey("claims.key"), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
)
"""The entries from which on a claim had no status any more, because it was taken back; the next
change, if there is one, says that it has one again."""

pending = sa.Table(
    "pending",
    metadata,
    sa.Column("claim", KEY, sa.ForeignKey("claims.key"), primary_key=True),
    sa.Column("seq", sa.BigInteger),
    sa.Column("act", sa.BigInteger, nullable=False),
)
"""Claims that an act touched, or that are tied to such, and that are still to be resolved for it:
the entry that touched each (none: it is only tied), and the last entry of the act."""

publications = sa.Table(
    "publications",
    metadata,
    sa.Column("seq", SEQ, primary_key=True, autoincrement=False),
    sa.Column("claim", KEY, sa.ForeignKey("claims.key"), nullable=False, index=True),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("published_on", sa.Date, nullable=False),
    sa.Column("status", sa.String(15), nullable=False),
    sa.Column("likelihood", sa.Float, nullable=False),
    sa.Column("confidence", sa.String(10), nullable=False),
    sa.Column("policy", sa.String(60), nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.String(27), nullable=False),
    _withdrawn(),
)

outcomes = sa.Table(
    "outcomes",
    metadata,
    sa.Column("claim", KEY, sa.ForeignKey("claims.key"), primary_key=True),
    sa.Column("source", KEY, sa.ForeignKey("sources.key"), primary_key=True),
    sa.Column("since", sa.Date, primary_key=True),
    sa.Column("until", sa.Date),
    sa.Column("evidence", sa.String(250), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("sign", sa.Integer, nullable=False),
    sa.Column("right", sa.Boolean, nullable=False),
)

_o = outcomes.c
# All that the cases of a source are counted by, sort by sort: none of the rows themselves is read.
sa.Index("ix_outcomes_source_sort", _o.source, _o.kind, _o.sign, _o.right, _o.since, _o.until)

source_records = sa.Table(
    "source_records",
    metadata,
    sa.Column("source", KEY, primary_key=True),
    sa.Column("changes", sa.LargeBinary, nullable=False),
)
"""How a source with many cases fared, all in one: the numbers of :class:`claims.resolve.courses.Fares`, in
four bytes each, the lowest first. A source may have no such row; one that is there says what its outcomes do,
and goes with whatever changes these. So no rebuild compares it: it is counted again where somebody asks."""

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("made_at", sa.String(32), nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("expires_at", sa.String(32)),
    sa.Column("revoked_at", sa.String(32)),
)
"""Who may come in over the network: no part of the record, so that no rebuild makes or empties it."""

PROJECTED = (
    requests,
    received,
    redactions,
    publications,
    outcomes,
    status_changes,
    status_ends,
    statuses,
    pending,
    assessments,
    links,
    evidence,
    claims,
    questions,
    documents,
    entity_names,
    entities,
    source_grades,
    source_sides,
    sources,
    cases,
    policies,
    words,
    spellings,
    name_traces,
)
"""Every table that is made from the journal, in an order in which they can be emptied."""

_BY_BYTES = sa.Text(collation="C")
for _column in (column for table in metadata.tables.values() for column in table.columns):
    if isinstance(_column.type, sa.String):
        # PostgreSQL would order text by the locale of the database, and refuse what is longer.
        _column.type = _column.type.with_variant(_BY_BYTES, "postgresql")
