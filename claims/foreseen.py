"""What is known of a tied group before it is resolved: days on which, and pieces without which, a claim of it
stands as before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.past import LARGE, Past
from claims.policy import RULE
from claims.resolve.verdict import STATUSES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Resolution
    from claims.resolve.track import Known
    from claims.vocabulary import Status

SLACK = 1e-6
"""So near to what would be noticed a likelihood is looked at by the resolver."""

FEW = 5
"""So few days, or sets of pieces, are resolved one by one: to have them all together takes longer."""


class Foreseen:
    """One tied group by one policy, on many days or without many of its pieces at once; the dossier must hold
    the group and nothing besides. It only tells what is certain: of all else one asks the resolver."""

    def __init__(self, dossier: Dossier, policy: Policy, known: Known | None = None) -> None:
        """``known`` is how sources fared; where it is not given, it is worked out from the dossier."""
        self.dossier = dossier
        self.past = Past(dossier, policy, known)
        cells = len(dossier.claims) * len(dossier.evidence)
        self.able = policy.rule == RULE and 0 < cells <= LARGE
        self.tries = self.able and not any(piece.relays for piece in dossier.evidence.values())
        self._keys = sorted(dossier.claims)
        self._days: dict[date, Mapping[str, tuple[Status, float]]] = {}
        self._stays: dict[tuple[date, tuple[str, ...]], Mapping[str, Status]] = {}

    def ask(self, days: Collection[date]) -> None:
        """Have some days looked at together, of which one then asks one by one."""
        fresh = sorted(set(days) - self._days.keys())
        if not self.able or len(fresh) <= FEW:
            return
        import numpy as np  # loaded with what resolves many days

        found = self.past.many.on(np.array([day.toordinal() for day in fresh], dtype=np.int64))
        columns = (found.status.T.tolist(), found.likelihood.T.tolist(), found.sure.tolist())
        for day, codes, likely, sure in zip(fresh, *columns, strict=True):
            stood = zip((STATUSES[code] for code in codes), likely, strict=True)
            self._days[day] = dict(zip(self._keys, stood, strict=True)) if sure else {}

    def is_unmoved(self, before: Resolution, day: date, least: float) -> bool:
        """Whether a claim has the status that it had before, and its likelihood changed by less."""
        found = self._days.get(day, {}).get(before.claim)
        if found is None or before.stale or self.dossier.claims[before.claim].is_state:
            return False
        status, likelihood = found
        return status == before.status and abs(likelihood - before.likelihood) < least - SLACK

    def turning(self, removals: Sequence[Sequence[str]], before: Resolution) -> list[Sequence[str]]:
        """Of some sets of pieces those without which the status of a claim may be another."""
        day = before.as_of
        fresh = [each for each in map(tuple, removals) if (day, each) not in self._stays]
        if not self.tries or len(removals) <= FEW:
            return list(removals)
        if fresh:
            found = self.past.many.without(day.toordinal(), fresh)
            for removal, codes, sure in zip(fresh, found.status.T.tolist(), found.sure.tolist(), strict=True):
                statuses = (STATUSES[code] for code in codes)
                self._stays[day, removal] = dict(zip(self._keys, statuses, strict=True)) if sure else {}
        return [each for each in removals if self._stays[day, tuple(each)].get(before.claim) != before.status]
