"""Short questions to PostgreSQL: prepared once on a connection, and asked past the driver's cursors.

By the driver's own way to the server's library, which is shorter: others wait for their turn
meanwhile. The driver turns values and rows into the forms of either side, as it always does. For the server
it is waited in Python, so that Ctrl-C is heard.
"""

from __future__ import annotations

import select
from collections import Counter
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Row = tuple[Any, ...]
    Question = tuple[str, Sequence[Any]]
    Sent = tuple[bytes | None, bytes | None, Any]
    """Words or the name of what is prepared, and values."""


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


class Ahead:
    """Questions that are to be asked along with the next thing that is told, and answers that came so; each
    is given once. ``first`` is what every writing transaction asks first."""

    __slots__ = ("_answers", "_due", "first", "possible")

    def __init__(self, *, possible: bool) -> None:
        self.first = ""
        self.possible = possible
        self._due: list[Question] = []
        self._answers: dict[Any, Answer] = {}

    def expect(self, questions: Sequence[Question]) -> None:
        """Have questions asked along with the next one, but for those that are answered already."""
        due = questions if self.possible else ()
        self._due = [each for each in due if self._slot(*each) not in self._answers]

    def due(self) -> list[Question]:
        """What is to be asked now, once."""
        due, self._due = self._due, []
        return due

    def learn(self, words: str, values: Sequence[Any], answer: Answer) -> None:
        """Know an answer until somebody asks for it."""
        self._answers[self._slot(words, values)] = answer

    def known(self, words: str, values: Sequence[Any]) -> Answer | None:
        """The answer to a question that has come along with an earlier one."""
        return self._answers.pop(self._slot(words, values), None) if self._answers else None

    @staticmethod
    def _slot(words: str, values: Sequence[Any]) -> tuple[str, str]:
        return words, repr([*values])

    def forget(self) -> None:
        """Know nothing any more: something is otherwise now, or may be."""
        self._answers.clear()


class Names:
    """The statements that a connection has prepared, by their words; no name comes twice. Each is prepared
    once it was asked more than ``after`` times (None: never), as the driver does it."""

    __slots__ = ("_after", "_asked", "_made", "ahead", "known")

    def __init__(self, after: int | None) -> None:
        self.known: dict[str, bytes] = {}
        self.ahead = Ahead(possible=after is not None and can_be_told_several())
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


@cache
def can_be_told_several() -> bool:
    """Whether the server's library can send several things before it hears of the first: from its version 14
    on."""
    from psycopg import pq

    return pq.version() >= 140_000


def begin(driver: Any, info: dict[Any, Any]) -> None:
    """From here on statements are prepared on a new connection by this module alone: the driver lets go of
    all that are prepared when it rolls back, if any of its own are among them."""
    info[_NAMES] = Names(driver.prepare_threshold)
    driver.prepare_threshold = None


def forget(info: dict[Any, Any]) -> None:
    """Prepare all anew that is asked from here on, by the settings and the sizes of tables that are now."""
    info[_NAMES].known.clear()


def ahead(info: dict[Any, Any]) -> Ahead:
    """What is known ahead on a connection."""
    found: Ahead = info[_NAMES].ahead
    return found


def begin_writing(driver: Any, statements: Sequence[str], info: dict[Any, Any]) -> bool:
    """Begin a transaction by some statements, and ask along with them what each of the kind asks first, and
    what this one is expected to ask; says whether it was done, which it is once the first is prepared."""
    names: Names = info[_NAMES]
    first = names.ahead.first
    if first not in names.known or not names.ahead.possible:
        return False
    sent: list[Sent] = [(_numbered(words), None, None) for words in statements]
    asked: list[Question] = [(first, ()), *(each for each in names.ahead.due() if each[0] in names.known)]
    with _unless_stopped(driver):
        sent += [(None, names.known[words], _dumped(driver, values)) for words, values in asked]
        for (words, values), found in zip(asked, _told(driver, sent)[len(statements) :], strict=True):
            names.ahead.learn(words, values, _answer(driver, found))
    return True


