"""Keeping account of how sources' stances fared, and finding the claims that a changed record touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.past import Pasts, Patience
from claims.resolve.records import fared
from claims.settling import outcomes_of
from tracker.app.plainly import FEW, Work, plain_facts, plain_outcomes
from tracker.store import outcomes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.records import Fared
    from tracker.store.read import Reader


def record_outcomes(
    reader: Reader, tied: Collection[str], policy: Policy, as_of: date, work: Work | None = None
) -> dict[str, set[str]]:
    """Work out anew how stances fared on some whole tied groups, and keep it; what was read and resolved
    on the way is left in ``work``.

    Returns the sources whose records changed by it, each with the claims that changed them.
    """
    work = work or Work()
    fresh = list["Fared"]() if policy.records is None else _fared(reader, tied, policy, as_of, work)
    moved = outcomes.replace(reader.connection, tied, fresh)
    work.kept = (frozenset(tied), fresh) if len(tied) <= FEW else None
    if work.known is not None:
        work.known.forget_sources(moved)
    return moved


def record_few_outcomes(reader: Reader, claims: Collection[str], policy: Policy, as_of: date) -> None:
    """The same for all claims of a tracker of few, by who asks something and will be gone: without what
    makes it quick for many, and takes longer to load."""
    fresh = [] if policy.records is None else _by_dossier(reader, claims, policy, as_of, Pasts(Patience()))
    outcomes.replace(reader.connection, claims, fresh)


def _fared(reader: Reader, tied: Collection[str], policy: Policy, as_of: date, work: Work) -> list[Fared]:
    """How stances fare on some whole tied groups."""
    rest, fresh = set(tied), list["Fared"]()
    if facts := plain_facts(reader.connection, tied, policy, work):
        rest.difference_update(facts.claims)
        fresh += plain_outcomes(facts, policy, as_of, work)
    return fresh + _by_dossier(reader, rest, policy, as_of, work.pasts) if rest else fresh


def _by_dossier(
    reader: Reader, claims: Collection[str], policy: Policy, as_of: date, pasts: Pasts
) -> list[Fared]:
    from claims.resolve.accounts import Accounts

    # What settles a claim rests on no record: none is read.
    dossier = reader.dossier(claims, closed=True, accounts=Accounts())
    return list(map(fared, outcomes_of(dossier, policy, as_of, pasts)))


def claims_by_records(
    reader: Reader, moved: Mapping[str, Collection[str]], touched: Mapping[str, int], last: int
) -> dict[str, int]:
    """The claims that the sources with changed records speak on, with the entry that changed one: the
    last that touched a claim by which it changed, else the ``last`` of the act."""
    found: dict[str, int] = {}
    for source, claims in reader.claims_of_sources(moved).items():
        seq = max((touched[claim] for claim in moved[source] if claim in touched), default=last)
        for claim in claims:
            found[claim] = max(seq, found.get(claim, 0))
    return found
