"""The application that is served: its doors and limits, one behind the other, and the rooms behind them."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from claims.errors import ClaimsError
from tracker import __version__
from tracker.errors import RoleNeeded, StoreError, Uncertain
from tracker.web.api import files, reads, records, writes
from tracker.web.desk import coming, filling, looking, wrong
from tracker.web.limits import Limited
from tracker.web.problems import Refusal, problem, refusal
from tracker.web.security import API, Door
from tracker.web.work import Workroom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.responses import Response

    from tracker.web.settings import Settings

logger = logging.getLogger(__name__)

SHOWN = 10
"""Fields of a request that are wrong, of which each is said."""


def create_app(settings: Settings) -> FastAPI:
    """The application of a tracker. Raises :class:`StoreError` where there is none."""
    room = Workroom(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        room.close()

    app = FastAPI(
        title="Claims verification tracker",
        version=__version__,
        description="The same operations as on the command line. Whatever is refused is refused as problem "
        "details (RFC 9457), with the code, message and hint that the command line shows.",
        openapi_url="/api/openapi.json",
        # The pages that show it load their scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        lifespan=lifespan,
    )
    app.state.room = room
    app.include_router(reads.router)
    app.include_router(writes.router)
    app.include_router(records.router)
    app.include_router(files.router)
    for rooms in (looking, filling, coming):
        app.include_router(rooms.router)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(ClaimsError, _mendable)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(Exception, _bug)
    app.add_middleware(
        Limited,
        limits=settings.limits,
        known=room.identities.known,
        tell=lambda scope, error: told(Request(scope), error),
    )
    app.add_middleware(Door, settings=settings)
    return app


# --- what goes wrong ------------------------------------------------------------------------------


def told(request: Request, error: Refusal) -> Response:
    """What goes wrong, for whoever asked: problem details for programs, a page for people."""
    return problem(error) if request.url.path.startswith(API) else wrong.page_of(request, error)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return told(request, error)


async def _mendable(request: Request, error: Exception) -> Response:
    assert isinstance(error, ClaimsError)
    refused = refusal(error, matched="if-match" in request.headers)
    over_network = request.app.state.room.settings.tokens_needed
    if over_network and isinstance(error, StoreError) and not isinstance(error, RoleNeeded | Uncertain):
        # Where the database is, is nothing for whoever is on the network: they may not even be known.
        logger.error("error[%s]: %s", error.code, error.message)
        refused.message = "the database cannot do this now"
        refused.hint = "try again; whoever serves this can see why"
    return told(request, refused)


async def _unreadable(request: Request, error: Exception) -> Response:
    """A request whose parameters or body are not what they must be."""
    assert isinstance(error, RequestValidationError)
    wrong_there = [_told(each) for each in error.errors()[:SHOWN]]
    hint = "see what is expected: /api/openapi.json"
    return told(request, Refusal(422, "usage", "; ".join(wrong_there), hint, findings=wrong_there))


def _told(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg']}"[:300].encode("ascii", "replace").decode("ascii")


async def _by_status(request: Request, error: Exception) -> Response:
    """What the framework refuses: a path that is none, a method that it does not have."""
    assert isinstance(error, HTTPException)
    code = {404: "not-found", 405: "usage"}.get(error.status_code, "usage")
    answer = told(request, Refusal(error.status_code, code, str(error.detail), "see: /api/openapi.json"))
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


async def _bug(request: Request, _error: Exception) -> Response:
    failed = Refusal(
        500, "bug", "the program failed; whoever serves it can see how", "tell them what you did"
    )
    return told(request, failed)
