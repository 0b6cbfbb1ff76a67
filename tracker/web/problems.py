"""What goes wrong, as a program reads it: problem details (RFC 9457), with the code, the message and the hint
that the command line would show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from claims.errors import ChangedMeanwhile, JudgedMeanwhile
from tracker.web import headers

if TYPE_CHECKING:
    from claims.errors import ClaimsError

KIND = "application/problem+json"

TITLES = {
    400: "Bad request",
    401: "No token",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Conflict",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Wrong kind of content",
    421: "Wrong host",
    422: "Not understood",
    429: "Too many requests",
    431: "Too large",
    500: "Failed",
    503: "Not now",
}

BY_STATUS = {1: 409, 2: 422, 3: 404, 4: 409, 5: 500, 6: 503}
"""The status that goes with an exit status."""

BY_CODE = {"not-allowed": 403, "no-token": 401, "read-only": 403, "bad-proof": 422}
"""The same, where a code says more."""


class Refusal(Exception):
    """A request that is refused before the application is asked: ``status`` is that of HTTP, the others are
    as those of every error; ``more`` is said besides."""

    def __init__(self, status: int, code: str, message: str, hint: str = "", **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.headers: dict[str, str] = more.pop("headers", {})
        self.more = more


def refusal(error: ClaimsError, *, matched: bool = False) -> Refusal:
    """What an error of the application is over HTTP; ``matched``: the request said which state it was meant
    for, so that another state is a failed precondition."""
    status = BY_CODE.get(error.code) or BY_STATUS.get(error.exit_status, 500)
    more: dict[str, Any] = {}
    if isinstance(error, ChangedMeanwhile | JudgedMeanwhile):
        more = {"changes": list(error.changes), "entry": error.entry}
        status = 412 if matched else 409
    findings = [str(each) for each in getattr(error, "findings", ())]
    if findings:
        more["findings"] = findings[:100]
    return Refusal(status, error.code, error.message, error.hint, **more)


def as_json(it: Refusal) -> dict[str, Any]:
    """The members of a problem."""
    return {
        "type": f"urn:claims-verification-tracker:error:{it.code}",
        "title": TITLES.get(it.status, "Failed"),
        "status": it.status,
        "detail": it.message,
        "code": it.code,
        "hint": it.hint,
        **it.more,
    }


def headers_of(it: Refusal) -> dict[str, str]:
    """What an answer that refuses says besides, be it for a program or for people."""
    given = dict(it.headers)
    if it.status in (408, 413):
        given["Connection"] = "close"  # the rest of the request is not waited for
    if it.status in (429, 503):
        given["Retry-After"] = str(it.more.get("retry_after", 1))
    return given


def problem(it: Refusal) -> Response:
    """The answer to a request that is refused."""
    given = headers_of(it)
    if it.status == 401:
        given["WWW-Authenticate"] = 'Bearer realm="tracker"'
    body = json.dumps(as_json(it), ensure_ascii=True).encode("ascii")
    return Response(body, it.status, headers={**headers.NEVER_KEPT, **given}, media_type=KIND)
