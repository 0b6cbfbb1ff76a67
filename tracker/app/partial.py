"""Replaying a part of the journal: only the entries that bear on some claims and on those tied to them.

Which those are is found from the tables of today, and from the entries since that changed what ties
claims together: revised claims, merged and revised entities, resolved links. All of these are looked at
as they were, each from its own entries. Where the records of sources count, all claims that these
sources spoke on bear as well. Where that is very much, their records are those that are kept now, but for
claims on which something bears that came since; where that is very much too, the whole journal has to be
replayed.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from claims.keys import is_key
from tracker.app.recorded import ADOPTED
from tracker.store import copies, journal, outcomes
from tracker.store.bearing import PastNeighbours, named_by, said_of
from tracker.store.dialects import chunks
from tracker.store.everbearing import EverNeighbours
from tracker.store.neighbours import same_entities
from tracker.store.read import Reader
from tracker.store.redoing import project_recorded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from tracker.journal.entry import Entry
    from tracker.store.database import Connection
    from tracker.store.neighbours import Neighbours

MOST_CHANGED = 2_000
"""Entries since that changed what ties claims together: of more, to replay all is no dearer."""

MOST_TIED = 5_000
"""Claims that are tied together: of more, to replay all is no dearer."""

TYING = (
    *("claim.revised", "entity.revised", "entity.merged", "entity.unmerged"),
    *("link.resolved", "link.reopened"),
)
"""The acts that change which claims are tied to one another, but for those that only add to it."""

POLICIES = (ADOPTED, "policy.named")
"""The acts that bear on all claims."""

CORRECTED = "evidence.corrected"


class Part:
    """Tables in memory that hold the records of some keys as they were when an entry was the last."""

    def __init__(self, source: Connection, tables: Connection, last: int) -> None:
        self.source = source
        self.tables = tables
        self.last = last
        self.brought: set[str] = set()
        """The keys of which the entries were applied, whatever records they are of."""

    def bring(self, keys: Iterable[str]) -> None:
        """Apply the entries on some keys, in order."""
        fresh = set(keys) - self.brought
        self.brought |= fresh
        found: list[Entry] = []
        for chunk in chunks(fresh):
            found += journal.read_entries(self.source, subjects=chunk, last=self.last)
        self._apply(found)

    def bring_acts(self, acts: Iterable[str]) -> None:
        """Apply all entries of some acts, in order, which say all of the records that they are on."""
        found: list[Entry] = []
        for act in acts:
            found += journal.read_entries(self.source, act=act, last=self.last)
        self._apply(found)

    def _apply(self, entries: Iterable[Entry]) -> None:
        for entry in sorted(entries, key=lambda entry: entry.seq):
            project_recorded(self.tables, entry)

    def bring_ground(self) -> None:
        """Apply the entries on all that the records here rest on, and on what that rests on."""
        while missing := named_by(self.tables) - self.brought:
            self.bring(missing)

    def bring_shown(self, claims: Collection[str]) -> None:
        """What is shown of claims in a list: themselves, whom they are about, and people's verdicts."""
        self.bring(claims)
        self.bring(Reader(self.source).keys_of_assessments(claims))
        self.bring_ground()

    @cached_property
    def _tying(self) -> list[Entry]:
        """The entries since that changed what ties claims together; not all where they are very many."""
        return journal.read_rare(self.source, TYING, self.last, MOST_CHANGED + 1)

    @cached_property
    def near(self) -> PastNeighbours | None:
        """Which claims may have been tied to which; None where very much has changed that since."""
        since = self._tying
        if len(since) > MOST_CHANGED:
            return None
        changed = {entry.subject for entry in since if not entry.act.startswith("link.")}
        self.bring(changed)
        revised = {entry.subject for entry in since if entry.act == "claim.revised"}
        pairs = [(entry.payload["claim"], entry.payload["other"]) for entry in since if _is_of_a_rule(entry)]
        return PastNeighbours(self.source, self.tables, revised, changed - revised, pairs)

    def bring_bearing(self, claims: Collection[str]) -> bool:
        """All that bears on some claims; says whether it could be found out in short what that is."""
        if self.near is None:
            return False
        tied = _reached(self.near, claims)
        if tied is None:
            return False
        links = {entry.subject for entry in self._tying if entry.act.startswith("link.")}
        self.bring(tied | links | said_of(self.source, tied))
        self.bring(same_entities(named_by(self.tables), self.near.merged))
        self.bring_ground()
        return True

    def bring_ever(self, claims: Collection[str]) -> bool:
        """All that bears on some claims, or bore on them at any moment since; says whether it could be found
        out in short what that is."""
        if len(self._tying) > MOST_CHANGED:
            return False
        changed = {entry.subject for entry in self._tying}
        try:
            near = EverNeighbours(self.source, journal.read_entries_on(self.source, changed, journal.MOST))
        except (AttributeError, KeyError, TypeError, ValueError):
            return False  # an entry cannot be done as it is written: to replay all names it
        tied = _reached(near, claims)
        if tied is None:
            return False
        self.bring(changed | tied | said_of(self.source, tied) | near.named)
        self.bring(same_entities(named_by(self.tables), near.merged))
        self.bring_ground()
        return True

    def entries_until(self, last: int) -> list[Entry]:
        """The entries since and up to one, in order, on what was brought, on policies, and on whatever these
        name: what a claim was about, or evidence was from, only for a while."""
        policies = journal.read_rare(self.source, POLICIES, self.last, journal.MOST)
        found = {entry.seq: entry for entry in policies if entry.seq <= last}
        fresh, looked_at = set(self.brought), set[str]()
        while fresh:
            looked_at |= fresh
            self.bring(fresh)
            entries = journal.read_entries_on(self.source, fresh, last)
            later = [entry for entry in entries if entry.seq > self.last]
            found |= {entry.seq: entry for entry in later}
            fresh = {name for entry in later for name in _named(entry)} - looked_at
        return [found[seq] for seq in sorted(found)]

    def bring_records(self) -> bool:
        """All that bears on the records of the sources of which something is here; says whether it could
        be found out in short what that is."""
        spoken_on = self.spoken_on(Reader(self.tables).sources())
        return spoken_on is not None and self.bring_bearing(spoken_on)

    @cached_property
    def touched(self) -> set[str] | None:
        """The claims on which something since bears, all of which are brought with what bears on them; None
        where these are very many."""
        from tracker.app.touchedsince import touched_since

        found = touched_since(self.source, self.last)
        return found if found is not None and self.bring_bearing(found) else None

    def bring_cases(self, day: date) -> bool:
        """The records of the sources of which something is here, as they are kept now, as of a day; but for
        the cases on claims that are here, to be worked out anew: all on which something since bears, with
        those that were tied to them then or are by now. Says whether these are few enough."""
        sources = Reader(self.tables).sources()
        if self.touched is None:
            return False
        # Those that were recorded since are not here, and had no case then.
        here = self.touched.union(Reader(self.tables).claim_keys())
        outcomes.copy_cases(self.source, self.tables, sources, day, but=here)
        return True

    def bring_said_by(self, sources: Collection[str]) -> bool:
        """All that some sources said, and what others said on the same claims; says whether that is few
        enough."""
        spoken_on = self.spoken_on(sources)
        if spoken_on is None:
            return False
        self.bring(spoken_on | said_of(self.source, spoken_on))
        self.bring_ground()
        return True

    def spoken_on(self, sources: Iterable[str]) -> set[str] | None:
        """The claims that some sources spoke on; None where these are very many. Evidence may have been
        said to be of another source since."""
        corrected = journal.read_rare(self.source, [CORRECTED], self.last, MOST_CHANGED + 1)
        if len(corrected) > MOST_CHANGED:
            return None
        reader = Reader(self.source)
        pieces = reader.evidence({entry.subject for entry in corrected})
        spoken_on = {piece.claim for piece in pieces.values()}
        for source in sources:
            spoken_on |= set(reader.some_claims_of(source, MOST_TIED + 1))
            if len(spoken_on) > MOST_TIED:
                return None
        return spoken_on


