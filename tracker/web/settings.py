"""What a server goes by: which tracker, at which address, for whom, and within what limits."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from claims.errors import UsageError
from tracker.app.requests import random_request

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_PORT = 8765

_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a client may ask for, and how slowly.

    Sizes are in bytes, times in seconds. ``rate`` is how many requests a second one client may make in the
    long run, and ``burst`` how many at once. What they are is a choice: a page is some 50 kB, a person makes
    a request a second at most, and a program that pages through a record some dozens. ``share`` is how many
    of the ``connections`` one address may have. ``upload`` and ``upload_time`` are those of a body that
    brings a file: a scanned report, over a slow line.
    """

    body: int = 1_000_000
    upload: int = 50_000_000
    page: int = 200
    rate: float = 100.0
    burst: int = 400
    head_time: float = 10.0
    body_time: float = 15.0
    upload_time: float = 120.0
    answer_time: float = 30.0
    send_time: float = 60.0
    head: int = 32_768
    connections: int = 500
    share: int = 200
    readers: int = 8
    writers: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A server of one tracker. ``author`` is who acts where nobody has to come in by a token.

    ``names`` are further names by which it is reached, such as ``desk.example.org``; with ``https://`` before
    one, browsers reach it there by way of TLS, which something before this server takes care of.
    """

    database: str
    author: str
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    allow_remote: bool = False
    need_token: bool = False
    names: tuple[str, ...] = ()
    dayfirst: bool | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    new_request: Callable[[int], str] = random_request
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if not is_loopback(self.host) and not self.allow_remote:
            raise UsageError(
                f"{self.host} can be reached from other machines",
                "leave out --host to serve this machine alone, or add --allow-remote and make tokens: "
                "tracker token add NAME --role ROLE",
            )
        for name in self.names:
            if not _NAME.fullmatch(name.removeprefix("https://").lower()):
                raise UsageError(
                    f"{name!r} is no name of a host", "give it without port: --allow-host desk.example.org"
                )

    @property
    def tokens_needed(self) -> bool:
        """Whether whoever comes in must do so by a token."""
        return self.need_token or not is_loopback(self.host) or self.allow_remote

    @property
    def secure(self) -> bool:
        """Whether browsers come by way of TLS, so that cookies are only sent that way."""
        return any(name.startswith("https://") for name in self.names)

    @property
    def hosts(self) -> frozenset[str]:
        """The names that a request may give as its host."""
        own = {"localhost", "127.0.0.1", "[::1]"} if is_loopback(self.host) else set()
        if not is_any(self.host):
            own.add(f"[{self.host}]" if ":" in self.host else self.host.lower())
        return frozenset(own | {name.removeprefix("https://").lower() for name in self.names})

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        if self.names:
            first = self.names[0]
            return f"{first}/" if first.startswith("https://") else f"http://{first}:{self.port}/"
        host = "localhost" if is_any(self.host) else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_any(host: str) -> bool:
    """Whether an address stands for all that this machine has."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def is_address(host: str) -> bool:
    """Whether the host of a request is an address and no name: no name server could have made it up."""
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True
