"""The door: which requests come in at all. Whatever is refused here has touched nothing.

Against a name that was made to point at this machine (DNS rebinding), the Host header must be one of those
that are known. Against pages of other sites, a write must come from our own (Origin, Sec-Fetch-Site) and
nothing of ours may be a part of theirs. Browsers send both headers and no page can forge them; programs
that send neither have no cookies to be abused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders

from tracker.web import headers
from tracker.web.problems import Refusal, problem
from tracker.web.settings import is_address, is_any
from tracker.web.uploads import BYTES_KIND, TO_DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tracker.web.settings import Settings

SAFE = ("GET", "HEAD")
"""Methods that change nothing."""

METHODS = (*SAFE, "POST", "PATCH")


class Door:
    """Lets requests in, and gives every answer its headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in headers.ALWAYS.items():
                    if name not in given:
                        given[name] = value
                if self.settings.secure:
                    given["strict-transport-security"] = headers.STRICT_TRANSPORT
            await send(message)

        try:
            check(scope, self.settings)
        except Refusal as refused:
            await problem(refused)(scope, receive, send_with_headers)
            return
        if scope["method"] == "HEAD":  # the server beneath leaves the body out
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send_with_headers)


API = "/api/"
"""What the paths of the API begin with."""


def check(scope: Scope, settings: Settings) -> None:
    """Refuse a request that must not come in; raises :class:`Refusal`."""
    host = _host(scope)
    _check_host(host, settings)
    _check_text(scope)
    method = scope["method"]
    if method not in METHODS:
        raise Refusal(
            405,
            "usage",
            f"{method} is not answered here",
            f"use one of {', '.join(METHODS)}",
            headers={"Allow": ", ".join(METHODS)},
        )
    site = _only(scope, b"sec-fetch-site") or ""
    if method in SAFE:
        mode = _only(scope, b"sec-fetch-mode") or ""
        if site in ("cross-site", "same-site") and mode != "navigate":
            raise _foreign(f"a part of a page of another site (Sec-Fetch-Site: {site})")
        return
    if site not in ("", "same-origin", "none"):
        raise _foreign(f"a page of another site (Sec-Fetch-Site: {site})")
    origin = _only(scope, b"origin")
    if origin is not None and not _is_ours(origin, host, settings):
        raise _foreign(f"a page of {origin[:100]}")
    kind = (_only(scope, b"content-type") or "").partition(";")[0].strip().lower()
    if scope["path"].startswith(API):
        _check_kind(scope["path"], kind)


def _check_kind(path: str, kind: str) -> None:
    """Refuse a body that is not said to be what is taken there: JSON, or the bytes of a file. No form of
    another site can say so."""
    wanted = BYTES_KIND if TO_DOCUMENT.fullmatch(path) else "application/json"
    if kind != wanted:
        what = "JSON" if wanted == "application/json" else "the bytes of a file"
        raise Refusal(415, "usage", f"the body is not said to be {what}", f"send: Content-Type: {wanted}")


def host_name(host: str) -> str:
    """The name in a Host header, without the port."""
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() and not port.endswith("]") else host.lower()


def _check_host(host: str, settings: Settings) -> None:
    name = host_name(host)
    if name in settings.hosts or (is_any(settings.host) and is_address(name)):
        return
    raise Refusal(
        421,
        "bad-host",
        f"this server does not answer for {name[:100]!r}",
        "open the address that it printed, or start it with: tracker serve --allow-host NAME",
    )


def _check_text(scope: Scope) -> None:
    """Refuse control characters in what is asked for: no key and no word has any."""
    query = scope["query_string"].lower()
    if any(c < " " or c == "\x7f" for c in scope["path"]) or b"%00" in query:
        raise Refusal(400, "bad-value", "the address holds control characters", "leave them out")


def _foreign(what: str) -> Refusal:
    return Refusal(403, "cross-site", f"this came from {what}", "open the page here, and send it from there")


def _host(scope: Scope) -> str:
    given = list(_values(scope, b"host"))
    if len(given) != 1:
        raise Refusal(400, "bad-host", "a request must name one host", "send one Host header")
    return given[0]


def _only(scope: Scope, name: bytes) -> str | None:
    """The value of a header that may be there once. Raises :class:`Refusal` where it is there twice."""
    given = list(_values(scope, name))
    if len(given) > 1:
        raise Refusal(400, "usage", f"there are several headers {name.decode()}", "send one")
    return given[0] if given else None


def _values(scope: Scope, name: bytes) -> Iterable[str]:
    return (value.decode("latin-1") for key, value in scope["headers"] if key == name)


def _is_ours(origin: str, host: str, settings: Settings) -> bool:
    """Whether an origin is the one that was asked: its host and port, and https where that name is reached
    by TLS; "null" and what is none are not."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    by_tls = f"https://{host_name(host)}" in (name.lower() for name in settings.names)
    return (
        parts.scheme in (("https",) if by_tls else ("http", "https")) and parts.netloc.lower() == host.lower()
    )
