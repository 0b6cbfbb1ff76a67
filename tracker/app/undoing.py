"""Undo: nothing is ever deleted, so taking an act back is one more entry, the reverse of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.errors import Conflict, NotFound
from tracker.app.desk import Desk, need_reason
from tracker.app.recorded import ADOPTED, NAMED
from tracker.store import find, journal

if TYPE_CHECKING:
    from tracker.app.transaction import Transaction
    from tracker.journal.entry import Entry

_TOGGLED = {
    "case.recorded": "case.withdrawn",
    "claim.recorded": "claim.withdrawn",
    "source.registered": "source.withdrawn",
    "entity.registered": "entity.withdrawn",
    "question.recorded": "question.withdrawn",
    "document.recorded": "document.withdrawn",
    "assessment.made": "assessment.withdrawn",
    "case.withdrawn": "case.restored",
    "claim.withdrawn": "claim.restored",
    "source.withdrawn": "source.restored",
    "entity.withdrawn": "entity.restored",
    "question.withdrawn": "question.restored",
    "document.withdrawn": "document.restored",
    "assessment.withdrawn": "assessment.restored",
    "case.restored": "case.withdrawn",
    "claim.restored": "claim.withdrawn",
    "source.restored": "source.withdrawn",
    "entity.restored": "entity.withdrawn",
    "question.restored": "question.withdrawn",
    "document.restored": "document.withdrawn",
    "assessment.restored": "assessment.withdrawn",
}
_SWAPPED = (
    *("claim.revised", "source.revised", "entity.revised", "question.revised", "case.revised"),
    *("document.revised", "document.archived", "evidence.corrected"),
)


_WITHDRAWN = {
    "source.withdrawn": "sources",
    "document.withdrawn": "documents",
    "entity.withdrawn": "entities",
    "case.withdrawn": "cases",
    "question.withdrawn": "questions",
}
"""Acts that withdraw what others may rest on, and the records concerned."""


class UndoActs(Desk):
    """Taking back the newest act, or one entry by its number."""

    def undo(self, seq: int | None = None, *, reason: str) -> list[Entry]:
        """Take back one entry, or without a number the whole of the newest act.

        Raises :class:`Conflict` where something later was done to the same subject, so that
        taking the older act back would silently change the newer one.
        """
        with self.act() as act:
            targets = self._targets(act, seq)
            why = need_reason(reason)
            for entry in sorted(targets, key=lambda target: -target.seq):
                self._check_newest(act, entry, {target.seq for target in targets})
                undoing, payload = inverse(entry)
                self._check_unused(act, undoing, entry.subject)
                act.append(undoing, entry.subject, {**payload, "undoes": entry.seq}, why)
            return list(act.entries)

    def _targets(self, act: Transaction, seq: int | None) -> list[Entry]:
        if seq is not None:
            found = journal.read_entry(act.connection, seq)
            if found is None:
                raise NotFound(f"the journal has no entry {seq}", "see: tracker audit log")
            return [found]
        newest = journal.read_entries(act.connection, newest=1)
        if not newest:
            raise NotFound("the journal is empty: there is nothing to undo", "see: tracker audit log")
        whole = journal.read_batch(act.connection, newest[0].batch)
        # The policy that the program works by is not what a person did.
        return [entry for entry in whole if entry.act not in (ADOPTED, NAMED)]

    def _check_newest(self, act: Transaction, entry: Entry, among: set[int]) -> None:
        same = entry.act.split(".")[0]
        for seq, later in find.later_acts(act.connection, entry.subject, entry.seq):
            if seq not in among and later.split(".")[0] in (same, "link", "claims"):
                raise Conflict(
                    f"entry {seq} ({later}) has since changed {entry.subject}",
                    f"undo that first: tracker undo {seq} --reason …",
                )

    def _check_unused(self, act: Transaction, undoing: str, subject: str) -> None:
        """A record that others rest on cannot be withdrawn from under them."""
        user = find.user_of(act.connection, _WITHDRAWN.get(undoing, ""), subject)
        if user is not None:
            raise Conflict(f"{subject} is in use by {user}", "withdraw or revise what uses it first")


def inverse(entry: Entry) -> tuple[str, dict[str, Any]]:
    """The act and payload that take an entry back; raises :class:`Conflict` where nothing does."""
    payload = entry.payload
    if entry.act in _TOGGLED:
        return _TOGGLED[entry.act], {}
    if entry.act in _SWAPPED:
        act = "document.revised" if entry.act == "document.archived" else entry.act
        return act, {"set": payload["was"], "was": payload["set"]}
    if entry.act == "evidence.withdrawn":
        return "evidence.restored", {"was": {"how": payload["how"], "on": payload["on"]}}
    if entry.act == "evidence.restored":
        return "evidence.withdrawn", dict(payload["was"])
    if entry.act == "evidence.logged":
        return "evidence.withdrawn", {"how": "mistake", "on": None}
    if entry.act == "source.graded":
        return "source.graded", {"grade": payload["was"], "was": payload["grade"]}
    if entry.act == "claims.linked":
        return "link.resolved", {"state": "withdrawn", "was": "open"}
    if entry.act in ("link.resolved", "link.reopened"):
        act = "link.reopened" if payload["was"] == "open" else "link.resolved"
        return act, {**payload, "state": payload["was"], "was": payload["state"]}
    if entry.act == "entity.merged":
        return "entity.unmerged", {"from": payload["into"]}
    if entry.act == "entity.unmerged":
        return "entity.merged", {"into": payload["from"]}
    raise Conflict(
        f"entry {entry.seq} ({entry.act}) cannot be undone by itself",
        "record the present state instead, with a reason",
    )
