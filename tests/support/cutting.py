"""What can be done to a connection in the middle of an act."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import event

from tests.support.postgres import reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import sqlalchemy as sa

    from tracker.app import Tracker


@contextmanager
def at_step(tracker: Tracker, point: int, do: Callable[[sa.Connection], object]) -> Iterator[list[int]]:
    """Do something before one of the statements within, given the connection; the list counts them."""
    count = [0]

    def step(connection: sa.Connection, *_: object) -> None:
        count[0] += 1
        if count[0] == point:
            do(connection)

    event.listen(tracker.database.engine, "before_cursor_execute", step)
    try:
        yield count
    finally:
        event.remove(tracker.database.engine, "before_cursor_execute", step)


@contextmanager
def at_commit(tracker: Tracker, do: Callable[[sa.Connection], object]) -> Iterator[None]:
    """Do something before the act within is kept, once."""
    event.listen(tracker.database.engine, "commit", do, once=True)
    yield


def cut(url: str) -> Callable[[sa.Connection], None]:
    """What cuts a connection from the other side."""

    def do(connection: sa.Connection) -> None:
        pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
        with reach(url) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))

    return do
