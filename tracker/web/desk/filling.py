"""Filling in forms: shown, looked at beforehand, and sent. Nothing is recorded that does not come from a form
of ours, in the session that it was shown in."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from claims.errors import BadValue, ClaimsError
from tracker.app import Tracker
from tracker.errors import AlreadyRecorded
from tracker.web.desk.fields import Form
from tracker.web.desk.filled import Filled, Shown, about_of, fresh, version_of
from tracker.web.desk.forms import FORMS
from tracker.web.desk.sending import keep, read_form, read_parts, session_of, token_for
from tracker.web.identity import Person
from tracker.web.problems import Refusal
from tracker.web.uploads import FORM_KIND, LASTS, kind_of

router = APIRouter(include_in_schema=False)


def form_of(name: str) -> Form:
    """The form of a name. Raises :class:`Refusal`."""
    if name not in FORMS:
        raise Refusal(404, "not-found", f"there is no form {name[:60]!r}", "go back to the claims")
    return FORMS[name]


@router.get("/do/{name}")
async def shown_alone(request: Request, name: str) -> Response:
    """A form that is about no record yet."""
    return await _shown(request, name, "")


@router.get("/do/{name}/{key:path}")
async def shown(request: Request, name: str, key: str) -> Response:
    """A form that is about a record."""
    return await _shown(request, name, key)


async def _shown(request: Request, name: str, key: str) -> Response:
    form = form_of(name)
    session = session_of(request)
    asked = dict(request.query_params)

    def make(tracker: Tracker, person: Person) -> Response:
        values = {field.name: asked.get(field.name, "")[:1000] for field in form.typed}
        # Before the record is read: what comes between is then told, and not overlooked.
        about, version = about_of(tracker, form, key), version_of(tracker, form, key)
        if form.known is not None:
            values |= form.known(tracker, key)
        filled = Filled(form, key, values, fresh(), version)
        return filled.shown(tracker, person, _around(request, session, about))

    answer: Response = await request.app.state.room.read(request, make, needed=form.role)
    keep(request, answer, session)
    return answer


@router.post("/do/{name}")
async def sent_alone(request: Request, name: str) -> Response:
    """A form that is about no record yet, as it was filled in."""
    return await _sent(request, name, "")


@router.post("/do/{name}/{key:path}")
async def sent(request: Request, name: str, key: str) -> Response:
    """A form that is about a record, as it was filled in."""
    return await _sent(request, name, key)


async def _sent(request: Request, name: str, key: str) -> Response:
    form = form_of(name)
    session = session_of(request)
    given, kept = await _received(request, form, session)
    typed = [field for field in form.typed if field.name in given or not field.role]
    values = {field.name: given.get(field.name, "") for field in typed}
    filled = Filled(form, key, values, given.get("request", "")[:100] or fresh(), given.get("seen", ""))
    if not _is_own(request, session, given):
        stale = Refusal(
            403,
            "cross-site",
            "this form is of an earlier session; nothing was recorded",
            "look through it, and send it again",
        )
        return await _again(request, filled, session, stale)
    try:
        filled = await _with_file(request, filled, kept)
    except BadValue as gone:
        return await _again(request, filled, session, gone)
    if given.get("step") != "save":
        return await _again(request, filled, session, None, look=True)
    try:
        where, tracker = await request.app.state.room.write(
            request,
            filled.done,
            asked=filled.asked,
            name=f"form-{filled.request}",
            needed=form.role,
        )
    except AlreadyRecorded:
        return RedirectResponse("/audit", 303)
    except ClaimsError as error:
        return await _again(request, filled, session, error)
    return RedirectResponse(_told(where, tracker), 303)


def _around(request: Request, session: str, about: str) -> Shown:
    most: int = request.app.state.room.settings.limits.upload
    return Shown(about, token_for(request, session), most)


def _is_own(request: Request, session: str, given: Mapping[str, str]) -> bool:
    own: bool = request.app.state.room.identities.is_own_form(session, given.get("form", ""))
    return own


async def _received(request: Request, form: Form, session: str) -> tuple[dict[str, str], str]:
    """What was typed into a form, and the name under which its file waits; "" where it has none."""
    if not (form.takes_file and kind_of(request.scope) == FORM_KIND):
        given = await read_form(request)
        return given, _kept(given)
    room = request.app.state.room
    person = await room.person(request, form.role)
    with room.uploads.turn(person.name):
        given, file = await read_parts(request, room.settings.limits.body)
        if file is None:
            return given, _kept(given)
        try:
            if not _is_own(request, session, given):
                return given, ""
            sent = file.filename or "", file.file
            kept: str = await room.work(lambda: room.uploads.keep(person.name, *sent))
        finally:
            await file.close()
    asyncio.get_running_loop().call_later(LASTS + 1, room.uploads.clear_old)
    return given, kept


def _kept(given: Mapping[str, str]) -> str:
    """The file that was sent with an earlier showing of the form, unless it is to be left out."""
    return "" if given.get("nofile") else given.get("kept", "")[:100]


async def _with_file(request: Request, filled: Filled, kept: str) -> Filled:
    """A form with the file that waits for it. Raises :class:`BadValue` where that is gone."""
    if not (kept and filled.form.takes_file):
        return filled
    room = request.app.state.room
    person = await room.person(request, filled.form.role)
    return replace(filled, kept=kept, file=room.uploads.find(person.name, kept))


async def _again(
    request: Request, filled: Filled, session: str, error: Exception | None, *, look: bool = False
) -> Response:
    """A form once more, with what is wrong, or what it would do."""
    filled = filled.after(error)

    def make(tracker: Tracker, person: Person) -> Response:
        told, failed = None, error
        if look:
            try:
                told = filled.looked_at(request.app.state.room.shared, person)
            except ClaimsError as refused:
                failed = refused
        around = _around(request, session, about_of(tracker, filled.form, filled.key))
        return filled.after(failed).shown(tracker, person, around, told=told, error=failed)

    room = request.app.state.room
    answer: Response = await room.read(request, make, needed=filled.form.role, writes=look)
    keep(request, answer, session)
    return answer


def _told(where: str, tracker: Tracker) -> str:
    """Where to go after an act: a page that says which entry was recorded."""
    path, hash_, piece = where.partition("#")
    entries = tracker.outcome.entries
    return f"{path}?done={entries[-1].seq if entries else 0}{hash_}{piece}"
