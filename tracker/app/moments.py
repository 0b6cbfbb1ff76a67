"""Moments on the clock of recording: what a person means by one, and where in the journal it lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from claims.errors import FutureDate, NotFound
from tracker.app.momentwords import is_now, read_entry, read_time
from tracker.journal.entry import moment, timestamp
from tracker.store import journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tracker.store.database import Connection


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment on the clock of recording. ``entry`` is the last entry that had been recorded by then
    (0: none had), always the last of its act; ``at`` the time in the journal's form; ``told`` how the
    moment is named in answers: that time, or the entry where one was asked for."""

    entry: int
    at: str
    told: str

    @property
    def day(self) -> date:
        """The day on which it was (UTC): what could be known then had been published by that day."""
        return moment(self.at).date()


def read_moment(
    text: str | int | date,
    connection: Connection,
    now: datetime,
    last_day: Callable[[str | date], date],
) -> Moment:
    """The moment that a person means: ``now``, the number of an entry (``entry:12``), an exact time
    as given, or the end of a day, which ``last_day`` reads.

    The number of an entry means the whole act that it belongs to, since statuses are resolved at the
    end of an act. A time takes in every entry with that very time.

    Raises :class:`BadDate`, :class:`FutureDate` for a time that has not been, and :class:`NotFound`
    for an entry that is not there.
    """
    if isinstance(text, int):
        return _after_entry(text, connection)
    if isinstance(text, str):
        if (seq := read_entry(text)) is not None:
            return _after_entry(seq, connection)
        if is_now(text):
            last, at = journal.last_entry(connection)
            present = max(timestamp(now), at)
            return Moment(last, present, present)
        text = read_time(text) or text
    if not isinstance(text, datetime):
        at = timestamp(datetime.combine(last_day(text), time.max, UTC))
        return Moment(journal.last_entry_by(connection, at), at, at)
    at = timestamp(text if text.tzinfo else text.replace(tzinfo=UTC))
    # The journal's time goes on where a clock was set back.
    if at > timestamp(now) and at > journal.last_entry(connection)[1]:
        raise FutureDate(f"{at} is in the future", "give a time that has been, or: now")
    return Moment(journal.last_entry_by(connection, at), at, at)


def _after_entry(seq: int, connection: Connection) -> Moment:
    found = journal.act_of(connection, seq)
    if found is None:
        raise NotFound(f"the journal has no entry {seq}", "see: tracker audit log")
    last, at = found
    return Moment(last, at, f"entry:{last}")
