"""Short questions to PostgreSQL: prepared once on a connection, and asked past the driver's cursors.

By the driver's own way to the server's library, and in half the time: others wait for their turn
meanwhile. The driver turns values and rows into the forms of either side, as it always does. For the server
it is waited in Python, so that Ctrl-C is heard.
"""

from __future__ import annotations

import select
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Row = tuple[Any, ...]


class Answer:
    """The rows of an answer, as a cursor gives them."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def fetchall(self) -> list[Row]:
        """All rows."""
        return self._rows

    def fetchone(self) -> Row | None:
        """The first row; None where there is none."""
        return self._rows[0] if self._rows else None


class Names:
    """The statements that a connection has prepared, by their words; no name comes twice. Each is prepared
    once it was asked more than ``after`` times (None: never), as the driver does it."""

    __slots__ = ("_after", "_asked", "_made", "known")

    def __init__(self, after: int | None) -> None:
        self.known: dict[str, bytes] = {}
        self._after = after
        self._asked: Counter[str] = Counter()
        self._made = 0

    def fresh(self, words: str) -> bytes | None:
        """A name for a statement that has none; None where it is not to be prepared yet."""
        self._asked[words] += 1
        if self._after is None or self._asked[words] <= self._after:
            return None
        self._made += 1
        return f"tracker_{self._made}".encode()


_NAMES = "tracker_prepared"


def begin(driver: Any, info: dict[Any, Any]) -> None:
    """From here on statements are prepared on a new connection by this module alone: the driver lets go of
    all that are prepared when it rolls back, if any of its own are among them."""
    info[_NAMES] = Names(driver.prepare_threshold)
    driver.prepare_threshold = None


def forget(info: dict[Any, Any]) -> None:
    """Prepare all anew that is asked from here on, by the settings and the sizes of tables that are now."""
    info[_NAMES].known.clear()


def ask(driver: Any, words: str, values: Sequence[Any], info: dict[Any, Any]) -> Answer:
    """Ask something, with ``?`` where a value goes, of which the statement itself must say the type;
    ``info`` is what is known of the connection. Raises the errors of the driver; whoever is stopped while
    waiting has lost the connection."""
    from psycopg.adapt import PyFormat, Transformer

    names: Names = info[_NAMES]
    turned = Transformer(driver)
    given = turned.dump_sequence(values, [PyFormat.TEXT] * len(values)) if values else None
    try:
        name = names.known.get(words)
        if name is None and (name := names.fresh(words)) is not None:
            driver.pgconn.send_prepare(name, _numbered(words))
            _result(driver)
            names.known[words] = name
        if name is None:
            driver.pgconn.send_query_params(_numbered(words), given)
        else:
            driver.pgconn.send_query_prepared(name, given)
        result = _result(driver)
    except driver.Error:
        raise
    except BaseException:
        driver.close()
        raise
    turned.set_pgresult(result)
    return Answer(turned.load_rows(0, result.ntuples, tuple) if result.ntuples else [])


@lru_cache(maxsize=512)
def _numbered(words: str) -> bytes:
    """The words as the server has them, with the numbers of values."""
    first, *others = words.split("?")
    return (first + "".join(f"${number}{part}" for number, part in enumerate(others, 1))).encode()


def _result(driver: Any) -> Any:
    """What the server answers to the one thing that it was sent. Raises its error, where it has one."""
    from psycopg import pq
    from psycopg.errors import error_from_result

    connection = driver.pgconn
    while connection.flush():  # what did not fit into the way there at once
        _wait(connection, select.POLLIN | select.POLLOUT)
        connection.consume_input()
    result, more = None, _next(connection)
    while more is not None:
        result, more = more, _next(connection)
    if result is None:
        raise driver.OperationalError("the connection is closed")
    if result.status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        raise error_from_result(result, encoding=driver.info.encoding)
    return result


def _next(connection: Any) -> Any:
    """The next part of the answer; None where that was all."""
    while connection.is_busy():
        _wait(connection, select.POLLIN)
        connection.consume_input()
    return connection.get_result()


def _wait(connection: Any, event: int) -> None:
    waiting = select.poll()
    waiting.register(connection.socket, event)
    waiting.poll()
