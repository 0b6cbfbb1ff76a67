"""The read model of a page about one claim: everything on it, why, how it came so, and the journal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claims.history import LookedAt
    from claims.model import Claim, Evidence
    from tracker.journal.entry import Entry
    from tracker.report.models import Dossiered, Explanation, Step
    from tracker.report.pictures import Revisions
    from tracker.report.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class InFull:
    """All that is known of one claim.

    ``steps`` is its history by the clock of publication, resting on the days that ``looked_at`` tells of, and
    ``pieces`` what these name, by key; ``others`` are the claims that it is tied or linked to, or answers a
    question beside, by key; ``sources`` the names of all who are heard on any of them; ``entries`` what the
    journal has on it, oldest first; ``recorded`` its history by the clock of recording, which is told of the
    present alone: as of a day that was asked for it is empty. ``revised`` is how a count was
    revised that this claim and others give, to one question. ``undecided`` are the keys of verdicts that wait
    for a second person, or that one has rejected.
    """

    dossier: Dossiered
    explanation: Explanation
    steps: tuple[Step, ...]
    looked_at: LookedAt
    pieces: Mapping[str, Evidence] = field(default_factory=dict)
    others: Mapping[str, Standing] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    recorded: tuple[Step, ...] = ()
    revised: Revisions | None = None
    undecided: frozenset[str] = frozenset()

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return self.dossier.standing

    @property
    def claim(self) -> Claim:
        """What it says."""
        return self.dossier.standing.claim

    def for_readers(self) -> InFull:
        """The same without what is not to be published: verdicts that a second person has not approved, and
        which sources are suspected of copying."""
        standing = _published(self.standing)
        made = tuple(each for each in self.dossier.assessments if each.key not in self.undecided)
        return replace(
            self,
            dossier=replace(self.dossier, standing=standing, assessments=made),
            explanation=replace(self.explanation, standing=standing, suspicions=()),
            others={key: _published(it) for key, it in self.others.items()},
            revised=self.revised and _revised(self.revised),
            entries=tuple(entry for entry in self.entries if entry.subject not in self.undecided),
        )


def _published(it: Standing) -> Standing:
    return replace(it, waiting=(), explain=None)


def _revised(it: Revisions) -> Revisions:
    counts = tuple(replace(each, standing=_published(each.standing)) for each in it.counts)
    return replace(it, counts=counts)
