"""Indexes over a part of a table's rows. Whoever makes the schema, or compares it, imports this as well;
who only reads need not, since to name them loads all that there is for two kinds of database."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.store import tables as t

_RELAYS = t.evidence.c.relays.is_not(None)
_AGES = t.status_changes.c.changes_on.is_not(None)

sa.Index(
    "ix_journal_act_seq", t.journal.c.act, t.journal.c.seq, sqlite_where=t.is_rare, postgresql_where=t.is_rare
)
sa.Index("ix_evidence_relays", t.evidence.c.relays, sqlite_where=_RELAYS, postgresql_where=_RELAYS)
sa.Index(
    "ix_status_changes_aging",
    *(t.status_changes.c.claim, t.status_changes.c.changes_on, t.status_changes.c.seq),
    sqlite_where=_AGES,
    postgresql_where=_AGES,
)
