"""What an open tracker remembers from one act to the next, as long as nobody has written in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.app.policies import load_policy
from tracker.store.remembering import CHANGING_NOTHING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from claims.oneplain import Course
    from claims.policy import Policy, RecordNumbers
    from claims.resolve.courses import Fares
    from tracker.app.transaction import Transaction
    from tracker.journal.entry import Entry
    from tracker.store.database import Database
    from tracker.store.remembering import Remembered

ROOM = 500_000
"""Changes of records that are learned at most before all are forgotten, in some dozens of megabytes."""


@dataclass(slots=True)
class Known:
    """What an act knows from earlier ones, and leaves to later ones: how sources fared (None: they have no
    cases), the same for claims of one kind day by day, the policies that are gone by, by label, as they
    are recorded, and what tables hold that hardly ever changes."""

    fares: dict[str, Fares | None] = field(default_factory=dict)
    courses: dict[str, dict[tuple[int, RecordNumbers], Course]] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    tables: Remembered = field(default_factory=dict)
    _room: int = field(default_factory=lambda: ROOM)

    def learn(self, fares: Mapping[str, Fares | None]) -> None:
        """How some sources fared."""
        self.fares.update(fares)
        self._room -= sum(1 if each is None else 1 + each.count for each in fares.values())

    def forget_sources(self, sources: Iterable[str]) -> None:
        """The records of some sources have changed."""
        for source in sources:
            self.fares.pop(source, None)
            self.courses.pop(source, None)

    def has_policies(self, own: str) -> bool:
        """Whether the policies that are gone by are known to be recorded as they are registered now, the
        tracker's own among them."""
        return own in self.policies and all(
            load_policy(label) is each for label, each in self.policies.items()
        )

    def after(self, entries: Collection[Entry]) -> Known:
        """What is known once some entries were recorded."""
        if any(entry.act.startswith(("policy.", "case.")) for entry in entries):
            self.policies = {}
        if any(entry.act not in CHANGING_NOTHING for entry in entries):
            self.tables.clear()
        if self._room < 0:
            self.fares, self.courses, self._room = {}, {}, ROOM
        return self


class Memory:
    """What is known, and of which state of the record.

    It is of use to an act only where the journal is as the last one left it, nothing else was written
    through this tracker, and no claim waits to be resolved: whoever resolves what waits changes the records
    of sources, and adds no entry.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known = Known()
        self._left: tuple[tuple[int, str], int] | None = None

    def begin(self, act: Transaction) -> None:
        """Give an act what is known. Whatever becomes of the act, nothing is, until it is kept."""
        left, self._left = self._left, None
        if left != (act.head, self._database.turns - 1):
            self._known = Known()
        act.remember(self._known)

    def keep(self, act: Transaction) -> None:
        """Remember what an act that was kept has left."""
        if act.known is not None and act.recorded:
            self._known = act.known.after(act.entries)
            self._left = act.head_after, self._database.turns
