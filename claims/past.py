"""The past of a tied group: how its claims stood on a day, each day resolved once, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims import resolve
from claims.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Resolution


@dataclass(frozen=True, slots=True)
class Standing:
    """What is remembered of a claim on a day: its status, and whether anything was said that bore
    on it."""

    status: Status
    spoken_of: bool


class Past:
    """The days of one tied group by one policy. The dossier must hold the group and nothing besides."""

    def __init__(self, dossier: Dossier, policy: Policy) -> None:
        self.dossier = dossier
        self.policy = policy
        self._days: dict[date, Mapping[str, Standing]] = {}

    def on(self, day: date) -> Mapping[str, Standing]:
        """How each claim of the group stood on a day."""
        if day not in self._days:
            found = resolve.resolve(self.dossier, self.policy, day)
            self._days[day] = {key: standing_of(one) for key, one in found.items()}
        return self._days[day]


class Pasts:
    """The pasts of some groups, as long as nothing but the track records of sources changes.

    Who asks with track records and who asks without share the days of a group whose sources have
    none from outside it: what was settled within a group never bears on that group.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[frozenset[str], str, bool], Past] = {}

    def of(self, dossier: Dossier, policy: Policy) -> Past:
        """The past of one tied group by a policy; the dossier must hold the group and nothing besides."""
        heeded = policy.records is not None and _has_outside_records(dossier)
        slot = (frozenset(dossier.claims), policy.label, heeded)
        if slot not in self._known:
            self._known[slot] = Past(dossier, policy)
        return self._known[slot]


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
