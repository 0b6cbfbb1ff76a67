"""How claims changed, what would flip them, and what if a source were wrong: plain claims many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims import history as histories
from claims import resolve
from claims.foreseen import Foreseen
from claims.resolve.explaining import resolved_without
from tracker.app.plainly import Work, plain_facts, track_of
from tracker.app.timelines import as_step
from tracker.report.models import Step

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from claims.history import LookedAt
    from claims.plainpast import Course, Turn
    from claims.policy import Policy
    from claims.resolve import Dossier, Flip, Resolution
    from claims.resolve.explaining import IfWrong
    from claims.resolve.plaintable import PlainTable
    from claims.resolve.track import Known, Track
    from tracker.app.view import View

FEW = 8
"""So few claims are told one by one: to have them all together takes longer."""


@dataclass(frozen=True, slots=True)
class Unfolded:
    """How a claim changed by what was published, on how many days that was looked at, and what would
    change it."""

    steps: tuple[Step, ...]
    looked_at: LookedAt
    flips: tuple[Flip, ...]
    if_wrong: tuple[IfWrong, ...]


def unfold(
    view: View,
    parts: Mapping[str, Dossier],
    resolutions: Mapping[str, Resolution],
    work: Work | None = None,
) -> dict[str, Unfolded]:
    """The same of some claims, by key, each given with the dossier of its tied group."""
    found = _plain(view, parts, resolutions, work or Work()) if len(parts) > FEW else {}
    remembered: dict[frozenset[str], Remembered] = {}
    for key, part in parts.items():
        if key not in found:
            group = remembered.setdefault(frozenset(part.claims), Remembered(part))
            found[key] = _one(view, part, key, group)
    return found


class Remembered:
    """What the resolver said of one tied group, on days and without some of its evidence: each claim of the
    group asks much of the same."""

    def __init__(self, group: Dossier, known: Known | None = None) -> None:
        """``known`` is how sources fared, where that is at hand."""
        self._group = group
        self._fared = known
        self._foreseen: dict[str, Foreseen] = {}
        self._known: dict[tuple[str, date, frozenset[str]], Mapping[str, Resolution]] = {}

    def foreseen(self, policy: Policy) -> Foreseen:
        """What is known by a policy before it is resolved."""
        if policy.label not in self._foreseen:
            self._foreseen[policy.label] = Foreseen(self._group, policy, self._fared)
        return self._foreseen[policy.label]

    def on(self, group: Dossier, policy: Policy, day: date) -> Mapping[str, Resolution]:
        """The group on a day."""
        return self.without(group, policy, day, ())

    def without(
        self, group: Dossier, policy: Policy, day: date, removal: Collection[str]
    ) -> Mapping[str, Resolution]:
        """The group on a day, without some of its evidence."""
        slot = (policy.label, day, frozenset(removal))
        if slot not in self._known:
            self._known[slot] = resolved_without(group, policy, day, removal)
        return self._known[slot]


def _one(view: View, part: Dossier, key: str, known: Remembered) -> Unfolded:
    policy, day = view.choice.policy(part.claims[key], part.cases), view.as_of
    foreseen = known.foreseen(policy)
    return Unfolded(
        steps=tuple(map(as_step, histories.history(part, policy, key, day, known.on, foreseen))),
        looked_at=histories.looked_at(part, policy, key, day),
        flips=tuple(resolve.flips(part, policy, day, key, known.without, foreseen.turning)),
        if_wrong=tuple(resolve.if_wrong(part, policy, day, key, known.without)),
    )


def _plain(
    view: View, parts: Mapping[str, Dossier], resolutions: Mapping[str, Resolution], work: Work
) -> dict[str, Unfolded]:
    """Those that nothing ties, together, by columns."""
    from claims.plainpast import courses_of_plain, doubts_of_plain

    connection, policy = view.reader.connection, view.choice.own
    if view.choice.everywhere:
        return {}
    alone = [key for key, part in parts.items() if len(part.claims) == 1]
    facts = plain_facts(connection, alone, policy, work)
    if facts is None or not len(facts.claims):
        return {}

    def tracks(table: PlainTable) -> Track | None:
        return track_of(connection, table, policy, work)

    stands = {key: (resolutions[key].status, resolutions[key].likelihood) for key in facts.claims}
    courses = courses_of_plain(facts, policy, view.as_of, tracks)
    doubts = doubts_of_plain(facts, policy, view.as_of, tracks, stands)
    return {
        key: Unfolded(_steps(courses[key]), courses[key].looked_at, doubts[key].flips, doubts[key].if_wrong)
        for key in doubts
    }


def _steps(course: Course) -> tuple[Step, ...]:
    return tuple(map(step_of, course.turns))


def step_of(turn: Turn) -> Step:
    """A change of a plain claim, as it is told."""
    return Step(
        at=turn.at.isoformat(),
        status=turn.status,
        likelihood=turn.likelihood,
        because=turn.because,
        was=turn.was,
        stale=turn.stale,
    )