def entries_about(source: Connection, claim: str, last: int) -> list[Entry] | None:
    """The entries up to one, in order, that ever bore on a claim, and on the records of those who spoke on it
    or on what was tied to it; None where these are very many."""
    with part_of(source, 0) as part:
        if not part.bring_ever([claim]):
            return None
        named = {name for entry in part.entries_until(last) for name in _named(entry)}
        spoken_on = part.spoken_on(Reader(source).sources(named))
        if spoken_on is None or not part.bring_ever(spoken_on):
            return None
        return part.entries_until(last)


def _named(entry: Entry) -> Iterator[str]:
    """All texts in what an entry says that may be keys."""
    for said in (entry.payload, entry.payload.get("set"), entry.payload.get("was")):
        if isinstance(said, dict):
            yield from (each for each in said.values() if isinstance(each, str) and is_key(each))


def _is_of_a_rule(entry: Entry) -> bool:
    """Whether an entry is on a link that a rule found: of the others the tables keep the row."""
    return entry.act.startswith("link.") and "claim" in entry.payload


def _reached(near: Neighbours, claims: Collection[str]) -> set[str] | None:
    """Some claims with all that may have been tied to them; None where that is very many."""
    reached: set[str] = set()
    edge = set(claims)
    while edge:
        reached |= edge
        if len(reached) > MOST_TIED:
            return None
        edge = near.of(edge) - reached
    return reached


@contextmanager
def part_of(source: Connection, last: int) -> Iterator[Part]:
    """An empty part of the journal up to an entry, but for the policy that was in force then."""
    with copies.in_memory(whole=False) as tables:
        for entry in journal.read_entries(source, act=ADOPTED, newest=1, last=last):
            project_recorded(tables, entry)
        yield Part(source, tables, last)
