"""How much SQLite does for an answer, counted and not timed: the steps of its virtual machine."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection, Engine

FINE = 10
"""So many steps are counted at once."""


@dataclass
class Steps:
    """How many were done."""

    done: int = 0

    def more(self) -> None:
        """So many more."""
        self.done += FINE


@contextmanager
def steps_of(where: Engine | Connection) -> Iterator[Steps]:
    """The steps that are done within, on a connection or on all that are taken from an engine."""
    counted = Steps()

    def watch(driver: Any, *_: object) -> None:
        driver.set_progress_handler(counted.more, FINE)

    def leave(driver: Any, *_: object) -> None:
        if driver is not None:
            driver.set_progress_handler(None, 0)

    raw = getattr(where, "connection", None)
    if raw is not None:
        watch(raw.dbapi_connection)
        yield counted
        leave(raw.dbapi_connection)
        return
    event.listen(where, "checkout", watch)
    event.listen(where, "checkin", leave)
    try:
        yield counted
    finally:
        event.remove(where, "checkout", watch)
        event.remove(where, "checkin", leave)
