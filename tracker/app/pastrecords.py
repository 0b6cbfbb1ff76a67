"""Records of the past: pages of sources, entities, documents, cases, questions as they were at a moment; what
was to be reviewed then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store import journal, publications
from tracker.store.pages import Stretch, record_keys
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.app.partial import Part
    from tracker.journal.entry import Entry

DECIDING = ("assessment.approved", "assessment.rejected", "assessment.withdrawn")
"""The acts after which a verdict waits for a second person no more."""

PORTION = 500
"""Records of which the entries are read together."""


def page_then(part: Part, records: str, stretch: Stretch) -> list[str]:
    """The keys of a page of the records, named as their table is, that there were and that had not been
    withdrawn when an entry was the last; the records are in the part then. Each is told by its own
    entries, so of the journal only theirs are read; those that came since are passed over."""
    portion = None if stretch.most is None else PORTION
    reached = stretch.after
    while keys := record_keys(part.source, records, Stretch(reached, most=portion), standing=False):
        part.bring(keys)
        found = record_keys(part.tables, records, stretch)
        if len(found) == stretch.most:
            return found
        reached = keys[-1]
    return record_keys(part.tables, records, stretch)


def bring_reviewed(part: Part) -> None:
    """All publications, with the claims that were published, and the verdicts that waited for a second
    person, when an entry was the last."""
    now = Reader(part.source)
    # What was published of a claim is among the entries on it.
    published = {row["claim"] for row in publications.read(part.source)}
    waiting = {each.key for found in now.waiting().values() for each in found}
    decided = {entry.subject for entry in journal.read_rare(part.source, DECIDING, part.last, journal.MOST)}
    part.bring(published | waiting | decided)
    part.bring_ground()


def bring_caused(part: Part, entries: Iterable[Entry]) -> None:
    """What some entries are about: evidence with its claim."""
    part.bring({entry.subject for entry in entries if entry.act.startswith("evidence.")})
    part.bring({piece.claim for piece in Reader(part.tables).evidence().values()})
    part.bring_ground()
