"""Keeping account of how sources' stances fared, and finding the claims that a changed record touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.settling import outcomes_of
from tracker.store import outcomes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from claims.past import Pasts
    from claims.policy import Policy
    from tracker.store.read import Reader


def record_outcomes(
    reader: Reader,
    tied: Collection[str],
    touched: Mapping[str, int],
    policy: Policy,
    as_of: date,
    last: int,
    pasts: Pasts | None = None,
) -> dict[str, int]:
    """Work out anew how stances fared on some whole tied groups, and keep it; what was resolved on
    the way is left in ``pasts``.

    Returns the claims that the sources concerned speak on, with the entry that changed a record.
    """
    heeded = policy.records is not None
    fresh = outcomes_of(reader.dossier(tied, closed=True), policy, as_of, pasts) if heeded else ()
    moved = outcomes.replace(reader.connection, tied, fresh)
    if not moved:
        return {}
    found: dict[str, int] = {}
    for source, claims in reader.claims_of_sources(moved).items():
        seq = max((touched[claim] for claim in moved[source] if claim in touched), default=last)
        for claim in claims:
            found[claim] = max(seq, found.get(claim, 0))
    return found
