"""Redaction: personal data that must go is taken out of the journal and the tables for ever; its hash
stays, and an entry says who took it out, and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue, Conflict, NotFound
from tracker.app.desk import Desk, need_reason
from tracker.app.records import find_record
from tracker.app.replay import project_all
from tracker.app.resolving import StatusChange
from tracker.archive import forget
from tracker.errors import AuditBroken, StoreError
from tracker.journal import redaction
from tracker.report.models import Redacting
from tracker.store import copies, journal, statuses
from tracker.store.dialects import forget_deleted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tracker.app.transaction import Transaction
    from tracker.journal.entry import Entry
    from tracker.store.database import Connection

_SHORTEST = 4
"""Characters of a text that is looked for elsewhere; shorter ones are everywhere."""


class RedactionActs(Desk):
    """Taking texts and archived bytes out of the record."""

    def redaction(
        self,
        key: str | None = None,
        *,
        field: str | None = None,
        entry: int | None = None,
        file: bool = False,
        what: str | None = None,
    ) -> Redacting:
        """What :meth:`redact` would take out, and from where; nothing is done."""
        with self.reading() as reader:
            return _plan(reader.connection, key, field, entry, what, file=file)[0]

    def redact(
        self,
        key: str | None = None,
        *,
        field: str | None = None,
        entry: int | None = None,
        file: bool = False,
        what: str | None = None,
        reason: str,
    ) -> Redacting:
        """Take a field of a record out of every entry that holds it (``field``; "reason" is one too),
        or all that one entry says in words, its reason included (``entry``); both together: what that
        entry says in that field, wherever the record has it. With ``file`` the archived bytes of a
        document. It cannot be undone.

        ``what`` says what kind of record is meant where several have the key. Raises
        :class:`NotFound` and :class:`Ambiguous` for the key, :class:`BadValue` for a field that
        cannot be redacted, :class:`Conflict` where there is nothing left to take out, and
        :class:`AuditBroken` where the journal does not verify as it is.
        """
        if self._act is not None:
            raise Conflict("a redaction is an act of its own", "end the other act first")
        with self.act() as act:
            plan, instead = _plan(act.connection, key, field, entry, what, file=file)
            why = need_reason(reason)
            if repeated := [text for text in plan.texts if len(text) >= _SHORTEST and text in why]:
                raise BadValue(
                    f"the reason repeats what is to go ({repeated[0][:40]!r})", "say why without it"
                )
            _check_sound(act.connection)
            said = {"what": plan.what, "fields": list(plan.fields), "entries": instead}
            if plan.files:
                said["files"] = list(plan.files)
            recorded = act.append(redaction.ACT, plan.key, said, why)
            forget_deleted(act.connection)
            act.afterwards.append(lambda: _made_anew(act, [each["seq"] for each in instead]))
        wiped = self.dry_run or self._wiped(plan.files)
        return plan.done(recorded.seq, wiped=wiped)

    def scrub(self) -> bool:
        """Write the database anew without what was deleted or redacted, and delete what is left of
        redacted documents; says whether nothing of them is left in its files."""
        with self.reading() as reader:
            gone = redacted_files(journal.read_entries(reader.connection))
        for digest in gone:
            forget(self.database.path, digest)
        return self.database.scrub()

    def _wiped(self, digests: Iterable[str]) -> bool:
        """Wipe what was redacted from all files. It is redacted in any case: what hinders the
        wiping is no reason to fail."""
        try:
            for digest in digests:
                forget(self.database.path, digest)
            return self.database.scrub()
        except StoreError:
            return False


def redacted_files(entries: Iterable[Entry]) -> list[str]:
    """The SHA-256 (hex) of every archived document that was redacted, and not archived again since."""
    gone: dict[str, None] = {}
    for entry in entries:
        if entry.act == redaction.ACT:
            gone |= dict.fromkeys(entry.payload.get("files", ()))
        for digest in archived_here(entry):
            gone.pop(digest, None)
    return list(gone)


def archived_here(entry: Entry) -> list[str]:
    """The SHA-256 (hex) of the document whose bytes an entry archived, if any: what another desk
    archived stayed there."""
    if entry.act != "document.archived" or entry.received is not None:
        return []
    return [entry.payload["set"]["sha256"]]


def _plan(
    connection: Connection,
    key: str | None,
    field: str | None,
    seq: int | None,
    what: str | None,
    *,
    file: bool,
) -> tuple[Redacting, list[dict[str, Any]]]:
    """What would go, and what an entry of redaction says of each entry that loses its text."""
    entries = journal.read_entries(connection)
    if file:
        return _plan_of_file(connection, entries, key, field, seq)
    target = _target(entries, seq, key)
    what, subject = _record(connection, key, target, what)
    wanted, reasons = _wanted(entries, what, subject, field, target)
    affected: dict[int, Entry] = {}
    for each in entries:
        about = each.subject == subject and redaction.record_of(each.act) in (what, None)
        left = redaction.without(each, wanted if about else {}, reason=each.seq in reasons)
        if left is not each:
            affected[each.seq] = left
    if not affected:
        raise Conflict(_nothing(what, subject, field, seq), "see what is there: tracker audit log --full")
    instead = _with_earlier_redactions(entries, affected)
    before = {each.seq: each for each in entries}
    texts = _taken((before[number], left) for number, left in affected.items())
    plan = Redacting(
        key=subject,
        what=what,
        fields=tuple(dict.fromkeys([*wanted, *(["reason"] if reasons else [])])),
        entries=tuple(sorted(affected)),
        texts=texts,
        elsewhere=_elsewhere(entries, affected, texts),
    )
    return plan, instead


def _plan_of_file(
    connection: Connection, entries: list[Entry], key: str | None, field: str | None, seq: int | None
) -> tuple[Redacting, list[dict[str, Any]]]:
    if key is None or field is not None or seq is not None:
        raise BadValue("--file goes with the key of a document alone", "redact its fields by themselves")
    _, subject = find_record(connection, key, "document")
    kept = [digest for each in entries if each.subject == subject for digest in archived_here(each)]
    gone = set(redacted_files(entries))
    files = tuple(dict.fromkeys(digest for digest in kept if digest not in gone))
    if not files:
        raise Conflict(f"no file of {subject} is archived here", f"see: tracker audit log {subject} --full")
    others = {
        (each.seq, each.act, each.subject)
        for each in entries
        if each.subject != subject and set(archived_here(each)) & set(files)
    }
    shared = tuple(sorted(others))
    plan = Redacting(key=subject, what="document", fields=(), entries=(), files=files, elsewhere=shared)
    return plan, []


def _target(entries: list[Entry], seq: int | None, key: str | None) -> Entry | None:
    if seq is None:
        if key is None:
            raise BadValue("say what is to be redacted", "name a record and --field, or --entry")
        return None
    if not 0 < seq <= len(entries):
        raise NotFound(f"the journal has no entry {seq}", "see: tracker audit log")
    return entries[seq - 1]


def _record(
    connection: Connection, key: str | None, target: Entry | None, what: str | None
) -> tuple[str, str]:
    """What kind of record it is about, and its key."""
    if target is None:
        return find_record(connection, key or "", what)
    if key is not None and find_record(connection, key, what)[1] != target.subject:
        raise BadValue(
            f"entry {target.seq} is about {target.subject}, not {key}", "leave the key out, or see the entry"
        )
    return redaction.record_of(target.act) or what or "entry", target.subject


def _wanted(
    entries: list[Entry], what: str, subject: str, field: str | None, target: Entry | None
) -> tuple[redaction.Wanted, set[int]]:
    """The fields to take out with the values that must go, and the entries that lose their reason."""
    if target is not None:
        held: dict[str, list[Any] | None] = dict(redaction.values_in(target))
        if field is None:
            return held, {target.seq}
        if field == "reason":
            return {}, {target.seq}
        _check_field(field, what)
        return {field: held.get(field, [])}, set()
    if field is None:
        raise BadValue("say what is to go", "name a field with --field, or an entry with --entry")
    if field == "reason":
        return {}, {each.seq for each in entries if each.subject == subject and _of(each.act) == what}
    _check_field(field, what)
    return {field: None}, set()


def _of(act: str) -> str:
    """What kind of record an act is about."""
    beginning = act.split(".", maxsplit=1)[0]
    return {"claims": "link"}.get(beginning, beginning)


def _check_field(field: str, what: str) -> None:
    known = (*redaction.fields_of(what), "reason")
    if field not in known:
        raise BadValue(
            f"a field {field!r} of {what} cannot be redacted",
            f"these can: {', '.join(known)}; what is a key or a word of the vocabulary can be corrected",
        )


def _nothing(what: str, subject: str, field: str | None, seq: int | None) -> str:
    if seq is not None:
        return f"entry {seq} holds no {field or 'words'} that could be redacted"
    return f"no entry on the {what} {subject} holds a {field}"


def _with_earlier_redactions(entries: list[Entry], affected: dict[int, Entry]) -> list[dict[str, Any]]:
    """What a new redaction says of the entries that it is about. Where an earlier one holds the same
    texts in what stands in for them, it goes too, and the new one takes over all that it said."""
    leaves = {entry.seq: entry.leaf.hex() for entry in entries}
    taken_over: dict[int, dict[str, Any]] = {}
    for entry in entries:
        if entry.act != redaction.ACT:
            continue
        said = [each["seq"] for each in entry.payload["entries"]]
        if entry.seq in affected or any(seq in affected for seq in said):
            affected[entry.seq] = redaction.named_only(affected.get(entry.seq, entry))
            for seq in said:
                there = entries[seq - 1]
                by = there.redacted.by if there.redacted is not None else entry.seq
                taken_over[seq] = redaction.item(there, leaves[seq], by)
    fresh = {seq: redaction.item(left, leaves[seq]) for seq, left in affected.items()}
    return [each for _, each in sorted((taken_over | fresh).items())]


def _taken(pairs: Iterable[tuple[Entry, Entry]]) -> tuple[str, ...]:
    """The texts that are there before and not after, each once."""
    gone: dict[str, None] = {}
    for before, after in pairs:
        if before.act == redaction.ACT:
            continue
        left = Counter(_words(after))
        gone |= dict.fromkeys(text for text in _words(before) if not left[text] and text)
    return tuple(gone)


def _words(entry: Entry) -> list[str]:
    return [entry.reason, *redaction.texts_in(entry.payload)]


def _elsewhere(
    entries: list[Entry], affected: dict[int, Entry], texts: Collection[str]
) -> tuple[tuple[int, str, str], ...]:
    """Entries that go on saying one of these texts, in other fields or of other records."""
    long = [text for text in texts if len(text) >= _SHORTEST]
    found = []
    for entry in entries:
        left = affected.get(entry.seq, entry)
        if entry.act == redaction.ACT:
            continue
        if any(text in words for words in _words(left) for text in long):
            found.append((entry.seq, entry.act, entry.subject))
    return tuple(found)


def _check_sound(connection: Connection) -> None:
    """A redacted entry cannot be verified against its text any more, so that it is done before."""
    report = journal.check(connection)
    if not report.ok:
        raise AuditBroken(f"the journal does not verify: {report.problems[0]}", journal.BROKEN_HINT)


def _made_anew(act: Transaction, blanked: Collection[int]) -> list[StatusChange]:
    """The texts of some entries go, and all tables are made once more from what is left in the journal;
    the statuses that differ for it."""
    journal.blank(act.connection, blanked)
    before = statuses.read(act.connection)
    copies.empty(act.connection)
    project_all(act.connection, journal.read_entries(act.connection))
    last = act.entries[-1].seq
    return [
        StatusChange(key, before[key]["status"], row["status"], row["likelihood"], last)
        for key, row in sorted(statuses.read(act.connection).items())
        if key in before and before[key]["status"] != row["status"]
    ]