def ask(
    driver: Any, words: str, values: Sequence[Any], info: dict[Any, Any], *, heard: bool = False
) -> Answer:
    """Ask something, with ``?`` where a value goes, of which the statement itself must say the type;
    ``info`` is what is known of the connection. What was to be asked with it comes along. What is known
    ahead is so no more, unless it was a question or is said to change nothing of it (``heard``). Raises
    the errors of the driver; whoever is stopped while waiting has lost the connection."""
    names: Names = info[_NAMES]
    if (known := names.ahead.known(words, values)) is not None:
        return known
    if not heard and not words.startswith("SELECT"):
        names.ahead.forget()
    given = _dumped(driver, values)
    along = [each for each in names.ahead.due() if each != (words, values)]
    with _unless_stopped(driver):
        name = names.known.get(words)
        if name is None and (name := names.fresh(words)) is not None:
            driver.pgconn.send_prepare(name, _numbered(words))
            _result(driver)
            names.known[words] = name
        along = [each for each in along if name is not None and each[0] in names.known]
        if along:
            sent = [(None, names.known[more], _dumped(driver, some)) for more, some in along]
            result, *others = _told(driver, [(None, name, given), *sent])
            for (more, some), found in zip(along, others, strict=True):
                names.ahead.learn(more, some, _answer(driver, found))
        else:
            _send(driver.pgconn, (_numbered(words), name, given))
            result = _result(driver)
    return _answer(driver, result)


def _dumped(driver: Any, values: Sequence[Any]) -> Any:
    from psycopg.adapt import PyFormat, Transformer

    return Transformer(driver).dump_sequence(values, [PyFormat.TEXT] * len(values)) if values else None


def _answer(driver: Any, result: Any) -> Answer:
    from psycopg.adapt import Transformer

    turned = Transformer(driver)
    turned.set_pgresult(result)
    return Answer(turned.load_rows(0, result.ntuples, tuple) if result.ntuples else [])


@contextmanager
def _unless_stopped(driver: Any) -> Iterator[None]:
    """Close the connection where something else than its own error ends what is done with it."""
    try:
        yield
    except driver.Error:
        raise
    except BaseException:
        driver.close()
        raise


def _send(connection: Any, one: Sent) -> None:
    words, name, given = one
    if name is None:
        connection.send_query_params(words, given)
    else:
        connection.send_query_prepared(name, given)


def _told(driver: Any, several: Sequence[Sent]) -> list[Any]:
    """What the server answers to several things that it is sent at once. Raises the first error, and what
    comes after it is not done."""
    from psycopg import pq

    connection = driver.pgconn
    connection.enter_pipeline_mode()
    for one in several:
        _send(connection, one)
    connection.pipeline_sync()
    found = [_found(driver) for _ in several]
    end = _next(connection)
    if end is None or end.status != pq.ExecStatus.PIPELINE_SYNC:
        raise driver.OperationalError("the connection is closed")
    connection.exit_pipeline_mode()
    for result in found:
        _check(driver, result)
    return found


@lru_cache(maxsize=512)
def _numbered(words: str) -> bytes:
    """The words as the server has them, with the numbers of values."""
    first, *others = words.split("?")
    return (first + "".join(f"${number}{part}" for number, part in enumerate(others, 1))).encode()


def _result(driver: Any) -> Any:
    """What the server answers to the one thing that it was sent. Raises its error, where it has one."""
    result = _found(driver)
    _check(driver, result)
    return result


def _found(driver: Any) -> Any:
    """The answer to the next thing that it was sent, or its error."""
    connection = driver.pgconn
    while connection.flush():  # what did not fit into the way there at once
        _wait(connection, until_sent=True)
        connection.consume_input()
    result, more = None, _next(connection)
    while more is not None:
        result, more = more, _next(connection)
    if result is None:
        raise driver.OperationalError("the connection is closed")
    return result


def _check(driver: Any, result: Any) -> None:
    from psycopg import pq
    from psycopg.errors import error_from_result

    if result.status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        raise error_from_result(result, encoding=driver.info.encoding)


def _next(connection: Any) -> Any:
    """The next part of the answer; None where that was all."""
    while connection.is_busy():
        _wait(connection)
        connection.consume_input()
    return connection.get_result()


def _wait(connection: Any, *, until_sent: bool = False) -> None:
    """Wait until the server has said something, or more can be said to it."""
    try:
        waiting = select.poll()
    except AttributeError:  # as on Windows, where the other way takes sockets of any number
        select.select([connection.socket], [connection.socket] if until_sent else [], [])
        return
    waiting.register(connection.socket, select.POLLIN | (select.POLLOUT if until_sent else 0))
    waiting.poll()
