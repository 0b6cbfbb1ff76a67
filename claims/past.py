"""The past of a tied group: how its claims stood on a day, each day resolved once, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING

from claims import resolve
from claims.policy import RULE
from claims.resolve.accounts import days_looked_at
from claims.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.manydays import ManyDays
    from claims.resolve.resolution import Resolution
    from claims.resolve.stretches import Stretches
    from claims.resolve.track import Known


@dataclass(frozen=True, slots=True)
class Standing:
    """What is remembered of a claim on a day: its status, and whether anything was said that bore
    on it."""

    status: Status
    spoken_of: bool


FEW = 8
"""So few days are resolved one by one: to have them all together takes longer."""

PATIENCE = 4_000
"""Who asks something and will be gone has so many days, each times the claims and pieces of its group,
resolved one by one in all: to load what resolves them together takes longer."""

FEW_CASES = 2_000
"""The days on which records changed are gone through one by one, where they are of so few cases."""

LARGE = 1 << 22
"""The days of a group with more claims times pieces are resolved one by one too: many would be too wide."""

_STANDINGS = {
    (code, heard): Standing(status, heard) for code, status in enumerate(Status) for heard in (False, True)
}


class Patience:
    """How many days, times claims and pieces, are resolved one by one in any case, whatever their group."""

    def __init__(self, left: int = PATIENCE) -> None:
        self.left = left

    def take(self, work: int) -> bool:
        """Whether there is enough for some more, which is then taken off."""
        enough = work <= self.left
        self.left -= work * enough
        return enough


class Past:
    """The days of one tied group by one policy. The dossier must hold the group and nothing besides."""

    def __init__(
        self,
        dossier: Dossier,
        policy: Policy,
        known: Known | None = None,
        stretches: Callable[[], Stretches] | None = None,
        patience: Patience | None = None,
        know: Callable[[], Known] | None = None,
    ) -> None:
        """``known`` is how sources fared, or ``know`` finds it, and ``stretches`` those of the group; where
        they are not given, both are worked out from the dossier on first use."""
        self.dossier = dossier
        self.policy = policy
        self._known = known
        self._know = know or partial(known_from, dossier)
        self._stretches = stretches
        self._patience = patience or Patience(0)
        self.days: dict[date, Mapping[str, Standing]] = {}
        """The days that are known already."""

    def ask(self, days: Iterable[date]) -> None:
        """Have some days resolved together, which are then asked for one by one."""
        fresh = sorted({day for day in days if day not in self.days})
        cells = len(self.dossier.claims) * len(self.dossier.evidence)
        if len(fresh) <= FEW or cells > LARGE or self.policy.rule != RULE:
            return
        if self._patience.take(len(fresh) * (len(self.dossier.claims) + len(self.dossier.evidence))):
            return
        import numpy as np  # loaded with what resolves many days

        found = self.many.on(np.array([day.toordinal() for day in fresh], dtype=np.int64))
        keys = sorted(self.dossier.claims)
        statuses, spoken = found.status.T.tolist(), found.spoken.T.tolist()
        for day, codes, heard, sure in zip(fresh, statuses, spoken, found.sure.tolist(), strict=True):
            if sure:
                stood = map(_STANDINGS.__getitem__, zip(codes, heard, strict=True))
                self.days[day] = dict(zip(keys, stood, strict=True))

    @cached_property
    def many(self) -> ManyDays:
        """The group on many days at once."""
        from claims.resolve.manydays import ManyDays
        from claims.resolve.stretches import Stretches

        stretches = self._stretches() if self._stretches else Stretches(self.dossier, self.policy)
        heeds = self.policy.records is not None and bool(self.dossier.accounts)
        return ManyDays(stretches, self.policy, self.known if heeds else None)

    @cached_property
    def known(self) -> Known:
        """How the sources that speak on the group fared on settled claims."""
        return self._known if self._known is not None else self._know()

    def days_of_records(self, after: date, until: date) -> list[date]:
        """The days, after one and up to another, on which the records of sources are looked at again."""
        accounts = self.dossier.accounts
        if self.policy.records is None or not accounts:
            return []
        if self._known is None and sum(account.count for account in accounts.values()) <= FEW_CASES:
            changes = (account.changes_but_for(self.dossier.claims) for account in accounts.values())
            return [date.fromisoformat(day) for day in days_looked_at(changes, after, until)]
        from claims.resolve.track import days_looked_at_by

        span = (after.toordinal(), until.toordinal())
        return list(map(date.fromordinal, days_looked_at_by(self.known, accounts, self.dossier.claims, span)))

    def on(self, day: date) -> Mapping[str, Standing]:
        """How each claim of the group stood on a day."""
        if day not in self.days:
            found = resolve.resolve(self.dossier, self.policy, day)
            self.days[day] = {key: standing_of(one) for key, one in found.items()}
        return self.days[day]


class Pasts:
    """The pasts of some groups, as long as nothing but the track records of sources changes.

    Who asks with track records and who asks without share the days of a group whose sources have
    none from outside it: what was settled within a group never bears on that group.
    """

    def __init__(self, patience: Patience | None = None, know: Callable[[], Known] | None = None) -> None:
        """``know`` finds how the sources that speak on any of these groups fared, where that is needed."""
        self._patience = patience
        self._know = know
        self._known: dict[tuple[frozenset[str], str, bool], Past] = {}
        self._stretches: dict[tuple[frozenset[str], str], Stretches] = {}
        self.known: Known | None = None
        """How the sources that speak on any of these groups fared, where that is at hand already."""

    def of(self, dossier: Dossier, policy: Policy) -> Past:
        """The past of one tied group by a policy; the dossier must hold the group and nothing besides."""
        heeded = policy.records is not None and _has_outside_records(dossier)
        slot = (frozenset(dossier.claims), policy.label, heeded)
        if slot not in self._known:
            known = self.known if heeded else None
            stretches = partial(self._of, dossier, policy)
            know = self._know if heeded else None
            self._known[slot] = Past(dossier, policy, known, stretches, self._patience, know)
        return self._known[slot]

    def _of(self, dossier: Dossier, policy: Policy) -> Stretches:
        """The stretches of a group: they do not rest on records, and serve those who heed them as others."""
        from claims.resolve.stretches import Stretches

        slot = (frozenset(dossier.claims), policy.label)
        if slot not in self._stretches:
            self._stretches[slot] = Stretches(dossier, policy)
        return self._stretches[slot]


def known_from(dossier: Dossier) -> Known:
    """How the sources that speak on the claims of a dossier fared, as columns."""
    from claims.resolve.counted import CountedAccounts
    from claims.resolve.courses import courses_of
    from claims.resolve.plain import KINDS

    if isinstance(dossier.accounts, CountedAccounts):
        return dossier.accounts.cases
    return courses_of(dossier.accounts, KINDS, {KINDS.index(claim.kind) for claim in dossier.claims.values()})


def standing_of(resolution: Resolution) -> Standing:
    """What is remembered of what a policy says of a claim on a day."""
    return Standing(resolution.status, is_spoken_of(resolution))


def is_spoken_of(resolution: Resolution) -> bool:
    """Whether anything was said by then that bears on a claim, be it taken back since."""
    told = resolution.status in (Status.RETRACTED, Status.SUPERSEDED)
    return bool(resolution.contributions or resolution.effects) or told


def _has_outside_records(dossier: Dossier) -> bool:
    """Whether some source has cases among claims that are not of the dossier."""
    return any(account.has_others_than(dossier.claims) for account in dossier.accounts.values())
