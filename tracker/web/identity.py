"""Who a request is from: the owner of a token, whoever has logged in by one, or the one who serves.

A browser that logged in keeps the name of a session, never the token; the sessions are in memory, and gone
with the server. The token is looked up anew for every request, so that one that is revoked is refused at
once.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.requests import cookie_parser

from tracker.app.tokens import ADMIN, may
from tracker.errors import NoToken, RoleNeeded

if TYPE_CHECKING:
    from starlette.types import Scope

    from tracker.app import Tracker
    from tracker.web.settings import Settings

LOGIN_LASTS = 12 * 3600
"""Seconds after which a browser must log in again: a working day."""

MOST = 10_000
"""Sessions, and tokens that are known to be such; of more, the oldest are forgotten."""

MOST_OF_ONE = 20
"""Sessions that are begun by one token; of more, its oldest ends, so that nobody ends those of others."""

LOG_IN = "log in with a token, or send one: Authorization: Bearer tracker_…"


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: the name that their acts bear, and their role. ``session`` is that of their browser."""

    name: str
    role: str
    session: str = ""
    logged_in: bool = False
    """Whether their browser came in by a token."""

    def check(self, needed: str) -> None:
        """Refuse what needs a higher role; raises :class:`RoleNeeded`."""
        if not may(self.role, needed):
            raise RoleNeeded(
                f"this needs the role {needed}; {self.name} is a {self.role} here",
                f"ask for another token: tracker token add {self.name} --role {needed}",
            )


@dataclass(slots=True)
class _Session:
    secret: str
    until: float


class Known:
    """Tokens that were found to be live, and whose: only to count requests by."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()

    def owner_of(self, secret: str) -> str | None:
        """Under whose name requests with a token, or with a session, are counted; None if it is not known."""
        return self._owners.get(_hash(secret))

    def add(self, secret: str, owner: str) -> None:
        """Note that a token, or a session, is somebody's."""
        self._owners[_hash(secret)] = f"token:{owner}"
        if len(self._owners) > MOST:
            self._owners.popitem(last=False)

    def forget(self, secret: str) -> None:
        """Note that it is nobody's any more."""
        self._owners.pop(_hash(secret), None)


@dataclass(slots=True)
class Identities:
    """Says who a request is from, and keeps the sessions of browsers."""

    settings: Settings
    known: Known = field(default_factory=Known)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _sessions: OrderedDict[str, _Session] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def cookie(self) -> str:
        """The name of the cookie that holds a session."""
        return "__Host-tracker" if self.settings.secure else "tracker"

    def person(self, tracker: Tracker, given: Given) -> Person:
        """Who a request is from. Raises :class:`NoToken` where they must come in by a token and do not, or by
        one that does not hold."""
        if given.bearer is not None:
            return self._by_token(tracker, given.bearer, given.bearer)
        session = self._session(given.session)
        if session is not None:
            return self._by_token(tracker, session.secret, given.session)
        if self.settings.tokens_needed:
            raise NoToken("who you are is not known here", LOG_IN)
        return Person(self.settings.author, ADMIN, given.session)

    def _by_token(self, tracker: Tracker, secret: str, counted: str) -> Person:
        try:
            found = tracker.bearer(secret)
        except NoToken:
            self.known.forget(counted)
            raise
        self.known.add(counted, found.owner)
        logged_in = counted != secret
        return Person(found.owner, found.role, counted if logged_in else "", logged_in)

    def log_in(self, tracker: Tracker, secret: str) -> str:
        """Begin a session of the owner of a token; returns its name. Raises :class:`NoToken`."""
        tracker.bearer(secret)
        name = secrets.token_urlsafe(32)
        with self._guard:
            own = [each for each, session in self._sessions.items() if session.secret == secret]
            for each in own[: max(0, len(own) + 1 - MOST_OF_ONE)]:
                del self._sessions[each]
            self._sessions[_hash(name)] = _Session(secret, time.monotonic() + LOGIN_LASTS)
            if len(self._sessions) > MOST:
                self._sessions.popitem(last=False)
        return name

    def log_out(self, name: str) -> None:
        """End a session."""
        with self._guard:
            self._sessions.pop(_hash(name), None)
        self.known.forget(name)

    def _session(self, name: str) -> _Session | None:
        with self._guard:
            found = self._sessions.get(_hash(name)) if name else None
            if found is not None and found.until < time.monotonic():
                del self._sessions[_hash(name)]
                found = None
        return found

    # --- forms --------------------------------------------------------------------------------

    def form_token(self, session: str) -> str:
        """What a form of ours holds, so that it is known to be one: of no use in another session."""
        return hmac.new(self._key, session.encode("utf-8"), "sha256").hexdigest()

    def is_own_form(self, session: str, given: str) -> bool:
        """Whether a form holds what it must."""
        return bool(session) and hmac.compare_digest(self.form_token(session).encode(), given.encode("utf-8"))


@dataclass(frozen=True, slots=True)
class Given:
    """What a request brings to say who it is from."""

    bearer: str | None
    session: str


def given_by(scope: Scope, cookie: str) -> Given:
    """What a request brings: a token in its Authorization header, or the session in a cookie."""
    bearer, session = None, ""
    for name, value in scope["headers"]:
        text = value.decode("latin-1")
        if name == b"authorization":
            kind, _, rest = text.partition(" ")
            bearer = rest.strip() if kind.lower() == "bearer" else ""
        elif name == b"cookie" and not session:
            session = _cookie(text, cookie)
    return Given(bearer, session)


def credential(scope: Scope) -> str:
    """What a request may be counted by, as it stands in its headers; "" where there is nothing."""
    given = given_by(scope, "tracker")
    return given.bearer or given.session or given_by(scope, "__Host-tracker").session


def _cookie(text: str, name: str) -> str:
    """As forms read it; other programs of this machine leave cookies of any shape beside ours."""
    return cookie_parser(text).get(name, "")[:200]


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
