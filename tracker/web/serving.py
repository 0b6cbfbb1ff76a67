"""Serving: binds the address, says where it is, and answers until it is stopped."""

from __future__ import annotations

import asyncio
import errno
import socket
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from claims.errors import UsageError
from tracker.app.serving import Shared
from tracker.errors import AddressInUse, NoToken
from tracker.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn.protocols.http.h11_impl import RequestResponseCycle

    from tracker.web.settings import Settings

BACKLOG = 128


class Patient(H11Protocol):
    """A connection that must say what it wants within a time, and take the answer within another: uvicorn
    itself waits for ever for the head of the first request, for the rest of any head that has begun, and for
    a client that reads nothing."""

    head_time = 10.0
    send_time = 60.0
    share = 200
    """Connections of one address; for another, the oldest on which nothing is being answered ends."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._waiting: asyncio.TimerHandle | None = None
        self._sending: asyncio.TimerHandle | None = None
        self.since = self.loop.time()
        self._make_room()
        self._wait()

    def _make_room(self) -> None:
        """End one of the same address where it has more than its share: whoever holds many keeps nobody out,
        not even those who share the address."""
        host = self.client and self.client[0]
        same = [
            each
            for each in self.connections
            if isinstance(each, Patient) and each.client and each.client[0] == host
        ]
        if len(same) > self.share:
            idle = [each for each in same if each.is_between() and each is not self] or [self]
            oldest = min(idle, key=lambda each: each.since)
            self.connections.discard(oldest)
            oldest.transport.abort()

    def _should_upgrade(self) -> bool:
        """Nobody is answered by another protocol, nor is the terminal told of whoever asks."""
        return False

    def pause_writing(self) -> None:
        """Begin to wait for a client that does not take what it asked for."""
        super().pause_writing()
        if self._sending is None:
            self._sending = self.loop.call_later(self.send_time, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: it has taken some of it."""
        super().resume_writing()
        self._send_no_more()

    def _send_no_more(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def data_received(self, data: bytes) -> None:
        """Take what came; wait on where it is only the beginning of a head."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._wait_no_more()
        elif self._waiting is None and self.is_between():
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait_no_more()
        self._send_no_more()
        super().connection_lost(exc)

    def is_between(self) -> bool:
        """Whether no request is under way."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.head_time, self.transport.abort)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def bound(settings: Settings) -> tuple[socket.socket, Settings]:
    """A socket that listens at the address, and the settings with the port that it has. Raises
    :class:`AddressInUse`, and :class:`UsageError` for an address that this machine does not have."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named as TCP, or asyncio leaves small packets waiting for each other, with each answer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        where = f"port {settings.port} of {settings.host}"
        if error.errno == errno.EADDRINUSE:
            raise AddressInUse(
                f"{where} is in use by another program",
                "stop that one, or take another port: tracker serve --port 8766",
            ) from error
        raise UsageError(
            f"{where} cannot be listened at ({error.strerror or error})", "give another --host or --port"
        ) from error
    return listening, replace(settings, port=listening.getsockname()[1])


def check_tokens(settings: Settings) -> None:
    """Refuse to serve where whoever comes in needs a token, and nobody has one; raises :class:`NoToken`."""
    if not settings.tokens_needed:
        return
    shared = Shared(
        settings.database,
        clock=settings.clock,
        dayfirst=settings.dayfirst,
        new_request=settings.new_request,
    )
    try:
        live = shared.tracker(settings.author).tokens(live=True)
    finally:
        shared.close()
    if not live:
        raise NoToken(
            "whoever comes in over the network needs a token, and there is none that holds",
            "make one with: tracker token add NAME --role ROLE",
        )


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve a tracker until somebody stops it by Ctrl-C or SIGTERM; ``ready`` is told the address once
    requests can come."""
    check_tokens(settings)
    listening, settings = bound(settings)
    with listening:
        app = create_app(settings)
        server = _Server(_config(app, settings), lambda: ready(settings.address))
        with suppress(KeyboardInterrupt):  # as intended: uvicorn has ended what it did, and says so again
            server.run(sockets=[listening])


def _config(app: Any, settings: Settings) -> uvicorn.Config:
    limits = settings.limits
    return uvicorn.Config(
        app,
        http=type(
            "Client",
            (Patient,),
            {"head_time": limits.head_time, "send_time": limits.send_time, "share": limits.share},
        ),
        ws="none",
        interface="asgi3",
        lifespan="on",
        log_config=None,
        access_log=False,
        # What a proxy says of a client anybody can say.
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=limits.head,
        limit_concurrency=limits.connections,
        backlog=BACKLOG,
        timeout_keep_alive=max(1, round(limits.head_time)),
        timeout_graceful_shutdown=5,
    )


class _Server(uvicorn.Server):
    """Tells when requests can come."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()
