"""Rows written beside: the database takes them in while the program makes the next ones.

One thread does it, one thing after another, in the order in which they were given. Whatever else is asked of
the connection waits until all of them are written, so that nobody sees less than has been written by then.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from sqlalchemy.engine import Connection

_SLOT = "written beside"

SWITCHED = 0.0005
"""Seconds after which the program lets the thread go on with what the database has answered, a tenth of what
is usual: the database would stand still meanwhile."""


class Beside:
    """What is being written beside on a connection, until it is closed."""

    def __init__(self, connection: Connection) -> None:
        from concurrent.futures import ThreadPoolExecutor  # of no use to those who write little

        self._connection = connection
        self._driver: Any = connection.connection.driver_connection
        self._thread = ThreadPoolExecutor(1, "writing beside")
        self._given: list[Future[None]] = []
        self._given_up = False
        self._switched = sys.getswitchinterval()
        sys.setswitchinterval(min(SWITCHED, self._switched))
        self._listening = [
            ("before_cursor_execute", lambda *_: self.wait()),
            ("commit", lambda *_: self.wait()),
            ("rollback", lambda *_: self.give_up()),
        ]
        for name, hear in self._listening:
            event.listen(connection, name, hear)
        connection.info[_SLOT] = self

    def write(self, do: Callable[[Any], None]) -> None:
        """Have something written, given the driver's connection: nothing else may be used for it."""
        self._given.append(self._thread.submit(self._write, do))

    def _write(self, do: Callable[[Any], None]) -> None:
        if not self._given_up:
            try:
                do(self._driver)
            except BaseException:
                self._given_up = True  # what was given after it rests on it
                raise

    def wait(self) -> None:
        """Wait until all is written; raises what went wrong.

        Ctrl-C stops what is being written, and is heard once nobody uses the connection any more: what
        would go on beside the end of the transaction might be kept without it.
        """
        from concurrent.futures import wait

        given, self._given = self._given, []
        interrupted: BaseException | None = None
        while given:
            try:
                wait(given)
                break
            except BaseException as error:  # noqa: BLE001 - raised below
                interrupted = error
                self._stop()
        if interrupted is not None:
            raise interrupted
        for fault in (each.exception() for each in given):
            if fault is not None:
                if getattr(self._driver, "closed", False):
                    self._connection.invalidate(fault)
                raise fault

    def give_up(self) -> None:
        """Write no more of it: what was written is to be undone."""
        self._given_up = True
        with suppress(Exception):
            self.wait()

    def _stop(self) -> None:
        self._given_up = True
        stop = getattr(self._driver, "interrupt", None) or self._driver.cancel
        with suppress(Exception):
            stop()

    def close(self) -> None:
        """Wait until all is written, and let go of the thread; raises what went wrong."""
        try:
            self.wait()
        finally:
            self._thread.shutdown()
            sys.setswitchinterval(self._switched)
            for name, hear in self._listening:
                event.remove(self._connection, name, hear)
            if not (self._connection.closed or self._connection.invalidated):
                self._connection.info.pop(_SLOT, None)


def wait(connection: Connection) -> None:
    """Wait until all is written that was given on a connection: for who asks the driver itself."""
    beside: Beside | None = connection.info.get(_SLOT)
    if beside is not None:
        beside.wait()


def write(connection: Connection, do: Callable[[Any], None]) -> bool:
    """Have something written beside, where that is done on a connection; says whether it is."""
    beside: Beside | None = connection.info.get(_SLOT)
    if beside is None:
        return False
    beside.write(do)
    return True
