"""Undo: nothing is ever deleted, so taking an act back is one more entry, the reverse of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.errors import Conflict, NotFound
from tracker.app.approving import check_second_person
from tracker.app.desk import Desk, need_reason
from tracker.app.recorded import ADOPTED, NAMED
from tracker.journal.redaction import ACT
from tracker.store import find, journal

if TYPE_CHECKING:
    from collections.abc import Sequence

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
"""Acts that only say that something stands or does not, and their reverse."""

_OF_PUBLICATIONS = {
    "claim.published": "publication.withdrawn",
    "publication.withdrawn": "publication.restored",
    "publication.restored": "publication.withdrawn",
}
_OF_EVIDENCE = {
    "evidence.logged": "evidence.withdrawn",
    "evidence.withdrawn": "evidence.restored",
    "evidence.restored": "evidence.withdrawn",
}
_SWAPPED = (
    *("claim.revised", "source.revised", "entity.revised", "question.revised", "case.revised"),
    *("document.revised", "document.archived", "evidence.corrected"),
)

_DECIDING = ("assessment.approved", "assessment.rejected", "assessment.reopened")

_WITHDRAWN = {
    "source.withdrawn": "sources",
    "document.withdrawn": "documents",
    "entity.withdrawn": "entities",
    "case.withdrawn": "cases",
    "question.withdrawn": "questions",
}
"""Acts that withdraw what others may rest on, and the records concerned."""

_RESTORED = {
    "claim.restored": "claims",
    "evidence.restored": "evidence",
    "document.restored": "documents",
}
"""Acts that bring back what rests on others, and the records concerned."""

_ANY_FAMILY = ("link", "claims")


class UndoActs(Desk):
    """Taking back the newest act, or one entry by its number."""

    def undo(self, seq: int | None = None, *, reason: str, whole: bool = False) -> list[Entry]:
        """Take back one entry, or without a number the whole of the newest act; with ``whole`` the
        whole act that the entry belongs to. What is done is an act like any other: it can be undone.

        Raises :class:`Conflict` where something later was done to the same subject, so that
        taking the older act back would silently change the newer one; where it was undone already;
        and for a redaction, which cannot be undone.
        """
        with self.act() as act:
            targets = self._targets(act, seq, whole=whole)
            why = need_reason(reason)
            for entry in sorted(targets, key=lambda target: -target.seq):
                self._check_newest(act, entry, {target.seq for target in targets})
                undoing, payload = inverse(entry)
                self._check_unused(act, undoing, entry.subject)
                if undoing == "assessment.approved":
                    check_second_person(act.connection, entry.subject, self.author)
                if undoing == "entity.merged":
                    _check_no_circle(act, entry.subject, payload["into"])
                act.append(undoing, entry.subject, {**payload, "undoes": entry.seq}, why)
            return list(act.entries)

    def _targets(self, act: Transaction, seq: int | None, *, whole: bool) -> list[Entry]:
        if seq is not None:
            found = journal.read_entry(act.connection, seq)
            if found is None:
                raise NotFound(f"the journal has no entry {seq}", "see: tracker audit log")
            if not whole:
                return [found]
            batch = found.batch
        else:
            newest = journal.read_entries(act.connection, newest=1)
            if not newest:
                raise NotFound("the journal is empty: there is nothing to undo", "see: tracker audit log")
            batch = newest[0].batch
        # The policy that the program works by is not what a person did.
        whole_act = journal.read_batch(act.connection, batch)
        return [each for each in whole_act if each.act not in (ADOPTED, NAMED)]

    def _check_newest(self, act: Transaction, entry: Entry, among: set[int]) -> None:
        same = _family(entry)
        later = [
            each
            for each in journal.read_entries(act.connection, subjects=[entry.subject])
            if each.seq > entry.seq and each.seq not in among and _family(each) in (same, *_ANY_FAMILY)
        ]
        for each in in_force(later):
            if each.payload.get("undoes") == entry.seq:
                raise Conflict(
                    f"entry {entry.seq} was undone already, by entry {each.seq}",
                    f"to take that back: tracker undo {each.seq} --reason …",
                )
            raise Conflict(
                f"entry {each.seq} ({each.act}) has since changed {entry.subject}",
                f"undo that first: tracker undo {each.seq} --reason …",
            )

    def _check_unused(self, act: Transaction, undoing: str, subject: str) -> None:
        """A record that others rest on cannot be withdrawn from under them, nor one brought back whose
        own ground was withdrawn."""
        user = find.user_of(act.connection, _WITHDRAWN.get(undoing, ""), subject)
        if user is not None:
            raise Conflict(f"{subject} is in use by {user}", "withdraw or revise what uses it first")
        ground = find.withdrawn_under(act.connection, _RESTORED.get(undoing, ""), subject)
        if ground is not None:
            raise Conflict(
                f"{subject} rests on {ground}, which is withdrawn",
                f"bring that back first: tracker restore {ground} --reason …",
            )


def _check_no_circle(act: Transaction, entity: str, into: str) -> None:
    """Refuse to merge an entity again into one that was merged into it meanwhile."""
    key: str | None = into
    while key is not None:
        if key == entity:
            raise Conflict(
                f"{into} has since been merged into {entity}",
                f"undo that first: tracker entity unmerge {into} --reason …",
            )
        key = act.reader.entities([key])[key].merged_into


def _family(entry: Entry) -> str:
    """What an entry changes of its subject: entries of one family follow on each other."""
    if entry.act in _OF_PUBLICATIONS:
        return f"publication {entry.payload.get('publication', entry.seq)}"
    return entry.act.split(".")[0]


def in_force(entries: Sequence[Entry]) -> list[Entry]:
    """Entries, the oldest first, without those that one of them undid, and without that undoing."""
    undone: dict[int, int] = {}
    for entry in reversed(entries):
        target = entry.payload.get("undoes")
        if entry.seq not in undone and target is not None:
            undone[target] = entry.seq
    there = {entry.seq for entry in entries}
    idle = {by for target, by in undone.items() if target in there}
    return [entry for entry in entries if entry.seq not in undone and entry.seq not in idle]


def inverse(entry: Entry) -> tuple[str, dict[str, Any]]:
    """The act and payload that take an entry back; raises :class:`Conflict` where nothing does."""
    payload = entry.payload
    if entry.act in _OF_PUBLICATIONS:
        return _OF_PUBLICATIONS[entry.act], {"publication": payload.get("publication", entry.seq)}
    if entry.act in _TOGGLED:
        return _TOGGLED[entry.act], {}
    if entry.act in _SWAPPED:
        act = "document.revised" if entry.act == "document.archived" else entry.act
        return act, {"set": payload["was"], "was": payload["set"]}
    if entry.act in _OF_EVIDENCE:
        return _OF_EVIDENCE[entry.act], _how_withdrawn(entry)
    if entry.act == "source.graded":
        return "source.graded", {"grade": payload["was"], "was": payload["grade"]}
    if entry.act == "claims.linked":
        return "link.resolved", {"state": "withdrawn", "was": "open"}
    if entry.act in _DECIDING:
        decided = payload.get("was")
        return (f"assessment.{decided}", {}) if decided else ("assessment.reopened", {"was": _done(entry)})
    if entry.act in ("link.resolved", "link.reopened"):
        act = "link.reopened" if payload["was"] == "open" else "link.resolved"
        return act, {**payload, "state": payload["was"], "was": payload["state"]}
    if entry.act == "entity.merged":
        return "entity.unmerged", {"from": payload["into"]}
    if entry.act == "entity.unmerged":
        return "entity.merged", {"into": payload["from"]}
    if entry.act == ACT:
        raise Conflict(
            f"entry {entry.seq} is a redaction: what it took out is gone for ever",
            "record it anew, if it may be recorded",
        )
    raise Conflict(
        f"entry {entry.seq} ({entry.act}) cannot be undone by itself",
        "record the present state instead, with a reason",
    )


def _done(entry: Entry) -> str:
    return entry.act.partition(".")[2]


def _how_withdrawn(entry: Entry) -> dict[str, Any]:
    """The payload that takes back what an entry said of whether evidence stands."""
    if entry.act == "evidence.withdrawn":
        return {"was": {"how": entry.payload["how"], "on": entry.payload["on"]}}
    if entry.act == "evidence.restored":
        return dict(entry.payload["was"])
    return {"how": "mistake", "on": None}
