"""A second process, on a second processor, for half of what very many claims take to be resolved.

It is given what it needs and gives back what it found; it reads nothing, keeps nothing and asks nobody, and
ends when nobody is there any more to ask it. Where it cannot be had, or is lost, all is done without it.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from claims.halves import Standing
    from claims.resolve.worth import Worth

BEGIN = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); import tracker.helper as h; h.serve()"
)
"""Not a fork: the program may have other threads, and its connections are none of the helper's business. Nor
is its main module imported anew, as :mod:`multiprocessing` would."""

ENOUGH = 4_000
"""For fewer claims it does not pay to start a process."""

PATIENCE = 300.0
"""Seconds after which a helper that takes nothing and says nothing is given up. It is asked for what takes
seconds."""


class Lost(Exception):
    """The helper cannot be asked, or has not answered. Nothing is wrong with what it was asked."""


class Helper:
    """A second process that is started when it is first of use, and ended with the block it is opened for.

    ``processor`` is how many seconds of a processor it has taken.
    """

    def __init__(self) -> None:
        self.processor = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        # Of a program that is one file with its Python in it, the executable is that program.
        self._wanted = processors() > 1 and bool(sys.executable) and not getattr(sys, "frozen", False)
        self._heeds: Worth | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def pid(self) -> int | None:
        """The number of its process; None where it was not started, or has ended."""
        return None if self._process is None else self._process.pid

    def is_for(self, claims: int) -> bool:
        """Whether so many claims are better shared with it; it is got ready meanwhile if so."""
        if not self._wanted or claims < ENOUGH:
            return False
        if self._process is None:
            self._start()
        return self._process is not None

    def _start(self) -> None:
        import subprocess  # of use to few acts, and they all load this module

        # Ctrl-C goes to all processes of a terminal's group: this one is ended by whoever started it.
        try:
            self._process = subprocess.Popen(  # noqa: S603 (the very program that runs)
                [sys.executable, "-I", "-c", BEGIN],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            self.end()
        self._send(sys.path)

    def heed(self, worth: Worth | None) -> None:
        """Tell it of the records of all sources, unless it knows them."""
        if worth is not self._heeds:
            self._send(("heed", *((worth.cases, worth.numbers) if worth is not None else (None, None))))
            self._heeds = worth

    def ask(self, name: str, *given: Any) -> None:
        """Ask it something, as :func:`serve` has it; what it makes of it is got by :meth:`answer`. It may be
        asked in few words what comes next before that."""
        self._send((name, *given))

    def answer(self) -> Any:
        """What it makes of what it was asked. Raises :class:`Lost`."""
        if self._process is None or self._process.stdout is None:
            raise Lost
        try:
            with _not_for_ever(self._process):
                found, self.processor = pickle.load(self._process.stdout)  # noqa: S301 (it wrote that itself)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self.end()
            raise Lost from error
        return found

    def _send(self, what: Any) -> None:
        if self._process is None or self._process.stdin is None:
            return
        try:
            with _not_for_ever(self._process):
                _write(self._process.stdin, what)
        except OSError:
            self.end()

    def end(self) -> None:
        """End it, whatever it is doing; it is not started again."""
        self._wanted, self._heeds = False, None
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    pipe.close() if pipe is not None else None
            process.wait()


@contextmanager
def _not_for_ever(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process that is waited for and does not move: its pipes end with it, and the waiting."""
    end = threading.Timer(PATIENCE, process.kill)
    end.daemon = True
    end.start()
    try:
        yield
    finally:
        end.cancel()


def processors() -> int:
    """How many processors the program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _write(pipe: IO[bytes], what: Any) -> None:
    pickle.dump(what, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


# --- in the second process -----------------------------------------------------------------------


def serve() -> None:
    """Answer whatever is asked on the standard input, until that ends.

    ``heed``: the cases of all sources and the numbers by which they count. ``stand``: facts, a policy and a
    day; what is said of the claims then. ``since``: since when these stand so.
    """
    import time

    from claims.halves import Standing
    from claims.resolve.worth import Worth

    worth: Worth | None = None
    standing: Standing | None = None
    with suppress(EOFError, BrokenPipeError):
        while True:
            name, *given = pickle.load(sys.stdin.buffer)  # noqa: S301 (from the program that started it)
            if name == "heed":
                cases, numbers = given
                worth = None if cases is None else Worth(cases, numbers)
                continue
            if name == "stand":
                facts, policy, day = given
                standing = Standing(facts, policy, day, worth)
                found: Any = standing.said
            else:
                assert standing is not None
                found = standing.since()
            _write(sys.stdout.buffer, (found, time.process_time()))
