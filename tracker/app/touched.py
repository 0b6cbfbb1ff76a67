"""The claims that an act in bulk touched, resolved in portions, as one act would resolve them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.past import Pasts
from tracker.app.held import Held
from tracker.app.plainly import Work
from tracker.app.resolving import Reach, StatusChange, resolve_reached, terms_of
from tracker.app.settling import record_outcomes
from tracker.helper import Helper
from tracker.store import fares
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from claims.policy import Policy
    from tracker.app.resolving import Terms
    from tracker.store.database import Connection
    from tracker.store.passing import TouchedClaims

PORTION = 10_000
"""Touched claims that are resolved together, with all that is tied to them."""

HELD = 500_000
"""Pieces of evidence of which what matters is held in memory, in some 60 bytes each, until the claims that
they are on are resolved; of more, in a file."""

LISTED = 10_000
"""Changes of which each is told."""


class Moved:
    """How many claims stand otherwise than before (``anew``), how many of these have another status
    (``moved``), and the first of them: those that were new, and those that were not."""

    def __init__(self) -> None:
        self.anew = 0
        self.moved = 0
        self._listed: dict[bool, list[StatusChange]] = {True: [], False: []}

    def add(self, changes: list[StatusChange]) -> None:
        """More changes."""
        self.anew += len(changes)
        self.moved += sum(change.has_moved for change in changes)
        for change in changes:
            listed = self._listed[change.was is None]
            if len(listed) < LISTED:
                listed.append(change)

    @property
    def listed(self) -> list[StatusChange]:
        """The first of the changes, in the order of the entries that caused them."""
        found = self._listed[True] + self._listed[False]
        return sorted(found, key=lambda change: (change.seq, change.claim))


def resolve_touched(
    connection: Connection,
    claims: TouchedClaims,
    policy: Policy,
    recorded_at: str,
    last_seq: int,
    everything: int | None,
    progress: Callable[[str, int, int], None],
) -> Moved:
    """Resolve all that an act touched, and record the statuses that changed.

    First it is worked out how all stances fared, since what is settled in one portion bears on
    the sources that speak in another; then each portion is resolved, with whole tied groups.
    """
    with Helper() as helper:
        terms, work = terms_of(policy, recorded_at, last_seq), Work(held=Held(HELD), helper=helper)
        return _resolve(connection, claims, terms, everything, progress, work)


def _resolve(
    connection: Connection,
    claims: TouchedClaims,
    terms: Terms,
    everything: int | None,
    progress: Callable[[str, int, int], None],
    work: Work,
) -> Moved:
    reader, last_seq = Reader(connection), terms.last
    count, done = claims.gather(everything), 0
    altered: dict[str, int] = {}
    for portion in claims.portions(PORTION):
        tied = _tied(reader, claims, portion)
        touched = claims.among(tied)
        for source, settled in record_outcomes(reader, tied, terms.choice.own, terms.today, work).items():
            seq = max((touched[claim] for claim in settled if claim in touched), default=last_seq)
            altered[source] = max(seq, altered.get(source, 0))
        work.pasts = Pasts()  # of no use to other groups, and there is no end of them
        done += len(touched)
        progress("settled", done, count)
    work.held.no_more()
    fares.keep(connection, altered)
    claims.note_altered(altered)
    count, done = claims.gather(), 0
    moved = Moved()
    for portion in claims.portions(PORTION):
        tied = _tied(reader, claims, portion)
        touched = claims.among(tied)
        moved.add(resolve_reached(connection, Reach(touched, tied), terms, work))
        work.pasts = Pasts()
        done += len(touched)
        progress("resolved", done, count)
    return moved


def _tied(reader: Reader, claims: TouchedClaims, portion: Collection[str]) -> set[str]:
    """Claims with all that is tied to them; what of it is to come later is done now."""
    tied = reader.tied(portion)
    claims.done(tied.difference(portion))
    return tied
