"""The work behind requests: in threads of its own, on one tracker for each request, within a time.

A database makes its callers wait, and a server that waits answers nobody. Reading and writing have threads
of their own, so that those who write, who wait for each other, keep nobody from reading.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from tracker.app.serving import Shared, done_as
from tracker.app.tokens import LOGGER, READER
from tracker.errors import Collided
from tracker.web.identity import Identities, given_by
from tracker.web.problems import Refusal
from tracker.web.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from tracker.app import Tracker
    from tracker.web.identity import Person
    from tracker.web.settings import Settings

T = TypeVar("T")

TRIES = 3
"""How often an act is tried that another program collides with; it has recorded nothing by then."""


class Workroom:
    """The threads, the database, and who everybody is."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.identities = Identities(settings)
        self.uploads = Uploads()
        self.shared = Shared(
            settings.database,
            clock=settings.clock,
            dayfirst=settings.dayfirst,
            new_request=settings.new_request,
        )
        limits = settings.limits
        self._readers = ThreadPoolExecutor(limits.readers, "reading")
        self._writers = ThreadPoolExecutor(limits.writers, "writing")

    def close(self) -> None:
        """Finish what has begun, begin nothing more, and let go of the database."""
        for threads in (self._readers, self._writers):
            threads.shutdown(wait=True, cancel_futures=True)
        self.shared.close()
        self.uploads.close()

    async def read(
        self,
        request: Request,
        ask: Callable[[Tracker, Person], T],
        *,
        needed: str = READER,
        writes: bool = False,
    ) -> T:
        """What the application answers to whoever asks; ``writes``: it goes through an act to know.

        Raises :class:`ClaimsError` and :class:`Refusal`.
        """
        given = given_by(request.scope, self.identities.cookie)

        def work() -> T:
            person = self.identities.person(self.shared.tracker(self.settings.author), given)
            person.check(needed)
            return ask(self.shared.tracker(person.name), person)

        return await self._within_time(self._writers if writes else self._readers, work)

    async def write(
        self,
        request: Request,
        act: Callable[[Tracker], T],
        *,
        asked: object,
        name: str | None = None,
        dry_run: bool = False,
        needed: str = LOGGER,
        alone: bool = False,
    ) -> tuple[T, Tracker]:
        """Do an act for whoever asks for it; returns what it gives, and its tracker with the outcome.

        ``asked`` is what is asked for, and ``name`` what they call that, so that it is recorded only once.
        ``alone``: it can be no part of another act, so that ``needed`` must be all that it needs.
        Raises :class:`AlreadyRecorded` where it was, and as :meth:`read` does.
        """
        given = given_by(request.scope, self.identities.cookie)

        def work() -> tuple[T, Tracker]:
            person = self.identities.person(self.shared.tracker(self.settings.author), given)
            person.check(needed)
            naming: dict[str, Any] = {"request": _named(name, person), "asked": asked} if name else {}
            for left in reversed(range(TRIES)):
                tracker = self.shared.tracker(person.name, dry_run=dry_run, **({} if dry_run else naming))
                try:
                    return act(tracker) if alone else done_as(tracker, person.role, act), tracker
                except Collided:
                    if not left:
                        raise
            raise AssertionError

        return await self._within_time(self._writers, work)

    async def person(self, request: Request, needed: str) -> Person:
        """Who asks, before anything of what they send is taken. Raises as :meth:`read` does."""
        return await self.read(request, lambda _tracker, person: person, needed=needed)

    async def work(self, work: Callable[[], T]) -> T:
        """What some other work gives that may have to wait for the database."""
        return await self._within_time(self._readers, work)

    async def _within_time(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        """What work in a thread gives. Work that has begun cannot be stopped: who waited too long is told
        so, and it ends in its thread."""
        future = asyncio.get_running_loop().run_in_executor(threads, work)
        try:
            return await asyncio.wait_for(future, self.settings.limits.answer_time)
        except TimeoutError:
            raise Refusal(
                503,
                "timeout",
                "this took too long",
                "ask for less, or on the command line; a write may be recorded all the same: send it again "
                "with the same Idempotency-Key, or look whether it is",
            ) from None


def _named(name: str, person: Person) -> str:
    """The name of a request: a client's own word for it, which others may use for theirs."""
    whose = f"{person.name}\n{name}".encode("utf-8", "surrogatepass")
    return f"web-{sha256(whose).hexdigest()}"
