"""The claims that an act in bulk touched, resolved in portions, as one act would resolve them together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.app.resolving import Cause, StatusChange, record_statuses
from tracker.app.settling import record_outcomes
from tracker.journal.entry import moment
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


@dataclass(slots=True)
class Moved:
    """How many statuses changed, and the first of the changes."""

    count: int = 0
    listed: list[StatusChange] = field(default_factory=list)

    def add(self, changes: list[StatusChange]) -> None:
        """More changes."""
        self.count += len(changes)
        self.listed += changes[: max(0, LISTED - len(self.listed))]


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
    today = moment(recorded_at).date()
    count, done = claims.gather(everything), 0
    for portion in claims.portions(PORTION):
        tied = reader.tied(portion)
        touched = claims.among(tied)
        claims.note(record_outcomes(reader, tied, touched, policy, today, last_seq))
        done += len(portion)
        progress("settled", done, count)
    count, done = claims.gather(), 0
    moved = Moved()
    for portion in claims.portions(PORTION):
        cause = Cause(claims=claims.among(reader.tied(portion)))
        moved.add(record_statuses(connection, cause, policy, recorded_at, last_seq))
        done += len(portion)
        progress("resolved", done, count)
    return moved
