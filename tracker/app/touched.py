"""The claims that an act in bulk touched, resolved in portions, as one act would resolve them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.past import Pasts
from tracker.app.plainly import Work
from tracker.app.resolving import Reach, StatusChange, resolve_reached, terms_of
from tracker.app.settling import claims_by_records, record_outcomes
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from claims.policy import Policy
    from tracker.store.database import Connection
    from tracker.store.passing import TouchedClaims

PORTION = 2_000
"""Touched claims that are resolved together, with all that is tied to them."""

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
    reader = Reader(connection)
    terms, work = terms_of(policy, recorded_at, last_seq), Work()
    count, done = claims.gather(everything), 0
    for portion in claims.portions(PORTION):
        tied = reader.tied(portion)
        touched = claims.among(tied)
        altered = record_outcomes(reader, tied, policy, terms.today)
        claims.note(claims_by_records(reader, altered, touched, last_seq))
        done += len(portion)
        progress("settled", done, count)
    count, done = claims.gather(), 0
    moved = Moved()
    for portion in claims.portions(PORTION):
        tied = reader.tied(portion)
        moved.add(resolve_reached(connection, Reach(claims.among(tied), tied), terms, work))
        work.pasts = Pasts()  # of no use to other groups, and there is no end of them
        done += len(portion)
        progress("resolved", done, count)
    return moved
