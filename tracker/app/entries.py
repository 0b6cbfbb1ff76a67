"""The entries of the journal, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.app.view import Views
from tracker.store import find, journal

if TYPE_CHECKING:
    from datetime import date

    from tracker.journal.entry import Entry


class Entries(Views):
    """What the journal holds."""

    def entries(
        self,
        subject: str | None = None,
        *,
        newest: int | None = None,
        after: int = 0,
        limit: int | None = None,
        recorded_by: str | int | date | None = None,
    ) -> list[Entry]:
        """The journal, up to a moment: all of it, the newest few entries, or those on one key and what
        hangs on it; of these the first ``limit`` that come ``after`` an entry."""
        with self.reading() as reader:
            last = None if recorded_by is None else self.read_moment(recorded_by, reader).entry
            subjects = None if subject is None else find.subjects_about(reader.connection, subject)
            return journal.read_entries(
                reader.connection, first=after + 1, subjects=subjects, newest=newest, last=last, limit=limit
            )
