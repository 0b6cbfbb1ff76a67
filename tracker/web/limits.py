"""Limits: how large a request may be, how slowly it may come, and how many of them one client makes."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.web.identity import credential
from tracker.web.problems import Refusal, problem
from tracker.web.uploads import brings_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tracker.web.identity import Known
    from tracker.web.settings import Limits

MOST_CLIENTS = 10_000
"""Clients whose requests are counted; of more, those who came longest ago are forgotten."""


class Limited:
    """Refuses what is too large or too much, and gives up on who is too slow."""

    def __init__(
        self, app: ASGIApp, limits: Limits, known: Known, tell: Callable[[Scope, Refusal], Response]
    ) -> None:
        """``tell`` makes the answer where a body is refused: somebody may have sent it from a page."""
        self.app = app
        self.tell = tell
        self.limits = limits
        self.known = known
        self.buckets = Buckets(limits.rate, limits.burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(send, self.limits.send_time)
        try:
            self._count(scope)
            _check_head(scope, self.limits)
            body = _Body(scope, receive, self.limits)
            answer.body = body
            await self.app(scope, body, answer)
            refused = body.refused
        except Refusal as error:
            refused = error
        except asyncio.CancelledError:  # the server stops, and has waited for this as long as it may
            refused = Refusal(503, "stopping", "the server is being stopped", "send it again when it is back")
        if refused is not None and not answer.begun:
            answer.body = None
            of_body = refused.status in (408, 413)
            told = self.tell(scope, refused) if of_body else problem(refused)
            await told(scope, receive, answer)

    def _count(self, scope: Scope) -> None:
        """Count a request on whoever makes it: on a token that is known to be one, else on their address."""
        secret = credential(scope)
        client = scope["client"][0] if scope.get("client") else ""
        who = self.known.owner_of(secret) if secret else None
        wait = self.buckets.take(who or client)
        if wait:
            raise Refusal(
                429,
                "too-many",
                "these are more requests than one client may make",
                f"try again in {wait} s",
                retry_after=wait,
            )


def _check_head(scope: Scope, limits: Limits) -> None:
    """Refuse a head that is too large: the server beneath only bounds one that does not come at once."""
    size = len(scope["raw_path"] or b"") + len(scope["query_string"])
    size += sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    if size > limits.head:
        raise Refusal(
            431,
            "too-large",
            f"the head of the request is larger than {limits.head:,} bytes",
            "send less in it",
        )


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Buckets:
    """Token buckets: each client may make so many requests at once, and wins back so many a second."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self.burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, who: str) -> int:
        """Count one request; returns for how many seconds they must wait instead, or 0."""
        now = self._clock()
        bucket = self._buckets.setdefault(who, _Bucket(float(self.burst), now))
        self._buckets.move_to_end(who)
        if len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        bucket.left = min(float(self.burst), bucket.left + (now - bucket.at) * self.rate)
        bucket.at = now
        if bucket.left < 1:
            return max(1, round((1 - bucket.left) / self.rate))
        bucket.left -= 1
        return 0


class _Body:
    """Receives a body that is no larger than it may be, in no more time than it may take: by what it says
    of its length, and by what comes, for a body in pieces need not say."""

    def __init__(self, scope: Scope, receive: Receive, limits: Limits) -> None:
        self.receive = receive
        brings = brings_file(scope)
        self.most = limits.upload if brings else limits.body
        self.came = 0
        self.done = False
        self.refused: Refusal | None = None
        """Why no more of it is taken: whatever is behind this room may take that for a mistake of its own."""
        self.until = time.monotonic() + (limits.upload_time if brings else limits.body_time)
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        if any(not value.isdigit() or int(value) > self.most for value in lengths):
            raise _too_large(self.most)

    async def __call__(self) -> Message:
        """The next piece."""
        if self.done:  # from here on one only waits for the client to leave
            return await self.receive()
        left = self.until - time.monotonic()
        try:
            message = await asyncio.wait_for(self.receive(), max(0.0, left))
        except TimeoutError:
            self.refused = Refusal(
                408, "too-slow", "the request did not come in time", "send it again, in one go"
            )
            raise self.refused from None
        self.came += len(message.get("body", b""))
        if self.came > self.most:
            self.refused = _too_large(self.most)
            raise self.refused
        self.done = message["type"] != "http.request" or not message.get("more_body", False)
        return message


def _too_large(most: int) -> Refusal:
    return Refusal(
        413,
        "too-large",
        f"the request is larger than {most:,} bytes",
        "send less at once; a whole file is taken in on the command line: tracker import, tracker log --file",
    )


class _Answer:
    """Sends an answer, and gives up on a client that does not take it. What is answered to a request whose
    body was refused is not sent."""

    def __init__(self, send: Send, seconds: float) -> None:
        self.send = send
        self.seconds = seconds
        self.begun = False
        self.body: _Body | None = None

    async def __call__(self, message: Message) -> None:
        """Send a part of the answer."""
        if not self.begun and self.body is not None and self.body.refused is not None:
            return
        self.begun = self.begun or message["type"] == "http.response.start"
        await asyncio.wait_for(self.send(message), self.seconds)
