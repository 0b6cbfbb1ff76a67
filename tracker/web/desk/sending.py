"""What browsers send: forms, and the session that they keep."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from tracker.web.problems import Refusal
from tracker.web.uploads import kind_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

MOST_FIELDS = 100

KIND = "application/x-www-form-urlencoded"


async def read_form(request: Request) -> dict[str, str]:
    """What was typed into a form. Raises :class:`Refusal` for what is none."""
    if kind_of(request.scope) != KIND:
        raise Refusal(415, "usage", "this is no form", "send it from its page")
    try:
        text = (await request.body()).decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise _unreadable() from None
    return _typed(pairs)


async def read_parts(request: Request, most: int) -> tuple[dict[str, str], UploadFile | None]:
    """What was typed into a form that may bring a file, and that file: it is not in memory, and must be
    closed. What was typed may have ``most`` bytes. Raises :class:`Refusal` for what is none."""
    try:
        parts = await request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=most)
    except (HTTPException, FormParserError):
        raise _unreadable() from None
    items = parts.multi_items()
    files = [value for _, value in items if isinstance(value, UploadFile)]
    typed = _typed([(name, value) for name, value in items if isinstance(value, str)])
    if sum(len(value) for value in typed.values()) > most:
        await parts.close()
        raise Refusal(413, "too-large", f"more than {most:,} characters were typed", "send a file instead")
    for file in files:
        if file.filename:
            return typed, file
        await file.close()  # none was chosen
    return typed, None


def _typed(pairs: list[tuple[str, str]]) -> dict[str, str]:
    # Browsers end lines as they please.
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def _unreadable() -> Refusal:
    return Refusal(400, "usage", "the form cannot be read", "send it from its page")


def session_of(request: Request) -> str:
    """The session of a browser; a new one where it has none."""
    cookie = request.app.state.room.identities.cookie
    return request.cookies.get(cookie, "")[:200] or secrets.token_urlsafe(32)


def token_for(request: Request, session: str) -> str:
    """What a form that is shown in a session must hold when it is sent."""
    token: str = request.app.state.room.identities.form_token(session)
    return token


def keep(request: Request, answer: Response, session: str) -> None:
    """Have a browser keep its session: out of reach of any script, and sent to us alone."""
    identities = request.app.state.room.identities
    if request.cookies.get(identities.cookie) != session:
        answer.set_cookie(
            identities.cookie,
            session,
            httponly=True,
            samesite="strict",
            secure=identities.settings.secure,
            path="/",
        )
