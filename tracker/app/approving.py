"""A second person: assessments that wait for one are approved or rejected, by somebody else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from claims.errors import Ambiguous, Conflict, NotFound
from claims.names import fold
from claims.vocabulary import AssessmentState
from tracker.app.desk import need_reason
from tracker.app.judged import Looking
from tracker.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from claims.model import Assessment, Claim
    from tracker.app.lookup import Lookup
    from tracker.journal.entry import Entry
    from tracker.store.database import Connection
    from tracker.store.read import Reader


_COMMANDS = {AssessmentState.APPROVED: "approve", AssessmentState.REJECTED: "reject"}


def needs_approval(reader: Reader, claim: Claim) -> bool:
    """Whether what somebody makes of a claim now needs a second person: its case says so."""
    return claim.case is not None and reader.cases([claim.case])[claim.case].needs_approval


def waiting_here(reader: Reader, verdict: Mapping[str, Any]) -> dict[str, Any]:
    """What is added to a verdict from elsewhere, on a claim of ours: that it is proposed, where the case of
    the claim needs a second person."""
    claim = reader.claims([verdict["claim"]]).get(verdict["claim"])
    return {"proposed": True} if claim is not None and needs_approval(reader, claim) else {}


def proposers(connection: Connection, key: str) -> set[str]:
    """Who must not approve an assessment: whoever recorded it, and whose verdict it is."""
    made = _made(connection, key)
    return {name for entry in made for name in (entry.author, entry.payload.get("by")) if name}


def _made(connection: Connection, key: str) -> list[Entry]:
    """The entry by which an assessment was made."""
    return journal.read_entries(connection, subjects=[key], act="assessment.made")


def check_second_person(connection: Connection, key: str, author: str) -> None:
    """Refuse that somebody approves what is their own, in whatever case and letters they write their
    name; raises :class:`Conflict`."""
    if fold(author) in {fold(name) for name in proposers(connection, key)}:
        raise Conflict(
            f"{key} is by {author}: a second person must approve it",
            f"ask somebody else; to take it back: tracker withdraw {key} --mistake --reason …",
        )


class ApprovalActs(Looking):
    """Approving and rejecting what others propose."""

    def approve(self, assessment: str, *, reason: str = "", seen: int | str | None = None) -> Assessment:
        """Put a proposed assessment in force from now on. It is named by its key, or by its claim where no
        other on that waits.

        Raises :class:`NotFound` and :class:`Ambiguous`; :class:`Conflict` for whoever proposed it, and
        where it does not wait; :class:`JudgedMeanwhile` where somebody judged the claim after it was
        proposed, and this author has not looked since (``seen`` as for :meth:`assess`).
        """
        return self._decide(assessment, AssessmentState.APPROVED, reason, seen)

    def reject(self, assessment: str, *, reason: str, seen: int | str | None = None) -> Assessment:
        """Say that a proposed assessment is not to be in force, and why. Named, refused and stopped as for
        :meth:`approve`."""
        return self._decide(assessment, AssessmentState.REJECTED, need_reason(reason), seen)

    def _decide(self, text: str, state: AssessmentState, reason: str, seen: int | str | None) -> Assessment:
        with self.act() as act, self.lookup() as look:
            found = _waiting_one(look, text)
            proposed = max(entry.seq for entry in _made(act.connection, found.key))
            option = f"tracker {_COMMANDS[state]} {found.key}"
            self.check_seen(act, found.claim, seen, option, since=proposed)
            check_second_person(act.connection, found.key, self.author)
            act.append(f"assessment.{state}", found.key, {}, reason)
            return replace(
                found, state=state, decided_by=self.author, decided_on=self.today, decided_reason=reason
            )


def _waiting_one(look: Lookup, text: str) -> Assessment:
    """The assessment that is named, which must wait."""
    claim = look.claim_or_none(text)
    if claim is not None:
        return _only_one(look, claim)
    key = look.key("assessments", text, "assessment", "tracker review")
    about = look.reader.claims_of_assessments([key])[key]
    found = next(each for each in look.reader.assessments_of([about])[about] if each.key == key)
    if found.withdrawn:
        raise Conflict(f"{key} was withdrawn", f"see: tracker audit log {key}")
    if found.state is AssessmentState.MADE:
        raise Conflict(f"{key} needed nobody's approval: it is in force", f"see: tracker audit log {key}")
    if found.state is not AssessmentState.PROPOSED:
        raise Conflict(
            f"{key} was {found.state} by {found.decided_by} on {found.decided_on}",
            f"see: tracker audit log {key}",
        )
    return found


def _only_one(look: Lookup, claim: Claim) -> Assessment:
    waiting = waiting_among(look.reader.assessments_of([claim.key]).get(claim.key, []))
    if not waiting:
        raise NotFound(f"nothing on {claim.key} waits for approval", "see what waits: tracker review")
    if len(waiting) > 1:
        keys = ", ".join(each.key for each in waiting)
        raise Ambiguous(f"several assessments of {claim.key} wait for approval", f"name one: {keys}")
    return waiting[0]


def waiting_among(found: Iterable[Assessment]) -> list[Assessment]:
    """Those of some assessments that wait for a second person."""
    return [each for each in found if each.state is AssessmentState.PROPOSED and not each.withdrawn]
