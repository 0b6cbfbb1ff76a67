"""Withdrawing any record as our own mistake, and bringing it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.errors import Conflict
from claims.vocabulary import LinkState
from tracker.app.desk import need_reason
from tracker.app.records import find_record
from tracker.app.undoing import UndoActs, inverse
from tracker.store import journal

if TYPE_CHECKING:
    from tracker.app.transaction import Transaction
    from tracker.journal.entry import Entry
    from tracker.store.read import Reader


class WithdrawalActs(UndoActs):
    """Withdrawing and restoring records of every kind by their keys."""

    def record_named(self, key: str, what: str | None = None) -> tuple[str, str]:
        """What a key names ("claim", "evidence", "source" and so on), and the whole key. ``what`` says
        which is meant where several have it. Raises :class:`NotFound` and :class:`Ambiguous`."""
        with self.reading() as reader:
            return find_record(reader.connection, key, what)

    def withdraw_record(self, key: str, *, what: str | None = None, reason: str) -> Entry:
        """Withdraw a record that was made by mistake: claim, source, entity, document, question,
        case, assessment, link, or evidence. It stays in the journal, and can be restored.

        Raises :class:`Conflict` where it is withdrawn already, and where others rest on it.
        """
        with self.act() as act:
            kind, subject = find_record(act.connection, key, what)
            if _is_withdrawn(act.reader, kind, subject):
                raise Conflict(
                    f"the {kind} {subject} is withdrawn already",
                    f"bring it back with: tracker restore {subject} --reason …",
                )
            name, payload = _withdrawal(act.reader, kind, subject)
            self._check_unused(act, name, subject)
            return act.append(name, subject, payload, need_reason(reason))

    def restore(self, key: str, *, what: str | None = None, reason: str) -> Entry:
        """Bring back a record that was withdrawn: by us, or, of evidence, by its source.

        Raises :class:`Conflict` where it stands, and where what it rests on is itself withdrawn.
        """
        with self.act() as act:
            kind, subject = find_record(act.connection, key, what)
            if not _is_withdrawn(act.reader, kind, subject):
                raise Conflict(
                    f"the {kind} {subject} stands: it is not withdrawn", f"see: tracker audit log {subject}"
                )
            withdrawn = _by_what(act, kind, subject)
            name, payload = inverse(withdrawn)
            self._check_unused(act, name, subject)
            return act.append(name, subject, {**payload, "undoes": withdrawn.seq}, need_reason(reason))


def _is_withdrawn(reader: Reader, kind: str, key: str) -> bool:
    """Whether a record does not stand."""
    if kind == "link":
        return reader.links([key])[key].state is not LinkState.OPEN
    if kind == "evidence":
        return reader.evidence([key])[key].withdrawn is not None
    if kind == "assessment":
        claim, _, _ = key.rpartition(".assessed")
        return any(each.key == key and each.withdrawn for each in reader.assessments_of([claim])[claim])
    read: dict[str, Any] = {
        "claim": reader.claims,
        "source": reader.sources,
        "entity": reader.entities,
        "document": reader.documents,
        "question": reader.questions,
        "case": reader.cases,
    }
    return bool(read[kind]([key])[key].withdrawn)


def _withdrawal(reader: Reader, kind: str, key: str) -> tuple[str, dict[str, Any]]:
    if kind == "evidence":
        return "evidence.withdrawn", {"how": "mistake", "on": None}
    if kind == "link":
        link = reader.links([key])[key]
        if link.rule is not None:
            raise Conflict(
                f"{key} was found by the rule {link.rule}: nobody recorded it",
                f"if it is no contradiction: tracker link resolve {key} --reason …",
            )
        return "link.resolved", {"state": LinkState.WITHDRAWN.value, "was": link.state.value}
    return f"{kind}.withdrawn", {}


def _by_what(act: Transaction, kind: str, key: str) -> Entry:
    """The entry by which a record is withdrawn now, which is the last that did so: taking that back
    brings it back."""
    name = f"{kind}.withdrawn" if kind != "link" else "link.resolved"
    entries = journal.read_entries(act.connection, subjects=[key], act=name)
    return entries[-1]
