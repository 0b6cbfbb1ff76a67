"""One open database for many at once: each request works on a tracker of its own over it, and does no more
than its role allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tracker.app.recorded import ADOPTED, NAMED
from tracker.app.tokens import ADMIN, LOGGER, REVIEWER, may
from tracker.app.tracker import Tracker
from tracker.errors import RoleNeeded
from tracker.store.database import Database
from tracker.store.guard import LOGGERS, REVIEWED_FIELDS, REVIEWERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tracker.journal.entry import Entry

    T = TypeVar("T")


class Shared:
    """A database that is opened once. Every tracker over it is for one thread, and need not be closed."""

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], datetime],
        dayfirst: bool | None,
        new_request: Callable[[int], str],
    ) -> None:
        """Raises :class:`NoTracker` and other :class:`StoreError` as ``open_tracker`` does."""
        self.database = Database(url)
        self._clock = clock
        self._dayfirst = dayfirst
        self._new_request = new_request
        try:
            self.database.check_schema()
        except BaseException:
            self.database.close()
            raise

    def tracker(
        self, author: str, *, dry_run: bool = False, request: str | None = None, asked: object = None
    ) -> Tracker:
        """A tracker for one request, of whoever makes it."""
        return Tracker(
            self.database,
            author=author,
            clock=self._clock,
            dayfirst=self._dayfirst,
            dry_run=dry_run,
            request=request,
            asked=asked,
            new_request=self._new_request,
        )

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def done_as(tracker: Tracker, role: str, act: Callable[[Tracker], T]) -> T:
    """Do an act whole, if all of its entries are such as a role may make; else none of it is kept.

    Raises :class:`RoleNeeded`, and whatever the act raises.
    """
    with tracker.act() as whole:
        given = act(tracker)
        for entry in whole.entries:
            needed = role_needed(entry)
            if not may(role, needed):
                raise RoleNeeded(
                    f"{entry.act} needs the role {needed}; {tracker.author} is a {role} here",
                    f"ask for another token: tracker token add {tracker.author} --role {needed}",
                )
        return given


def role_needed(entry: Entry) -> str:
    """The role that an entry needs: the same as a database user on PostgreSQL would need."""
    if entry.act in (ADOPTED, NAMED):  # what the program notes by itself; choosing one is an act of a case
        return LOGGER
    if entry.act in REVIEWERS:
        return REVIEWER
    if entry.act not in LOGGERS:
        return ADMIN
    said = entry.payload.get("set", entry.payload)
    of_a_case = entry.act.startswith("case.") and any(said.get(name) for name in REVIEWED_FIELDS)
    revised = entry.act == "case.revised" and any(name in said for name in REVIEWED_FIELDS)
    return REVIEWER if of_a_case or revised else LOGGER
