"""Records of the past: pages of sources, entities, documents, cases, questions as they were at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.pages import Stretch, record_keys

if TYPE_CHECKING:
    from tracker.app.partial import Part

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
