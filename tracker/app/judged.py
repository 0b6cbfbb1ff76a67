"""Judging at once: who judges a claim must have seen what others made of it, or say that they go on
knowingly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue, JudgedMeanwhile
from tracker.app.desk import Desk
from tracker.store import journal, statuses, verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.app.transaction import Transaction
    from tracker.journal.entry import Entry

Seen = tuple[int, str]
"""The number and the hash (hex) of the newest entry of a record that somebody looked at."""

MOST = 10
"""Changes that are told of one claim, the newest."""

JUDGING = ("assessment.made", *verdicts.ACTS)
"""The acts by which people judge claims, and take that back."""

_ENTRY = re.compile(r"(?:entry[: ]\s*|#)?(\d{1,18})", re.IGNORECASE)

_DONE = {
    "made": "assessed it as {status}",
    "approved": "approved {key} ({status})",
    "rejected": "rejected {key} ({status})",
    "reopened": "took back what was decided of {key} ({status})",
    "withdrawn": "withdrew {key} ({status})",
    "restored": "brought back {key} ({status})",
}


class Looking(Desk):
    """What the author has seen of each claim: here, and by what is remembered of earlier times."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.shown: dict[str, int] = {}
        """The newest entry that each claim was shown with, in its present state."""
        self.remembered: Mapping[str, Seen] = {}
        """The same of earlier times, with hashes, as :meth:`sights` gave it."""

    def note_shown(self, claims: Iterable[str], entry: int) -> None:
        """Note that the author has looked at claims as they stood with an entry as the newest."""
        self.shown.update(dict.fromkeys(claims, entry))

    def note_partly_shown(self, claim: str) -> None:
        """Take back that the author has looked at a claim: of how it stands only a part was shown."""
        self.shown.pop(claim, None)

    def sights(self) -> dict[str, Seen]:
        """What was shown of claims, to be remembered for another time."""
        with self.reading() as reader:
            wanted = {entry for entry in self.shown.values() if entry}
            leaves = {row.seq: row.leaf for row in journal.read_rows(reader.connection, wanted)}
        return {key: (entry, leaves[entry]) for key, entry in self.shown.items() if entry in leaves}

    def check_seen(
        self, act: Transaction, claim: str, seen: int | str | None, option: str, *, since: int = 0
    ) -> None:
        """Refuse to judge a claim that somebody else judged after what the author has seen of it: by
        looking, by judging it themselves, or by their own word (``seen``, as ``entry:12``). What lies
        before ``since`` is known by what is done. ``option`` is the command that would go on.

        Raises :class:`JudgedMeanwhile`.
        """
        keys = [each.key for each in act.reader.assessments_of([claim]).get(claim, ())]
        entries = journal.read_entries(act.connection, subjects=keys) if keys else []
        # A redaction is no judgement, and another record may have the key of an assessment.
        judged = [entry for entry in entries if entry.act in JUDGING]
        own = [entry.seq for entry in judged if entry.author == self.author]
        known = max([since, self._said(act, seen), self._looked(act, claim), *own])
        if not any(entry.seq > known and entry.author != self.author for entry in judged):
            return
        told = sorted(_judged(act, judged, claim, known) + _moved(act, claim, known))
        newest = told[-1][0]
        changes = tuple(words for _, words in told[-MOST:])
        looked = (
            f"what {self.author} has seen of it (entry {known})" if known else f"{self.author} looked at it"
        )
        before = "after" if known else "before"
        raise JudgedMeanwhile(
            f"others judged {claim} {before} {looked}: {'; '.join(changes)}",
            f"look: tracker show {claim}; to go on knowingly: {option} --seen entry:{newest}",
            changes=changes,
            entry=newest,
        )

    def _said(self, act: Transaction, seen: int | str | None) -> int:
        """The entry that the author says to have seen; raises :class:`BadValue` for one that is not there."""
        if seen is None:
            return 0
        found = _ENTRY.fullmatch(str(seen).strip())
        if found is None:
            raise BadValue(f"{seen!r} is not an entry", "name the newest that was seen, such as entry:12")
        entry = int(found[1])
        last, _ = journal.last_entry(act.connection)
        if entry > last:
            raise BadValue(
                f"nobody can have seen entry {entry}: the newest is {last}", "see: tracker audit log"
            )
        return entry

    def _looked(self, act: Transaction, claim: str) -> int:
        """The newest entry with which the author looked at a claim. What is remembered of another journal
        that lay here, or of entries that a backup does not have, is not believed."""
        here = self.shown.get(claim, 0)
        entry, leaf = self.remembered.get(claim, (0, ""))
        if entry <= here:
            return here
        rows = journal.read_rows(act.connection, [entry])
        return entry if rows and rows[0].leaf == leaf else here


def _judged(act: Transaction, judged: list[Entry], claim: str, known: int) -> list[tuple[int, str]]:
    """What was done to assessments since an entry, in words."""
    found = {each.key: each for each in act.reader.assessments_of([claim])[claim]}
    told = []
    for entry in judged:
        if entry.seq <= known:
            continue
        did = _DONE[entry.act.partition(".")[2]].format(key=entry.subject, status=found[entry.subject].status)
        if entry.payload.get("proposed"):
            did = did.replace("assessed", "proposed", 1)
        why = f": {entry.reason}" if entry.reason else ""
        told.append((entry.seq, f"{entry.author} {did} on {entry.recorded_at[:10]}, entry {entry.seq}{why}"))
    return told


def _moved(act: Transaction, claim: str, known: int) -> list[tuple[int, str]]:
    """How the computed status moved since an entry, in words."""
    return [
        (row["seq"], f"the computed status went from {row['was']} to {row['status']}, entry {row['seq']}")
        for row in statuses.read_changes(act.connection, claim=claim)
        if row["seq"] > known and row["was"] is not None and row["was"] is not row["status"]
    ]
