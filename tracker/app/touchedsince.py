"""Claims on which something bears that was recorded since a moment: all others stand as they stood then."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.store import journal, pending
from tracker.store import tables as t
from tracker.store.read import Reader

if TYPE_CHECKING:
    from tracker.journal.entry import Entry
    from tracker.store.database import Connection

MOST_SINCE = 10_000
"""Entries since: of more, to find out on what each bears is no dearer than to replay all."""

MOST_TOUCHED = 5_000
"""Claims on which these bear, with those tied to them."""

REGISTERED = (
    "source.registered",
    "entity.registered",
    "document.recorded",
    "question.recorded",
    "case.recorded",
)
"""Acts on which nothing rests until others name what they record."""

ASIDE = frozenset(
    (*REGISTERED, "claim.published", "publication.withdrawn", "publication.restored", "entry.redacted")
)
"""Acts on which no status rests."""


def touched_since(connection: Connection, last: int) -> set[str] | None:
    """The claims on which an entry after the ``last`` bears, with those that are tied to them by now; None
    where it may be on all, takes long to say, or something earlier is still to be resolved."""
    if pending.is_any(connection):
        return None
    entries = journal.read_entries(connection, first=last + 1, limit=MOST_SINCE + 1)
    if len(entries) > MOST_SINCE or any(entry.act.startswith("policy.") for entry in entries):
        return None
    reader = Reader(connection)
    subjects = _by_kind(entries)
    for source in subjects["source"]:
        if len(reader.some_claims_of(source, MOST_TOUCHED + 1)) > MOST_TOUCHED:
            return None
    touched = _claims_of(reader, subjects)
    if len(touched) > MOST_TOUCHED:
        return None
    tied = reader.tied(touched)
    return tied if len(tied) <= MOST_TOUCHED else None


def _by_kind(entries: list[Entry]) -> dict[str, set[str]]:
    """The keys of the records that entries are on, or speak of, by the kind of record."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.act in ASIDE:
            continue
        kind = entry.act.partition(".")[0]
        found[kind].add(entry.subject)
        for name in ("claim", "other"):
            if isinstance(said := entry.payload.get(name), str):
                found["claim"].add(said)
        if kind == "entity":
            found[kind].update(entry.payload[name] for name in ("into", "from") if name in entry.payload)
    return found


def _claims_of(reader: Reader, subjects: dict[str, set[str]]) -> set[str]:
    """The claims that rest on some records, which are given by their kind."""
    found = subjects["claim"] | reader.keys(t.evidence, t.evidence.c.key, subjects["evidence"], "claim")
    found.update(reader.claims_of_assessments(subjects["assessment"]).values())
    for link in reader.links(subjects["link"] | subjects["claims"]).values():
        found |= {link.claim, link.other}
    for claims in reader.claims_of_sources(subjects["source"]).values():
        found |= claims
    same = {other for entity in subjects["entity"] for other in reader.merged_into(entity)}
    found |= reader.claims_naming(subjects["entity"] | same)
    found |= reader.claims_answering(subjects["question"]) | reader.claims_read_in(subjects["document"])
    for case in subjects["case"]:
        found |= reader.claims_in(case, None)
    return found
