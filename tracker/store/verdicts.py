"""What acts on an assessment do to its row: approved, rejected, reopened, withdrawn, restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from claims.vocabulary import AssessmentState
from tracker.store import tables as t

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.engine import Connection

    from tracker.journal.entry import Entry

_STATES = {
    "assessment.approved": AssessmentState.APPROVED,
    "assessment.rejected": AssessmentState.REJECTED,
    "assessment.reopened": AssessmentState.PROPOSED,
}
_STANDS = {"assessment.withdrawn": False, "assessment.restored": True}

ACTS = (*_STATES, *_STANDS)
"""Every act on an assessment that is there."""


def apply(connection: Connection, entry: Entry, recorded_on: date) -> set[str]:
    """Apply an entry on an assessment; ``recorded_on`` is the day on which it was first recorded anywhere.
    Returns the claim concerned."""
    if entry.act in _STANDS:
        values: dict[str, Any] = {"withdrawn": not _STANDS[entry.act]}
    else:
        values = _decided(entry, _STATES[entry.act], recorded_on)
    named = t.assessments.c.key == entry.subject
    connection.execute(sa.update(t.assessments).where(named).values(**values))
    return set(connection.scalars(sa.select(t.assessments.c.claim).where(named)))


def _decided(entry: Entry, state: AssessmentState, recorded_on: date) -> dict[str, Any]:
    values: dict[str, Any] = {"state": state.value}
    if state is AssessmentState.PROPOSED:
        return values | dict.fromkeys(("decided_by", "decided_on", "decided_reason"))
    if state is AssessmentState.APPROVED:
        values["seq"] = entry.seq
    return values | {
        "decided_by": entry.author,
        "decided_on": recorded_on,
        "decided_reason": entry.reason,
    }
