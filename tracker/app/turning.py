"""Changes of status across claims by the days on which evidence came out: those of one page, without the
history of every claim.

Plain claims are looked at together, by columns; those that are tied group by group, those first that
something happened to first, until nothing more can come onto the page. In a small tracker all claims go
that way, and no arrays are loaded.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from claims import history as histories
from claims.past import known_from
from claims.resolve.dossier import split
from tracker.app.plainly import Work, track_of
from tracker.app.resolving import portions
from tracker.app.timelines import as_step
from tracker.app.unfolding import Remembered, step_of
from tracker.app.view import FEW_CLAIMS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from claims.foreseen import Foreseen
    from claims.policy import Policy
    from claims.resolve import Dossier
    from claims.resolve.plaintable import PlainTable
    from claims.resolve.track import Known, Track
    from tracker.app.view import View
    from tracker.report.models import Step

    Place = tuple[str, str]


def published_moves(view: View, begin: Place, limit: int | None) -> list[Step]:
    """The changes of status after a place, a day and a claim, by day and claim; at most so many. As they are
    told in the histories of the claims; those that were withdrawn have none."""
    claims, page, work = view.reader.claim_keys(), _Page(view.as_of, begin, limit), Work()
    by_columns = len(claims) > FEW_CLAIMS
    for portion in portions(view.reader, claims):
        rest = set(portion)
        if by_columns:
            rest -= _add_plain(view, portion, page, work)
        if rest:
            _add_tied(view, rest, page, by_columns=by_columns)
    return page.steps


class _Page:
    """The first changes of status after a place and up to a day, of those that were found so far."""

    def __init__(self, until: date, begin: Place, limit: int | None) -> None:
        self._until = until
        self.begin = begin
        self.limit = limit
        self.steps: list[Step] = []

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day of what may still come onto the page."""
        full = self.steps and len(self.steps) == self.limit
        last = date.fromisoformat(self.steps[-1].at) if full else self._until
        return date.fromisoformat(self.begin[0]), last

    def add(self, steps: Iterable[Step]) -> None:
        """Take in those of some changes that are of status, and come onto the page."""
        found = [step for step in steps if step.was != step.status and _place(step) > self.begin]
        if found:
            self.steps = sorted([*self.steps, *found], key=_place)[: self.limit]


def _place(step: Step) -> Place:
    return step.at, step.claim or ""


# --- plain claims -----------------------------------------------------------------------------


def _add_plain(view: View, claims: Collection[str], page: _Page, work: Work) -> set[str]:
    """Take in the changes of the plain ones among some whole tied groups; which these are."""
    from claims.plainpast import Stretch, moves_of_plain
    from claims.resolve.plain import is_for_columns
    from tracker.store.plain import read_plain

    connection, policy = view.reader.connection, view.choice.own
    if not is_for_columns(policy):
        return set()
    facts = read_plain(connection, claims, policy)

    def tracks(table: PlainTable) -> Track | None:
        return track_of(connection, table, policy, work)

    first, last = page.span
    moves = moves_of_plain(facts, policy, Stretch(first, page.begin[1], last, page.limit), tracks)
    page.add(replace(step_of(turn), claim=key) for key, turn in moves)
    return set(facts.claims)


# --- tied claims ------------------------------------------------------------------------------


def _add_tied(view: View, claims: Collection[str], page: _Page, *, by_columns: bool) -> None:
    """Take in the changes of some whole tied groups, as long as any may come onto the page."""
    dossier = view.reader.dossier(claims, closed=True)
    known = known_from(dossier) if by_columns else None
    groups = [_Group(view, part, known) for part in split(dossier)]
    begun = [(day, at) for at, group in enumerate(groups) if (day := group.first_event(page.span))]
    for day, at in sorted(begun):
        if day > page.span[1]:
            break
        groups[at].add_to(page)


class _Group:
    """A tied group, each day of which is resolved once for all of its claims. ``known`` is how sources fared,
    where arrays are to be used."""

    def __init__(self, view: View, part: Dossier, known: Known | None) -> None:
        self._part = part
        self._until = view.as_of
        self._policies = {key: view.choice.policy(claim, part.cases) for key, claim in part.claims.items()}
        self._remembered = Remembered(part, known)
        self._by_columns = known is not None

    def _foreseen(self, policy: Policy) -> Foreseen | None:
        return self._remembered.foreseen(policy) if self._by_columns else None

    def first_event(self, span: tuple[date, date]) -> date | None:
        """The first day of a span on which any claim of the group may have been moved."""
        policies = {policy.label: policy for policy in self._policies.values()}
        days = [
            histories.first_event(self._part, policy, span, self._foreseen(policy))
            for policy in policies.values()
        ]
        return min((day for day in days if day is not None), default=None)

    def add_to(self, page: _Page) -> None:
        """Take in the changes of the claims of the group."""
        for key, policy in self._policies.items():
            told = (self._remembered.on, self._foreseen(policy), page.span)
            changes = histories.history(self._part, policy, key, self._until, *told)
            page.add(replace(as_step(change), claim=key) for change in changes)
