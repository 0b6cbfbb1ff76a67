"""Coming in and going: logging in by a token, logging out; and what belongs to the look of pages."""

from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tracker.errors import NoToken
from tracker.pages.links import Links
from tracker.pages.rendering import Pages, Site
from tracker.web import headers
from tracker.web.api.reads import sandboxed
from tracker.web.desk.rendering import TEMPLATES
from tracker.web.desk.sending import keep, read_form
from tracker.web.problems import Refusal

router = APIRouter(include_in_schema=False)

KINDS = {".css": "text/css", ".js": "text/javascript"}


@router.get("/login")
async def login() -> Response:
    """The form to come in by a token."""
    return bare("desk-login.html", wrong="")


@router.post("/login")
async def logged_in(request: Request) -> Response:
    """Begin a session of the owner of a token. A form of another site never comes this far."""
    given = await read_form(request)
    room = request.app.state.room
    shared = room.shared

    def work() -> str:
        name: str = room.identities.log_in(
            shared.tracker(room.settings.author), given.get("token", "").strip()
        )
        return name

    try:
        session = await room.work(work)
    except NoToken as error:
        return bare("desk-login.html", 401, wrong=error.message)
    answer = RedirectResponse("/claims", 303)
    keep(request, answer, session)
    return answer


@router.post("/logout")
async def logged_out(request: Request) -> Response:
    """End the session."""
    identities = request.app.state.room.identities
    identities.log_out(request.cookies.get(identities.cookie, ""))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(
        identities.cookie, secure=identities.settings.secure, httponly=True, samesite="strict"
    )
    return answer


def bare(template: str, status: int = 200, **context: Any) -> Response:
    """A page for somebody who may not be known."""
    site = Site(title="Claims desk", seen="", nav=())
    text = Pages(site, TEMPLATES).render(template, "", Links(), person=None, **context)
    return Response(text, status, headers=headers.NEVER_KEPT, media_type="text/html")


@router.get("/files/{key:path}")
async def archived(request: Request, key: str) -> Response:
    """The archived file of a document, as a download in a sandbox."""
    found, path = await request.app.state.room.read(request, lambda tracker, _person: tracker.archived(key))
    return sandboxed(found.key, path)


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """The style and the scripts: of the pages, of the figures, of the desk."""
    if name == "figures.css":
        from tracker.plots.palette import stylesheet

        return _look(stylesheet().encode("utf-8"), ".css")
    ending = name[name.rfind(".") :]
    for package in ("tracker.pages", "tracker.web"):
        kept = {file.name: file for file in files(package).joinpath("static").iterdir()}
        if ending in KINDS and name in kept:
            return _look(kept[name].read_bytes(), ending)
    raise Refusal(404, "not-found", "there is no such file", "")


def _look(data: bytes, ending: str) -> Response:
    return Response(data, headers={"Cache-Control": "public, max-age=300"}, media_type=KINDS[ending])
